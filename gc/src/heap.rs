//! The heap: allocation, and what the guest and compiled code see.
//!
//! **Allocating.** `cursor..limit` is the rest of the current hole; an object is made by writing its header at `cursor`
//! and moving that, in Rust or in compiled code. All fields start as zero. If the room does not do, the slow path
//! collects when the budget is spent and takes another hole. `limit` is pulled down to `cursor` when the next
//! allocation must come to the slow path: under stress, or when foreign memory used up the budget.
//!
//! **What the rest of the system owes the heap**
//! * An object has a parsable header (shape with a layout; the count of its tail) before anything can allocate again,
//!   and its size changes by [`Heap::grow_tail`] only: a new shape in the header must give the same size, and have the same `weak`, `trace`
//!   and `drop`.
//! * Any allocation may collect, and every survivor of a collection is old. So a store of a value into an object is
//!   followed by `write_barrier(object)`, unless nothing was allocated since the object was made.
//! * Values are found in registers and on the stack (below the stack base), in objects, and through the roots callback;
//!   not in Rust's own heap. Native code that keeps values while it allocates uses a [`crate::ValueVec`] on the stack, or
//!   temporary roots, instead of a `Vec`.
//! * Objects of shapes with `drop` or `trace` are made by the methods here, never by compiled code's own bumping
//!   (see [`Heap::may_inline`]).
//! * `trace`, `drop` and the roots callback neither allocate nor collect.
//! * `ShapeId(0)` belongs to no object: a zero header ends what was allocated in a hole.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::blocks::Hole;
use crate::chunk::{LINE, MAX_SMALL};
use crate::collect::Survivors;
use crate::config::{GcConfig, GcStats, HeapOffsets};
use crate::large::PAGE;
use crate::marker::Marker;
use crate::object::{Header, Layout, ShapeId, Tail, gc_bits};
use crate::pace::Pace;
use crate::registry::Registry;
use crate::shapes::{Shapes, header_of_word};
use crate::space::Space;
use crate::stack::{ParkedStacks, StackId, StackRange, with_spilled_registers};
use crate::value::Value;

/// No object has more bytes.
const MAX_BYTES: usize = 1 << 46;
/// If a full collection in need finds all but this many bytes alive, memory counts as exhausted.
const MIN_RECOVERED: usize = 512 << 10;

