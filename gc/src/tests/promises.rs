//! The heap's promises one by one.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::{Survivors, ValueVec, WeakTable, current_stack_address, gc_bits};

/// Keeps test bodies out of the frames of their callers, where the compiler might leave copies of pointers.
#[inline(never)]
fn out_of_line<R>(f: impl FnOnce() -> R) -> R {
    black_box(f())
}

fn is_live(heap: &mut Heap, address: usize) -> bool {
    let mut live = false;
    heap.space.each_marked(|object| live |= object as usize == address);
    live
}

#[test]
fn the_stack_keeps_objects_alive() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    heap.set_stack_base(current_stack_address() + 64);
    let (kept, interior) = out_of_line(|| {
        let base = current_stack_address() + 256;
        heap.with_stack_base(base.max(heap.stack_base), |heap| {
            let kept = heap.alloc(NODE, 4);
            let array = heap.alloc_tail(ARRAY, 2, 5000, 8).expect("memory");
            let inner = array.wrapping_add(3000) as usize;
            (kept, inner)
        })
    });
    let held = black_box([kept as usize, interior]);
    heap.with_stack_base(usize::from(true) * (held.as_ptr() as usize + 16), |heap| heap.collect_full());
    assert!(is_live(&mut heap, held[0]));
    assert_eq!(heap.contains(held[1]), Some((held[1] - 3000 * 8) as *mut Header));
    assert!(is_live(&mut heap, held[1] - 3000 * 8), "interior pointers count");
}

#[test]
fn a_shape_lives_as_long_as_its_owner_and_that_as_long_as_objects_of_the_shape() {
    let (mut roots, mut dead) = (Vec::new(), Vec::new());
    let mut heap = heap_with(strict(), &mut roots);
    watch_shapes(&mut heap, &mut dead);
    let shape = ShapeId(FIRST_FREE);
    for collect in [Heap::collect_minor, Heap::collect_full] {
        let owner = heap.alloc(NODE, 4);
        heap.set_owned_layout(shape, Layout::fixed(1, 0), Value::from_ptr(owner));
        assert_eq!(heap.shape_owner(shape), Some(Value::from_ptr(owner)));
        roots.push(Value::from_ptr(heap.alloc(shape, 1)));
        heap.collect_minor();
        collect(&mut heap);
        assert!(is_live(&mut heap, owner as usize) && dead.is_empty());
        roots.clear();
        heap.collect_minor();
        assert!(dead.is_empty(), "both are old");
        heap.collect_full();
        assert_eq!(std::mem::take(&mut dead), [shape]);
    }
    let owner = heap.alloc(NODE, 4);
    heap.set_owned_layout(shape, Layout::fixed(1, 0), Value::from_ptr(owner));
    heap.collect_minor();
    assert_eq!(dead, [shape], "a young owner dies in a minor collection");
}

#[test]
#[should_panic(expected = "no write barrier")]
fn a_forgotten_barrier_of_a_foreign_box_is_noticed() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let object = heap.alloc(GUARDED, 2);
    let mut cell = Box::new(0u64);
    put(object, 0, &raw mut *cell as u64);
    roots.push(Value::from_ptr(object));
    heap.collect_minor();
    *cell = heap.alloc(NODE, 4) as u64;
    heap.collect_minor();
}

#[test]
fn what_only_the_stack_refers_to_stays_young_if_large_and_without_references() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let bytes = |heap: &mut Heap| heap.alloc_tail(BYTES, 2, 20_000, 1).expect("memory");
    let mut held = [bytes(&mut heap), bytes(&mut heap), bytes(&mut heap), heap.alloc(WEAK, 2)];
    let [_, kept, watched, weak] = held;
    put(weak, 0, watched as u64);
    roots.push(Value::from_ptr(kept));
    let above = black_box(&raw mut held) as usize + size_of_val(&held);
    roots.push(Value::from_ptr(held[0]));
    heap.with_stack_base(above, |heap| heap.collect_minor());
    assert_eq!(roots.pop(), Some(Value::from_ptr(held[0])), "old until the next full collection");
    for full in [false, true, false, true] {
        heap.with_stack_base(above, |heap| heap.collect(full));
        assert_eq!(heap.stats().large_bytes, 3 * 20_480, "all three survive");
    }
    roots.push(Value::from_ptr(weak));
    heap.with_stack_base(above, |heap| heap.collect_full());
    heap.with_stack_base(0, |heap| heap.collect_minor());
    assert_eq!(heap.stats().large_bytes, 2 * 20_480, "the one nothing else refers to was young");
    assert!(is_live(&mut heap, kept as usize) && is_live(&mut heap, watched as usize));
    heap.collect_full();
    assert_eq!(heap.stats().large_bytes, 20_480);
    assert_eq!(get(weak, 0), Value::UNBOUND.bits());
}

