//! Built-in functions that traces follow into: the same operations as the native ones, over an engine.

use super::{consume, exception, generator, item, named, opaque};
use crate::errors::Raise;
use crate::helpers::Helper;
use crate::native::{Intrinsic, NativeDef};
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::vm::PyEngine;
use hoop_engine::{Cmp, IntOp, Reg};
use hoop_gc::Value;

/// Does the call in line, if there is a way for these arguments. Nothing: call the native function.
pub fn call<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    def: &'static NativeDef,
    args: &[E::Val],
) -> Result<Option<()>, Raise> {
    let result = match (def.intrinsic, args) {
        (Intrinsic::None, _) => return Ok(None),
        (Intrinsic::Len, &[v]) => length(e, v),
        (Intrinsic::Abs, &[v]) => absolute(e, v),
        (Intrinsic::Ord, &[v]) => code_point(e, v)?,
        (Intrinsic::IsInstance, &[v, class]) => is_instance(e, v, class),
        (Intrinsic::ListAppend, &[l, v]) => return list_append(e, dst, l, v),
        (Intrinsic::Next, &[it]) => return consume::next(e, dst, it, None),
        (Intrinsic::Next, &[it, default]) => return consume::next(e, dst, it, Some(default)),
        (Intrinsic::Send, &[g, v]) => return send(e, dst, g, v),
        (Intrinsic::EnumerateCount, &[it]) => enumerate_count(e, it),
        (Intrinsic::ExceptionInit, [this, rest @ ..]) => return exception_init(e, dst, *this, rest),
        (Intrinsic::GetAttr, &[v, name]) => return named::getattr(e, dst, v, name, None),
        (Intrinsic::GetAttr, &[v, name, default]) => {
            return named::getattr(e, dst, v, name, Some(default));
        }
        (Intrinsic::HasAttr, &[v, name]) => named::hasattr(e, v, name),
        (Intrinsic::Consume(Helper::Max), &[x, y, ref rest @ ..]) => extreme(e, x, y, rest, Cmp::Gt),
        (Intrinsic::Consume(Helper::Min), &[x, y, ref rest @ ..]) => extreme(e, x, y, rest, Cmp::Lt),
        (Intrinsic::Consume(helper), _) => return consume::consume(e, dst, helper, args),
        (Intrinsic::ListPop, &[l]) => list_pop(e, l),
        (Intrinsic::MathSqrt, &[v]) => square_root(e, v)?,
        _ => None,
    };
    match result {
        Some(v) => {
            e.store(dst, v);
            Ok(Some(()))
        }
        None => Ok(None),
    }
}

/// `BaseException.__init__`.
fn exception_init<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    this: E::Val,
    args: &[E::Val],
) -> Result<Option<()>, Raise> {
    let shape = e.shape_of(this);
    let vm = e.vm();
    let Some(class) = vm.shapes.get(shape).class else { return Ok(None) };
    if args.len() > exception::MAX_ARGUMENTS || !vm.keeps_arguments(class) {
        return Ok(None);
    }
    exception::set_arguments(e, this, args)?;
    let none = e.val(Value::NONE);
    e.store(dst, none);
    Ok(Some(()))
}

fn send<E: PyEngine>(e: &mut E, dst: Reg, g: E::Val, v: E::Val) -> Result<Option<()>, Raise> {
    let shape = e.shape_of(g);
    if e.vm().shapes.kind(shape) != Kind::Generator {
        return Ok(None);
    }
    generator::resume_call(e, dst, g, Some(v))
}

/// The count of an `enumerate`, which goes up; not a big one.
fn enumerate_count<E: PyEngine>(e: &mut E, it: E::Val) -> Option<E::Val> {
    let big = e.get(it, &ITER_KIND);
    if e.promote_int(big) != 0 {
        return None;
    }
    let (count, one) = (e.get(it, &ITER_INDEX), e.int(1));
    let next = e.int_op(IntOp::Add, count, one);
    let fits = e.int_fits(next);
    if !e.branch(fits) {
        return None;
    }
    e.set(it, &ITER_INDEX, next);
    Some(e.box_int(count))
}

/// Most arguments that `max` and `min` compare in line.
const MAX_COMPARED: usize = 2;

/// `max(x, y, ...)` and `min`, of small ints or of floats.
fn extreme<E: PyEngine>(e: &mut E, x: E::Val, y: E::Val, rest: &[E::Val], wins: Cmp) -> Option<E::Val> {
    if rest.len() > MAX_COMPARED {
        return None;
    }
    let mut best = better(e, x, y, wins)?;
    for &v in rest {
        best = better(e, best, v, wins)?;
    }
    Some(best)
}

