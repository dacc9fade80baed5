//! `iter()` and `for`.

use crate::call::ret;
use crate::ops::advance::{self, Next};
use crate::ops::{a, arith, b, consume, item, opaque, peek, table};
use hoop_bytecode::Instr;
use hoop_engine::Reg;
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::PyEngine;
use hoop_protocol::iterators;

/// `a := iter(b)`.
#[inline(always)]
pub fn get_iter<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(b(i));
    let shape = e.shape_of(v);
    let kind = e.vm().shapes.kind(shape);
    let it = match kind {
        k if k.is_instance() => {
            let name = e.vm().names.iter;
            if let Some(f) = item::python_method(e, shape, name)
                && arith::push_method(e, f, &[v], ret::word(ret::STORE, i.a))?
            {
                return Ok(());
            }
            return general(e, i, v);
        }
        _ => match plain(e, kind, v) {
            Some(it) => it,
            None => return general(e, i, v),
        },
    };
    e.store(a(i), it);
    Ok(())
}

/// The iterator over a built-in object of this kind; nothing for the rarer ones.
#[inline(always)]
pub fn plain<E: PyEngine>(e: &mut E, kind: Kind, v: E::Val) -> Option<E::Val> {
    match kind {
        k if k.is_list() => Some(simple(e, Kind::ListIter, v)),
        Kind::Tuple => Some(simple(e, Kind::TupleIter, v)),
        Kind::Generator => Some(v),
        Kind::Range => range(e, v),
        Kind::Str => Some(simple(e, Kind::StrIter, v)),
        Kind::Bytes | Kind::ByteArray => Some(simple(e, Kind::SeqIter, v)),
        Kind::DictView => {
            let (d, what) = (e.get(v, &VIEW_DICT), e.get(v, &VIEW_KIND));
            let what = e.promote_int(what);
            let shape = e.shape_of(d);
            table::is_dict(e.vm().shapes.kind(shape)).then(|| over_dict(e, d, what))
        }
        k if table::is_dict(k) => Some(over_dict(e, v, iterators::KEYS)),
        k if table::is_set(k) => {
            let len = e.get(v, &DICT_LEN);
            let it = simple(e, Kind::SetIter, v);
            e.set(it, &ITER_EXPECT, len);
            Some(it)
        }
        k if iterators::is_iterator(k) => Some(v),
        _ => None,
    }
}

fn over_dict<E: PyEngine>(e: &mut E, d: E::Val, what: i64) -> E::Val {
    let len = e.get(d, &DICT_LEN);
    let shape = iterators::dict_iterator_shape(e.vm(), what);
    let (it, what, left) = (e.new_object(shape, 5, 0), e.int(what), e.box_int(len));
    e.set(it, &ITER_OVER, d);
    e.set(it, &ITER_KIND, what);
    e.set(it, &ITER_EXPECT, len);
    e.set(it, &ITER_SECOND, left);
    it
}

fn general<E: PyEngine>(e: &mut E, i: Instr, v: E::Val) -> Result<(), Raise> {
    e.result_to(Some(a(i)));
    let it = opaque::iter(e, v)?;
    e.store(a(i), it);
    Ok(())
}

/// An iterator that counts through a list or tuple.
pub fn simple<E: PyEngine>(e: &mut E, kind: Kind, v: E::Val) -> E::Val {
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
        Kind::RangeIter => for_plain(e, i, Kind::RangeIter, it),
        Kind::ListIter => for_plain(e, i, Kind::ListIter, it),
        Kind::TupleIter => for_plain(e, i, Kind::TupleIter, it),
        Kind::Generator => crate::ops::generator::resume_next(e, i, it),
        Kind::StrIter if !E::RECORDS => {
            let it = e.now_val(it);
            match iterators::str_iter_next(e.vm(), it) {
                Some(c) => {
                    let c = e.val(c);
                    give(e, i, c);
                }
                None => leave(e, i),
            }
            Ok(())
        }
        Kind::DictIter if !E::RECORDS => for_dict(e, i, (shape, kind, it)),
        Kind::SetIter if !E::RECORDS => for_set(e, i, (shape, kind, it)),
        Kind::Reversed if !E::RECORDS => for_reversed(e, i, (shape, kind, it)),
        Kind::Zip if !E::RECORDS => for_zip(e, i, (shape, kind, it)),
        _ => for_general(e, i, (shape, kind, it)),
    }
}

/// An iterator, with its shape and kind.
type Iterator<E> = (hoop_gc::ShapeId, Kind, <E as hoop_engine::Engine>::Val);

/// The interpreter's steps of these kinds are compiled for one kind each, apart from its loop.
macro_rules! steps {
    ($( $name:ident $kind:ident ),*) => { $(
        #[inline(never)]
        fn $name<E: PyEngine>(e: &mut E, i: Instr, it: Iterator<E>) -> Result<(), Raise> {
            match advance::next_plain(e, Kind::$kind, it.2)? {
                None => for_general(e, i, it),
                next => {
                    take(e, i, next);
                    Ok(())
                }
            }
        }
    )* };
}

steps!(for_dict DictIter, for_set SetIter, for_reversed Reversed);

/// A `zip` of two has a step of its own.
#[inline(never)]
fn for_zip<E: PyEngine>(e: &mut E, i: Instr, it: Iterator<E>) -> Result<(), Raise> {
    match advance::next_pair(e, it.2)? {
        None => for_general(e, i, it),
        next => {
            take(e, i, next);
            Ok(())
        }
    }
}

/// The step of a plain iterator whose kind is known when this is compiled.
#[inline(always)]
fn for_plain<E: PyEngine>(e: &mut E, i: Instr, kind: Kind, it: E::Val) -> Result<(), Raise> {
    let next = advance::next_plain(e, kind, it)?;
    take(e, i, next);
    Ok(())
}

/// Does what the next item, or the end, means for the loop. What may be either is left to the `ForEnd`.
#[inline(always)]
fn take<E: PyEngine>(e: &mut E, i: Instr, next: Option<Next<E::Val>>) {
    match next {
        Some(Next::Item(v)) => give(e, i, v),
        Some(Next::End) => leave(e, i),
        Some(Next::Either(v)) => e.store(a(i), v),
        None => {}
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

#[inline(never)]
fn for_general<E: PyEngine>(e: &mut E, i: Instr, (shape, kind, it): Iterator<E>) -> Result<(), Raise> {
    if kind.is_instance() {
        let name = e.vm().names.next;
        if let Some(f) = item::python_method(e, shape, name)
            && arith::push_method(e, f, &[it], ret::word(ret::NEXT, i.a))?
        {
            return Ok(());
        }
    }
    if kind.is_adapter() {
        if let Some(next) = advance::next_inline(e, kind, it)? {
            take(e, i, Some(next));
            return Ok(());
        }
        if consume::step(e, a(i), kind, it)? {
            return Ok(());
        }
    }
    if let Some(next) = advance::next_builtin(e, kind, it, Some(a(i)))? {
        take(e, i, Some(next));
        return Ok(());
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
