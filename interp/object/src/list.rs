//! Lists and their strategies: empty, all small ints, all floats, anything. The kind in the shape tells which; the
//! items lie in an array of machine integers, of doubles, or of values. Storing something that does not fit turns the
//! list into one of values.

use crate::dict;
use crate::errors::PyResult;
use crate::kind::Kind;
use crate::layout::*;
use crate::tuple::{self, fill};
use crate::vm::Vm;
use hoop_engine::float_of;
use hoop_gc::Value;

/// Items a list can have, by address space.
pub const MAX_LEN: usize = 1 << 48;

#[inline(always)]
pub fn list_len(l: Value) -> usize {
    LIST_LEN.read(l) as usize
}

/// Capacity of the list's array.
#[inline]
fn capacity(l: Value) -> usize {
    LIST_ITEMS.read(l).map_or(0, |a| ARRAY_LEN.read(a) as usize)
}

/// The items of a list of values (`Kind::ListAny`).
#[inline]
pub fn any_items<'a>(l: Value) -> &'a mut [Option<Value>] {
    match LIST_ITEMS.read(l) {
        Some(a) => ARRAY_VALUES.slice_mut(a, list_len(l)),
        None => &mut [],
    }
}

/// The items of a list of ints (`Kind::ListInt`).
#[inline]
pub fn int_items<'a>(l: Value) -> &'a mut [i64] {
    match LIST_ITEMS.read(l) {
        Some(a) => ARRAY_INTS.slice_mut(a, list_len(l)),
        None => &mut [],
    }
}

/// The items of a list of floats (`Kind::ListFloat`).
#[inline]
pub fn float_items<'a>(l: Value) -> &'a mut [f64] {
    match LIST_ITEMS.read(l) {
        Some(a) => ARRAY_FLOATS.slice_mut(a, list_len(l)),
        None => &mut [],
    }
}

#[inline]
pub fn new(vm: &mut Vm) -> Value {
    new_list_kind(vm, Kind::ListEmpty)
}

#[inline]
fn new_list_kind(vm: &mut Vm, kind: Kind) -> Value {
    let shape = vm.kind_shape(kind);
    vm.ctx.alloc(shape, 2)
}

/// The strategy that fits these values.
#[inline]
pub fn strategy_for(items: &[Value]) -> Kind {
    match items.first() {
        None => Kind::ListEmpty,
        Some(v) if v.is_int() && items.iter().all(|v| v.is_int()) => Kind::ListInt,
        Some(&v) if float_of(v).is_some() && items.iter().all(|&v| float_of(v).is_some()) => Kind::ListFloat,
        _ => Kind::ListAny,
    }
}

/// A new list of these items. MemoryError if it is too large.
pub fn from(vm: &mut Vm, items: &[Value]) -> PyResult {
    let kind = strategy_for(items);
    let array = match kind {
        Kind::ListEmpty => return Ok(new(vm)),
        Kind::ListInt => {
            let a = tuple::word_array(vm, Kind::IntArray, items.len())?;
            let to = ARRAY_INTS.slice_mut(a, items.len());
            to.iter_mut().zip(items).for_each(|(t, v)| *t = v.int_unchecked());
            a
        }
        Kind::ListFloat => {
            let a = tuple::word_array(vm, Kind::FloatArray, items.len())?;
            let to = ARRAY_FLOATS.slice_mut(a, items.len());
            to.iter_mut().zip(items).for_each(|(t, &v)| *t = float_of(v).unwrap_or(0.0));
            a
        }
        _ => tuple::value_array(vm, items.len(), items)?,
    };
    Ok(of_array(vm, kind, array, items.len()))
}

/// A list around an array made for its kind.
#[inline]
pub fn of_array(vm: &mut Vm, kind: Kind, array: Value, len: usize) -> Value {
    let l = new_list_kind(vm, kind);
    LIST_ITEMS.init(l, array);
    LIST_LEN.write(l, len as i64);
    l
}

