//! `getattr` and `hasattr` of instances with a name that is a fact of the trace.

use crate::ops::attr;
use hoop_engine::Reg;
use hoop_gc::{ShapeId, Value};
use hoop_object::cache::Attr;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::text;
use hoop_object::vm::PyEngine;

/// What is known of an instance's attribute without running anything.
enum Known<V> {
    Value(V),
    /// Found on the class.
    OnClass(Attr),
    Missing,
}

/// Nothing: the general protocol decides.
fn look<E: PyEngine>(
    e: &mut E,
    object: E::Val,
    shape: ShapeId,
    name: E::Val,
) -> Option<(Known<E::Val>, Value)> {
    let name_shape = e.shape_of(name);
    if e.vm().shapes.kind(name_shape) != Kind::Str || e.vm().shapes.kind(shape) != Kind::Instance {
        return None;
    }
    let name = e.promote(name);
    let name = text::intern_str(e.vm(), name);
    let found = hoop_protocol::attr::find_attr(e.vm(), shape, name);
    if !attr::may_assume_attr(e, shape, name) {
        return None;
    }
    let known = match found {
        Attr::Slot(number) => {
            let v = e.get(object, &slot(number));
            if e.is(v, Value::UNBOUND) {
                return None;
            }
            Known::Value(v)
        }
        Attr::Plain(_) | Attr::StaticMethod(_) | Attr::Function(_) | Attr::Builtin(_) => {
            Known::OnClass(found)
        }
        Attr::Missing if !has_fallback(e, shape) => Known::Missing,
        _ => return None,
    };
    Some((known, name))
}

/// Does the class have a `__getattr__`?
fn has_fallback<E: PyEngine>(e: &mut E, shape: ShapeId) -> bool {
    let vm = e.vm();
    let name = vm.names.getattr;
    vm.shapes.get(shape).class.is_none_or(|class| hoop_protocol::attr::lookup(vm, class, name).is_some())
}

/// `getattr(object, name, default)`. Nothing: call the native function.
pub fn getattr<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    object: E::Val,
    name: E::Val,
    default: Option<E::Val>,
) -> Result<Option<()>, Raise> {
    let shape = e.shape_of(object);
    let Some((known, name)) = look(e, object, shape, name) else { return Ok(None) };
    match (known, default) {
        (Known::Value(v), _) | (Known::Missing, Some(v)) => e.store(dst, v),
        (Known::OnClass(found), _) => attr::load_found(e, dst, object, shape, found, name)?,
        (Known::Missing, None) => return Ok(None),
    }
    Ok(Some(()))
}

/// `hasattr(object, name)`.
pub fn hasattr<E: PyEngine>(e: &mut E, object: E::Val, name: E::Val) -> Option<E::Val> {
    let shape = e.shape_of(object);
    let (known, _) = look(e, object, shape, name)?;
    Some(e.val(Value::bool(!matches!(known, Known::Missing))))
}