/// `y` if it wins against `x`, else `x`.
fn better<E: PyEngine>(e: &mut E, x: E::Val, y: E::Val, wins: Cmp) -> Option<E::Val> {
    let y_wins = if let Some(m) = e.as_int(x) {
        let n = e.as_int(y)?;
        e.int_cmp(wins, n, m)
    } else {
        let f = e.as_float(x)?;
        let g = e.as_float(y)?;
        e.float_cmp(wins, g, f)
    };
    Some(if e.branch(y_wins) { y } else { x })
}

fn length<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    let shape = e.shape_of(v);
    let n = match e.vm().shapes.kind(shape) {
        Kind::Str => e.get(v, &STR_LEN),
        Kind::Bytes => e.get(v, &BYTES_LEN),
        Kind::Tuple => e.get(v, &TUPLE_LEN),
        k if k.is_list() => e.get(v, &LIST_LEN),
        k if k.is_dict() || k.is_set() => e.get(v, &DICT_LEN),
        _ => return None,
    };
    Some(e.box_int(n))
}

fn absolute<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    if let Some(n) = e.as_int(v) {
        let zero = e.int(0);
        let negative = e.int_cmp(Cmp::Lt, n, zero);
        if !e.branch(negative) {
            return Some(v);
        }
        let r = e.int_op(IntOp::Sub, zero, n);
        let fits = e.int_fits(r);
        return e.branch(fits).then(|| e.box_int(r));
    }
    let f = e.as_float(v)?;
    let r = e.float_fn(hoop_engine::FloatFn::Abs, f);
    Some(e.box_float(r))
}

fn code_point<E: PyEngine>(e: &mut E, v: E::Val) -> Result<Option<E::Val>, Raise> {
    let shape = e.shape_of(v);
    if e.vm().shapes.kind(shape) != Kind::Str {
        return Ok(None);
    }
    let (bytes, one) = (e.get(v, &STR_BYTES), e.int(1));
    let ascii = e.int_cmp(Cmp::Eq, bytes, one);
    if !e.branch(ascii) {
        return Ok(None);
    }
    let n = opaque::str_ord(e, v)?;
    Ok(Some(e.box_int(n)))
}

/// `isinstance(v, C)` for a class without hooks.
fn is_instance<E: PyEngine>(e: &mut E, v: E::Val, class: E::Val) -> Option<E::Val> {
    let class_shape = e.shape_of(class);
    if e.vm().shapes.kind(class_shape) != Kind::Class {
        return None;
    }
    let class = e.promote(class);
    let shape = e.shape_of(v);
    let vm = e.vm();
    if vm.class_of(class) != vm.types.type_ {
        return None;
    }
    let of = vm.shapes.get(shape).class?;
    let answer = vm.is_subclass(of, class);
    if !e.assume(of) {
        return None;
    }
    Some(e.val(Value::bool(answer)))
}

fn list_append<E: PyEngine>(e: &mut E, dst: Reg, l: E::Val, v: E::Val) -> Result<Option<()>, Raise> {
    let shape = e.shape_of(l);
    if !e.vm().shapes.kind(shape).is_list() {
        return Ok(None);
    }
    e.result_to(None);
    item::append(e, l, v)?;
    let none = e.val(Value::NONE);
    e.store(dst, none);
    Ok(Some(()))
}

/// `list.pop()` of a list that is not empty.
fn list_pop<E: PyEngine>(e: &mut E, l: E::Val) -> Option<E::Val> {
    let shape = e.shape_of(l);
    let kind = e.vm().shapes.kind(shape);
    if !matches!(kind, Kind::ListAny | Kind::ListInt | Kind::ListFloat) {
        return None;
    }
    let (len, zero, one) = (e.get(l, &LIST_LEN), e.int(0), e.int(1));
    let some = e.int_cmp(Cmp::Gt, len, zero);
    if !e.branch(some) {
        return None;
    }
    let last = e.int_op(IntOp::Sub, len, one);
    let array = e.get(l, &LIST_ITEMS);
    let v = item::array_get(e, kind, array, last);
    if kind == Kind::ListAny {
        // The array must not keep the item alive.
        let none = e.val(Value::NONE);
        e.set_item(array, last, &ARRAY_VALUES, none);
    }
    e.set(l, &LIST_LEN, last);
    Some(v)
}

