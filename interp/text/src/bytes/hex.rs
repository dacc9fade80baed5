//! `hex` and `fromhex`.

use super::is_space_byte;
use crate::ErrorKind;
use std::fmt;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// `b.hex(separator, group)`: a positive `group` counts bytes from the right, a negative one from the left;
/// without separator, or with a group of 0, nothing is put between.
pub fn to_hex(b: &[u8], separator: Option<u8>, group: i64) -> String {
    let size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    let separator = separator.filter(|_| size > 0);
    let mut out = String::with_capacity(b.len() * 2 + b.len().checked_div(size).unwrap_or(0));
    for (i, &c) in b.iter().enumerate() {
        let boundary = if group < 0 { i } else { b.len() - i };
        if let Some(separator) = separator
            && i > 0
            && boundary % size == 0
        {
            out.push(separator as char);
        }
        out.push(HEX[(c >> 4) as usize] as char);
        out.push(HEX[(c & 15) as usize] as char);
    }
    out
}

/// Why `fromhex` refuses a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHexError {
    /// The code point with this index is no hexadecimal digit.
    Invalid(usize),
    /// The last byte lacks a digit.
    Odd,
}

impl FromHexError {
    /// `ValueError`.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::Value
    }
}

impl fmt::Display for FromHexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FromHexError::Invalid(at) => {
                write!(f, "non-hexadecimal number found in fromhex() arg at position {at}")
            }
            FromHexError::Odd => {
                f.write_str("fromhex() arg must contain an even number of hexadecimal digits")
            }
        }
    }
}

/// `bytes.fromhex(s)`: pairs of digits, ASCII white space between pairs.
pub fn from_hex(s: &[u8]) -> Result<Vec<u8>, FromHexError> {
    if let Some(at) = s.iter().position(|b| !b.is_ascii()) {
        return Err(FromHexError::Invalid(at));
    }
    let digit = |at: usize| match s.get(at) {
        None => Err(FromHexError::Odd),
        Some(&b) => (b as char).to_digit(16).map(|d| d as u8).ok_or(FromHexError::Invalid(at)),
    };
    let mut out = Vec::with_capacity(s.len() / 2);
    let mut at = 0;
    while at < s.len() {
        if is_space_byte(s[at]) {
            at += 1;
            continue;
        }
        out.push(digit(at)? << 4 | digit(at + 1)?);
        at += 2;
    }
    Ok(out)
}
