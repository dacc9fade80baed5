//! Tuples: made, joined, repeated, searched.

use crate::protocol;
use crate::seq::Access;
use hoop_gc::Value;
use hoop_object::errors::PyResult;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::strs;
use hoop_object::tuple::{self, tuple_items, tuple_len};
use hoop_object::vm::Vm;

pub const ACCESS: Access = Access { len: tuple_len, item: |_, t, i| tuple_items(t)[i] };

/// A tuple of `count` items, each made by a function that does not allocate.
#[inline]
pub fn build(vm: &mut Vm, count: usize, item: impl Fn(usize) -> Value) -> PyResult {
    let t = tuple::word_array(vm, Kind::Tuple, count)?;
    for (i, to) in TUPLE_ITEMS.slice_mut(t, count).iter_mut().enumerate() {
        *to = Some(item(i));
    }
    vm.ctx.heap.write_barrier(t.ptr());
    Ok(t)
}

/// `item in tuple`.
#[inline]
pub fn contains(vm: &mut Vm, t: Value, item: Value) -> PyResult<bool> {
    Ok(find(vm, t, item, 0, tuple_len(t))?.is_some())
}

#[inline]
pub fn find(vm: &mut Vm, t: Value, item: Value, start: usize, stop: usize) -> PyResult<Option<usize>> {
    for i in start..stop.min(tuple_len(t)) {
        if protocol::eq(vm, tuple_items(t)[i], item)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// `x + y` of two tuples.
pub fn concat(vm: &mut Vm, x: Value, y: Value) -> PyResult {
    let (n, m) = (tuple_len(x), tuple_len(y));
    match (n, m) {
        (_, 0) => Ok(x),
        (0, _) => Ok(y),
        _ => {
            let t = tuple::word_array(vm, Kind::Tuple, n + m)?;
            let to = TUPLE_ITEMS.slice_mut(t, n + m);
            to[..n].copy_from_slice(TUPLE_ITEMS.slice(x, n));
            to[n..].copy_from_slice(TUPLE_ITEMS.slice(y, m));
            vm.ctx.heap.write_barrier(t.ptr());
            Ok(t)
        }
    }
}

/// A tuple, so many times.
#[inline]
pub fn repeat(vm: &mut Vm, t: Value, count: usize) -> PyResult {
    let len = tuple_len(t);
    if count == 1 || len == 0 {
        return Ok(t);
    }
    let total = strs::repeated_len(vm, len, count)?;
    build(vm, total, |i| tuple_items(t)[i % len])
}
