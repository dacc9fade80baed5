//! Codecs of one byte to a character, given by tables: `_codecs.charmap_decode` and `charmap_encode`.

use super::encode::{Piece, drive};
use super::{DecodeError, EncodeError, EncodeFailure, Replacement};
use crate::wtf8;

const UNDEFINED: &str = "character maps to <undefined>";

/// The entry of a decoding table that stands for "undefined".
pub const UNDEFINED_ENTRY: u32 = 0xfffe;

/// Decodes by a table of code points; bytes past its end, and entries [`UNDEFINED_ENTRY`], are errors.
pub fn charmap_decode<E>(
    input: &[u8],
    table: &[u32],
    on_error: impl FnMut(&DecodeError) -> Result<(Vec<u8>, usize), E>,
) -> Result<Vec<u8>, E> {
    let entry = |byte: u8| match table.get(byte as usize) {
        None | Some(&UNDEFINED_ENTRY) => Ok(None),
        Some(&cp) => Ok(Some(wtf8::encode_vec(cp))),
    };
    charmap_decode_by(input, entry, on_error)
}

/// Decodes by a function that gives the text of a byte, `None` if it is undefined.
pub fn charmap_decode_by<E>(
    input: &[u8],
    mut text_of: impl FnMut(u8) -> Result<Option<Vec<u8>>, E>,
    mut on_error: impl FnMut(&DecodeError) -> Result<(Vec<u8>, usize), E>,
) -> Result<Vec<u8>, E> {
    let mut out = Vec::with_capacity(input.len());
    let mut at = 0;
    while let Some(&byte) = input.get(at) {
        if let Some(text) = text_of(byte)? {
            out.extend_from_slice(&text);
            at += 1;
            continue;
        }
        let error = DecodeError { encoding: "charmap", start: at, end: at + 1, reason: UNDEFINED };
        let (replacement, resume) = on_error(&error)?;
        out.extend_from_slice(&replacement);
        at = resume;
    }
    Ok(out)
}

/// Encodes by a function that gives the bytes of a code point, `None` if it is undefined.
pub fn charmap_encode<E>(
    s: &[u8],
    bytes_of: impl Fn(u32) -> Option<Vec<u8>>,
    on_error: impl FnMut(&EncodeError, &[u32]) -> Result<(Replacement, usize), E>,
) -> Result<Vec<u8>, EncodeFailure<E>> {
    let put = |piece: Piece<'_>, out: &mut Vec<u8>| match piece {
        Piece::Text(text) => {
            for (at, cp) in wtf8::code_point_offsets(text) {
                match bytes_of(cp) {
                    Some(bytes) => out.extend_from_slice(&bytes),
                    None => return Some(at),
                }
            }
            None
        }
        Piece::Bytes(bytes) => {
            out.extend_from_slice(bytes);
            None
        }
    };
    let bad = |rest: &[u8]| wtf8::code_points(rest).take_while(|&cp| bytes_of(cp).is_none()).collect();
    drive("charmap", UNDEFINED, s, Vec::with_capacity(s.len()), put, bad, on_error)
}

/// A mapping for [`charmap_encode`]: the inverse of a decoding table (what `codecs.charmap_build` makes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CharmapInverse {
    /// Pairs of code point and byte, ascending.
    pairs: Vec<(u32, u8)>,
}

impl CharmapInverse {
    /// Inverts a table; of several bytes with one code point the last wins.
    pub fn new(table: &[u32]) -> Self {
        let defined = table.iter().take(256).enumerate().filter(|(_, cp)| **cp != UNDEFINED_ENTRY);
        let mut pairs: Vec<(u32, u8)> = defined.map(|(byte, &cp)| (cp, byte as u8)).collect();
        pairs.sort_by_key(|&(cp, byte)| (cp, std::cmp::Reverse(byte)));
        pairs.dedup_by_key(|pair| pair.0);
        CharmapInverse { pairs }
    }

    /// The byte of a code point.
    pub fn byte_of(&self, cp: u32) -> Option<u8> {
        let i = self.pairs.binary_search_by_key(&cp, |pair| pair.0).ok()?;
        Some(self.pairs[i].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Encoding, Handler};

    #[test]
    fn both_ways() {
        let table = [0x41, 0x20ac, UNDEFINED_ENTRY, 0x62, 0x3f, 0x41];
        let strict = |e: &DecodeError| Err::<(Vec<u8>, usize), _>(e.clone());
        assert_eq!(charmap_decode(&[0, 1, 3], &table, strict).unwrap(), "A\u{20ac}b".as_bytes());
        let e = charmap_decode(&[0, 2], &table, strict).unwrap_err();
        assert_eq!(
            e.message(&[0, 2]),
            "'charmap' codec can't decode byte 0x02 in position 1: character maps to <undefined>"
        );
        let inverse = CharmapInverse::new(&table);
        let bytes_of = |cp| inverse.byte_of(cp).map(|b| vec![b]);
        let with = |h: Handler| {
            charmap_encode("bx\u{e9}A".as_bytes(), bytes_of, |e, bad| h.on_encode(Encoding::Ascii, bad, e))
        };
        assert_eq!(with(Handler::Replace), Ok(vec![3, 4, 4, 5]));
        let strict = EncodeError { encoding: "charmap", start: 1, end: 3, reason: UNDEFINED };
        assert_eq!(with(Handler::Strict), Err(EncodeFailure::Handler(strict.clone())));
        // The replacement needs characters that the table lacks.
        assert_eq!(with(Handler::XmlCharRefReplace), Err(EncodeFailure::Replacement(strict)));
    }
}
