//! The `is...` methods.

use crate::unicode;
use crate::wtf8::code_points;

macro_rules! all_of {
    ($($(#[$doc:meta])* $name:ident, $ascii:expr, $property:path;)*) => {
        $($(#[$doc])* pub fn $name(s: &[u8]) -> bool {
            let ascii: fn(&u8) -> bool = $ascii;
            !s.is_empty() && if s.is_ascii() { s.iter().all(ascii) } else { code_points(s).all($property) }
        })*
    };
}

all_of! {
    /// `s.isalpha()`.
    is_alpha, u8::is_ascii_alphabetic, unicode::is_alpha;
    /// `s.isdecimal()`.
    is_decimal, u8::is_ascii_digit, unicode::is_decimal;
    /// `s.isdigit()`.
    is_digit, u8::is_ascii_digit, unicode::is_digit;
    /// `s.isnumeric()`.
    is_numeric, u8::is_ascii_digit, unicode::is_numeric;
    /// `s.isalnum()`.
    is_alnum, u8::is_ascii_alphanumeric, unicode::is_alnum;
    /// `s.isspace()`.
    is_space, |&b| unicode::is_ascii_space(b), unicode::is_space;
}

/// `s.isascii()`.
pub fn is_ascii(s: &[u8]) -> bool {
    s.is_ascii()
}

/// `s.isprintable()`.
pub fn is_printable(s: &[u8]) -> bool {
    code_points(s).all(unicode::is_printable)
}

/// `s.isidentifier()`.
pub fn is_identifier(s: &[u8]) -> bool {
    let mut cps = code_points(s);
    cps.next().is_some_and(unicode::is_identifier_start) && cps.all(unicode::is_identifier_continue)
}

/// `s.isupper()`: at least one upper-case letter, and no cased letter of another kind.
pub fn is_upper(s: &[u8]) -> bool {
    let mut found = false;
    for cp in code_points(s) {
        if unicode::is_lower(cp) || unicode::is_title(cp) {
            return false;
        }
        found |= unicode::is_upper(cp);
    }
    found
}

/// `s.islower()`: at least one lower-case letter, and no cased letter of another kind.
pub fn is_lower(s: &[u8]) -> bool {
    let mut found = false;
    for cp in code_points(s) {
        if unicode::is_upper(cp) || unicode::is_title(cp) {
            return false;
        }
        found |= unicode::is_lower(cp);
    }
    found
}

/// `s.istitle()`: every word begins with an upper- or title-case letter and goes on in lower case.
pub fn is_title(s: &[u8]) -> bool {
    let (mut found, mut in_word) = (false, false);
    for cp in code_points(s) {
        if unicode::is_upper(cp) || unicode::is_title(cp) {
            if in_word {
                return false;
            }
            (found, in_word) = (true, true);
        } else if unicode::is_lower(cp) {
            if !in_word {
                return false;
            }
            found = true;
        } else {
            in_word = false;
        }
    }
    found
}
