//! Padding, tabs, translation.

use crate::seq::{TooLong, try_with_capacity};
use crate::wtf8;

/// `left` fills, the text, `right` fills. `None`: nothing to add.
fn pad(s: &[u8], left: usize, right: usize, fill: u32) -> Result<Option<Vec<u8>>, TooLong> {
    if left == 0 && right == 0 {
        return Ok(None);
    }
    let (bytes, len) = wtf8::encode(fill);
    let fills = left.checked_add(right).and_then(|n| n.checked_mul(len));
    let total = fills.and_then(|n| n.checked_add(s.len())).ok_or(TooLong)?;
    let mut out = try_with_capacity(total)?;
    (0..left).for_each(|_| out.extend_from_slice(&bytes[..len]));
    out.extend_from_slice(s);
    (0..right).for_each(|_| out.extend_from_slice(&bytes[..len]));
    Ok(Some(out))
}

fn missing(s: &[u8], width: i64) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(wtf8::count(s))
}

/// `s.ljust(width, fill)`. `Ok(None)`: the result is `s` itself, as for the next three.
pub fn ljust(s: &[u8], width: i64, fill: u32) -> Result<Option<Vec<u8>>, TooLong> {
    pad(s, 0, missing(s, width), fill)
}

/// `s.rjust(width, fill)`.
pub fn rjust(s: &[u8], width: i64, fill: u32) -> Result<Option<Vec<u8>>, TooLong> {
    pad(s, missing(s, width), 0, fill)
}

/// `s.center(width, fill)`: an odd rest goes to the left if the width is odd, too.
pub fn center(s: &[u8], width: i64, fill: u32) -> Result<Option<Vec<u8>>, TooLong> {
    let missing = missing(s, width);
    let left = missing / 2 + (missing & width as usize & 1);
    pad(s, left, missing - left, fill)
}

/// `s.zfill(width)`: zeros after the sign.
pub fn zfill(s: &[u8], width: i64) -> Result<Option<Vec<u8>>, TooLong> {
    zfill_missing(s, missing(s, width))
}

/// Puts `missing` zeros after the sign.
pub(crate) fn zfill_missing(s: &[u8], missing: usize) -> Result<Option<Vec<u8>>, TooLong> {
    let mut padded = pad(s, missing, 0, u32::from(b'0'))?;
    if let (Some(out), Some(sign @ (b'+' | b'-'))) = (&mut padded, s.first()) {
        out[missing] = b'0';
        out[0] = *sign;
    }
    Ok(padded)
}

/// `s.expandtabs(size)`: columns count code points since the last `\n` or `\r`.
pub fn expandtabs(s: &[u8], size: i64) -> Result<Vec<u8>, TooLong> {
    expand(s, size, |b| !wtf8::is_continuation(b))
}

/// Expands tabs; `counts` tells whether a byte takes a column.
pub(crate) fn expand(s: &[u8], size: i64, counts: impl Fn(u8) -> bool) -> Result<Vec<u8>, TooLong> {
    let size = usize::try_from(size).unwrap_or(0);
    let tabs = memchr::memchr_iter(b'\t', s).count();
    let most = tabs.checked_mul(size).and_then(|n| n.checked_add(s.len())).ok_or(TooLong)?;
    let mut out = try_with_capacity(most)?;
    let mut column = 0usize;
    for &b in s {
        match b {
            b'\t' => {
                if size > 0 {
                    let n = size - column % size;
                    out.resize(out.len() + n, b' ');
                    column += n;
                }
                continue;
            }
            b'\n' | b'\r' => column = 0,
            _ => column += usize::from(counts(b)),
        }
        out.push(b);
    }
    Ok(out)
}

/// What a table of `str.translate` says about a code point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translated {
    /// Unmapped: it stays.
    Same,
    /// `None`: it goes.
    Delete,
    /// An int or a text of one character.
    Char(u32),
    /// A text.
    Text(Vec<u8>),
}

/// `s.translate(table)`, the table a function; its errors are passed on.
pub fn translate<E>(s: &[u8], mut table: impl FnMut(u32) -> Result<Translated, E>) -> Result<Vec<u8>, E> {
    let mut out = Vec::with_capacity(s.len());
    for cp in wtf8::code_points(s) {
        match table(cp)? {
            Translated::Same => wtf8::push(&mut out, cp),
            Translated::Delete => {}
            Translated::Char(c) => wtf8::push(&mut out, c),
            Translated::Text(text) => out.extend_from_slice(&text),
        }
    }
    Ok(out)
}
