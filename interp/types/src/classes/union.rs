//! `typing.Union`: what `int | str` is. Answers `isinstance` and `issubclass`, and remembers its members.

use crate::classes::generic_alias::show_part;
use crate::classes::object;
use crate::functions::builtins::instances;
use hoop_gc::{Marker, Value};
use hoop_object::errors::PyResult;
use hoop_object::foreign::{self, Foreign};
use hoop_object::kind::Kind;
use hoop_object::rows::NativeDef;
use hoop_object::tuple::{self, ValueVec, tuple_items};
use hoop_object::vm::Vm;
use hoop_object::{bigint, text};
use hoop_protocol::protocol;

struct Union {
    /// A tuple of at least two members, none twice.
    args: Value,
}

impl Foreign for Union {
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.args);
    }
}

const STATE: &str = "typing.Union";

/// The class itself, made when first needed.
fn class(vm: &mut Vm) -> PyResult {
    if let Some(&class) = vm.module_state.get(STATE) {
        return Ok(class);
    }
    let class = object::new_native_class(vm, "Union", "typing", Kind::Foreign, METHODS)?;
    object::add_getters(vm, class, GETTERS);
    vm.module_state.insert(STATE, class);
    Ok(class)
}

fn args_of(vm: &Vm, v: Value) -> Option<Value> {
    if vm.kind(v) != Kind::Foreign {
        return None;
    }
    foreign::get::<Union>(v).map(|u| u.args)
}

fn this(vm: &mut Vm, v: Value) -> PyResult {
    match args_of(vm, v) {
        Some(args) => Ok(args),
        None => {
            let text = format!("a 'typing.Union' object is required, not '{}'", vm.class_name(v));
            Err(vm.type_error(text))
        }
    }
}

/// `a | b` for classes and what may stand for them; NotImplemented for anything else.
#[inline]
pub fn or(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut members = ValueVec::new();
    for &v in &a[..2] {
        if !add_members(vm, &mut members, v)? {
            return Ok(Value::NOT_IMPLEMENTED);
        }
    }
    if let [only] = *members.as_slice() {
        return Ok(only);
    }
    let args = tuple::new_tuple(vm, members.as_slice())?;
    let class = class(vm)?;
    let shape = object::native_shape(class);
    Ok(vm.new_foreign(shape, Union { args }))
}

fn reflected_or(vm: &mut Vm, a: &[Value]) -> PyResult {
    or(vm, &[a[1], a[0]])
}

/// Adds the members that `v` stands for; false if it cannot be part of a union.
fn add_members(vm: &mut Vm, members: &mut ValueVec, v: Value) -> PyResult<bool> {
    if let Some(args) = args_of(vm, v) {
        let all_new = members.as_slice().is_empty();
        for &m in tuple_items(args) {
            if all_new {
                members.push(vm, m)?;
            } else {
                add_member(vm, members, m)?;
            }
        }
        return Ok(true);
    }
    match vm.kind(v) {
        Kind::None => {
            let none = vm.types.none_type;
            add_member(vm, members, none)?;
        }
        Kind::Class => add_member(vm, members, v)?,
        Kind::Foreign if crate::classes::generic_alias::is_alias(vm, v) => add_member(vm, members, v)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn add_member(vm: &mut Vm, members: &mut ValueVec, v: Value) -> PyResult<()> {
    for i in 0..members.as_slice().len() {
        let m = members.as_slice()[i];
        if protocol::eq(vm, m, v)? {
            return Ok(());
        }
    }
    members.push(vm, v)
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let args = this(vm, a[0])?;
    let mut parts = Vec::new();
    for &m in tuple_items(args) {
        parts.push(if m == vm.types.none_type { "None".to_string() } else { show_part(vm, m)? });
    }
    Ok(text::str(vm, &parts.join(" | ")))
}

fn eq(vm: &mut Vm, a: &[Value]) -> PyResult {
    let args = this(vm, a[0])?;
    let Some(others) = args_of(vm, a[1]) else { return Ok(Value::NOT_IMPLEMENTED) };
    let same_count = tuple_items(args).len() == tuple_items(others).len();
    for &m in tuple_items(args) {
        if !same_count || !contains(vm, others, m)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::bool(same_count))
}

fn contains(vm: &mut Vm, members: Value, v: Value) -> PyResult<bool> {
    for &m in tuple_items(members) {
        if protocol::eq(vm, m, v)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The order of the members does not matter.
fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let args = this(vm, a[0])?;
    let mut h = 0;
    for &m in tuple_items(args) {
        h ^= protocol::hash(vm, m)?;
    }
    Ok(bigint::int_from_i64(vm, h))
}

fn instance_check(vm: &mut Vm, a: &[Value]) -> PyResult {
    let args = this(vm, a[0])?;
    Ok(Value::bool(instances::is_instance(vm, a[1], args)?))
}

fn subclass_check(vm: &mut Vm, a: &[Value]) -> PyResult {
    let args = this(vm, a[0])?;
    Ok(Value::bool(instances::is_subclass_of(vm, a[1], args)?))
}

const METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", reflected_or),
    NativeDef::new("__instancecheck__", "$self, instance, /", instance_check),
    NativeDef::new("__subclasscheck__", "$self, class, /", subclass_check),
];

const GETTERS: &[hoop_protocol::attributes::Getter] = &[("__args__", |vm, v| this(vm, v))];

const CLASS_OPERATORS: &[NativeDef] = &[
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", reflected_or),
];

/// Classes, and what subscripted classes are, take part in unions.
#[inline]
pub fn add_operators(vm: &mut Vm, class: Value) {
    vm.add_methods(class, CLASS_OPERATORS);
}

pub fn init(vm: &mut Vm) {
    let class = vm.types.type_;
    add_operators(vm, class);
}
