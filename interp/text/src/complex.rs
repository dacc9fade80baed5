//! Complex numbers as text.

use crate::ErrorKind;
use crate::float::{Layout, format_float_text, parse_float_ascii};
use crate::unicode::to_ascii_number;
use std::fmt;

/// The text is no complex number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseComplexError;

impl ParseComplexError {
    /// `ValueError`.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::Value
    }
}

impl fmt::Display for ParseComplexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("complex() arg is a malformed string")
    }
}

/// `repr(complex(re, im))`.
pub fn repr_complex(re: f64, im: f64) -> String {
    let imag = format_float_text(im, b'r', 0, Layout::default());
    if re == 0.0 && re.is_sign_positive() {
        return format!("{imag}j");
    }
    let real = format_float_text(re, b'r', 0, Layout::default());
    let plus = if imag.starts_with('-') { "" } else { "+" };
    format!("({real}{plus}{imag}j)")
}

/// `complex(s)`: real and imaginary part.
pub fn parse_complex(s: &[u8]) -> Result<(f64, f64), ParseComplexError> {
    parse(&to_ascii_number(s)).ok_or(ParseComplexError)
}

fn parse(s: &[u8]) -> Option<(f64, f64)> {
    let mut body = crate::float::trim(s);
    if let [b'(', inner @ .., b')'] = body {
        body = crate::float::trim(inner);
    }
    if body.iter().any(|&b| crate::unicode::is_ascii_space(b)) {
        return None;
    }
    let first = number_len(body);
    match &body[first..] {
        [] => Some((number(body)?, 0.0)),
        [b'j' | b'J'] => Some((0.0, imaginary(&body[..first])?)),
        [b'+' | b'-', .., b'j' | b'J'] if first > 0 => {
            let real = number(&body[..first])?;
            Some((real, imaginary(&body[first..body.len() - 1])?))
        }
        _ => None,
    }
}

/// Length of the signed number that `s` begins with: up to the next sign that is not an exponent's, or `j`.
fn number_len(s: &[u8]) -> usize {
    let is_end = |i: usize| match s[i] {
        b'j' | b'J' => true,
        b'+' | b'-' => {
            i > 0 && !(matches!(s[i - 1], b'e' | b'E') && s[..i - 1].iter().any(u8::is_ascii_digit))
        }
        _ => false,
    };
    (0..s.len()).find(|&i| is_end(i)).unwrap_or(s.len())
}

fn number(s: &[u8]) -> Option<f64> {
    parse_float_ascii(s).ok()
}

/// The text before `j`: a number, or just a sign, or nothing.
fn imaginary(s: &[u8]) -> Option<f64> {
    match s {
        b"" | b"+" => Some(1.0),
        b"-" => Some(-1.0),
        _ => number(s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        let cases: &[(&str, f64, f64, &str)] = &[
            ("1+2j", 1.0, 2.0, "(1+2j)"),
            (" ( 1e-5-2.5E+3J ) ", 1e-5, -2500.0, "(1e-05-2500j)"),
            ("j", 0.0, 1.0, "1j"),
            ("-j", 0.0, -1.0, "-1j"),
            ("3", 3.0, 0.0, "(3+0j)"),
            ("-0-0j", -0.0, -0.0, "(-0-0j)"),
            ("1_0+1_1j", 10.0, 11.0, "(10+11j)"),
            ("inf+infj", f64::INFINITY, f64::INFINITY, "(inf+infj)"),
            ("1e400-j", f64::INFINITY, -1.0, "(inf-1j)"),
        ];
        for &(text, re, im, repr) in cases {
            assert_eq!(parse_complex(text.as_bytes()), Ok((re, im)), "{text}");
            assert_eq!(repr_complex(re, im), repr);
        }
        assert_eq!(repr_complex(f64::NAN, -f64::NAN), "(nan+nanj)");
        for bad in ["", "1+", "1 + 2j", "1+2", "jj", "(1", "1++2j", "1j+2", "1+2j3", "((1))", "e+j", "1_+2j"]
        {
            assert!(parse_complex(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
