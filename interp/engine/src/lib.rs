//! The seam between a language and its tracer: `trait Engine`, the plain engine `Run`, frames, and the descriptions of
//! fields and native functions that both engines share.
//!
//! A language is written once as functions generic over [`Engine`]. With [`Run`] they are an interpreter; with the
//! tracer's recorder they execute just the same and leave a trace behind.

mod assumptions;
mod callee;
mod context;
mod engine;
mod field;
mod frame;
mod guest;
mod run;
mod thread;

pub use assumptions::{Assumptions, ValidFlag};
pub use callee::{Arg, Callee};
pub use context::{Context, Counted, EXCHANGE_WORDS, VmState, interrupt};
pub use engine::{Cmp, Engine, FloatFn, FloatOp, IntOp, Raise, Reg};
pub use field::{Array, F, Field, I, Kind, V, is_unset};
pub use frame::{Frame, FrameStack, NewFrame};
pub use guest::{Guest, HeaderState, JitHost, RunExit, Step};
pub use run::Run;
pub use thread::ThreadState;

pub use hoop_ir::{Effects, FieldDescr, MemTy, Ty};

use hoop_gc::{ShapeId, Value};

/// Shapes of words that are no pointers. Heap floats share [`tag_shape::FLOAT`] with word floats.
pub mod tag_shape {
    use hoop_gc::ShapeId;
    pub const INT: ShapeId = ShapeId(0);
    pub const FLOAT: ShapeId = ShapeId(1);
    pub const NONE: ShapeId = ShapeId(2);
    pub const BOOL: ShapeId = ShapeId(3);
    pub const NOT_IMPLEMENTED: ShapeId = ShapeId(4);
    pub const ELLIPSIS: ShapeId = ShapeId(5);
    pub const UNBOUND: ShapeId = ShapeId(6);
    pub const END: ShapeId = ShapeId(7);
    /// Shape ids from here on are given out by the guest.
    pub const FIRST_FREE: u32 = 8;
}

/// The shape of any value.
#[inline(always)]
pub fn shape_of(v: Value) -> ShapeId {
    if v.is_ptr() {
        // SAFETY: a pointer word is a live heap object, which starts with its header.
        return unsafe { (*v.ptr()).shape };
    }
    if v.is_int() {
        return tag_shape::INT;
    }
    if v.is_word_float() {
        return tag_shape::FLOAT;
    }
    const OF_CONST: [ShapeId; 7] = [
        tag_shape::NONE,
        tag_shape::BOOL,
        tag_shape::BOOL,
        tag_shape::NOT_IMPLEMENTED,
        tag_shape::ELLIPSIS,
        tag_shape::UNBOUND,
        tag_shape::END,
    ];
    OF_CONST[(v.bits() >> 3) as usize]
}

/// Byte offset of the double in a heap float.
pub const FLOAT_PAYLOAD: usize = 8;

/// The float that `v` holds, in its word or on the heap.
#[inline(always)]
pub fn float_of(v: Value) -> Option<f64> {
    if v.is_word_float() {
        return Some(v.float_unchecked());
    }
    std::hint::cold_path();
    heap_float(v)
}

/// Are both floats of the heap, with the same bits? Floats have no identity: such two are the same value.
#[inline(never)]
pub fn same_heap_floats(a: Value, b: Value) -> bool {
    matches!((heap_float(a), heap_float(b)), (Some(x), Some(y)) if x.to_bits() == y.to_bits())
}

#[inline]
fn heap_float(v: Value) -> Option<f64> {
    if v.is_ptr() && shape_of(v) == tag_shape::FLOAT {
        // SAFETY: an object of the float shape has its double after the header.
        return Some(unsafe { *(v.ptr().cast::<u8>().add(FLOAT_PAYLOAD).cast::<f64>()) });
    }
    None
}
