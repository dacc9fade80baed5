//! `float(text)`: white space, underscores between digits, digits of any script, `inf` and `nan`.

use crate::unicode::{is_ascii_space, to_ascii_number};
use std::fmt;

/// The text is no number. Displayed without the text's repr; see [`ParseFloatError::message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseFloatError;

impl ParseFloatError {
    /// CPython's message, given the repr of the object that was converted.
    pub fn message(&self, repr: &str) -> String {
        format!("could not convert string to float: {repr}")
    }
}

impl fmt::Display for ParseFloatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("could not convert string to float")
    }
}

/// `float(s)` for the WTF-8 text of a `str`.
pub fn parse_float(s: &[u8]) -> Result<f64, ParseFloatError> {
    if s.is_ascii() { parse_float_ascii(s) } else { parse_float_ascii(&to_ascii_number(s)) }
}

/// `float(s)` for bytes, whose non-ASCII members never belong to a number.
pub fn parse_float_ascii(s: &[u8]) -> Result<f64, ParseFloatError> {
    let s = trim(s);
    let text = std::str::from_utf8(s).map_err(|_| ParseFloatError)?;
    if let Ok(x) = text.parse::<f64>() {
        return Ok(x);
    }
    if !s.contains(&b'_') {
        return Err(ParseFloatError);
    }
    let plain = without_underscores(s).ok_or(ParseFloatError)?;
    plain.parse().map_err(|_| ParseFloatError)
}

/// Cuts Python's white space from both ends.
pub(crate) fn trim(s: &[u8]) -> &[u8] {
    let from = s.iter().position(|&b| !is_ascii_space(b)).unwrap_or(s.len());
    let to = s.iter().rposition(|&b| !is_ascii_space(b)).map_or(from, |i| i + 1);
    &s[from..to]
}

/// Drops underscores, each of which must stand between two digits.
pub(crate) fn without_underscores(s: &[u8]) -> Option<String> {
    let is_digit = |i: usize| s.get(i).is_some_and(u8::is_ascii_digit);
    let mut out = String::with_capacity(s.len());
    for (i, &b) in s.iter().enumerate() {
        if b != b'_' {
            out.push(b as char);
        } else if i == 0 || !is_digit(i - 1) || !is_digit(i + 1) {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        let cases: &[(&str, f64)] = &[
            ("1", 1.0),
            ("  -1.5e3\n", -1500.0),
            ("1_000.0_1", 1000.01),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e1_0", 1e10),
            ("\u{0661}\u{0662}.\u{0665}", 12.5),
            ("\u{3000}7\u{2003}", 7.0),
            ("-inf", f64::NEG_INFINITY),
            ("Infinity", f64::INFINITY),
            ("+iNf", f64::INFINITY),
            ("1e999", f64::INFINITY),
            ("1e-999", 0.0),
            ("\x1c3\x1f", 3.0),
        ];
        for (text, value) in cases {
            assert_eq!(parse_float(text.as_bytes()), Ok(*value), "{text:?}");
        }
        assert!(parse_float(b"nan").unwrap().is_nan());
        assert!(parse_float(b"-nan").unwrap().is_sign_negative());
    }

    #[test]
    fn refused() {
        for text in [
            "", " ", ".", "1__0", "_1", "1_", "1_.0", "1._0", "1e_5", "0x1", "1 2", "infin", "in_f", "1\0",
            "--1", "+ 1", "\u{b2}", "1e", "na_n", "\u{fe}1",
        ] {
            assert_eq!(parse_float(text.as_bytes()), Err(ParseFloatError), "{text:?}");
        }
        assert_eq!(ParseFloatError.message("'x'"), "could not convert string to float: 'x'");
    }
}
