//! What a language must offer to be run and traced.

use crate::context::VmState;
use crate::engine::{Engine, Raise};
use crate::frame::NewFrame;
use hoop_gc::Value;
use std::rc::Rc;

/// What one instruction did, as far as a recorder cares.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Step {
    Next,
    /// The frame that the run was entered for has returned (its value is with the machine).
    Done,
}

/// Why a run stopped.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum RunExit {
    /// The frame that the run was entered for has returned, or raised.
    Done(Result<Value, Raise>),
    /// The instruction about to be executed (frame's pc) is a loop header that is hot or has machine code.
    Loop,
    /// The frame just pushed is of a function that is hot or has machine code.
    Function,
}

/// Where the counters of a loop header or function are, and what stands there.
pub trait Guest: Sized + 'static {
    type Vm: VmState;

    /// Runs frames until the frame at depth `floor` (count of frames below it) has returned.
    fn run(vm: &mut Self::Vm, floor: usize) -> RunExit;

    /// One instruction over any engine. `Err` means an exception is on its way at the current pc.
    fn step<E: Engine<Vm = Self::Vm>>(e: &mut E) -> Result<Step, Raise>;

    /// Leaves the innermost frame with a value: what its return instruction does or, if it has been suspended (see
    /// [`Engine::suspending`]), what then goes on. An exception raised here is the caller's.
    fn return_from<E: Engine<Vm = Self::Vm>>(e: &mut E, v: E::Val) -> Result<Step, Raise>;

    /// The return word of a frame that a run is entered for: its return is `Step::Done`.
    fn boundary_ret() -> u64;

    /// Runs native code for machine code, through which nothing unwinds: a panic becomes an exception, and leaves the
    /// machine's stacks as they were.
    fn guarded<T>(
        vm: &mut Self::Vm,
        body: impl FnOnce(&mut Self::Vm) -> Result<T, Raise>,
    ) -> Result<T, Raise>;

    /// How far stacks of the machine other than its frames are filled.
    type Held;

    fn held(vm: &mut Self::Vm) -> Self::Held;

    /// After a panic: these stacks are as they were, and the exception that stands for it is pending.
    fn panicked(vm: &mut Self::Vm, held: Self::Held, payload: Box<dyn std::any::Any + Send>);

    /// Makes "too deep recursion" the pending exception.
    fn recursion_error(vm: &mut Self::Vm);

    /// The tracer that the machine runs with.
    fn jit(vm: &mut Self::Vm) -> Option<Rc<dyn JitHost<Self::Vm>>>;

    /// After `Step::Done`: the value that the frame returned with.
    fn take_result(vm: &mut Self::Vm) -> Value;

    /// Takes the exception on its way to its handler: unwinds frames, sets the pc. `Err`: it leaves the frame that
    /// the run was entered for (depth `floor`).
    fn unwind<E: Engine<Vm = Self::Vm>>(e: &mut E, floor: usize) -> Result<(), Raise>;

    /// Is the instruction at `pc` a loop header?
    fn is_loop_header(code: Value, pc: u32) -> bool;

    /// The fragment word kept beside a loop header (or, with pc 0 of no loop, a function entry): 0 none.
    /// The interpreter's counters stop there while it is nonzero.
    fn set_header_state(code: Value, pc: u32, state: HeaderState);

    /// Registers live on entry to `pc`, ascending.
    fn live_registers(vm: &mut Self::Vm, code: Value, pc: u32) -> Vec<u16>;

    /// What a frame of this code needs, to rebuild one at an exit (`ret` and `pc` are filled in by the caller).
    fn new_frame(code: Value) -> NewFrame;

    /// Offset in a frame owner of its register 0.
    fn owner_registers_offset() -> i32;

    /// A register of frames of this code that the machine leaves alone, for compiled code to find the frame's owner in.
    /// Nothing: such frames have no owner, or it need not be found.
    fn owner_register(_code: Value) -> Option<u16> {
        None
    }

    /// Is this object plain data: immutable, of the language's own making, and without references to others? Traces keep
    /// such constants alive. All others have lives of their own, and when one ends, the traces that name it end with it.
    fn is_data(vm: &mut Self::Vm, v: Value) -> bool;

    /// For people: name, file, line and instruction text of a place.
    fn describe(vm: &mut Self::Vm, code: Value, pc: u32) -> String;

    /// A readable stable name for a constant object.
    fn describe_value(vm: &mut Self::Vm, v: Value) -> String;

    /// Is a call of this code worth following into (a loop-free function, a generator)?
    fn has_loop(code: Value) -> bool;
}

/// What the interpreter does at a header.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum HeaderState {
    /// Count down this many passes, then stop the run.
    Count(u32),
    /// Stop the run each time: there is machine code.
    Compiled,
}

/// The tracer as the guest's machine sees it: runs frames, with machine code where there is some. It is shared
/// (`Rc`), for native functions called from a run may run frames themselves.
pub trait JitHost<Vm> {
    /// As [`Guest::run`], but never gives `RunExit::Loop` or `Function`.
    fn execute(&self, vm: &mut Vm, floor: usize) -> Result<Value, Raise>;

    /// As `execute`, for an innermost frame at the start of a function that is hot or has machine code.
    fn execute_function(&self, vm: &mut Vm, floor: usize) -> Result<Value, Raise>;

    /// The interrupt word's bit `WARM` was set, and is no more.
    fn warm(&self, vm: &mut Vm);

    /// An activation of machine code that machine code made has left through this exit: runs it to its end.
    fn finish_activation(&self, vm: &mut Vm, exit: u32) -> Result<Value, Raise>;
}
