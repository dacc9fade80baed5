//! Large objects: runs of 4 KB pages in chunks shared by several, or, for huge ones, mappings of their own.
//!
//! Mark bits lie where those of small objects lie (see `chunk`), so marking does not care. Whatever large object is
//! unmarked after marking is dead, in minor collections too, since old objects keep their marks until a full one.
//!
//! A list that grows by and by would be copied again and again, each time onto pages that the system has to make. So a
//! large object may grow where it lies ([`Large::grow`]): over the free pages behind it, or into the room that a mapping
//! of its own has. And mappings of dead objects are kept for new ones until the next full collection, within a bound.

use crate::blocks::fill_poison;
use crate::chunk::{CHUNK, META, chunk_of, clear_mark, is_marked};
use crate::object::Header;
use crate::system::System;

pub(crate) const PAGE: usize = 4 << 10;
const PAGES: usize = CHUNK / PAGE;
const FIRST: usize = META / PAGE;
/// Larger objects get a mapping of their own.
const MAX_SHARED: usize = CHUNK / 2;
/// A huge object's mapping has so many times the addresses it needs, for growth.
const ROOM: usize = 4;
/// A spare mapping is not used for an object of less than this part of the memory it holds.
const LEAST_USE: usize = 2;

/// A chunk whose pages are shared by several large objects.
pub(crate) struct PageChunk {
    pub(crate) base: usize,
    /// For each page the first page of its object; 0 = free.
    owner: [u8; PAGES],
    /// Pages that hold memory. Free ones may hold old bytes.
    dirty: [bool; PAGES],
    /// No run of free pages is longer than this.
    longest: usize,
    /// Where the next search begins: behind the last object made since the last sweep.
    next: usize,
    /// The last [`PageChunk::release`] left free pages their memory, so the chunk is to stay.
    kept: bool,
}

impl PageChunk {
    fn new(base: usize) -> PageChunk {
        PageChunk {
            base,
            owner: [0; PAGES],
            dirty: [false; PAGES],
            longest: PAGES - FIRST,
            next: FIRST,
            kept: false,
        }
    }

    /// The object whose pages `address` lies in.
    pub(crate) fn object_at(&self, address: usize) -> Option<*mut Header> {
        match self.owner[(address - self.base) / PAGE] {
            0 => None,
            first => Some((self.base + usize::from(first) * PAGE) as *mut Header),
        }
    }

    /// A run of `count` free pages. Remembers how long a run there is if it finds none.
    fn find_run(&mut self, count: usize) -> Option<usize> {
        if self.longest < count {
            return None;
        }
        let found = self.find_run_from(self.next, count).or_else(|_| self.find_run_from(FIRST, count));
        match found {
            Ok(first) => {
                self.next = first + count;
                Some(first)
            }
            Err(longest) => {
                self.longest = longest;
                None
            }
        }
    }

    /// The first run of `count` free pages from a page on, or how long the longest one is.
    fn find_run_from(&self, from: usize, count: usize) -> Result<usize, usize> {
        let (mut length, mut longest) = (0, 0);
        for page in from..PAGES {
            length = if self.owner[page] == 0 { length + 1 } else { 0 };
            if length == count {
                return Ok(page + 1 - count);
            }
            longest = longest.max(length);
        }
        Err(longest)
    }

    /// Pages for an object, if `system` grants those that hold no memory yet. The first `clean` bytes are zero.
    fn take(
        &mut self,
        first: usize,
        count: usize,
        clean: usize,
        system: &mut System,
        beyond: bool,
    ) -> Option<usize> {
        let run = first..first + count;
        let fresh = run.clone().filter(|&page| !self.dirty[page]).count();
        if !system.commit(fresh * PAGE, beyond) {
            return None;
        }
        for page in run {
            let (at, wanted) = (self.base + page * PAGE, clean.saturating_sub((page - first) * PAGE));
            if self.dirty[page] {
                // SAFETY: a free page of the chunk.
                unsafe { std::ptr::write_bytes(at as *mut u8, 0, wanted.min(PAGE)) };
            }
            self.dirty[page] = true;
            self.owner[page] = first as u8;
        }
        Some(self.base + first * PAGE)
    }

