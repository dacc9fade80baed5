//! Marking: from the roots through all fields, with an explicit stack.
//!
//! An object is pushed when its mark bit is set for the first time, so at most once in a collection. Long tails are
//! scanned piece by piece, which keeps the stack short. If the stack cannot grow because memory is exhausted, entries
//! are dropped, and the caller looks through all marked objects again until nothing is missing.
//!
//! Marked objects are old from then on, but the machine stack is full of words that were values some time ago. A large
//! object without references that only the stack speaks of is therefore *held*: it survives without a mark, stays
//! young, and the next minor collection can free it. Otherwise each collection in a loop over big ints or long strings
//! would make old garbage of a few large objects. So the stack is looked at last.

use crate::chunk::{is_marked, mark_lines, set_mark};
use crate::object::{Header, Tail, gc_bits};
use crate::shapes::{OLD, ShapeInfo, Shapes, tail_bytes};
use crate::space::Space;
use crate::stack::{StackRange, each_word};
use crate::value::Value;

/// Words of a long tail that are scanned at once.
const PIECE: usize = 1024;

/// Marks roots and fields during a collection.
pub struct Marker<'h> {
    shapes: &'h Shapes,
    space: &'h mut Space,
    /// Objects to trace; or, tagged with 1, the start of a range of words above its end.
    stack: Vec<usize>,
    /// The stack may not grow beyond this many entries.
    stack_limit: usize,
    overflowed: bool,
    minor: bool,
    /// The parts of the machine stacks that hold roots.
    pub(crate) machine_stacks: Vec<StackRange>,
    /// The collection's number.
    number: u64,
    low: usize,
    high: usize,
    /// Bytes of the objects traced; too many if `lost_count`.
    live_bytes: usize,
    lost_count: bool,
    /// Large leaves that the stack refers to and that were not marked then.
    held: Vec<*mut Header>,
    /// Weak objects traced, whose references are to be looked at after marking.
    pub(crate) weak: Vec<*mut Header>,
    /// Whether to keep a list of what was passed to [`Marker::range`].
    pub(crate) note_covered: bool,
    pub(crate) covered: Vec<(usize, usize)>,
}

