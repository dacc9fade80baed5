//! Integers as text: `int(text, base)`, and 64-bit integers in any base.
//!
//! Big integers live in another crate; here they are a sign and the digits in some radix
//! ([`ParsedInt::Big`] on the way in, [`crate::spec::Integer`] on the way out).

use crate::ErrorKind;
use crate::float::trim;
use crate::unicode::to_ascii_number;
use std::fmt;

/// Digits that `int(text)` and `str(int)` accept by default for bases that are no power of two.
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;
/// Smallest limit that `sys.set_int_max_str_digits` accepts, but for 0.
pub const MIN_STR_DIGITS_LIMIT: usize = 640;

/// What `int(text, base)` reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedInt {
    /// It fits 64 bits.
    Small(i64),
    /// Sign and digits in `radix`: ASCII, without prefix, underscores or leading zeros.
    Big {
        /// Below zero.
        negative: bool,
        /// `0-9a-zA-Z`.
        digits: String,
        /// 2..=36.
        radix: u32,
    },
}

/// Why `int(text, base)` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseIntError {
    /// The base is not 0 or 2..=36.
    Base,
    /// The text is no literal of the base.
    Literal {
        /// The base as given.
        base: i64,
    },
    /// More digits than the limit for conversions that take quadratic time.
    TooManyDigits {
        /// The limit in force.
        limit: usize,
        /// Digits in the text.
        digits: usize,
    },
}

impl ParseIntError {
    /// `ValueError`.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::Value
    }

    /// CPython's message; `repr` is the repr of the object converted.
    pub fn message(&self, repr: &str) -> String {
        match self {
            ParseIntError::Base => "int() base must be >= 2 and <= 36, or 0".into(),
            ParseIntError::Literal { base } => {
                let mut out = Vec::new();
                push_bad_literal(&mut out, *base);
                String::from_utf8_lossy(&out).into_owned() + repr
            }
            ParseIntError::TooManyDigits { limit, digits } => parse_limit_message(*limit, *digits),
        }
    }
}

impl fmt::Display for ParseIntError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message("..."))
    }
}

/// Appends what the message of [`ParseIntError::Literal`] says before the repr.
pub fn push_bad_literal(out: &mut Vec<u8>, base: i64) {
    out.extend_from_slice(b"invalid literal for int() with base ");
    push_decimal(out, base);
    out.extend_from_slice(b": ");
}

/// Message when a text has too many digits.
pub fn parse_limit_message(limit: usize, digits: usize) -> String {
    format!(
        "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; \
         use sys.set_int_max_str_digits() to increase the limit"
    )
}

/// Message when an int is too long to be written in decimal.
pub fn print_limit_message(limit: usize) -> String {
    format!(
        "Exceeds the limit ({limit} digits) for integer string conversion; \
         use sys.set_int_max_str_digits() to increase the limit"
    )
}

/// `int(s, base)` for the WTF-8 text of a `str`. `max_digits` is the limit of
/// `sys.get_int_max_str_digits()`, 0 for none.
pub fn parse_int(s: &[u8], base: i64, max_digits: usize) -> Result<ParsedInt, ParseIntError> {
    if base == 10
        && let Some(n) = parse_plain(s)
    {
        return Ok(ParsedInt::Small(n));
    }
    if s.is_ascii() {
        parse_int_ascii(s, base, max_digits)
    } else {
        parse_int_ascii(&to_ascii_number(s), base, max_digits)
    }
}

/// The usual case: an optional minus and up to 18 digits.
#[inline]
fn parse_plain(s: &[u8]) -> Option<i64> {
    let (negative, digits) = match s {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, s),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut n = 0i64;
    for &b in digits {
        let d = b.wrapping_sub(b'0');
        if d > 9 {
            return None;
        }
        n = n * 10 + i64::from(d);
    }
    Some(if negative { -n } else { n })
}

