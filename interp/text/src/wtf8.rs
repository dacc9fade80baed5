//! WTF-8: code points of a byte slice that is UTF-8 but for lone surrogates.
//!
//! A surrogate U+D800..U+DFFF is encoded by the general three-byte rule, and two of them side by side stay
//! two code points (Python never joins them). Consequences used all over the crate: the order of bytes is
//! the order of code points, and a search for a valid needle can only match at code point boundaries.
//! Every function expects valid WTF-8; on other input the result is unspecified, but the only possible
//! failure is an index panic.

/// Number of bytes of the sequence that begins with `lead`.
#[inline]
pub fn sequence_len(lead: u8) -> usize {
    match lead {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    }
}

/// Whether `byte` continues a sequence (`10xxxxxx`).
#[inline]
pub fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// Whether all code points are below 128.
#[inline]
pub fn is_ascii(s: &[u8]) -> bool {
    s.is_ascii()
}

/// Number of code points: the bytes that do not continue a sequence.
#[inline]
pub fn count(s: &[u8]) -> usize {
    // Sums of at most 255 fit a byte, which lets the compiler count many bytes per vector instruction.
    let starts = |chunk: &[u8]| chunk.iter().fold(0u8, |n, &b| n + u8::from(!is_continuation(b)));
    s.chunks(255).map(|chunk| usize::from(starts(chunk))).sum()
}

/// Code point at byte offset `at` and the number of its bytes.
#[inline(always)]
pub fn decode_at(s: &[u8], at: usize) -> (u32, usize) {
    let lead = s[at];
    if lead < 0x80 { (u32::from(lead), 1) } else { decode_long(s, at, lead) }
}

fn decode_long(s: &[u8], at: usize, lead: u8) -> (u32, usize) {
    let tail = |i: usize| u32::from(s[at + i] & 0x3f);
    match sequence_len(lead) {
        2 => (u32::from(lead & 0x1f) << 6 | tail(1), 2),
        3 => (u32::from(lead & 0x0f) << 12 | tail(1) << 6 | tail(2), 3),
        _ => (u32::from(lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
    }
}

/// Code point that ends at byte offset `end` (`end > 0`) and the number of its bytes.
#[inline]
pub fn decode_before(s: &[u8], end: usize) -> (u32, usize) {
    let mut start = end - 1;
    while start > 0 && is_continuation(s[start]) {
        start -= 1;
    }
    decode_at(s, start)
}

/// Byte offset of the code point with index `n`; the length of `s` when `n` is its count, `None` past that.
pub fn byte_offset(s: &[u8], n: usize) -> Option<usize> {
    let mut left = n;
    let mut at = 0;
    // Whole words first: counting 64 bytes at a time lets the compiler use vector instructions.
    while left >= 64 && at + 64 <= s.len() {
        let here = count(&s[at..at + 64]);
        left -= here;
        at += 64;
    }
    while at < s.len() && is_continuation(s[at]) {
        at += 1;
    }
    while left > 0 {
        if at >= s.len() {
            return None;
        }
        at += sequence_len(s[at]);
        left -= 1;
    }
    Some(at)
}

/// Code point with index `n`.
pub fn nth(s: &[u8], n: usize) -> Option<u32> {
    let at = byte_offset(s, n)?;
    (at < s.len()).then(|| decode_at(s, at).0)
}

/// Index of the code point that starts at byte offset `at`.
#[inline]
pub fn index_of_byte(s: &[u8], at: usize) -> usize {
    count(&s[..at])
}

/// Appends the encoding of `cp` (any value up to U+10FFFF, surrogates included).
#[inline]
pub fn push(out: &mut Vec<u8>, cp: u32) {
    if cp < 0x80 {
        out.push(cp as u8);
    } else {
        let (bytes, len) = encode(cp);
        out.extend_from_slice(&bytes[..len]);
    }
}

/// The encoding of `cp` and its length in bytes.
#[inline]
pub fn encode(cp: u32) -> ([u8; 4], usize) {
    let tail = |shift: u32| 0x80 | (cp >> shift & 0x3f) as u8;
    match cp {
        0..=0x7f => ([cp as u8, 0, 0, 0], 1),
        0x80..=0x7ff => ([0xc0 | (cp >> 6) as u8, tail(0), 0, 0], 2),
        0x800..=0xffff => ([0xe0 | (cp >> 12) as u8, tail(6), tail(0), 0], 3),
        _ => ([0xf0 | (cp >> 18 & 7) as u8, tail(12), tail(6), tail(0)], 4),
    }
}

/// The encoding of one code point as a vector.
pub fn encode_vec(cp: u32) -> Vec<u8> {
    let (bytes, len) = encode(cp);
    bytes[..len].to_vec()
}

/// Encodes a sequence of code points.
pub fn from_code_points(cps: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let mut out = Vec::new();
    for cp in cps {
        push(&mut out, cp);
    }
    out
}

/// Whether `cp` is a surrogate.
#[inline]
pub fn is_surrogate(cp: u32) -> bool {
    (0xd800..=0xdfff).contains(&cp)
}

/// Whether `s` holds a surrogate (then it is not UTF-8).
pub fn has_surrogate(s: &[u8]) -> bool {
    find_surrogate(s, 0).is_some()
}

/// Byte offset of the first surrogate at or after `from`.
pub fn find_surrogate(s: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(i) = memchr::memchr(0xed, &s[at..]) {
        let here = at + i;
        if s.get(here + 1).is_some_and(|&b| b >= 0xa0) {
            return Some(here);
        }
        at = here + 1;
    }
    None
}

/// `s` as a `str` when it holds no surrogate.
pub fn as_str(s: &[u8]) -> Option<&str> {
    std::str::from_utf8(s).ok()
}

/// Text for people: surrogates become U+FFFD.
pub fn to_string_lossy(s: &[u8]) -> String {
    let to_char = |cp| char::from_u32(cp).unwrap_or(char::REPLACEMENT_CHARACTER);
    code_points(s).map(to_char).collect()
}

/// Whether `s` is well-formed WTF-8.
pub fn is_valid(s: &[u8]) -> bool {
    let mut rest = s;
    loop {
        let Err(e) = std::str::from_utf8(rest) else { return true };
        let bad = &rest[e.valid_up_to()..];
        match bad {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, tail @ ..] => rest = tail,
            _ => return false,
        }
    }
}

/// Iterates code points from both ends.
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    rest: &'a [u8],
}

