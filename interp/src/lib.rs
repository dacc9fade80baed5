//! The machine: instruction handlers, the step loop, frames, tracebacks, imports, interrupts.
//!
//! `ops` holds the handlers, written once over any engine; [`Python`] is what the tracer knows of this language.
//! [`boot::new_machine`] makes a machine.

pub mod args;
pub mod boot;
pub mod call;
pub mod execution;
pub mod helpers;
pub mod import;
pub mod ops;
pub mod step;
pub mod traceback;

pub use crate::step::Python;
pub use hoop_object::vm::Vm;
