//! What engines and compiled code know of one thread of execution.
//!
//! The running thread's state lies in the context, where compiled code finds it at fixed offsets. When another thread
//! takes over, the contents are exchanged as a whole.

use crate::frame::FrameStack;
use hoop_gc::{Marker, Value};

/// See the module text.
#[repr(C)]
pub struct ThreadState {
    /// The exception on its way, if any.
    pub pending: Option<Value>,
    /// Lowest machine stack address that may be used.
    pub stack_limit: usize,
    /// Activations that compiled code may still make without frames, before its recursion is too deep.
    pub activations_left: i64,
    /// What that was when machine code was entered last, or left for a run of the interpreter.
    pub activations_given: i64,
    pub frames: FrameStack,
    /// Frames there were when machine code was entered last: while no more are there, the registers of the innermost one
    /// and of what it calls are in the machine code.
    pub frames_in_code: usize,
}

impl ThreadState {
    /// A thread that has not begun: no frames, no machine stack.
    pub fn new() -> ThreadState {
        let frames = FrameStack::new();
        ThreadState {
            pending: None,
            stack_limit: 0,
            activations_left: 0,
            activations_given: 0,
            frames,
            frames_in_code: 0,
        }
    }

    /// Marks everything the thread refers to, but for its machine stack.
    pub fn trace(&self, marker: &mut Marker) {
        self.frames.trace(marker);
        self.pending.iter().for_each(|&v| marker.value(v));
    }
}

impl Default for ThreadState {
    fn default() -> Self {
        ThreadState::new()
    }
}
