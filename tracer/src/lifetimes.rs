//! When fragments end: what the collector asks and tells, dropping, and the code budget.
//!
//! A dropped fragment's machine code, and what its exits need, stay while an activation can get there. Which code runs is
//! read off the machine stack: whatever runs has called something, and its return address lies there. A stale word that
//! looks like one keeps code a while longer, no more.

use crate::driver::Tracer;
use crate::store::Origin;
use hoop_engine::{Guest, HeaderState, VmState};
use hoop_gc::{Marker, Survivors};
use hoop_ir::FragmentId;
use rustc_hash::FxHashSet as HashSet;

/// Garbage is looked for when it is more than this, and more than a share of the code.
const MIN_GARBAGE: usize = 64 << 10;
const GARBAGE_SHARE: usize = 8;

/// When there is too much code, this share of the budget is made free.
const ROOM: usize = 8;

impl<G: Guest> Tracer<G> {
    /// Marks what recordings, fragments and exits hold. The guest's root callback must call it.
    pub fn trace_roots(&self, marker: &mut Marker) {
        self.scratch.mark(marker);
        self.shared.pins.borrow().iter().for_each(|roots| roots.mark(marker, true));
        if let Some(roots) = self.shared.recording_roots.borrow().as_ref() {
            roots.borrow().iter().for_each(|&v| marker.value(v));
        }
        let store = self.shared.store.borrow();
        if marker.is_minor() && !store.is_young() {
            return;
        }
        let mut words = Words::new(self.backend.code_range());
        marker.each_stack_word(|word| words.add(word));
        let running = self.running(&words.found);
        store.mark(marker, &running);
        self.words.replace(words.found);
    }

    /// Drops the fragments that name dead objects, and forgets what was known of those. The guest must call it in each
    /// collection, when it is told who survives.
    pub fn forget_dead(&self, survivors: &Survivors) {
        let dead = self.shared.store.borrow().dead_fragments(survivors);
        for id in dead.into_iter().filter(|&id| self.shared.store.borrow().is_live(id)) {
            self.count(|c| &c.died, 1);
            self.drop_tree(id);
        }
        // In a minor collection without young fragments the words are old, but then nothing is asked of them.
        let words = self.words.take();
        let running = self.running(&words);
        self.shared.store.borrow_mut().forget_dead(survivors, &running);
        if survivors.full {
            self.reclaim_but(&words);
        }
    }

    /// The fragments that activations can get to, if these are the words of the stack that point into code.
    fn running(&self, words: &[usize]) -> HashSet<FragmentId> {
        self.backend.running(words).into_iter().collect()
    }

    fn stack_words(&self, vm: &mut G::Vm) -> Vec<usize> {
        let mut words = Words::new(self.backend.code_range());
        vm.context().heap.each_stack_word(|word| words.add(word));
        words.found
    }

    /// Gives back the memory of dropped code, if there may be much.
    pub(crate) fn reclaim_if_due(&self, vm: &mut G::Vm) {
        let code = self.shared.store.borrow().code_bytes();
        if self.backend.garbage() > MIN_GARBAGE.max(code / GARBAGE_SHARE) {
            self.reclaim(vm);
        }
    }

    fn reclaim(&self, vm: &mut G::Vm) {
        let words = self.stack_words(vm);
        self.reclaim_but(&words);
    }

    fn reclaim_but(&self, words: &[usize]) {
        let running = self.running(words);
        let gone = self.backend.reclaim(words);
        self.shared.store.borrow_mut().bury(&running, &gone);
    }

    /// Drops a fragment with all that depends on it; their headers and exits count again.
    pub(crate) fn drop_fragment(&self, fragment: FragmentId) {
        if !self.shared.store.borrow().is_live(fragment) {
            return;
        }
        self.count(|c| &c.invalidated, 1);
        self.drop_tree(fragment);
    }

