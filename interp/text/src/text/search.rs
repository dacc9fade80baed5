//! Searching by code point indices.

use crate::seq::{self, TooLong, clip_bounds, grown, try_with_capacity};
use crate::wtf8;

/// A text and how many code points it has: nothing here goes through a whole text to find out.
#[derive(Copy, Clone)]
pub struct Text<'a> {
    pub bytes: &'a [u8],
    pub chars: usize,
}

impl<'a> Text<'a> {
    /// Counts.
    pub fn of(bytes: &'a [u8]) -> Text<'a> {
        Text { bytes, chars: wtf8::count(bytes) }
    }
}

/// A range of code points as a range of bytes.
struct Window {
    /// First byte.
    from: usize,
    /// Past the last byte.
    to: usize,
    /// Code point index of the first byte.
    start: usize,
    /// Every code point is one byte.
    ascii: bool,
}

/// The window of `s[start:end]`; `None` when the start lies past the end.
fn window(text: Text, start: i64, end: i64) -> Option<Window> {
    let s = text.bytes;
    let ascii = text.chars == s.len();
    if start == 0 && end >= s.len() as i64 {
        return Some(Window { from: 0, to: s.len(), start: 0, ascii });
    }
    let (start, end) = clip_bounds(text.chars, start, end);
    if start > end {
        return None;
    }
    if ascii {
        return Some(Window { from: start, to: end, start, ascii });
    }
    let from = wtf8::byte_offset(s, start)?;
    let to = from + wtf8::byte_offset(&s[from..], end - start)?;
    Some(Window { from, to, start, ascii })
}

impl Window {
    /// Code point index of a byte offset relative to the window.
    fn index(&self, s: &[u8], at: usize) -> usize {
        let chars = if self.ascii { at } else { wtf8::count(&s[self.from..self.from + at]) };
        self.start + chars
    }
}

/// `s.find(needle, start, end)`; bounds and result in code points, `i64::MAX` for no end.
pub fn find(text: Text, needle: &[u8], start: i64, end: i64) -> Option<usize> {
    let (s, w) = (text.bytes, window(text, start, end)?);
    seq::find(&s[w.from..w.to], needle).map(|at| w.index(s, at))
}

/// `s.rfind(needle, start, end)`.
pub fn rfind(text: Text, needle: &[u8], start: i64, end: i64) -> Option<usize> {
    let (s, w) = (text.bytes, window(text, start, end)?);
    seq::rfind(&s[w.from..w.to], needle).map(|at| w.index(s, at))
}

/// `s.count(needle, start, end)`.
pub fn count(text: Text, needle: &[u8], start: i64, end: i64) -> usize {
    let Some(w) = window(text, start, end) else { return 0 };
    let part = &text.bytes[w.from..w.to];
    if needle.is_empty() { wtf8::count(part) + 1 } else { seq::count_occurrences(part, needle) }
}

/// `s.startswith(prefix, start, end)` for one prefix.
pub fn starts_with(text: Text, prefix: &[u8], start: i64, end: i64) -> bool {
    if start == 0 && end == i64::MAX {
        return text.bytes.starts_with(prefix);
    }
    window(text, start, end).is_some_and(|w| text.bytes[w.from..w.to].starts_with(prefix))
}

/// `s.endswith(suffix, start, end)` for one suffix.
pub fn ends_with(text: Text, suffix: &[u8], start: i64, end: i64) -> bool {
    if start == 0 && end == i64::MAX {
        return text.bytes.ends_with(suffix);
    }
    window(text, start, end).is_some_and(|w| text.bytes[w.from..w.to].ends_with(suffix))
}

/// `s.replace(needle, with, max)`, a negative `max` for all. `Ok(None)`: the result is `s` itself.
pub fn replace(s: &[u8], needle: &[u8], with: &[u8], max: i64) -> Result<Option<Vec<u8>>, TooLong> {
    if !needle.is_empty() {
        return seq::replace(s, needle, with, max);
    }
    if with.is_empty() || max == 0 {
        return Ok(None);
    }
    interleave(s, with, max).map(Some)
}

/// Puts `with` before every code point and at the end, `max` times at most.
fn interleave(s: &[u8], with: &[u8], max: i64) -> Result<Vec<u8>, TooLong> {
    let mut left = usize::try_from(max).unwrap_or(usize::MAX).min(wtf8::count(s) + 1);
    let mut out = try_with_capacity(grown(s.len(), left, with.len())?)?;
    let mut at = 0;
    while at < s.len() && left > 0 {
        let len = wtf8::sequence_len(s[at]);
        out.extend_from_slice(with);
        out.extend_from_slice(&s[at..at + len]);
        at += len;
        left -= 1;
    }
    if left > 0 {
        out.extend_from_slice(with);
    }
    out.extend_from_slice(&s[at..]);
    Ok(out)
}
