//! Rust structs owned by heap objects: code objects, classes, and whatever native modules need.
//!
//! The object's first word is a thin pointer to a `Header` that starts the box: a table of how to trace and drop it,
//! then the struct itself. One kind of layout thus serves every Rust type.

use hoop_gc::{Header, Marker, Value};
use std::any::TypeId;

/// What a Rust struct inside a heap object must offer.
pub trait Foreign: 'static {
    /// Marks the values it holds.
    fn trace(&self, marker: &mut Marker);

    /// About how many bytes it holds outside the heap, if that is worth telling; always the same.
    #[inline]
    fn external_bytes(&self) -> usize {
        0
    }
}

struct Table {
    type_id: TypeId,
    trace: unsafe fn(*const (), &mut Marker),
    drop: unsafe fn(*mut ()) -> usize,
}

#[repr(C)]
struct Boxed<T> {
    table: &'static Table,
    value: T,
}

struct TableOf<T>(std::marker::PhantomData<T>);

impl<T: Foreign> TableOf<T> {
    const TABLE: Table = Table { type_id: TypeId::of::<T>(), trace: trace_as::<T>, drop: drop_as::<T> };
}

#[inline]
unsafe fn trace_as<T: Foreign>(p: *const (), marker: &mut Marker) {
    // SAFETY: the table stands in a box of this very type.
    unsafe { &*p.cast::<Boxed<T>>() }.value.trace(marker);
}

#[inline]
unsafe fn drop_as<T: Foreign>(p: *mut ()) -> usize {
    // SAFETY: as above; the collector drops an object once.
    unsafe { Box::from_raw(p.cast::<Boxed<T>>()) }.value.external_bytes()
}

/// Puts a struct in a box; the word goes into the object's `FOREIGN_BOX` field.
#[inline]
pub fn into_word<T: Foreign>(value: T) -> i64 {
    Box::into_raw(Box::new(Boxed { table: const { &TableOf::<T>::TABLE }, value })) as i64
}

#[inline]
fn box_of(object: *mut Header) -> *mut () {
    crate::layout::FOREIGN_BOX.read(Value::from_ptr(object)) as *mut ()
}

/// The struct inside a foreign object, if it is of that type. The object must be of a foreign kind.
///
/// The reference is not tied to the object's life: the caller keeps the value on its stack while it uses it, and does
/// not hold two references to one struct of which one is used to write.
#[allow(clippy::mut_from_ref)]
#[inline]
pub fn get<'a, T: Foreign>(object: Value) -> Option<&'a mut T> {
    let boxed = box_of(object.ptr()).cast::<Boxed<T>>();
    if boxed.is_null() {
        return None;
    }
    // SAFETY: a foreign object holds a box; its table tells the type before the struct is touched.
    unsafe { ((*boxed).table.type_id == TypeId::of::<T>()).then(|| &mut (*boxed).value) }
}

/// As [`get`] for an object whose struct type is known from its kind.
#[inline(always)]
#[allow(clippy::mut_from_ref)]
pub fn get_known<'a, T: Foreign>(object: Value) -> &'a mut T {
    let boxed = box_of(object.ptr()).cast::<Boxed<T>>();
    // SAFETY: the caller knows the kind, and objects of that kind always hold this type.
    unsafe { &mut (*boxed).value }
}

/// Layout hook: marks what the struct holds.
///
/// # Safety
/// `object` is a live object of a foreign kind.
#[inline]
pub unsafe fn trace_box(object: *mut Header, marker: &mut Marker) {
    let p = box_of(object);
    if !p.is_null() {
        // SAFETY: every box starts with its table.
        unsafe { ((*p.cast::<Boxed<()>>()).table.trace)(p, marker) }
    }
}

/// Layout hook: frees the struct and returns its external bytes.
///
/// # Safety
/// `object` is a dead object of a foreign kind, passed once.
#[inline]
pub unsafe fn drop_box(object: *mut Header) -> usize {
    let p = box_of(object);
    if p.is_null() {
        return 0;
    }
    // SAFETY: as above.
    unsafe { ((*p.cast::<Boxed<()>>()).table.drop)(p) }
}
