//! Numbers.

pub mod bool;
pub mod complex;
pub mod float;
pub mod int;