/// `int(s, base)` for bytes.
pub fn parse_int_ascii(s: &[u8], base: i64, max_digits: usize) -> Result<ParsedInt, ParseIntError> {
    if base != 0 && !(2..=36).contains(&base) {
        return Err(ParseIntError::Base);
    }
    let literal = ParseIntError::Literal { base };
    let (negative, body) = match trim(s) {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (radix, body) = radix_of(body, base as u32).ok_or(literal)?;
    let digits = digits_of(body, radix).ok_or(literal)?;
    if base == 0 && radix == 10 && digits[0] == b'0' && digits.iter().any(|&b| b != b'0') {
        return Err(literal);
    }
    if max_digits > 0 && digits.len() > max_digits && !radix.is_power_of_two() {
        return Err(ParseIntError::TooManyDigits { limit: max_digits, digits: digits.len() });
    }
    Ok(assemble(negative, digits, radix))
}

/// The radix that base and prefix give, and the text after the prefix.
fn radix_of(body: &[u8], base: u32) -> Option<(u32, &[u8])> {
    let prefix = match body {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if prefix != 0 && (base == 0 || base == prefix) {
        let rest = &body[2..];
        return Some((prefix, rest.strip_prefix(b"_").unwrap_or(rest)));
    }
    Some((if base == 0 { 10 } else { base }, body))
}

/// Checks digits and underscores; gives the digits alone.
fn digits_of(body: &[u8], radix: u32) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(body.len());
    let mut after_digit = false;
    for &b in body {
        if b == b'_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
        } else {
            (b as char).to_digit(radix)?;
            digits.push(b);
            after_digit = true;
        }
    }
    after_digit.then_some(digits)
}

fn assemble(negative: bool, digits: Vec<u8>, radix: u32) -> ParsedInt {
    let mut text = String::from_utf8(digits).unwrap_or_default();
    if let Ok(magnitude) = u64::from_str_radix(&text, radix) {
        let signed = if negative { -i128::from(magnitude) } else { i128::from(magnitude) };
        if let Ok(n) = i64::try_from(signed) {
            return ParsedInt::Small(n);
        }
    }
    let zeros = text.bytes().take_while(|&b| b == b'0').count();
    text.drain(..zeros);
    ParsedInt::Big { negative, digits: text, radix }
}

/// Decimal text.
#[inline]
pub fn decimal(n: i64) -> String {
    itoa::Buffer::new().format(n).to_owned()
}

/// Passes the decimal text to `f`, without memory of its own.
#[inline]
pub fn with_decimal<R>(n: i64, f: impl FnOnce(&[u8]) -> R) -> R {
    f(itoa::Buffer::new().format(n).as_bytes())
}

/// Appends the decimal text.
#[inline]
pub fn push_decimal(out: &mut Vec<u8>, n: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
}

