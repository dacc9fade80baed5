//! Splitting at white space and lines, stripping.

use super::is_space_byte;

fn prefix_len(b: &[u8], keep: impl Fn(u8) -> bool) -> usize {
    b.iter().position(|&c| !keep(c)).unwrap_or(b.len())
}

fn suffix_start(b: &[u8], keep: impl Fn(u8) -> bool) -> usize {
    b.iter().rposition(|&c| !keep(c)).map_or(0, |i| i + 1)
}

/// `b.split(None, max)`; a negative `max` for all.
pub fn split_whitespace(b: &[u8], max: i64) -> Vec<&[u8]> {
    let limit = usize::try_from(max).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let mut rest = &b[prefix_len(b, is_space_byte)..];
    while !rest.is_empty() {
        if out.len() == limit {
            out.push(rest);
            break;
        }
        let (word, tail) = rest.split_at(prefix_len(rest, |c| !is_space_byte(c)));
        out.push(word);
        rest = &tail[prefix_len(tail, is_space_byte)..];
    }
    out
}

/// `b.rsplit(None, max)`, parts from left to right.
pub fn rsplit_whitespace(b: &[u8], max: i64) -> Vec<&[u8]> {
    let limit = usize::try_from(max).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let mut rest = &b[..suffix_start(b, is_space_byte)];
    while !rest.is_empty() {
        if out.len() == limit {
            out.push(rest);
            break;
        }
        let (head, word) = rest.split_at(suffix_start(rest, |c| !is_space_byte(c)));
        out.push(word);
        rest = &head[..suffix_start(head, is_space_byte)];
    }
    out.reverse();
    out
}

/// `b.splitlines(keep_ends)`: lines end at `\n`, `\r` or `\r\n`.
pub fn splitlines(b: &[u8], keep_ends: bool) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in memchr::memchr2_iter(b'\n', b'\r', b) {
        if at < start {
            continue; // the `\n` of a `\r\n`
        }
        let end = if b[at] == b'\r' && b.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 };
        out.push(&b[start..if keep_ends { end } else { at }]);
        start = end;
    }
    if start < b.len() {
        out.push(&b[start..]);
    }
    out
}

/// Membership of each byte in the set that a strip removes.
fn members(bytes: Option<&[u8]>) -> [bool; 256] {
    let mut set = [false; 256];
    for &c in bytes.unwrap_or(b" \t\n\r\x0b\x0c") {
        set[c as usize] = true;
    }
    set
}

/// `b.strip(bytes)`; `None` for white space.
pub fn strip<'a>(b: &'a [u8], bytes: Option<&[u8]>) -> &'a [u8] {
    let set = members(bytes);
    let b = &b[prefix_len(b, |c| set[c as usize])..];
    &b[..suffix_start(b, |c| set[c as usize])]
}

/// `b.lstrip(bytes)`.
pub fn lstrip<'a>(b: &'a [u8], bytes: Option<&[u8]>) -> &'a [u8] {
    let set = members(bytes);
    &b[prefix_len(b, |c| set[c as usize])..]
}

/// `b.rstrip(bytes)`.
pub fn rstrip<'a>(b: &'a [u8], bytes: Option<&[u8]>) -> &'a [u8] {
    let set = members(bytes);
    &b[..suffix_start(b, |c| set[c as usize])]
}
