//! How fast is the heap? Prints nanoseconds per allocation for objects that die at once, for trees that are kept for a
//! while (as in the binary-trees benchmark), and for a large live heap under mutation.

use std::hint::black_box;
use std::time::Instant;

use hoop_gc::{GcConfig, Header, Heap, Layout, Marker, ShapeId, Tail, Value};

const NODE: ShapeId = ShapeId(1);
const ARRAY: ShapeId = ShapeId(2);

unsafe fn mark(data: *mut (), marker: &mut Marker<'_>) {
    // SAFETY: `main` passes this vector, which outlives the heap.
    let roots = unsafe { &*(data as *const Vec<Value>) };
    roots.iter().for_each(|&value| marker.value(value));
}

fn set(object: *mut Header, index: usize, value: Value) {
    // SAFETY: the callers pass live objects and indices of their fields.
    unsafe { *(object.wrapping_add(1 + index) as *mut u64) = value.bits() };
}

fn tree(heap: &mut Heap, depth: u32) -> *mut Header {
    if depth == 0 {
        return heap.alloc(NODE, 2);
    }
    let left = tree(heap, depth - 1);
    let right = tree(heap, depth - 1);
    let node = heap.alloc(NODE, 2);
    set(node, 0, Value::from_ptr(left));
    set(node, 1, Value::from_ptr(right));
    node
}

fn report(name: &str, heap: &Heap, count: usize, started: Instant) {
    let (elapsed, stats) = (started.elapsed().as_nanos() as f64, heap.stats());
    println!(
        "{name:12} {:6.2} ns/object  pauses {:5.1} % (max {:.1} ms)  {} minor {} full  peak {:.1} MB",
        elapsed / count as f64,
        100.0 * stats.total_pause_ns as f64 / elapsed,
        stats.max_pause_ns as f64 / 1e6,
        stats.minor_collections,
        stats.full_collections,
        stats.peak_mapped_bytes as f64 / (1 << 20) as f64,
    );
}

fn fresh(roots: &mut Vec<Value>) -> Box<Heap> {
    roots.clear();
    let mut heap = Heap::new(GcConfig::default());
    heap.set_layout(NODE, Layout::fixed(2, 0b11));
    heap.set_layout(ARRAY, Layout::with_tail(1, 0, Tail::Values));
    heap.set_roots(mark, roots as *mut Vec<Value> as *mut ());
    heap
}

fn short_lived(roots: &mut Vec<Value>) {
    let mut heap = fresh(roots);
    let started = Instant::now();
    let count = 50_000_000;
    for _ in 0..count {
        black_box(heap.alloc(NODE, 2));
    }
    report("short-lived", &heap, count, started);
}

fn trees(roots: &mut Vec<Value>) {
    let mut heap = fresh(roots);
    let base = &raw const roots as usize + 256;
    heap.set_stack_base(base);
    let started = Instant::now();
    let long_lived = tree(&mut heap, 16);
    roots.push(Value::from_ptr(long_lived));
    let (rounds, depth) = (200, 14);
    for _ in 0..rounds {
        black_box(tree(&mut heap, depth));
    }
    report("trees", &heap, (1 << 17) + rounds * (2 << depth), started);
}

fn mutation(roots: &mut Vec<Value>) {
    let mut heap = fresh(roots);
    let length = 1_000_000;
    let array = heap.alloc_tail(ARRAY, 1, length, 8).expect("memory");
    roots.push(Value::from_ptr(array));
    let started = Instant::now();
    let count = 10_000_000;
    let mut at = 1usize;
    for _ in 0..count {
        at = at.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let node = heap.alloc(NODE, 2);
        set(array, 1 + (at >> 33) % length, Value::from_ptr(node));
        heap.write_barrier(array);
    }
    report("mutation", &heap, count, started);
}

fn main() {
    let mut roots = Vec::new();
    short_lived(&mut roots);
    trees(&mut roots);
    mutation(&mut roots);
}
