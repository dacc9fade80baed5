//! Laying out a number or text within its width: padding, sign, prefix, grouped digits.

use super::parse::{Align, FormatSpec, Grouping, Sign};
use crate::wtf8;

/// A number ready for layout.
pub(crate) struct Body<'a> {
    /// The value is below zero (or a negative zero).
    pub negative: bool,
    /// All of the text is digits (hexadecimal ones too).
    pub integer: bool,
    /// Such as `0x`.
    pub prefix: &'a str,
    /// `digits[.fraction][rest]`, or a word such as `inf`.
    pub text: &'a str,
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

/// Appends `digits` with a separator before every group, after zeros that fill `min_width`.
/// A result never begins with a separator, so it may be one longer than `min_width`.
pub fn push_grouped(out: &mut Vec<u8>, digits: &str, separator: char, group: usize, min_width: usize) {
    let mut remaining = digits.len() as isize;
    let mut wanted = min_width as isize;
    let mut reversed = Vec::with_capacity(digits.len() * 4 / 3 + 2);
    loop {
        let len = (group as isize).min(remaining.max(wanted).max(1));
        let taken = len.min(remaining);
        let from = (remaining - taken) as usize;
        reversed.extend(digits.as_bytes()[from..remaining as usize].iter().rev());
        reversed.resize(reversed.len() + (len - taken) as usize, b'0');
        remaining -= taken;
        wanted -= len;
        if remaining <= 0 && wanted <= 0 {
            break;
        }
        reversed.push(separator as u8);
        wanted -= 1;
    }
    out.extend(reversed.iter().rev());
}

/// Groups a fraction from the decimal point on.
fn push_fraction(out: &mut Vec<u8>, fraction: &str, grouping: Option<Grouping>) {
    let Some(grouping) = grouping else { return out.extend_from_slice(fraction.as_bytes()) };
    for (i, chunk) in fraction.as_bytes().chunks(3).enumerate() {
        if i > 0 {
            out.push(grouping.separator() as u8);
        }
        out.extend_from_slice(chunk);
    }
}

/// Cuts `digits[.fraction]rest` into digits and everything after them, the fraction grouped.
fn split_body(text: &str, grouping: Option<Grouping>) -> (&str, Vec<u8>) {
    let digits_end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(digits_end);
    let mut tail = Vec::with_capacity(rest.len());
    match rest.strip_prefix('.') {
        None => tail.extend_from_slice(rest.as_bytes()),
        Some(after) => {
            let end = after.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(after.len());
            tail.push(b'.');
            push_fraction(&mut tail, &after[..end], grouping);
            tail.extend_from_slice(&after.as_bytes()[end..]);
        }
    }
    (digits, tail)
}

/// Appends a number as `spec` asks.
pub(crate) fn push_number(out: &mut Vec<u8>, body: &Body<'_>, spec: &FormatSpec) {
    let sign: &[u8] = match (body.negative, spec.sign) {
        (true, _) => b"-",
        (false, Some(Sign::Plus)) => b"+",
        (false, Some(Sign::Space)) => b" ",
        _ => b"",
    };
    if spec.grouping.is_none() && spec.fraction_grouping.is_none() {
        return push_ungrouped(out, sign, body, spec);
    }
    let (digits, tail) =
        if body.integer { (body.text, Vec::new()) } else { split_body(body.text, spec.fraction_grouping) };
    let fixed = sign.len() + body.prefix.len() + tail.len();
    let width = spec.width.unwrap_or(0);
    let zero_fill = spec.align == Align::AfterSign && spec.fill == u32::from(b'0');
    let mut grouped = Vec::new();
    match spec.grouping {
        Some(g) if !digits.is_empty() => {
            let min_width = if zero_fill { width.saturating_sub(fixed) } else { 0 };
            push_grouped(&mut grouped, digits, g.separator(), body.group, min_width);
        }
        _ => grouped.extend_from_slice(digits.as_bytes()),
    }
    let missing = width.saturating_sub(fixed + grouped.len());
    let (left, middle, right) = shares(missing, spec.align);
    out.reserve(fixed + grouped.len() + missing);
    push_fill(out, spec.fill, left);
    out.extend_from_slice(sign);
    out.extend_from_slice(body.prefix.as_bytes());
    push_fill(out, spec.fill, middle);
    out.extend_from_slice(&grouped);
    out.extend_from_slice(&tail);
    push_fill(out, spec.fill, right);
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

/// The usual case: the text of the number needs no separators.
fn push_ungrouped(out: &mut Vec<u8>, sign: &[u8], body: &Body<'_>, spec: &FormatSpec) {
    let len = sign.len() + body.prefix.len() + body.text.len();
    let missing = spec.width.unwrap_or(0).saturating_sub(len);
    let (left, middle, right) = shares(missing, spec.align);
    out.reserve(len + missing);
    push_fill(out, spec.fill, left);
    out.extend_from_slice(sign);
    out.extend_from_slice(body.prefix.as_bytes());
    push_fill(out, spec.fill, middle);
    out.extend_from_slice(body.text.as_bytes());
    push_fill(out, spec.fill, right);
}
