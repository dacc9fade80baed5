//! `isinstance` and `issubclass` with tuples of classes and the hooks of metaclasses.

use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::tuple::tuple_items;
use hoop_object::vm::Vm;
use hoop_protocol::{attr, attributes, call, protocol};

/// `isinstance(v, class)`.
pub fn is_instance(vm: &mut Vm, v: Value, class: Value) -> PyResult<bool> {
    if vm.class_of(v) == class {
        return Ok(true);
    }
    if is_plain_class(vm, class) {
        return is_instance_plain(vm, v, class);
    }
    if let Some(t) = as_tuple(vm, class) {
        protocol::enter_native(vm)?;
        for &c in tuple_items(t) {
            if is_instance(vm, v, c)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let name = vm.names.instancecheck;
    if let Some(f) = attr::special(vm, class, name) {
        let r = call::call_special(vm, f, class, &[v])?;
        return protocol::truth(vm, r);
    }
    check_class_like(vm, class, "isinstance() arg 2 must be a type, a tuple of types, or a union")?;
    let name = vm.names.class;
    match attributes::getattr_opt(vm, v, name)? {
        Some(of) => is_below(vm, of, class),
        None => Ok(false),
    }
}

/// TypeError unless it is a class, or has bases like one.
fn check_class_like(vm: &mut Vm, v: Value, text: &str) -> PyResult<()> {
    if vm.kind(v) == Kind::Class || bases_of(vm, v)?.is_some() {
        return Ok(());
    }
    Err(vm.type_error(text))
}

/// The tuple `v.__bases__`.
fn bases_of(vm: &mut Vm, v: Value) -> PyResult<Option<Value>> {
    let name = vm.names.bases;
    let bases = attributes::getattr_opt(vm, v, name)?.map(|b| vm.unwrap(b));
    Ok(bases.filter(|&b| vm.kind(b) == Kind::Tuple))
}

/// Is `class` among the bases of something like a class, at whatever height?
fn is_below(vm: &mut Vm, sub: Value, class: Value) -> PyResult<bool> {
    protocol::enter_native(vm)?;
    if sub == class {
        return Ok(true);
    }
    let Some(bases) = bases_of(vm, sub)? else { return Ok(false) };
    for &b in tuple_items(bases) {
        if is_below(vm, b, class)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// By the class, or by what the instance says its `__class__` is.
#[inline]
pub fn is_instance_plain(vm: &mut Vm, v: Value, class: Value) -> PyResult<bool> {
    let of = vm.class_of(v);
    if vm.is_subclass(of, class) {
        return Ok(true);
    }
    if !claims_class(vm, of) {
        return Ok(false);
    }
    let name = vm.names.class;
    let claimed = attributes::getattr_opt(vm, v, name)?;
    Ok(claimed.is_some_and(|c| vm.kind(c) == Kind::Class && vm.is_subclass(c, class)))
}

/// Can instances of the class say that they are of another one?
#[inline]
pub fn claims_class(vm: &Vm, class: Value) -> bool {
    hoop_object::class::class_data(class).is_heap
        && (attr::overrides(vm, class, vm.names.class) || attr::overrides(vm, class, vm.names.getattribute))
}

/// `issubclass(sub, class)`.
pub fn is_subclass_of(vm: &mut Vm, sub: Value, class: Value) -> PyResult<bool> {
    if is_plain_class(vm, class) {
        return is_subclass_plain(vm, sub, class);
    }
    if let Some(t) = as_tuple(vm, class) {
        protocol::enter_native(vm)?;
        for &c in tuple_items(t) {
            if is_subclass_of(vm, sub, c)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let name = vm.names.subclasscheck;
    if let Some(f) = attr::special(vm, class, name) {
        let r = call::call_special(vm, f, class, &[sub])?;
        return protocol::truth(vm, r);
    }
    is_subclass_plain(vm, sub, class)
}

/// By the resolution order of a class, or the bases of what is like one.
#[inline]
pub fn is_subclass_plain(vm: &mut Vm, sub: Value, class: Value) -> PyResult<bool> {
    if vm.kind(sub) == Kind::Class && vm.kind(class) == Kind::Class {
        return Ok(vm.is_subclass(sub, class));
    }
    check_class_like(vm, sub, "issubclass() arg 1 must be a class")?;
    check_class_like(vm, class, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
    is_below(vm, sub, class)
}

/// A class whose metaclass is `type` itself: no hooks.
fn is_plain_class(vm: &Vm, class: Value) -> bool {
    vm.kind(class) == Kind::Class && vm.class_of(class) == vm.types.type_
}

fn as_tuple(vm: &Vm, v: Value) -> Option<Value> {
    let inner = vm.unwrap(v);
    (vm.kind(inner) == Kind::Tuple).then_some(inner)
}
