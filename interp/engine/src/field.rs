//! Typed descriptors of object fields and array items: the only way, apart from the collector's own, to touch the heap.

use crate::engine::Engine;
use hoop_gc::{Header, Value};
use hoop_ir::{FieldDescr, MemTy};
use std::marker::PhantomData;

/// What a field or argument holds, as a type: maps to the engine's own types.
pub trait Kind: Copy {
    /// The plain machine type.
    type Plain: Copy;
    type Of<E: Engine>: Copy;
    fn get<E: Engine>(e: &mut E, object: E::Val, field: &FieldDescr) -> Self::Of<E>;
    fn set<E: Engine>(e: &mut E, object: E::Val, field: &FieldDescr, v: Self::Of<E>);
    fn item<E: Engine>(e: &mut E, array: E::Val, index: E::Int, field: &FieldDescr) -> Self::Of<E>;
    fn set_item<E: Engine>(e: &mut E, array: E::Val, index: E::Int, field: &FieldDescr, v: Self::Of<E>);
}

/// A value word.
#[derive(Copy, Clone)]
pub struct V;
/// A machine integer.
#[derive(Copy, Clone)]
pub struct I;
/// A double.
#[derive(Copy, Clone)]
pub struct F;

macro_rules! kind {
    ($name:ident, $plain:ty, $of:ident, $get:ident, $set:ident, $item:ident, $set_item:ident) => {
        impl Kind for $name {
            type Plain = $plain;
            type Of<E: Engine> = E::$of;
            #[inline(always)]
            fn get<E: Engine>(e: &mut E, object: E::Val, field: &FieldDescr) -> E::$of {
                e.$get(object, field)
            }
            #[inline(always)]
            fn set<E: Engine>(e: &mut E, object: E::Val, field: &FieldDescr, v: E::$of) {
                e.$set(object, field, v)
            }
            #[inline(always)]
            fn item<E: Engine>(e: &mut E, array: E::Val, index: E::Int, field: &FieldDescr) -> E::$of {
                e.$item(array, index, field)
            }
            #[inline(always)]
            fn set_item<E: Engine>(e: &mut E, array: E::Val, index: E::Int, field: &FieldDescr, v: E::$of) {
                e.$set_item(array, index, field, v)
            }
        }
    };
}
kind!(V, Value, Val, get_val, set_val, item_val, set_item_val);
kind!(I, i64, Int, get_int, set_int, item_int, set_item_int);
kind!(F, f64, Float, get_float, set_float, item_float, set_item_float);

/// A field of kind `K` at a fixed offset.
#[derive(Copy, Clone, Debug)]
pub struct Field<K> {
    pub descr: FieldDescr,
    kind: PhantomData<K>,
}

/// The items of an array object, of kind `K`.
#[derive(Copy, Clone, Debug)]
pub struct Array<K> {
    pub descr: FieldDescr,
    kind: PhantomData<K>,
}

impl<K> Field<K> {
    /// `mem` must agree with `K`: `Val` for `V`, `F64` for `F`, any integer for `I`.
    pub const fn new(name: &'static str, offset: i32, mem: MemTy, group: u8) -> Field<K> {
        let descr = FieldDescr { name, number: 0, offset, mem, array: false, immutable: false, group };
        Field { descr, kind: PhantomData }
    }

    /// Numbered fields of one name (slots).
    pub const fn numbered(self, number: u16) -> Field<K> {
        Field { descr: FieldDescr { number, ..self.descr }, kind: PhantomData }
    }

    /// Declares that the field never changes once the object is complete.
    pub const fn immutable(self) -> Field<K> {
        Field { descr: FieldDescr { immutable: true, ..self.descr }, kind: PhantomData }
    }
}

impl<K> Array<K> {
    /// As [`Field::new`]; `offset` is that of item 0.
    pub const fn new(name: &'static str, offset: i32, mem: MemTy, group: u8) -> Array<K> {
        let descr = FieldDescr { name, number: 0, offset, mem, array: true, immutable: false, group };
        Array { descr, kind: PhantomData }
    }

    pub const fn immutable(self) -> Array<K> {
        Array { descr: FieldDescr { immutable: true, ..self.descr }, kind: PhantomData }
    }
}

/// Plain access for code outside the engines (native functions).
impl Field<V> {
    /// The value; a field never set reads as `None`.
    #[inline(always)]
    pub fn read(&self, object: Value) -> Option<Value> {
        Value::from_bits(read_raw(object.ptr(), &self.descr))
    }

    /// Stores without a write barrier. Only for objects allocated since the last possible collection, or for values
    /// that are no pointers; else use `Context::write`.
    #[inline(always)]
    pub fn init(&self, object: Value, v: Value) {
        write_raw(object.ptr(), &self.descr, v.bits());
    }
}

