//! The part of a virtual machine that engines and compiled code know: heap, running thread, interrupt word.

use crate::assumptions::Assumptions;
use crate::field::{Field, V};
use crate::thread::ThreadState;
use hoop_gc::{Heap, ShapeId, Value};
use std::sync::atomic::AtomicU32;

/// Words of the exchange area, through which compiled fragments pass what does not fit in registers.
pub const EXCHANGE_WORDS: usize = 1024;

/// Bits of [`Context::interrupt`].
pub mod interrupt {
    /// A signal arrived.
    pub const SIGNAL: u32 = 1;
    /// The collector has finalizers, weak references or an exhausted memory to report.
    pub const HEAP: u32 = 2;
    /// Quickly made machine code has run so often that it should be made better.
    pub const WARM: u32 = 4;
}

/// First field of a guest's virtual machine (`repr(C)`), so that a pointer to the machine is a pointer to this.
#[repr(C)]
pub struct Context {
    pub heap: Heap,
    /// The thread of execution that runs now.
    pub thread: ThreadState,
    /// Polled at loop headers and calls; see [`interrupt`].
    pub interrupt: AtomicU32,
    /// Words that go from one piece of compiled code to the next, or to who takes its exit. Threads are not changed in
    /// between, so they are no part of a thread's state.
    pub exchange: [u64; EXCHANGE_WORDS],
    pub assumptions: Assumptions,
}

/// What [`Context::uncount`] needs.
pub struct Counted {
    activations: usize,
    given: i64,
    limit: usize,
}

/// A virtual machine as engines see it.
///
/// # Safety
/// The type is `repr(C)` and its first field is a [`Context`].
pub unsafe trait VmState: Sized {
    fn context(&mut self) -> &mut Context;
}

impl Context {
    /// A context around a heap; its address must stay fixed from now on.
    pub fn new(heap: Box<Heap>) -> Context {
        Context {
            heap: *heap,
            thread: ThreadState::new(),
            interrupt: AtomicU32::new(0),
            exchange: [0; EXCHANGE_WORDS],
            assumptions: Assumptions::default(),
        }
    }

    /// Changes the recursion limit; what activations without frames have taken of it stays taken.
    pub fn set_recursion_limit(&mut self, limit: usize) {
        let more = limit as i64 - self.thread.frames.recursion_limit as i64;
        self.thread.frames.recursion_limit = limit;
        self.thread.frames.limit = self.thread.frames.limit.saturating_add_signed(more as isize);
        self.thread.activations_left += more;
        self.thread.activations_given += more;
    }

    /// Activations, with frames and without.
    pub fn recursion_depth(&self) -> usize {
        let frames = &self.thread.frames;
        frames.depth() + frames.recursion_limit.saturating_sub(frames.limit) + self.frameless()
    }

    /// Activations that the machine code running now has made.
    fn frameless(&self) -> usize {
        (self.thread.activations_given - self.thread.activations_left).max(0) as usize
    }

    /// Native code called by machine code begins to run frames: the activations without any count. To be undone with what
    /// this gives.
    #[inline]
    pub fn count_frameless(&mut self) -> Counted {
        self.count_apart(self.frameless())
    }

    /// So many activations have no frames.
    pub fn count_apart(&mut self, activations: usize) -> Counted {
        let frames = &mut self.thread.frames;
        let activations = activations.min(frames.limit);
        frames.limit -= activations;
        let given = std::mem::replace(&mut self.thread.activations_given, self.thread.activations_left);
        Counted { activations, given, limit: frames.recursion_limit }
    }

    #[inline]
    pub fn uncount(&mut self, counted: Counted) {
        self.thread.frames.limit += counted.activations;
        self.thread.activations_given = counted.given + self.limit_grown(counted.limit);
    }

    /// By how much the recursion limit has grown.
    pub fn limit_grown(&self, before: usize) -> i64 {
        self.thread.frames.recursion_limit as i64 - before as i64
    }

    /// Drops the frames above this depth.
    pub fn drop_frames(&mut self, depth: usize) {
        while self.thread.frames.depth() > depth {
            if let Some(owner) = self.thread.frames.pop().and_then(|f| f.owner) {
                // The registers were written without barriers while the frame ran.
                self.heap.write_barrier(owner.ptr());
            }
        }
    }

    /// Stores a value in an object's field, with the write barrier.
    #[inline(always)]
    pub fn write(&mut self, object: Value, field: &Field<V>, v: Value) {
        field.init(object, v);
        if v.is_ptr() {
            self.heap.write_barrier(object.ptr());
        }
    }

    /// A fresh object of a fixed layout, fields zero.
    #[inline(always)]
    pub fn alloc(&mut self, shape: ShapeId, fixed_words: u16) -> Value {
        Value::from_ptr(self.heap.alloc(shape, fixed_words))
    }

    /// A float as a value, on the heap if its word cannot hold it.
    #[inline(always)]
    pub fn box_float(&mut self, f: f64) -> Value {
        Value::word_float(f).unwrap_or_else(|| self.box_float_slow(f))
    }

    #[cold]
    #[inline(never)]
    fn box_float_slow(&mut self, f: f64) -> Value {
        let v = self.alloc(crate::tag_shape::FLOAT, 1);
        crate::field::write_at(v.ptr(), crate::FLOAT_PAYLOAD as isize, hoop_ir::MemTy::F64, f.to_bits());
        v
    }
}
