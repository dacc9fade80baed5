//! Searching and cutting that is the same for text and bytes.
//!
//! All offsets are byte offsets. A needle that is valid WTF-8 can only be found at code point boundaries of
//! valid WTF-8, so text uses these functions as they are; only the empty needle differs, and the text
//! module treats it itself.

use memchr::memmem;

/// Clips Python's slice bounds (negative counts from the end) to a sequence of `len`. The start may stay above
/// the end, or above `len`: then nothing is found, not even an empty needle.
pub fn clip_bounds(len: usize, start: i64, end: i64) -> (usize, usize) {
    let len = len as i64;
    let clip = |i: i64| if i < 0 { (i + len).max(0) } else { i };
    (clip(start) as usize, clip(end.min(len)) as usize)
}

/// Offset of the first `needle`.
#[inline]
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [byte] => memchr::memchr(*byte, hay),
        _ if needle.len() > hay.len() => None,
        _ if hay.len() <= SHORT => find_short(hay, needle),
        _ => memmem::find(hay, needle),
    }
}

/// In texts up to so many bytes it does not pay to prepare for a needle.
const SHORT: usize = 64;

/// As [`find`], by the needle's first byte. The needle is not empty and not longer than `hay`.
fn find_short(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let starts = hay.len() - needle.len() + 1;
    (0..starts).find(|&at| hay[at] == needle[0] && hay[at..].starts_with(needle))
}

/// Offset of the last `needle`.
#[inline]
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(hay.len()),
        [byte] => memchr::memrchr(*byte, hay),
        _ if needle.len() > hay.len() => None,
        _ => memmem::rfind(hay, needle),
    }
}

/// Whether `needle` occurs.
#[inline]
pub fn contains(hay: &[u8], needle: &[u8]) -> bool {
    find(hay, needle).is_some()
}

/// Number of non-overlapping occurrences of a needle that is not empty.
pub fn count_occurrences(hay: &[u8], needle: &[u8]) -> usize {
    match needle {
        [byte] => memchr::memchr_iter(*byte, hay).count(),
        _ => memmem::find_iter(hay, needle).count(),
    }
}

/// A negative limit means none.
fn limit_of(max: i64) -> usize {
    usize::try_from(max).unwrap_or(usize::MAX)
}

/// Replaces the first `max` occurrences (all if negative) of a needle that is not empty. `Ok(None)`: nothing
/// to do, the result is the input.
pub fn replace(hay: &[u8], needle: &[u8], with: &[u8], max: i64) -> Result<Option<Vec<u8>>, TooLong> {
    let limit = limit_of(max);
    let mut hits = memmem::find_iter(hay, needle).take(limit).peekable();
    if hits.peek().is_none() {
        return Ok(None);
    }
    if needle.len() == with.len() {
        let mut out = hay.to_vec();
        for at in hits {
            out[at..at + with.len()].copy_from_slice(with);
        }
        return Ok(Some(out));
    }
    let growth = with.len().saturating_sub(needle.len());
    let places = if growth == 0 { 0 } else { hits.clone().count() };
    let mut out = try_with_capacity(grown(hay.len(), places, growth)?)?;
    let mut done = 0;
    for at in hits {
        out.extend_from_slice(&hay[done..at]);
        out.extend_from_slice(with);
        done = at + needle.len();
    }
    out.extend_from_slice(&hay[done..]);
    Ok(Some(out))
}

/// `len + places * growth`.
pub(crate) fn grown(len: usize, places: usize, growth: usize) -> Result<usize, TooLong> {
    places.checked_mul(growth).and_then(|n| n.checked_add(len)).ok_or(TooLong)
}

/// `split(separator, max)`; `None` when the separator is empty ("empty separator").
pub fn split<'a>(hay: &'a [u8], separator: &[u8], max: i64) -> Option<Vec<&'a [u8]>> {
    if separator.is_empty() {
        return None;
    }
    let limit = limit_of(max);
    let mut out = Vec::new();
    let mut done = 0;
    let mut cut = |at: usize| {
        out.push(&hay[done..at]);
        done = at + separator.len();
    };
    match separator {
        [byte] => memchr::memchr_iter(*byte, hay).take(limit).for_each(&mut cut),
        _ => memmem::find_iter(hay, separator).take(limit).for_each(&mut cut),
    }
    out.push(&hay[done..]);
    Some(out)
}

/// `rsplit(separator, max)`, parts from left to right; `None` when the separator is empty.
pub fn rsplit<'a>(hay: &'a [u8], separator: &[u8], max: i64) -> Option<Vec<&'a [u8]>> {
    if separator.is_empty() {
        return None;
    }
    let limit = limit_of(max);
    let mut out = Vec::new();
    let mut end = hay.len();
    while out.len() < limit {
        let Some(at) = rfind(&hay[..end], separator) else { break };
        out.push(&hay[at + separator.len()..end]);
        end = at;
    }
    out.push(&hay[..end]);
    out.reverse();
    Some(out)
}

/// The text before and after the first separator (which must not be empty).
pub fn partition<'a>(hay: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(hay, separator)?;
    Some((&hay[..at], &hay[at + separator.len()..]))
}

/// The text before and after the last separator (which must not be empty).
pub fn rpartition<'a>(hay: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = rfind(hay, separator)?;
    Some((&hay[..at], &hay[at + separator.len()..]))
}

/// `removeprefix`.
pub fn remove_prefix<'a>(s: &'a [u8], prefix: &[u8]) -> &'a [u8] {
    s.strip_prefix(prefix).unwrap_or(s)
}

/// `removesuffix`.
pub fn remove_suffix<'a>(s: &'a [u8], suffix: &[u8]) -> &'a [u8] {
    s.strip_suffix(suffix).unwrap_or(s)
}

/// Too much memory was asked for (`MemoryError`, no message).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// An empty vector with room for `n` bytes.
pub(crate) fn try_with_capacity(n: usize) -> Result<Vec<u8>, TooLong> {
    let mut out = Vec::new();
    out.try_reserve_exact(n).map_err(|_| TooLong)?;
    Ok(out)
}

/// Whether `n` bytes may be allocated; small amounts are not tried.
pub(crate) fn may_allocate(n: usize) -> bool {
    n < 1 << 20 || try_with_capacity(n).is_ok()
}

/// `s * n`.
pub fn repeat(s: &[u8], n: usize) -> Result<Vec<u8>, TooLong> {
    let total = s.len().checked_mul(n).ok_or(TooLong)?;
    let mut out = try_with_capacity(total)?;
    match s {
        [byte] => out.resize(total, *byte),
        _ => (0..n).for_each(|_| out.extend_from_slice(s)),
    }
    Ok(out)
}

/// The parts with `separator` between them.
pub fn join<'a, P>(separator: &[u8], parts: P) -> Result<Vec<u8>, TooLong>
where
    P: IntoIterator<Item = &'a [u8], IntoIter: Clone>,
{
    let parts = parts.into_iter();
    let lengths = parts.clone().map(|part| part.len().saturating_add(separator.len()));
    let mut out = try_with_capacity(lengths.fold(0, usize::saturating_add))?;
    for (i, part) in parts.enumerate() {
        if i > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(part);
    }
    Ok(out)
}
