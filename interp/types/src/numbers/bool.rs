//! The class `bool`.

use hoop_gc::Value;
use hoop_object::bigint::{self, operand};
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::operator::BinOp;
use hoop_object::rows::NativeDef;
use hoop_object::text;
use hoop_object::vm::Vm;
use hoop_protocol::protocol;

const METHODS: &[NativeDef] = &[
    NativeDef::new("__new__", "$type, object=False, /", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", repr),
    NativeDef::new("__and__", "$self, value, /", |vm, a| logical(vm, BinOp::And, a[0], a[1])),
    NativeDef::new("__rand__", "$self, value, /", |vm, a| logical(vm, BinOp::And, a[1], a[0])),
    NativeDef::new("__or__", "$self, value, /", |vm, a| logical(vm, BinOp::Or, a[0], a[1])),
    NativeDef::new("__ror__", "$self, value, /", |vm, a| logical(vm, BinOp::Or, a[1], a[0])),
    NativeDef::new("__xor__", "$self, value, /", |vm, a| logical(vm, BinOp::Xor, a[0], a[1])),
    NativeDef::new("__rxor__", "$self, value, /", |vm, a| logical(vm, BinOp::Xor, a[1], a[0])),
];

pub fn init(vm: &mut Vm) {
    let class = vm.types.bool_;
    vm.add_methods(class, METHODS);
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[0] != vm.types.bool_ {
        let text = match vm.kind(a[0]) {
            Kind::Class => {
                let got = vm.name_of_class(a[0]);
                format!("bool.__new__({got}): {got} is not a subtype of bool")
            }
            _ => format!("bool.__new__(X): X is not a type object ({})", vm.class_name(a[0])),
        };
        return Err(vm.type_error(text));
    }
    Ok(Value::bool(a[1] != Value::UNBOUND && protocol::truth(vm, a[1])?))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text: &[u8] = if a[0] == Value::TRUE { b"True" } else { b"False" };
    Ok(text::intern(vm, text))
}

/// `&`, `|`, `^`: a bool for two bools, else an int.
fn logical(vm: &mut Vm, op: BinOp, x: Value, y: Value) -> PyResult {
    let both = vm.kind(x) == Kind::Bool && vm.kind(y) == Kind::Bool;
    let (Some(x), Some(y)) = (operand(vm, x), operand(vm, y)) else { return Ok(Value::NOT_IMPLEMENTED) };
    let r = bigint::int_binary(vm, op, x, y)?;
    Ok(if both { Value::bool(r == Value::int(1)) } else { r })
}