    /// As [`Tracer::drop_fragment`], for whatever reason.
    pub(crate) fn drop_tree(&self, fragment: FragmentId) {
        self.ways_in.clear();
        let dropped = self.shared.store.borrow_mut().drop_fragment(fragment);
        for (id, origin) in dropped {
            self.count(|c| &c.dropped, 1);
            self.backend.free(id);
            self.optimizer.borrow_mut().forget(id);
            let (Origin::Loop { code, pc } | Origin::Function { code, pc }) = origin else { continue };
            let function = matches!(origin, Origin::Function { .. });
            let evictions = {
                let mut store = self.shared.store.borrow_mut();
                if function {
                    store.code(code).wanted = false;
                }
                store.header(code, pc).evictions
            };
            let count = crate::driver::shifted(self.threshold(function), evictions);
            G::set_header_state(code, pc, HeaderState::Count(count));
        }
        self.count_bytes();
    }

    pub(crate) fn count_bytes(&self) {
        let store = self.shared.store.borrow();
        let counters = &self.shared.counters;
        counters.code_bytes.set(store.code_bytes() as u64);
        counters.kept_bytes.set(store.bytes() as u64);
    }

    /// Fragments count as memory outside the heap: those of garbage go with the next collection.
    pub(crate) fn tell_heap(&self, vm: &mut G::Vm) {
        let bytes = self.shared.store.borrow().bytes();
        let told = self.told_bytes.replace(bytes);
        vm.context().heap.add_external(bytes.cast_signed() - told.cast_signed());
    }

    /// Drops what was not used for the longest time if there is too much.
    pub(crate) fn keep_to_budget(&self, vm: &mut G::Vm, keep: FragmentId) {
        let limit = self.shared.options.code_kb as usize * 1024;
        if self.shared.store.borrow().bytes() > limit {
            self.evict(vm, keep, limit - limit / ROOM);
        }
    }

    /// Makes room in the code memory. False: there is nothing to drop.
    pub(crate) fn make_room(&self, vm: &mut G::Vm, keep: FragmentId) -> bool {
        let bytes = self.shared.store.borrow().bytes();
        self.backend.garbage() > 0 && self.reclaims_any(vm) || self.evict(vm, keep, bytes - bytes / ROOM)
    }

    fn reclaims_any(&self, vm: &mut G::Vm) -> bool {
        let before = self.backend.code_bytes();
        self.reclaim(vm);
        self.backend.code_bytes() < before
    }

    /// Drops the oldest trees until no more than `goal` bytes are kept. True: some were dropped. A header whose code had to go
    /// counts longer until the next time, for too many of them would drop each other for ever.
    fn evict(&self, vm: &mut G::Vm, keep: FragmentId, goal: usize) -> bool {
        let words = self.stack_words(vm);
        let running = self.running(&words);
        let (oldest, keep) = {
            let store = self.shared.store.borrow();
            let tree = store.fragments.get(&keep).map(|f| f.tree);
            (store.oldest_trees(&running), tree)
        };
        let mut dropped = false;
        for tree in oldest.into_iter().filter(|&tree| Some(tree) != keep) {
            let mut store = self.shared.store.borrow_mut();
            if store.bytes() <= goal {
                break;
            }
            let Some(origin) = store.fragments.get(&tree).map(|f| f.origin) else { continue };
            if let Origin::Loop { code, pc } | Origin::Function { code, pc } = origin {
                store.header(code, pc).evictions += 1;
            }
            drop(store);
            self.count(|c| &c.evicted, 1);
            self.drop_tree(tree);
            dropped = true;
        }
        self.reclaim_but(&words);
        dropped
    }
}

/// Words of the stack that may be addresses of code.
struct Words {
    range: std::ops::Range<usize>,
    found: Vec<usize>,
}

impl Words {
    fn new(range: std::ops::Range<usize>) -> Words {
        Words { range, found: Vec::new() }
    }

    fn add(&mut self, word: usize) {
        // Recursion leaves the same address many times.
        if self.range.contains(&word) && self.found.last() != Some(&word) {
            self.found.push(word);
        }
    }
}
