//! Blocks of 32 KB in lines of 128 bytes, after Immix (Blackburn and McKinley, PLDI 2008).
//!
//! A collection marks the lines that hold survivors. What lies between them are *holes*; allocation takes one hole
//! after the other and bumps through it. A hole is zeroed when it is taken, and its lines are flagged YOUNG until the
//! next sweep: young objects are recognised by the holes they lie in.

use crate::chunk::{BLOCK, BlockTables, CHUNK, LINE, LINES_PER_BLOCK, META, line};
use crate::shapes::Shapes;
use crate::system::System;

const SLOTS: usize = CHUNK / BLOCK;
const FIRST: usize = META / BLOCK;
/// A block with fewer free lines is not worth coming back to.
const MIN_FREE_LINES: usize = 4;
/// What freed memory holds when poisoning: as a value an odd int, as a header an unknown shape.
pub(crate) const POISON: u8 = 0xd5;

/// What a block is used for. Anything but `Clean` and `Dirty` may hold objects.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// Free, holds no memory, reads as zero.
    Clean,
    /// Free, holds old bytes.
    Dirty,
    /// Has holes.
    Recyclable,
    /// Has no holes worth taking, or is being allocated in.
    Full,
}

#[derive(Copy, Clone)]
struct Slot {
    state: State,
    /// Allocated in since the last collection.
    touched: bool,
}

impl Slot {
    fn in_use(self) -> bool {
        matches!(self.state, State::Recyclable | State::Full)
    }
}

pub(crate) struct BlockChunk {
    pub(crate) base: usize,
    slots: [Slot; SLOTS],
}

impl BlockChunk {
    /// The tables of the block at `address`, if that block holds objects.
    pub(crate) fn block_of(&self, address: usize) -> Option<BlockTables> {
        let index = (address - self.base) / BLOCK;
        (index >= FIRST && self.slots[index].in_use()).then(|| BlockTables::of(address))
    }

    fn tables(&self, index: usize) -> BlockTables {
        BlockTables { base: self.base + index * BLOCK }
    }

    /// How many free blocks hold memory.
    fn dirty(&self) -> usize {
        self.slots.iter().filter(|slot| slot.state == State::Dirty).count()
    }

    fn is_empty(&self) -> bool {
        !self.slots.iter().any(|slot| slot.in_use())
    }
}

/// A range of zeroed memory to allocate in.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Hole {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A place from which a search for blocks goes on.
#[derive(Copy, Clone)]
struct Place {
    chunk: usize,
    block: usize,
    line: usize,
}

const START: Place = Place { chunk: 0, block: FIRST, line: 0 };

impl Place {
    fn next_block(&mut self) {
        self.line = 0;
        self.block += 1;
        if self.block == SLOTS {
            *self = Place { chunk: self.chunk + 1, ..START };
        }
    }
}

/// All blocks of a heap.
pub(crate) struct Blocks {
    pub(crate) chunks: Vec<BlockChunk>,
    recyclable: Place,
    dirty: Place,
    clean: Place,
}

/// What a sweep found.
#[derive(Copy, Clone, Default)]
pub(crate) struct BlockCounts {
    pub(crate) used: usize,
    pub(crate) dirty: usize,
}

impl Blocks {
    pub(crate) fn new() -> Blocks {
        Blocks { chunks: Vec::new(), recyclable: START, dirty: START, clean: START }
    }

    /// Takes a fresh chunk into use. Its memory reads as zero.
    pub(crate) fn add_chunk(&mut self, base: usize) {
        let slots = [Slot { state: State::Clean, touched: false }; SLOTS];
        self.chunks.push(BlockChunk { base, slots });
    }

    /// The next hole between survivors, if any is left.
    pub(crate) fn next_hole(&mut self) -> Option<Hole> {
        while let Some(chunk) = self.chunks.get_mut(self.recyclable.chunk) {
            let place = &mut self.recyclable;
            if chunk.slots[place.block].state == State::Recyclable {
                let tables = chunk.tables(place.block);
                // SAFETY: the block is ours; no other reference to its lines is in use.
                let lines = unsafe { tables.lines() };
                if let Some((first, end)) = find_hole(lines, place.line) {
                    lines[first..end].fill(line::YOUNG);
                    place.line = end;
                    chunk.slots[place.block].touched = true;
                    return Some(zeroed(tables.base + first * LINE, tables.base + end * LINE));
                }
                chunk.slots[place.block].state = State::Full;
            }
            place.next_block();
        }
        None
    }

    /// A whole free block as a hole: one that holds memory if there is one, else one that `system` grants.
    pub(crate) fn take_free(&mut self, system: &mut System, beyond: bool) -> Option<Hole> {
        if let Some(hole) = self.find_free(State::Dirty) {
            return Some(zeroed(hole.start, hole.end));
        }
        if !system.may_commit(BLOCK, beyond) {
            return None;
        }
        let hole = self.find_free(State::Clean)?;
        system.commit(BLOCK, beyond);
        Some(hole)
    }

