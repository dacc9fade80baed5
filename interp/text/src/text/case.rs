//! Case conversions of whole texts.

use crate::unicode::{self, Mapped};
use crate::wtf8;

const SIGMA: u32 = 0x3a3;
const SMALL_SIGMA: u32 = 0x3c3;
const FINAL_SIGMA: u32 = 0x3c2;

fn push_mapped(out: &mut Vec<u8>, mapped: Mapped) {
    for &cp in mapped.as_slice() {
        wtf8::push(out, cp);
    }
}

/// Maps each code point by itself.
fn map(s: &[u8], f: impl Fn(u32) -> Mapped) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    for cp in wtf8::code_points(s) {
        push_mapped(&mut out, f(cp));
    }
    out
}

/// Whether the sigma at bytes `at..at + 2` ends a word: a cased letter comes before it and none after it,
/// case-ignorable characters not counted.
fn is_final_sigma(s: &[u8], at: usize) -> bool {
    let relevant = |cp: &u32| !unicode::is_case_ignorable(*cp);
    let before = wtf8::code_points(&s[..at]).rev().find(relevant);
    if !before.is_some_and(unicode::is_cased) {
        return false;
    }
    let after = wtf8::code_points(&s[at + 2..]).find(relevant);
    !after.is_some_and(unicode::is_cased)
}

/// Appends the lower case of the code point at byte `at`.
fn push_lower(out: &mut Vec<u8>, s: &[u8], at: usize, cp: u32) {
    if cp < 0x80 {
        out.push((cp as u8).to_ascii_lowercase());
    } else if cp == SIGMA {
        wtf8::push(out, if is_final_sigma(s, at) { FINAL_SIGMA } else { SMALL_SIGMA });
    } else {
        push_mapped(out, unicode::lower(cp));
    }
}

/// `s.lower()`.
pub fn lower(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() {
        return s.to_ascii_lowercase();
    }
    let mut out = Vec::with_capacity(s.len());
    for (at, cp) in wtf8::code_point_offsets(s) {
        push_lower(&mut out, s, at, cp);
    }
    out
}

/// `s.upper()`.
pub fn upper(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() { s.to_ascii_uppercase() } else { map(s, unicode::upper) }
}

/// `s.casefold()`.
pub fn casefold(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() { s.to_ascii_lowercase() } else { map(s, unicode::fold) }
}

/// `s.capitalize()`.
pub fn capitalize(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() {
        return crate::bytes::capitalize(s);
    }
    let mut out = Vec::with_capacity(s.len());
    for (at, cp) in wtf8::code_point_offsets(s) {
        if at == 0 {
            push_mapped(&mut out, unicode::title(cp));
        } else {
            push_lower(&mut out, s, at, cp);
        }
    }
    out
}

/// `s.title()`.
pub fn title(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() {
        return crate::bytes::title(s);
    }
    let mut out = Vec::with_capacity(s.len());
    let mut in_word = false;
    for (at, cp) in wtf8::code_point_offsets(s) {
        if in_word {
            push_lower(&mut out, s, at, cp);
        } else {
            push_mapped(&mut out, unicode::title(cp));
        }
        in_word = unicode::is_cased(cp);
    }
    out
}

/// `s.swapcase()`.
pub fn swapcase(s: &[u8]) -> Vec<u8> {
    if s.is_ascii() {
        return crate::bytes::swapcase(s);
    }
    let mut out = Vec::with_capacity(s.len());
    for (at, cp) in wtf8::code_point_offsets(s) {
        if unicode::is_upper(cp) {
            push_lower(&mut out, s, at, cp);
        } else if unicode::is_lower(cp) {
            push_mapped(&mut out, unicode::upper(cp));
        } else {
            wtf8::push(&mut out, cp);
        }
    }
    out
}
