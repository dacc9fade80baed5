//! The memory of a heap as a whole: blocks, large objects, the reserve, and the way from any address to an object.

use crate::blocks::{Blocks, Hole};
use crate::chunk::{BLOCK, BlockTables, CHUNK, LINE, LINES_PER_BLOCK, is_marked, line, set_start};
use crate::large::Large;
use crate::object::Header;
use crate::shapes::{Shapes, header_of_word};
use crate::system::System;

/// Free blocks kept beyond what will be wanted.
const SPARE_BLOCKS: usize = 8;
/// Chunks of address space set aside for the time between "memory is exhausted" and the guest's `MemoryError`.
const RESERVE_CHUNKS: usize = 16;
/// So many of them are not given up for Rust's own needs.
const RESERVE_FOR_OBJECTS: usize = 8;

/// What lies in a range of addresses: an index into the list of its kind.
#[derive(Copy, Clone)]
enum Kind {
    Blocks(usize),
    Pages(usize),
    Huge(usize),
}

struct Extent {
    start: usize,
    end: usize,
    kind: Kind,
}

pub(crate) struct Space {
    pub(crate) system: System,
    pub(crate) blocks: Blocks,
    pub(crate) large: Large,
    /// All ranges in order of address. Empty when it must be made again.
    map: Vec<Extent>,
    /// First addresses of holes whose objects have start bits.
    walked: Vec<usize>,
    reserve: Vec<usize>,
}

impl Space {
    pub(crate) fn new(limit_bytes: usize) -> Space {
        let mut space = Space {
            system: System::new(limit_bytes),
            blocks: Blocks::new(),
            large: Large::new(),
            map: Vec::new(),
            walked: Vec::new(),
            reserve: Vec::new(),
        };
        space.refill_reserve();
        space
    }

    /// Maps what is missing of the reserve, as far as the system lets us.
    pub(crate) fn refill_reserve(&mut self) {
        while self.reserve.len() < RESERVE_CHUNKS {
            match self.system.map(CHUNK, CHUNK) {
                Some(base) => self.reserve.push(base),
                None => return,
            }
        }
    }

    /// Unmaps a part of the reserve, so that Rust's own allocator can have it. False if nothing can be spared.
    pub(crate) fn give_up_reserve(&mut self) -> bool {
        if self.reserve.len() <= RESERVE_FOR_OBJECTS {
            return false;
        }
        let Some(base) = self.reserve.pop() else { return false };
        // SAFETY: chunks of the reserve are used by nobody.
        unsafe { self.system.unmap(base, CHUNK) };
        true
    }

    fn new_chunk(&mut self, beyond: bool) -> Option<usize> {
        let mapped = self.system.map(CHUNK, CHUNK);
        self.map.clear();
        if beyond { mapped.or_else(|| self.reserve.pop()) } else { mapped }
    }

    /// The next hole to allocate small objects in. `beyond`: the limit may be passed and the reserve used.
    pub(crate) fn take_hole(&mut self, beyond: bool) -> Option<Hole> {
        self.blocks.next_hole().or_else(|| self.take_block(beyond))
    }

    /// A whole block as a hole.
    pub(crate) fn take_block(&mut self, beyond: bool) -> Option<Hole> {
        if let Some(hole) = self.blocks.take_free(&mut self.system, beyond) {
            return Some(hole);
        }
        if !self.system.may_commit(BLOCK, beyond) {
            return None;
        }
        let base = self.new_chunk(beyond)?;
        self.blocks.add_chunk(base);
        self.blocks.take_free(&mut self.system, beyond)
    }

    /// Memory for a large object. The first `clean` bytes are zero.
    pub(crate) fn take_large(&mut self, bytes: usize, clean: usize, beyond: bool) -> Option<usize> {
        if !Large::is_shared(bytes) {
            self.map.clear();
            return self.large.take_huge(bytes, clean, &mut self.system);
        }
        if let Some(at) = self.large.take_shared(bytes, clean, &mut self.system, beyond) {
            return Some(at);
        }
        if !self.system.may_commit(bytes, beyond) {
            return None;
        }
        let base = self.new_chunk(beyond)?;
        self.large.add_chunk(base);
        self.large.take_shared(bytes, clean, &mut self.system, beyond)
    }

