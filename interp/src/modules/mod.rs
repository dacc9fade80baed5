//! Built-in modules that belong to the interpreter itself.

pub mod sys;
