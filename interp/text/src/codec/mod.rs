//! Text encodings: UTF-8, Latin-1, ASCII, UTF-16 and UTF-32, with Python's error handlers.
//!
//! [`decode`] and [`encode`] take the error handler as a function, so that handlers registered by programs work
//! as the built-in ones do; [`decode_with`] and [`encode_with`] use a built-in [`Handler`]. Decoded text is
//! WTF-8. Positions in a [`DecodeError`] are bytes, in an [`EncodeError`] code points.

mod charmap;
mod decode;
mod encode;
mod escape;
mod handler;

pub use charmap::{CharmapInverse, UNDEFINED_ENTRY, charmap_decode, charmap_decode_by, charmap_encode};
pub use decode::{Decoded, decode, decode_partial, decode_with};
pub use encode::{EncodeFailure, Replacement, encode, encode_with};
pub use escape::{
    OnBadHex, UnescapeError, Unescaped, escape_bytes, raw_unicode_escape_decode, raw_unicode_escape_encode,
    unescape_bytes, unicode_escape_decode, unicode_escape_encode,
};
pub use handler::Handler;

use std::fmt;

/// The order of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the mark at the beginning; native (little-endian) without one. Encoding writes the mark.
    Marked,
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `utf-8`
    Utf8,
    /// `latin-1`
    Latin1,
    /// `ascii`
    Ascii,
    /// `utf-16` and its fixed orders.
    Utf16(Order),
    /// `utf-32` and its fixed orders.
    Utf32(Order),
}

impl Encoding {
    /// The encoding that a usual spelling of its name means; case, `-`, `_` and spaces do not matter.
    /// Python's full table of aliases belongs to its `encodings` package.
    pub fn from_name(name: &str) -> Option<Encoding> {
        let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect();
        Some(match plain.to_ascii_lowercase().as_str() {
            "utf8" | "u8" | "utf" | "cp65001" => Encoding::Utf8,
            "latin1" | "iso88591" | "latin" | "l1" | "8859" | "iso8859" => Encoding::Latin1,
            "ascii" | "usascii" | "646" => Encoding::Ascii,
            "utf16" | "u16" => Encoding::Utf16(Order::Marked),
            "utf16le" => Encoding::Utf16(Order::Little),
            "utf16be" => Encoding::Utf16(Order::Big),
            "utf32" | "u32" => Encoding::Utf32(Order::Marked),
            "utf32le" => Encoding::Utf32(Order::Little),
            "utf32be" => Encoding::Utf32(Order::Big),
            _ => return None,
        })
    }

    /// The name that exceptions show.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Latin1 => "latin-1",
            Encoding::Ascii => "ascii",
            Encoding::Utf16(Order::Marked) => "utf-16",
            Encoding::Utf16(Order::Little) => "utf-16-le",
            Encoding::Utf16(Order::Big) => "utf-16-be",
            Encoding::Utf32(Order::Marked) => "utf-32",
            Encoding::Utf32(Order::Little) => "utf-32-le",
            Encoding::Utf32(Order::Big) => "utf-32-be",
        }
    }
}

/// Data of a `UnicodeDecodeError` (but for the object).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// `encoding`
    pub encoding: &'static str,
    /// First bad byte.
    pub start: usize,
    /// Past the last bad byte.
    pub end: usize,
    /// `reason`
    pub reason: &'static str,
}

impl DecodeError {
    /// `str(exception)`, given the bytes that were decoded.
    pub fn message(&self, object: &[u8]) -> String {
        let DecodeError { encoding, start, end, reason } = self;
        match object.get(*start) {
            Some(byte) if end - start == 1 => {
                format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
            }
            _ => {
                let last = end.saturating_sub(1);
                format!("'{encoding}' codec can't decode bytes in position {start}-{last}: {reason}")
            }
        }
    }
}

/// Data of a `UnicodeEncodeError` (but for the object).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// `encoding`
    pub encoding: &'static str,
    /// Index of the first bad code point.
    pub start: usize,
    /// Past the last bad code point.
    pub end: usize,
    /// `reason`
    pub reason: &'static str,
}

impl EncodeError {
    /// `str(exception)`, given the text that was encoded.
    pub fn message(&self, object: &[u8]) -> String {
        let EncodeError { encoding, start, end, reason } = self;
        match crate::wtf8::nth(object, *start) {
            Some(cp) if end - start == 1 => {
                let mut shown = Vec::new();
                crate::text::push_escaped(&mut shown, cp);
                let shown = String::from_utf8(shown).unwrap_or_default();
                format!("'{encoding}' codec can't encode character '{shown}' in position {start}: {reason}")
            }
            _ => {
                let last = end.saturating_sub(1);
                format!("'{encoding}' codec can't encode characters in position {start}-{last}: {reason}")
            }
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(b""))
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(b""))
    }
}
