//! Classes: object, type, unions, generic aliases.

pub mod class;
pub mod descriptors;
pub mod generic_alias;
pub mod object;
pub mod union;