/// The code points of `s`.
#[inline]
pub fn code_points(s: &[u8]) -> CodePoints<'_> {
    CodePoints { rest: s }
}

impl<'a> CodePoints<'a> {
    /// The bytes not yet consumed.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.rest.is_empty() {
            return None;
        }
        let (cp, len) = decode_at(self.rest, 0);
        self.rest = &self.rest[len..];
        Some(cp)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len().div_ceil(4), Some(self.rest.len()))
    }
}

impl DoubleEndedIterator for CodePoints<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        if self.rest.is_empty() {
            return None;
        }
        let (cp, len) = decode_before(self.rest, self.rest.len());
        self.rest = &self.rest[..self.rest.len() - len];
        Some(cp)
    }
}

/// Code points with the byte offset at which each starts.
pub fn code_point_offsets(s: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= s.len() {
            return None;
        }
        let (cp, len) = decode_at(s, at);
        let here = at;
        at += len;
        Some((here, cp))
    })
}

/// A slice by code point indices (`start <= end`, clamped to the text).
pub fn slice(s: &[u8], start: usize, end: usize) -> &[u8] {
    let from = byte_offset(s, start).unwrap_or(s.len());
    let len = byte_offset(&s[from..], end.saturating_sub(start)).unwrap_or(s.len() - from);
    &s[from..from + len]
}

/// A slice with a step: code points `start`, `start + step`, ... `n` of them (all within the text).
pub fn slice_step(s: &[u8], start: usize, step: i64, n: usize) -> Vec<u8> {
    let ascii = s.is_ascii();
    let cps: Vec<u32> = if ascii { Vec::new() } else { code_points(s).collect() };
    let mut out = Vec::with_capacity(n);
    let mut at = start as i64;
    for _ in 0..n {
        let i = usize::try_from(at).unwrap_or(usize::MAX);
        match if ascii { s.get(i).map(|&b| u32::from(b)) } else { cps.get(i).copied() } {
            Some(cp) => push(&mut out, cp),
            None => break,
        }
        at = at.wrapping_add(step);
    }
    out
}

