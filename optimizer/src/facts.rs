//! What is known of an operation's result. One record per operation, in a dense vector: no look-up by hashing.
//!
//! A value's being an int, a float or a truth value is for ever: value words do not change. A heap object's **shape**
//! can change (a list switches strategy, an instance gains an attribute), so a known shape is good only in the
//! *shape epoch* in which it was learnt; whatever may change the shape of an existing object starts a new epoch.

use crate::range::Range;
use hoop_ir::OpRef;

/// What sort of value a word holds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    Any,
    /// A small int.
    Int,
    /// A float, in the word or on the heap.
    Float,
    /// True or False.
    Bool,
    /// A heap object of this shape.
    Shape(u32),
    /// A constant word that is none of these.
    Other,
}

impl Kind {
    /// The two sorts have no value in common. (A float may be a heap object of the float shape.)
    pub fn excludes(self, other: Kind) -> bool {
        use Kind::*;
        match (self, other) {
            (Any, _) | (_, Any) => false,
            (Float, Shape(_)) | (Shape(_), Float) => false,
            _ => self != other,
        }
    }
}

/// Facts about one operation's result.
#[derive(Copy, Clone, Debug)]
pub struct Facts {
    pub kind: Kind,
    /// The epoch in which a `Kind::Shape` holds.
    pub epoch: u32,
    /// What guards passed so far tell, too.
    pub range: Range,
    /// What the operation alone tells.
    pub base: Range,
    /// The operation that stands for this one since a guard has shown them to be equal; else `NONE`.
    pub forward: OpRef,
    /// In a peeled loop's body: the kind, or `forward`, was learnt in the body itself, or the body is known to rely on
    /// it already. So using it again is nothing new.
    pub kind_settled: bool,
    pub forward_settled: bool,
}

impl Facts {
    pub const UNKNOWN: Facts = Facts {
        kind: Kind::Any,
        epoch: 0,
        range: Range::FULL,
        base: Range::FULL,
        forward: OpRef::NONE,
        kind_settled: false,
        forward_settled: false,
    };
}
