//! Objects: the machine's state, what lies in the heap and how it is reached. Nothing here runs Python code but through
//! the table of hooks, [`hooks::Hooks`].

pub mod bigint;
pub mod cache;
pub mod class;
pub mod code;
pub mod complex;
pub mod dict;
pub mod errors;
pub mod foreign;
pub mod function;
pub mod generator;
pub mod handled;
pub mod hash;
pub mod helpers;
pub mod hooks;
pub mod instance;
pub mod intern;
pub mod interrupts;
mod key;
pub mod kind;
pub mod layout;
pub mod list;
pub mod magnitude;
pub mod module;
pub mod names;
pub mod operator;
pub mod panics;
pub mod quiet;
pub mod rows;
pub mod shape;
pub mod strs;
pub mod text;
pub mod thread;
pub mod tuple;
pub mod typetable;
pub mod vm;

pub use crate::kind::Kind;
