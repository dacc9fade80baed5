//! A panic in native code becomes SystemError, and leaves the machine as native code found it.
//!
//! Natives are called by a run of the interpreter, by a recording, and by machine code. Each catches what unwinds to it:
//! the run and the recording at the instruction that called, the C functions that machine code calls at their own end,
//! for nothing unwinds through machine code. A panic within the collector leaves the heap unknown where machine code
//! wants an object at once (`Heap::alloc_slow`): there it ends the process.

use crate::errors::{PyResult, Raise};
use crate::vm::Vm;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a thread unwinds.
pub type Payload = Box<dyn Any + Send>;

/// How far the machine's stacks were filled.
pub struct Held {
    pub frames: usize,
    pub temp_roots: usize,
    pub reprs: usize,
}

/// Runs native code; a panic becomes SystemError.
#[inline(always)]
pub fn guarded<T>(vm: &mut Vm, body: impl FnOnce(&mut Vm) -> PyResult<T>) -> PyResult<T> {
    let held = crate::panics::held(vm);
    catch_unwind(AssertUnwindSafe(|| body(vm))).unwrap_or_else(|payload| Err(recover(vm, &held, payload)))
}

#[inline(always)]
pub fn held(vm: &Vm) -> Held {
    Held {
        frames: vm.ctx.thread.frames.depth(),
        temp_roots: vm.ctx.heap.temp_root_count(),
        reprs: vm.thread.repr_stack.len(),
    }
}

/// Runs frames down to depth `floor`; should that panic outside of all of them, they are dropped.
#[inline]
pub fn guard_frames(vm: &mut Vm, floor: usize, body: impl FnOnce(&mut Vm) -> PyResult) -> PyResult {
    let held = Held { frames: floor, ..crate::panics::held(vm) };
    let attempt = catch_unwind(AssertUnwindSafe(|| body(vm)));
    attempt.unwrap_or_else(|payload| Err(recover(vm, &held, payload)))
}

/// After a panic: what lies above is dropped, and the SystemError that stands for it is on its way.
#[cold]
#[inline(never)]
pub fn recover(vm: &mut Vm, held: &Held, payload: Payload) -> Raise {
    vm.ctx.drop_frames(held.frames);
    vm.ctx.heap.truncate_temp_roots(held.temp_roots);
    vm.thread.repr_stack.truncate(held.reprs);
    vm.thread.entered_hot = false;
    vm.scratch = Vec::new();
    panic_error(vm, payload)
}

/// The SystemError that stands for a panic.
#[cold]
pub fn panic_error(vm: &mut Vm, payload: Payload) -> Raise {
    let what = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text.as_str(),
        _ => "unknown",
    };
    let text = match vm.host.last_panic() {
        Some(place) => format!("internal error at {place}: {what}"),
        None => format!("internal error: {what}"),
    };
    vm.ctx.thread.pending = None;
    vm.system_error(text)
}
