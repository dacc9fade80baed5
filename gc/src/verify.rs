//! Checks of the whole heap, for stress runs. A failed check is a bug in Hoop and panics with a sentence.
//!
//! * Every header has a known shape; objects do not overlap; young objects follow each other from their hole's start.
//! * Marked = has the MARK bit; old objects have the BARRIER bit or are remembered; young ones have neither bit.
//! * Every value field refers to the beginning of an object.
//! * An old object that is not remembered refers to old objects only: otherwise a write barrier was forgotten. This one is
//!   checked in collections, for words that the roots callback covers (registers inside a running generator) are exempt.
//! * The lines of old objects are marked.

use crate::chunk::{BlockTables, LINE, is_marked, line};
use crate::heap::Heap;
use crate::object::{Header, Tail, gc_bits};
use crate::shapes::{OLD, ShapeInfo};
use crate::value::Value;

/// The index of the header among an object's words: behind it stands the shape's owner.
const HEADER: usize = usize::MAX;

/// A word of an old object that is not remembered, referring to a young object.
pub(crate) struct Suspect {
    object: *mut Header,
    index: usize,
    target: u64,
}

impl Heap {
    /// Checks the whole heap. Panics if something is wrong with it.
    pub fn verify(&mut self) {
        self.check();
    }

    /// As [`Heap::verify`]; returns the words for which a write barrier seems to be missing.
    pub(crate) fn check(&mut self) -> Vec<Suspect> {
        self.space.refresh_map();
        self.space.check_all_holes(&self.shapes);
        let mut objects = Vec::new();
        self.space.each_known(|object| objects.push(object));
        objects.sort_unstable();
        let mut remembered = self.remembered.clone();
        remembered.sort_unstable();
        let mut check =
            Check { heap: self, objects: &objects, remembered: &remembered, suspects: Vec::new() };
        check.all();
        let suspects = check.suspects;
        self.space.forget_walks();
        suspects
    }
}

/// Panics if a suspect lies in none of the ranges (first and past last address) that the roots callback has marked.
pub(crate) fn check_suspects(suspects: &[Suspect], covered: &[(usize, usize)]) {
    for &Suspect { object, index, target } in suspects {
        let at = object as usize + 8 * index.wrapping_add(1);
        // SAFETY: a collection does not free objects before its sweep.
        let header = unsafe { *object };
        assert!(
            covered.iter().any(|&(start, end)| start <= at && at < end),
            "word {index} of the old {header:?} at {object:p} refers to the young {target:#x}: no write barrier"
        );
    }
}

struct Check<'a> {
    heap: &'a Heap,
    /// All objects, in order of address.
    objects: &'a [*mut Header],
    remembered: &'a [*mut Header],
    suspects: Vec<Suspect>,
}

impl Check<'_> {
    fn all(&mut self) {
        let mut end = 0;
        for &object in self.objects {
            assert!(object as usize >= end, "objects overlap at {object:p}");
            end = object as usize + self.object(object);
        }
    }

    /// Checks an object and returns its size.
    fn object(&mut self, object: *mut Header) -> usize {
        // SAFETY: `object` was found by mark bit, page table or hole walk: a header.
        let header = unsafe { *object };
        let Some(info) = self.heap.shapes.find(header.shape) else {
            panic!("no layout for {header:?} at {object:p}");
        };
        // SAFETY: as above.
        let (size, old) = unsafe { (self.heap.shapes.size_of(object), is_marked(object as usize)) };
        assert_eq!(
            old,
            header.gc & gc_bits::MARK != 0,
            "mark bit and header differ: {header:?} at {object:p}"
        );
        let remembered = self.remembered.binary_search(&object).is_ok();
        let barrier = header.gc & gc_bits::BARRIER != 0;
        assert!(!(barrier && remembered), "remembered with BARRIER set: {header:?} at {object:p}");
        assert!(old || !barrier, "a young object with BARRIER set: {header:?} at {object:p}");
        assert!(
            !old || barrier || remembered,
            "old, without barrier, not remembered: {header:?} at {object:p}"
        );
        if old && header.gc & gc_bits::LARGE == 0 {
            check_lines(object as usize, size);
        }
        let strict = header.gc & OLD == OLD && info.layout.trace.is_none() && !self.heap.force_full;
        self.fields(object, info, size, strict);
        self.field(object, HEADER, info.owner, strict);
        size
    }

    /// `strict`: the object may refer to old objects only.
    fn fields(&mut self, object: *mut Header, info: &ShapeInfo, size: usize, strict: bool) {
        let words = object.wrapping_add(1) as *const u64;
        let weak = u64::from(info.layout.weak);
        for index in (0..64).filter(|index| (info.strong_mask | weak) >> index & 1 == 1) {
            // SAFETY: the layout describes the object's words.
            self.field(object, index, unsafe { *words.add(index) }, strict);
        }
        if matches!(info.tail, Tail::Values | Tail::ValuesAux) {
            for index in (info.fixed_bytes as usize - 8) / 8..(size - 8) / 8 {
                // SAFETY: as above.
                self.field(object, index, unsafe { *words.add(index) }, strict);
            }
        }
    }

    fn field(&mut self, object: *mut Header, index: usize, word: u64, strict: bool) {
        let Some(value) = Value::from_bits(word).filter(|value| value.is_ptr()) else { return };
        // SAFETY: `object` is an object; checked by the caller.
        let shape = unsafe { (*object).shape };
        let known = self.objects.binary_search(&value.ptr()).is_ok();
        assert!(known, "word {index} of {object:p} ({shape:?}) is no object: {word:#x}");
        // SAFETY: an object of this heap.
        let old = unsafe { is_marked(word as usize) };
        if strict && !old {
            self.suspects.push(Suspect { object, index, target: word });
        }
    }
}

fn check_lines(address: usize, size: usize) {
    let tables = BlockTables::of(address);
    let first = (address - tables.base) / LINE;
    let last = (address + size - 1 - tables.base) / LINE;
    // SAFETY: the object lies in a block of the heap; nobody else uses its lines now.
    let lines = unsafe { tables.lines() };
    let marked = lines[first..=last].iter().all(|line| line & line::MARKED != 0);
    assert!(marked, "unmarked line under the old object at {address:#x}");
}
