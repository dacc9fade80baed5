//! Backslash escapes: the codecs `unicode_escape`, `raw_unicode_escape` and `_codecs.escape_decode`.

use super::DecodeError;
use crate::ErrorKind;
use crate::text::{push_ascii, push_escaped};
use crate::wtf8;
use std::fmt;

/// The outcome of decoding escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unescaped {
    /// The text (WTF-8), or bytes for [`unescape_bytes`].
    pub out: Vec<u8>,
    /// Bytes consumed.
    pub consumed: usize,
    /// Offset of the first backslash that begins no known escape, or an octal one above 0o377 (CPython warns
    /// of both).
    pub doubtful: Option<usize>,
}

/// One escape, taken apart.
enum Escape {
    /// A code point, and the offset after it.
    Char(u32, usize),
    /// Nothing (a backslash before a line end).
    Nothing(usize),
    /// No escape: the backslash and what follows stay.
    Unknown(usize),
    /// Bytes up to the offset are bad.
    Bad(usize, &'static str),
    /// So are they, because the input ends.
    Incomplete(usize, &'static str),
}

/// The single-letter escapes.
fn simple(letter: u8) -> Option<u8> {
    Some(match letter {
        b'\\' | b'\'' | b'"' => letter,
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        _ => return None,
    })
}

/// Up to three octal digits from `at` on.
fn octal(input: &[u8], at: usize) -> Escape {
    let digits = input[at..].iter().take(3).take_while(|b| matches!(b, b'0'..=b'7'));
    let (value, len) = digits.fold((0, 0), |(v, n), b| (v * 8 + u32::from(b - b'0'), n + 1));
    Escape::Char(value, at + len)
}

/// Exactly `count` hexadecimal digits from `at` on.
fn hex(input: &[u8], at: usize, count: usize, truncated: &'static str) -> Escape {
    let rest = &input[at..];
    let good = rest.iter().take(count).take_while(|b| b.is_ascii_hexdigit()).count();
    if good < count {
        let end = at + good;
        return if end == input.len() {
            Escape::Incomplete(end, truncated)
        } else {
            Escape::Bad(end, truncated)
        };
    }
    let value = rest[..count].iter().fold(0u32, |v, &b| v << 4 | (b as char).to_digit(16).unwrap_or(0));
    Escape::Char(value, at + count)
}

fn sized_hex(input: &[u8], letter: u8, at: usize) -> Escape {
    match letter {
        b'x' => hex(input, at, 2, "truncated \\xXX escape"),
        b'u' => hex(input, at, 4, "truncated \\uXXXX escape"),
        _ => hex(input, at, 8, "truncated \\UXXXXXXXX escape"),
    }
}

/// `\N{name}`; `at` is the offset after the `N`.
fn named(input: &[u8], at: usize, lookup: &mut impl FnMut(&[u8]) -> Option<u32>) -> Escape {
    const MALFORMED: &str = "malformed \\N character escape";
    match input.get(at) {
        None => return Escape::Incomplete(at, MALFORMED),
        Some(b'{') => {}
        Some(_) => return Escape::Bad(at, MALFORMED),
    }
    let name = at + 1;
    match input[name..].iter().position(|&b| b == b'}') {
        None => Escape::Incomplete(input.len(), MALFORMED),
        Some(0) => Escape::Bad(name, MALFORMED),
        Some(len) => match lookup(&input[name..name + len]) {
            Some(cp) => Escape::Char(cp, name + len + 1),
            None => Escape::Bad(name + len + 1, "unknown Unicode character name"),
        },
    }
}

/// Takes the escape whose backslash stands at `at` apart.
fn unicode_escape(input: &[u8], at: usize, lookup: &mut impl FnMut(&[u8]) -> Option<u32>) -> Escape {
    let Some(&letter) = input.get(at + 1) else {
        return Escape::Incomplete(at + 1, "\\ at end of string");
    };
    match letter {
        b'\n' => Escape::Nothing(at + 2),
        b'0'..=b'7' => octal(input, at + 1),
        b'x' | b'u' | b'U' => match sized_hex(input, letter, at + 2) {
            Escape::Char(cp, end) if cp > 0x10ffff => Escape::Bad(end, "illegal Unicode character"),
            other => other,
        },
        b'N' => named(input, at + 2, lookup),
        _ => simple(letter).map_or(Escape::Unknown(at + 1), |b| Escape::Char(u32::from(b), at + 2)),
    }
}

/// Takes an escape of the raw codec apart: only `\u` and `\U` count, and a pair of backslashes stays.
fn raw_escape(input: &[u8], at: usize) -> Escape {
    match input.get(at + 1) {
        Some(letter @ (b'u' | b'U')) => match sized_hex(input, *letter, at + 2) {
            Escape::Char(cp, end) if cp > 0x10ffff => Escape::Bad(end, "\\Uxxxxxxxx out of range"),
            other => other,
        },
        Some(_) => Escape::Unknown(at + 2),
        None => Escape::Incomplete(at + 1, ""),
    }
}

/// Bytes between escapes are Latin-1.
fn push_latin1(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.is_ascii() {
        out.extend_from_slice(bytes);
    } else {
        bytes.iter().for_each(|&b| wtf8::push(out, u32::from(b)));
    }
}

/// The loop that both text codecs share.
fn run<E>(
    encoding: &'static str,
    input: &[u8],
    last: bool,
    mut escape: impl FnMut(usize) -> Escape,
    mut on_error: impl FnMut(&DecodeError) -> Result<(Vec<u8>, usize), E>,
) -> Result<Unescaped, E> {
    let mut done = Unescaped { out: Vec::with_capacity(input.len()), consumed: input.len(), doubtful: None };
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &input[at..]) {
        let start = at + found;
        push_latin1(&mut done.out, &input[at..start]);
        let (end, reason) = match escape(start) {
            Escape::Char(cp, end) => {
                if cp > 0xff && matches!(input[start + 1], b'0'..=b'7') {
                    done.doubtful = done.doubtful.or(Some(start));
                }
                wtf8::push(&mut done.out, cp);
                at = end;
                continue;
            }
            Escape::Nothing(end) => {
                at = end;
                continue;
            }
            Escape::Unknown(end) => {
                done.doubtful = done.doubtful.or(Some(start));
                push_latin1(&mut done.out, &input[start..end]);
                at = end;
                continue;
            }
            Escape::Incomplete(..) if !last => {
                done.consumed = start;
                return Ok(done);
            }
            Escape::Incomplete(end, "") => {
                push_latin1(&mut done.out, &input[start..end]);
                at = end;
                continue;
            }
            Escape::Bad(end, reason) | Escape::Incomplete(end, reason) => (end, reason),
        };
        let (replacement, resume) = on_error(&DecodeError { encoding, start, end, reason })?;
        done.out.extend_from_slice(&replacement);
        at = resume.min(input.len());
    }
    push_latin1(&mut done.out, &input[at..]);
    Ok(done)
}

/// `codecs.unicode_escape_decode`. `lookup` finds the character of `\N{name}`; `on_error` is as in
/// [`super::decode`].
pub fn unicode_escape_decode<E>(
    input: &[u8],
    last: bool,
    mut lookup: impl FnMut(&[u8]) -> Option<u32>,
    on_error: impl FnMut(&DecodeError) -> Result<(Vec<u8>, usize), E>,
) -> Result<Unescaped, E> {
    run("unicodeescape", input, last, |at| unicode_escape(input, at, &mut lookup), on_error)
}

/// `codecs.raw_unicode_escape_decode`; its `doubtful` has no meaning.
pub fn raw_unicode_escape_decode<E>(
    input: &[u8],
    last: bool,
    on_error: impl FnMut(&DecodeError) -> Result<(Vec<u8>, usize), E>,
) -> Result<Unescaped, E> {
    run("rawunicodeescape", input, last, |at| raw_escape(input, at), on_error)
}

/// `codecs.unicode_escape_encode`.
pub fn unicode_escape_encode(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for cp in wtf8::code_points(s) {
        // Quotes stay: 0xff is none.
        if cp < 0x80 { push_ascii(&mut out, cp as u8, 0xff) } else { push_escaped(&mut out, cp) }
    }
    out
}

/// `codecs.raw_unicode_escape_encode`: Latin-1 as it is, the rest escaped.
pub fn raw_unicode_escape_encode(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for cp in wtf8::code_points(s) {
        if cp < 0x100 { out.push(cp as u8) } else { push_escaped(&mut out, cp) }
    }
    out
}

/// What [`unescape_bytes`] does with a bad `\x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBadHex {
    /// Raise.
    Strict,
    /// Put `?`.
    Replace,
    /// Leave it out.
    Ignore,
}

