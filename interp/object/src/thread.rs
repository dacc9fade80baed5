//! Threads of execution: what belongs to one, and how one makes way for another.
//!
//! One thread of execution runs at a time. What belongs to it lies in the context ([`ThreadState`], which engines and
//! compiled code know) and in the machine ([`LocalState`]); two cells that traces hold as constants keep their place,
//! and only their contents change. A thread that is set aside takes all of that along, and the collector scans its
//! machine stack where it stopped.

use crate::layout::{CELL_VALUE, HANDLED_VALUE};
use crate::vm::Vm;
use hoop_engine::ThreadState;
use hoop_gc::{Marker, StackId, Value, with_spilled_registers};
use std::mem;

/// What the interpreter keeps for the running thread, besides [`ThreadState`].
pub struct LocalState {
    /// What the frame that a run was entered for has returned.
    pub result: Value,
    /// The last call pushed a frame of a function that is hot or compiled.
    pub entered_hot: bool,
    /// Objects whose repr is being made (to show recursive ones as `...`).
    pub repr_stack: indexmap::IndexSet<u64, rustc_hash::FxBuildHasher>,
}

impl Default for LocalState {
    fn default() -> LocalState {
        LocalState { result: Value::NONE, entered_hot: false, repr_stack: Default::default() }
    }
}

impl LocalState {
    pub(crate) fn trace(&self, marker: &mut Marker) {
        marker.value(self.result);
    }
}

/// A thread that is set aside.
pub struct Parked {
    core: ThreadState,
    local: LocalState,
    /// Contents of the machine's `handled_cell` and `stop_cell`.
    handled: Value,
    stopped: Value,
    stack: Option<StackId>,
}

impl Parked {
    /// A thread that has not begun.
    #[inline]
    fn new() -> Parked {
        let (core, local) = (ThreadState::new(), LocalState::default());
        Parked { core, local, handled: Value::NONE, stopped: Value::NONE, stack: None }
    }

    #[inline]
    pub(crate) fn trace(&self, marker: &mut Marker) {
        self.core.trace(marker);
        self.local.trace(marker);
        marker.value(self.handled);
        marker.value(self.stopped);
    }
}

/// Sets the running thread aside for the time of `others`, which may let other threads run, on other machine stacks.
pub fn set_aside<R>(vm: &mut Vm, others: impl FnOnce(&mut Vm) -> R) -> R {
    with_spilled_registers(|sp| {
        // SAFETY: this frame, and with it the stack above it, stays as it is until the stack is resumed below.
        let stack = unsafe { vm.ctx.heap.park_stack(sp) };
        let mut thread = vm.spare.take().unwrap_or_else(Parked::new);
        thread.core.frames.limit = vm.ctx.thread.frames.limit;
        exchange_thread(vm, &mut thread);
        thread.stack = Some(stack);
        vm.parked.push(thread);
        let result = others(vm);
        let at = vm.parked.iter().position(|parked| parked.stack == Some(stack));
        let Some(mut thread) = at.map(|at| vm.parked.swap_remove(at)) else {
            unreachable!("only its owner takes a thread up again")
        };
        exchange_thread(vm, &mut thread);
        vm.spare = Some(thread);
        vm.ctx.heap.resume_stack(stack);
        result
    })
}

/// Runs `f` as a new thread of execution, while no other runs. Its machine stack begins at `stack_base`, and it may
/// use addresses from `stack_limit` on.
#[inline]
pub fn as_new_thread<R>(
    vm: &mut Vm,
    stack_base: usize,
    stack_limit: usize,
    f: impl FnOnce(&mut Vm) -> R,
) -> R {
    debug_assert!(vm.ctx.thread.frames.depth() == 0, "no other thread runs");
    vm.ctx.heap.set_stack_base(stack_base);
    vm.ctx.thread.stack_limit = stack_limit;
    let result = f(vm);
    vm.ctx.heap.set_stack_base(0);
    result
}

#[inline]
fn exchange_thread(vm: &mut Vm, other: &mut Parked) {
    mem::swap(&mut vm.ctx.thread, &mut other.core);
    mem::swap(&mut vm.thread, &mut other.local);
    let handled = HANDLED_VALUE.read(vm.handled_cell).unwrap_or(Value::NONE);
    vm.ctx.write(vm.handled_cell, &HANDLED_VALUE, mem::replace(&mut other.handled, handled));
    let stopped = CELL_VALUE.read(vm.stop_cell).unwrap_or(Value::NONE);
    vm.ctx.write(vm.stop_cell, &CELL_VALUE, mem::replace(&mut other.stopped, stopped));
}