/// A function that marks the roots.
pub(crate) type RootsFn = unsafe fn(*mut (), &mut Marker<'_>);
/// A function that forgets what did not survive.
pub(crate) type ForgetFn = unsafe fn(*mut (), &Survivors<'_>);

/// A heap of objects. See the module text for the rules.
#[repr(C)]
pub struct Heap {
    /// Where the next object goes.
    pub cursor: *mut u8,
    /// End of the memory that may be bumped through.
    pub limit: *mut u8,
    /// End of the current hole: `limit`, or more.
    hole_end: *mut u8,
    /// Room for objects that are longer than a line and did not fit the current hole.
    medium: Hole,
    pub(crate) shapes: Shapes,
    pub(crate) space: Space,
    pub(crate) registry: Registry,
    /// Old objects that may refer to young ones.
    pub(crate) remembered: Vec<*mut Header>,
    pub(crate) temp_roots: Vec<Value>,
    pub(crate) mark_stack: Vec<usize>,
    pub(crate) mark_stack_limit: usize,
    pub(crate) roots: Option<(RootsFn, *mut ())>,
    pub(crate) forget: Option<(ForgetFn, *mut ())>,
    pub(crate) stack_base: usize,
    /// The stacks of threads of execution that are set aside.
    pub(crate) parked: ParkedStacks,
    pub(crate) pace: Pace,
    pub(crate) config: GcConfig,
    pub(crate) stats: GcStats,
    interrupt: Option<(*const AtomicU32, u32)>,
    stress_count: u64,
    pub(crate) out_of_memory: bool,
    /// The next collection must be a full one.
    pub(crate) force_full: bool,
    /// No collection may start while this is not zero.
    paused: u32,
    /// The shape of the arrays behind [`crate::ValueVec`].
    array_shape: ShapeId,
    pub(crate) collecting: bool,
}

// Pointers to objects are values' pointers: the whole system owes the heap that they are good.
#[expect(clippy::not_unsafe_ptr_arg_deref)]
impl Heap {
    /// What compiled code must know.
    pub const OFFSETS: HeapOffsets = HeapOffsets {
        cursor: std::mem::offset_of!(Heap, cursor),
        limit: std::mem::offset_of!(Heap, limit),
        shape: std::mem::offset_of!(Header, shape),
        gc: std::mem::offset_of!(Header, gc),
        flags: std::mem::offset_of!(Header, flags),
        aux: std::mem::offset_of!(Header, aux),
        header_bytes: size_of::<Header>(),
        barrier_bit: gc_bits::BARRIER,
        max_inline_bytes: MAX_SMALL,
    };

    /// An empty heap. Its address stays fixed.
    pub fn new(config: GcConfig) -> Box<Heap> {
        Box::new(Heap {
            cursor: null_mut(),
            limit: null_mut(),
            hole_end: null_mut(),
            medium: Hole { start: 0, end: 0 },
            shapes: Shapes::new(),
            space: Space::new(config.limit_bytes),
            registry: Registry::default(),
            remembered: Vec::with_capacity(1 << 10),
            temp_roots: Vec::new(),
            mark_stack: Vec::with_capacity(1 << 12),
            mark_stack_limit: usize::MAX,
            roots: None,
            forget: None,
            stack_base: 0,
            parked: ParkedStacks::default(),
            pace: Pace::new(config.min_nursery_bytes),
            config,
            stats: GcStats::default(),
            interrupt: None,
            stress_count: 0,
            out_of_memory: false,
            force_full: false,
            paused: 0,
            array_shape: ShapeId(0),
            collecting: false,
        })
    }

    /// `f(data, marker)` is called in each collection to mark the roots.
    pub fn set_roots(&mut self, f: RootsFn, data: *mut ()) {
        self.roots = Some((f, data));
    }

    /// `f(data, survivors)` is called in each collection when it is known what survives, and nothing is freed yet: the
    /// guest's weak tables forget the dead. Like `trace` functions it neither allocates nor collects.
    pub fn set_forget(&mut self, f: ForgetFn, data: *mut ()) {
        self.forget = Some((f, data));
    }

    /// Calls `f` with each word of the machine stacks: of this one from here up to the stack base, registers that calls
    /// preserve included, and of those that are set aside.
    pub fn each_stack_word(&self, mut f: impl FnMut(usize)) {
        with_spilled_registers(|sp| {
            for stack in self.parked.with_running(StackRange { start: sp, base: self.stack_base }) {
                // SAFETY: this thread's stack is readable from here up to its base, and so are those set aside.
                unsafe { stack.each_word(&mut f) };
            }
        });
    }

    /// Sets the running stack aside together with its temporary roots: until it is resumed collections scan it from `sp`
    /// on, and the heap has no running stack but what [`Heap::set_stack_base`] gives it.
    ///
    /// # Safety
    /// The stack stays as it is, and readable from `sp` up to its base, until it is resumed.
    pub unsafe fn park_stack(&mut self, sp: usize) -> StackId {
        let range = StackRange { start: sp, base: std::mem::take(&mut self.stack_base) };
        self.parked.park(range, std::mem::take(&mut self.temp_roots))
    }

    /// Makes a stack that was set aside the running one. Until now there was none, or it has come to its end.
    pub fn resume_stack(&mut self, id: StackId) {
        let Some(parked) = self.parked.take(id) else { unreachable!("a stack is resumed once") };
        debug_assert!(self.temp_roots.is_empty(), "the stack before it has come to its end");
        self.stack_base = parked.base();
        self.temp_roots = parked.temp_roots;
    }

    /// The heap ORs `bit` into `*word` when finalizers, weak references or exhaustion need attention. The word must live
    /// as long as the heap.
    pub fn set_interrupt(&mut self, word: *const AtomicU32, bit: u32) {
        self.interrupt = Some((word, bit));
    }

    /// Collections scan the stack from where they are called up to address `base`; 0 = not at all.
    pub fn set_stack_base(&mut self, base: usize) {
        self.stack_base = base;
    }

    /// Runs `f` with another stack base.
    pub fn with_stack_base<R>(&mut self, base: usize, f: impl FnOnce(&mut Heap) -> R) -> R {
        let old = std::mem::replace(&mut self.stack_base, base);
        let result = f(self);
        self.stack_base = old;
        result
    }

    /// Declares the layout of a shape, which must not change once objects have it. No object may have `ShapeId(0)`, so
    /// what is declared for that is ignored.
    pub fn set_layout(&mut self, shape: ShapeId, layout: Layout) {
        self.shapes.set(shape, layout);
    }

    /// As [`Heap::set_layout`], for a shape that has an owner: objects of the shape keep that alive, and when it dies the
    /// shape is listed in [`Survivors::dead_shapes`], and may be declared anew after that collection. An object that gets
    /// a shape with another owner by a new shape in its header needs a write barrier.
    pub fn set_owned_layout(&mut self, shape: ShapeId, layout: Layout, owner: Value) {
        assert!(owner.is_ptr(), "the owner of a shape is an object");
        self.shapes.set_owned(shape, layout, owner.bits());
    }

    /// The object that lives as long as there are objects of this shape. Whatever else relies on what the shape's number
    /// means must keep it alive, too.
    pub fn shape_owner(&self, shape: ShapeId) -> Option<Value> {
        Value::from_bits(self.shapes.get(shape).owner)
    }

    /// The layout that was declared for a shape.
    #[inline]
    pub fn layout(&self, shape: ShapeId) -> &Layout {
        &self.shapes.get(shape).layout
    }

    /// Declares the shape of the arrays behind [`crate::ValueVec`]: one fixed word, the count, and a tail of values.
    pub fn set_array_shape(&mut self, shape: ShapeId) {
        let layout = self.layout(shape);
        assert!(layout.fixed_words == 1 && layout.tail == Tail::Values, "{layout:?} is no array of values");
        self.array_shape = shape;
    }

    pub(crate) fn array_shape(&self) -> ShapeId {
        assert_ne!(self.array_shape.0, 0, "Heap::set_array_shape was not called");
        self.array_shape
    }

    /// No allocation collects until [`Heap::resume_collections`], for instance while the guest's roots are still being
    /// set up. May be nested.
    pub fn pause_collections(&mut self) {
        self.paused += 1;
    }

    /// Ends what the matching [`Heap::pause_collections`] began.
    pub fn resume_collections(&mut self) {
        assert_ne!(self.paused, 0, "collections are not paused");
        self.paused -= 1;
    }

    /// Whether compiled code may make objects of this shape by bumping `cursor` itself.
    pub fn may_inline(&self, shape: ShapeId) -> bool {
        self.shapes.find(shape).is_some_and(|info| !info.registered)
    }

    /// An object of `fixed_words` zero words. May collect. If its shape has a tail, the words are to be counted in, and
    /// the tail's length (count or `aux`) is to be written at once.
    #[inline]
    pub fn alloc(&mut self, shape: ShapeId, fixed_words: u16) -> *mut Header {
        let info = self.shapes.get(shape);
        debug_assert!(info.fits(fixed_words), "{shape:?} has {:?}, not {fixed_words} words", info.layout);
        let registered = info.registered;
        let header = Header { shape, gc: 0, flags: 0, aux: 0 };
        self.bump(8 + 8 * usize::from(fixed_words), header, registered)
    }

    /// As [`Heap::alloc`], with `aux`; a `ValuesAux` tail gets `aux` zero words.
    #[inline]
    pub fn alloc_aux(&mut self, shape: ShapeId, fixed_words: u16, aux: u16) -> *mut Header {
        let info = self.shapes.get(shape);
        let tail = if info.tail == Tail::ValuesAux { usize::from(aux) } else { 0 };
        let registered = info.registered;
        let header = Header { shape, gc: 0, flags: 0, aux };
        self.bump(8 + 8 * (usize::from(fixed_words) + tail), header, registered)
    }

    /// Whether the object has `bytes` bytes at `offset`, for checks; if they hold a value, the collector must see it there.
    pub fn covers(&self, object: *mut Header, offset: isize, bytes: usize, is_value: bool) -> bool {
        // SAFETY: the caller passes an object of this heap.
        let (shape, size) = unsafe { ((*object).shape, self.shapes.size_of(object)) };
        let info = self.shapes.get(shape);
        let Ok(offset) = usize::try_from(offset) else { return false };
        let seen = match offset.checked_sub(info.fixed_bytes as usize) {
            Some(_) => matches!(info.tail, Tail::Values | Tail::ValuesAux),
            None => offset >= 8 && info.layout.value_mask >> (offset / 8 - 1) & 1 != 0,
        };
        offset + bytes <= size && (seen || !is_value)
    }

    /// An object of `words` zero words, those of its tail included, with `aux`. May collect. A counted tail's count is to
    /// be written at once.
    #[inline]
    pub fn alloc_words(&mut self, shape: ShapeId, words: u32, aux: u16) -> *mut Header {
        let info = self.shapes.get(shape);
        debug_assert!(info.fits_with(words, aux), "{shape:?} has {:?}, not {words} words", info.layout);
        let registered = info.registered;
        let header = Header { shape, gc: 0, flags: 0, aux };
        self.bump(8 + 8 * words as usize, header, registered)
    }

    /// An object with a counted tail of `count` elements of `elem_size` bytes (1 or 8), all zero; the count is written.
    /// `None` if memory for a large one is exhausted. May collect.
    #[inline]
    pub fn alloc_tail(
        &mut self,
        shape: ShapeId,
        fixed_words: u16,
        count: usize,
        elem_size: usize,
    ) -> Option<*mut Header> {
        self.alloc_counted(shape, fixed_words, count, elem_size, usize::MAX)
    }

    /// As [`Heap::alloc_tail`], for a tail without values that is going to be written from its beginning to its end: what
    /// it holds before that is anything.
    #[inline]
    pub fn alloc_unfilled(
        &mut self,
        shape: ShapeId,
        fixed_words: u16,
        count: usize,
        elem_size: usize,
    ) -> Option<*mut Header> {
        debug_assert!(matches!(self.shapes.get(shape).tail, Tail::Bytes | Tail::Words));
        self.alloc_counted(shape, fixed_words, count, elem_size, 8 + 8 * usize::from(fixed_words))
    }

    /// Of a large object the first `clean` bytes are zero, of others all.
    #[inline]
    fn alloc_counted(
        &mut self,
        shape: ShapeId,
        fixed_words: u16,
        count: usize,
        elem_size: usize,
        clean: usize,
    ) -> Option<*mut Header> {
        debug_assert!(fixed_words > 0, "the count is word 0");
        let tail = count.checked_mul(elem_size).filter(|&bytes| bytes <= MAX_BYTES)?;
        let bytes = 8 + 8 * usize::from(fixed_words) + ((tail + 7) & !7);
        let registered = self.shapes.get(shape).registered;
        let header = Header { shape, gc: 0, flags: 0, aux: 0 };
        let object = if bytes <= MAX_SMALL {
            self.bump(bytes, header, registered)
        } else {
            self.allocate(bytes, clean, header, false)?
        };
        // SAFETY: a fresh object with at least one fixed word.
        unsafe { (object.add(1) as *mut usize).write(count) };
        Some(object)
    }

    /// Makes the counted tail (elements of `elem_size` bytes) of a large object longer where it lies: `count` elements,
    /// the new ones zero. False if the object is not large or there is no room: a longer one must take its place.
    /// Does not collect.
    pub fn grow_tail(&mut self, object: *mut Header, count: usize, elem_size: usize) -> bool {
        // SAFETY: the caller passes an object of this heap.
        let (header, from) = unsafe { (*object, self.shapes.size_of(object)) };
        let Some(tail) = count.checked_mul(elem_size).filter(|&bytes| bytes <= MAX_BYTES) else {
            return false;
        };
        if header.gc & gc_bits::LARGE == 0 || self.pace.is_due() {
            return false;
        }
        let to = self.shapes.get(header.shape).fixed_bytes as usize + ((tail + 7) & !7);
        if to < from || !self.space.large.grow(object as usize, from, to, &mut self.space.system) {
            return false;
        }
        let rest = to.min(from.next_multiple_of(PAGE)) - from;
        // SAFETY: the object has `to` bytes now. The count is the first fixed word.
        unsafe {
            object.byte_add(from).cast::<u8>().write_bytes(0, rest);
            (object.add(1) as *mut usize).write(count);
        }
        self.pace.spend(to - from);
        self.set_limit();
        true
    }

    #[inline(always)]
    fn bump(&mut self, bytes: usize, header: Header, registered: bool) -> *mut Header {
        debug_assert_ne!(header.shape.0, 0, "no object has shape 0");
        let at = self.cursor;
        if registered || (self.limit as usize) - (at as usize) < bytes {
            return self.alloc_out_of_line(bytes, header);
        }
        self.cursor = at.wrapping_add(bytes);
        // SAFETY: the hole has room for the object.
        unsafe { (at as *mut Header).write(header) };
        at as *mut Header
    }

    /// Where the next small object will lie, if the current hole has room: those made in between lie below.
    pub fn cursor_address(&self) -> usize {
        self.cursor as usize
    }

    /// The slow path of compiled code: `cursor + bytes > limit`. `header` is the whole header word, with zero collector
    /// bits. Never null. A counted tail's count is to be written by the caller at once.
    /// `heap` is the live heap that the code was compiled for.
    pub extern "C" fn alloc_slow(heap: *mut Heap, bytes: usize, header: u64) -> *mut Header {
        // SAFETY: as the caller promises.
        unsafe { (*heap).alloc_out_of_line(bytes, header_of_word(header)) }
    }

    #[cold]
    #[inline(never)]
    fn alloc_out_of_line(&mut self, bytes: usize, header: Header) -> *mut Header {
        match self.allocate(bytes, bytes, header, true) {
            Some(object) => object,
            None => die_exhausted(bytes),
        }
    }

    /// Collects if it is time, then makes an object. `clean`: as in [`Heap::alloc_counted`]; `must`: the reserve may be
    /// used for a large one too.
    #[inline(never)]
    fn allocate(&mut self, bytes: usize, clean: usize, header: Header, must: bool) -> Option<*mut Header> {
        assert!(!self.collecting, "allocation during a collection");
        self.collect_if_due();
        let large = bytes > MAX_SMALL;
        let at = if large { self.take_large(bytes, clean, must)? } else { self.take_small(bytes)? };
        let object = at as *mut Header;
        let gc = if large { gc_bits::LARGE } else { 0 };
        // SAFETY: the memory was just taken for this object.
        unsafe { object.write(Header { gc, ..header }) };
        self.register(object, header.shape);
        self.set_limit();
        Some(object)
    }

    fn collect_if_due(&mut self) {
        self.stress_count += 1;
        let every = u64::from(self.config.stress_every);
        if self.paused != 0 {
            return;
        }
        if every != 0 {
            if self.stress_count.is_multiple_of(every) {
                self.collect((self.stress_count / every).is_multiple_of(4));
            }
        } else if self.pace.is_due() {
            self.collect(self.pace.wants_full());
        }
    }

    fn take_small(&mut self, bytes: usize) -> Option<usize> {
        let at = self.cursor as usize;
        if self.hole_end as usize - at >= bytes {
            self.cursor = self.cursor.wrapping_add(bytes);
            return Some(at);
        }
        if bytes <= LINE {
            let hole = self.obtain_hole(false)?;
            self.cursor = (hole.start + bytes) as *mut u8;
            self.hole_end = hole.end as *mut u8;
            return Some(hole.start);
        }
        if self.medium.end - self.medium.start < bytes {
            self.medium = self.obtain_hole(true)?;
        }
        let at = self.medium.start;
        self.medium.start += bytes;
        Some(at)
    }

    /// Room for small objects, in need from a full collection or the reserve.
    fn obtain_hole(&mut self, whole_block: bool) -> Option<Hole> {
        let take = |space: &mut Space, beyond: bool| {
            if whole_block { space.take_block(beyond) } else { space.take_hole(beyond) }
        };
        let mut hole = take(&mut self.space, false);
        if hole.is_none() && !self.out_of_memory && self.paused == 0 {
            self.collect_in_need();
            hole = take(&mut self.space, false);
        }
        if hole.is_none() {
            self.note_exhausted();
            hole = take(&mut self.space, true);
        }
        let found = hole?;
        self.pace.spend(found.end - found.start);
        Some(found)
    }

    fn take_large(&mut self, bytes: usize, clean: usize, must: bool) -> Option<usize> {
        let mut at = self.space.take_large(bytes, clean, false);
        if at.is_none() && !self.out_of_memory && self.paused == 0 {
            self.collect(true);
            at = self.space.take_large(bytes, clean, false);
        }
        if at.is_none() && must {
            self.note_exhausted();
            at = self.space.take_large(bytes, clean, true);
        }
        self.pace.spend(bytes);
        at
    }

    fn collect_in_need(&mut self) {
        let committed = self.space.system.committed();
        self.collect(true);
        if committed.saturating_sub(self.pace.live()) < MIN_RECOVERED {
            self.note_exhausted();
        }
    }

    fn note_exhausted(&mut self) {
        self.out_of_memory = true;
        self.raise_interrupt();
    }

    fn register(&mut self, object: *mut Header, shape: ShapeId) {
        let info = self.shapes.get(shape);
        if !info.registered {
            return;
        }
        let space = &mut self.space;
        if info.layout.drop.is_some() {
            self.registry.drops.push(object, || space.give_up_reserve());
        }
        if info.layout.trace.is_some() && !info.layout.barriers {
            self.registry.tracers.push(object, || space.give_up_reserve());
        }
    }

    /// Decides whether the next allocation may take the fast path.
    fn set_limit(&mut self) {
        let fast = self.config.stress_every == 0 && !self.pace.is_due();
        self.limit = if fast { self.hole_end } else { self.cursor };
    }

    /// Nothing is allocated in the current holes any more.
    pub(crate) fn retire_holes(&mut self) {
        self.cursor = null_mut();
        self.limit = null_mut();
        self.hole_end = null_mut();
        self.medium = Hole { start: 0, end: 0 };
    }

    /// To be called when a value was (or is about to be) stored in `object`, with no allocation between the two.
    #[inline(always)]
    pub fn write_barrier(&mut self, object: *mut Header) {
        // SAFETY: the caller passes an object of this heap.
        if unsafe { (*object).gc } & gc_bits::BARRIER != 0 {
            Heap::remember(self, object);
        }
    }

    /// The barrier's slow path: the old `object` may refer to young ones from now on. `heap` is its live heap.
    #[cold]
    #[inline(never)]
    pub extern "C" fn remember(heap: *mut Heap, object: *mut Header) {
        // SAFETY: as the caller promises.
        unsafe {
            let heap = &mut *heap;
            while heap.remembered.try_reserve(1).is_err() {
                if !heap.space.give_up_reserve() {
                    heap.force_full = true;
                    return;
                }
            }
            (*object).gc &= !gc_bits::BARRIER;
            heap.remembered.push(object);
        }
    }

    /// Keeps `value` alive until it is popped: for native code that holds values in Rust's own heap.
    pub fn push_temp_root(&mut self, value: Value) {
        self.temp_roots.push(value);
    }

    /// Takes back the last [`Heap::push_temp_root`].
    pub fn pop_temp_root(&mut self) -> Option<Value> {
        self.temp_roots.pop()
    }

    /// How many temporary roots there are: to be passed to [`Heap::truncate_temp_roots`].
    pub fn temp_root_count(&self) -> usize {
        self.temp_roots.len()
    }

    /// Takes back all temporary roots but the first `count`.
    pub fn truncate_temp_roots(&mut self, count: usize) {
        self.temp_roots.truncate(count);
    }

    /// The temporary roots, oldest first.
    pub fn temp_roots(&self) -> &[Value] {
        &self.temp_roots
    }

    /// When `object` is found dead, it is kept alive that once, unregistered, and listed by
    /// [`Heap::take_finalizers`].
    pub fn register_finalizer(&mut self, object: *mut Header) {
        let space = &mut self.space;
        self.registry.finalizers.push(object, || space.give_up_reserve());
    }

    /// The objects whose finalizers are to be run, in order of registration.
    pub fn take_finalizers(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.registry.pending)
    }

    pub fn has_finalizers(&self) -> bool {
        !self.registry.pending.is_empty()
    }

    /// Live weak objects whose referents died since this was last asked.
    pub fn take_cleared_weakrefs(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.registry.cleared)
    }

    pub fn has_cleared_weakrefs(&self) -> bool {
        !self.registry.cleared.is_empty()
    }

    /// Memory that foreign boxes hold changed by `bytes`. It counts towards the next collection.
    pub fn add_external(&mut self, bytes: isize) {
        if self.pace.spend_external(bytes) && !self.collecting {
            self.set_limit();
        }
    }

    /// Memory is exhausted and the reserve in use: `MemoryError` is to be raised soon.
    pub fn out_of_memory(&self) -> bool {
        self.out_of_memory
    }

    /// `MemoryError` is on its way; the reserve is filled up again as far as possible.
    pub fn clear_out_of_memory(&mut self) {
        self.out_of_memory = false;
        self.space.refill_reserve();
    }

    pub(crate) fn raise_interrupt(&self) {
        if let Some((word, bit)) = self.interrupt {
            // SAFETY: the owner keeps the word alive as long as the heap.
            unsafe { (*word).fetch_or(bit, Ordering::Relaxed) };
        }
    }

    /// Counters as of now.
    pub fn stats(&self) -> GcStats {
        let blocks = self.space.blocks.counts();
        GcStats {
            allocated_bytes: self.stats.allocated_bytes + self.pace.spent() as u64,
            live_bytes: self.pace.live() as u64,
            large_bytes: self.space.large.used() as u64,
            blocks: blocks.used as u64,
            free_blocks: blocks.dirty as u64,
            mapped_bytes: self.space.system.committed() as u64,
            peak_mapped_bytes: self.space.system.peak() as u64,
            external_bytes: self.pace.external() as u64,
            ..self.stats
        }
    }

    /// All live objects, after a full collection.
    pub fn objects(&mut self) -> Vec<Value> {
        self.collect_full();
        let mut objects = Vec::new();
        self.space.each_marked(|object| objects.push(Value::from_ptr(object)));
        objects
    }

    /// The object that `address` points at or into; it may be dead, if that is not known yet.
    pub fn contains(&mut self, address: usize) -> Option<*mut Header> {
        self.space.refresh_map();
        let found = self.space.object_containing(address, &self.shapes);
        self.space.forget_walks();
        found
    }

    /// Bytes of an object of this heap, its header included.
    pub fn object_size(&self, object: *mut Header) -> usize {
        // SAFETY: the caller passes an object of this heap.
        unsafe { self.shapes.size_of(object) }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.registry.drop_everything(&self.shapes);
    }
}

/// The end of the process: memory is exhausted, and the reserve too.
#[cold]
fn die_exhausted(bytes: usize) -> ! {
    eprintln!("hoop: out of memory ({bytes} bytes wanted, the reserve is used up)");
    std::process::abort()
}
