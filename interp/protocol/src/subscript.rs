//! Subscripts: `o[k]`, `o[k] = v`, `del o[k]`, `k in o`, and what slices mean.

use crate::{attr, bytes, call, iterators, list_slice, protocol, sets};
use hoop_gc::{INT_MAX, INT_MIN, Value};
use hoop_object::class::class_data;
use hoop_object::errors::{PyResult, Raise};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list::{self, list_len};
use hoop_object::text::{str_bytes, str_len};
use hoop_object::tuple::{self, tuple_items, tuple_len};
use hoop_object::vm::Vm;
use hoop_object::{dict, strs};

/// `s[key]`.
pub fn str_get_item(vm: &mut Vm, s: Value, key: Value) -> PyResult {
    let i = match key.as_int() {
        Some(i) => i,
        None if vm.kind(key) == Kind::Slice => {
            let (start, stop, step, count) = slice_indices(vm, key, str_len(s))?;
            return strs::str_slice(vm, s, start, stop, step, count);
        }
        None if has_index(vm, key) => protocol::index_subscript(vm, key)?,
        None => {
            let text = format!("string indices must be integers, not '{}'", vm.class_name(key));
            return Err(vm.type_error(text));
        }
    };
    let at = if i < 0 { i + str_len(s) as i64 } else { i };
    if at < 0 || at >= str_len(s) as i64 {
        return Err(vm.index_error("string index out of range"));
    }
    strs::str_char(vm, s, at as usize)
}

/// Can the value be an index (an int, or something with `__index__`)?
#[inline]
pub fn has_index(vm: &Vm, v: Value) -> bool {
    matches!(vm.kind(v), Kind::Int | Kind::BigInt | Kind::Bool)
        || attr::special(vm, v, vm.names.index).is_some()
}