/// Digits of a magnitude in radix 2..=36, lower case.
pub fn magnitude_digits(n: u64, radix: u32) -> String {
    let mut out = Vec::with_capacity(24);
    push_magnitude(&mut out, n, radix);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the digits of a magnitude in radix 2..=36, lower case.
pub fn push_magnitude(out: &mut Vec<u8>, n: u64, radix: u32) {
    if radix == 10 {
        return out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
    }
    let radix = u64::from(radix);
    let mut digits = [0; 64];
    let (mut first, mut rest) = (digits.len(), n);
    loop {
        let digit = if radix == 16 { rest & 15 } else { rest % radix };
        first -= 1;
        digits[first] = b"0123456789abcdefghijklmnopqrstuvwxyz"[digit as usize];
        rest = if radix == 16 { rest >> 4 } else { rest / radix };
        if rest == 0 {
            return out.extend_from_slice(&digits[first..]);
        }
    }
}

/// `round(n, ndigits)`: half to even at a power of ten; `None` if the result needs more than 64 bits.
pub fn round_i64(n: i64, ndigits: i64) -> Option<i64> {
    if ndigits >= 0 {
        return Some(n);
    }
    let Some(unit) = u32::try_from(-ndigits.max(-40)).ok().and_then(|k| 10i128.checked_pow(k)) else {
        return Some(0);
    };
    let wide = i128::from(n);
    let (low, rest) = (wide.div_euclid(unit), wide.rem_euclid(unit));
    let up = rest * 2 > unit || (rest * 2 == unit && low & 1 == 1);
    i64::try_from((low + i128::from(up)) * unit).ok()
}

fn prefixed(n: i64, radix: u32, prefix: &str) -> String {
    let sign = if n < 0 { "-" } else { "" };
    format!("{sign}{prefix}{}", magnitude_digits(n.unsigned_abs(), radix))
}

/// `hex(n)`.
pub fn hex(n: i64) -> String {
    prefixed(n, 16, "0x")
}

/// `oct(n)`.
pub fn oct(n: i64) -> String {
    prefixed(n, 8, "0o")
}

/// `bin(n)`.
pub fn bin(n: i64) -> String {
    prefixed(n, 2, "0b")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(text: &str, base: i64) -> Option<i64> {
        match parse_int(text.as_bytes(), base, 4300) {
            Ok(ParsedInt::Small(n)) => Some(n),
            _ => None,
        }
    }

    #[test]
    fn accepted() {
        let cases: &[(&str, i64, i64)] = &[
            ("0", 10, 0),
            (" -12\n", 10, -12),
            ("+1_000", 10, 1000),
            ("007", 10, 7),
            ("0_7", 8, 7),
            ("0x1F", 16, 31),
            ("0x_1f", 0, 31),
            ("1f", 16, 31),
            ("0b101", 0, 5),
            ("0B1", 2, 1),
            ("0o17", 8, 15),
            ("0b", 16, 11),
            ("-0xff", 0, -255),
            ("00_0", 0, 0),
            ("zz", 36, 1295),
            ("\u{0661}\u{0662}", 10, 12),
            ("\u{3000}5\u{a0}", 10, 5),
            ("9223372036854775807", 10, i64::MAX),
            ("-9223372036854775808", 10, i64::MIN),
            ("000000000000000000000000000001", 10, 1),
            ("0o_7", 8, 7),
        ];
        for &(text, base, n) in cases {
            assert_eq!(small(text, base), Some(n), "{text:?}");
        }
    }

    #[test]
    fn refused() {
        let cases: &[(&str, i64)] = &[
            ("", 10),
            (" ", 10),
            ("-", 10),
            ("1__0", 10),
            ("_1", 10),
            ("1_", 10),
            ("007", 0),
            ("0_7", 0),
            ("0x", 16),
            ("0x", 0),
            ("0b2", 2),
            ("8", 8),
            ("- 1", 10),
            ("1 2", 10),
            ("0x__1", 16),
            ("1.0", 10),
            ("\u{b2}", 10),
            ("0x1f", 10),
            ("0x_", 0),
            ("0_x1", 16),
            ("+-1", 10),
            ("1\0", 10),
        ];
        for &(text, base) in cases {
            assert_eq!(
                parse_int(text.as_bytes(), base, 4300),
                Err(ParseIntError::Literal { base }),
                "{text:?} {base}"
            );
        }
        assert_eq!(parse_int(b"1", 1, 0), Err(ParseIntError::Base));
        assert_eq!(parse_int(b"1", 37, 0), Err(ParseIntError::Base));
        let e = parse_int(b"x", 10, 0).unwrap_err();
        assert_eq!(e.message("'x'"), "invalid literal for int() with base 10: 'x'");
    }

    #[test]
    fn big() {
        let big = |s: &str, negative, radix| Ok(ParsedInt::Big { negative, digits: s.to_owned(), radix });
        assert_eq!(parse_int(b"9223372036854775808", 10, 0), big("9223372036854775808", false, 10));
        assert_eq!(parse_int(b"-00_0123456789012345678901", 10, 0), big("123456789012345678901", true, 10));
        assert_eq!(parse_int(b"0xFFFFFFFFFFFFFFFF", 16, 0), big("FFFFFFFFFFFFFFFF", false, 16));
        let long = "1".repeat(5000);
        assert_eq!(
            parse_int(long.as_bytes(), 10, 4300),
            Err(ParseIntError::TooManyDigits { limit: 4300, digits: 5000 })
        );
        assert!(parse_int(long.as_bytes(), 16, 4300).is_ok());
    }

    #[test]
    fn texts() {
        assert_eq!((hex(-255), oct(8), bin(-5)), ("-0xff".into(), "0o10".into(), "-0b101".into()));
        assert_eq!((hex(i64::MIN), decimal(i64::MIN)), ("-0x8000000000000000".into(), i64::MIN.to_string()));
        assert_eq!(magnitude_digits(1295, 36), "zz");
        let rounded = [
            (15, -1, 20),
            (25, -1, 20),
            (-15, -1, -20),
            (-25, -1, -20),
            (149, -2, 100),
            (5, -2, 0),
            (7, 3, 7),
        ];
        for (n, ndigits, expected) in rounded {
            assert_eq!(round_i64(n, ndigits), Some(expected), "{n} {ndigits}");
        }
        assert_eq!((round_i64(i64::MAX, -1), round_i64(i64::MAX, -25)), (None, Some(0)));
        assert_eq!(round_i64(i64::MIN, i64::MIN), Some(0));
    }
}
