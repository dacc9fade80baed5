//! Tuples, and arrays of values.

use super::kind::Kind;
use super::layout::*;
use crate::errors::PyResult;
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

impl Vm {
    /// A new tuple. MemoryError if it is too large.
    pub fn new_tuple(&mut self, items: &[Value]) -> PyResult {
        let t = self.alloc_values(Kind::Tuple, items.len())?;
        fill(TUPLE_ITEMS.slice_mut(t, items.len()), items);
        // A large object may be old from its birth.
        self.ctx.heap.write_barrier(t.ptr());
        Ok(t)
    }

    /// A new array of values of which the first ones are given. MemoryError if it is too large.
    pub fn value_array(&mut self, capacity: usize, items: &[Value]) -> PyResult {
        let a = self.alloc_values(Kind::ValueArray, capacity)?;
        fill(ARRAY_VALUES.slice_mut(a, items.len()), items);
        self.ctx.heap.write_barrier(a.ptr());
        Ok(a)
    }

    /// Makes an array of values or words longer where it lies: true if it has room for `capacity` now.
    pub fn grow_array(&mut self, array: Value, capacity: usize) -> bool {
        self.ctx.heap.grow_tail(array.ptr(), capacity, 8)
    }

    fn alloc_values(&mut self, kind: Kind, count: usize) -> PyResult {
        let shape = self.kind_shape(kind);
        match self.ctx.heap.alloc_tail(shape, 1, count, 8) {
            Some(p) => Ok(Value::from_ptr(p)),
            None => Err(self.memory_error()),
        }
    }

    /// An array of machine integers (or doubles, by kind), zeroed.
    pub fn word_array(&mut self, kind: Kind, capacity: usize) -> PyResult {
        self.alloc_values(kind, capacity)
    }
}

/// Copies values into fresh items.
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
    pub fn new() -> ValueVec {
        ValueVec { array: None, len: 0 }
    }

    pub fn with_capacity(vm: &mut Vm, capacity: usize) -> Result<ValueVec, crate::errors::Raise> {
        let array = if capacity == 0 { None } else { Some(vm.value_array(capacity, &[])?) };
        Ok(ValueVec { array, len: 0 })
    }

    pub fn from_slice(vm: &mut Vm, items: &[Value]) -> Result<ValueVec, crate::errors::Raise> {
        Ok(ValueVec { array: Some(vm.value_array(items.len().max(4), items)?), len: items.len() })
    }

    /// Appends. MemoryError if there is no room to grow.
    pub fn push(&mut self, vm: &mut Vm, v: Value) -> Result<(), crate::errors::Raise> {
        let capacity = self.array.map_or(0, |a| ARRAY_LEN.read(a) as usize);
        if self.len == capacity && !self.array.is_some_and(|a| vm.grow_array(a, capacity * 2)) {
            let bigger = vm.value_array((capacity * 2).max(8), self.as_slice())?;
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
    pub fn set(&mut self, vm: &mut Vm, i: usize, v: Value) {
        self.as_mut_slice()[i] = Some(v);
        if let Some(array) = self.array {
            vm.ctx.heap.write_barrier(array.ptr());
        }
    }

    pub fn as_slice(&self) -> &[Value] {
        self.array.map_or(&[], |a| as_values(ARRAY_VALUES.slice(a, self.len)))
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn pop(&mut self) -> Option<Value> {
        let last = *self.as_slice().last()?;
        self.len -= 1;
        Some(last)
    }

    /// The items, to be permuted in place.
    pub fn as_mut_slice(&mut self) -> &mut [Option<Value>] {
        match self.array {
            Some(a) => ARRAY_VALUES.slice_mut(a, self.len),
            None => &mut [],
        }
    }

    /// The heap array behind it, to become a list's (with `len` items).
    pub fn into_array(self) -> Option<Value> {
        self.array
    }
}
