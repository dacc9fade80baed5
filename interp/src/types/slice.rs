//! The class `slice`.

use super::attributes::GetSet;
use super::bigint;
use super::int::is_negative;
use crate::errors::PyResult;
use crate::native::NativeDef;
use crate::objects::Kind;
use crate::objects::layout::{SLICE_START, SLICE_STEP, SLICE_STOP};
use crate::operator::{BinOp, CmpOp};
use crate::vm::Vm;
use hoop_gc::Value;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "cls, *args", new),
    NativeDef::new("__repr__", "self, /", repr),
    NativeDef::new("indices", "self, len, /", indices),
    NativeDef::new("__eq__", "self, other, /", |vm, a| compare(vm, CmpOp::Eq, a)),
    NativeDef::new("__ne__", "self, other, /", |vm, a| compare(vm, CmpOp::Ne, a)),
    NativeDef::new("__lt__", "self, other, /", |vm, a| compare(vm, CmpOp::Lt, a)),
    NativeDef::new("__le__", "self, other, /", |vm, a| compare(vm, CmpOp::Le, a)),
    NativeDef::new("__gt__", "self, other, /", |vm, a| compare(vm, CmpOp::Gt, a)),
    NativeDef::new("__ge__", "self, other, /", |vm, a| compare(vm, CmpOp::Ge, a)),
    NativeDef::new("__hash__", "self, /", hash),
    NativeDef::new("__reduce__", "self, /", |vm, a| {
        let args = as_tuple(vm, a[0], "__reduce__")?;
        let class = vm.types.slice;
        vm.new_tuple(&[class, args])
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
    vm.add_getsets(class, GETTERS);
}

/// Start, stop and step of a slice object, None where absent.
pub fn parts(s: Value) -> [Value; 3] {
    [&SLICE_START, &SLICE_STOP, &SLICE_STEP]
        .map(|f| f.read(s).filter(|&v| v != Value::UNBOUND).unwrap_or(Value::NONE))
}

fn this(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    if vm.kind(v) == Kind::Slice { Ok(v) } else { Err(vm.receiver_error(v, "slice", method)) }
}

fn as_tuple(vm: &mut Vm, v: Value, method: &str) -> PyResult {
    let s = this(vm, v, method)?;
    vm.new_tuple(&parts(s))
}

impl Vm {
    /// A slice object.
    pub fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        let shape = self.kind_shape(Kind::Slice);
        let s = self.ctx.alloc(shape, 3);
        SLICE_START.init(s, start);
        SLICE_STOP.init(s, stop);
        SLICE_STEP.init(s, step);
        s
    }
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (start, stop, step) = match a[1..] {
        [stop] => (Value::NONE, stop, Value::NONE),
        [start, stop] => (start, stop, Value::NONE),
        [start, stop, step] => (start, stop, step),
        [] => return Err(vm.type_error("slice expected at least 1 argument, got 0")),
        _ => return Err(vm.type_error(format!("slice expected at most 3 arguments, got {}", a.len() - 1))),
    };
    Ok(vm.new_slice(start, stop, step))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__repr__")?;
    let mut shown = Vec::new();
    for v in parts(s) {
        shown.push(vm.repr_text(v)?);
    }
    Ok(vm.str(&format!("slice({})", shown.join(", "))))
}

fn compare(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    if vm.kind(a[1]) != Kind::Slice {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let x = as_tuple(vm, a[0], "__eq__")?;
    let y = vm.new_tuple(&parts(a[1]))?;
    vm.compare(op, x, y)
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "__hash__")?;
    let mut acc = crate::hash::TupleHash::new();
    for v in parts(s) {
        acc.add(vm.hash(v)?);
    }
    Ok(vm.int_from_i64(acc.finish_three()))
}

fn indices(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(vm, a[0], "indices")?;
    let len = vm.index_value(a[1])?;
    if is_negative(len) {
        return Err(vm.value_error("length should not be negative"));
    }
    let (start, stop, step) = indices_of_len(vm, s, len)?;
    vm.new_tuple(&[start, stop, step])
}

fn index_part(vm: &mut Vm, v: Value) -> PyResult {
    if vm.kind(v) != Kind::Bool && !v.is_int() && vm.special(v, vm.names.index).is_none() {
        return Err(vm.type_error("slice indices must be integers or None or have an __index__ method"));
    }
    vm.index_value(v)
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
        true => (Value::int(-1), vm.int_binary(BinOp::Sub, len, Value::int(1))?),
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
    let i = vm.int_binary(BinOp::Add, i, len)?;
    Ok(if bigint::order(i, low).is_lt() { low } else { i })
}
