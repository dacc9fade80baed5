//! Texts: str, bytes, bytearray.

pub mod bytearray;
pub mod bytes;
pub mod str;
