//! Rounding half to even, exactly, at a decimal place.

use crate::ErrorKind;
use std::fmt;

/// The rounded value is beyond the range of floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundError;

impl RoundError {
    /// `OverflowError`.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::Overflow
    }
}

impl fmt::Display for RoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rounded value too large to represent")
    }
}

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// `|x| * 10^decimals` rounded half to even, computed exactly; `None` when 128 bits do not hold it.
pub(super) fn scaled_integer(x: f64, decimals: usize) -> Option<u128> {
    if decimals > 22 {
        return None;
    }
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let mantissa = u128::from(if biased == 0 { fraction } else { fraction | 1 << 52 });
    let exponent = biased.max(1) - 1075;
    // 53 bits times 10^22 (74 bits) stay below 2^127.
    let scaled = mantissa * 10u128.pow(decimals as u32);
    if exponent >= 0 {
        return (exponent < scaled.leading_zeros() as i32).then(|| scaled << exponent);
    }
    let shift = exponent.unsigned_abs();
    if shift >= 128 {
        return Some(0);
    }
    let q = scaled >> shift;
    let rest = scaled - (q << shift);
    let half = 1u128 << (shift - 1);
    let up = rest > half || (rest == half && q & 1 == 1);
    Some(q + u128::from(up))
}

/// `round(x)` before its conversion to an int: nearest integer, ties to even.
pub fn round_half_even(x: f64) -> f64 {
    x.round_ties_even()
}

/// `round(x, ndigits)`: the double nearest to the exact value of `x` rounded to `ndigits` decimals.
pub fn round_to_digits(x: f64, ndigits: i64) -> Result<f64, RoundError> {
    if !x.is_finite() || x == 0.0 || ndigits > 323 {
        return Ok(x);
    }
    if ndigits < -308 {
        return Ok(0.0f64.copysign(x));
    }
    let magnitude = match usize::try_from(ndigits) {
        Ok(decimals) => round_decimals(x.abs(), decimals),
        Err(_) => round_whole(x.abs(), ndigits.unsigned_abs() as usize),
    };
    if magnitude.is_finite() { Ok(magnitude.copysign(x)) } else { Err(RoundError) }
}

fn round_decimals(x: f64, decimals: usize) -> f64 {
    if x >= 9_007_199_254_740_992.0 {
        return x; // already integral
    }
    match scaled_integer(x, decimals) {
        // Numerator and denominator are exact doubles, so one division is correctly rounded.
        Some(q) if q < 1 << 53 => q as f64 / POWERS[decimals],
        _ => format!("{x:.decimals$}").parse().unwrap_or(x),
    }
}

/// Rounds to a multiple of 10^places by its decimal digits.
fn round_whole(x: f64, places: usize) -> f64 {
    let whole = x.trunc();
    let mut digits = format!("{whole:.0}").into_bytes();
    if digits.len() < places {
        return 0.0;
    }
    let cut = digits.len() - places;
    let tail = &digits[cut..];
    let beyond = x != whole || tail[1..].iter().any(|&b| b != b'0');
    let odd = cut > 0 && digits[cut - 1] & 1 == 1;
    let up = tail[0] > b'5' || (tail[0] == b'5' && (beyond || odd));
    digits.truncate(cut);
    if up {
        increment(&mut digits);
    }
    let text = String::from_utf8(digits).unwrap_or_default();
    format!("0{text}e{places}").parse().unwrap_or(f64::INFINITY)
}

/// Adds one to a decimal number.
fn increment(digits: &mut Vec<u8>) {
    for d in digits.iter_mut().rev() {
        if *d != b'9' {
            *d += 1;
            return;
        }
        *d = b'0';
    }
    digits.insert(0, b'1');
}