    /// Prepares look-ups of addresses.
    pub(crate) fn refresh_map(&mut self) {
        if !self.map.is_empty() {
            return;
        }
        let Space { map, blocks, large, .. } = self;
        let mut add = |start, bytes, kind| map.push(Extent { start, end: start + bytes, kind });
        blocks.chunks.iter().enumerate().for_each(|(i, c)| add(c.base, CHUNK, Kind::Blocks(i)));
        large.shared.iter().enumerate().for_each(|(i, c)| add(c.base, CHUNK, Kind::Pages(i)));
        large.huge.iter().enumerate().for_each(|(i, h)| add(h.base, h.bytes, Kind::Huge(i)));
        map.sort_unstable_by_key(|extent| extent.start);
    }

    /// From the first to past the last address that may be in the heap. Needs a fresh map.
    pub(crate) fn bounds(&self) -> (usize, usize) {
        match (self.map.first(), self.map.last()) {
            (Some(first), Some(last)) => (first.start, last.end),
            _ => (0, 0),
        }
    }

    fn kind_at(&self, address: usize) -> Option<Kind> {
        let next = self.map.partition_point(|extent| extent.start <= address);
        let extent = &self.map[next.checked_sub(1)?];
        (address < extent.end).then_some(extent.kind)
    }

    /// The object that `address` points at or into, live or not yet known to be dead. Needs a fresh map. Leaves start
    /// bits behind: see [`Space::forget_walks`].
    pub(crate) fn object_containing(&mut self, address: usize, shapes: &Shapes) -> Option<*mut Header> {
        let object = match self.kind_at(address)? {
            Kind::Blocks(index) => {
                let tables = self.blocks.chunks[index].block_of(address)?;
                self.walk_hole_at(address, tables, shapes);
                // SAFETY: the block holds objects; nobody else looks at its tables now.
                unsafe { tables.object_before(address)? }
            }
            Kind::Pages(index) => self.large.shared[index].object_at(address)?,
            Kind::Huge(index) => self.large.huge[index].object(),
        };
        // SAFETY: start and mark bits, page tables and huge mappings lead to headers only.
        let end = object as usize + unsafe { shapes.size_of(object) };
        (object as usize <= address && address < end).then_some(object)
    }

    /// If `address` lies in a hole taken since the last collection, makes sure that the hole's objects have start bits.
    /// If they had none, returns the part of the hole that is not allocated.
    fn walk_hole_at(&mut self, address: usize, tables: BlockTables, shapes: &Shapes) -> Option<Hole> {
        // SAFETY: nobody else looks at the block's tables now.
        let lines = unsafe { tables.lines() };
        let young = |line: &u8| line & line::YOUNG != 0;
        let at = (address - tables.base) / LINE;
        if !young(&lines[at]) {
            return None;
        }
        let first = lines[..at].iter().rposition(|line| !young(line)).map_or(0, |before| before + 1);
        if lines[first] & line::WALKED != 0 {
            return None;
        }
        lines[first] |= line::WALKED;
        let end = lines[first..].iter().position(|line| !young(line)).map_or(LINES_PER_BLOCK, |n| first + n);
        let hole = Hole { start: tables.base + first * LINE, end: tables.base + end * LINE };
        self.walked.push(hole.start);
        Some(Hole { start: walk_hole(hole, shapes), ..hole })
    }

    /// Gives the objects of all holes taken since the last collection start bits, and checks that nothing but zeros
    /// follows them: otherwise an object is shorter than what was allocated for it.
    pub(crate) fn check_all_holes(&mut self, shapes: &Shapes) {
        let mut used = Vec::new();
        self.blocks.each_used(|tables| used.push(tables));
        for tables in used {
            for at in 0..LINES_PER_BLOCK {
                let rest = self.walk_hole_at(tables.base + at * LINE, tables, shapes);
                let mut words = rest.into_iter().flat_map(|hole| (hole.start..hole.end).step_by(8));
                // SAFETY: the words lie in a block of ours.
                let stray = words.find(|&at| unsafe { *(at as *const u64) != 0 });
                assert!(stray.is_none(), "data at {stray:#x?} behind what looks like a hole's last object");
            }
        }
    }

