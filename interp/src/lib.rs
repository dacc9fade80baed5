//! The language: objects, operations, frames and the step loop.
//!
//! `ops` holds the instruction handlers, written once over any engine; `types` the built-in classes; `objects` how
//! things lie in the heap. The machine itself is `vm::Vm`.

pub mod args;
pub mod attr;
pub mod call;
pub mod errors;
pub mod hash;
pub mod helpers;
pub mod import;
pub mod modules;
pub mod names;
pub mod native;
pub mod objects;
pub mod operator;
pub mod ops;
pub mod panics;
pub mod protocol;
pub mod step;
pub mod thread;
pub mod traceback;
pub mod types;
pub mod typetable;
pub mod vm;

pub use step::Python;
pub use vm::Vm;