impl Field<I> {
    #[inline(always)]
    pub fn read(&self, object: Value) -> i64 {
        read_raw(object.ptr(), &self.descr) as i64
    }
    #[inline(always)]
    pub fn write(&self, object: Value, v: i64) {
        write_raw(object.ptr(), &self.descr, v as u64);
    }
}

impl Field<F> {
    #[inline(always)]
    pub fn read(&self, object: Value) -> f64 {
        f64::from_bits(read_raw(object.ptr(), &self.descr))
    }
    #[inline(always)]
    pub fn write(&self, object: Value, v: f64) {
        write_raw(object.ptr(), &self.descr, v.to_bits());
    }
}

macro_rules! plain_items {
    ($kind:ident, $plain:ty) => {
        impl Array<$kind> {
            /// `count` items from the first on. The object must have them, and nothing may write them meanwhile.
            #[inline(always)]
            pub fn slice<'a>(&self, array: Value, count: usize) -> &'a [$plain] {
                // SAFETY: the descriptor belongs to the object's layout and `count` is at most its capacity.
                unsafe { std::slice::from_raw_parts(self.first(array), count) }
            }

            /// As `slice`, writable; of a value array only for objects that need no write barrier.
            #[inline(always)]
            #[allow(clippy::mut_from_ref)]
            pub fn slice_mut<'a>(&self, array: Value, count: usize) -> &'a mut [$plain] {
                // SAFETY: as in `slice`; one thread runs the heap at a time and no other slice of it is held.
                unsafe { std::slice::from_raw_parts_mut(self.first(array), count) }
            }

            #[inline(always)]
            fn first(&self, array: Value) -> *mut $plain {
                array.ptr().cast::<u8>().wrapping_offset(self.descr.offset as isize).cast()
            }
        }
    };
}
// A value array's unset items are zero words, hence the options.
plain_items!(V, Option<Value>);
plain_items!(I, i64);
plain_items!(F, f64);

impl Array<I> {
    /// The items of a byte array (`MemTy::U8`).
    #[inline(always)]
    pub fn bytes<'a>(&self, array: Value, count: usize) -> &'a [u8] {
        debug_assert!(self.descr.mem == MemTy::U8);
        // SAFETY: as in `slice`.
        unsafe { std::slice::from_raw_parts(self.first(array).cast(), count) }
    }

    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    pub fn bytes_mut<'a>(&self, array: Value, count: usize) -> &'a mut [u8] {
        debug_assert!(self.descr.mem == MemTy::U8);
        // SAFETY: as in `slice_mut`.
        unsafe { std::slice::from_raw_parts_mut(self.first(array).cast(), count) }
    }
}

/// Where item `index` of an array lies in it; for a plain field the index is 0.
#[inline(always)]
pub(crate) fn item_offset(d: &FieldDescr, index: i64) -> isize {
    d.offset as isize + index as isize * d.mem.size() as isize
}

/// Is the field, or the array's item of that index, the zero word, which means "never set"?
pub fn is_unset(object: Value, d: &FieldDescr, index: i64) -> bool {
    read_at(object.ptr(), item_offset(d, index), d.mem) == 0
}

/// Reads a field as a raw word (integers zero- or sign-extended as their type says; doubles as bits).
#[inline(always)]
pub(crate) fn read_raw(object: *mut Header, d: &FieldDescr) -> u64 {
    read_at(object, d.offset as isize, d.mem)
}

#[inline(always)]
pub(crate) fn write_raw(object: *mut Header, d: &FieldDescr, word: u64) {
    write_at(object, d.offset as isize, d.mem, word);
}

#[inline(always)]
pub(crate) fn read_at(object: *mut Header, offset: isize, mem: MemTy) -> u64 {
    let p = object.cast::<u8>().wrapping_offset(offset);
    // SAFETY: the caller's descriptor belongs to the object's layout, so the field lies inside the object, aligned.
    unsafe {
        match mem {
            MemTy::Val | MemTy::I64 | MemTy::F64 => *p.cast::<u64>(),
            MemTy::U32 => *p.cast::<u32>() as u64,
            MemTy::U16 => *p.cast::<u16>() as u64,
            MemTy::U8 => *p as u64,
        }
    }
}

#[inline(always)]
pub(crate) fn write_at(object: *mut Header, offset: isize, mem: MemTy, word: u64) {
    let p = object.cast::<u8>().wrapping_offset(offset);
    // SAFETY: as in `read_at`.
    unsafe {
        match mem {
            MemTy::Val | MemTy::I64 | MemTy::F64 => *p.cast::<u64>() = word,
            MemTy::U32 => *p.cast::<u32>() = word as u32,
            MemTy::U16 => *p.cast::<u16>() = word as u16,
            MemTy::U8 => *p = word as u8,
        }
    }
}
