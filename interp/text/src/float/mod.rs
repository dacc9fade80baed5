//! Floats: text both ways, rounding, integer parts.
//!
//! `repr` takes the shortest digits that read back (the zmij algorithm) and applies Python's layout rule.
//! A fixed number of decimals is computed exactly: values below 2^127 after scaling go through 128-bit
//! integers, the rest through the standard library's exact formatter; both round half to even.

mod hex;
mod parse;
mod repr;
mod round;

pub use hex::{HexError, from_hex, to_hex};
pub(crate) use parse::trim;
pub use parse::{ParseFloatError, parse_float, parse_float_ascii};
pub use repr::{Layout, format_float_text, push_float_text, push_repr_float, repr_float, shortest_digits};
pub use round::{RoundError, round_half_even, round_to_digits};

use crate::ErrorKind;
use std::fmt;

/// Why a float is no integer or ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonFinite {
    /// The value is an infinity (`OverflowError`).
    Infinity(Target),
    /// The value is not a number (`ValueError`).
    NaN(Target),
}

/// What a float was to be converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// `int(x)` and friends.
    Integer,
    /// `x.as_integer_ratio()`.
    Ratio,
}

impl NonFinite {
    fn of(x: f64, target: Target) -> Self {
        if x.is_nan() { NonFinite::NaN(target) } else { NonFinite::Infinity(target) }
    }

    /// The exception class.
    pub fn kind(&self) -> ErrorKind {
        match self {
            NonFinite::Infinity(_) => ErrorKind::Overflow,
            NonFinite::NaN(_) => ErrorKind::Value,
        }
    }
}

impl fmt::Display for NonFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NonFinite::Infinity(Target::Integer) => "cannot convert float infinity to integer",
            NonFinite::NaN(Target::Integer) => "cannot convert float NaN to integer",
            NonFinite::Infinity(Target::Ratio) => "cannot convert Infinity to integer ratio",
            NonFinite::NaN(Target::Ratio) => "cannot convert NaN to integer ratio",
        })
    }
}

/// `x = mantissa * 2^exponent` exactly, the mantissa odd (or both zero).
fn odd_parts(x: f64) -> (i64, i32) {
    if x == 0.0 {
        return (0, 0);
    }
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let (mantissa, exponent) =
        if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    let zeros = mantissa.trailing_zeros();
    let odd = mantissa >> zeros;
    (if x < 0.0 { -odd } else { odd }, exponent + zeros as i32)
}

/// Parts of `float.as_integer_ratio`: `(m, e)` with `x = m * 2^e`, m odd. The ratio is `(m << e, 1)` when
/// `e >= 0`, else `(m, 1 << -e)`.
pub fn as_integer_ratio(x: f64) -> Result<(i64, i32), NonFinite> {
    if x.is_finite() { Ok(odd_parts(x)) } else { Err(NonFinite::of(x, Target::Ratio)) }
}

/// The integer part of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntPart {
    /// It fits 64 bits.
    Small(i64),
    /// `mantissa << shift`.
    Shifted(i64, u32),
}

/// `int(x)`: the value cut towards zero.
pub fn to_int(x: f64) -> Result<IntPart, NonFinite> {
    if x.abs() < 9.2e18 {
        return Ok(IntPart::Small(x as i64));
    }
    if !x.is_finite() {
        return Err(NonFinite::of(x, Target::Integer));
    }
    let (mantissa, exponent) = odd_parts(x);
    Ok(IntPart::Shifted(mantissa, exponent as u32))
}