/// Item `i`, which exists.
#[inline]
pub fn item(vm: &mut Vm, l: Value, i: usize) -> Value {
    match vm.kind(l) {
        Kind::ListInt => Value::int(int_items(l)[i]),
        Kind::ListFloat => vm.ctx.box_float(float_items(l)[i]),
        _ => any_items(l)[i].unwrap_or(Value::NONE),
    }
}

/// Sets item `i`, which exists.
#[inline]
pub fn set_item(vm: &mut Vm, l: Value, i: usize, v: Value) -> PyResult<()> {
    match vm.kind(l) {
        Kind::ListInt if v.is_int() => int_items(l)[i] = v.int_unchecked(),
        Kind::ListFloat if float_of(v).is_some() => float_items(l)[i] = float_of(v).unwrap_or(0.0),
        _ => {
            generalize(vm, l)?;
            any_items(l)[i] = Some(v);
            barrier(vm, l);
        }
    }
    Ok(())
}

#[inline]
fn barrier(vm: &mut Vm, l: Value) {
    if let Some(a) = LIST_ITEMS.read(l) {
        vm.ctx.heap.write_barrier(a.ptr());
    }
}

/// Appends an item. MemoryError if there is no room to grow.
pub fn push(vm: &mut Vm, l: Value, v: Value) -> PyResult<()> {
    let kind = vm.kind(l);
    let fits = match kind {
        Kind::ListInt => v.is_int(),
        Kind::ListFloat => float_of(v).is_some(),
        Kind::ListAny => true,
        _ => {
            let kind = strategy_for(&[v]);
            dict::set_shape(l, vm.kind_shape(kind));
            LIST_LEN.write(l, 0);
            layout_clear_items(l);
            true
        }
    };
    if !fits {
        generalize(vm, l)?;
    }
    let len = list_len(l);
    if len == capacity(l) {
        reserve(vm, l, len + 1)?;
    }
    LIST_LEN.write(l, len as i64 + 1);
    match vm.kind(l) {
        Kind::ListInt => int_items(l)[len] = v.int_unchecked(),
        Kind::ListFloat => float_items(l)[len] = float_of(v).unwrap_or(0.0),
        _ => {
            any_items(l)[len] = Some(v);
            barrier(vm, l);
        }
    }
    Ok(())
}

/// Makes room for `need` items, growing in proportion.
pub fn reserve(vm: &mut Vm, l: Value, need: usize) -> PyResult<()> {
    let old = capacity(l);
    if need <= old {
        return Ok(());
    }
    if let Some(array) = LIST_ITEMS.read(l)
        && tuple::grow_array(vm, array, need.max(old + old / 8))
    {
        return Ok(());
    }
    let new = need.max(old + old / 4 + 6);
    let len = list_len(l);
    let array = match vm.kind(l) {
        Kind::ListInt => {
            let a = tuple::word_array(vm, Kind::IntArray, new)?;
            ARRAY_INTS.slice_mut(a, len).copy_from_slice(int_items(l));
            a
        }
        Kind::ListFloat => {
            let a = tuple::word_array(vm, Kind::FloatArray, new)?;
            ARRAY_FLOATS.slice_mut(a, len).copy_from_slice(float_items(l));
            a
        }
        _ => {
            let a = tuple::value_array(vm, new, &[])?;
            ARRAY_VALUES.slice_mut(a, len).copy_from_slice(any_items(l));
            vm.ctx.heap.write_barrier(a.ptr());
            a
        }
    };
    vm.ctx.write(l, &LIST_ITEMS, array);
    Ok(())
}

/// Turns any list into one of values. MemoryError if there is no room.
pub fn generalize(vm: &mut Vm, l: Value) -> PyResult<()> {
    let (kind, len) = (vm.kind(l), list_len(l));
    if kind == Kind::ListAny {
        return Ok(());
    }
    let array = tuple::value_array(vm, capacity(l).max(len), &[])?;
    for i in 0..len {
        let v = item(vm, l, i);
        ARRAY_VALUES.slice_mut(array, len)[i] = Some(v);
        vm.ctx.heap.write_barrier(array.ptr());
    }
    vm.ctx.write(l, &LIST_ITEMS, array);
    dict::set_shape(l, vm.kind_shape(Kind::ListAny));
    Ok(())
}

