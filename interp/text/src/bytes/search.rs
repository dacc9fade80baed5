//! Searching within bounds.

use crate::seq::{self, TooLong, clip_bounds, grown, try_with_capacity};

/// The part of `b` that `[start:end]` names and its offset; `None` when the start lies past the end.
fn window(b: &[u8], start: i64, end: i64) -> Option<(&[u8], usize)> {
    let (start, end) = clip_bounds(b.len(), start, end);
    (start <= end).then(|| (&b[start..end], start))
}

/// `b.find(needle, start, end)`; `i64::MAX` for no end.
pub fn find(b: &[u8], needle: &[u8], start: i64, end: i64) -> Option<usize> {
    let (part, offset) = window(b, start, end)?;
    seq::find(part, needle).map(|at| offset + at)
}

/// `b.rfind(needle, start, end)`.
pub fn rfind(b: &[u8], needle: &[u8], start: i64, end: i64) -> Option<usize> {
    let (part, offset) = window(b, start, end)?;
    seq::rfind(part, needle).map(|at| offset + at)
}

/// `b.count(needle, start, end)`.
pub fn count(b: &[u8], needle: &[u8], start: i64, end: i64) -> usize {
    match window(b, start, end) {
        None => 0,
        Some((part, _)) if needle.is_empty() => part.len() + 1,
        Some((part, _)) => seq::count_occurrences(part, needle),
    }
}

/// `b.startswith(prefix, start, end)` for one prefix.
pub fn starts_with(b: &[u8], prefix: &[u8], start: i64, end: i64) -> bool {
    window(b, start, end).is_some_and(|(part, _)| part.starts_with(prefix))
}

/// `b.endswith(suffix, start, end)` for one suffix.
pub fn ends_with(b: &[u8], suffix: &[u8], start: i64, end: i64) -> bool {
    window(b, start, end).is_some_and(|(part, _)| part.ends_with(suffix))
}

/// `b.replace(needle, with, max)`, a negative `max` for all. `Ok(None)`: the result equals `b`.
pub fn replace(b: &[u8], needle: &[u8], with: &[u8], max: i64) -> Result<Option<Vec<u8>>, TooLong> {
    if !needle.is_empty() {
        return seq::replace(b, needle, with, max);
    }
    if with.is_empty() || max == 0 {
        return Ok(None);
    }
    let places = usize::try_from(max).unwrap_or(usize::MAX).min(b.len() + 1);
    let mut out = try_with_capacity(grown(b.len(), places, with.len())?)?;
    for i in 0..places {
        out.extend_from_slice(with);
        out.extend(b.get(i));
    }
    out.extend_from_slice(b.get(places..).unwrap_or_default());
    Ok(Some(out))
}
