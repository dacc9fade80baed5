//! The two traits through which the tracer drives the later stages: an optimizer and a backend.

use crate::descr::Descriptors;
use crate::trace::{FragmentId, OpRef, SnapshotId, Trace};
use std::ops::Range;

/// Turns a recorded trace into a better one.
pub trait Optimize {
    /// `roots`: the words of the trace's root table (only ever compared). `peel`: the trace is a loop; give it a
    /// preamble and a label, and remember under `fragment` what the label promises, so that later traces may end in
    /// `jump_label fragment`. Errors name why the trace is not worth compiling (it becomes a counted abort).
    fn optimize(
        &mut self,
        fragment: FragmentId,
        trace: Trace,
        roots: &[u64],
        descriptors: &Descriptors,
        peel: bool,
    ) -> Result<Trace, OptimizeError>;

    /// The trace that will be optimized as `bridge` hangs on the guards of `parent`'s optimized trace with this
    /// snapshot: it may begin with what was known there.
    fn hangs_on(&mut self, _bridge: FragmentId, _parent: FragmentId, _snapshot: SnapshotId) {}

    /// The fragment is gone: nothing may jump to its label any more.
    fn forget(&mut self, fragment: FragmentId);

    /// Memory for what is remembered of the fragment.
    fn bytes(&self, _fragment: FragmentId) -> usize {
        0
    }
}

/// Why a trace cannot be used.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum OptimizeError {
    /// A guard is known to fail always: the trace would never be followed to its end.
    GuardAlwaysFails,
    TooLong,
}

/// An exit of compiled code, unique in a backend.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ExitId(pub u32);

/// What an activation of compiled code ended with.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Left through an exit; its fail arguments lie in the exchange area, one word each, in order
    /// (Int as i64, Float as the double's bits, Bool as 0/1, Val as the word).
    Exit(ExitId),
    /// A compiled function ended; its value is in exchange word 0.
    Finished,
}

/// One trace of a unit.
pub struct UnitTrace<'a> {
    pub fragment: FragmentId,
    pub trace: &'a Trace,
    /// For a bridge that is compiled into the unit of its parent: which guard of which trace of the unit it hangs on
    /// (index in the unit, the guard operation). `None`: it has an entry of its own.
    pub parent: Option<(usize, OpRef)>,
    /// Root table of the trace: the words that `const_ref` operations mean.
    pub roots: &'a [u64],
    /// Address of the fragment's validity flag (a byte, nonzero = valid).
    pub valid_flag: usize,
}

/// Where a guard of a compiled trace ended up.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct GuardExit {
    /// Index of the trace in the unit.
    pub trace: usize,
    pub guard: OpRef,
    pub snapshot: SnapshotId,
    pub exit: ExitId,
}

/// How much work goes into the code of a unit.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Effort {
    /// Code that is soon there but not fast. It counts down the 64-bit number at this address, at each poll and each
    /// entry of a bridge, and sets [`HeapAbi::warm_bit`] of the interrupt word when that gets to 0.
    Quick { heat: usize },
    /// The best code.
    Best,
}

/// What a backend gives for a compiled unit.
pub struct CompiledUnit {
    pub exits: Vec<GuardExit>,
    /// Bytes of machine code.
    pub code_bytes: usize,
    /// Bytes of what else the backend keeps for the unit.
    pub data_bytes: usize,
}

/// Why a unit could not be compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BackendError {
    OutOfCodeMemory,
    Unsupported(&'static str),
}

/// Makes fragments runnable. Implemented by machine code and by the evaluator.
///
/// All methods take `&self`: natives called by compiled code may enter, compile and attach again while an outer
/// `enter` is still running. Implementations keep their state in cells and hold no borrow across running code.
pub trait Backend {
    /// Compiles a unit. The first trace, and every one without parent, becomes enterable by its fragment id.
    /// A fragment compiled again replaces its earlier code at the next entry.
    fn compile(
        &self,
        unit: &[UnitTrace],
        effort: Effort,
        descriptors: &Descriptors,
    ) -> Result<CompiledUnit, BackendError>;