fn square_root<E: PyEngine>(e: &mut E, v: E::Val) -> Result<Option<E::Val>, Raise> {
    let f = if let Some(f) = e.as_float(v) {
        f
    } else if let Some(n) = e.as_int(v) {
        e.int_to_float(n)
    } else {
        return Ok(None);
    };
    let zero = e.float(0.0);
    let fine = e.float_cmp(Cmp::Ge, f, zero);
    if !e.branch(fine) {
        return Ok(None);
    }
    let r = e.float_fn(hoop_engine::FloatFn::Sqrt, f);
    Ok(Some(e.box_float(r)))
}

/// `int(x)`, `float(x)`, `range(..)` and the like, where a class is called.
pub fn call_class<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    class: Value,
    args: &[E::Val],
) -> Result<Option<()>, Raise> {
    let types = &e.vm().types;
    let collected = [(types.list, Helper::List), (types.tuple, Helper::Tuple), (types.set, Helper::Set)];
    if let Some(&(_, helper)) = collected.iter().find(|c| c.0 == class) {
        return consume::consume(e, dst, helper, args);
    }
    let v = if class == types.range {
        range(e, args)
    } else if class == types.float
        && let &[v] = args
    {
        to_float(e, v)
    } else if class == types.int
        && let &[v] = args
    {
        to_int(e, v)
    } else if class == types.type_
        && let &[v] = args
    {
        let shape = e.shape_of(v);
        let of = e.vm().shapes.get(shape).class;
        of.map(|c| e.val(c))
    } else {
        None
    };
    match v {
        Some(v) => {
            e.store(dst, v);
            Ok(Some(()))
        }
        None => Ok(None),
    }
}

fn to_float<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    if e.as_float(v).is_some() {
        return Some(v);
    }
    let n = e.as_int(v)?;
    let f = e.int_to_float(n);
    Some(e.box_float(f))
}

fn to_int<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    if e.as_int(v).is_some() {
        return Some(v);
    }
    let f = e.as_float(v)?;
    let (size, limit) = (e.float_fn(hoop_engine::FloatFn::Abs, f), e.float((1i64 << 61) as f64));
    let small = e.float_cmp(Cmp::Lt, size, limit);
    if !e.branch(small) {
        return None;
    }
    let n = e.float_to_int(f);
    Some(e.box_int(n))
}

/// A range of small ints with a positive or negative constant step.
fn range<E: PyEngine>(e: &mut E, args: &[E::Val]) -> Option<E::Val> {
    let (start, stop, step) = match *args {
        [stop] => (e.val(Value::int(0)), stop, e.val(Value::int(1))),
        [start, stop] => (start, stop, e.val(Value::int(1))),
        [start, stop, step] => (start, stop, step),
        _ => return None,
    };
    let (m, n, s) = (e.as_int(start)?, e.as_int(stop)?, e.as_int(step)?);
    let len = range_len(e, m, n, s)?;
    let shape = e.vm().kind_shape(Kind::Range);
    let len = e.box_int(len);
    let r = e.new_object(shape, 4, 0);
    e.set(r, &RANGE_START, start);
    e.set(r, &RANGE_STOP, stop);
    e.set(r, &RANGE_STEP, step);
    e.set(r, &RANGE_LEN, len);
    Some(r)
}

fn range_len<E: PyEngine>(e: &mut E, m: E::Int, n: E::Int, s: E::Int) -> Option<E::Int> {
    let (zero, one) = (e.int(0), e.int(1));
    let up = e.int_cmp(Cmp::Gt, s, zero);
    let (low, high, size) = if e.branch(up) {
        (m, n, s)
    } else {
        let down = e.int_cmp(Cmp::Lt, s, zero);
        if !e.branch(down) {
            return None;
        }
        (n, m, e.int_op(IntOp::Sub, zero, s))
    };
    let some = e.int_cmp(Cmp::Lt, low, high);
    if !e.branch(some) {
        return Some(zero);
    }
    // (high - low - 1) / size + 1; the difference of two small ints fits in 64 bits.
    let span = e.int_op(IntOp::Sub, high, low);
    let last = e.int_op(IntOp::Sub, span, one);
    let steps = e.int_op(IntOp::FloorDiv, last, size);
    let len = e.int_op(IntOp::Add, steps, one);
    let fits = e.int_fits(len);
    e.branch(fits).then_some(len)
}
