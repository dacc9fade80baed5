//! The slow, obvious executor of traces: the oracle for optimizer, backends and fuzzers, and a backend on its own.
//!
//! Every value is one 64-bit word: `Int` as it is, `Float` by its bits, `Bool` 0 or 1, `Val` the value word. What
//! needs no heap is computed by [`arith::fold`], which the optimizer shares; everything else is asked of a [`Machine`].
//! An activation is a window of words, one per operation, at the top of one stack, so that a collecting machine can be
//! shown everything the evaluator holds.

pub mod arith;
mod backend;
mod machine;
mod rebuild;
pub mod step;
mod test_machine;

pub use backend::EvalBackend;
pub use machine::Machine;
pub use rebuild::{FrameValues, rebuild};
pub use test_machine::{Callee, ERROR_SHAPE, Event, FLOAT_SHAPE, TestMachine, words};
