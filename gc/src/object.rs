//! What the collector knows of an object: its header and, through the shape in the header, its layout.

use crate::Marker;

/// Class, physical layout, strategy and attribute map in one id. The heap knows only the layout behind it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[repr(transparent)]
pub struct ShapeId(pub u32);

/// The first eight bytes of every heap object.
#[derive(Copy, Clone, Debug)]
#[repr(C, align(8))]
pub struct Header {
    pub shape: ShapeId,
    /// Collector state, see [`gc_bits`].
    pub gc: u8,
    /// Free for the guest (assumed, finalized, ...).
    pub flags: u8,
    /// Layout dependent: the slot count of [`Tail::ValuesAux`]; else free for the guest.
    pub aux: u16,
}

/// Bits of [`Header::gc`].
pub mod gc_bits {
    /// Survived a collection ("old").
    pub const MARK: u8 = 1;
    /// A store of a value into this object must go through the write barrier's slow path.
    /// Set for old objects that are not in the remembered set; the barrier is this one test.
    pub const BARRIER: u8 = 2;
    /// Lives on pages of its own.
    pub const LARGE: u8 = 4;
}

/// The variable part at the end of an object.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Tail {
    None,
    /// Values; their number is the first fixed word (a plain integer).
    Values,
    /// Values; their number is `Header::aux`.
    ValuesAux,
    /// Bytes (padded to 8); their number is the first fixed word.
    Bytes,
    /// Plain 8-byte words; their number is the first fixed word.
    Words,
}

/// How the objects of a shape lie in memory.
#[derive(Copy, Clone, Debug)]
pub struct Layout {
    /// 8-byte words after the header, before the tail. With a counted tail the count is word 0.
    pub fixed_words: u16,
    /// Bit `i`: fixed word `i` holds a value (or zero).
    pub value_mask: u64,
    pub tail: Tail,
    /// Fixed word 0 is a weak reference: it does not keep its object alive and becomes `UNBOUND` when that dies.
    pub weak: bool,
    /// Marks what the object holds outside the heap (a foreign box).
    pub trace: Option<unsafe fn(*mut Header, &mut Marker)>,
    /// What `trace` marks changes with write barriers, as fields do. Without, objects of such shapes are looked at in
    /// every collection.
    pub barriers: bool,
    /// Called once when the object is found dead; it must free what the object owns outside the heap and must not
    /// touch any other object. Returns what [`crate::Heap::add_external`] was told of it.
    pub drop: Option<unsafe fn(*mut Header) -> usize>,
}

impl Layout {
    /// `fixed_words` words of which those in `value_mask` are values, and no tail.
    pub const fn fixed(fixed_words: u16, value_mask: u64) -> Layout {
        Layout {
            fixed_words,
            value_mask,
            tail: Tail::None,
            weak: false,
            trace: None,
            barriers: false,
            drop: None,
        }
    }

    /// As [`Layout::fixed`], followed by a tail.
    pub const fn with_tail(fixed_words: u16, value_mask: u64, tail: Tail) -> Layout {
        Layout { tail, ..Layout::fixed(fixed_words, value_mask) }
    }
}
