//! The class `range`. Its ends and length are int objects of any size; small ones take fast paths.

use crate::numbers::int;
use hoop_engine::{Field, V};
use hoop_gc::Value;
use hoop_object::bigint::{self, is_negative, operand as int_operand};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::rows::NativeDef;
use hoop_object::vm::Vm;
use hoop_object::{text, tuple};
use hoop_protocol::{attr, attributes, iterators, native, protocol, slice};

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args", new),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__bool__", "$self, /", |vm, a| {
        let r = this(vm, a[0], "__bool__")?;
        Ok(Value::bool(part(r, &RANGE_LEN) != ZERO))
    }),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__getitem__", "$self, key, /", |vm, a| {
        let r = this(vm, a[0], "__getitem__")?;
        range_get_item(vm, r, a[1])
    }),
    NativeDef::new("__contains__", "$self, key, /", |vm, a| {
        let r = this(vm, a[0], "__contains__")?;
        Ok(Value::bool(range_contains(vm, r, a[1])?))
    }),
    NativeDef::new("__iter__", "$self, /", |vm, a| {
        let r = this(vm, a[0], "__iter__")?;
        iterators::iter(vm, r)
    }),
    NativeDef::new("__reversed__", "$self, /", |vm, a| {
        let r = this(vm, a[0], "__reversed__")?;
        let back = range_reversed(vm, r)?;
        iterators::iter(vm, back)
    }),
    NativeDef::new("index", "$self, object, /", index),
    NativeDef::new("count", "$self, object, /", count),
    NativeDef::new("__eq__", "$self, value, /", |vm, a| equal(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "$self, value, /", |vm, a| equal(vm, CmpOp::Ne, a)),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__reduce__", "$self, /", |vm, a| {
        let r = this(vm, a[0], "__reduce__")?;
        let args =
            tuple::new_tuple(vm, &[part(r, &RANGE_START), part(r, &RANGE_STOP), part(r, &RANGE_STEP)])?;
        let class = vm.types.range;
        tuple::new_tuple(vm, &[class, args])
    }),
];

const GETTERS: &[hoop_protocol::attributes::GetSet] = &[
    hoop_protocol::attributes::GetSet { name: "start", get: |_, r| Ok(part(r, &RANGE_START)), set: None },
    hoop_protocol::attributes::GetSet { name: "stop", get: |_, r| Ok(part(r, &RANGE_STOP)), set: None },
    hoop_protocol::attributes::GetSet { name: "step", get: |_, r| Ok(part(r, &RANGE_STEP)), set: None },
];

const ZERO: Value = Value::int(0);

const ONE: Value = Value::int(1);

pub fn init(vm: &mut Vm) {
    let class = vm.types.range;
    vm.add_methods(class, METHODS);
    attributes::add_getsets(vm, class, GETTERS);
}

fn part(r: Value, field: &Field<V>) -> Value {
    field.read(r).unwrap_or(ZERO)
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    if vm.kind(v) == Kind::Range { Ok(v) } else { Err(native::receiver_error(vm, v, "range", method)) }
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let args = &a[1..];
    let (start, stop, step) = match *args {
        [stop] => (ZERO, stop, ONE),
        [start, stop] => (start, stop, ONE),
        [start, stop, step] => (start, stop, step),
        [] => return Err(vm.type_error("range expected at least 1 argument, got 0")),
        _ => return Err(vm.type_error(format!("range expected at most 3 arguments, got {}", args.len()))),
    };
    let start = protocol::index_value(vm, start)?;
    let stop = protocol::index_value(vm, stop)?;
    let step = protocol::index_value(vm, step)?;
    if step == ZERO {
        return Err(vm.value_error("range() arg 3 must not be zero"));
    }
    new_range(vm, start, stop, step)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = this(vm, a[0], "__len__")?;
    range_len(vm, r)
}

/// `len(r)`, which must fit a machine integer.
#[inline]
pub fn range_len(vm: &mut Vm, r: Value) -> PyResult {
    let n = part(r, &RANGE_LEN);
    if bigint::to_i64(n).is_some() {
        return Ok(n);
    }
    Err(vm.overflow_error("Python int too large to convert to C ssize_t"))
}

