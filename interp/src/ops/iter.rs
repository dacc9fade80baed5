//! `iter()` and `for`.

use super::{a, arith, b, item, opaque, peek};
use crate::call::ret;
use crate::errors::Raise;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::vm::PyEngine;
use hoop_bytecode::Instr;
use hoop_engine::{Cmp, IntOp, Reg};
use hoop_gc::Value;

/// `a := iter(b)`.
#[inline(always)]
pub fn get_iter<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(b(i));
    let shape = e.shape_of(v);
    let kind = e.vm().shapes.kind(shape);
    let it = match kind {
        k if k.is_list() => simple(e, Kind::ListIter, v),
        Kind::Tuple => simple(e, Kind::TupleIter, v),
        Kind::Generator => v,
        Kind::Range => match range(e, v) {
            Some(it) => it,
            None => return general(e, i, v),
        },
        k if k.is_instance() => {
            let name = e.vm().names.iter;
            if let Some(f) = item::python_method(e, shape, name)
                && arith::push_method(e, f, &[v], ret::word(ret::STORE, i.a))?
            {
                return Ok(());
            }
            return general(e, i, v);
        }
        _ => return general(e, i, v),
    };
    e.store(a(i), it);
    Ok(())
}

fn general<E: PyEngine>(e: &mut E, i: Instr, v: E::Val) -> Result<(), Raise> {
    e.result_to(Some(a(i)));
    let it = opaque::iter(e, v)?;
    e.store(a(i), it);
    Ok(())
}

/// An iterator that counts through a list or tuple.
fn simple<E: PyEngine>(e: &mut E, kind: Kind, v: E::Val) -> E::Val {
    let shape = e.vm().kind_shape(kind);
    let it = e.new_object(shape, 5, 0);
    e.set(it, &ITER_OVER, v);
    it
}

/// A range iterator over small ints; nothing if an end is too big.
fn range<E: PyEngine>(e: &mut E, r: E::Val) -> Option<E::Val> {
    let (start, step, len) = (e.get(r, &RANGE_START), e.get(r, &RANGE_STEP), e.get(r, &RANGE_LEN));
    let (start, step, len) = (e.as_int(start)?, e.as_int(step)?, e.as_int(len)?);
    // The last items may be too big even so.
    let stop = e.get(r, &RANGE_STOP);
    e.as_int(stop)?;
    let shape = e.vm().kind_shape(Kind::RangeIter);
    let it = e.new_object(shape, 5, 0);
    e.set(it, &ITER_INDEX, start);
    e.set(it, &RANGE_ITER_LEFT, len);
    e.set(it, &RANGE_ITER_STEP, step);
    Some(it)
}

/// `a := next(b)`, with the `ForEnd` that follows.
#[inline(always)]
pub fn for_iter<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let it = e.load(b(i));
    let shape = e.shape_of(it);
    let kind = e.vm().shapes.kind(shape);
    match kind {
        Kind::RangeIter => {
            range_next(e, i, it);
            Ok(())
        }
        Kind::ListIter => {
            list_next(e, i, it);
            Ok(())
        }
        Kind::TupleIter => {
            tuple_next(e, i, it);
            Ok(())
        }
        Kind::Generator => super::generator::resume_next(e, i, it),
        Kind::StrIter if !E::RECORDS => {
            let it = e.now_val(it);
            match e.vm().str_iter_next(it) {
                Some(c) => {
                    let c = e.val(c);
                    give(e, i, c);
                }
                None => leave(e, i),
            }
            Ok(())
        }
        _ => for_general(e, i, (shape, kind, it)),
    }
}

/// An item: stored, and the `ForEnd` stepped over.
#[inline(always)]
fn give<E: PyEngine>(e: &mut E, i: Instr, v: E::Val) {
    e.store(a(i), v);
    e.fetch();
}

/// The end: the loop is left.
#[inline(always)]
pub fn leave<E: PyEngine>(e: &mut E, i: Instr) {
    let end = peek(e);
    let unbound = e.val(Value::UNBOUND);
    e.store(a(i), unbound);
    e.jump(end.bc());
}