impl<'h> Marker<'h> {
    /// `stack` is an empty vector whose memory is used.
    pub(crate) fn new(
        shapes: &'h Shapes,
        space: &'h mut Space,
        stack: Vec<usize>,
        stack_limit: usize,
        minor: bool,
        number: u64,
    ) -> Marker<'h> {
        space.refresh_map();
        let (low, high) = space.bounds();
        Marker {
            shapes,
            space,
            stack,
            stack_limit,
            overflowed: false,
            minor,
            machine_stacks: Vec::new(),
            number,
            low,
            high,
            live_bytes: 0,
            lost_count: false,
            held: Vec::new(),
            weak: Vec::new(),
            note_covered: false,
            covered: Vec::new(),
        }
    }

    /// Marks a value.
    #[inline(always)]
    pub fn value(&mut self, value: Value) {
        self.word(value.bits());
    }

    /// Marks the value whose word is `bits`. Zero is allowed and ignored.
    #[inline(always)]
    pub fn word(&mut self, bits: u64) {
        if bits & 7 == 0 && bits != 0 {
            self.object(bits as usize as *mut Header);
        }
    }

    /// Marks `count` values, any of which may be zero words.
    ///
    /// # Safety
    /// The words must be readable, and be values of this heap or zero.
    pub unsafe fn range(&mut self, first: *const Value, count: usize) {
        if self.note_covered {
            self.covered.push((first as usize, first as usize + 8 * count));
        }
        // SAFETY: as the caller promises.
        unsafe { self.words(first as *const u64, count) };
    }

    /// # Safety
    /// As [`Marker::range`].
    #[inline(always)]
    unsafe fn words(&mut self, first: *const u64, count: usize) {
        for i in 0..count {
            // SAFETY: as the caller promises.
            self.word(unsafe { *first.add(i) });
        }
    }

    /// Whether this collection looks only at objects allocated since the last one.
    pub fn is_minor(&self) -> bool {
        self.minor
    }

    /// Calls `f` with each word of the machine stacks: what it says may concern others than the collector.
    pub fn each_stack_word(&self, mut f: impl FnMut(usize)) {
        for stack in &self.machine_stacks {
            // SAFETY: the collection scans these ranges.
            unsafe { stack.each_word(&mut f) };
        }
    }

    /// Marks what the machine stacks hold.
    ///
    /// # Safety
    /// They are readable.
    pub(crate) unsafe fn conservative_stacks(&mut self) {
        for at in 0..self.machine_stacks.len() {
            let StackRange { start, base } = self.machine_stacks[at];
            // SAFETY: as the caller promises.
            unsafe { self.conservative_range(start, base) };
        }
    }

    /// Marks whatever the aligned words from address `start` to before `end` point at or into. Large leaves are held only,
    /// unless something else marks them, before or after.
    ///
    /// # Safety
    /// The range must be readable.
    pub unsafe fn conservative_range(&mut self, start: usize, end: usize) {
        let word = |word| {
            if word >= self.low && word <= self.high {
                self.word_of_stack(word);
            }
        };
        // SAFETY: as the caller promises.
        unsafe { each_word(start, end, word) };
        self.drain();
        self.held.sort_unstable();
        self.held.dedup();
    }

    fn word_of_stack(&mut self, address: usize) {
        // Of a loop over an object's items the machine may keep only where they end.
        let found = self.space.object_containing(address, self.shapes);
        let before = || self.space.object_containing(address.checked_sub(1)?, self.shapes);
        let found = found.or_else(before);
        let Some(object) = found else { return };
        // SAFETY: an object of this heap.
        let may_hold = unsafe { !is_marked(object as usize) && self.is_large_leaf(object) };
        if may_hold && self.held.try_reserve(1).is_ok() {
            self.held.push(object);
        } else {
            self.object(object);
        }
    }

    /// Whether the object is large, refers to nothing now, and owns nothing.
    ///
    /// # Safety
    /// `object` is an object of this heap.
    unsafe fn is_large_leaf(&self, object: *mut Header) -> bool {
        // SAFETY: as the caller promises; the layout describes the object's words.
        unsafe {
            let header = *object;
            let info = self.shapes.get(header.shape);
            let is_set = |index: usize| *(object.add(1 + index) as *const u64) != 0;
            let mut values = (0..64usize).filter(|index| info.strong_mask >> index & 1 == 1);
            header.gc & gc_bits::LARGE != 0 && info.plain && info.owner == 0 && !values.any(is_set)
        }
    }

    /// Marks the object if it is held: somebody relies on the collections that old objects are spared.
    pub(crate) fn settle(&mut self, object: *mut Header) {
        if self.held.binary_search(&object).is_ok() {
            self.object(object);
        }
    }

    /// Ends the marking. Returns the emptied stack for the next collection, and the held objects that nothing has
    /// marked; these are marked until [`crate::heap::Heap`] has swept.
    pub(crate) fn finish(mut self) -> (Vec<usize>, Vec<*mut Header>) {
        // SAFETY: objects of this heap.
        self.held.retain(|&object| unsafe { set_mark(object as usize) });
        (self.stack, self.held)
    }

    /// Marks the object that `address` points at or into, if there is one.
    pub fn address(&mut self, address: usize) {
        if let Some(object) = self.space.object_containing(address, self.shapes) {
            self.object(object);
        }
    }

    #[inline(always)]
    fn object(&mut self, object: *mut Header) {
        // SAFETY: values with pointer tags are objects of this heap.
        if unsafe { set_mark(object as usize) } {
            prefetch(object);
            self.push(object as usize);
        }
    }

    #[inline(always)]
    fn push(&mut self, entry: usize) {
        if self.stack.len() < self.stack.capacity() || self.grow(1) {
            self.stack.push(entry);
        } else {
            self.overflowed = true;
        }
    }

    /// Makes room on the stack for `more` entries, if the limits allow.
    fn grow(&mut self, more: usize) -> bool {
        if self.stack_limit.saturating_sub(self.stack.len()) < more {
            return false;
        }
        while self.stack.try_reserve(more).is_err() {
            if !self.space.give_up_reserve() {
                // Asking again and again would take long.
                self.stack_limit = self.stack.capacity();
                return false;
            }
        }
        true
    }

    /// Traces everything that is reachable from what was marked.
    pub(crate) fn drain(&mut self) {
        self.drain_stack();
        while std::mem::take(&mut self.overflowed) {
            self.lost_count = true;
            self.trace_all_marked();
        }
    }

    /// Traces all marked objects again, among them those whose stack entries got lost.
    #[cold]
    fn trace_all_marked(&mut self) {
        for index in 0..self.space.blocks.slot_count() {
            if let Some(tables) = self.space.blocks.used_slot(index) {
                // SAFETY: the block is ours; the closure looks at its tables only through the marker.
                unsafe { tables.each_marked(|object| self.trace(object)) };
                self.drain_stack();
            }
        }
        for index in 0..self.space.large.len() {
            if let Some(object) = self.space.large.marked_at(index) {
                self.trace(object);
                self.drain_stack();
            }
        }
    }

    fn drain_stack(&mut self) {
        while let Some(entry) = self.stack.pop() {
            if entry & 1 == 0 {
                self.trace(entry as *mut Header);
            } else if let Some(end) = self.stack.pop() {
                self.piece(entry - 1, end);
            }
        }
    }

    /// The object survives: its header, its lines, its fields.
    #[inline(always)]
    fn trace(&mut self, object: *mut Header) {
        // SAFETY: marked objects have valid headers and lie in our chunks.
        unsafe {
            let header = *object;
            let info = self.shapes.get(header.shape);
            let tail = tail_bytes(info.tail, header.aux, object);
            let bytes = info.fixed_bytes as usize + tail;
            (*object).gc = header.gc | OLD;
            if header.gc & gc_bits::LARGE == 0 {
                mark_lines(object as usize, bytes);
            }
            self.live_bytes += bytes;
            self.see(info);
            self.fields(object, info, tail);
        }
    }

    /// An object of this shape survives, so the shape's owner does.
    #[inline(always)]
    fn see(&mut self, info: &ShapeInfo) {
        if info.seen.get() != self.number {
            info.seen.set(self.number);
            self.word(info.owner);
        }
    }

    /// Marks what the object refers to.
    ///
    /// # Safety
    /// `object` is an object of the shape `info`, with `tail` bytes of variable part.
    #[inline(always)]
    unsafe fn fields(&mut self, object: *mut Header, info: &ShapeInfo, tail: usize) {
        // SAFETY: the layout describes the object's words.
        unsafe {
            let words = object.add(1) as *const u64;
            let mut mask = info.strong_mask;
            while mask != 0 {
                self.word(*words.add(mask.trailing_zeros() as usize));
                mask &= mask - 1;
            }
            if matches!(info.tail, Tail::Values | Tail::ValuesAux) {
                let start = object as usize + info.fixed_bytes as usize;
                self.piece(start, start + tail);
            }
            if info.unusual {
                self.unusual(object, info);
            }
        }
    }

    #[cold]
    unsafe fn unusual(&mut self, object: *mut Header, info: &ShapeInfo) {
        if info.layout.weak {
            self.weak.push(object);
        }
        if let Some(trace) = info.layout.trace {
            // SAFETY: the function was declared for objects of this shape.
            unsafe { trace(object, self) };
        }
    }

    /// Scans the words from `start` to `end`, or the first of them, leaving the rest on the stack.
    fn piece(&mut self, start: usize, end: usize) {
        let mut stop = end;
        if end - start > PIECE * 8 && self.grow(2) {
            stop = start + PIECE * 8;
            self.stack.push(end);
            self.stack.push(stop | 1);
        }
        // SAFETY: the range lies in an object's tail of values.
        unsafe { self.words(start as *const u64, (stop - start) / 8) };
    }

    /// Marks what an old object refers to: it is remembered, or has a `trace` function.
    ///
    /// # Safety
    /// `object` is a marked object.
    pub(crate) unsafe fn retrace(&mut self, object: *mut Header) {
        // SAFETY: as the caller promises.
        unsafe {
            let header = *object;
            let info = self.shapes.get(header.shape);
            self.see(info);
            self.fields(object, info, tail_bytes(info.tail, header.aux, object));
        }
    }

    /// Whether what the object's `trace` function marks changes with write barriers.
    ///
    /// # Safety
    /// `object` is an object of this heap.
    pub(crate) unsafe fn has_barriers(&self, object: *mut Header) -> bool {
        // SAFETY: as the caller promises.
        self.shapes.get(unsafe { (*object).shape }).layout.barriers
    }

    /// Nothing waits to be traced.
    pub(crate) fn is_idle(&self) -> bool {
        self.stack.is_empty()
    }

    /// Bytes of the objects marked in this collection. Before it, objects of `old` bytes were marked.
    pub(crate) fn marked_bytes(&self, old: usize) -> usize {
        if !self.lost_count {
            return self.live_bytes;
        }
        let mut all = 0;
        // SAFETY: marked objects have valid headers.
        self.space.each_marked(|object| all += unsafe { self.shapes.size_of(object) });
        all - if self.minor { old } else { 0 }
    }
}

/// Starts loading the object's head, which will be looked at when it is popped.
#[inline(always)]
fn prefetch(object: *mut Header) {
    // SAFETY: a prefetch has no effect that could be observed.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(object as *const i8);
    }
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{}]", in(reg) object, options(nostack, readonly, preserves_flags));
    }
}
