//! Protocols: what attributes, truth, equality, hashes, iteration, operators and calls mean for any object; native
//! functions and how their arguments are bound.

pub mod attr;
pub mod attributes;
pub mod bytes;
pub mod call;
pub mod counting;
pub mod iterators;
pub mod list_slice;
pub mod native;
pub mod order;
pub mod protocol;
pub mod seq;
pub mod sets;
pub mod slice;
pub mod subscript;
pub mod tuples;