    fn find_free(&mut self, wanted: State) -> Option<Hole> {
        let place = if wanted == State::Dirty { &mut self.dirty } else { &mut self.clean };
        while let Some(chunk) = self.chunks.get_mut(place.chunk) {
            let index = place.block;
            place.next_block();
            if chunk.slots[index].state == wanted {
                chunk.slots[index] = Slot { state: State::Full, touched: true };
                let tables = chunk.tables(index);
                // SAFETY: the block is ours; no other reference to its lines is in use.
                unsafe { tables.lines() }.fill(line::YOUNG);
                return Some(Hole { start: tables.base, end: tables.base + BLOCK });
            }
        }
        None
    }

    /// Calls `f` for each block that may hold objects.
    pub(crate) fn each_used(&self, mut f: impl FnMut(BlockTables)) {
        (0..self.slot_count()).filter_map(|index| self.used_slot(index)).for_each(&mut f);
    }

    /// How many blocks the chunks have room for.
    pub(crate) fn slot_count(&self) -> usize {
        self.chunks.len() * SLOTS
    }

    /// The block at a place below `slot_count`, if it may hold objects.
    pub(crate) fn used_slot(&self, index: usize) -> Option<BlockTables> {
        let (chunk, slot) = (&self.chunks[index / SLOTS], index % SLOTS);
        (slot >= FIRST && chunk.slots[slot].in_use()).then(|| chunk.tables(slot))
    }

    /// Prepares a full collection: marks move to the start bits (so that old objects are still recognised) and
    /// nothing is marked.
    pub(crate) fn forget_marks(&mut self) {
        // SAFETY: the rows are those of our own blocks, one at a time.
        self.each_used(|tables| unsafe {
            for (start, mark) in tables.starts().iter_mut().zip(tables.marks()) {
                *start |= *mark;
                *mark = 0;
            }
            tables.lines().iter_mut().for_each(|line| *line &= !line::MARKED);
        });
    }

    /// The start bits of all blocks go, and the WALKED flags with them.
    pub(crate) fn forget_starts(&mut self) {
        // SAFETY: the rows are those of our own blocks, one at a time.
        self.each_used(|tables| unsafe {
            tables.starts().fill(0);
            tables.lines().iter_mut().for_each(|line| *line &= !line::WALKED);
        });
    }

    /// Turns lines without survivors into holes, in all blocks or only in those allocated in since the last collection.
    /// With `poison`, overwrites the memory that became free.
    pub(crate) fn sweep(&mut self, all: bool, poison: Option<&Shapes>) {
        for chunk in &mut self.chunks {
            for index in FIRST..SLOTS {
                let slot = chunk.slots[index];
                if slot.in_use() && (all || slot.touched) {
                    let tables = chunk.tables(index);
                    chunk.slots[index] = Slot { state: sweep_block(tables), touched: false };
                    if let Some(shapes) = poison {
                        poison_block(tables, shapes);
                    }
                }
            }
        }
        self.recyclable = START;
        self.dirty = START;
        self.clean = START;
    }

    pub(crate) fn counts(&self) -> BlockCounts {
        let mut counts = BlockCounts::default();
        for slot in self.chunks.iter().flat_map(|chunk| &chunk.slots[FIRST..]) {
            match slot.state {
                State::Recyclable | State::Full => counts.used += 1,
                State::Dirty => counts.dirty += 1,
                State::Clean => {}
            }
        }
        counts
    }

    /// Gives the memory of free blocks back to the system until at most `keep` of them hold any.
    pub(crate) fn release(&mut self, system: &mut System, keep: usize) {
        let mut excess = self.counts().dirty.saturating_sub(keep);
        for chunk in self.chunks.iter_mut().rev() {
            for index in (FIRST..SLOTS).rev() {
                if excess == 0 {
                    return;
                }
                let base = chunk.base + index * BLOCK;
                // SAFETY: a free block's memory is not needed.
                if chunk.slots[index].state == State::Dirty && unsafe { system.discard(base, BLOCK) } {
                    chunk.slots[index].state = State::Clean;
                    system.uncommit(BLOCK);
                    excess -= 1;
                }
            }
        }
    }