#[test]
fn old_and_young_objects_are_found_from_any_address() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { min_nursery_bytes: 4 << 20, ..strict() }, &mut roots);
    let objects: Vec<usize> = (0..3000)
        .map(|i| {
            let object = if i % 7 == 0 { heap.alloc(EMPTY, 0) } else { heap.alloc_aux(TUPLE, 1, i % 50) };
            if i % 3 != 0 {
                roots.push(Value::from_ptr(object));
            }
            object as usize
        })
        .collect();
    for round in 0..3 {
        for (i, &object) in objects.iter().enumerate().filter(|(i, _)| round == 0 || i % 3 != 0) {
            let size = heap.object_size(object as *mut Header);
            for inside in [0, 1, size / 2, size - 1] {
                assert_eq!(
                    heap.contains(object + inside),
                    Some(object as *mut Header),
                    "{i} in round {round}"
                );
            }
        }
        if round == 0 {
            heap.collect_minor();
        } else {
            heap.collect_full();
        }
    }
    assert_eq!(heap.contains(&raw const roots as usize), None);
    assert_eq!(heap.contains(8), None);
    assert_eq!(heap.contains(usize::MAX - 7), None);
}

#[test]
fn garbage_does_not_make_the_heap_grow() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { min_nursery_bytes: 1 << 20, ..GcConfig::default() }, &mut roots);
    for i in 0..200_000usize {
        heap.alloc(NODE, 4);
        heap.alloc_tail(BYTES, 2, i % 20_000, 1).expect("memory");
    }
    let stats = heap.stats();
    assert!(stats.minor_collections > 100, "{stats:?}");
    assert!(stats.peak_mapped_bytes < 4 << 20, "{stats:?}");
}

#[test]
fn memory_goes_back_to_the_system() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { min_nursery_bytes: 1 << 20, ..GcConfig::default() }, &mut roots);
    for _ in 0..1_000_000 {
        roots.push(Value::from_ptr(heap.alloc(NODE, 4)));
    }
    for size in [10_000, 100_000, 3_000_000] {
        roots.push(Value::from_ptr(heap.alloc_tail(BYTES, 2, size, 1).expect("memory")));
    }
    heap.collect_full();
    assert!(heap.stats().mapped_bytes > 40 << 20, "{:?}", heap.stats());
    roots.clear();
    heap.collect_full();
    let stats = heap.stats();
    assert!(stats.mapped_bytes < 10 << 20, "{stats:?}");
    assert_eq!((stats.live_bytes, stats.large_bytes, stats.blocks), (0, 0, 0));
}

#[test]
fn an_empty_heap_takes_nothing() {
    let mut roots = Vec::new();
    assert_eq!(heap_with(GcConfig::default(), &mut roots).stats().mapped_bytes, 0);
}

#[test]
fn exhaustion_is_announced_and_survived() {
    let mut roots = Vec::new();
    let config = GcConfig { limit_bytes: 8 << 20, min_nursery_bytes: 1 << 20, ..GcConfig::default() };
    let mut heap = heap_with(config, &mut roots);
    let word = AtomicU32::new(0);
    heap.set_interrupt(&word, 4);
    assert_eq!(heap.alloc_tail(BYTES, 2, 9 << 20, 1), None);
    assert_eq!(heap.alloc_tail(BYTES, 2, usize::MAX / 2, 8), None);
    assert!(!heap.out_of_memory());
    while !heap.out_of_memory() {
        roots.push(Value::from_ptr(heap.alloc(NODE, 4)));
    }
    assert_eq!(word.load(Ordering::Relaxed), 4);
    assert!(roots.len() * 40 > 6 << 20, "most of the memory could be used: {}", roots.len());
    for _ in 0..10_000 {
        roots.push(Value::from_ptr(heap.alloc(NODE, 4)));
    }
    roots.clear();
    heap.clear_out_of_memory();
    for _ in 0..500_000 {
        heap.alloc(NODE, 4);
    }
    assert!(!heap.out_of_memory());
    assert!(heap.alloc_tail(BYTES, 2, 4 << 20, 1).is_some());
}

