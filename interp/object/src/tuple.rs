//! Tuples, and arrays of values.

use crate::errors::PyResult;
use crate::kind::Kind;
use crate::layout::*;
use crate::vm::Vm;
use hoop_gc::Value;

/// Number of items of a tuple.
#[inline(always)]
pub fn tuple_len(t: Value) -> usize {
    TUPLE_LEN.read(t) as usize
}

/// The items of a tuple. The caller keeps the tuple on its stack.
#[inline(always)]
pub fn tuple_items<'a>(t: Value) -> &'a [Value] {
    as_values(TUPLE_ITEMS.slice(t, tuple_len(t)))
}

/// Items that are all set, as values.
#[inline(always)]
pub fn as_values(items: &[Option<Value>]) -> &[Value] {
    debug_assert!(items.iter().all(|v| v.is_some()));
    // SAFETY: `Option<Value>` has the layout of `Value` with the zero word for `None`, and none of the items is `None`.
    unsafe { std::slice::from_raw_parts(items.as_ptr().cast(), items.len()) }
}

/// A new tuple. MemoryError if it is too large.
#[inline]
pub fn new_tuple(vm: &mut Vm, items: &[Value]) -> PyResult {
    let t = alloc_values(vm, Kind::Tuple, items.len())?;
    fill(TUPLE_ITEMS.slice_mut(t, items.len()), items);
    // A large object may be old from its birth.
    vm.ctx.heap.write_barrier(t.ptr());
    Ok(t)
}

/// A new array of values of which the first ones are given. MemoryError if it is too large.
#[inline]
pub fn value_array(vm: &mut Vm, capacity: usize, items: &[Value]) -> PyResult {
    let a = alloc_values(vm, Kind::ValueArray, capacity)?;
    fill(ARRAY_VALUES.slice_mut(a, items.len()), items);
    vm.ctx.heap.write_barrier(a.ptr());
    Ok(a)
}

/// Makes an array of values or words longer where it lies: true if it has room for `capacity` now.
#[inline]
pub fn grow_array(vm: &mut Vm, array: Value, capacity: usize) -> bool {
    vm.ctx.heap.grow_tail(array.ptr(), capacity, 8)
}

#[inline]
fn alloc_values(vm: &mut Vm, kind: Kind, count: usize) -> PyResult {
    let shape = vm.kind_shape(kind);
    match vm.ctx.heap.alloc_tail(shape, 1, count, 8) {
        Some(p) => Ok(Value::from_ptr(p)),
        None => Err(vm.memory_error()),
    }
}

/// An array of machine integers (or doubles, by kind), zeroed.
#[inline]
pub fn word_array(vm: &mut Vm, kind: Kind, capacity: usize) -> PyResult {
    alloc_values(vm, kind, capacity)
}

/// Copies values into fresh items.
#[inline]
pub fn fill(to: &mut [Option<Value>], from: &[Value]) {
    for (slot, &v) in to.iter_mut().zip(from) {
        *slot = Some(v);
    }
}

/// A growable sequence of values for native code.
///
/// The collector finds values on the machine stack and in heap objects, but not in Rust's own `Vec`s and boxes. This
/// vector keeps its items in a heap array that the stack refers to. Never hold values in a `Vec` across anything that
/// may allocate or run Python code; use this.
#[derive(Default)]
pub struct ValueVec {
    array: Option<Value>,
    len: usize,
}

impl ValueVec {
    #[inline]
    pub fn new() -> ValueVec {
        ValueVec { array: None, len: 0 }
    }

    #[inline]
    pub fn with_capacity(vm: &mut Vm, capacity: usize) -> Result<ValueVec, crate::errors::Raise> {
        let array = if capacity == 0 { None } else { Some(value_array(vm, capacity, &[])?) };
        Ok(ValueVec { array, len: 0 })
    }

    #[inline]
    pub fn from_slice(vm: &mut Vm, items: &[Value]) -> Result<ValueVec, crate::errors::Raise> {
        Ok(ValueVec { array: Some(value_array(vm, items.len().max(4), items)?), len: items.len() })
    }

    /// Appends. MemoryError if there is no room to grow.
    pub fn push(&mut self, vm: &mut Vm, v: Value) -> Result<(), crate::errors::Raise> {
        let capacity = self.array.map_or(0, |a| ARRAY_LEN.read(a) as usize);
        if self.len == capacity && !self.array.is_some_and(|a| grow_array(vm, a, capacity * 2)) {
            let bigger = value_array(vm, (capacity * 2).max(8), self.as_slice())?;
            self.array = Some(bigger);
        }
        if let Some(array) = self.array {
            ARRAY_VALUES.slice_mut(array, self.len + 1)[self.len] = Some(v);
            vm.ctx.heap.write_barrier(array.ptr());
        }
        self.len += 1;
        Ok(())
    }

    /// Replaces item `i`, which exists.
    #[inline]
    pub fn set(&mut self, vm: &mut Vm, i: usize, v: Value) {
        self.as_mut_slice()[i] = Some(v);
        if let Some(array) = self.array {
            vm.ctx.heap.write_barrier(array.ptr());
        }
    }

    #[inline]
    pub fn as_slice(&self) -> &[Value] {
        self.array.map_or(&[], |a| as_values(ARRAY_VALUES.slice(a, self.len)))
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub fn pop(&mut self) -> Option<Value> {
        let last = *self.as_slice().last()?;
        self.len -= 1;
        Some(last)
    }

    /// The items, to be permuted in place.
    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [Option<Value>] {
        match self.array {
            Some(a) => ARRAY_VALUES.slice_mut(a, self.len),
            None => &mut [],
        }
    }

    /// The heap array behind it, to become a list's (with `len` items).
    #[inline]
    pub fn into_array(self) -> Option<Value> {
        self.array
    }
}