/// A range of int objects; the step is not 0.
#[inline]
pub fn new_range(vm: &mut Vm, start: Value, stop: Value, step: Value) -> PyResult {
    let len = range_length(vm, start, stop, step)?;
    let shape = vm.kind_shape(Kind::Range);
    let r = vm.ctx.alloc(shape, 4);
    RANGE_START.init(r, start);
    RANGE_STOP.init(r, stop);
    RANGE_STEP.init(r, step);
    RANGE_LEN.init(r, len);
    Ok(r)
}

fn range_length(vm: &mut Vm, start: Value, stop: Value, step: Value) -> PyResult {
    let (low, high, size) =
        if is_negative(step) { (stop, start, bigint::int_neg(vm, step)?) } else { (start, stop, step) };
    if bigint::order(low, high).is_ge() {
        return Ok(ZERO);
    }
    if let (Some(l), Some(h), Some(s)) = (low.as_int(), high.as_int(), size.as_int()) {
        // The difference of two small ints fits in 64 bits.
        let n = (h - l - 1) / s + 1;
        return Ok(bigint::int_from_i64(vm, n));
    }
    let span = bigint::int_binary(vm, BinOp::Sub, high, low)?;
    let last = bigint::int_binary(vm, BinOp::Sub, span, ONE)?;
    let (steps, _) = bigint::int_div_mod(vm, last, size)?;
    bigint::int_binary(vm, BinOp::Add, steps, ONE)
}

/// Item `i` (an int object within the length).
#[inline]
pub fn range_item(vm: &mut Vm, r: Value, i: Value) -> PyResult {
    let (start, step) = (part(r, &RANGE_START), part(r, &RANGE_STEP));
    let offset = bigint::int_binary(vm, BinOp::Mul, i, step)?;
    bigint::int_binary(vm, BinOp::Add, start, offset)
}

/// `r[key]`.
pub fn range_get_item(vm: &mut Vm, r: Value, key: Value) -> PyResult {
    if vm.kind(key) == Kind::Slice {
        return range_slice(vm, r, key);
    }
    if int_operand(vm, key).is_none() && attr::special(vm, key, vm.names.index).is_none() {
        let text = format!("range indices must be integers or slices, not {}", vm.class_name(key));
        return Err(vm.type_error(text));
    }
    let (mut i, len) = (protocol::index_value(vm, key)?, part(r, &RANGE_LEN));
    if is_negative(i) {
        i = bigint::int_binary(vm, BinOp::Add, i, len)?;
    }
    if is_negative(i) || bigint::order(i, len).is_ge() {
        return Err(vm.index_error("range object index out of range"));
    }
    range_item(vm, r, i)
}

fn range_slice(vm: &mut Vm, r: Value, key: Value) -> PyResult {
    let (start, stop, step) = slice::indices_of_len(vm, key, part(r, &RANGE_LEN))?;
    let start = range_item(vm, r, start)?;
    let stop = range_item(vm, r, stop)?;
    let step = bigint::int_binary(vm, BinOp::Mul, step, part(r, &RANGE_STEP))?;
    new_range(vm, start, stop, step)
}

/// The same items from the last to the first.
#[inline]
pub fn range_reversed(vm: &mut Vm, r: Value) -> PyResult {
    let (start, step, len) = (part(r, &RANGE_START), part(r, &RANGE_STEP), part(r, &RANGE_LEN));
    let last = bigint::int_binary(vm, BinOp::Sub, len, ONE)?;
    let first = range_item(vm, r, last)?;
    let stop = bigint::int_binary(vm, BinOp::Sub, start, step)?;
    let step = bigint::int_neg(vm, step)?;
    new_range(vm, first, stop, step)
}