#[test]
fn foreign_memory_makes_collections_due() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig::default(), &mut roots);
    for _ in 0..20 {
        heap.alloc(NODE, 4);
        heap.add_external(1 << 20);
        heap.add_external(-(1 << 20));
    }
    assert_eq!(heap.stats().minor_collections, 4);
}

#[test]
fn stress_collects_at_every_nth_allocation() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { stress_every: 5, ..strict() }, &mut roots);
    for _ in 0..100 {
        heap.alloc(NODE, 4);
        assert_eq!(heap.cursor, heap.limit, "compiled code must take the slow path");
    }
    let stats = heap.stats();
    assert_eq!((stats.minor_collections, stats.full_collections), (15, 5));
}

#[test]
fn compiled_code_can_allocate_by_itself() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { min_nursery_bytes: 64 << 10, ..strict() }, &mut roots);
    for _ in 0..50_000 {
        let object = heap.cursor as *mut Header;
        let end = heap.cursor.wrapping_add(40);
        let object = if end > heap.limit {
            Heap::alloc_slow(&mut *heap, 40, NODE.0.into())
        } else {
            heap.cursor = end;
            // SAFETY: the bytes up to `limit` are ours.
            unsafe { object.write(Header { shape: NODE, gc: 0, flags: 0, aux: 0 }) };
            object
        };
        assert_eq!((get(object, 0), get(object, 3)), (0, 0));
        put(object, 3, u64::MAX);
    }
    assert!(heap.stats().minor_collections > 10);
    assert!(heap.may_inline(NODE) && !heap.may_inline(DROPPER) && !heap.may_inline(ShapeId(99)));
}

#[test]
fn long_chains_and_wide_arrays_are_marked_without_recursion() {
    let mut roots = vec![Value::NONE];
    let mut heap = heap_with(GcConfig::default(), &mut roots);
    let array = heap.alloc_tail(ARRAY, 2, 100_000, 8).expect("memory");
    roots.push(Value::from_ptr(array));
    for index in 0..100_000 {
        let node = heap.alloc(NODE, 4);
        put(node, 0, roots[0].bits());
        heap.write_barrier(node);
        roots[0] = Value::from_ptr(node);
        put(array, 2 + index, roots[0].bits());
        heap.write_barrier(array);
    }
    heap.collect_full();
    assert_eq!(heap.objects().len(), 100_001);
    roots.truncate(1);
    assert_eq!(heap.objects().len(), 100_000);
}

#[test]
fn every_item_of_a_wide_array_is_kept() {
    for (count, limit) in [(1023, usize::MAX), (1024, 1), (1025, 3), (4096, 1), (10_001, usize::MAX)] {
        let mut roots = Vec::new();
        let mut heap = heap_with(strict(), &mut roots);
        (heap.mark_stack, heap.mark_stack_limit) = (Vec::new(), limit);
        let array = heap.alloc_tail(ARRAY, 2, count, 8).expect("memory");
        roots.push(Value::from_ptr(array));
        for index in 0..count {
            put(array, 2 + index, heap.alloc(EMPTY, 0) as u64);
            heap.write_barrier(array);
        }
        assert_eq!(heap.objects().len(), 1 + count);
        assert_eq!(heap.stats().live_bytes, (24 + 16 * count) as u64);
    }
}

#[test]
#[should_panic(expected = "no write barrier")]
fn a_forgotten_barrier_is_found() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let old = heap.alloc(NODE, 4);
    roots.push(Value::from_ptr(old));
    heap.collect_minor();
    // SAFETY: the object is live.
    assert_eq!(unsafe { (*old).gc }, gc_bits::MARK | gc_bits::BARRIER);
    let young = heap.alloc(NODE, 4);
    put(old, 0, young as u64);
    heap.collect_minor();
}

