//! The built-in error handlers.

use super::{DecodeError, EncodeError, Encoding, Order, Replacement};
use crate::text::push_escaped;
use crate::wtf8;

/// A built-in error handler. `namereplace` is not here, because it needs the names of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// Raise.
    Strict,
    /// Leave out.
    Ignore,
    /// `?`, or U+FFFD when decoding.
    Replace,
    /// `\xhh`, `\uhhhh`, `\Uhhhhhhhh`.
    BackslashReplace,
    /// Bytes 0x80..=0xff as U+DC80..=U+DCFF and back.
    SurrogateEscape,
    /// Surrogates as if they were characters (UTF-8, UTF-16, UTF-32).
    SurrogatePass,
    /// `&#n;`, encoding only.
    XmlCharRefReplace,
}

impl Handler {
    /// The handler of that name.
    pub fn from_name(name: &str) -> Option<Handler> {
        Some(match name {
            "strict" => Handler::Strict,
            "ignore" => Handler::Ignore,
            "replace" => Handler::Replace,
            "backslashreplace" => Handler::BackslashReplace,
            "surrogateescape" => Handler::SurrogateEscape,
            "surrogatepass" => Handler::SurrogatePass,
            "xmlcharrefreplace" => Handler::XmlCharRefReplace,
            _ => return None,
        })
    }

    /// What to put for the bad bytes of `input`, and where to go on. The error comes back if the handler raises
    /// it. `encoding` has a definite order here ([`Order::Marked`] counts as little-endian).
    pub fn on_decode(
        self,
        encoding: Encoding,
        input: &[u8],
        error: &DecodeError,
    ) -> Result<(Vec<u8>, usize), DecodeError> {
        let end = error.end.min(input.len());
        let bad = &input[error.start.min(end)..end];
        match self {
            Handler::Ignore => Ok((Vec::new(), end)),
            Handler::Replace => Ok((wtf8::encode_vec(0xfffd), end)),
            Handler::BackslashReplace => {
                let mut out = Vec::new();
                bad.iter().for_each(|&b| push_escaped(&mut out, u32::from(b)));
                Ok((out, end))
            }
            Handler::SurrogateEscape => {
                let high: Vec<u32> =
                    bad.iter().take(4).take_while(|b| **b >= 0x80).map(|&b| u32::from(b)).collect();
                if high.is_empty() {
                    return Err(error.clone());
                }
                let resume = error.start + high.len();
                Ok((wtf8::from_code_points(high.into_iter().map(|b| 0xdc00 + b)), resume))
            }
            Handler::SurrogatePass => {
                let rest = &input[error.start.min(input.len())..];
                let (cp, len) = read_surrogate(encoding, rest).ok_or_else(|| error.clone())?;
                Ok((wtf8::encode_vec(cp), error.start + len))
            }
            Handler::Strict | Handler::XmlCharRefReplace => Err(error.clone()),
        }
    }

    /// What to put for the bad code points `bad` of a text, and at which code point to go on.
    pub fn on_encode(
        self,
        encoding: Encoding,
        bad: &[u32],
        error: &EncodeError,
    ) -> Result<(Replacement, usize), EncodeError> {
        let text = |s: Vec<u8>| Ok((Replacement::Text(s), error.end));
        match self {
            Handler::Ignore => text(Vec::new()),
            Handler::Replace => text(vec![b'?'; bad.len()]),
            Handler::BackslashReplace => {
                let mut out = Vec::new();
                bad.iter().for_each(|&cp| push_escaped(&mut out, cp));
                text(out)
            }
            Handler::XmlCharRefReplace => {
                text(bad.iter().flat_map(|cp| format!("&#{cp};").into_bytes()).collect())
            }
            Handler::SurrogateEscape => {
                let is_escape = |cp: &&u32| (0xdc80..=0xdcff).contains(*cp);
                let bytes: Vec<u8> = bad.iter().take_while(is_escape).map(|&cp| cp as u8).collect();
                raw(bytes, error)
            }
            Handler::SurrogatePass => {
                let mut bytes = Vec::new();
                let passed = bad.iter().take_while(|cp| write_surrogate(encoding, **cp, &mut bytes)).count();
                if passed == 0 {
                    Err(error.clone())
                } else {
                    Ok((Replacement::Bytes(bytes), error.start + passed))
                }
            }
            Handler::Strict => Err(error.clone()),
        }
    }
}

/// Bytes that stand for as many code points.
fn raw(bytes: Vec<u8>, error: &EncodeError) -> Result<(Replacement, usize), EncodeError> {
    if bytes.is_empty() {
        return Err(error.clone());
    }
    let resume = error.start + bytes.len();
    Ok((Replacement::Bytes(bytes), resume))
}

/// The surrogate that `rest` begins with, and its length in bytes.
fn read_surrogate(encoding: Encoding, rest: &[u8]) -> Option<(u32, usize)> {
    let (cp, len) = match (encoding, rest) {
        (Encoding::Utf8, [0xed, b @ 0xa0..=0xbf, c @ 0x80..=0xbf, ..]) => {
            (0xd000 | u32::from(b & 0x3f) << 6 | u32::from(c & 0x3f), 3)
        }
        (Encoding::Utf16(Order::Big), [a, b, ..]) => (u32::from(u16::from_be_bytes([*a, *b])), 2),
        (Encoding::Utf16(_), [a, b, ..]) => (u32::from(u16::from_le_bytes([*a, *b])), 2),
        (Encoding::Utf32(Order::Big), [a, b, c, d, ..]) => (u32::from_be_bytes([*a, *b, *c, *d]), 4),
        (Encoding::Utf32(_), [a, b, c, d, ..]) => (u32::from_le_bytes([*a, *b, *c, *d]), 4),
        _ => return None,
    };
    wtf8::is_surrogate(cp).then_some((cp, len))
}

/// Appends a surrogate; false if `cp` is none, or the encoding has no form for it.
fn write_surrogate(encoding: Encoding, cp: u32, out: &mut Vec<u8>) -> bool {
    if !wtf8::is_surrogate(cp) {
        return false;
    }
    match encoding {
        Encoding::Utf8 => wtf8::push(out, cp),
        Encoding::Utf16(Order::Big) => out.extend_from_slice(&(cp as u16).to_be_bytes()),
        Encoding::Utf16(_) => out.extend_from_slice(&(cp as u16).to_le_bytes()),
        Encoding::Utf32(Order::Big) => out.extend_from_slice(&cp.to_be_bytes()),
        Encoding::Utf32(_) => out.extend_from_slice(&cp.to_le_bytes()),
        Encoding::Latin1 | Encoding::Ascii => return false,
    }
    true
}
