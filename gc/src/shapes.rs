//! The table shape -> layout, arranged for the collector.

use crate::chunk::is_marked;
use crate::object::{Header, Layout, ShapeId, Tail, gc_bits};
use std::cell::Cell;

/// What the collector needs of a shape, worked out once.
pub(crate) struct ShapeInfo {
    /// Fixed words to be marked: the value mask without a weak word.
    pub(crate) strong_mask: u64,
    /// Header and fixed words.
    pub(crate) fixed_bytes: u32,
    pub(crate) tail: Tail,
    /// Has a weak word or a `trace` function: more to do when marked.
    pub(crate) unusual: bool,
    /// Has `trace` or `drop`: objects must be registered when they are made.
    pub(crate) registered: bool,
    /// Refers to nothing but by fixed words, and owns nothing.
    pub(crate) plain: bool,
    known: bool,
    /// The word of the object that lives as long as there are objects of this shape; 0: none.
    pub(crate) owner: u64,
    /// The number of the last collection that found an object of this shape.
    pub(crate) seen: Cell<u64>,
    pub(crate) layout: Layout,
}

impl ShapeInfo {
    /// Whether an object may have this many words.
    pub(crate) fn fits(&self, words: u16) -> bool {
        let fixed = self.layout.fixed_words;
        self.known && if self.tail == Tail::None { words == fixed } else { words >= fixed }
    }

    /// Whether an object with this `aux` may have this many words, its tail's included.
    pub(crate) fn fits_with(&self, words: u32, aux: u16) -> bool {
        let fixed = u32::from(self.layout.fixed_words);
        self.known
            && match self.tail {
                Tail::None => words == fixed,
                Tail::ValuesAux => words == fixed + u32::from(aux),
                _ => words >= fixed,
            }
    }

    fn unknown() -> ShapeInfo {
        ShapeInfo { known: false, ..ShapeInfo::of(Layout::fixed(0, 0)) }
    }

    fn of(layout: Layout) -> ShapeInfo {
        let unusual = layout.weak || layout.trace.is_some();
        let registered = layout.trace.is_some() || layout.drop.is_some();
        let open = matches!(layout.tail, Tail::Values | Tail::ValuesAux);
        ShapeInfo {
            strong_mask: layout.value_mask & !(layout.weak as u64),
            fixed_bytes: 8 + 8 * u32::from(layout.fixed_words),
            tail: layout.tail,
            unusual,
            registered,
            plain: !unusual && !registered && !open,
            known: true,
            owner: 0,
            seen: Cell::new(0),
            layout,
        }
    }
}

/// All layouts, by shape.
pub(crate) struct Shapes {
    table: Vec<ShapeInfo>,
    /// Shapes with an owner, in order of declaration; those declared since the last collection stand at the end.
    owned: Vec<ShapeId>,
    first_young: usize,
    /// Shapes whose owners the collection that is under way found dead.
    pub(crate) dead: Vec<ShapeId>,
}

impl Shapes {
    pub(crate) fn new() -> Shapes {
        Shapes { table: vec![ShapeInfo::unknown()], owned: Vec::new(), first_young: 0, dead: Vec::new() }
    }

    /// See `Heap::set_owned_layout`.
    pub(crate) fn set_owned(&mut self, shape: ShapeId, layout: Layout, owner: u64) {
        self.set(shape, layout);
        self.table[shape.0 as usize].owner = owner;
        self.owned.push(shape);
    }

    /// After marking: lists the shapes (`all`: old ones too) whose owners are dead. The rest is old from now on.
    pub(crate) fn find_dead(&mut self, all: bool) {
        let Shapes { table, owned, first_young, dead } = self;
        let from = if all { 0 } else { *first_young };
        let mut kept = from;
        for at in from..owned.len() {
            let shape = owned[at];
            // SAFETY: an owner is an object; it lies in the heap's chunks until its shapes are listed here.
            if unsafe { is_marked(table[shape.0 as usize].owner as usize) } {
                owned[kept] = shape;
                kept += 1;
            } else {
                dead.push(shape);
            }
        }
        owned.truncate(kept);
        if owned.capacity() > 4 * kept + 1024 {
            owned.shrink_to(2 * kept);
        }
        *first_young = kept;
    }

    /// After the sweep: no object has the listed shapes any more.
    pub(crate) fn release_dead(&mut self) {
        for shape in std::mem::take(&mut self.dead) {
            self.table[shape.0 as usize] = ShapeInfo::unknown();
        }
    }