    /// Gives the object on `count` pages from page `first` on `more` zeroed pages behind them, if those are free and
    /// granted.
    fn extend(&mut self, first: usize, count: usize, more: usize, system: &mut System) -> bool {
        let end = first + count;
        if end + more > PAGES || self.owner[end..end + more].iter().any(|&owner| owner != 0) {
            return false;
        }
        if self.take(end, more, more * PAGE, system, false).is_none() {
            return false;
        }
        self.owner[end..end + more].fill(first as u8);
        true
    }

    fn each(&self, mut f: impl FnMut(*mut Header)) {
        for page in FIRST..PAGES {
            if usize::from(self.owner[page]) == page {
                f((self.base + page * PAGE) as *mut Header);
            }
        }
    }

    fn sweep(&mut self, poison: bool) {
        self.next = FIRST;
        let mut first = FIRST;
        while first < PAGES {
            let length = self.owner[first..].iter().take_while(|&&owner| usize::from(owner) == first).count();
            let start = self.base + first * PAGE;
            // SAFETY: the object's mark bit lies in this chunk; dead objects' pages are ours to overwrite.
            unsafe {
                if length != 0 && !is_marked(start) {
                    self.owner[first..first + length].fill(0);
                    self.longest = PAGES;
                    if poison {
                        fill_poison(start, start + length * PAGE);
                    }
                }
            }
            first += length.max(1);
        }
    }

    /// Gives the memory of free pages back to the system, run by run, but for the first runs of together up to `keep`
    /// bytes, which are taken off that.
    fn release(&mut self, system: &mut System, keep: &mut usize) {
        self.kept = false;
        let mut page = FIRST;
        while page < PAGES {
            let run = (page..PAGES).take_while(|&at| self.owner[at] == 0 && self.dirty[at]).count();
            if run != 0 && run * PAGE <= *keep {
                *keep -= run * PAGE;
                self.kept = true;
            // SAFETY: free pages are not needed.
            } else if run != 0 && unsafe { system.discard(self.base + page * PAGE, run * PAGE) } {
                self.dirty[page..page + run].fill(false);
                system.uncommit(run * PAGE);
            }
            page += run.max(1);
        }
    }

    fn is_empty(&self) -> bool {
        self.owner.iter().all(|&owner| owner == 0)
    }

    fn committed(&self) -> usize {
        self.dirty.iter().filter(|&&dirty| dirty).count() * PAGE
    }

    fn used(&self) -> usize {
        self.owner.iter().filter(|&&owner| owner != 0).count() * PAGE
    }
}

/// A mapping that holds one object, or did.
pub(crate) struct Huge {
    pub(crate) base: usize,
    /// Bytes of address space.
    pub(crate) bytes: usize,
    /// Bytes behind the tables that the object may use.
    used: usize,
    /// Bytes behind the tables that may hold memory and, beyond `used`, old bytes: all that counts as the mapping's
    /// memory. (Of the tables one page is used.)
    touched: usize,
}

impl Huge {
    pub(crate) fn object(&self) -> *mut Header {
        (self.base + META) as *mut Header
    }

    /// Lets the object use `used` bytes, if `system` grants what that takes. Of the new ones those among the object's
    /// first `clean` bytes are zero.
    fn set_used(&mut self, used: usize, clean: usize, system: &mut System) -> bool {
        if META + used > self.bytes || !system.commit(used.saturating_sub(self.touched), false) {
            return false;
        }
        let stale = used.min(self.touched).min(clean).saturating_sub(self.used);
        // SAFETY: a part of the mapping that no object uses.
        unsafe { std::ptr::write_bytes((self.base + META + self.used) as *mut u8, 0, stale) };
        self.used = used;
        self.touched = self.touched.max(used);
        true
    }
}

