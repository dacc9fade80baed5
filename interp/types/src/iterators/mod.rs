//! Iterators and generators.

pub mod generators;
pub mod iter_classes;