    /// See `Heap::set_layout`. Shape 0 stays unknown: a zero header ends a hole.
    pub(crate) fn set(&mut self, shape: ShapeId, layout: Layout) {
        if shape.0 == 0 {
            return;
        }
        let words = u32::from(layout.fixed_words).min(64);
        assert!(words == 64 || layout.value_mask >> words == 0, "value mask beyond the fixed words");
        let counted = matches!(layout.tail, Tail::Values | Tail::Bytes | Tail::Words);
        assert!(!counted || (words > 0 && layout.value_mask & 1 == 0), "word 0 must be the tail's count");
        assert!(!layout.weak || (words > 0 && !counted), "a weak shape has its reference in word 0");
        let at = shape.0 as usize;
        while self.table.len() <= at {
            self.table.push(ShapeInfo::unknown());
        }
        self.table[at] = ShapeInfo::of(layout);
    }

    #[inline(always)]
    pub(crate) fn get(&self, shape: ShapeId) -> &ShapeInfo {
        &self.table[shape.0 as usize]
    }

    /// The row of a shape that has one; for checks of words that may not be headers.
    pub(crate) fn find(&self, shape: ShapeId) -> Option<&ShapeInfo> {
        self.table.get(shape.0 as usize).filter(|info| info.known)
    }

    /// Size of an object with its header.
    ///
    /// # Safety
    /// `object` has a valid header and, with a counted tail, its count.
    #[inline(always)]
    pub(crate) unsafe fn size_of(&self, object: *mut Header) -> usize {
        // SAFETY: as the caller promises.
        unsafe {
            let header = *object;
            let info = self.get(header.shape);
            info.fixed_bytes as usize + tail_bytes(info.tail, header.aux, object)
        }
    }
}

/// Size of the variable part of an object.
///
/// # Safety
/// As [`Shapes::size_of`].
#[inline(always)]
pub(crate) unsafe fn tail_bytes(tail: Tail, aux: u16, object: *mut Header) -> usize {
    // SAFETY: a counted tail's count is the word after the header.
    let count = || unsafe { *(object.add(1) as *const usize) };
    match tail {
        Tail::None => 0,
        Tail::ValuesAux => 8 * aux as usize,
        Tail::Values | Tail::Words => 8 * count(),
        Tail::Bytes => (count() + 7) & !7,
    }
}

/// A header as the word that it is in memory.
#[cfg(test)]
pub(crate) fn header_word(header: Header) -> u64 {
    u64::from(header.shape.0)
        | u64::from(header.gc) << 32
        | u64::from(header.flags) << 40
        | u64::from(header.aux) << 48
}

/// The header that the word `word` in memory is.
#[inline(always)]
pub(crate) fn header_of_word(word: u64) -> Header {
    Header {
        shape: ShapeId(word as u32),
        gc: (word >> 32) as u8,
        flags: (word >> 40) as u8,
        aux: (word >> 48) as u16,
    }
}

/// The collector bits of an object that survived and is not remembered.
pub(crate) const OLD: u8 = gc_bits::MARK | gc_bits::BARRIER;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_layout() {
        let mut shapes = Shapes::new();
        let tails = [Tail::None, Tail::Values, Tail::ValuesAux, Tail::Bytes, Tail::Words];
        for (i, tail) in tails.into_iter().enumerate() {
            shapes.set(ShapeId(i as u32 + 1), Layout::with_tail(2, 2, tail));
        }
        let sizes: Vec<usize> = (1..=5)
            .map(|shape| {
                let header = Header { shape: ShapeId(shape), gc: 0, flags: 0, aux: 3 };
                let mut object = [header_word(header), 9, 0, 0];
                // SAFETY: the words form an object's head, with its count.
                unsafe { shapes.size_of(object.as_mut_ptr() as *mut Header) }
            })
            .collect();
        assert_eq!(sizes, [24, 24 + 72, 24 + 24, 24 + 16, 24 + 72]);
    }

    #[test]
    fn header_words_are_the_bytes_in_memory() {
        let header = Header { shape: ShapeId(0x1234_5678), gc: 1, flags: 2, aux: 0xabcd };
        let mut word = 0u64;
        // SAFETY: both are eight bytes, aligned to eight.
        unsafe { (&raw mut word as *mut Header).write(header) };
        assert_eq!(word, header_word(header));
        assert_eq!(header_word(header_of_word(word)), word);
    }
}
