//! Constants as plain data.

use crate::code::Code;
use std::sync::Arc;

/// A constant of a code object. Equality is identity of type and value: `1`, `1.0` and `True` differ, and so do
/// `0.0` and `-0.0`; floats are kept as their bits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Const {
    None,
    Bool(bool),
    Ellipsis,
    Int(i64),
    /// An integer past 64 bits: decimal digits, with `-` if negative.
    BigInt(String),
    /// The bits of an `f64`.
    Float(u64),
    /// The bits of the real and the imaginary part.
    Complex(u64, u64),
    /// WTF-8: UTF-8 that may hold lone surrogates.
    Str(Vec<u8>),
    Bytes(Vec<u8>),
    Tuple(Vec<Const>),
    FrozenSet(Vec<Const>),
    Code(Arc<Code>),
}

impl Const {
    /// A string constant.
    pub fn str(text: &str) -> Const {
        Const::Str(text.as_bytes().to_vec())
    }

    /// A float constant.
    pub fn float(value: f64) -> Const {
        Const::Float(value.to_bits())
    }
}
