//! Memory from the operating system: aligned mappings, giving pages back, and the account of what the heap holds.
//!
//! *Mapped* is address space, *committed* is what the heap has put to use and not given back; the configured limit
//! and the statistics speak of the latter. All ranges are whole pages.

#[cfg(not(miri))]
use std::ptr::null_mut;

/// The heap's account with the operating system.
pub(crate) struct System {
    /// Most bytes that may be committed; 0 = no limit.
    limit: usize,
    committed: usize,
    peak: usize,
    page: usize,
}

impl System {
    pub(crate) fn new(limit: usize) -> System {
        // SAFETY: sysconf only reads a constant.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        System { limit, committed: 0, peak: 0, page: usize::try_from(page).unwrap_or(4096) }
    }

    pub(crate) fn committed(&self) -> usize {
        self.committed
    }

    pub(crate) fn peak(&self) -> usize {
        self.peak
    }

    /// Whether `bytes` more may be committed: the limit allows it, or to go `beyond` it is allowed.
    pub(crate) fn may_commit(&self, bytes: usize, beyond: bool) -> bool {
        self.limit == 0 || beyond || self.committed.saturating_add(bytes) <= self.limit
    }

    /// Books `bytes` as used, if that is allowed.
    pub(crate) fn commit(&mut self, bytes: usize, beyond: bool) -> bool {
        let allowed = self.may_commit(bytes, beyond);
        if allowed {
            self.committed += bytes;
            self.peak = self.peak.max(self.committed);
        }
        allowed
    }

    pub(crate) fn uncommit(&mut self, bytes: usize) {
        debug_assert!(bytes <= self.committed);
        self.committed -= bytes;
    }

    /// Maps `bytes` of zeroed memory at a multiple of `align` (a power of two, at least a page).
    pub(crate) fn map(&self, bytes: usize, align: usize) -> Option<usize> {
        self.map_aligned(bytes, align, 0)
    }

    /// As [`System::map`], for memory of which perhaps little will be used: the system sets none aside for it.
    pub(crate) fn map_lazily(&self, bytes: usize, align: usize) -> Option<usize> {
        self.map_aligned(bytes, align, libc::MAP_NORESERVE)
    }

    #[cfg(miri)]
    fn map_aligned(&self, bytes: usize, align: usize, _: libc::c_int) -> Option<usize> {
        miri::map(bytes, align)
    }

    #[cfg(not(miri))]
    fn map_aligned(&self, bytes: usize, align: usize, flags: libc::c_int) -> Option<usize> {
        let first = map_anywhere(bytes, flags)?;
        if first.is_multiple_of(align) {
            return Some(first);
        }
        // SAFETY: the range was mapped above and nobody has seen it.
        unsafe { self.unmap(first, bytes) };
        let wide = map_anywhere(bytes.checked_add(align)?, flags)?;
        let start = wide.next_multiple_of(align);
        let end = wide + bytes + align;
        // SAFETY: both ends lie inside the mapping just made and outside the part that is kept.
        unsafe {
            self.unmap(wide, start - wide);
            self.unmap(start + bytes, end - (start + bytes));
        }
        Some(start)
    }

    /// Gives address space back.
    ///
    /// # Safety
    /// The range comes from [`System::map`] and is not used any more.
    pub(crate) unsafe fn unmap(&self, start: usize, bytes: usize) {
        #[cfg(miri)]
        // SAFETY: as the caller promises; whole mappings are unmapped.
        unsafe {
            miri::unmap(start, bytes);
        }
        if bytes != 0 && !cfg!(miri) {
            // SAFETY: as the caller promises.
            let failed = unsafe { libc::munmap(start as *mut libc::c_void, bytes) };
            debug_assert_eq!(failed, 0);
        }
    }

    /// Gives the memory behind a range back but keeps the addresses. True if the range now reads as zero and holds
    /// no memory; false if nothing happened (the system's pages are larger than the range, or it does not promise zeros).
    ///
    /// # Safety
    /// The range comes from [`System::map`] and its contents are not needed any more.
    pub(crate) unsafe fn discard(&self, start: usize, bytes: usize) -> bool {
        if cfg!(miri)
            || !cfg!(target_os = "linux")
            || !start.is_multiple_of(self.page)
            || !bytes.is_multiple_of(self.page)
        {
            return false;
        }
        // SAFETY: as the caller promises.
        unsafe { libc::madvise(start as *mut libc::c_void, bytes, libc::MADV_DONTNEED) == 0 }
    }
}

/// Mappings for the interpreter Miri, which knows no aligned ones.
#[cfg(miri)]
mod miri {
    use std::alloc::{Layout, alloc_zeroed, dealloc};

    /// What all mappings are aligned to.
    const ALIGN: usize = 1 << 20;

    pub fn map(bytes: usize, align: usize) -> Option<usize> {
        assert!(align <= ALIGN);
        let layout = Layout::from_size_align(bytes, ALIGN).ok().filter(|_| bytes < 1 << 32)?;
        // SAFETY: no mapping is empty.
        let at = unsafe { alloc_zeroed(layout) };
        (!at.is_null()).then(|| at.expose_provenance())
    }

    /// # Safety
    /// What [`map`] gave for this many bytes.
    pub unsafe fn unmap(start: usize, bytes: usize) {
        // SAFETY: as the caller promises.
        unsafe { dealloc(start as *mut u8, Layout::from_size_align_unchecked(bytes, ALIGN)) };
    }
}

#[cfg(not(miri))]
fn map_anywhere(bytes: usize, flags: libc::c_int) -> Option<usize> {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANON | flags;
    // SAFETY: an anonymous mapping at an address that the system chooses touches no existing memory.
    let at = unsafe { libc::mmap(null_mut(), bytes, protection, flags, -1, 0) };
    if at == libc::MAP_FAILED { None } else { Some(at as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_aligned_and_zero() {
        let system = System::new(0);
        let align = 1 << 20;
        let maps: Vec<usize> = (0..5).map(|_| system.map(align, align).expect("memory")).collect();
        for at in maps {
            assert_eq!(at % align, 0);
            // SAFETY: freshly mapped, used by nobody else.
            unsafe {
                assert_eq!(*(at as *const u64), 0);
                *(at as *mut u64) = 7;
                if system.discard(at, align) {
                    assert_eq!(*(at as *const u64), 0);
                }
                system.unmap(at, align);
            }
        }
    }

    #[test]
    fn the_limit_holds_unless_lifted() {
        let mut system = System::new(100);
        assert!(system.commit(100, false));
        assert!(!system.commit(1, false));
        assert!(system.commit(1, true));
        system.uncommit(101);
        assert_eq!((system.committed(), system.peak()), (0, 101));
    }

    #[test]
    fn absurd_sizes_fail() {
        assert_eq!(System::new(0).map(1 << 60, 1 << 20), None);
    }
}