/// Code points from one entry of an [`IndexTable`] to the next.
const STRIDE: usize = 64;

/// Byte offsets of every 64th code point of a text: finding a code point costs a short scan.
/// The table belongs to the text it was made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexTable {
    offsets: Vec<u32>,
}

impl IndexTable {
    /// Scans `s`; `None` if it is too long for 32-bit offsets.
    pub fn new(s: &[u8]) -> Option<Self> {
        u32::try_from(s.len()).ok()?;
        let starts = s.iter().enumerate().filter(|(_, b)| !is_continuation(**b));
        let offsets = starts.step_by(STRIDE).map(|(at, _)| at as u32).collect();
        Some(IndexTable { offsets })
    }

    /// Byte offset of the code point with index `n`, as [`byte_offset`].
    pub fn byte_offset(&self, s: &[u8], n: usize) -> Option<usize> {
        let near = (n / STRIDE).min(self.offsets.len().checked_sub(1)?);
        let from = self.offsets[near] as usize;
        byte_offset(&s[from..], n - near * STRIDE).map(|at| from + at)
    }

    /// Index of the code point that starts at byte offset `at`, as [`index_of_byte`].
    pub fn index_of_byte(&self, s: &[u8], at: usize) -> usize {
        let near = self.offsets.partition_point(|&o| o as usize <= at).saturating_sub(1);
        let from = self.offsets.get(near).map_or(0, |&o| o as usize);
        near * STRIDE + count(&s[from..at])
    }

    /// Bytes of memory that the table takes.
    pub fn memory(&self) -> usize {
        self.offsets.capacity() * size_of::<u32>()
    }
}

/// The text with its code points in reverse order.
pub fn reversed(s: &[u8]) -> Vec<u8> {
    from_code_points(code_points(s).rev())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_survive() {
        let s = from_code_points([0x41, 0xd800, 0xdfff, 0x1f600, 0xe9]);
        assert!(is_valid(&s) && has_surrogate(&s) && as_str(&s).is_none());
        assert_eq!(code_points(&s).collect::<Vec<_>>(), [0x41, 0xd800, 0xdfff, 0x1f600, 0xe9]);
        assert_eq!(code_points(&s).rev().collect::<Vec<_>>(), [0xe9, 0x1f600, 0xdfff, 0xd800, 0x41]);
        assert_eq!((count(&s), nth(&s, 3), nth(&s, 5)), (5, Some(0x1f600), None));
        assert_eq!(slice(&s, 1, 3), &from_code_points([0xd800, 0xdfff])[..]);
        assert_eq!(code_points(&reversed(&s)).next(), Some(0xe9));
    }

    #[test]
    fn offsets_in_long_text() {
        let s: Vec<u8> = from_code_points((0..500).map(|i| if i % 3 == 0 { 0x4e00 + i } else { 0x61 }));
        for (n, (at, _)) in code_point_offsets(&s).enumerate() {
            assert_eq!(byte_offset(&s, n), Some(at));
            assert_eq!(index_of_byte(&s, at), n);
        }
        assert_eq!((byte_offset(&s, 500), byte_offset(&s, 501)), (Some(s.len()), None));
        let table = IndexTable::new(&s).unwrap();
        for (n, (at, _)) in code_point_offsets(&s).enumerate() {
            assert_eq!(table.byte_offset(&s, n), Some(at));
            assert_eq!(table.index_of_byte(&s, at), n);
        }
        assert_eq!((table.byte_offset(&s, 500), table.byte_offset(&s, 501)), (Some(s.len()), None));
        assert_eq!(slice_step(&s, 3, -3, 2), from_code_points([0x4e03, 0x4e00]));
    }

    #[test]
    fn invalid_is_seen() {
        assert!(is_valid(b"abc") && is_valid("é€😀".as_bytes()));
        for bad in [&b"\xff"[..], b"\xed\xa0", b"\xc3", b"\xc0\x80", b"\xf5\x80\x80\x80"] {
            assert!(!is_valid(bad), "{bad:?}");
        }
    }
}
