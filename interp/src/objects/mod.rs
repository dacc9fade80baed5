//! How Python's objects lie in the heap: kinds, layouts, field descriptors, and plain accessors for native code.

pub mod class;
pub mod code;
pub mod dict;
pub mod foreign;
pub mod function;
pub mod handled;
pub mod intern;
pub mod kind;
pub mod layout;
pub mod list;
mod quiet;
pub mod shape;
pub mod text;
pub mod tuple;

pub use kind::Kind;
