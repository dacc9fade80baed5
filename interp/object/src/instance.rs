//! Instances, over any engine.

use crate::class::class_data;
use crate::layout::*;
use crate::vm::PyEngine;
use hoop_gc::Value;

/// A new instance of a class whose instances are of kind `Instance` and have no finalizer: its slots unbound, nothing
/// called.
#[inline]
pub fn new_instance<E: PyEngine>(e: &mut E, class: Value) -> E::Val {
    let data = class_data(class);
    let (shape, inline) = (data.root_shape, data.inline);
    let v = e.new_object(shape, u32::from(INSTANCE_FIXED) + u32::from(inline), inline);
    let unbound = e.val(Value::UNBOUND);
    let fixed = e.vm().shapes.get(shape).names.len();
    for (k, _) in (0..inline).zip(0..fixed) {
        e.set(v, &slot(k), unbound);
    }
    v
}