/// All large objects of a heap.
pub(crate) struct Large {
    pub(crate) shared: Vec<PageChunk>,
    pub(crate) huge: Vec<Huge>,
    /// Mappings whose objects died, the latest last.
    spare: Vec<Huge>,
}

impl Large {
    pub(crate) fn new() -> Large {
        Large { shared: Vec::new(), huge: Vec::new(), spare: Vec::new() }
    }

    /// Whether an object of this size shares a chunk with others.
    pub(crate) fn is_shared(bytes: usize) -> bool {
        bytes <= MAX_SHARED
    }

    pub(crate) fn add_chunk(&mut self, base: usize) {
        self.shared.push(PageChunk::new(base));
    }

    /// Memory in a shared chunk, if one has room. The first `clean` bytes are zero.
    pub(crate) fn take_shared(
        &mut self,
        bytes: usize,
        clean: usize,
        system: &mut System,
        beyond: bool,
    ) -> Option<usize> {
        let count = bytes.div_ceil(PAGE);
        for chunk in &mut self.shared {
            if let Some(first) = chunk.find_run(count) {
                return chunk.take(first, count, clean, system, beyond);
            }
        }
        None
    }

    /// Memory in a mapping of its own, a spare one if one fits. The first `clean` bytes are zero.
    pub(crate) fn take_huge(&mut self, bytes: usize, clean: usize, system: &mut System) -> Option<usize> {
        let bytes = bytes.checked_next_multiple_of(PAGE)?;
        let needed = bytes.checked_add(META)?.checked_next_multiple_of(META)?;
        let fits = |huge: &Huge| huge.bytes >= needed && huge.touched / LEAST_USE <= bytes;
        let mut huge = match self.spare.iter().rposition(fits) {
            Some(at) => self.spare.swap_remove(at),
            None if !system.may_commit(bytes, false) => return None,
            None => map_huge(needed, system)?,
        };
        if !huge.set_used(bytes, clean, system) {
            self.spare.push(huge);
            return None;
        }
        let at = huge.object() as usize;
        self.huge.push(huge);
        Some(at)
    }

    /// Lets the large object of `from` bytes have `to` bytes where it lies, if there is room. New pages are zero.
    pub(crate) fn grow(&mut self, object: usize, from: usize, to: usize, system: &mut System) -> bool {
        if to.div_ceil(PAGE) == from.div_ceil(PAGE) {
            return true;
        }
        if !Large::is_shared(from) {
            let huge = self.huge.iter_mut().rev().find(|huge| huge.object() as usize == object);
            return huge.is_some_and(|huge| huge.set_used(to.next_multiple_of(PAGE), usize::MAX, system));
        }
        let (base, count) = (chunk_of(object), from.div_ceil(PAGE));
        let more = to.div_ceil(PAGE) - count;
        let chunk = self.shared.iter_mut().rev().find(|chunk| chunk.base == base);
        Large::is_shared(to)
            && chunk.is_some_and(|chunk| chunk.extend((object - base) / PAGE, count, more, system))
    }

    /// Calls `f` for each large object.
    pub(crate) fn each(&self, mut f: impl FnMut(*mut Header)) {
        self.shared.iter().for_each(|chunk| chunk.each(&mut f));
        self.huge.iter().for_each(|huge| f(huge.object()));
    }

    /// How many places large objects may have: see [`Large::marked_at`].
    pub(crate) fn len(&self) -> usize {
        self.shared.len() * PAGES + self.huge.len()
    }

    /// The marked object at a place, if there is one.
    pub(crate) fn marked_at(&self, index: usize) -> Option<*mut Header> {
        let (chunk, page) = (index / PAGES, index % PAGES);
        let object = match self.shared.get(chunk) {
            Some(chunk) if page >= FIRST && usize::from(chunk.owner[page]) == page => {
                (chunk.base + page * PAGE) as *mut Header
            }
            Some(_) => return None,
            None => self.huge[index - self.shared.len() * PAGES].object(),
        };
        // SAFETY: an object of ours.
        unsafe { is_marked(object as usize) }.then_some(object)
    }

