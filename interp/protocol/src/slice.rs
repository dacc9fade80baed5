//! The class `slice`.

use crate::attributes::{self, GetSet};
use crate::{attr, native, protocol};
use hoop_gc::Value;
use hoop_object::bigint::{self, is_negative};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::{SLICE_START, SLICE_STEP, SLICE_STOP};
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::rows::NativeDef;
use hoop_object::vm::Vm;
use hoop_object::{text, tuple};

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, *args", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("indices", "$self, object, /", indices),
    NativeDef::new("__eq__", "$self, value, /", |vm, a| compare(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "$self, value, /", |vm, a| compare(vm, CmpOp::Ne, a)),
    NativeDef::new("__lt__", "$self, value, /", |vm, a| compare(vm, CmpOp::Lt, a)),
    NativeDef::new("__le__", "$self, value, /", |vm, a| compare(vm, CmpOp::Le, a)),
    NativeDef::new("__gt__", "$self, value, /", |vm, a| compare(vm, CmpOp::Gt, a)),
    NativeDef::new("__ge__", "$self, value, /", |vm, a| compare(vm, CmpOp::Ge, a)),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__reduce__", "$self, /", |vm, a| {
        let args = as_tuple(vm, a[0], "__reduce__")?;
        let class = vm.types.slice;
        tuple::new_tuple(vm, &[class, args])
    }),
];

const GETTERS: &[GetSet] = &[
    GetSet { name: "start", get: |_, s| Ok(parts(s)[0]), set: None },
    GetSet { name: "stop", get: |_, s| Ok(parts(s)[1]), set: None },
    GetSet { name: "step", get: |_, s| Ok(parts(s)[2]), set: None },
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.slice;
    vm.add_methods(class, METHODS);
    attributes::add_getsets(vm, class, GETTERS);
}

/// Start, stop and step of a slice object, None where absent.
#[inline]
pub fn parts(s: Value) -> [Value; 3] {
    [&SLICE_START, &SLICE_STOP, &SLICE_STEP]
        .map(|f| f.read(s).filter(|&v| v != Value::UNBOUND).unwrap_or(Value::NONE))
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    if vm.kind(v) == Kind::Slice { Ok(v) } else { Err(native::receiver_error(vm, v, "slice", method)) }
}

fn as_tuple(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    let s = this(vm, v, method)?;
    tuple::new_tuple(vm, &parts(s))
}

/// A slice object.
#[inline]
pub fn new_slice(vm: &mut Vm, start: Value, stop: Value, step: Value) -> Value {
    let shape = vm.kind_shape(Kind::Slice);
    let s = vm.ctx.alloc(shape, 3);
    SLICE_START.init(s, start);
    SLICE_STOP.init(s, stop);
    SLICE_STEP.init(s, step);
    s
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (start, stop, step) = match a[1..] {
        [stop] => (Value::NONE, stop, Value::NONE),
        [start, stop] => (start, stop, Value::NONE),
        [start, stop, step] => (start, stop, step),
        [] => return Err(vm.type_error("slice expected at least 1 argument, got 0")),
        _ => return Err(vm.type_error(format!("slice expected at most 3 arguments, got {}", a.len() - 1))),
    };
    Ok(new_slice(vm, start, stop, step))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__repr__")?;
    let mut shown = Vec::new();
    for v in parts(s) {
        shown.push(protocol::repr_text(vm, v)?);
    }
    Ok(text::str(vm, &format!("slice({})", shown.join(", "))))
}

fn compare(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    if vm.kind(a[1]) != Kind::Slice {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let x = as_tuple(vm, a[0], "__eq__")?;
    let y = tuple::new_tuple(vm, &parts(a[1]))?;
    protocol::compare(vm, op, x, y)
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__hash__")?;
    let mut acc = hoop_object::hash::TupleHash::new();
    for v in parts(s) {
        acc.add(protocol::hash(vm, v)?);
    }
    Ok(bigint::int_from_i64(vm, acc.finish_three()))
}

fn indices(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "indices")?;
    let len = protocol::index_value(vm, a[1])?;
    if is_negative(len) {
        return Err(vm.value_error("length should not be negative"));
    }
    let (start, stop, step) = indices_of_len(vm, s, len)?;
    tuple::new_tuple(vm, &[start, stop, step])
}

fn index_part(vm: &mut Vm, v: Value) -> PyResult {
    if vm.kind(v) != Kind::Bool && !v.is_int() && attr::special(vm, v, vm.names.index).is_none() {
        return Err(vm.type_error("slice indices must be integers or None or have an __index__ method"));
    }
    protocol::index_value(vm, v)
}

/// Start, stop and step of a slice of a sequence whose length is an int object of any size.
pub fn indices_of_len(vm: &mut Vm, s: Value, len: Value) -> PyResult<(Value, Value, Value)> {
    let [start, stop, step] = parts(s);
    let step = if step == Value::NONE { Value::int(1) } else { index_part(vm, step)? };
    if step == Value::int(0) {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let backwards = is_negative(step);
    let (low, high) = match backwards {
        true => (Value::int(-1), bigint::int_binary(vm, BinOp::Sub, len, Value::int(1))?),
        false => (Value::int(0), len),
    };
    let start = match start {
        Value::NONE => {
            if backwards {
                high
            } else {
                low
            }
        }
        v => place(vm, v, len, (low, high))?,
    };
    let stop = match stop {
        Value::NONE => {
            if backwards {
                low
            } else {
                high
            }
        }
        v => place(vm, v, len, (low, high))?,
    };
    Ok((start, stop, step))
}

/// An index counted from the end if negative, within bounds.
fn place(vm: &mut Vm, v: Value, len: Value, (low, high): (Value, Value)) -> PyResult {
    let i = index_part(vm, v)?;
    if !is_negative(i) {
        return Ok(if bigint::order(i, high).is_gt() { high } else { i });
    }
    let i = bigint::int_binary(vm, BinOp::Add, i, len)?;
    Ok(if bigint::order(i, low).is_lt() { low } else { i })
}