#[test]
fn temporary_roots_hold_until_popped() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let before = heap.temp_root_count();
    for _ in 0..3 {
        let value = Value::from_ptr(heap.alloc(NODE, 4));
        heap.push_temp_root(value);
    }
    assert_eq!(heap.objects().len(), 3);
    heap.pop_temp_root();
    assert_eq!(heap.objects().len(), 2);
    heap.truncate_temp_roots(before);
    assert_eq!(heap.objects(), []);
}

#[test]
fn an_object_is_finalized_once_and_kept_for_it() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let child = heap.alloc(NODE, 4);
    put(child, 3, 7);
    let object = heap.alloc(NODE, 4);
    put(object, 0, child as u64);
    heap.register_finalizer(object);
    heap.collect_minor();
    assert!(heap.has_finalizers());
    heap.collect_full();
    assert_eq!(heap.take_finalizers(), [Value::from_ptr(object)]);
    assert_eq!(get(get(object, 0) as *mut Header, 3), 7);
    heap.collect_full();
    assert!(!heap.has_finalizers());
    assert_eq!(heap.objects(), []);
}

unsafe fn mark_words_of(data: *mut (), marker: &mut Marker<'_>) {
    // SAFETY: the test passes the address of a live object with a tail of two values.
    unsafe {
        let object = *(data as *const *mut Header);
        marker.value(Value::from_ptr(object));
        marker.range(word(object, 1) as *const Value, 2);
    }
}

#[test]
fn registers_inside_a_running_generator_need_no_barrier() {
    let mut heap = heap_with(strict(), &mut Vec::new());
    let mut generator = heap.alloc_aux(TUPLE, 1, 2);
    heap.set_roots(mark_words_of, &raw mut generator as *mut ());
    heap.collect_minor();
    let young = heap.alloc(NODE, 4);
    put(generator, 2, young as u64);
    heap.collect_minor();
    assert!(is_live(&mut heap, young as usize));
}

#[test]
fn shape_zero_is_ignored() {
    Heap::new(GcConfig::default()).set_layout(ShapeId(0), Layout::fixed(0, 0));
}

/// A tree whose nodes are held by nothing but the recursion's frames until they are linked.
#[inline(never)]
fn grow(heap: &mut Heap, depth: u64) -> *mut Header {
    let node = heap.alloc(NODE, 4);
    put(node, 3, depth);
    if depth > 0 {
        for side in 0..2 {
            let child = grow(heap, depth - 1);
            let bytes = heap.alloc_tail(BYTES, 2, 300 + depth as usize, 1).expect("memory");
            put(bytes, 1, depth);
            put(node, side, child as u64);
            heap.write_barrier(node);
            put(node, 2, bytes as u64);
        }
    }
    node
}

fn count(node: *mut Header, depth: u64) -> usize {
    assert_eq!(get(node, 3), depth);
    if depth == 0 {
        return 1;
    }
    assert_eq!(get(get(node, 2) as *mut Header, 1), depth);
    1 + count(get(node, 0) as *mut Header, depth - 1) + count(get(node, 1) as *mut Header, depth - 1)
}

#[test]
fn trees_built_on_the_stack_survive_collections_at_any_allocation() {
    for stress_every in [0, 1, 2, 7] {
        let mut roots = Vec::new();
        let mut heap = heap_with(GcConfig { stress_every, ..strict() }, &mut roots);
        let anchor = 0usize;
        heap.set_stack_base(&raw const anchor as usize + 256);
        let depth = if stress_every == 1 { 6 } else { 8 };
        let tree = black_box(grow(&mut heap, depth));
        assert_eq!(count(tree, depth), (2 << depth) - 1);
        heap.collect_full();
        assert_eq!(count(black_box(tree), depth), (2 << depth) - 1);
    }
}

