//! A chunk: 1 MB of address space at a multiple of 1 MB, which begins with the collector's tables about the rest.
//!
//! ```text
//! 0      mark bits, one for each 8 bytes of the chunk: set where an object begins that survived
//! 16 KB  start bits, likewise: objects that are known to begin there (filled only while they are needed)
//! 32 KB  line bytes, one for each 128 bytes
//! 64 KB  objects
//! ```
//!
//! So from an object's address its mark bit and line bytes are found by masking, whatever kind of chunk it lies in:
//! one of blocks, one of pages for large objects, or the first of many MB with one huge object. Only the table pages in
//! use take memory.

use crate::object::Header;

pub(crate) const CHUNK: usize = 1 << 20;
/// The tables at the start of a chunk.
pub(crate) const META: usize = 64 << 10;
pub(crate) const BLOCK: usize = 32 << 10;
pub(crate) const LINE: usize = 128;
pub(crate) const LINES_PER_BLOCK: usize = BLOCK / LINE;
/// Objects of more bytes than this are large.
pub(crate) const MAX_SMALL: usize = 8 << 10;

const MARKS: usize = 0;
const STARTS: usize = 16 << 10;
const LINES: usize = 32 << 10;

/// Bits of a line byte.
pub(crate) mod line {
    /// Holds (a part of) an object that survived the last collection.
    pub const MARKED: u8 = 1;
    /// Belongs to a hole that was taken for allocation since the last collection.
    pub const YOUNG: u8 = 2;
    /// On a hole's first line: its objects have start bits.
    pub const WALKED: u8 = 4;
}

/// The base of the chunk that `address` lies in.
#[inline(always)]
pub(crate) const fn chunk_of(address: usize) -> usize {
    address & !(CHUNK - 1)
}

#[inline(always)]
fn table_bit(address: usize, table: usize) -> (*mut u64, u64) {
    let offset = address & (CHUNK - 1);
    let word = chunk_of(address) + table + (offset >> 9) * 8;
    (word as *mut u64, 1 << ((offset >> 3) & 63))
}

/// Whether the object at `address` is marked.
///
/// # Safety
/// `address` lies in a chunk of the heap.
#[inline(always)]
pub(crate) unsafe fn is_marked(address: usize) -> bool {
    let (word, bit) = table_bit(address, MARKS);
    // SAFETY: the table lies at the start of the chunk.
    unsafe { *word & bit != 0 }
}

/// Marks the object at `address`; false if it was marked before.
///
/// # Safety
/// As [`is_marked`].
#[inline(always)]
pub(crate) unsafe fn set_mark(address: usize) -> bool {
    let (word, bit) = table_bit(address, MARKS);
    // SAFETY: the table lies at the start of the chunk.
    unsafe {
        let old = *word;
        *word = old | bit;
        old & bit == 0
    }
}

/// # Safety
/// As [`is_marked`].
pub(crate) unsafe fn clear_mark(address: usize) {
    let (word, bit) = table_bit(address, MARKS);
    // SAFETY: the table lies at the start of the chunk.
    unsafe { *word &= !bit };
}

/// # Safety
/// As [`is_marked`].
pub(crate) unsafe fn set_start(address: usize) {
    let (word, bit) = table_bit(address, STARTS);
    // SAFETY: the table lies at the start of the chunk.
    unsafe { *word |= bit };
}

/// Sets the MARKED bit of all lines that `bytes` at `address` touch.
///
/// # Safety
/// The range lies in one block of the heap.
#[inline(always)]
pub(crate) unsafe fn mark_lines(address: usize, bytes: usize) {
    let table = chunk_of(address) + LINES;
    let first = (address & (CHUNK - 1)) / LINE;
    let last = ((address + bytes - 1) & (CHUNK - 1)) / LINE;
    for index in first..=last {
        // SAFETY: each line of the chunk has a byte in the table.
        unsafe { *((table + index) as *mut u8) |= line::MARKED };
    }
}

/// The tables' rows about one block.
#[derive(Copy, Clone)]
pub(crate) struct BlockTables {
    pub(crate) base: usize,
}

/// Mark or start bits of a block, as words.
pub(crate) const WORDS_PER_BLOCK: usize = BLOCK / 8 / 64;

impl BlockTables {
    pub(crate) fn of(address: usize) -> BlockTables {
        BlockTables { base: address & !(BLOCK - 1) }
    }

    fn row(self, table: usize) -> *mut [u64; WORDS_PER_BLOCK] {
        let offset = self.base & (CHUNK - 1);
        (chunk_of(self.base) + table + offset / 64) as *mut [u64; WORDS_PER_BLOCK]
    }

    /// # Safety
    /// The block belongs to the heap and no other reference to its row is in use.
    pub(crate) unsafe fn marks<'a>(self) -> &'a mut [u64; WORDS_PER_BLOCK] {
        // SAFETY: the row lies in the chunk's table.
        unsafe { &mut *self.row(MARKS) }
    }

    /// # Safety
    /// As [`BlockTables::marks`].
    pub(crate) unsafe fn starts<'a>(self) -> &'a mut [u64; WORDS_PER_BLOCK] {
        // SAFETY: the row lies in the chunk's table.
        unsafe { &mut *self.row(STARTS) }
    }

    /// # Safety
    /// As [`BlockTables::marks`].
    pub(crate) unsafe fn lines<'a>(self) -> &'a mut [u8; LINES_PER_BLOCK] {
        let offset = self.base & (CHUNK - 1);
        let row = chunk_of(self.base) + LINES + offset / LINE;
        // SAFETY: the row lies in the chunk's table.
        unsafe { &mut *(row as *mut [u8; LINES_PER_BLOCK]) }
    }

    /// The last object that is known (by mark or start bit) to begin in this block at or before `address`.
    ///
    /// # Safety
    /// As [`BlockTables::marks`].
    pub(crate) unsafe fn object_before(self, address: usize) -> Option<*mut Header> {
        // SAFETY: as the caller promises; the rows are only read.
        let (marks, starts) = unsafe { (self.marks(), self.starts()) };
        let bit = (address - self.base) / 8;
        let mut word = bit / 64;
        let mut bits = (marks[word] | starts[word]) & (u64::MAX >> (63 - bit % 64));
        while bits == 0 {
            word = word.checked_sub(1)?;
            bits = marks[word] | starts[word];
        }
        let found = word * 64 + 63 - bits.leading_zeros() as usize;
        Some((self.base + found * 8) as *mut Header)
    }

    /// Calls `f` for each marked object of the block, in order of address.
    ///
    /// # Safety
    /// As [`BlockTables::marks`].
    pub(crate) unsafe fn each_marked(self, f: impl FnMut(*mut Header)) {
        // SAFETY: as the caller promises. Words are copied, so that `f` may mark.
        self.each_bit(|word| unsafe { self.marks()[word] }, f);
    }

    /// Calls `f` for each object with a mark or start bit.
    ///
    /// # Safety
    /// As [`BlockTables::marks`].
    pub(crate) unsafe fn each_known(self, f: impl FnMut(*mut Header)) {
        // SAFETY: as the caller promises.
        self.each_bit(|word| unsafe { self.marks()[word] | self.starts()[word] }, f);
    }

    fn each_bit(self, bits_of: impl Fn(usize) -> u64, mut f: impl FnMut(*mut Header)) {
        for word in 0..WORDS_PER_BLOCK {
            let mut bits = bits_of(word);
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                f((self.base + at * 8) as *mut Header);
            }
        }
    }
}
