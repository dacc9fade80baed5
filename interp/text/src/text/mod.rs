//! The methods of `str` over WTF-8.
//!
//! Indices of Python are code points: functions that take or give them say so. Comparison needs no function:
//! the order of WTF-8 byte slices is the order of their code points.

mod case;
mod cut;
mod layout;
mod predicates;
mod quote;
mod search;

pub use case::{capitalize, casefold, lower, swapcase, title, upper};
pub use cut::{lstrip, rsplit_whitespace, rstrip, split_whitespace, splitlines, strip};
pub use layout::{Translated, center, expandtabs, ljust, rjust, translate, zfill};
pub(crate) use layout::{expand, zfill_missing};
pub use predicates::{
    is_alnum, is_alpha, is_ascii, is_decimal, is_digit, is_identifier, is_lower, is_numeric, is_printable,
    is_space, is_title, is_upper,
};
pub use quote::{ascii_of_repr, ascii_str, push_escaped, push_repr_str, repr_str};
pub(crate) use quote::{push_ascii, quote_for};
pub use search::{Text, count, ends_with, find, replace, rfind, starts_with};

pub use crate::seq::{
    TooLong, contains, join, partition, remove_prefix, remove_suffix, repeat, rpartition, rsplit, split,
};
