//! Splitting at white space and lines, stripping.

use crate::unicode::{is_ascii_space, is_line_break, is_space};
use crate::wtf8;

/// Byte length of the run of code points at the beginning of `s` that satisfy `keep`.
fn prefix_len(s: &[u8], keep: impl Fn(u32) -> bool) -> usize {
    let mut at = 0;
    while at < s.len() {
        let (cp, len) = wtf8::decode_at(s, at);
        if !keep(cp) {
            break;
        }
        at += len;
    }
    at
}

/// Byte offset at which the run of code points at the end of `s` that satisfy `keep` begins.
fn suffix_start(s: &[u8], keep: impl Fn(u32) -> bool) -> usize {
    let mut end = s.len();
    while end > 0 {
        let (cp, len) = wtf8::decode_before(s, end);
        if !keep(cp) {
            break;
        }
        end -= len;
    }
    end
}

/// `s.split(None, max)`; a negative `max` for all.
pub fn split_whitespace(s: &[u8], max: i64) -> Vec<&[u8]> {
    if max < 0 && s.is_ascii() {
        return s.split(|&b| is_ascii_space(b)).filter(|word| !word.is_empty()).collect();
    }
    let limit = usize::try_from(max).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let mut rest = &s[prefix_len(s, is_space)..];
    while !rest.is_empty() {
        if out.len() == limit {
            out.push(rest);
            break;
        }
        let (word, tail) = rest.split_at(prefix_len(rest, |cp| !is_space(cp)));
        out.push(word);
        rest = &tail[prefix_len(tail, is_space)..];
    }
    out
}

/// `s.rsplit(None, max)`, parts from left to right.
pub fn rsplit_whitespace(s: &[u8], max: i64) -> Vec<&[u8]> {
    let limit = usize::try_from(max).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let mut rest = &s[..suffix_start(s, is_space)];
    while !rest.is_empty() {
        if out.len() == limit {
            out.push(rest);
            break;
        }
        let (head, word) = rest.split_at(suffix_start(rest, |cp| !is_space(cp)));
        out.push(word);
        rest = &head[..suffix_start(head, is_space)];
    }
    out.reverse();
    out
}

/// `s.splitlines(keep_ends)`.
pub fn splitlines(s: &[u8], keep_ends: bool) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < s.len() {
        let (cp, mut len) = wtf8::decode_at(s, at);
        if is_line_break(cp) {
            if cp == 0x0d && s.get(at + 1) == Some(&b'\n') {
                len += 1;
            }
            out.push(&s[start..if keep_ends { at + len } else { at }]);
            start = at + len;
        }
        at += len;
    }
    if start < s.len() {
        out.push(&s[start..]);
    }
    out
}

/// The code points that a strip removes.
enum Set<'a> {
    Space,
    /// ASCII members as bits; the text itself for others.
    Chars(u128, &'a [u8]),
}

impl<'a> Set<'a> {
    fn new(chars: Option<&'a [u8]>) -> Self {
        let Some(chars) = chars else { return Set::Space };
        let bits = chars.iter().filter(|b| b.is_ascii()).fold(0u128, |bits, &b| bits | 1 << b);
        Set::Chars(bits, chars)
    }

    fn has(&self, cp: u32) -> bool {
        match self {
            Set::Space => is_space(cp),
            Set::Chars(bits, _) if cp < 0x80 => bits >> cp & 1 == 1,
            Set::Chars(_, chars) => wtf8::code_points(chars).any(|c| c == cp),
        }
    }
}

/// `s.strip(chars)`; `None` for white space.
pub fn strip<'a>(s: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    let set = Set::new(chars);
    let s = &s[prefix_len(s, |cp| set.has(cp))..];
    &s[..suffix_start(s, |cp| set.has(cp))]
}

/// `s.lstrip(chars)`.
pub fn lstrip<'a>(s: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    let set = Set::new(chars);
    &s[prefix_len(s, |cp| set.has(cp))..]
}

/// `s.rstrip(chars)`.
pub fn rstrip<'a>(s: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    let set = Set::new(chars);
    &s[..suffix_start(s, |cp| set.has(cp))]
}
