//! Slices of lists: getting, setting, deleting; and replacing a stretch by other items, on which much else rests.

use crate::{attr, iterators, protocol, subscript};
use hoop_engine::float_of;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::list::{self, any_items, float_items, int_items, list_len};
use hoop_object::strs;
use hoop_object::tuple::{self, tuple_items, tuple_len};
use hoop_object::vm::Vm;

/// Floats as items of lists: a NaN is found where its very bits are, for lists of floats keep no identity.
#[inline]
pub fn same_float(x: f64, y: f64) -> bool {
    x == y || x.to_bits() == y.to_bits()
}

/// `l.extend(v)`.
pub fn extend_list(vm: &mut Vm, l: Value, v: Value) -> PyResult<()> {
    match vm.kind(v) {
        kind if kind.is_list() => extend_by_list(vm, l, v),
        Kind::Tuple => {
            for i in 0..tuple_len(v) {
                list::push(vm, l, tuple_items(v)[i])?;
            }
            Ok(())
        }
        kind => {
            let it = iterators::iter(vm, v)?;
            iterators::ask_length(vm, v)?;
            if kind == Kind::Range && vm.kind(it) == Kind::RangeIter {
                let left = RANGE_ITER_LEFT.read(it) as usize;
                if matches!(vm.kind(l), Kind::ListInt | Kind::ListAny) && left < 1 << 40 {
                    list::reserve(vm, l, list_len(l) + left)?;
                }
            }
            while let Some(x) = iterators::iter_next(vm, it)? {
                list::push(vm, l, x)?;
            }
            Ok(())
        }
    }
}

fn extend_by_list(vm: &mut Vm, l: Value, v: Value) -> PyResult<()> {
    let n = list_len(v);
    if list_len(l) == 0 && n > 0 {
        let copy = list::range(vm, v, 0, n)?;
        list::take(vm, l, copy);
        return Ok(());
    }
    for i in 0..n {
        let x = list::item(vm, v, i);
        list::push(vm, l, x)?;
    }
    Ok(())
}

/// `item in list`.
#[inline]
pub fn list_contains(vm: &mut Vm, l: Value, item: Value) -> PyResult<bool> {
    Ok(list_find(vm, l, item, 0, usize::MAX)?.is_some())
}

/// The first position of an item in `start..stop`.
pub fn list_find(vm: &mut Vm, l: Value, item: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    let end = stop.min(list_len(l));
    if start >= end {
        return Ok(None);
    }
    match (vm.kind(l), item.as_int(), float_of(item)) {
        (Kind::ListInt, Some(n), _) => {
            Ok(int_items(l)[start..end].iter().position(|&x| x == n).map(|i| i + start))
        }
        (Kind::ListFloat, _, Some(f)) => {
            Ok(float_items(l)[start..end].iter().position(|&x| same_float(x, f)).map(|i| i + start))
        }
        (Kind::ListInt | Kind::ListFloat, ..) if matches!(vm.kind(item), Kind::Str | Kind::None) => Ok(None),
        _ => list_find_slowly(vm, l, item, start, stop),
    }
}

