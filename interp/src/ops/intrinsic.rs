//! Built-in functions that traces follow into: the same operations as the native ones, over an engine.

pub mod numbers;

use crate::args::Args;
use crate::ops::{attr, build, compare, consume, exception, generator, item, iter, named, opaque, table};
use hoop_engine::{Cmp, FloatFn, IntOp, Reg};
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::helpers::Helper;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::operator::CmpOp;
use hoop_object::rows::{Intrinsic, NativeDef};
use hoop_object::vm::PyEngine;
use hoop_protocol::iterators::{ITEMS, KEYS, VALUES};
use hoop_types::containers::dict_views::view_shape;
use hoop_types::exceptions;
use hoop_types::functions::builtins::instances;

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
        (Intrinsic::Abs, &[v]) => numbers::absolute(e, v),
        (Intrinsic::Ord, &[v]) => code_point(e, v),
        (Intrinsic::IsInstance, &[v, class]) => is_instance(e, v, class),
        (Intrinsic::IsSubclass, &[sub, class]) => is_subclass(e, sub, class),
        (Intrinsic::ListAppend, &[l, v]) => return list_append(e, dst, l, v),
        (Intrinsic::Next, &[it]) => return consume::next(e, dst, it, None),
        (Intrinsic::Next, &[it, default]) => return consume::next(e, dst, it, Some(default)),
        (Intrinsic::Send, &[g, v]) => return send(e, dst, g, v),
        (Intrinsic::EnumerateCount, &[it]) => enumerate_count(e, it),
        (Intrinsic::SlicePassed, &[it]) => Some(slice_passed(e, it)),
        (Intrinsic::SliceEnded, &[it]) => {
            let (unbound, none) = (e.val(Value::UNBOUND), e.val(Value::NONE));
            e.set(it, &ITER_OVER, unbound);
            Some(none)
        }
        (Intrinsic::ExceptionInit, [this, rest @ ..]) => return exception_init(e, dst, *this, rest),
        (Intrinsic::GetAttr, &[v, name]) => return named::getattr(e, dst, v, name, None),
        (Intrinsic::GetAttr, &[v, name, default]) => {
            return named::getattr(e, dst, v, name, Some(default));
        }
        (Intrinsic::HasAttr, &[v, name]) => named::hasattr(e, v, name),
        (Intrinsic::Consume(Helper::Min), values @ [_, _, ..]) => extreme(e, values, CmpOp::Lt)?,
        (Intrinsic::Consume(Helper::Max), values @ [_, _, ..]) => extreme(e, values, CmpOp::Gt)?,
        (Intrinsic::Consume(helper), _) => return consume::consume(e, dst, helper, args),
        (Intrinsic::ListPop, &[l]) => list_pop(e, l),
        (Intrinsic::MathSqrt, &[v]) => numbers::square_root(e, v)?,
        (Intrinsic::MathFloat, &[v]) => numbers::float_function(e, def, v)?,
        (Intrinsic::MathFloor, &[v]) => numbers::to_whole(e, v, FloatFn::Floor),
        (Intrinsic::MathCeil, &[v]) => numbers::to_whole(e, v, FloatFn::Ceil),
        (Intrinsic::Round, &[v]) => numbers::round(e, v)?,
        (Intrinsic::DivMod, &[x, y]) => numbers::div_mod(e, x, y)?,
        (Intrinsic::Chr, &[v]) => character(e, v),
        (Intrinsic::DictGet, &[d, key]) => {
            let none = e.val(Value::NONE);
            dict_get(e, d, key, none)?
        }
        (Intrinsic::DictGet, &[d, key, default]) => dict_get(e, d, key, default)?,
        (Intrinsic::DictKeys, &[d]) => dict_view(e, d, KEYS),
        (Intrinsic::DictValues, &[d]) => dict_view(e, d, VALUES),
        (Intrinsic::DictItems, &[d]) => dict_view(e, d, ITEMS),
        (Intrinsic::SetAdd, &[s, key]) => return set_add(e, dst, s, key),
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
    if args.len() > exception::MAX_ARGUMENTS || !exceptions::keeps_arguments(vm, class) {
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

/// An `islice` has passed an item: is it the one to give?
fn slice_passed<E: PyEngine>(e: &mut E, it: E::Val) -> E::Val {
    let (at, wanted, one) = (e.get(it, &ITER_INDEX), e.get(it, &ITER_EXPECT), e.int(1));
    let skipped = e.int_cmp(Cmp::Lt, at, wanted);
    let next = if e.branch(skipped) { None } else { Some(next_of_slice(e, it, wanted)) };
    let seen = e.int_op(IntOp::Add, at, one);
    e.set(it, &ITER_INDEX, seen);
    if let Some(next) = next {
        e.set(it, &ITER_EXPECT, next);
    }
    e.val(Value::bool(next.is_some()))
}

/// The number of an `islice`'s next result, at most its stop.
fn next_of_slice<E: PyEngine>(e: &mut E, it: E::Val, last: E::Int) -> E::Int {
    let (step, stop) = (e.get(it, &ITER_KIND), e.get(it, &ITER_SECOND));
    let next = e.int_op(IntOp::Add, last, step);
    if let Some(stop) = e.as_int(stop) {
        let inside = e.int_cmp(Cmp::Le, next, stop);
        if !e.branch(inside) {
            return stop;
        }
    }
    next
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

fn code_point<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    let shape = e.shape_of(v);
    if e.vm().shapes.kind(shape) != Kind::Str {
        return None;
    }
    let (bytes, one) = (e.get(v, &STR_BYTES), e.int(1));
    let ascii = e.int_cmp(Cmp::Eq, bytes, one);
    if !e.branch(ascii) {
        return None;
    }
    let first = e.int(0);
    let n = e.item(v, first, &STR_DATA);
    Some(e.box_int(n))
}

/// `chr(i)` of a Latin-1 code point.
fn character<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Val> {
    let (n, limit) = (e.as_int(v)?, e.int(256));
    let shared = e.int_cmp(Cmp::Ult, n, limit);
    e.branch(shared).then(|| item::char_of(e, n))
}

/// The first of the greatest, or least, of several numbers or strs.
fn extreme<E: PyEngine>(e: &mut E, values: &[E::Val], better: CmpOp) -> Result<Option<E::Val>, Raise> {
    let [first, others @ ..] = values else { return Ok(None) };
    if others.is_empty() || others.len() > MAX_COMPARED {
        return Ok(None);
    }
    let mut best = *first;
    for &v in others {
        let Some(wins) = compare::quick(e, better, v, best)? else { return Ok(None) };
        if e.branch(wins) {
            best = v;
        }
    }
    Ok(Some(best))
}

/// Most arguments that `min` and `max` compare in line with the first.
const MAX_COMPARED: usize = 4;

fn dict_get<E: PyEngine>(
    e: &mut E,
    d: E::Val,
    key: E::Val,
    default: E::Val,
) -> Result<Option<E::Val>, Raise> {
    let shape = e.shape_of(d);
    if !table::is_dict(e.vm().shapes.kind(shape)) {
        return Ok(None);
    }
    Ok(match table::find(e, d, key)? {
        table::Slot::Entry(at) => Some(table::value(e, d, at)),
        table::Slot::Absent => Some(default),
        table::Slot::Unknown => None,
    })
}

fn dict_view<E: PyEngine>(e: &mut E, d: E::Val, what: i64) -> Option<E::Val> {
    let shape = e.shape_of(d);
    let vm = e.vm();
    if !table::is_dict(vm.shapes.kind(shape)) {
        return None;
    }
    let shape = view_shape(vm, what);
    let (view, what) = (e.new_object(shape, 2, 0), e.int(what));
    e.set(view, &VIEW_DICT, d);
    e.set(view, &VIEW_KIND, what);
    Some(view)
}

fn set_add<E: PyEngine>(e: &mut E, dst: Reg, s: E::Val, key: E::Val) -> Result<Option<()>, Raise> {
    let shape = e.shape_of(s);
    if e.vm().shapes.kind(shape) != Kind::Set {
        return Ok(None);
    }
    table::add(e, s, key)?;
    let none = e.val(Value::NONE);
    e.store(dst, none);
    Ok(Some(()))
}

/// `isinstance(v, C)` for a class without hooks, or a short tuple of such.
fn is_instance<E: PyEngine>(e: &mut E, v: E::Val, class: E::Val) -> Option<E::Val> {
    let class_shape = e.shape_of(class);
    let answer = match e.vm().shapes.kind(class_shape) {
        Kind::Class => is_instance_of(e, v, class)?,
        Kind::Tuple => {
            let len = e.get(class, &TUPLE_LEN);
            let len = e.promote_int(len);
            if len > MAX_CLASSES {
                return None;
            }
            let mut found = false;
            for k in 0..len {
                let index = e.int(k);
                let class = e.item(class, index, &TUPLE_ITEMS);
                let shape = e.shape_of(class);
                if e.vm().shapes.kind(shape) != Kind::Class {
                    return None;
                }
                found = found || is_instance_of(e, v, class)?;
            }
            found
        }
        _ => return None,
    };
    Some(e.val(Value::bool(answer)))
}

/// Longer tuples of classes are left to the native function.
const MAX_CLASSES: i64 = 8;

fn is_instance_of<E: PyEngine>(e: &mut E, v: E::Val, class: E::Val) -> Option<bool> {
    let class = e.promote(class);
    let shape = e.shape_of(v);
    let vm = e.vm();
    if vm.class_of(class) != vm.types.type_ {
        return None;
    }
    let of = vm.shapes.get(shape).class?;
    let answer = vm.is_subclass(of, class);
    if !answer && instances::claims_class(vm, of) {
        return None;
    }
    // The class may get another metaclass.
    (e.assume(of) && attr::assume_mutable(e, class)).then_some(answer)
}

/// `issubclass(A, B)` of two classes without hooks.
fn is_subclass<E: PyEngine>(e: &mut E, sub: E::Val, class: E::Val) -> Option<E::Val> {
    for v in [sub, class] {
        let shape = e.shape_of(v);
        if e.vm().shapes.kind(shape) != Kind::Class {
            return None;
        }
    }
    let (sub, class) = (e.promote(sub), e.promote(class));
    let vm = e.vm();
    if vm.class_of(class) != vm.types.type_ {
        return None;
    }
    let answer = vm.is_subclass(sub, class);
    (e.assume(sub) && attr::assume_mutable(e, class)).then(|| e.val(Value::bool(answer)))
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
        if let Some(done) = consume::consume(e, dst, helper, args)? {
            return Ok(Some(done));
        }
        let Some(v) = copied(e, helper, args)? else { return Ok(None) };
        e.store(dst, v);
        return Ok(Some(()));
    }
    let v = if class == types.range {
        range(e, args)
    } else if class == types.float
        && let &[v] = args
    {
        number(e, dst, v, numbers::to_float, opaque::float_of_text)?
    } else if class == types.int
        && let &[v] = args
    {
        number(e, dst, v, numbers::to_int, opaque::int_of_text)?
    } else if class == types.super_ {
        attr::call_super(e, args)
    } else if class == types.type_
        && let &[v] = args
    {
        let shape = e.shape_of(v);
        let of = e.vm().shapes.get(shape).class;
        of.map(|c| e.val(c))
    } else if class == types.str
        && let &[v] = args
    {
        text(e, dst, v)?
    } else if class == types.bool_
        && let &[v] = args
    {
        compare::quick_truth(e, v).map(|truth| e.box_bool(truth))
    } else {
        iterator(e, class, args)?
    };
    match v {
        Some(v) => {
            e.store(dst, v);
            Ok(Some(()))
        }
        None => Ok(None),
    }
}

