//! Functions, modules, and the built-in functions.

pub mod builtins;
pub mod function;
