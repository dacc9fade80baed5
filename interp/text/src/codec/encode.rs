//! Text to bytes.

use super::{EncodeError, Encoding, Handler, Order};
use crate::wtf8;

/// What an error handler gives for code points that cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Text, to be encoded in turn.
    Text(Vec<u8>),
    /// Bytes, to be taken as they are.
    Bytes(Vec<u8>),
}

/// Why encoding stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeFailure<E> {
    /// The handler raised.
    Handler(E),
    /// The handler's replacement cannot be encoded either: the original error is raised.
    Replacement(EncodeError),
}

/// Encodes the WTF-8 text `s` with a built-in handler.
pub fn encode_with(encoding: Encoding, s: &[u8], handler: Handler) -> Result<Vec<u8>, EncodeError> {
    encode(encoding, s, |error, bad| handler.on_encode(encoding, bad, error))
        .map_err(|failure| match failure {
            EncodeFailure::Handler(error) | EncodeFailure::Replacement(error) => error,
        })
}

/// Encodes the WTF-8 text `s`. `on_error` gets the error and the bad code points, and gives a replacement and
/// the index of the code point at which to go on (any position up to the length; the caller has checked it).
pub fn encode<E>(
    encoding: Encoding,
    s: &[u8],
    on_error: impl FnMut(&EncodeError, &[u32]) -> Result<(Replacement, usize), E>,
) -> Result<Vec<u8>, EncodeFailure<E>> {
    let mut out = Vec::with_capacity(s.len());
    push_mark(encoding, &mut out);
    let put = |piece: Piece<'_>, out: &mut Vec<u8>| match piece {
        Piece::Text(text) => push_good(encoding, text, out),
        Piece::Bytes(bytes) => push_units(encoding, bytes, out),
    };
    let bad = |rest: &[u8]| bad_run(encoding, rest);
    drive(encoding.name(), reason(encoding), s, out, put, bad, on_error)
}

/// What an encoder is given to append.
pub(super) enum Piece<'a> {
    /// WTF-8 text.
    Text(&'a [u8]),
    /// Bytes of a replacement.
    Bytes(&'a [u8]),
}

/// The loop of every encoder. `put` appends a piece up to what cannot be encoded and gives the byte offset of
/// that; `bad` gives the code points at the beginning of a text that one error covers.
pub(super) fn drive<E>(
    encoding: &'static str,
    reason: &'static str,
    s: &[u8],
    mut out: Vec<u8>,
    mut put: impl FnMut(Piece<'_>, &mut Vec<u8>) -> Option<usize>,
    mut bad: impl FnMut(&[u8]) -> Vec<u32>,
    mut on_error: impl FnMut(&EncodeError, &[u32]) -> Result<(Replacement, usize), E>,
) -> Result<Vec<u8>, EncodeFailure<E>> {
    let mut at = 0; // byte
    let mut index = 0; // code point
    while let Some(good) = put(Piece::Text(&s[at..]), &mut out) {
        index += wtf8::count(&s[at..at + good]);
        at += good;
        let run = bad(&s[at..]);
        let error = EncodeError { encoding, start: index, end: index + run.len(), reason };
        let (replacement, resume) = on_error(&error, &run).map_err(EncodeFailure::Handler)?;
        let piece = match &replacement {
            Replacement::Text(text) => Piece::Text(text),
            Replacement::Bytes(bytes) => Piece::Bytes(bytes),
        };
        if put(piece, &mut out).is_some() {
            return Err(EncodeFailure::Replacement(error));
        }
        // Handlers nearly always go forward: count from here, not from the beginning.
        at = match resume.checked_sub(index) {
            Some(ahead) => at + wtf8::byte_offset(&s[at..], ahead).unwrap_or(s.len() - at),
            None => wtf8::byte_offset(s, resume).unwrap_or(s.len()),
        };
        index = resume;
    }
    Ok(out)
}

fn reason(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Ascii => "ordinal not in range(128)",
        Encoding::Latin1 => "ordinal not in range(256)",
        _ => "surrogates not allowed",
    }
}

fn push_mark(encoding: Encoding, out: &mut Vec<u8>) {
    match encoding {
        Encoding::Utf16(Order::Marked) => out.extend_from_slice(&[0xff, 0xfe]),
        Encoding::Utf32(Order::Marked) => out.extend_from_slice(&[0xff, 0xfe, 0, 0]),
        _ => {}
    }
}

fn fits(encoding: Encoding, cp: u32) -> bool {
    match encoding {
        Encoding::Ascii => cp < 0x80,
        Encoding::Latin1 => cp < 0x100,
        _ => !wtf8::is_surrogate(cp),
    }
}

/// The code points that one error covers: a run of them, but in UTF-16 and UTF-32 each by itself.
fn bad_run(encoding: Encoding, s: &[u8]) -> Vec<u32> {
    let most = if matches!(encoding, Encoding::Utf16(_) | Encoding::Utf32(_)) { 1 } else { usize::MAX };
    wtf8::code_points(s).take(most).take_while(|&cp| !fits(encoding, cp)).collect()
}

/// Appends what can be encoded; gives the byte offset of the first code point that cannot, `None` at the end.
fn push_good(encoding: Encoding, s: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    match encoding {
        Encoding::Utf8 => {
            let stop = wtf8::find_surrogate(s, 0);
            out.extend_from_slice(&s[..stop.unwrap_or(s.len())]);
            return stop;
        }
        Encoding::Ascii | Encoding::Latin1 if s.is_ascii() => {
            out.extend_from_slice(s);
            return None;
        }
        _ => {}
    }
    for (at, cp) in wtf8::code_point_offsets(s) {
        if !fits(encoding, cp) {
            return Some(at);
        }
        push_code_point(encoding, cp, out);
    }
    None
}

fn push_code_point(encoding: Encoding, cp: u32, out: &mut Vec<u8>) {
    match encoding {
        Encoding::Utf8 => wtf8::push(out, cp),
        Encoding::Ascii | Encoding::Latin1 => out.push(cp as u8),
        Encoding::Utf16(order) => {
            let mut units = [0u16; 2];
            let char = char::from_u32(cp).unwrap_or(char::REPLACEMENT_CHARACTER);
            for unit in char.encode_utf16(&mut units) {
                let bytes = if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                out.extend_from_slice(&bytes);
            }
        }
        Encoding::Utf32(Order::Big) => out.extend_from_slice(&cp.to_be_bytes()),
        Encoding::Utf32(_) => out.extend_from_slice(&cp.to_le_bytes()),
    }
}

/// Appends bytes of a replacement, which must be whole units: otherwise nothing of them can be encoded.
fn push_units(encoding: Encoding, bytes: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let unit = match encoding {
        Encoding::Utf16(_) => 2,
        Encoding::Utf32(_) => 4,
        _ => 1,
    };
    if !bytes.len().is_multiple_of(unit) {
        return Some(0);
    }
    out.extend_from_slice(bytes);
    None
}