/// `v in r`.
#[inline]
pub fn range_contains(vm: &mut Vm, r: Value, v: Value) -> PyResult<bool> {
    if matches!(vm.kind(v), Kind::Int | Kind::BigInt | Kind::Bool)
        && let Some(i) = int_operand(vm, v)
    {
        return Ok(range_position(vm, r, i)?.is_some());
    }
    let it = iterators::iter(vm, r)?;
    while let Some(item) = iterators::iter_next(vm, it)? {
        if protocol::eq(vm, item, v)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// At which index an int object stands in a range.
fn range_position(vm: &mut Vm, r: Value, i: Value) -> PyResult<Option<Value>> {
    let (start, stop, step) = (part(r, &RANGE_START), part(r, &RANGE_STOP), part(r, &RANGE_STEP));
    let inside = if is_negative(step) {
        bigint::order(i, start).is_le() && bigint::order(i, stop).is_gt()
    } else {
        bigint::order(i, start).is_ge() && bigint::order(i, stop).is_lt()
    };
    if !inside {
        return Ok(None);
    }
    let offset = bigint::int_binary(vm, BinOp::Sub, i, start)?;
    let (q, rest) = bigint::int_div_mod(vm, offset, step)?;
    Ok((rest == ZERO).then_some(q))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = this(vm, a[0], "__repr__")?;
    let (start, stop) =
        (int::int_decimal(vm, part(r, &RANGE_START))?, int::int_decimal(vm, part(r, &RANGE_STOP))?);
    let text = match part(r, &RANGE_STEP) {
        ONE => format!("range({start}, {stop})"),
        step => format!("range({start}, {stop}, {})", int::int_decimal(vm, step)?),
    };
    Ok(text::str(vm, &text))
}

fn is_plain_int(vm: &Vm, v: Value) -> bool {
    matches!(vm.kind(v), Kind::Int | Kind::BigInt | Kind::Bool)
}

fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (r, v) = (this(vm, a[0], "index")?, a[1]);
    if is_plain_int(vm, v)
        && let Some(i) = int_operand(vm, v)
    {
        return match range_position(vm, r, i)? {
            Some(at) => Ok(at),
            None => Err(vm.value_error("range.index(x): x not in range")),
        };
    }
    let (it, mut at) = (iterators::iter(vm, r)?, 0);
    while let Some(item) = iterators::iter_next(vm, it)? {
        if protocol::eq(vm, item, v)? {
            return Ok(Value::int(at));
        }
        at += 1;
    }
    Err(vm.value_error("sequence.index(x): x not in sequence"))
}

fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (r, v) = (this(vm, a[0], "count")?, a[1]);
    if is_plain_int(vm, v) {
        return Ok(Value::int(range_contains(vm, r, v)? as i64));
    }
    let (it, mut n) = (iterators::iter(vm, r)?, 0);
    while let Some(item) = iterators::iter_next(vm, it)? {
        n += protocol::eq(vm, item, v)? as i64;
    }
    Ok(Value::int(n))
}

fn same_int(a: Value, b: Value) -> bool {
    bigint::order(a, b).is_eq()
}

fn equal(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    let r = this(vm, a[0], if op == CmpOp::Eq { "__eq__" } else { "__ne__" })?;
    let s = a[1];
    if vm.kind(s) != Kind::Range {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let len = part(r, &RANGE_LEN);
    let same = same_int(len, part(s, &RANGE_LEN))
        && (len == ZERO
            || same_int(part(r, &RANGE_START), part(s, &RANGE_START))
                && (len == ONE || same_int(part(r, &RANGE_STEP), part(s, &RANGE_STEP))));
    Ok(Value::bool(same == (op == CmpOp::Eq)))
}

/// The hash of the tuple (length, first, step), with None for what does not matter.
fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = this(vm, a[0], "__hash__")?;
    let len = part(r, &RANGE_LEN);
    let first = if len == ZERO { Value::NONE } else { part(r, &RANGE_START) };
    let step = if len == ZERO || len == ONE { Value::NONE } else { part(r, &RANGE_STEP) };
    let t = tuple::new_tuple(vm, &[len, first, step])?;
    let h = protocol::hash(vm, t)?;
    Ok(bigint::int_from_i64(vm, h))
}
