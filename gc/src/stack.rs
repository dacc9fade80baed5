//! The machine stack as a source of roots.
//!
//! Values that native code or a trace holds lie on the stack or in registers. Registers that calls need not preserve
//! were saved by somebody before a collection can start; those that calls preserve are written to the stack here.

use crate::value::Value;

/// What a collection scans of a machine stack.
#[derive(Copy, Clone, Debug)]
pub(crate) struct StackRange {
    /// The youngest word.
    pub start: usize,
    /// One past the oldest word.
    pub base: usize,
}

impl StackRange {
    /// # Safety
    /// The range is readable.
    pub unsafe fn each_word(self, f: impl FnMut(usize)) {
        // SAFETY: as the caller promises.
        unsafe { each_word(self.start, self.base, f) }
    }
}

/// A stack that was set aside: see [`crate::Heap::park_stack`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct StackId(pub(crate) u64);

pub(crate) struct ParkedStack {
    id: StackId,
    range: StackRange,
    /// The temporary roots of its thread.
    pub temp_roots: Vec<Value>,
}

impl ParkedStack {
    pub fn base(&self) -> usize {
        self.range.base
    }
}

/// The stacks that are set aside.
#[derive(Default)]
pub(crate) struct ParkedStacks {
    stacks: Vec<ParkedStack>,
    parkings: u64,
}

impl ParkedStacks {
    pub fn park(&mut self, range: StackRange, temp_roots: Vec<Value>) -> StackId {
        let id = StackId(self.parkings);
        self.parkings += 1;
        self.stacks.push(ParkedStack { id, range, temp_roots });
        id
    }

    pub fn take(&mut self, id: StackId) -> Option<ParkedStack> {
        let at = self.stacks.iter().position(|parked| parked.id == id)?;
        Some(self.stacks.swap_remove(at))
    }

    /// The running stack and those set aside.
    pub fn with_running(&self, running: StackRange) -> Vec<StackRange> {
        std::iter::once(running).chain(self.stacks.iter().map(|parked| parked.range)).collect()
    }

    pub fn temp_roots(&self) -> impl Iterator<Item = &Value> {
        self.stacks.iter().flat_map(|parked| &parked.temp_roots)
    }
}

/// How many registers a call preserves, at most.
const SAVED: usize = 16;

/// Calls `f` with an address on the stack such that everything the callers hold, in their frames or in registers, lies
/// at or above it. A thread that lets others run the collector does so within `f`.
#[inline(never)]
pub fn with_spilled_registers<R>(f: impl FnOnce(usize) -> R) -> R {
    let mut registers = [0usize; SAVED];
    let first = registers.as_mut_ptr();
    // SAFETY: the array has room for the registers that are written.
    unsafe { spill(first) };
    let result = f(first as usize);
    // The array must exist, and this frame with it, until `f` has returned.
    std::hint::black_box(&registers);
    result
}

/// Calls `f` with each aligned word from address `start` to before `end`.
///
/// # Safety
/// The range must be readable.
pub(crate) unsafe fn each_word(start: usize, end: usize, mut f: impl FnMut(usize)) {
    let mut at = start.next_multiple_of(8);
    while at + 8 <= end {
        // SAFETY: as the caller promises. Volatile, since the stack's owner does not expect to be read.
        f(unsafe { (at as *const usize).read_volatile() });
        at += 8;
    }
}

/// An address on the stack of the caller.
#[inline(never)]
pub fn current_stack_address() -> usize {
    let here = 0u8;
    std::hint::black_box(&raw const here) as usize
}

/// Writes the registers that calls preserve.
///
/// # Safety
/// `to` has room for [`SAVED`] words.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline(always)]
unsafe fn spill(to: *mut usize) {
    // SAFETY: only writes the words that the caller provides.
    unsafe {
        std::arch::asm!(
            "mov [{0}], rbx",
            "mov [{0} + 8], rbp",
            "mov [{0} + 16], r12",
            "mov [{0} + 24], r13",
            "mov [{0} + 32], r14",
            "mov [{0} + 40], r15",
            in(reg) to,
            options(nostack, preserves_flags)
        );
    }
}

/// As above.
///
/// # Safety
/// As above.
#[cfg(all(target_arch = "aarch64", not(miri)))]
#[inline(always)]
unsafe fn spill(to: *mut usize) {
    // SAFETY: only writes the words that the caller provides.
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{0}]",
            "stp x21, x22, [{0}, #16]",
            "stp x23, x24, [{0}, #32]",
            "stp x25, x26, [{0}, #48]",
            "stp x27, x28, [{0}, #64]",
            "str x29, [{0}, #80]",
            in(reg) to,
            options(nostack, preserves_flags)
        );
    }
}

/// Miri has no registers, and its stack is not scanned.
#[cfg(miri)]
unsafe fn spill(_: *mut usize) {}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("the collector must be told which registers calls preserve on this machine");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locals_of_callers_lie_above_the_address() {
        let local = std::hint::black_box([1u64; 4]);
        with_spilled_registers(|sp| {
            assert!(sp < local.as_ptr() as usize);
            assert!(sp.is_multiple_of(8));
        });
    }
}