/// The parts of a slice: start, stop, step; absent ones as the step's direction wants them, huge ones clamped.
pub fn slice_unpack(vm: &mut Vm, slice: Value) -> PyResult<(i64, i64, i64)> {
    let part = |f: &hoop_engine::Field<hoop_engine::V>| f.read(slice).unwrap_or(Value::NONE);
    let (start, stop, step) = (part(&SLICE_START), part(&SLICE_STOP), part(&SLICE_STEP));
    let step = slice_part(vm, step)?.unwrap_or(1);
    if step == 0 {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let (first, last) = if step < 0 { (INT_MAX, INT_MIN) } else { (0, INT_MAX) };
    let start = slice_part(vm, start)?.unwrap_or(first);
    let stop = slice_part(vm, stop)?.unwrap_or(last);
    Ok((start, stop, step))
}

fn slice_part(vm: &mut Vm, v: Value) -> PyResult<Option<i64>> {
    if v == Value::NONE || v == Value::UNBOUND {
        return Ok(None);
    }
    if let Some(i) = v.as_int() {
        return Ok(Some(i));
    }
    if !has_index(vm, v) {
        return Err(vm.type_error("slice indices must be integers or None or have an __index__ method"));
    }
    protocol::index_clamped(vm, v).map(Some)
}

/// Start, stop, step and number of items of a slice of a sequence of this length.
#[inline]
pub fn slice_indices(vm: &mut Vm, slice: Value, len: usize) -> PyResult<(i64, i64, i64, usize)> {
    let (start, stop, step) = slice_unpack(vm, slice)?;
    Ok(slice_adjust(len, start, stop, step))
}

/// A subscript as a position in a sequence of the length that `len` gives; nothing if it is a slice.
fn position(
    vm: &mut Vm,
    o: Value,
    key: Value,
    what: &str,
    len: fn(Value) -> usize,
) -> PyResult<Option<usize>> {
    let i = match key.as_int() {
        Some(i) => i,
        None if vm.kind(key) == Kind::Slice => return Ok(None),
        None if has_index(vm, key) => protocol::index_subscript(vm, key)?,
        None => {
            let name = vm.class_name(key);
            let class = vm.class_name(o);
            return Err(vm.type_error(format!("{class} indices must be integers or slices, not {name}")));
        }
    };
    let n = len(o) as i64;
    let at = if i < 0 { i + n } else { i };
    if at < 0 || at >= n {
        return Err(vm.index_error(format!("{what} out of range")));
    }
    Ok(Some(at as usize))
}

/// `o[k]`.
pub fn get_item(vm: &mut Vm, o: Value, k: Value) -> PyResult {
    match vm.kind(o) {
        kind if kind.is_list() => list_get_item(vm, o, k),
        Kind::Tuple => tuple_get_item(vm, o, k),
        kind if kind.is_dict() => match dict::get(vm, o, k)? {
            Some(v) => Ok(v),
            None => Err(vm.key_error(k)),
        },
        Kind::Str => crate::subscript::str_get_item(vm, o, k),
        Kind::Bytes => bytes::bytes_get_item(vm, o, k),
        _ => match attr::special(vm, o, vm.names.getitem) {
            Some(f) => call::call_special(vm, f, o, &[k]),
            _ => get_item_of_class(vm, o, k),
        },
    }
}

/// `o[k]` of something without `__getitem__`: a class may have `__class_getitem__`.
fn get_item_of_class(vm: &mut Vm, o: Value, k: Value) -> PyResult {
    if vm.kind(o) != Kind::Class {
        let text = format!("'{}' object is not subscriptable", vm.class_name(o));
        return Err(vm.type_error(text));
    }
    if o == vm.types.type_ {
        return (vm.hooks.new_alias)(vm, o, k);
    }
    let name = vm.names.class_getitem;
    match attr::lookup(vm, o, name) {
        Some(_) => call::call_method(vm, o, name, &[k]),
        _ => {
            let text = format!("type '{}' is not subscriptable", vm.name_of_class(o));
            Err(vm.type_error(text))
        }
    }
}

/// `o[k] = v`.
#[inline]
pub fn set_item(vm: &mut Vm, o: Value, k: Value, v: Value) -> PyResult<()> {
    match vm.kind(o) {
        kind if kind.is_list() => list_assign_item(vm, o, k, v),
        kind if kind.is_dict() => dict::set(vm, o, k, v),
        _ => match attr::special(vm, o, vm.names.setitem) {
            Some(f) => call::call_special(vm, f, o, &[k, v]).map(|_| ()),
            None if is_special_of_python(vm, o, vm.names.delitem) => Err(vm.attribute_error("__setitem__")),
            None => {
                let text = format!("'{}' object does not support item assignment", vm.class_name(o));
                Err(vm.type_error(text))
            }
        },
    }
}

/// `del o[k]`.
pub fn del_item(vm: &mut Vm, o: Value, k: Value) -> PyResult<()> {
    match vm.kind(o) {
        kind if kind.is_list() => list_del_item(vm, o, k),
        kind if kind.is_dict() => match dict::remove(vm, o, k)? {
            Some(_) => Ok(()),
            None => Err(vm.key_error(k)),
        },
        _ => match attr::special(vm, o, vm.names.delitem) {
            Some(f) => call::call_special(vm, f, o, &[k]).map(|_| ()),
            None if is_special_of_python(vm, o, vm.names.setitem) => Err(vm.attribute_error("__delitem__")),
            None => Err(no_deletion(vm, o, k)),
        },
    }
}

/// Whether a class written in Python, which has assignment and deletion of items in common, has one of the two.
fn is_special_of_python(vm: &mut Vm, o: Value, name: Value) -> bool {
    class_data(vm.class_of(o)).is_heap && attr::special(vm, o, name).is_some()
}

#[cold]
fn no_deletion(vm: &mut Vm, o: Value, k: Value) -> Raise {
    let class = vm.class_of(o);
    let [getitem, len] = [vm.names.getitem, vm.names.len];
    let is_sequence = class_data(class).is_heap
        || attr::special(vm, o, getitem).is_some()
        || attr::special(vm, o, len).is_some();
    let not = if is_sequence && has_index(vm, k) { "doesn't" } else { "does not" };
    let name = vm.name_of_class(class);
    vm.type_error(format!("'{name}' object {not} support item deletion"))
}

/// `list[k]`.
#[inline]
pub fn list_get_item(vm: &mut Vm, l: Value, k: Value) -> PyResult {
    match position(vm, l, k, "list index", list_len)? {
        Some(i) => Ok(list::item(vm, l, i)),
        None => list_slice::list_get_slice(vm, l, k),
    }
}

/// `list[k] = v`.
#[inline]
pub fn list_assign_item(vm: &mut Vm, l: Value, k: Value, v: Value) -> PyResult<()> {
    match position(vm, l, k, "list assignment index", list_len)? {
        Some(i) => list::set_item(vm, l, i, v),
        None => list_slice::list_set_slice(vm, l, k, v),
    }
}

/// `del list[k]`.
#[inline]
pub fn list_del_item(vm: &mut Vm, l: Value, k: Value) -> PyResult<()> {
    match position(vm, l, k, "list assignment index", list_len)? {
        Some(i) => {
            list::remove(vm, l, i);
            Ok(())
        }
        None => list_slice::list_del_slice(vm, l, k),
    }
}

/// `tuple[k]`.
pub fn tuple_get_item(vm: &mut Vm, t: Value, k: Value) -> PyResult {
    if let Some(i) = position(vm, t, k, "tuple index", tuple_len)? {
        return Ok(tuple_items(t)[i]);
    }
    let (start, stop, step, count) = slice_indices(vm, k, tuple_len(t))?;
    if step == 1 {
        if count == tuple_len(t) {
            return Ok(t);
        }
        let start = start as usize;
        return tuple::new_tuple(
            vm,
            tuple_items(t).get(start..stop.max(start as i64) as usize).unwrap_or(&[]),
        );
    }
    crate::tuples::build(vm, count, |i| tuple_items(t)[(start + i as i64 * step) as usize])
}

/// `item in container`.
pub fn contains(vm: &mut Vm, container: Value, item: Value) -> PyResult<bool> {
    match vm.kind(container) {
        kind if kind.is_list() => list_slice::list_contains(vm, container, item),
        Kind::Tuple => crate::tuples::contains(vm, container, item),
        kind if kind.is_dict() => dict::contains(vm, container, item),
        kind if kind.is_set() => sets::set_contains(vm, container, item),
        Kind::Str if vm.kind(item) == Kind::Str => {
            Ok(hoop_text::text::contains(str_bytes(container), str_bytes(item)))
        }
        _ => match attr::special(vm, container, vm.names.contains) {
            Some(Value::NONE) => {
                let text = format!("'{}' object is not a container", vm.class_name(container));
                Err(vm.type_error(text))
            }
            Some(f) => {
                let r = call::call_special(vm, f, container, &[item])?;
                protocol::truth(vm, r)
            }
            None => contains_by_iteration(vm, container, item),
        },
    }
}

fn contains_by_iteration(vm: &mut Vm, container: Value, item: Value) -> PyResult<bool> {
    if !iterators::is_iterable(vm, container) {
        let text = format!("argument of type '{}' is not a container or iterable", vm.class_name(container));
        return Err(vm.type_error(text));
    }
    let it = iterators::iter(vm, container)?;
    while let Some(v) = iterators::iter_next(vm, it)? {
        if protocol::eq(vm, v, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Start, stop, step and number of items of an unpacked slice in a sequence of this length.
pub fn slice_adjust(len: usize, start: i64, stop: i64, step: i64) -> (i64, i64, i64, usize) {
    let n = len as i64;
    let (low, high) = if step < 0 { (-1, n - 1) } else { (0, n) };
    let place = |i: i64| if i < 0 { (i + n).max(low) } else { i.min(high) };
    let (start, stop) = (place(start), place(stop));
    let count = if step > 0 && start < stop {
        (stop - start - 1) / step + 1
    } else if step < 0 && stop < start {
        (start - stop - 1) / -step + 1
    } else {
        0
    };
    (start, stop, step, count as usize)
}