    /// Takes back the start bits that look-ups have set.
    pub(crate) fn forget_walks(&mut self) {
        for start in std::mem::take(&mut self.walked) {
            let tables = BlockTables::of(start);
            // SAFETY: nobody else looks at the block's tables now.
            unsafe {
                tables.starts().fill(0);
                tables.lines()[(start - tables.base) / LINE] &= !line::WALKED;
            }
        }
    }

    /// After a full collection: all start bits go.
    pub(crate) fn forget_starts(&mut self) {
        self.walked.clear();
        self.blocks.forget_starts();
    }

    /// Nothing is marked any more; look-ups still find old objects.
    pub(crate) fn forget_marks(&mut self) {
        self.blocks.forget_marks();
        self.large.forget_marks();
    }

    /// Frees what is not marked: everywhere, or (`all` false) what was allocated since the last collection.
    pub(crate) fn sweep(&mut self, all: bool, poison: Option<&Shapes>) {
        self.blocks.sweep(all, poison);
        if self.large.sweep(poison.is_some()) {
            self.map.clear();
        }
    }

    /// Gives memory back to the system that will not be wanted soon: before the next full collection ends `until_full`
    /// bytes at most, before the next collection `budget` bytes. Free pages and whole chunks go after a full collection
    /// only. If the limit is near, less is kept.
    pub(crate) fn release(&mut self, full: bool, until_full: usize, budget: usize) {
        let wanted = if self.system.may_commit(until_full, false) { until_full } else { 0 };
        let blocks = wanted.max(budget) / BLOCK + SPARE_BLOCKS;
        self.blocks.release(&mut self.system, blocks);
        self.large.release_spare(&mut self.system, if full { 0 } else { budget });
        if !full {
            return;
        }
        self.large.release(&mut self.system, wanted);
        let Space { system, map, reserve, .. } = self;
        let mut drop_chunk = |system: &System, base| {
            map.clear();
            // SAFETY: the chunk holds no objects and is in no list any more.
            unsafe {
                if reserve.len() < RESERVE_CHUNKS && system.discard(base, CHUNK) {
                    reserve.push(base);
                } else {
                    system.unmap(base, CHUNK);
                }
            }
        };
        self.blocks.remove_empty_chunks(system, blocks, &mut drop_chunk);
        self.large.remove_empty_chunks(system, &mut drop_chunk);
    }

    /// Calls `f` for each marked object.
    pub(crate) fn each_marked(&self, mut f: impl FnMut(*mut Header)) {
        // SAFETY: all tables are those of our own chunks.
        unsafe {
            self.blocks.each_used(|tables| tables.each_marked(&mut f));
            self.large.each(|object| {
                if is_marked(object as usize) {
                    f(object);
                }
            });
        }
    }

    /// Calls `f` for each object, live or not yet known to be dead. Holes must have been walked.
    pub(crate) fn each_known(&self, mut f: impl FnMut(*mut Header)) {
        // SAFETY: all tables are those of our own chunks.
        self.blocks.each_used(|tables| unsafe { tables.each_known(&mut f) });
        self.large.each(f);
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // SAFETY: with the heap go all its objects.
        unsafe {
            self.reserve.iter().for_each(|&base| self.system.unmap(base, CHUNK));
            self.blocks.chunks.iter().for_each(|chunk| self.system.unmap(chunk.base, CHUNK));
            self.large.mappings().for_each(|(base, bytes)| self.system.unmap(base, bytes));
        }
    }
}

/// Sets the start bits of the objects in a hole: header after header up to a zero word. Returns where that is.
fn walk_hole(hole: Hole, shapes: &Shapes) -> usize {
    let mut at = hole.start;
    while at < hole.end {
        // SAFETY: `at` lies in the hole, whose objects lie one after the other from its start.
        let bytes = unsafe {
            let header = header_of_word(*(at as *const u64));
            if header.shape.0 == 0 {
                return at;
            }
            assert!(shapes.find(header.shape).is_some(), "no layout for the header {header:?} at {at:#x}");
            set_start(at);
            shapes.size_of(at as *mut Header)
        };
        at += bytes;
        assert!(at <= hole.end, "an object at {:#x} passes the end of its hole", at - bytes);
    }
    at
}
