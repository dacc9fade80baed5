//! Laying out a number or text within its width: padding, sign, prefix, grouped digits.

use super::parse::{Align, FormatSpec, Grouping, Sign};
use crate::wtf8;

/// A number written at the end of a text without padding or grouping.
pub(crate) struct Written {
    /// Where its sign begins.
    pub start: usize,
    /// Where its digits begin: `digits[.fraction][rest]`, or a word such as `inf`.
    pub digits: usize,
    /// All of the rest is digits (hexadecimal ones too).
    pub integer: bool,
    /// Digits to a group when grouped: 3, or 4 for binary, octal and hexadecimal.
    pub group: usize,
}

fn push_fill(out: &mut Vec<u8>, fill: u32, n: usize) {
    if n == 0 {
        return;
    }
    if fill < 0x80 {
        out.resize(out.len() + n, fill as u8);
    } else {
        let (bytes, len) = wtf8::encode(fill);
        for _ in 0..n {
            out.extend_from_slice(&bytes[..len]);
        }
    }
}

/// Pads `text` of `chars` code points to `width` ([`Align::AfterSign`] counts as left).
pub fn pad(out: &mut Vec<u8>, text: &[u8], chars: usize, fill: u32, align: Align, width: Option<usize>) {
    let missing = width.unwrap_or(0).saturating_sub(chars);
    let before = match align {
        Align::Right => missing,
        Align::Center => missing / 2,
        Align::Left | Align::AfterSign => 0,
    };
    push_fill(out, fill, before);
    out.extend_from_slice(text);
    push_fill(out, fill, missing - before);
}

/// Inserts `n` fills at a place in the text.
pub(crate) fn insert_fill(out: &mut Vec<u8>, at: usize, fill: u32, n: usize) {
    let end = out.len();
    push_fill(out, fill, n);
    if n > 0 && at < end {
        let inserted = out.len() - end;
        out[at..].rotate_right(inserted);
    }
}

/// Appends `digits` with a separator before every group, after zeros that fill `min_width`.
/// A result never begins with a separator, so it may be one longer than `min_width`.
pub fn push_grouped(out: &mut Vec<u8>, digits: &str, separator: char, group: usize, min_width: usize) {
    let from = out.len();
    out.extend_from_slice(digits.as_bytes());
    let to = out.len();
    group_digits(out, from, to, separator as u8, group, min_width);
}

/// Puts separators and leading zeros among the digits `from..to` of the text, as [`push_grouped`] does.
fn group_digits(out: &mut Vec<u8>, from: usize, to: usize, separator: u8, group: usize, min_width: usize) {
    // Whole groups with their separators, and at least one digit before them, fill the width.
    let filling = min_width / (group + 1) * group + (min_width % (group + 1)).max(1);
    let count = (to - from).max(filling);
    let total = count + (count - 1) / group;
    let old_end = out.len();
    out.resize(old_end + total - (to - from), 0);
    out.copy_within(to..old_end, from + total);
    let (mut read, mut write) = (to, from + total);
    for k in 0..count {
        if k > 0 && k.is_multiple_of(group) {
            write -= 1;
            out[write] = separator;
        }
        write -= 1;
        out[write] = if read > from { out[read - 1] } else { b'0' };
        read = read.saturating_sub(1).max(from);
    }
}

/// Groups a fraction from the decimal point on.
fn push_fraction(out: &mut Vec<u8>, fraction: &[u8], grouping: Grouping) {
    for (i, chunk) in fraction.chunks(3).enumerate() {
        if i > 0 {
            out.push(grouping.separator() as u8);
        }
        out.extend_from_slice(chunk);
    }
}

fn digits_end(text: &[u8], from: usize) -> usize {
    text[from..].iter().position(|b| !b.is_ascii_digit()).map_or(text.len(), |n| from + n)
}

/// Appends the sign that `spec` asks for.
pub(crate) fn push_sign(out: &mut Vec<u8>, negative: bool, sign: Option<Sign>) {
    match (negative, sign) {
        (true, _) => out.push(b'-'),
        (false, Some(Sign::Plus)) => out.push(b'+'),
        (false, Some(Sign::Space)) => out.push(b' '),
        _ => {}
    }
}

/// Groups and pads the number just written as `spec` asks.
pub(crate) fn finish_number(out: &mut Vec<u8>, number: &Written, spec: &FormatSpec) {
    if spec.grouping.is_some() || spec.fraction_grouping.is_some() {
        group_number(out, number, spec);
    }
    let missing = spec.width.unwrap_or(0).saturating_sub(out.len() - number.start);
    if missing > 0 {
        let (left, middle, right) = shares(missing, spec.align);
        push_fill(out, spec.fill, right);
        insert_fill(out, number.digits, spec.fill, middle);
        insert_fill(out, number.start, spec.fill, left);
    }
}

fn group_number(out: &mut Vec<u8>, number: &Written, spec: &FormatSpec) {
    let end = if number.integer { out.len() } else { digits_end(out, number.digits) };
    if let Some(grouping) = spec.fraction_grouping
        && out.get(end) == Some(&b'.')
    {
        let tail = out.split_off(end + 1);
        let digits = digits_end(&tail, 0);
        push_fraction(out, &tail[..digits], grouping);
        out.extend_from_slice(&tail[digits..]);
    }
    if let Some(grouping) = spec.grouping
        && end > number.digits
    {
        let fixed = out.len() - number.start - (end - number.digits);
        let zero_fill = spec.align == Align::AfterSign && spec.fill == u32::from(b'0');
        let min_width = if zero_fill { spec.width.unwrap_or(0).saturating_sub(fixed) } else { 0 };
        group_digits(out, number.digits, end, grouping.separator() as u8, number.group, min_width);
    }
}

/// Padding on the left, after the sign, on the right.
fn shares(missing: usize, align: Align) -> (usize, usize, usize) {
    match align {
        Align::Left => (0, 0, missing),
        Align::Right => (missing, 0, 0),
        Align::Center => (missing / 2, 0, missing - missing / 2),
        Align::AfterSign => (0, missing, 0),
    }
}
