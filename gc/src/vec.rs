//! A growable list of values for native code.
//!
//! A `Vec<Value>` keeps its items where the collector does not look. A [`ValueVec`] keeps them in an array object, and the
//! address of that lies wherever the `ValueVec` itself lies: on the stack, where the collector finds it. So it must not be
//! moved into a box or a `Vec`.

use crate::heap::Heap;
use crate::object::Header;
use crate::value::Value;

const FIRST_CAPACITY: usize = 8;

/// Memory for something large is exhausted: `MemoryError`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Exhausted;

/// Values that stay alive as long as this lies on the stack. Needs [`Heap::set_array_shape`].
#[derive(Debug, Default)]
pub struct ValueVec {
    /// An object whose tail has room for `capacity` values.
    array: Option<Value>,
    len: usize,
    capacity: usize,
}

impl ValueVec {
    /// An empty list.
    pub const fn new() -> ValueVec {
        ValueVec { array: None, len: 0, capacity: 0 }
    }

    /// An empty list with room for `capacity` values.
    pub fn with_capacity(heap: &mut Heap, capacity: usize) -> Result<ValueVec, Exhausted> {
        let mut list = ValueVec::new();
        list.grow(heap, capacity)?;
        Ok(list)
    }

    /// The values of a slice, whose own must be kept alive by something else up to now.
    pub fn from_slice(heap: &mut Heap, values: &[Value]) -> Result<ValueVec, Exhausted> {
        let base = heap.temp_root_count();
        values.iter().for_each(|&value| heap.push_temp_root(value));
        let list = ValueVec::with_capacity(heap, values.len());
        heap.truncate_temp_roots(base);
        let mut list = list?;
        for &value in values {
            list.push(heap, value)?;
        }
        Ok(list)
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends a value. May collect.
    pub fn push(&mut self, heap: &mut Heap, value: Value) -> Result<(), Exhausted> {
        if self.len == self.capacity {
            heap.push_temp_root(value);
            let grown = self.grow(heap, (self.capacity * 2).max(FIRST_CAPACITY));
            heap.pop_temp_root();
            grown?;
        }
        self.len += 1;
        self.set(heap, self.len - 1, value);
        Ok(())
    }

    /// Takes the last value.
    pub fn pop(&mut self) -> Option<Value> {
        let last = self.as_slice().last().copied();
        self.len -= usize::from(last.is_some());
        last
    }

    /// Forgets all values but the first `len`.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Replaces the value at `index`, which must be less than the length.
    pub fn set(&mut self, heap: &mut Heap, index: usize, value: Value) {
        assert!(index < self.len, "index {index} of a list of {}", self.len);
        if let Some(array) = self.array {
            // SAFETY: the index lies within the array's tail.
            unsafe { *items(array).add(index) = value };
            heap.write_barrier(array.ptr());
        }
    }

    /// The values. They are good as long as the list is on the stack and not changed.
    pub fn as_slice(&self) -> &[Value] {
        match self.array {
            // SAFETY: the first `len` words of the tail have been stored to.
            Some(array) => unsafe { std::slice::from_raw_parts(items(array), self.len) },
            None => &[],
        }
    }

    fn grow(&mut self, heap: &mut Heap, capacity: usize) -> Result<(), Exhausted> {
        let new = heap.alloc_tail(heap.array_shape(), 1, capacity, 8).ok_or(Exhausted)?;
        let new = Value::from_ptr(new);
        // SAFETY: the new array is at least as long, zeroed, and nothing was allocated since.
        unsafe { items(new).copy_from_nonoverlapping(self.as_slice().as_ptr(), self.len) };
        (self.array, self.capacity) = (Some(new), capacity);
        Ok(())
    }
}

impl std::ops::Deref for ValueVec {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        self.as_slice()
    }
}

/// Where the values of an array object begin: after header and count.
fn items(array: Value) -> *mut Value {
    array.ptr().wrapping_add(2).cast::<Value>()
}

const _: () = assert!(size_of::<Header>() == 8);