    /// Prepares a full collection: nothing is marked.
    pub(crate) fn forget_marks(&mut self) {
        // SAFETY: the addresses are those of our own objects.
        self.each(|object| unsafe { clear_mark(object as usize) });
    }

    /// Frees what is not marked. True if mappings went away.
    pub(crate) fn sweep(&mut self, poison: bool) -> bool {
        self.shared.iter_mut().for_each(|chunk| chunk.sweep(poison));
        let before = self.huge.len();
        let Large { huge: all, spare, .. } = self;
        // SAFETY: the mark bit lies in the mapping.
        let dead = all.extract_if(.., |huge| unsafe { !is_marked(huge.object() as usize) });
        spare.extend(dead.map(|mut huge| {
            if poison {
                // SAFETY: the object is dead, and this memory was its own.
                unsafe { fill_poison(huge.object() as usize, huge.object() as usize + huge.used) };
            }
            huge.used = 0;
            huge
        }));
        self.huge.len() != before
    }

    /// Gives the memory of free pages back to the system, but for up to `keep` bytes that the next large objects will
    /// be put on.
    pub(crate) fn release(&mut self, system: &mut System, keep: usize) {
        let mut keep = keep;
        self.shared.iter_mut().for_each(|chunk| chunk.release(system, &mut keep));
    }

    /// Gives the oldest spare mappings back to the system until the rest hold at most `keep` bytes.
    pub(crate) fn release_spare(&mut self, system: &mut System, keep: usize) {
        let mut held: usize = self.spare.iter().map(|huge| huge.touched).sum();
        let gone = self.spare.iter().take_while(|huge| {
            let excess = held > keep;
            held -= huge.touched;
            excess
        });
        for huge in self.spare.drain(..gone.count()) {
            system.uncommit(huge.touched);
            // SAFETY: a mapping that holds no object is not used any more.
            unsafe { system.unmap(huge.base, huge.bytes) };
        }
    }

    /// All mappings that are in use or spare, as ranges.
    pub(crate) fn mappings(&self) -> impl Iterator<Item = (usize, usize)> {
        let huge = self.huge.iter().chain(&self.spare).map(|huge| (huge.base, huge.bytes));
        huge.chain(self.shared.iter().map(|chunk| (chunk.base, CHUNK)))
    }

    /// Takes chunks without objects and kept memory out of use and passes their bases to `f`.
    pub(crate) fn remove_empty_chunks(&mut self, system: &mut System, mut f: impl FnMut(&System, usize)) {
        for at in (0..self.shared.len()).rev() {
            if !self.shared[at].kept && self.shared[at].is_empty() {
                let chunk = self.shared.swap_remove(at);
                system.uncommit(chunk.committed());
                f(system, chunk.base);
            }
        }
    }

    /// Bytes in pages that hold objects.
    pub(crate) fn used(&self) -> usize {
        let shared: usize = self.shared.iter().map(PageChunk::used).sum();
        shared + self.huge.iter().map(|huge| huge.used).sum::<usize>()
    }
}