#[test]
fn words_that_look_like_pointers_do_no_harm() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let objects: Vec<usize> = (0..2000).map(|i| heap.alloc_aux(TUPLE, 1, i % 9) as usize).collect();
    let (low, high) = (objects[0] & !0xf_ffff, (objects[1999] | 0xf_ffff) + 1);
    let mut state = 1u64;
    for round in 0..60 {
        let words: Vec<usize> = (0..64)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                low + (state >> 20) as usize % (high - low)
            })
            .collect();
        let first = words.as_ptr() as usize;
        roots.clear();
        roots.extend(words.iter().filter_map(|&word| heap.contains(word)).map(Value::from_ptr));
        let mut range = [first, first + 512];
        heap.set_roots(mark_range, range.as_mut_ptr() as *mut ());
        for _ in 0..50 {
            heap.alloc(NODE, 4);
        }
        if round % 3 == 2 {
            heap.collect_full()
        } else {
            heap.collect_minor()
        }
        for value in &roots {
            // SAFETY: an address in the heap.
            assert!(unsafe { crate::chunk::is_marked(value.ptr() as usize) });
        }
    }
}

unsafe fn mark_range(data: *mut (), marker: &mut Marker<'_>) {
    // SAFETY: the test passes two addresses, the ends of a live vector's memory.
    unsafe {
        let ends = &*(data as *const [usize; 2]);
        marker.conservative_range(ends[0], ends[1]);
    }
}

#[test]
fn objects_with_a_trace_function_need_no_barrier() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let mut held = Box::new(0u64);
    let tracer = heap.alloc(TRACER, 2);
    put(tracer, 0, &raw mut *held as u64);
    roots.push(Value::from_ptr(tracer));
    for _ in 0..3 {
        heap.collect_minor();
        let young = heap.alloc(NODE, 4);
        *held = young as u64;
        heap.collect_minor();
        assert_eq!(heap.contains(young as usize), Some(young));
        assert!(is_live(&mut heap, young as usize));
    }
    assert_eq!(heap.objects().len(), 2);
}

#[test]
fn survivors_do_not_move_and_their_neighbours_are_reused() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { min_nursery_bytes: 1 << 20, ..strict() }, &mut roots);
    let every = 64;
    for index in 0..40_000u64 {
        let node = heap.alloc(NODE, 4);
        put(node, 3, index);
        if index.is_multiple_of(every) {
            roots.push(Value::from_ptr(node));
        }
    }
    heap.collect_full();
    let before = heap.stats().blocks;
    for _ in 0..20_000 {
        heap.alloc(NODE, 4);
    }
    assert_eq!(heap.stats().blocks, before, "allocation goes into the holes");
    for (index, value) in roots.iter().enumerate() {
        assert_eq!(get(value.ptr(), 3), index as u64 * every);
    }
}

#[test]
#[should_panic(expected = "behind what looks like a hole's last object")]
fn an_object_shorter_than_its_memory_is_found() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    heap.alloc(TUPLE, 5);
    heap.alloc(NODE, 4);
    heap.collect_minor();
}

#[test]
fn value_vecs_on_the_stack_keep_their_items() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { stress_every: 1, ..strict() }, &mut roots);
    let anchor = 0usize;
    heap.set_stack_base(&raw const anchor as usize + 256);
    heap.set_layout(ShapeId(20), Layout::with_tail(1, 0, Tail::Values));
    heap.set_array_shape(ShapeId(20));
    let mut list = black_box(ValueVec::new());
    for index in 0..200 {
        let node = heap.alloc(NODE, 4);
        put(node, 3, index);
        list.push(&mut heap, Value::from_ptr(node)).expect("memory");
    }
    let copy = ValueVec::from_slice(&mut heap, &list).expect("memory");
    assert_eq!(list.pop(), copy.last().copied());
    list.truncate(100);
    list.set(&mut heap, 0, Value::TRUE);
    assert_eq!((list.len(), list[0], list.last()), (100, Value::TRUE, copy.get(99)));
    for (index, value) in copy.iter().enumerate() {
        assert_eq!(get(value.ptr(), 3), index as u64);
    }
    black_box((&list, &copy));
}

#[test]
fn paused_collections_wait() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { stress_every: 1, ..strict() }, &mut roots);
    heap.pause_collections();
    let nodes: Vec<*mut Header> = (0..100).map(|_| heap.alloc(NODE, 4)).collect();
    assert!(nodes.iter().all(|&node| heap.contains(node as usize) == Some(node)));
    heap.resume_collections();
    heap.alloc(NODE, 4);
    heap.collect_full();
    assert_eq!(heap.contains(nodes[0] as usize), None);
}

