//! The methods of `bytes` and `bytearray`: letters, digits and white space are ASCII.

mod case;
mod cut;
mod hex;
mod layout;
mod search;

pub use case::{
    capitalize, is_alnum, is_alpha, is_ascii, is_digit, is_lower, is_space, is_title, is_upper, lower,
    swapcase, title, upper,
};
pub use cut::{lstrip, rsplit_whitespace, rstrip, split_whitespace, splitlines, strip};
pub use hex::{FromHexError, from_hex, to_hex};
pub use layout::{center, expandtabs, ljust, repr, rjust, translate, zfill};
pub use search::{count, ends_with, find, replace, rfind, starts_with};

pub use crate::seq::{
    TooLong, contains, join, partition, remove_prefix, remove_suffix, repeat, rpartition, rsplit, split,
};

/// White space of bytes: space, `\t \n \v \f \r`.
#[inline]
pub fn is_space_byte(b: u8) -> bool {
    matches!(b, b' ' | b'\t'..=b'\r')
}