/// A mapping for `needed` bytes with room for growth, or without if there are no more addresses.
fn map_huge(needed: usize, system: &System) -> Option<Huge> {
    let roomy = needed.checked_mul(ROOM).and_then(|bytes| Some((system.map_lazily(bytes, CHUNK)?, bytes)));
    let (base, bytes) = roomy.or_else(|| Some((system.map(needed, CHUNK)?, needed)))?;
    Some(Huge { base, bytes, used: 0, touched: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunk::set_mark;

    #[test]
    fn pages_are_shared_reused_and_zeroed() {
        let mut system = System::new(0);
        let mut large = Large::new();
        let base = system.map(CHUNK, CHUNK).expect("memory");
        large.add_chunk(base);
        let a = large.take_shared(3 * PAGE, usize::MAX, &mut system, false).expect("room");
        let b = large.take_shared(PAGE + 1, usize::MAX, &mut system, false).expect("room");
        assert_eq!(b, a + 3 * PAGE);
        assert_eq!(large.shared[0].object_at(b + PAGE + 5), Some(b as *mut Header));
        // SAFETY: addresses in the chunk just mapped.
        unsafe {
            *(a as *mut u64) = 77;
            set_mark(b);
        }
        large.sweep(false);
        assert_eq!(large.shared[0].object_at(a), None);
        assert_eq!(large.used(), 2 * PAGE);
        let again = large.take_shared(2 * PAGE, usize::MAX, &mut system, false);
        assert_eq!(again, Some(a));
        // SAFETY: as above.
        assert_eq!(unsafe { *(a as *const u64) }, 0);
        assert_eq!(large.take_shared(PAGES * PAGE, usize::MAX, &mut system, false), None);
        large.forget_marks();
        large.sweep(true);
        large.release(&mut system, CHUNK);
        large.remove_empty_chunks(&mut system, |_, _| panic!("memory is kept"));
        large.release(&mut system, 0);
        let mut removed = Vec::new();
        large.remove_empty_chunks(&mut system, |_, chunk| removed.push(chunk));
        assert_eq!(removed, [base]);
        assert_eq!(system.committed(), 0);
        // SAFETY: the chunk is out of use.
        unsafe { system.unmap(base, CHUNK) };
    }

    #[test]
    fn huge_objects_are_unmapped_when_dead() {
        let mut system = System::new(0);
        let mut large = Large::new();
        let at = large.take_huge(3 << 20, usize::MAX, &mut system).expect("memory");
        assert_eq!(at % CHUNK, META);
        assert!(system.committed() >= 3 << 20);
        assert!(large.sweep(false));
        large.release_spare(&mut system, 2 << 20);
        assert_eq!(system.committed(), 0);
    }

    #[test]
    fn spare_mappings_are_used_again_and_zeroed() {
        let mut system = System::new(0);
        let mut large = Large::new();
        let first = large.take_huge(3 << 20, usize::MAX, &mut system).expect("memory");
        // SAFETY: within the object just taken.
        unsafe { std::ptr::write_bytes(first as *mut u8, 7, 3 << 20) };
        large.sweep(false);
        large.release_spare(&mut system, 8 << 20);
        let small = large.take_huge(1 << 20, usize::MAX, &mut system).expect("memory");
        assert_ne!(small, first, "too large a mapping for this one");
        assert_eq!(large.take_huge(2 << 20, usize::MAX, &mut system), Some(first));
        assert!(large.grow(first, 2 << 20, 4 << 20, &mut system));
        // SAFETY: within the grown object.
        let bytes = unsafe { std::slice::from_raw_parts(first as *const u8, 4 << 20) };
        assert!(bytes.iter().all(|&byte| byte == 0));
        assert!(!large.grow(first, 4 << 20, 64 << 20, &mut system));
        large.sweep(false);
        large.release_spare(&mut system, 0);
        assert_eq!(system.committed(), 0);
    }

    #[test]
    fn objects_grow_over_free_pages() {
        let mut system = System::new(0);
        let mut large = Large::new();
        let base = system.map(CHUNK, CHUNK).expect("memory");
        large.add_chunk(base);
        let a = large.take_shared(2 * PAGE, usize::MAX, &mut system, false).expect("room");
        assert!(large.grow(a, 2 * PAGE - 8, 5 * PAGE, &mut system));
        let b = large.take_shared(2 * PAGE, usize::MAX, &mut system, false).expect("room");
        assert_eq!(b, a + 5 * PAGE);
        assert_eq!(large.shared[0].object_at(a + 4 * PAGE), Some(a as *mut Header));
        assert!(!large.grow(a, 5 * PAGE, 6 * PAGE, &mut system));
        assert!(!large.grow(b, 2 * PAGE, PAGES * PAGE, &mut system));
        // SAFETY: the chunk is not used any more.
        unsafe { system.unmap(base, CHUNK) };
    }
}
