//! Tests of the heap as a whole: a random model test, and the single promises one by one.

mod model;
mod promises;

use crate::{GcConfig, Header, Heap, Layout, Marker, ShapeId, Survivors, Tail, Value};

/// word 0..3 values, word 3 an identity.
pub const NODE: ShapeId = ShapeId(1);
/// word 0 an identity, then values.
pub const TUPLE: ShapeId = ShapeId(2);
/// word 0 count, word 1 an identity, then values.
pub const ARRAY: ShapeId = ShapeId(3);
/// word 0 count, word 1 an identity, then bytes.
pub const BYTES: ShapeId = ShapeId(4);
/// word 0 weak, word 1 an identity.
pub const WEAK: ShapeId = ShapeId(5);
/// word 0 a value, word 1 an identity, word 2 the address of a log of dropped identities.
pub const DROPPER: ShapeId = ShapeId(6);
/// word 0 the address of a boxed value, word 1 an identity.
pub const TRACER: ShapeId = ShapeId(7);
/// Nothing but a header.
pub const EMPTY: ShapeId = ShapeId(8);
/// As `TRACER`, but stores to the box need barriers.
pub const GUARDED: ShapeId = ShapeId(9);
/// The first shape that a test may declare.
pub const FIRST_FREE: u32 = 10;

pub fn word(object: *mut Header, index: usize) -> *mut u64 {
    object.wrapping_add(1 + index) as *mut u64
}

pub fn get(object: *mut Header, index: usize) -> u64 {
    // SAFETY: the tests read words of objects that they keep alive.
    unsafe { *word(object, index) }
}

pub fn put(object: *mut Header, index: usize, bits: u64) {
    // SAFETY: the tests write words of objects that they keep alive.
    unsafe { *word(object, index) = bits }
}

unsafe fn log_drop(object: *mut Header) -> usize {
    // SAFETY: word 2 holds the log's address, or zero.
    if let Some(log) = unsafe { (get(object, 2) as *mut Vec<u64>).as_mut() } {
        log.push(get(object, 1));
    }
    0
}

unsafe fn trace_box(object: *mut Header, marker: &mut Marker<'_>) {
    // SAFETY: word 0 holds the address of a word, or zero.
    if let Some(&bits) = unsafe { (get(object, 0) as *const u64).as_ref() } {
        marker.word(bits);
    }
}

unsafe fn no_drop(_: *mut Header) -> usize {
    0
}

unsafe fn note_dead_shapes(data: *mut (), survivors: &Survivors<'_>) {
    // SAFETY: the tests pass a vector that outlives the heap's use.
    unsafe { &mut *(data as *mut Vec<ShapeId>) }.extend(survivors.dead_shapes);
}

/// Adds the shapes that collections find dead to `dead`.
pub fn watch_shapes(heap: &mut Heap, dead: &mut Vec<ShapeId>) {
    heap.set_forget(note_dead_shapes, dead as *mut Vec<ShapeId> as *mut ());
}

unsafe fn mark_vec(data: *mut (), marker: &mut Marker<'_>) {
    // SAFETY: the tests pass a vector that outlives the heap's use.
    let roots = unsafe { &*(data as *const Vec<Value>) };
    // SAFETY: the vector's values.
    unsafe { marker.range(roots.as_ptr(), roots.len()) };
}

/// A heap with the tests' shapes, whose only roots are those in `roots`.
pub fn heap_with(config: GcConfig, roots: &mut Vec<Value>) -> Box<Heap> {
    let mut heap = Heap::new(config);
    heap.set_layout(NODE, Layout::fixed(4, 0b0111));
    heap.set_layout(TUPLE, Layout::with_tail(1, 0, Tail::ValuesAux));
    heap.set_layout(ARRAY, Layout::with_tail(2, 0, Tail::Values));
    heap.set_layout(BYTES, Layout::with_tail(2, 0, Tail::Bytes));
    heap.set_layout(WEAK, Layout { weak: true, ..Layout::fixed(2, 1) });
    heap.set_layout(DROPPER, Layout { drop: Some(log_drop), ..Layout::fixed(3, 1) });
    heap.set_layout(TRACER, Layout { trace: Some(trace_box), ..Layout::fixed(2, 0) });
    let guarded =
        Layout { trace: Some(trace_box), barriers: true, drop: Some(no_drop), ..Layout::fixed(2, 0) };
    heap.set_layout(GUARDED, guarded);
    heap.set_layout(EMPTY, Layout::fixed(0, 0));
    heap.set_roots(mark_vec, roots as *mut Vec<Value> as *mut ());
    heap
}

/// Everything checked, freed memory poisoned, small nurseries.
pub fn strict() -> GcConfig {
    GcConfig { poison: true, verify: true, min_nursery_bytes: 64 << 10, ..GcConfig::default() }
}
