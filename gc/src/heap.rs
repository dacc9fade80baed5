//! The heap: first, provisional inside (bump allocation, nothing is collected).
use std::alloc::{Layout as Mem, alloc_zeroed};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::config::{GcConfig, GcStats, HeapOffsets};
use crate::object::{Header, Layout, ShapeId, gc_bits};
use crate::value::Value;

const CHUNK: usize = 1 << 20;

/// Marks roots and fields during a collection.
pub struct Marker {
    minor: bool,
}

impl Marker {
    #[inline]
    pub fn value(&mut self, _v: Value) {}
    /// As [`Marker::value`]; zero is allowed and ignored.
    #[inline]
    pub fn word(&mut self, _bits: u64) {}
    /// Marks `count` words, which may be zero.
    ///
    /// # Safety
    /// The words must be readable.
    pub unsafe fn range(&mut self, _first: *const Value, _count: usize) {}
    /// Whether this collection looks only at young objects.
    pub fn is_minor(&self) -> bool {
        self.minor
    }
    /// Marks whatever the words in `start..end` point at or into.
    ///
    /// # Safety
    /// The range must be readable.
    pub unsafe fn conservative_range(&mut self, _start: usize, _end: usize) {}
}

/// An address on the stack of the caller.
#[inline(never)]
pub fn current_stack_address() -> usize {
    let here = 0u8;
    std::hint::black_box(&here) as *const u8 as usize
}

#[repr(C)]
pub struct Heap {
    pub cursor: *mut u8,
    pub limit: *mut u8,
    layouts: Vec<Layout>,
    interrupt: Option<(*const AtomicU32, u32)>,
    stats: GcStats,
    stack_base: usize,
}

impl Heap {
    /// What compiled code must know.
    pub const OFFSETS: HeapOffsets = HeapOffsets {
        cursor: 0,
        limit: 8,
        shape: 0,
        gc: 4,
        flags: 5,
        aux: 6,
        header_bytes: 8,
        barrier_bit: gc_bits::BARRIER,
        max_inline_bytes: 8192,
    };

    pub fn new(_config: GcConfig) -> Box<Heap> {
        Box::new(Heap {
            cursor: std::ptr::null_mut(),
            limit: std::ptr::null_mut(),
            layouts: Vec::new(),
            interrupt: None,
            stats: GcStats::default(),
            stack_base: 0,
        })
    }

    /// `f(data, marker)` is called in each collection to mark the roots.
    pub fn set_roots(&mut self, _f: unsafe fn(*mut (), &mut Marker), _data: *mut ()) {}

    /// Declares the layout of a shape. `ShapeId(0)` is reserved: no object may have it.
    pub fn set_layout(&mut self, shape: ShapeId, layout: Layout) {
        let at = shape.0 as usize;
        if at >= self.layouts.len() {
            self.layouts.resize(at + 1, Layout::fixed(0, 0));
        }
        self.layouts[at] = layout;
    }

    #[inline]
    pub fn layout(&self, shape: ShapeId) -> &Layout {
        &self.layouts[shape.0 as usize]
    }

    #[inline]
    fn bump(&mut self, bytes: usize, header: Header) -> *mut Header {
        if (self.limit as usize).wrapping_sub(self.cursor as usize) < bytes {
            self.refill(bytes);
        }
        let at = self.cursor as *mut Header;
        self.cursor = self.cursor.wrapping_add(bytes);
        // SAFETY: `at` has room for `bytes` zeroed bytes.
        unsafe { at.write(header) };
        at
    }

    #[cold]
    fn refill(&mut self, bytes: usize) {
        let size = CHUNK.max(bytes);
        // SAFETY: the size is not zero.
        let p = unsafe { alloc_zeroed(Mem::from_size_align(size, 8).expect("size")) };
        assert!(!p.is_null(), "out of memory");
        self.cursor = p;
        self.limit = p.wrapping_add(size);
    }

    /// A zeroed object of `fixed_words` words.
    #[inline]
    pub fn alloc(&mut self, shape: ShapeId, fixed_words: u16) -> *mut Header {
        self.bump(8 + 8 * fixed_words as usize, Header { shape, gc: 0, flags: 0, aux: 0 })
    }

    /// As [`Heap::alloc`], with `aux`; a `ValuesAux` tail gets `aux` zero words.
    #[inline]
    pub fn alloc_aux(&mut self, shape: ShapeId, fixed_words: u16, aux: u16) -> *mut Header {
        let tail = if self.layout(shape).tail == crate::Tail::ValuesAux { aux as usize } else { 0 };
        self.bump(8 + 8 * (fixed_words as usize + tail), Header { shape, gc: 0, flags: 0, aux })
    }

