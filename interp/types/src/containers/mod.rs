//! Containers: list, tuple, dict, set, range.

pub mod dict;
pub mod dict_views;
pub mod list;
pub mod range;
pub mod set;
pub mod sort;
pub mod timsort;
pub mod tuple;
pub mod unpack;