#[test]
fn arrays_that_grow_keep_their_items() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let mut array = heap.alloc_tail(ARRAY, 2, 4, 8).expect("memory");
    roots.push(Value::from_ptr(array));
    let (mut capacity, mut in_place) = (4, 0);
    for index in 0..100_000 {
        if index == capacity {
            capacity += capacity / 8 + 4;
            if heap.grow_tail(array, capacity, 8) {
                in_place += 1;
            } else {
                let longer = heap.alloc_tail(ARRAY, 2, capacity, 8).expect("memory");
                (0..index).for_each(|i| put(longer, 2 + i, get(array, 2 + i)));
                heap.write_barrier(longer);
                array = longer;
                roots[0] = Value::from_ptr(array);
            }
            (index..capacity).for_each(|i| assert_eq!(get(array, 2 + i), 0));
        }
        put(array, 2 + index, heap.alloc(EMPTY, 0) as u64);
        heap.write_barrier(array);
    }
    assert!(in_place > 10, "{in_place}");
    assert_eq!(heap.objects().len(), 100_001);
}

#[test]
fn an_unfilled_tail_has_a_clean_head_and_grows_by_zeros() {
    let mut roots = Vec::new();
    let mut heap = heap_with(GcConfig { verify: true, ..GcConfig::default() }, &mut roots);
    for size in [20, 9_001, 700_001] {
        let old = heap.alloc_tail(BYTES, 2, size, 1).expect("memory");
        (1..2 + size / 8).for_each(|index| put(old, index, 7));
        heap.collect_full();
        let new = heap.alloc_unfilled(BYTES, 2, size, 1).expect("memory");
        assert_eq!((get(new, 0), get(new, 1)), (size as u64, 0));
        let more = size + 9_000;
        if heap.grow_tail(new, more, 1) {
            assert!((2 + size.div_ceil(8)..2 + more / 8).all(|index| get(new, index) == 0));
        }
    }
}

unsafe fn forget_rows(data: *mut (), survivors: &Survivors<'_>) {
    // SAFETY: the test passes a table that outlives the heap's use.
    unsafe { &mut *data.cast::<WeakTable<u64>>() }.forget_dead(survivors);
}

/// Rows go with their objects, young or old, small or large, and what is made at such an address inherits nothing.
#[test]
fn weak_tables_forget_the_dead() {
    for full in [false, true] {
        let mut roots = Vec::new();
        let mut heap = heap_with(strict(), &mut roots);
        let mut table = WeakTable::<u64>::default();
        heap.set_forget(forget_rows, (&raw mut table).cast());
        let kept = Value::from_ptr(heap.alloc(NODE, 4));
        let lost = Value::from_ptr(heap.alloc(NODE, 4));
        let large = Value::from_ptr(heap.alloc_tail(BYTES, 2, 1 << 20, 1).expect("memory"));
        roots.push(kept);
        for (i, v) in [kept, lost, large].into_iter().enumerate() {
            *table.row(v, || 0) += i as u64;
        }
        if full {
            heap.collect_full()
        } else {
            heap.collect_minor()
        }
        assert_eq!((table.len(), table.get(kept)), (1, Some(&0)));
        let again = Value::from_ptr(heap.alloc(NODE, 4));
        assert_eq!(table.row(again, || 7), &7);
        roots.clear();
        heap.collect_minor();
        assert!(table.contains(kept), "old objects are looked at in full collections");
        heap.collect_full();
        assert!(table.is_empty());
    }
}

/// A large leaf that only the stack speaks of stays young: the table must not miss its death.
#[test]
fn weak_tables_do_not_miss_held_objects() {
    let mut roots = Vec::new();
    let mut heap = heap_with(strict(), &mut roots);
    let mut table = WeakTable::<u64>::default();
    heap.set_forget(forget_rows, (&raw mut table).cast());
    let large = Value::from_ptr(heap.alloc_tail(BYTES, 2, 1 << 20, 1).expect("memory"));
    table.row(large, || 1);
    let words = std::hint::black_box([large.bits()]);
    let base = words.as_ptr() as usize + 8;
    heap.with_stack_base(base, Heap::collect_minor);
    assert!(table.contains(large));
    heap.collect_minor();
    assert!(table.is_empty());
}
