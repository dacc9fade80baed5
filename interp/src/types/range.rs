//! The class `range`. Its ends and length are int objects of any size; small ones take fast paths.

use super::bigint;
use super::int::{is_negative, operand as int_operand};
use super::slice;
use crate::errors::PyResult;
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::layout::*;
use crate::operator::{BinOp, CmpOp};
use crate::vm::Vm;
use hoop_engine::{Field, V};
use hoop_gc::Value;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, *args", new),
    NativeDef::new("__len__", "self, /", len),
    NativeDef::new("__bool__", "self, /", |vm, a| {
        let r = this(vm, a[0], "__bool__")?;
        Ok(Value::bool(part(r, &RANGE_LEN) != ZERO))
    }),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("__getitem__", "self, key, /", |vm, a| {
        let r = this(vm, a[0], "__getitem__")?;
        vm.range_get_item(r, a[1])
    }),
    NativeDef::new("__contains__", "self, key, /", |vm, a| {
        let r = this(vm, a[0], "__contains__")?;
        Ok(Value::bool(vm.range_contains(r, a[1])?))
    }),
    NativeDef::new("__iter__", "self, /", |vm, a| {
        let r = this(vm, a[0], "__iter__")?;
        vm.iter(r)
    }),
    NativeDef::new("__reversed__", "self, /", |vm, a| {
        let r = this(vm, a[0], "__reversed__")?;
        let back = vm.range_reversed(r)?;
        vm.iter(back)
    }),
    NativeDef::new("index", "self, value, /", index),
    NativeDef::new("count", "self, value, /", count),
    NativeDef::new("__eq__", "self, other, /", |vm, a| equal(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "self, other, /", |vm, a| equal(vm, CmpOp::Ne, a)),
    NativeDef::new("__hash__", "self, /", hash),
    NativeDef::new("__reduce__", "self, /", |vm, a| {
        let r = this(vm, a[0], "__reduce__")?;
        let args = vm.new_tuple(&[part(r, &RANGE_START), part(r, &RANGE_STOP), part(r, &RANGE_STEP)])?;
        let class = vm.types.range;
        vm.new_tuple(&[class, args])
    }),
];

const GETTERS: &[crate::types::attributes::GetSet] = &[
    crate::types::attributes::GetSet { name: "start", get: |_, r| Ok(part(r, &RANGE_START)), set: None },
    crate::types::attributes::GetSet { name: "stop", get: |_, r| Ok(part(r, &RANGE_STOP)), set: None },
    crate::types::attributes::GetSet { name: "step", get: |_, r| Ok(part(r, &RANGE_STEP)), set: None },
];

const ZERO: Value = Value::int(0);
const ONE: Value = Value::int(1);

pub fn init(vm: &mut Vm) {
    let class = vm.types.range;
    vm.add_methods(class, METHODS);
    vm.add_getsets(class, GETTERS);
}

fn part(r: Value, field: &Field<V>) -> Value {
    field.read(r).unwrap_or(ZERO)
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    if vm.kind(v) == Kind::Range { Ok(v) } else { Err(vm.receiver_error(v, "range", method)) }
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
    let start = vm.index_value(start)?;
    let stop = vm.index_value(stop)?;
    let step = vm.index_value(step)?;
    if step == ZERO {
        return Err(vm.value_error("range() arg 3 must not be zero"));
    }
    vm.new_range(start, stop, step)
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = this(vm, a[0], "__len__")?;
    vm.range_len(r)
}

impl Vm {
    /// `len(r)`, which must fit a machine integer.
    pub fn range_len(&mut self, r: Value) -> PyResult {
        let n = part(r, &RANGE_LEN);
        if bigint::to_i64(n).is_some() {
            return Ok(n);
        }
        Err(self.overflow_error("Python int too large to convert to C ssize_t"))
    }

    /// A range of int objects; the step is not 0.
    pub fn new_range(&mut self, start: Value, stop: Value, step: Value) -> PyResult {
        let len = self.range_length(start, stop, step)?;
        let shape = self.kind_shape(Kind::Range);
        let r = self.ctx.alloc(shape, 4);
        RANGE_START.init(r, start);
        RANGE_STOP.init(r, stop);
        RANGE_STEP.init(r, step);
        RANGE_LEN.init(r, len);
        Ok(r)
    }

    fn range_length(&mut self, start: Value, stop: Value, step: Value) -> PyResult {
        let (low, high, size) =
            if is_negative(step) { (stop, start, self.int_neg(step)?) } else { (start, stop, step) };
        if bigint::order(low, high).is_ge() {
            return Ok(ZERO);
        }
        if let (Some(l), Some(h), Some(s)) = (low.as_int(), high.as_int(), size.as_int()) {
            // The difference of two small ints fits in 64 bits.
            let n = (h - l - 1) / s + 1;
            return Ok(self.int_from_i64(n));
        }
        let span = self.int_binary(BinOp::Sub, high, low)?;
        let last = self.int_binary(BinOp::Sub, span, ONE)?;
        let (steps, _) = self.int_div_mod(last, size)?;
        self.int_binary(BinOp::Add, steps, ONE)
    }