    /// Takes chunks without objects out of use and passes their bases to `f`: as many as may go so that `keep` free
    /// blocks still hold memory, and those that hold none.
    pub(crate) fn remove_empty_chunks(
        &mut self,
        system: &mut System,
        keep: usize,
        mut f: impl FnMut(&System, usize),
    ) {
        let mut spare = self.counts().dirty.saturating_sub(keep);
        for at in (0..self.chunks.len()).rev() {
            let dirty = self.chunks[at].dirty();
            if dirty <= spare && self.chunks[at].is_empty() {
                spare -= dirty;
                system.uncommit(dirty * BLOCK);
                f(system, self.chunks.swap_remove(at).base);
            }
        }
        (self.recyclable, self.dirty, self.clean) = (START, START, START);
    }
}

fn zeroed(start: usize, end: usize) -> Hole {
    // SAFETY: the range is free memory of the heap.
    unsafe { std::ptr::write_bytes(start as *mut u8, 0, end - start) };
    Hole { start, end }
}

/// The first run of free lines at or after `from`.
fn find_hole(lines: &[u8; LINES_PER_BLOCK], from: usize) -> Option<(usize, usize)> {
    let first = from + lines[from..].iter().position(|&line| line == 0)?;
    let length = lines[first..].iter().position(|&line| line != 0);
    Some((first, length.map_or(LINES_PER_BLOCK, |n| first + n)))
}

fn sweep_block(tables: BlockTables) -> State {
    let mut used = 0usize;
    // SAFETY: the block is ours; no other reference to its lines is in use.
    for line in unsafe { tables.lines() } {
        *line &= line::MARKED;
        used += usize::from(*line);
    }
    match LINES_PER_BLOCK - used {
        LINES_PER_BLOCK => State::Dirty,
        MIN_FREE_LINES.. => State::Recyclable,
        _ => State::Full,
    }
}

/// Overwrites whatever lies between the marked objects.
fn poison_block(tables: BlockTables, shapes: &Shapes) {
    let mut free = tables.base;
    // SAFETY: marked objects have valid headers, and what lies between them is dead.
    unsafe {
        tables.each_marked(|object| {
            fill_poison(free, object as usize);
            free = object as usize + shapes.size_of(object);
        });
        fill_poison(free, tables.base + BLOCK);
    }
}

/// # Safety
/// The range is free memory of the heap.
pub(crate) unsafe fn fill_poison(from: usize, to: usize) {
    // SAFETY: as the caller promises.
    unsafe { std::ptr::write_bytes(from as *mut u8, POISON, to - from) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_maximal_runs_of_free_lines() {
        let mut lines = [0; LINES_PER_BLOCK];
        assert_eq!(find_hole(&lines, 0), Some((0, LINES_PER_BLOCK)));
        lines[0] = line::MARKED;
        lines[5] = line::YOUNG;
        lines[LINES_PER_BLOCK - 1] = line::MARKED;
        assert_eq!(find_hole(&lines, 0), Some((1, 5)));
        assert_eq!(find_hole(&lines, 5), Some((6, LINES_PER_BLOCK - 1)));
        assert_eq!(find_hole(&lines, LINES_PER_BLOCK - 1), None);
    }

    #[test]
    fn blocks_are_taken_swept_and_released() {
        let mut system = System::new(0);
        let mut blocks = Blocks::new();
        let base = system.map(CHUNK, CHUNK).expect("memory");
        blocks.add_chunk(base);
        let hole = blocks.take_free(&mut system, false).expect("a block");
        assert_eq!((hole.start, hole.end), (base + META, base + META + BLOCK));
        assert_eq!(blocks.counts().used, 1);
        blocks.sweep(false, None);
        assert_eq!((blocks.counts().used, blocks.counts().dirty), (0, 1));
        blocks.release(&mut system, 0);
        assert_eq!(system.committed(), if blocks.counts().dirty == 0 { 0 } else { BLOCK });
        let mut removed = Vec::new();
        blocks.remove_empty_chunks(&mut system, 0, |_, chunk| removed.push(chunk));
        assert_eq!(removed, [base]);
        assert_eq!(system.committed(), 0);
        // SAFETY: the chunk is out of use.
        unsafe { system.unmap(base, CHUNK) };
    }

    #[test]
    fn survivors_leave_holes_around_them() {
        let mut system = System::new(0);
        let mut blocks = Blocks::new();
        let base = system.map(CHUNK, CHUNK).expect("memory");
        blocks.add_chunk(base);
        let hole = blocks.take_free(&mut system, false).expect("a block");
        // SAFETY: the range lies in the block just taken.
        unsafe { crate::chunk::mark_lines(hole.start + 1000, 300) };
        blocks.sweep(false, None);
        let holes: Vec<(usize, usize)> = std::iter::from_fn(|| blocks.next_hole())
            .map(|found| (found.start - hole.start, found.end - hole.start))
            .collect();
        assert_eq!(holes, [(0, 896), (1408, BLOCK)]);
        // SAFETY: the chunk is not used any more.
        unsafe { system.unmap(base, CHUNK) };
    }
}