#[inline(always)]
fn range_next<E: PyEngine>(e: &mut E, i: Instr, it: E::Val) {
    let left = e.get(it, &RANGE_ITER_LEFT);
    let zero = e.int(0);
    let more = e.int_cmp(Cmp::Gt, left, zero);
    if !e.branch(more) {
        return leave(e, i);
    }
    let (v, step, one) = (e.get(it, &ITER_INDEX), e.get(it, &RANGE_ITER_STEP), e.int(1));
    let (next, fewer) = (e.int_op(IntOp::Add, v, step), e.int_op(IntOp::Sub, left, one));
    e.set(it, &ITER_INDEX, next);
    e.set(it, &RANGE_ITER_LEFT, fewer);
    let v = e.box_int(v);
    give(e, i, v);
}

#[inline(always)]
fn list_next<E: PyEngine>(e: &mut E, i: Instr, it: E::Val) {
    let list = e.get(it, &ITER_OVER);
    if e.is(list, Value::UNBOUND) {
        return leave(e, i);
    }
    let shape = e.shape_of(list);
    let kind = e.vm().shapes.kind(shape);
    let (index, len) = (e.get(it, &ITER_INDEX), e.get(list, &LIST_LEN));
    let more = e.int_cmp(Cmp::Ult, index, len);
    if !e.branch(more) {
        let unbound = e.val(Value::UNBOUND);
        e.set(it, &ITER_OVER, unbound);
        return leave(e, i);
    }
    let array = e.get(list, &LIST_ITEMS);
    let v = item::array_get(e, kind, array, index);
    advance(e, it, index);
    give(e, i, v);
}

#[inline(always)]
fn tuple_next<E: PyEngine>(e: &mut E, i: Instr, it: E::Val) {
    let tuple = e.get(it, &ITER_OVER);
    if e.is(tuple, Value::UNBOUND) {
        return leave(e, i);
    }
    let (index, len) = (e.get(it, &ITER_INDEX), e.get(tuple, &TUPLE_LEN));
    let more = e.int_cmp(Cmp::Ult, index, len);
    if !e.branch(more) {
        let unbound = e.val(Value::UNBOUND);
        e.set(it, &ITER_OVER, unbound);
        return leave(e, i);
    }
    let v = e.item(tuple, index, &TUPLE_ITEMS);
    advance(e, it, index);
    give(e, i, v);
}

#[inline(always)]
fn advance<E: PyEngine>(e: &mut E, it: E::Val, index: E::Int) {
    let one = e.int(1);
    let next = e.int_op(IntOp::Add, index, one);
    e.set(it, &ITER_INDEX, next);
}

#[inline(never)]
fn for_general<E: PyEngine>(
    e: &mut E,
    i: Instr,
    (shape, kind, it): (hoop_gc::ShapeId, Kind, E::Val),
) -> Result<(), Raise> {
    if kind.is_instance() {
        let name = e.vm().names.next;
        if let Some(f) = item::python_method(e, shape, name)
            && arith::push_method(e, f, &[it], ret::word(ret::NEXT, i.a))?
        {
            return Ok(());
        }
    }
    e.result_to(Some(a(i)));
    let v = match kind {
        Kind::StrIter | Kind::DictIter | Kind::SetIter => opaque::iter_next_plain(e, it)?,
        _ => opaque::iter_next(e, it)?,
    };
    if E::RECORDS {
        // A decision on the item would be a guard after the call's effects: the `ForEnd` is an instruction of its own.
        e.store(a(i), v);
    } else if e.is(v, Value::END) {
        leave(e, i);
    } else {
        give(e, i, v);
    }
    Ok(())
}

/// The second half of a `for`: END leaves the loop.
#[inline(always)]
pub fn for_end<E: PyEngine>(e: &mut E, i: Instr) {
    let v = e.load(Reg(i.a));
    if e.is(v, Value::END) {
        let unbound = e.val(Value::UNBOUND);
        e.store(a(i), unbound);
        e.jump(i.bc());
    }
}
