//! The text and number algorithms of Hoop, free of heap and interpreter.
//!
//! Text is WTF-8: UTF-8 in which a lone surrogate is a three-byte sequence of its own (see [`wtf8`]).
//! Functions take byte slices and give `Vec<u8>` or `String`; the interpreter wraps them as methods.
//! Errors are small enums whose [`std::fmt::Display`] text is CPython's message and whose `kind()` names
//! the exception class ([`ErrorKind`]).

pub mod bytes;
pub mod codec;
pub mod complex;
pub mod float;
pub mod hash;
pub mod int;
pub mod percent;
pub mod seq;
pub mod spec;
pub mod template;
pub mod text;
pub mod unicode;
pub mod wtf8;

/// The exception class an error of this crate stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `ValueError`
    Value,
    /// `TypeError`
    Type,
    /// `OverflowError`
    Overflow,
    /// `IndexError`
    Index,
    /// `KeyError`
    Key,
    /// `MemoryError`
    Memory,
    /// `ZeroDivisionError`
    ZeroDivision,
}