    /// An object with a counted tail of `count` elements of `elem_size` bytes (1 or 8).
    pub fn alloc_tail(
        &mut self,
        shape: ShapeId,
        fixed_words: u16,
        count: usize,
        elem_size: usize,
    ) -> Option<*mut Header> {
        let tail = count.checked_mul(elem_size)?.checked_next_multiple_of(8)?;
        let bytes = tail.checked_add(8 + 8 * fixed_words as usize)?;
        if bytes > isize::MAX as usize / 2 {
            return None;
        }
        let obj = self.bump(bytes, Header { shape, gc: 0, flags: 0, aux: 0 });
        // SAFETY: word 0 exists in every layout with a counted tail.
        unsafe { (obj.add(1) as *mut usize).write(count) };
        Some(obj)
    }

    /// The slow path of inline allocation in compiled code. `header` is the whole header word.
    pub extern "C" fn alloc_slow(heap: *mut Heap, bytes: usize, header: u64) -> *mut Header {
        // SAFETY: compiled code passes the heap it was made for; a header is a plain word.
        unsafe { (*heap).bump(bytes, std::mem::transmute::<u64, Header>(header)) }
    }

    #[inline]
    pub fn write_barrier(&mut self, obj: *mut Header) {
        // SAFETY: the caller passes an object.
        if unsafe { (*obj).gc } & gc_bits::BARRIER != 0 {
            Heap::remember(self, obj);
        }
    }

    pub extern "C" fn remember(_heap: *mut Heap, _obj: *mut Header) {}
    pub fn collect_minor(&mut self) {}
    pub fn collect_full(&mut self) {}
    pub fn push_temp_root(&mut self, _v: Value) {}
    pub fn pop_temp_root(&mut self) {}
    /// When `obj` is found dead it is kept alive that once, unregistered, and listed by `take_finalizers`.
    pub fn register_finalizer(&mut self, _obj: *mut Header) {}
    pub fn take_finalizers(&mut self) -> Vec<Value> {
        Vec::new()
    }
    pub fn has_finalizers(&self) -> bool {
        false
    }
    pub fn take_cleared_weakrefs(&mut self) -> Vec<Value> {
        Vec::new()
    }
    pub fn add_external(&mut self, _bytes: isize) {}
    pub fn out_of_memory(&self) -> bool {
        false
    }
    pub fn clear_out_of_memory(&mut self) {}
    /// The heap ORs `bit` into `*word` when finalizers, weak references or exhaustion need attention.
    pub fn set_interrupt(&mut self, word: *const AtomicU32, bit: u32) {
        self.interrupt = Some((word, bit));
    }
    #[allow(dead_code)]
    fn raise_interrupt(&self) {
        if let Some((word, bit)) = self.interrupt {
            // SAFETY: the owner keeps the word alive as long as the heap.
            unsafe { (*word).fetch_or(bit, Ordering::Relaxed) };
        }
    }
    pub fn stats(&self) -> GcStats {
        self.stats
    }
    pub fn objects(&mut self) -> Vec<Value> {
        Vec::new()
    }
    pub fn verify(&mut self) {}
    pub fn contains(&mut self, _addr: usize) -> Option<*mut Header> {
        None
    }
    pub fn set_stack_base(&mut self, base: usize) {
        self.stack_base = base;
    }
    pub fn with_stack_base<R>(&mut self, base: usize, f: impl FnOnce(&mut Heap) -> R) -> R {
        let old = std::mem::replace(&mut self.stack_base, base);
        let r = f(self);
        self.stack_base = old;
        r
    }
    /// Bytes of `obj`, its header included.
    pub fn object_size(&self, obj: *mut Header) -> usize {
        // SAFETY: the caller passes an object, whose layout says how to read its count.
        unsafe {
            let h = *obj;
            let l = self.layout(h.shape);
            let count = || *(obj.add(1) as *const usize);
            let tail = match l.tail {
                crate::Tail::None => 0,
                crate::Tail::ValuesAux => 8 * h.aux as usize,
                crate::Tail::Bytes => count().next_multiple_of(8),
                crate::Tail::Values | crate::Tail::Words => 8 * count(),
            };
            8 + 8 * l.fixed_words as usize + tail
        }
    }
}
