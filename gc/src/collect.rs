//! Collections, step by step.
//!
//! Marks are sticky: an object that was marked is old, and a minor collection leaves old objects marked. It starts from
//! the roots, the remembered old objects and the old objects whose `trace` function does without barriers, and whatever it
//! marks joins the old ones. A full collection forgets all marks first. Either way what is not marked afterwards is dead. (Large leaves
//! that only the machine stack refers to lose their marks again when all is over, see `marker`.)
//!
//! A shape may have an owner (a class): it is marked with the first object of the shape, and the shape ends with it.
//!
//! After marking: weak references to the dead are cleared, then dead objects with finalizers are brought back (once) with
//! everything they refer to, then the guest's weak tables forget the dead, then the `drop` functions of the dead run, then
//! lines and pages are swept.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Instant;

use crate::chunk::{clear_mark, is_marked};
use crate::heap::Heap;
use crate::marker::Marker;
use crate::object::{Header, ShapeId};
use crate::shapes::OLD;
use crate::stack::{StackRange, with_spilled_registers};
use crate::value::Value;
use crate::verify::{Suspect, check_suspects};

/// Lists that grew beyond this many entries give memory back.
const KEPT_ENTRIES: usize = 1 << 16;

/// What a collection leaves alive, see [`Heap::set_forget`].
pub struct Survivors<'a> {
    /// Objects that survived a collection before may be dead, too.
    pub full: bool,
    /// The shapes whose owners are dead.
    pub dead_shapes: &'a [ShapeId],
    /// Objects that survive but stay young, in order of address.
    held: &'a [*mut Header],
}

impl Survivors<'_> {
    /// Whether the object survives, if the value is one. It was alive at the last collection, or made since then.
    pub fn is_alive(&self, value: Value) -> bool {
        // SAFETY: nothing is freed yet, so a value that was good before the collection leads to a header.
        !value.is_ptr() || unsafe { is_marked(value.ptr() as usize) }
    }

    /// Whether the object survives all collections up to the next full one.
    pub fn is_old(&self, value: Value) -> bool {
        self.is_alive(value) && !(value.is_ptr() && self.held.binary_search(&value.ptr()).is_ok())
    }
}

impl Heap {
    /// Frees what was allocated since the last collection and is dead.
    pub fn collect_minor(&mut self) {
        self.collect(false);
    }

