//! Memory for machine code: one reserved address range, handed out in pieces and taken back piece by piece.
//!
//! The range is private memory, reserved without access at the start and opened a chunk at a time. A page is either
//! writable or executable, never both: a write opens the pages it touches for writing, copies, and closes them again
//! for execution. The mapping is private (not shared between two views), so that a forked child has its own copy and
//! cannot overwrite its parent's code. Writing while another thread executes code of the same arena is not allowed; the
//! owner runs compiled code and installs code under one lock.
//!
//! Free pieces are kept by address and joined with their neighbours; a request takes the first that is large enough.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

/// Every piece starts and ends on this boundary.
const ALIGN: usize = 32;
/// The range becomes accessible in steps of this size.
const CHUNK: usize = 64 * 1024;

/// A piece of the arena that holds one unit's code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct CodeBlock {
    offset: usize,
    len: usize,
}

impl CodeBlock {
    pub(crate) fn len(self) -> usize {
        self.len
    }
}

/// See the module text.
pub(crate) struct CodeArena {
    base: *mut u8,
    reserved: usize,
    /// Bytes from the start that have been handed out at some time; all of them lie in open pages.
    opened: usize,
    page: usize,
    /// Free pieces: offset to length.
    free: BTreeMap<usize, usize>,
    used: usize,
}

impl CodeArena {
    /// Reserves address space for `budget` bytes of code.
    pub(crate) fn new(budget: usize) -> io::Result<CodeArena> {
        let reserved = budget.max(CHUNK).next_multiple_of(CHUNK);
        // SAFETY: an anonymous mapping at an address of the system's choice touches no existing memory.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                reserved,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANON | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: `sysconf` only reads a constant of the system.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) }.max(4096) as usize;
        Ok(CodeArena { base: base.cast(), reserved, opened: 0, page, free: BTreeMap::new(), used: 0 })
    }

    /// Bytes handed out.
    pub(crate) fn used(&self) -> usize {
        self.used
    }

    /// Copies `code` into the arena. `None`: the budget is used up, or the system refuses.
    pub(crate) fn install(&mut self, code: &[u8]) -> Option<CodeBlock> {
        let len = code.len().max(1).next_multiple_of(ALIGN);
        let offset = self.take(len)?;
        let block = CodeBlock { offset, len };
        if self.write(block, code).is_err() {
            self.give(block);
            return None;
        }
        self.used += len;
        Some(block)
    }

    /// Takes a piece back. No activation may be inside it.
    pub(crate) fn release(&mut self, block: CodeBlock) {
        self.used -= block.len;
        self.give(block);
    }

    /// Address of the first instruction.
    pub(crate) fn address(&self, block: CodeBlock) -> usize {
        self.base as usize + block.offset
    }

    /// The addresses at which code may lie.
    pub(crate) fn range(&self) -> Range<usize> {
        self.base as usize..self.base as usize + self.opened + 1
    }

    fn take(&mut self, len: usize) -> Option<usize> {
        let found = self.free.iter().find(|&(_, &size)| size >= len).map(|(&offset, &size)| (offset, size));
        if let Some((offset, size)) = found {
            self.free.remove(&offset);
            if size > len {
                self.free.insert(offset + len, size - len);
            }
            return Some(offset);
        }
        self.grow(len)
    }

    /// Opens more of the range, at its end (which may hold a free piece already).
    fn grow(&mut self, len: usize) -> Option<usize> {
        let tail = self.free.last_key_value().filter(|&(&o, &n)| o + n == self.opened).map(|(&o, &n)| (o, n));
        let start = tail.map_or(self.opened, |(o, _)| o);
        let end = start.checked_add(len)?.checked_next_multiple_of(CHUNK)?;
        if end > self.reserved {
            return None;
        }
        if let Some((offset, _)) = tail {
            self.free.remove(&offset);
        }
        self.opened = end;
        if end > start + len {
            self.free.insert(start + len, end - start - len);
        }
        Some(start)
    }

