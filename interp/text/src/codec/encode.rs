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
    mut on_error: impl FnMut(&EncodeError, &[u32]) -> Result<(Replacement, usize), E>,
) -> Result<Vec<u8>, EncodeFailure<E>> {
    let mut out = Vec::with_capacity(s.len());
    push_mark(encoding, &mut out);
    let mut at = 0; // byte
    let mut index = 0; // code point
    while let Some(good) = push_good(encoding, &s[at..], &mut out) {
        index += wtf8::count(&s[at..at + good]);
        at += good;
        let bad = bad_run(encoding, &s[at..]);
        let error = EncodeError {
            encoding: encoding.name(),
            start: index,
            end: index + bad.len(),
            reason: reason(encoding),
        };
        let (replacement, resume) = on_error(&error, &bad).map_err(EncodeFailure::Handler)?;
        push_replacement(encoding, replacement, &mut out).map_err(|()| EncodeFailure::Replacement(error))?;
        at = wtf8::byte_offset(s, resume).unwrap_or(s.len());
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

/// Appends a replacement; bytes must consist of whole units.
fn push_replacement(encoding: Encoding, replacement: Replacement, out: &mut Vec<u8>) -> Result<(), ()> {
    match replacement {
        Replacement::Text(text) => match push_good(encoding, &text, out) {
            None => Ok(()),
            Some(_) => Err(()),
        },
        Replacement::Bytes(bytes) => {
            let unit = match encoding {
                Encoding::Utf16(_) => 2,
                Encoding::Utf32(_) => 4,
                _ => 1,
            };
            if bytes.len() % unit != 0 {
                return Err(());
            }
            out.extend_from_slice(&bytes);
            Ok(())
        }
    }
}