    /// Item `i` (an int object within the length).
    pub fn range_item(&mut self, r: Value, i: Value) -> PyResult {
        let (start, step) = (part(r, &RANGE_START), part(r, &RANGE_STEP));
        let offset = self.int_binary(BinOp::Mul, i, step)?;
        self.int_binary(BinOp::Add, start, offset)
    }

    /// `r[key]`.
    pub fn range_get_item(&mut self, r: Value, key: Value) -> PyResult {
        if self.kind(key) == Kind::Slice {
            return self.range_slice(r, key);
        }
        if int_operand(self, key).is_none() && self.special(key, self.names.index).is_none() {
            let text = format!("range indices must be integers or slices, not {}", self.class_name(key));
            return Err(self.type_error(text));
        }
        let (mut i, len) = (self.index_value(key)?, part(r, &RANGE_LEN));
        if is_negative(i) {
            i = self.int_binary(BinOp::Add, i, len)?;
        }
        if is_negative(i) || bigint::order(i, len).is_ge() {
            return Err(self.index_error("range object index out of range"));
        }
        self.range_item(r, i)
    }

    fn range_slice(&mut self, r: Value, key: Value) -> PyResult {
        let (start, stop, step) = slice::indices_of_len(self, key, part(r, &RANGE_LEN))?;
        let start = self.range_item(r, start)?;
        let stop = self.range_item(r, stop)?;
        let step = self.int_binary(BinOp::Mul, step, part(r, &RANGE_STEP))?;
        self.new_range(start, stop, step)
    }

    /// The same items from the last to the first.
    pub fn range_reversed(&mut self, r: Value) -> PyResult {
        let (start, step, len) = (part(r, &RANGE_START), part(r, &RANGE_STEP), part(r, &RANGE_LEN));
        let last = self.int_binary(BinOp::Sub, len, ONE)?;
        let first = self.range_item(r, last)?;
        let stop = self.int_binary(BinOp::Sub, start, step)?;
        let step = self.int_neg(step)?;
        self.new_range(first, stop, step)
    }

    /// `v in r`.
    pub fn range_contains(&mut self, r: Value, v: Value) -> PyResult<bool> {
        if matches!(self.kind(v), Kind::Int | Kind::BigInt | Kind::Bool)
            && let Some(i) = int_operand(self, v)
        {
            return Ok(self.range_position(r, i)?.is_some());
        }
        let it = self.iter(r)?;
        while let Some(item) = self.iter_next(it)? {
            if self.eq(item, v)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// At which index an int object stands in a range.
    fn range_position(&mut self, r: Value, i: Value) -> PyResult<Option<Value>> {
        let (start, stop, step) = (part(r, &RANGE_START), part(r, &RANGE_STOP), part(r, &RANGE_STEP));
        let inside = if is_negative(step) {
            bigint::order(i, start).is_le() && bigint::order(i, stop).is_gt()
        } else {
            bigint::order(i, start).is_ge() && bigint::order(i, stop).is_lt()
        };
        if !inside {
            return Ok(None);
        }
        let offset = self.int_binary(BinOp::Sub, i, start)?;
        let (q, rest) = self.int_div_mod(offset, step)?;
        Ok((rest == ZERO).then_some(q))
    }
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = this(vm, a[0], "__repr__")?;
    let (start, stop) = (vm.int_decimal(part(r, &RANGE_START))?, vm.int_decimal(part(r, &RANGE_STOP))?);
    let text = match part(r, &RANGE_STEP) {
        ONE => format!("range({start}, {stop})"),
        step => format!("range({start}, {stop}, {})", vm.int_decimal(step)?),
    };
    Ok(vm.str(&text))
}

fn is_plain_int(vm: &Vm, v: Value) -> bool {
    matches!(vm.kind(v), Kind::Int | Kind::BigInt | Kind::Bool)
}

fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (r, v) = (this(vm, a[0], "index")?, a[1]);
    if is_plain_int(vm, v)
        && let Some(i) = int_operand(vm, v)
    {
        return match vm.range_position(r, i)? {
            Some(at) => Ok(at),
            None => Err(vm.value_error("range.index(x): x not in range")),
        };
    }
    let (it, mut at) = (vm.iter(r)?, 0);
    while let Some(item) = vm.iter_next(it)? {
        if vm.eq(item, v)? {
            return Ok(Value::int(at));
        }
        at += 1;
    }
    Err(vm.value_error("sequence.index(x): x not in sequence"))
}

fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (r, v) = (this(vm, a[0], "count")?, a[1]);
    if is_plain_int(vm, v) {
        return Ok(Value::int(vm.range_contains(r, v)? as i64));
    }
    let (it, mut n) = (vm.iter(r)?, 0);
    while let Some(item) = vm.iter_next(it)? {
        n += vm.eq(item, v)? as i64;
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
    let t = vm.new_tuple(&[len, first, step])?;
    let h = vm.hash(t)?;
    Ok(vm.int_from_i64(h))
}