fn list_find_slowly(
    vm: &mut Vm,
    l: Value,
    item: Value,
    start: usize,
    stop: usize,
) -> PyResult<Option<usize>> {
    let mut i = start;
    while i < stop.min(list_len(l)) {
        let x = list::item(vm, l, i);
        if protocol::eq(vm, x, item)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

/// `l * count`.
pub fn list_repeat(vm: &mut Vm, l: Value, count: usize) -> PyResult {
    let (kind, len) = (vm.kind(l), list_len(l));
    let total = strs::repeated_len(vm, len, count)?;
    if total == 0 {
        return Ok(list::new(vm));
    }
    let array = match kind {
        Kind::ListInt => {
            let a = tuple::word_array(vm, Kind::IntArray, total)?;
            fill_repeated(ARRAY_INTS.slice_mut(a, total), int_items(l));
            a
        }
        Kind::ListFloat => {
            let a = tuple::word_array(vm, Kind::FloatArray, total)?;
            fill_repeated(ARRAY_FLOATS.slice_mut(a, total), float_items(l));
            a
        }
        _ => {
            let a = tuple::value_array(vm, total, &[])?;
            fill_repeated(ARRAY_VALUES.slice_mut(a, total), any_items(l));
            vm.ctx.heap.write_barrier(a.ptr());
            a
        }
    };
    Ok(list::of_array(vm, kind, array, total))
}

/// Do instances of this value's class iterate by a method of their own, other than that of `base`?
#[inline]
pub fn overrides_iter(vm: &Vm, v: Value, base: Value) -> bool {
    attr::special(vm, v, vm.names.iter) != attr::lookup(vm, base, vm.names.iter)
}

fn fill_repeated<T: Copy>(to: &mut [T], from: &[T]) {
    if let [one] = from {
        return to.fill(*one);
    }
    to.chunks_mut(from.len()).for_each(|part| part.copy_from_slice(&from[..part.len()]));
}

/// `x + y` of two lists.
#[inline]
pub fn concat(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let n = list_len(x);
    let sum = list::range(vm, x, 0, n)?;
    if n > 0 && list_len(y) > 0 {
        list::reserve(vm, sum, n + list_len(y))?;
    }
    extend_list(vm, sum, y)?;
    Ok(sum)
}

/// `list[slice]`.
pub fn list_get_slice(vm: &mut Vm, l: Value, slice: Value) -> PyResult {
    let (start, stop, step) = subscript::slice_unpack(vm, slice)?;
    let (start, stop, step, count) = crate::subscript::slice_adjust(list_len(l), start, stop, step);
    if count == 0 {
        return Ok(list::new(vm));
    }
    if step == 1 {
        return list::range(vm, l, start as usize, stop as usize);
    }
    let at = |i: usize| (start + i as i64 * step) as usize;
    let kind = vm.kind(l);
    let array = match kind {
        Kind::ListInt => {
            let a = tuple::word_array(vm, Kind::IntArray, count)?;
            let to = ARRAY_INTS.slice_mut(a, count);
            to.iter_mut().enumerate().for_each(|(i, t)| *t = int_items(l)[at(i)]);
            a
        }
        Kind::ListFloat => {
            let a = tuple::word_array(vm, Kind::FloatArray, count)?;
            let to = ARRAY_FLOATS.slice_mut(a, count);
            to.iter_mut().enumerate().for_each(|(i, t)| *t = float_items(l)[at(i)]);
            a
        }
        _ => {
            let a = tuple::value_array(vm, count, &[])?;
            let to = ARRAY_VALUES.slice_mut(a, count);
            to.iter_mut().enumerate().for_each(|(i, t)| *t = any_items(l)[at(i)]);
            vm.ctx.heap.write_barrier(a.ptr());
            a
        }
    };
    Ok(list::of_array(vm, kind, array, count))
}

/// `list[slice] = v`.
pub fn list_set_slice(vm: &mut Vm, l: Value, slice: Value, v: Value) -> PyResult<()> {
    let (start, stop, step) = subscript::slice_unpack(vm, slice)?;
    if !iterators::is_iterable(vm, v) {
        return Err(vm.type_error("must assign iterable to extended slice"));
    }
    let source = private_list(vm, v)?;
    let (start, stop, step, count) = crate::subscript::slice_adjust(list_len(l), start, stop, step);
    if step == 1 {
        return list_splice(vm, l, start as usize, stop.max(start) as usize, source);
    }
    let given = list_len(source);
    if given != count {
        let text = format!("attempt to assign sequence of size {given} to extended slice of size {count}");
        return Err(vm.value_error(text));
    }
    for i in 0..count {
        let v = list::item(vm, source, i);
        list::set_item(vm, l, (start + i as i64 * step) as usize, v)?;
    }
    Ok(())
}

/// A list that nobody else has, with the items of an iterable.
fn private_list(vm: &mut Vm, v: Value) -> PyResult {
    let inner = vm.unwrap(v);
    if vm.kind(inner).is_list() && (inner == v || !overrides_iter(vm, v, vm.types.list)) {
        return list::range(vm, inner, 0, list_len(inner));
    }
    let l = list::new(vm);
    let items = if vm.kind(v) == Kind::Tuple { v } else { iterators::iter(vm, v)? };
    extend_list(vm, l, items)?;
    Ok(l)
}

/// `del list[slice]`.
pub fn list_del_slice(vm: &mut Vm, l: Value, slice: Value) -> PyResult<()> {
    let (start, stop, step) = subscript::slice_unpack(vm, slice)?;
    let (start, stop, step, count) = crate::subscript::slice_adjust(list_len(l), start, stop, step);
    if count == 0 {
        return Ok(());
    }
    if step == 1 {
        let nothing = list::new(vm);
        return list_splice(vm, l, start as usize, stop as usize, nothing);
    }
    let (first, gap) = if step > 0 { (start, step) } else { (start + (count as i64 - 1) * step, -step) };
    let len = list_len(l);
    match vm.kind(l) {
        Kind::ListInt => drop_every(int_items(l), first as usize, gap as usize, count),
        Kind::ListFloat => drop_every(float_items(l), first as usize, gap as usize, count),
        _ => {
            drop_every(any_items(l), first as usize, gap as usize, count);
            any_items(l)[len - count..].fill(None);
        }
    }
    list_set_len(vm, l, len - count);
    Ok(())
}

/// Sets the length to one that the array can hold and below which all items are set.
fn list_set_len(vm: &mut Vm, l: Value, len: usize) {
    if len == 0 {
        return list::clear(vm, l);
    }
    LIST_LEN.write(l, len as i64);
}

/// Replaces items `start..end` by those of `source`, a list that nobody else has.
pub fn list_splice(vm: &mut Vm, l: Value, start: usize, end: usize, source: Value) -> PyResult<()> {
    let (len, added) = (list_len(l), list_len(source));
    if len == end - start {
        list::take(vm, l, source);
        return Ok(());
    }
    if added > 0 && vm.kind(l) != vm.kind(source) {
        list::generalize(vm, l)?;
        list::generalize(vm, source)?;
    }
    let new_len = len - (end - start) + added;
    list::reserve(vm, l, new_len)?;
    LIST_LEN.write(l, new_len.max(len) as i64);
    match vm.kind(l) {
        Kind::ListInt => replace(int_items(l), len, start, end, int_items(source)),
        Kind::ListFloat => replace(float_items(l), len, start, end, float_items(source)),
        _ => {
            replace(any_items(l), len, start, end, any_items(source));
            if new_len < len {
                any_items(l)[new_len..].fill(None);
            }
            if let Some(a) = LIST_ITEMS.read(l) {
                vm.ctx.heap.write_barrier(a.ptr());
            }
        }
    }
    list_set_len(vm, l, new_len);
    Ok(())
}

/// Replaces `start..end` of the first `len` items, moving those behind; there is room.
fn replace<T: Copy>(items: &mut [T], len: usize, start: usize, end: usize, new: &[T]) {
    items.copy_within(end..len, start + new.len());
    items[start..start + new.len()].copy_from_slice(new);
}

/// Moves the items together after taking out `count` of them: `first` and then each `gap`th.
fn drop_every<T: Copy>(items: &mut [T], first: usize, gap: usize, count: usize) {
    for k in 0..count {
        let from = first + k * gap + 1;
        let to = if k + 1 == count { items.len() } else { from + gap - 1 };
        items.copy_within(from..to, from - 1 - k);
    }
}
