//! `float.hex` and `float.fromhex`.

use super::parse::trim;
use crate::ErrorKind;
use std::fmt;

/// Why `float.fromhex` refuses a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// Not a hexadecimal float.
    Invalid,
    /// The value is beyond the range of floats.
    TooLarge,
    /// More digits than an exponent can count.
    TooLong,
}

impl HexError {
    /// The exception class.
    pub fn kind(&self) -> ErrorKind {
        if *self == HexError::TooLarge { ErrorKind::Overflow } else { ErrorKind::Value }
    }
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HexError::Invalid => "invalid hexadecimal floating-point string",
            HexError::TooLarge => "hexadecimal value too large to represent as a float",
            HexError::TooLong => "hexadecimal string too long to convert",
        })
    }
}

/// `x.hex()`.
pub fn to_hex(x: f64) -> String {
    let sign = if x.is_sign_negative() && !x.is_nan() { "-" } else { "" };
    if x.is_nan() {
        return "nan".into();
    }
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let lead = i32::from(biased != 0);
    let exponent = biased.max(1) - 1023;
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// `float.fromhex(s)`.
pub fn from_hex(s: &[u8]) -> Result<f64, HexError> {
    let s = trim(s);
    let (negative, body) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, s),
    };
    let magnitude = match body.to_ascii_lowercase().as_slice() {
        b"inf" | b"infinity" => f64::INFINITY,
        b"nan" => f64::NAN,
        [b'0', b'x', rest @ ..] => parse_magnitude(rest)?,
        other => parse_magnitude(other)?,
    };
    Ok(if negative { -magnitude } else { magnitude })
}

/// Reads `digits[.digits][p[sign]digits]`.
fn parse_magnitude(s: &[u8]) -> Result<f64, HexError> {
    let end = s.iter().position(|&b| b == b'p').unwrap_or(s.len());
    let (mantissa, exponent) = (&s[..end], &s[end..]);
    let point = mantissa.iter().position(|&b| b == b'.');
    let digits: Vec<u8> = match point {
        Some(p) => [&mantissa[..p], &mantissa[p + 1..]].concat(),
        None => mantissa.to_vec(),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(HexError::Invalid);
    }
    if digits.len() > (i64::MAX / 16) as usize {
        return Err(HexError::TooLong);
    }
    let fraction_len = point.map_or(0, |p| mantissa.len() - p - 1);
    let exponent = parse_exponent(exponent)?;
    compose(&digits, exponent.saturating_sub(4 * fraction_len as i64))
}

fn parse_exponent(s: &[u8]) -> Result<i64, HexError> {
    let Some(rest) = s.strip_prefix(b"p") else { return Ok(0) };
    let (negative, digits) = match rest {
        [b'-', d @ ..] => (true, d),
        [b'+', d @ ..] => (false, d),
        _ => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(HexError::Invalid);
    }
    let limit = i64::MAX / 4;
    let n = digits.iter().fold(0i64, |n, &b| (n.min(limit / 10) * 10 + i64::from(b - b'0')).min(limit));
    Ok(if negative { -n } else { n })
}

/// The double nearest to `digits * 2^exponent` (digits in base 16).
fn compose(digits: &[u8], exponent: i64) -> Result<f64, HexError> {
    let (mut mantissa, mut exponent, mut sticky) = (0u64, exponent, false);
    for &d in digits {
        let value = (d as char).to_digit(16).unwrap_or(0) as u64;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | value;
        } else {
            sticky |= value != 0;
            exponent = exponent.saturating_add(4);
        }
    }
    if mantissa == 0 {
        return Ok(0.0);
    }
    let zeros = mantissa.leading_zeros();
    mantissa <<= zeros;
    exponent = exponent.saturating_sub(i64::from(zeros));
    // Now the value is mantissa * 2^exponent with bit 63 set: its leading bit weighs 2^(exponent + 63).
    let top = exponent.saturating_add(63);
    if top > 1023 {
        return Err(HexError::TooLarge);
    }
    if top < -1075 {
        return Ok(0.0);
    }
    let drop = if top < -1022 { (11 + (-1022 - top)) as u32 } else { 11 };
    let (kept, rest, half) = match drop {
        64.. => (0, u128::from(mantissa), 1u128 << (drop - 1)),
        _ => (mantissa >> drop, u128::from(mantissa & ((1 << drop) - 1)), 1u128 << (drop - 1)),
    };
    let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
    let kept = kept + u64::from(up);
    // `kept` counts units of 2^(top - 52), or of 2^-1074 below the normal range. The carry of a rounding
    // moves into the exponent field by itself.
    let biased = if top < -1022 { 0 } else { (top + 1022) as u64 };
    let bits = (biased << 52) + kept;
    if bits >= 0x7ff0_0000_0000_0000 { Err(HexError::TooLarge) } else { Ok(f64::from_bits(bits)) }
}