/// `tuple(v)` of a tuple or list, `list(v)` of a list.
fn copied<E: PyEngine>(e: &mut E, helper: Helper, args: &[E::Val]) -> Result<Option<E::Val>, Raise> {
    let &[v] = args else { return Ok(None) };
    let shape = e.shape_of(v);
    let kind = e.vm().shapes.kind(shape);
    Ok(match helper {
        Helper::Tuple if kind == Kind::Tuple => Some(v),
        Helper::Tuple if kind.is_list() => Some(opaque::list_to_tuple(e, v)?),
        Helper::List if kind.is_list() => Some(opaque::list_copy(e, v)?),
        _ => None,
    })
}

/// `int(v)` or `float(v)`: a number in line, a str by one call.
fn number<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    v: E::Val,
    of_number: fn(&mut E, E::Val) -> Option<E::Val>,
    of_text: fn(&mut E, E::Val) -> Result<E::Val, Raise>,
) -> Result<Option<E::Val>, Raise> {
    let shape = e.shape_of(v);
    if e.vm().shapes.kind(shape) != Kind::Str {
        return Ok(of_number(e, v));
    }
    e.result_to(Some(dst));
    of_text(e, v).map(Some)
}

/// `str(v)` of a str or a small number.
fn text<E: PyEngine>(e: &mut E, dst: Reg, v: E::Val) -> Result<Option<E::Val>, Raise> {
    let shape = e.shape_of(v);
    match e.vm().shapes.kind(shape) {
        Kind::Str => Ok(Some(v)),
        Kind::Int | Kind::Float | Kind::Bool | Kind::None => {
            e.result_to(Some(dst));
            opaque::plain_str(e, v).map(Some)
        }
        _ => Ok(None),
    }
}

