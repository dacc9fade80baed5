//! What the recorder's values are: what each is now, and which operation makes it when the trace runs.

use hoop_engine::{shape_of, tag_shape};
use hoop_gc::{ShapeId, Value};
use hoop_ir::OpRef;

macro_rules! recorded {
    ($(#[doc = $doc:literal])* $name:ident, $plain:ty) => {
        $(#[doc = $doc])*
        #[derive(Copy, Clone, Debug)]
        pub struct $name {
            pub now: $plain,
            /// `OpRef::NONE`: the value is the constant `now`.
            pub op: OpRef,
        }

        impl $name {
            pub(crate) const fn constant(now: $plain) -> $name {
                $name { now, op: OpRef::NONE }
            }

            pub(crate) const fn is_const(self) -> bool {
                self.op.is_none()
            }
        }
    };
}
recorded! {
    /// A value word.
    RVal, Value
}
recorded! {
    /// An integer.
    RInt, i64
}
recorded! {
    /// A double.
    RFloat, f64
}
recorded! {
    /// A condition.
    RBool, bool
}

/// What is known of an operation's result.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Fact {
    /// Its shape, if known; see `epoch`.
    pub shape: Option<ShapeId>,
    /// A heap object's shape holds only while this is the recorder's epoch; word kinds hold for ever.
    pub epoch: u32,
    /// It is a constant from now on: a guard has said so.
    pub konst: bool,
    /// The `Int` or `Float` that a value word holds.
    pub payload: OpRef,
    /// Serial number of the instruction that allocated it; 0: it comes from elsewhere.
    pub born: u32,
    /// Others may know the object: it was stored, passed to a call that writes, or comes from elsewhere.
    pub escaped: bool,
}

impl Fact {
    pub const NOTHING: Fact =
        Fact { shape: None, epoch: 0, konst: false, payload: OpRef::NONE, born: 0, escaped: true };

    /// A word kind (`INT`, `FLOAT`, `BOOL`).
    pub fn kind(shape: ShapeId, payload: OpRef) -> Fact {
        Fact { shape: Some(shape), payload, ..Fact::NOTHING }
    }
}

/// Shapes that never change because they belong to words (a heap float counts as one).
pub(crate) fn is_word_kind(shape: ShapeId) -> bool {
    shape.0 < tag_shape::FIRST_FREE
}

/// The shape of a word that is no heap object, or of a heap float.
pub(crate) fn word_kind(v: Value) -> Option<ShapeId> {
    let shape = shape_of(v);
    is_word_kind(shape).then_some(shape)
}
