//! Character properties and case mappings as Python's `str` sees them (Unicode 16.0).
//!
//! One two-stage table gives each code point a class: its general category and a set of property bits.
//! Lower and upper case mappings come from the standard library, kept to characters that 16.0 assigns;
//! title case and case folding are small lists of exceptions to those.

mod case;
#[rustfmt::skip]
mod tables;

pub use case::{Mapped, fold, lower, title, upper};
use tables::*;

#[inline]
fn class(cp: u32) -> (u8, u16) {
    let block = STAGE1.get((cp >> 7) as usize).copied().unwrap_or(0);
    CLASSES[STAGE2[block as usize][(cp & 127) as usize] as usize]
}

#[inline]
fn has(cp: u32, bits: u16) -> bool {
    class(cp).1 & bits != 0
}

/// General category, such as `"Lu"`.
pub fn category(cp: u32) -> &'static str {
    CATEGORY_NAMES[class(cp).0 as usize]
}

/// Whether Unicode 16.0 assigns the code point (its category is not `Cn`).
pub fn is_assigned(cp: u32) -> bool {
    class(cp).0 != 0
}

macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident = $bits:expr;)*) => {
        $($(#[$doc])* #[inline] pub fn $name(cp: u32) -> bool { has(cp, $bits) })*
    };
}

properties! {
    /// `str.isalpha` of one character: a letter.
    is_alpha = ALPHA;
    /// `str.isdecimal` of one character: usable in a decimal number.
    is_decimal = DECIMAL;
    /// `str.isdigit` of one character: decimals and such as superscripts.
    is_digit = DIGIT;
    /// `str.isnumeric` of one character: anything with a numeric value.
    is_numeric = NUMERIC;
    /// `str.isalnum` of one character.
    is_alnum = ALPHA | DECIMAL | DIGIT | NUMERIC;
    /// `str.isupper` of one character.
    is_upper = UPPER;
    /// `str.islower` of one character.
    is_lower = LOWER;
    /// A title-case letter such as U+01C5.
    is_title = TITLE;
    /// Upper, lower or title case.
    is_cased = UPPER | LOWER | TITLE;
    /// Ignored when the context of a final sigma is looked at.
    is_case_ignorable = CASE_IGNORABLE;
    /// Shown as itself by `repr`.
    is_printable = PRINTABLE;
    /// May start an identifier (XID_Start or `_`).
    is_identifier_start = XID_START;
    /// May continue an identifier (XID_Continue).
    is_identifier_continue = XID_CONTINUE;
}

/// `str.isspace` of one character.
#[inline]
pub fn is_space(cp: u32) -> bool {
    if cp < 0x80 { is_ascii_space(cp as u8) } else { has(cp, SPACE) }
}

/// White space of `str` below 128: tab..carriage return, the four separators U+1C..U+1F, and space.
#[inline]
pub fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | 0x1c..=0x1f | b' ')
}

/// Line boundary of `str.splitlines`.
#[inline]
pub fn is_line_break(cp: u32) -> bool {
    matches!(cp, 0x0a..=0x0d | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
}

/// Value of a decimal digit of any script.
pub fn decimal_value(cp: u32) -> Option<u8> {
    if cp < 0x80 {
        return (cp as u8).is_ascii_digit().then(|| cp as u8 - b'0');
    }
    let after = DECIMAL_ZEROS.partition_point(|&zero| zero <= cp);
    let value = cp - DECIMAL_ZEROS[after.checked_sub(1)?];
    (value < 10).then_some(value as u8)
}

/// Replaces white space by a space and decimal digits by ASCII ones, as `int()` and `float()` do first.
/// Other characters beyond ASCII become `?`, which no number contains.
pub fn to_ascii_number(s: &[u8]) -> Vec<u8> {
    crate::wtf8::code_points(s)
        .map(|cp| match cp {
            0..=0x7f => cp as u8,
            _ if is_space(cp) => b' ',
            _ => decimal_value(cp).map_or(b'?', |d| b'0' + d),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_of_some() {
        assert_eq!((category(0x41), category(0x378), category(0xd800)), ("Lu", "Cn", "Cs"));
        assert!(is_decimal(0x0665) && !is_decimal(0xb2) && is_digit(0xb2) && is_numeric(0xbd));
        assert!(is_numeric(0x4e00) && is_alpha(0x4e00) && is_space(0x3000) && !is_space(0x200b));
        assert!(is_title(0x1c5) && is_upper(0x2160) && is_lower(0xaa) && !is_printable(0xad));
        assert!(is_identifier_start(0x5f) && is_identifier_continue(0xb7) && !is_identifier_start(0xb7));
        assert_eq!(
            (decimal_value(0x0669), decimal_value(0x66a), decimal_value(0x30)),
            (Some(9), None, Some(0))
        );
    }

    #[test]
    fn unicode_16_and_no_newer() {
        assert!(is_assigned(0x1c89) && is_upper(0x1c89) && is_alpha(0x10d50));
        assert_eq!((upper(0x264).as_slice(), upper(0x19b).as_slice()), (&[0xa7cb][..], &[0xa7dc][..]));
        assert_eq!((upper(0x10d70).as_slice(), lower(0x10d50).as_slice()), (&[0x10d50][..], &[0x10d70][..]));
        assert_eq!(upper(0x3a3).as_slice(), &[0x3a3]);
        assert_eq!(title(0x1c6).as_slice(), &[0x1c5]);
        assert_eq!(fold(0xdf).as_slice(), &[0x73, 0x73]);
        // U+A7CE is assigned since Unicode 17.
        assert!(!is_assigned(0xa7ce) && lower(0xa7ce).as_slice() == [0xa7ce]);
    }
}
