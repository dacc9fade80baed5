//! The built-in classes and functions, by room: a file a class.

pub mod classes;
pub mod containers;
pub mod exceptions;
pub mod functions;
pub mod iterators;
pub mod numbers;
pub mod support;
pub mod text;