    fn give(&mut self, block: CodeBlock) {
        let (mut offset, mut len) = (block.offset, block.len);
        if let Some(next) = self.free.remove(&(offset + len)) {
            len += next;
        }
        if let Some((&before, &size)) = self.free.range(..offset).next_back()
            && before + size == offset
        {
            self.free.remove(&before);
            offset = before;
            len += size;
        }
        self.free.insert(offset, len);
    }

    fn write(&mut self, block: CodeBlock, code: &[u8]) -> io::Result<()> {
        let first = block.offset / self.page * self.page;
        let last = (block.offset + block.len).next_multiple_of(self.page).min(self.reserved);
        self.protect(first, last, libc::PROT_READ | libc::PROT_WRITE)?;
        // SAFETY: the block lies in the range, which `protect` has just made writable; nobody else writes to it.
        unsafe { std::ptr::copy_nonoverlapping(code.as_ptr(), self.base.add(block.offset), code.len()) };
        self.protect(first, last, libc::PROT_READ | libc::PROT_EXEC)?;
        flush_instruction_cache(self.address(block), code.len());
        Ok(())
    }

    fn protect(&self, first: usize, last: usize, access: i32) -> io::Result<()> {
        // SAFETY: the pages belong to this arena's own mapping, and no code in them runs while they are changed.
        let failed = unsafe { libc::mprotect(self.base.add(first).cast(), last - first, access) };
        if failed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

impl Drop for CodeArena {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` with this size, and the backend that owns the arena is gone, so
        // nothing can enter its code any more.
        unsafe { libc::munmap(self.base.cast(), self.reserved) };
    }
}

/// x86-64 keeps its instruction cache in step with stores by itself.
#[cfg(target_arch = "x86_64")]
fn flush_instruction_cache(_start: usize, _len: usize) {}

/// aarch64: clean the data cache to the point of unification, then drop the stale instructions, by cache line.
#[cfg(target_arch = "aarch64")]
fn flush_instruction_cache(start: usize, len: usize) {
    let ctr: usize;
    // SAFETY: reads the cache type register, which user code may read.
    unsafe { std::arch::asm!("mrs {}, ctr_el0", out(reg) ctr) };
    let data_line = 4 << (ctr >> 16 & 15);
    let code_line = 4 << (ctr & 15);
    for line in (start / data_line * data_line..start + len).step_by(data_line) {
        // SAFETY: cleans a cache line of memory that is mapped.
        unsafe { std::arch::asm!("dc cvau, {}", in(reg) line) };
    }
    // SAFETY: barriers and instruction cache maintenance on mapped memory have no other effect.
    unsafe { std::arch::asm!("dsb ish") };
    for line in (start / code_line * code_line..start + len).step_by(code_line) {
        // SAFETY: as above.
        unsafe { std::arch::asm!("ic ivau, {}", in(reg) line) };
    }
    // SAFETY: as above.
    unsafe { std::arch::asm!("dsb ish", "isb") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_reused_and_joined() {
        let mut arena = CodeArena::new(CHUNK).expect("address space");
        let a = arena.install(&[1; 100]).expect("room");
        let b = arena.install(&[2; 100]).expect("room");
        let c = arena.install(&[3; 100]).expect("room");
        assert_eq!(arena.used(), 3 * 128);
        arena.release(a);
        arena.release(b);
        let d = arena.install(&[4; 200]).expect("room");
        assert_eq!(arena.address(d), arena.address(a));
        arena.release(c);
        arena.release(d);
        assert_eq!(arena.used(), 0);
        assert_eq!(arena.free.len(), 1);
    }

    #[test]
    fn the_budget_is_a_limit() {
        let mut arena = CodeArena::new(CHUNK).expect("address space");
        assert!(arena.install(&[0; CHUNK]).is_some());
        assert!(arena.install(&[0; 1]).is_none());
    }

    #[test]
    fn code_can_be_read_back() {
        let mut arena = CodeArena::new(CHUNK).expect("address space");
        let block = arena.install(&[7; 50]).expect("room");
        // SAFETY: installed code is readable.
        let bytes = unsafe { std::slice::from_raw_parts(arena.address(block) as *const u8, 50) };
        assert_eq!(bytes, [7; 50]);
    }
}