/// `enumerate(v)`, `zip(v, w..)` and `reversed(v)` of built-in objects.
fn iterator<E: PyEngine>(e: &mut E, class: Value, args: &[E::Val]) -> Result<Option<E::Val>, Raise> {
    let types = &e.vm().types;
    let kind = match args {
        [_] if class == types.enumerate => Kind::Enumerate,
        [_] if class == types.reversed => Kind::Reversed,
        [_, ..] if class == types.zip => Kind::Zip,
        _ => return Ok(None),
    };
    if kind == Kind::Reversed {
        let shape = e.shape_of(args[0]);
        if !e.vm().shapes.kind(shape).is_list() {
            return Ok(None);
        }
        let len = e.get(args[0], &LIST_LEN);
        let it = iter::simple(e, kind, args[0]);
        e.set(it, &ITER_INDEX, len);
        return Ok(Some(it));
    }
    let mut inner = Args::new();
    for &v in args {
        let shape = e.shape_of(v);
        let kind = e.vm().shapes.kind(shape);
        let Some(it) = iter::plain(e, kind, v) else { return Ok(None) };
        inner.push(e, it)?;
    }
    let over = if kind == Kind::Zip { build::tuple(e, &inner)? } else { inner[0] };
    Ok(Some(iter::simple(e, kind, over)))
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
