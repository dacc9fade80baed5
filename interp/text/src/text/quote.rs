//! `repr` and `ascii`.

use crate::unicode;
use crate::wtf8;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends the escape of a code point: `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub fn push_escaped(out: &mut Vec<u8>, cp: u32) {
    let (letter, digits) = match cp {
        0..=0xff => (b'x', 2),
        0x100..=0xffff => (b'u', 4),
        _ => (b'U', 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
    for i in (0..digits).rev() {
        out.push(HEX[(cp >> (4 * i) & 15) as usize]);
    }
}

/// The quote `repr` takes: double only if the text holds a single one and no double one.
pub(crate) fn quote_for(s: &[u8]) -> u8 {
    if s.contains(&b'\'') && !s.contains(&b'"') { b'"' } else { b'\'' }
}

/// Appends an ASCII character of a quoted text.
pub(crate) fn push_ascii(out: &mut Vec<u8>, b: u8, quote: u8) {
    match b {
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        b'\\' => out.extend_from_slice(b"\\\\"),
        _ if b == quote => out.extend_from_slice(&[b'\\', b]),
        b' '..=b'~' => out.push(b),
        _ => push_escaped(out, u32::from(b)),
    }
}

/// Length of the run of ASCII at the beginning of `s` that needs no escape.
pub(crate) fn plain_len(s: &[u8], quote: u8) -> usize {
    let is_plain = |b: u8| matches!(b, b' '..=b'~') && b != b'\\' && b != quote;
    s.iter().position(|&b| !is_plain(b)).unwrap_or(s.len())
}

fn quoted(s: &[u8], keep: impl Fn(u32) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len() + 2);
    push_quoted(&mut out, s, keep);
    out
}

fn push_quoted(out: &mut Vec<u8>, s: &[u8], keep: impl Fn(u32) -> bool) {
    let quote = quote_for(s);
    out.push(quote);
    let mut at = 0;
    while at < s.len() {
        let plain = plain_len(&s[at..], quote);
        out.extend_from_slice(&s[at..at + plain]);
        at += plain;
        if at == s.len() {
            break;
        }
        let (cp, len) = wtf8::decode_at(s, at);
        if cp < 0x80 {
            push_ascii(out, cp as u8, quote);
        } else if keep(cp) {
            out.extend_from_slice(&s[at..at + len]);
        } else {
            push_escaped(out, cp);
        }
        at += len;
    }
    out.push(quote);
}

/// Appends `repr(s)`.
pub fn push_repr_str(out: &mut Vec<u8>, s: &[u8]) {
    push_quoted(out, s, unicode::is_printable);
}

/// `repr(s)`.
pub fn repr_str(s: &[u8]) -> Vec<u8> {
    quoted(s, unicode::is_printable)
}

/// `ascii(s)` of a `str`.
pub fn ascii_str(s: &[u8]) -> Vec<u8> {
    quoted(s, |_| false)
}

/// `ascii(object)`: its repr with everything beyond ASCII escaped.
pub fn ascii_of_repr(repr: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(repr.len());
    for cp in wtf8::code_points(repr) {
        if cp < 0x80 { out.push(cp as u8) } else { push_escaped(&mut out, cp) }
    }
    out
}