    /// From now on, this exit goes to the bridge fragment (already compiled, with `Entry::Bridge`).
    fn attach_bridge(&self, exit: ExitId, bridge: FragmentId);

    /// Runs a fragment with `Entry::Loop` from its general entry. `ctx` is the context pointer, `frame` the address of
    /// the entry frame's registers.
    fn enter(&self, fragment: FragmentId, ctx: *mut u8, frame: *mut u64) -> Outcome;

    /// Where exits leave their fail arguments.
    fn exchange(&self) -> *const u64;

    /// The fragment is not entered any more, and exits that went to it go to the interpreter. Its code stays as long as an
    /// activation may get to it: see [`Backend::reclaim`].
    fn free(&self, fragment: FragmentId);

    /// Where machine code may lie. Words of machine stacks in this range are what the next two want to know.
    fn code_range(&self) -> Range<usize>;

    /// The fragments whose code an activation may get to otherwise than through an exit: those that the words point into,
    /// what these jump to and call, and so on. In no order, some of them perhaps several times.
    fn running(&self, words: &[usize]) -> Vec<FragmentId>;

    /// Gives back the memory of code that was freed or replaced and that no activation can get to, if these are all
    /// words of machine stacks that point into code. Gives the exits that are gone with it.
    fn reclaim(&self, words: &[usize]) -> Vec<ExitId>;

    /// Bytes of machine code in use.
    fn code_bytes(&self) -> usize;

    /// Bytes of code that was freed or replaced since the last [`Backend::reclaim`].
    fn garbage(&self) -> usize;

    /// A readable listing of the last compiled unit, stage "clif" or "asm".
    fn listing(&self, stage: &str) -> Option<String>;
}

/// Offsets and addresses that compiled code needs of the heap and the context. All offsets are from the context pointer.
#[derive(Clone, Debug, Default)]
pub struct HeapAbi {
    /// Bump cursor and limit.
    pub cursor: i32,
    pub limit: i32,
    /// `extern "C" fn(heap: *mut u8, bytes: usize, header: u64) -> *mut u8`; the first argument is ctx + `heap`.
    pub alloc_slow: usize,
    pub heap: i32,
    /// `extern "C" fn(heap: *mut u8, object: *mut u8)`, the write barrier's slow path.
    pub remember: usize,
    /// Byte offset in the object header of the collector's byte, and its barrier bit.
    pub gc_byte: i32,
    pub barrier_bit: u8,
    /// Pending exception word (0 = none).
    pub pending: i32,
    /// Interrupt word (32 bits, 0 = none), and its bit that says that quickly made code has become warm.
    pub interrupt: i32,
    pub warm_bit: u32,
    /// Lowest machine stack address that compiled code may use (recursion limit).
    pub stack_limit: i32,
    /// Offset of a 64-bit number: how many activations `call_fragment` may still nest. 0: not counted.
    pub activations_left: i32,
    /// `extern "C" fn(ctx, bits: u64) -> u64`: boxes a float that does not fit in a word.
    pub box_float_slow: usize,
    /// `extern "C" fn(ctx, exit: u32, value: *mut u64) -> u32`: an activation made by `call_fragment` left through this
    /// exit, its fail arguments in the exchange area: interprets it to its end, writes its value, gives 1. 0: it ended
    /// with an exception, now pending. 0 as address: `call_fragment` is not supported.
    pub finish_callee: usize,
    /// `extern "C" fn(ctx)`: makes "too deep recursion" the pending exception.
    pub recursion_error: usize,
    /// Offset of the double in a heap float, and the shape id of heap floats.
    pub float_payload: i32,
    pub float_shape: u32,
    pub true_word: u64,
    pub false_word: u64,
    /// Exchange area: `exchange_words` words from this offset on.
    pub exchange: i32,
    pub exchange_words: u32,
}
