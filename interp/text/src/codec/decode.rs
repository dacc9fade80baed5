//! Bytes to text.

use super::{DecodeError, Encoding, Handler, Order};
use crate::wtf8;

/// The outcome of a decoding that may stop early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// WTF-8.
    pub text: Vec<u8>,
    /// Bytes consumed: all of them, but for an incomplete character at the end of input that is not final.
    pub consumed: usize,
    /// The encoding with the order found by the mark, if any was found.
    pub encoding: Encoding,
}

/// What the scanner of an encoding found after good text.
enum Stop {
    /// The input is used up.
    End,
    /// Bytes `start..end` are bad.
    Bad(usize, usize, &'static str),
    /// So are they, because the input ends; with more input they might be good.
    Incomplete(usize, usize, &'static str),
}

/// Decodes `input` with a built-in handler.
pub fn decode_with(encoding: Encoding, input: &[u8], handler: Handler) -> Result<Vec<u8>, DecodeError> {
    decode(encoding, input, |encoding, error| handler.on_decode(encoding, input, error))
}

/// Decodes all of `input`. `on_error` gets the encoding (with a definite order) and the error, and gives
/// replacement text (WTF-8) and the byte at which to go on (any position; the caller has checked it).
pub fn decode<E>(
    encoding: Encoding,
    input: &[u8],
    on_error: impl FnMut(Encoding, &DecodeError) -> Result<(Vec<u8>, usize), E>,
) -> Result<Vec<u8>, E> {
    decode_partial(encoding, input, true, on_error).map(|decoded| decoded.text)
}

/// Decodes `input`; unless it is `last`, an incomplete character at its end is left for the next call.
pub fn decode_partial<E>(
    encoding: Encoding,
    input: &[u8],
    last: bool,
    mut on_error: impl FnMut(Encoding, &DecodeError) -> Result<(Vec<u8>, usize), E>,
) -> Result<Decoded, E> {
    let (encoding, mut at) = read_mark(encoding, input);
    let shown = settled(encoding);
    let mut text = Vec::with_capacity(input.len());
    loop {
        let (start, end, reason) = match scan(shown, input, &mut at, &mut text) {
            Stop::End => return Ok(Decoded { text, consumed: input.len(), encoding }),
            Stop::Incomplete(start, ..) if !last => return Ok(Decoded { text, consumed: start, encoding }),
            Stop::Bad(start, end, reason) | Stop::Incomplete(start, end, reason) => (start, end, reason),
        };
        let error = DecodeError { encoding: shown.name(), start, end, reason };
        let (replacement, resume) = on_error(shown, &error)?;
        text.extend_from_slice(&replacement);
        at = resume.min(input.len());
    }
}

/// Reads a byte order mark where one may stand.
fn read_mark(encoding: Encoding, input: &[u8]) -> (Encoding, usize) {
    match (encoding, input) {
        (Encoding::Utf16(Order::Marked), [0xff, 0xfe, ..]) => (Encoding::Utf16(Order::Little), 2),
        (Encoding::Utf16(Order::Marked), [0xfe, 0xff, ..]) => (Encoding::Utf16(Order::Big), 2),
        (Encoding::Utf32(Order::Marked), [0xff, 0xfe, 0, 0, ..]) => (Encoding::Utf32(Order::Little), 4),
        (Encoding::Utf32(Order::Marked), [0, 0, 0xfe, 0xff, ..]) => (Encoding::Utf32(Order::Big), 4),
        _ => (encoding, 0),
    }
}

/// The encoding with little-endian order where no mark was found.
fn settled(encoding: Encoding) -> Encoding {
    match encoding {
        Encoding::Utf16(Order::Marked) => Encoding::Utf16(Order::Little),
        Encoding::Utf32(Order::Marked) => Encoding::Utf32(Order::Little),
        other => other,
    }
}

fn scan(encoding: Encoding, input: &[u8], at: &mut usize, text: &mut Vec<u8>) -> Stop {
    match encoding {
        Encoding::Utf8 => utf8(input, *at, text),
        Encoding::Ascii => ascii(input, *at, text),
        Encoding::Latin1 => latin1(input, *at, text),
        Encoding::Utf16(order) => utf16(input, at, text, order == Order::Big),
        Encoding::Utf32(order) => utf32(input, at, text, order == Order::Big),
    }
}

fn utf8(input: &[u8], at: usize, text: &mut Vec<u8>) -> Stop {
    let rest = &input[at..];
    let Err(error) = std::str::from_utf8(rest) else {
        text.extend_from_slice(rest);
        return Stop::End;
    };
    let good = error.valid_up_to();
    text.extend_from_slice(&rest[..good]);
    let start = at + good;
    match error.error_len() {
        None => Stop::Incomplete(start, input.len(), "unexpected end of data"),
        Some(_) if !matches!(input[start], 0xc2..=0xf4) => Stop::Bad(start, start + 1, "invalid start byte"),
        // More input may complete a surrogate, which the handler surrogatepass wants to see whole.
        Some(_) if matches!(input[start..], [0xed, 0xa0..=0xbf]) => {
            Stop::Incomplete(start, start + 1, "invalid continuation byte")
        }
        Some(len) => Stop::Bad(start, start + len, "invalid continuation byte"),
    }
}

fn ascii(input: &[u8], at: usize, text: &mut Vec<u8>) -> Stop {
    let rest = &input[at..];
    let good = rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len());
    text.extend_from_slice(&rest[..good]);
    if good == rest.len() {
        return Stop::End;
    }
    Stop::Bad(at + good, at + good + 1, "ordinal not in range(128)")
}

fn latin1(input: &[u8], at: usize, text: &mut Vec<u8>) -> Stop {
    let rest = &input[at..];
    if rest.is_ascii() {
        text.extend_from_slice(rest);
    } else {
        rest.iter().for_each(|&b| wtf8::push(text, u32::from(b)));
    }
    Stop::End
}

fn utf16(input: &[u8], at: &mut usize, text: &mut Vec<u8>, big: bool) -> Stop {
    let unit = |i: usize| {
        let pair = [*input.get(i)?, *input.get(i + 1)?];
        Some(u32::from(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }))
    };
    while let Some(high) = unit(*at) {
        match high {
            0xd800..=0xdbff => match unit(*at + 2) {
                Some(low @ 0xdc00..=0xdfff) => {
                    wtf8::push(text, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                    *at += 2;
                }
                Some(_) => return Stop::Bad(*at, *at + 2, "illegal UTF-16 surrogate"),
                None => return Stop::Incomplete(*at, input.len(), "unexpected end of data"),
            },
            0xdc00..=0xdfff => return Stop::Bad(*at, *at + 2, "illegal encoding"),
            _ => wtf8::push(text, high),
        }
        *at += 2;
    }
    if *at < input.len() { Stop::Incomplete(*at, input.len(), "truncated data") } else { Stop::End }
}

fn utf32(input: &[u8], at: &mut usize, text: &mut Vec<u8>, big: bool) -> Stop {
    while let Some(quad) = input.get(*at..*at + 4) {
        let quad = [quad[0], quad[1], quad[2], quad[3]];
        let cp = if big { u32::from_be_bytes(quad) } else { u32::from_le_bytes(quad) };
        if wtf8::is_surrogate(cp) {
            return Stop::Bad(*at, *at + 4, "code point in surrogate code point range(0xd800, 0xe000)");
        }
        if cp > 0x10ffff {
            return Stop::Bad(*at, *at + 4, "code point not in range(0x110000)");
        }
        wtf8::push(text, cp);
        *at += 4;
    }
    if *at < input.len() { Stop::Incomplete(*at, input.len(), "truncated data") } else { Stop::End }
}
