//! The format specification mini-language:
//! `[[fill]align][sign]["z"]["#"]["0"][width][grouping]["." precision [grouping]][type]`.
//!
//! [`parse`] reads a specification, the `format_*` functions apply it to a value. Errors carry the name of the
//! value's type, since CPython's messages do. Big integers take part through the trait [`Integer`].

mod apply;
mod layout;
mod parse;

pub use apply::{format_complex, format_float, format_int, format_str};
pub(crate) use layout::insert_fill;
pub use layout::{pad, push_grouped};
pub use parse::{Align, FormatSpec, Grouping, Kind, Sign, parse};

use crate::ErrorKind;
use std::fmt;

/// An integer of any size, as far as formatting needs it.
pub trait Integer {
    /// Below zero.
    fn is_negative(&self) -> bool;
    /// Appends the digits of the magnitude in radix 2, 8, 10 or 16, lower case, no prefix; `0` for zero.
    fn push_digits(&self, out: &mut Vec<u8>, radix: u32);
    /// Appends the decimal text with its sign.
    fn push_decimal(&self, out: &mut Vec<u8>) {
        if self.is_negative() {
            out.push(b'-');
        }
        self.push_digits(out, 10);
    }
    /// The nearest float; `None` when it is out of range.
    fn to_f64(&self) -> Option<f64>;
    /// The value if it fits 64 bits.
    fn to_i64(&self) -> Option<i64>;
}

impl Integer for i64 {
    fn is_negative(&self) -> bool {
        *self < 0
    }

    fn push_digits(&self, out: &mut Vec<u8>, radix: u32) {
        crate::int::push_magnitude(out, self.unsigned_abs(), radix);
    }

    fn push_decimal(&self, out: &mut Vec<u8>) {
        crate::int::push_decimal(out, *self);
    }

    fn to_f64(&self) -> Option<f64> {
        Some(*self as f64)
    }

    fn to_i64(&self) -> Option<i64> {
        Some(*self)
    }
}

/// Why a value cannot be formatted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// A width or precision beyond 63 bits.
    TooManyDigits,
    /// `.` without digits.
    MissingPrecision,
    /// Text after the type.
    Invalid {
        /// The whole specification.
        spec: String,
        /// Type of the value.
        type_name: String,
    },
    /// The type letter does not suit the value.
    UnknownCode {
        /// The letter.
        code: u32,
        /// Type of the value.
        type_name: String,
    },
    /// Grouping with a type that has none.
    Grouping {
        /// `,` or `_`.
        separator: char,
        /// The type letter.
        code: u32,
    },
    /// Both `,` and `_`.
    BothSeparators,
    /// A precision for an integer.
    IntPrecision,
    /// `z` for an integer.
    IntNegativeZero,
    /// A sign with `c`.
    CharSign,
    /// `#` with `c`.
    CharAlternate,
    /// `c` of a number that is no code point.
    CharRange,
    /// `c` of a number beyond 64 bits.
    CharTooLarge,
    /// A sign for a string.
    StrSign,
    /// A space as sign for a string.
    StrSpace,
    /// `z` for a string.
    StrNegativeZero,
    /// `#` for a string.
    StrAlternate,
    /// `=` for a string.
    StrEquals,
    /// `0` for a complex number.
    ComplexZeroPadding,
    /// `=` for a complex number.
    ComplexEquals,
    /// A precision beyond 31 bits.
    PrecisionTooBig,
    /// An integer too large for a float.
    IntTooLarge,
    /// Width or precision asks for more memory than there is.
    Memory,
}

impl FormatError {
    /// The exception class.
    pub fn kind(&self) -> ErrorKind {
        match self {
            FormatError::CharRange | FormatError::CharTooLarge | FormatError::IntTooLarge => {
                ErrorKind::Overflow
            }
            FormatError::Memory => ErrorKind::Memory,
            _ => ErrorKind::Value,
        }
    }
}

/// A type letter as the messages show it.
struct Code(u32);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            33..=127 => write!(f, "{}", self.0 as u8 as char),
            code => write!(f, "\\x{code:x}"),
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FormatError::*;
        f.write_str(match self {
            Invalid { spec, type_name } => {
                return write!(f, "Invalid format specifier '{spec}' for object of type '{type_name}'");
            }
            UnknownCode { code, type_name } => {
                return write!(f, "Unknown format code '{}' for object of type '{type_name}'", Code(*code));
            }
            Grouping { separator, code } => {
                return write!(f, "Cannot specify '{separator}' with '{}'.", Code(*code));
            }
            TooManyDigits => "Too many decimal digits in format string",
            MissingPrecision => "Format specifier missing precision",
            BothSeparators => "Cannot specify both ',' and '_'.",
            IntPrecision => "Precision not allowed in integer format specifier",
            IntNegativeZero => "Negative zero coercion (z) not allowed in integer format specifier",
            CharSign => "Sign not allowed with integer format specifier 'c'",
            CharAlternate => "Alternate form (#) not allowed with integer format specifier 'c'",
            CharRange => "%c arg not in range(0x110000)",
            CharTooLarge => "Python int too large to convert to C long",
            StrSign => "Sign not allowed in string format specifier",
            StrSpace => "Space not allowed in string format specifier",
            StrNegativeZero => "Negative zero coercion (z) not allowed in string format specifier",
            StrAlternate => "Alternate form (#) not allowed in string format specifier",
            StrEquals => "'=' alignment not allowed in string format specifier",
            ComplexZeroPadding => "Zero padding is not allowed in complex format specifier",
            ComplexEquals => "'=' alignment flag is not allowed in complex format specifier",
            PrecisionTooBig => "precision too big",
            Memory => "",
            IntTooLarge => "int too large to convert to float",
        })
    }
}
