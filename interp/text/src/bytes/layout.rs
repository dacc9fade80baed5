//! Padding, tabs, translation, repr.

use crate::seq::{TooLong, try_with_capacity};
use crate::text::{push_ascii, quote_for};

/// `left` fills, the bytes, `right` fills. `None`: nothing to add.
fn pad(b: &[u8], left: usize, right: usize, fill: u8) -> Result<Option<Vec<u8>>, TooLong> {
    if left == 0 && right == 0 {
        return Ok(None);
    }
    let total = left.checked_add(right).and_then(|n| n.checked_add(b.len())).ok_or(TooLong)?;
    let mut out = try_with_capacity(total)?;
    out.resize(left, fill);
    out.extend_from_slice(b);
    out.resize(total, fill);
    Ok(Some(out))
}

fn missing(b: &[u8], width: i64) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(b.len())
}

/// `b.ljust(width, fill)`. `Ok(None)`: the result equals `b`, as for the next three.
pub fn ljust(b: &[u8], width: i64, fill: u8) -> Result<Option<Vec<u8>>, TooLong> {
    pad(b, 0, missing(b, width), fill)
}

/// `b.rjust(width, fill)`.
pub fn rjust(b: &[u8], width: i64, fill: u8) -> Result<Option<Vec<u8>>, TooLong> {
    pad(b, missing(b, width), 0, fill)
}

/// `b.center(width, fill)`: an odd rest goes to the left if the width is odd, too.
pub fn center(b: &[u8], width: i64, fill: u8) -> Result<Option<Vec<u8>>, TooLong> {
    let missing = missing(b, width);
    let left = missing / 2 + (missing & width as usize & 1);
    pad(b, left, missing - left, fill)
}

/// `b.zfill(width)`: zeros after the sign.
pub fn zfill(b: &[u8], width: i64) -> Result<Option<Vec<u8>>, TooLong> {
    crate::text::zfill_missing(b, missing(b, width))
}

/// `b.expandtabs(size)`: columns count bytes since the last `\n` or `\r`.
pub fn expandtabs(b: &[u8], size: i64) -> Result<Vec<u8>, TooLong> {
    crate::text::expand(b, size, |_| true)
}

/// `b.translate(table, delete)`; no table keeps every byte.
pub fn translate(b: &[u8], table: Option<&[u8; 256]>, delete: &[u8]) -> Vec<u8> {
    let mut gone = [false; 256];
    delete.iter().for_each(|&c| gone[c as usize] = true);
    let kept = b.iter().filter(|&&c| !gone[c as usize]);
    match table {
        Some(table) => kept.map(|&c| table[c as usize]).collect(),
        None => kept.copied().collect(),
    }
}

/// `repr(b)` of `bytes`; that of a `bytearray` is this within `bytearray(...)`.
pub fn repr(b: &[u8]) -> Vec<u8> {
    let quote = quote_for(b);
    let mut out = Vec::with_capacity(b.len() + 3);
    out.extend_from_slice(&[b'b', quote]);
    for &c in b {
        push_ascii(&mut out, c, quote);
    }
    out.push(quote);
    out
}
