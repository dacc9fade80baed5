//! Interrupts while native code waits.

use crate::errors::PyResult;
use crate::vm::Vm;
use hoop_engine::interrupt;
use std::sync::atomic::Ordering;

/// Has a signal come that waits to be handled?
#[inline]
pub fn is_interrupted(vm: &Vm) -> bool {
    vm.ctx.interrupt.load(Ordering::Acquire) & interrupt::SIGNAL != 0
}

/// The next line of standard input; Ctrl-C while waiting raises.
#[inline]
pub fn read_line(vm: &mut Vm) -> PyResult<Vec<u8>> {
    let host = vm.host.clone();
    loop {
        match host.read_line(&|| is_interrupted(vm)) {
            Ok(Some(line)) => return Ok(line),
            Ok(None) => (vm.hooks.interrupts)(vm)?,
            Err(error) => return Err(vm.os_error(error.to_string())),
        }
    }
}