/// Empties the list.
#[inline]
pub fn clear(vm: &mut Vm, l: Value) {
    LIST_LEN.write(l, 0);
    layout_clear_items(l);
    dict::set_shape(l, vm.kind_shape(Kind::ListEmpty));
}

/// Replaces the list's whole content.
#[inline]
pub fn assign(vm: &mut Vm, l: Value, items: &[Value]) -> PyResult<()> {
    let fresh = from(vm, items)?;
    take(vm, l, fresh);
    Ok(())
}

/// Gives `l` the content of `from`, a list that nobody else uses. `l` keeps its class if that is a subclass's.
#[inline]
pub fn take(vm: &mut Vm, l: Value, from: Value) {
    let kind = vm.kind(from);
    match LIST_ITEMS.read(from) {
        Some(a) => vm.ctx.write(l, &LIST_ITEMS, a),
        None => layout_clear_items(l),
    }
    LIST_LEN.write(l, LIST_LEN.read(from));
    dict::set_shape(l, vm.kind_shape(kind));
}

/// A new list with items `start..end`.
pub fn range(vm: &mut Vm, l: Value, start: usize, end: usize) -> PyResult {
    let len = end.saturating_sub(start);
    if len == 0 {
        return Ok(new(vm));
    }
    let kind = vm.kind(l);
    let array = match kind {
        Kind::ListInt => {
            let a = tuple::word_array(vm, Kind::IntArray, len)?;
            ARRAY_INTS.slice_mut(a, len).copy_from_slice(&int_items(l)[start..end]);
            a
        }
        Kind::ListFloat => {
            let a = tuple::word_array(vm, Kind::FloatArray, len)?;
            ARRAY_FLOATS.slice_mut(a, len).copy_from_slice(&float_items(l)[start..end]);
            a
        }
        _ => {
            let a = tuple::value_array(vm, len, &[])?;
            ARRAY_VALUES.slice_mut(a, len).copy_from_slice(&any_items(l)[start..end]);
            vm.ctx.heap.write_barrier(a.ptr());
            a
        }
    };
    Ok(of_array(vm, kind, array, len))
}

/// All items as a vector for native code.
#[inline]
pub fn values(vm: &mut Vm, l: Value) -> PyResult<crate::tuple::ValueVec> {
    let mut out = crate::tuple::ValueVec::with_capacity(vm, list_len(l))?;
    let mut i = 0;
    while i < list_len(l) {
        let v = item(vm, l, i);
        out.push(vm, v)?;
        i += 1;
    }
    Ok(out)
}

/// Removes and gives item `i`, which exists.
#[inline]
pub fn remove(vm: &mut Vm, l: Value, i: usize) -> Value {
    let v = item(vm, l, i);
    let len = list_len(l);
    match vm.kind(l) {
        Kind::ListInt => int_items(l).copy_within(i + 1.., i),
        Kind::ListFloat => float_items(l).copy_within(i + 1.., i),
        _ => {
            let items = any_items(l);
            items.copy_within(i + 1.., i);
            items[len - 1] = None;
        }
    }
    LIST_LEN.write(l, len as i64 - 1);
    v
}

/// Inserts before item `i` (at most the length).
#[inline]
pub fn insert(vm: &mut Vm, l: Value, i: usize, v: Value) -> PyResult<()> {
    push(vm, l, v)?;
    match vm.kind(l) {
        Kind::ListInt => int_items(l)[i..].rotate_right(1),
        Kind::ListFloat => float_items(l)[i..].rotate_right(1),
        _ => any_items(l)[i..].rotate_right(1),
    }
    Ok(())
}

#[inline]
fn layout_clear_items(l: Value) {
    let raw: hoop_engine::Field<hoop_engine::I> =
        hoop_engine::Field::new("list.items", LIST_ITEMS.descr.offset, hoop_engine::MemTy::I64, group::LIST);
    raw.write(l, 0);
}

/// Copies values into the first items of an array of values.
#[inline]
pub fn fill_array(array: Value, items: &[Value]) {
    fill(ARRAY_VALUES.slice_mut(array, items.len()), items);
}
