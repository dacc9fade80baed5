//! Case and character classes.

use super::is_space_byte;

/// `b.lower()`.
pub fn lower(b: &[u8]) -> Vec<u8> {
    b.to_ascii_lowercase()
}

/// `b.upper()`.
pub fn upper(b: &[u8]) -> Vec<u8> {
    b.to_ascii_uppercase()
}

/// `b.swapcase()`.
pub fn swapcase(b: &[u8]) -> Vec<u8> {
    b.iter().map(|c| if c.is_ascii_alphabetic() { c ^ 0x20 } else { *c }).collect()
}

/// `b.capitalize()`.
pub fn capitalize(b: &[u8]) -> Vec<u8> {
    let mut out = b.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// `b.title()`.
pub fn title(b: &[u8]) -> Vec<u8> {
    let mut in_word = false;
    let convert = |&c: &u8| {
        let converted = if in_word { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
        in_word = c.is_ascii_alphabetic();
        converted
    };
    b.iter().map(convert).collect()
}

/// `b.isalpha()`.
pub fn is_alpha(b: &[u8]) -> bool {
    !b.is_empty() && b.iter().all(u8::is_ascii_alphabetic)
}

/// `b.isdigit()`.
pub fn is_digit(b: &[u8]) -> bool {
    !b.is_empty() && b.iter().all(u8::is_ascii_digit)
}

/// `b.isalnum()`.
pub fn is_alnum(b: &[u8]) -> bool {
    !b.is_empty() && b.iter().all(u8::is_ascii_alphanumeric)
}

/// `b.isspace()`.
pub fn is_space(b: &[u8]) -> bool {
    !b.is_empty() && b.iter().all(|&c| is_space_byte(c))
}

/// `b.isascii()`.
pub fn is_ascii(b: &[u8]) -> bool {
    b.is_ascii()
}

/// `b.isupper()`.
pub fn is_upper(b: &[u8]) -> bool {
    b.iter().any(u8::is_ascii_uppercase) && !b.iter().any(u8::is_ascii_lowercase)
}

/// `b.islower()`.
pub fn is_lower(b: &[u8]) -> bool {
    b.iter().any(u8::is_ascii_lowercase) && !b.iter().any(u8::is_ascii_uppercase)
}

/// `b.istitle()`.
pub fn is_title(b: &[u8]) -> bool {
    let (mut found, mut in_word) = (false, false);
    for c in b {
        let letter = c.is_ascii_alphabetic();
        // Within a word only lower case may stand, at its beginning only upper case.
        if letter && in_word == c.is_ascii_uppercase() {
            return false;
        }
        found |= letter;
        in_word = letter;
    }
    found
}
