//! What several native modules need.

use hoop_gc::{ShapeId, Value};
use hoop_object::class::class_data;
use hoop_object::errors::PyResult;
use hoop_object::foreign::{self, Foreign};
use hoop_object::kind::Kind;
use hoop_object::layout::MODULE_DICT;
use hoop_object::tuple;
use hoop_object::vm::Vm;

/// The namespace of a module.
#[inline]
pub fn names_of(module: Value) -> Value {
    MODULE_DICT.read(module).unwrap_or(Value::NONE)
}

/// A tuple of two.
#[inline]
pub fn pair(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    tuple::new_tuple(vm, &[a, b])
}

/// The shape of the plain instances of a native class.
fn shape_of_class(class: Value) -> ShapeId {
    class_data(class).root_shape
}

/// The native class that `class` is or extends: the first one on its MRO whose instances are foreign objects.
fn native_base(class: Value) -> Value {
    let data = class_data(class);
    if data.kind == Kind::Foreign {
        return class;
    }
    let found = data.mro.iter().copied().find(|&c| class_data(c).kind == Kind::Foreign);
    found.unwrap_or(class)
}

/// An instance of a native class, or of a class that extends it, around a Rust struct.
#[inline]
pub fn new_object<T: Foreign>(vm: &mut Vm, class: Value, value: T) -> Value {
    let base = native_base(class);
    let object = vm.new_foreign(shape_of_class(base), value);
    if base == class { object } else { vm.new_payload_instance(class, object) }
}

/// The Rust struct of an instance of a native class. TypeError if it is something else.
#[allow(clippy::mut_from_ref)]
#[inline]
pub fn state_of<'a, T: Foreign>(vm: &mut Vm, v: Value, class: &str) -> PyResult<&'a mut T> {
    let inner = vm.unwrap(v);
    if vm.kind(inner) == Kind::Foreign
        && let Some(state) = foreign::get::<T>(inner)
    {
        return Ok(state);
    }
    let text = format!("descriptor requires a '{class}' object but received a '{}'", vm.class_name(v));
    Err(vm.type_error(text))
}