/// Why [`unescape_bytes`] fails (`ValueError`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnescapeError {
    /// A `\x` without two digits, at this offset.
    Hex(usize),
    /// A backslash at the end.
    Trailing,
}

impl UnescapeError {
    /// `ValueError`.
    pub fn kind(&self) -> ErrorKind {
        ErrorKind::Value
    }
}

impl fmt::Display for UnescapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnescapeError::Hex(at) => write!(f, "invalid \\x escape at position {at}"),
            UnescapeError::Trailing => f.write_str("Trailing \\ in string"),
        }
    }
}

/// `codecs.escape_decode`: the escapes of a bytes literal.
pub fn unescape_bytes(input: &[u8], on_bad_hex: OnBadHex) -> Result<Unescaped, UnescapeError> {
    let mut done = Unescaped { out: Vec::with_capacity(input.len()), consumed: input.len(), doubtful: None };
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &input[at..]) {
        let start = at + found;
        done.out.extend_from_slice(&input[at..start]);
        let letter = *input.get(start + 1).ok_or(UnescapeError::Trailing)?;
        let escape = match letter {
            b'\n' => Escape::Nothing(start + 2),
            b'0'..=b'7' => octal(input, start + 1),
            b'x' => sized_hex(input, b'x', start + 2),
            _ => simple(letter).map_or(Escape::Unknown(start + 2), |b| Escape::Char(u32::from(b), start + 2)),
        };
        at = match escape {
            Escape::Char(value, end) => {
                if value > 0xff {
                    done.doubtful = done.doubtful.or(Some(start));
                }
                done.out.push(value as u8);
                end
            }
            Escape::Nothing(end) => end,
            Escape::Unknown(end) => {
                done.doubtful = done.doubtful.or(Some(start));
                done.out.extend_from_slice(&input[start..end]);
                end
            }
            Escape::Bad(end, _) | Escape::Incomplete(end, _) => {
                match on_bad_hex {
                    OnBadHex::Strict => return Err(UnescapeError::Hex(start)),
                    OnBadHex::Replace => done.out.push(b'?'),
                    OnBadHex::Ignore => {}
                }
                end
            }
        };
    }
    done.out.extend_from_slice(&input[at..]);
    Ok(done)
}

/// `codecs.escape_encode`: a bytes repr without its quotes, both kinds of quotes escaped as `'` is.
pub fn escape_bytes(b: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(b.len());
    b.iter().for_each(|&c| push_ascii(&mut out, c, b'\''));
    out
}