    /// Frees all that is dead.
    pub fn collect_full(&mut self) {
        self.collect(true);
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn collect(&mut self, full: bool) {
        assert!(!self.collecting, "a collection within a collection");
        let work = AssertUnwindSafe(|| {
            with_spilled_registers(|sp| self.collect_above(full || self.force_full, sp));
        });
        if let Err(payload) = catch_unwind(work) {
            // Half the marks are set: the next collection forgets them.
            self.collecting = false;
            self.force_full = true;
            resume_unwind(payload);
        }
    }

    /// Collects; the stack from address `sp` on holds roots.
    fn collect_above(&mut self, full: bool, sp: usize) {
        let started = Instant::now();
        self.retire_holes();
        let suspects = if self.config.verify { self.check() } else { Vec::new() };
        self.collecting = true;
        self.force_full = false;
        if full {
            self.space.forget_marks();
        }
        let (marked, held) = self.mark(full, sp, &suspects);
        self.forget_dead(full, &held);
        let freed = self.registry.drop_dead(full, &self.shapes);
        self.pace.free_external(freed);
        self.registry.tracers.remove_dead(full, |_| {});
        self.sweep(full, marked);
        self.shapes.release_dead();
        held.iter().for_each(|&object| {
            // SAFETY: large objects that survived; they are young now, if they were not before.
            unsafe {
                clear_mark(object as usize);
                (*object).gc &= !OLD;
            }
        });
        self.collecting = false;
        if self.config.verify {
            self.verify();
        }
        if !self.registry.pending.is_empty() || !self.registry.cleared.is_empty() {
            self.raise_interrupt();
        }
        self.count(full, started);
    }

    /// Marks everything reachable, clears weak references, brings back what has finalizers. Returns the bytes marked,
    /// and the objects that are marked for the sweep only.
    fn mark(&mut self, full: bool, sp: usize, suspects: &[Suspect]) -> (usize, Vec<*mut Header>) {
        let stack = std::mem::take(&mut self.mark_stack);
        let mut marker = {
            let number = self.stats.minor_collections + self.stats.full_collections + 1;
            Marker::new(&self.shapes, &mut self.space, stack, self.mark_stack_limit, !full, number)
        };
        marker.machine_stacks = self.parked.with_running(StackRange { start: sp, base: self.stack_base });
        marker.note_covered = self.config.verify;
        if !full {
            if self.config.verify && !self.force_full {
                self.registry.drops.old().iter().for_each(|&object| check_barriers(object, &mut marker));
            }
            // SAFETY: the lists hold old objects only.
            unsafe {
                trace_remembered(&self.remembered, &mut marker);
                self.registry.tracers.old().iter().for_each(|&object| marker.retrace(object));
            }
        }
        self.remembered.clear();
        for &value in self
            .temp_roots
            .iter()
            .chain(self.parked.temp_roots())
            .chain(&self.registry.pending)
            .chain(&self.registry.cleared)
        {
            marker.value(value);
        }
        if let Some((roots, data)) = self.roots {
            // SAFETY: the guest gave the function together with its data.
            unsafe { roots(data, &mut marker) };
        }
        check_suspects(suspects, &marker.covered);
        marker.drain();
        // SAFETY: this thread's stack is readable from here up to its base, and so are those that are set aside.
        unsafe { marker.conservative_stacks() };
        self.registry.finalizers.candidates(full).iter().for_each(|&object| marker.settle(object));
        let cleared = &mut self.registry.cleared;
        clear_weak(&mut marker, |weak| cleared.push(Value::from_ptr(weak)));
        let pending = &mut self.registry.pending;
        let first = pending.len();
        self.registry.finalizers.remove_dead(full, |object| pending.push(Value::from_ptr(object)));
        pending[first..].iter().for_each(|&value| marker.value(value));
        marker.drain();
        clear_weak(&mut marker, |_| {});
        marker.drain();
        let marked = marker.marked_bytes(self.pace.live());
        let (stack, held) = marker.finish();
        self.mark_stack = stack;
        (marked, held)
    }

    /// The guest's weak tables forget the dead, among them the owners of shapes.
    fn forget_dead(&mut self, full: bool, held: &[*mut Header]) {
        self.shapes.find_dead(full);
        if let Some((forget, data)) = self.forget {
            let survivors = Survivors { full, dead_shapes: &self.shapes.dead, held };
            // SAFETY: the guest gave the function together with its data.
            unsafe { forget(data, &survivors) };
        }
    }

    fn sweep(&mut self, full: bool, marked: usize) {
        if full {
            self.space.forget_starts();
        } else {
            self.space.forget_walks();
        }
        self.stats.allocated_bytes += self.pace.spent() as u64;
        self.pace.collected(full, marked);
        self.space.sweep(full, self.config.poison.then_some(&self.shapes));
        self.space.release(full, self.pace.until_full(), self.pace.budget());
        self.mark_stack.shrink_to(KEPT_ENTRIES);
        self.remembered.shrink_to(KEPT_ENTRIES);
    }

    fn count(&mut self, full: bool, started: Instant) {
        let stats = &mut self.stats;
        *(if full { &mut stats.full_collections } else { &mut stats.minor_collections }) += 1;
        stats.last_pause_ns = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        stats.total_pause_ns += stats.last_pause_ns;
        stats.max_pause_ns = stats.max_pause_ns.max(stats.last_pause_ns);
    }
}

/// Panics if a registered old object that should have been remembered was not: if what its `trace` function marks is not
/// all marked before a minor collection marks anything.
fn check_barriers(object: *mut Header, marker: &mut Marker) {
    // SAFETY: registered objects are objects of this heap, and these are old.
    unsafe {
        if (*object).gc & OLD == OLD && marker.has_barriers(object) {
            marker.retrace(object);
            let header = *object;
            assert!(
                marker.is_idle(),
                "the old {header:?} at {object:p} holds young objects: no write barrier"
            );
        }
    }
}

/// Marks what the remembered objects refer to; they need the barrier again.
///
/// # Safety
/// They are old objects.
unsafe fn trace_remembered(remembered: &[*mut Header], marker: &mut Marker) {
    for &object in remembered {
        // SAFETY: as the caller promises.
        unsafe {
            (*object).gc |= OLD;
            marker.retrace(object);
        }
    }
}

/// Clears the references of the weak objects traced so far whose referents are not marked, and passes those to `f`.
fn clear_weak(marker: &mut Marker, mut f: impl FnMut(*mut Header)) {
    for weak in std::mem::take(&mut marker.weak) {
        // SAFETY: a weak object has its reference in word 0: a value, or zero.
        unsafe {
            let word = weak.add(1) as *mut u64;
            if let Some(referent) = Value::from_bits(*word)
                && referent.is_ptr()
            {
                marker.settle(referent.ptr());
                if !is_marked(referent.ptr() as usize) {
                    *word = Value::UNBOUND.bits();
                    f(weak);
                }
            }
        }
    }
}
