//! Tests of compiled code: against the evaluator over an equal heap, and of what only compiled code has.

mod aarch64;
mod flow;
mod fuzz;
mod ops;
mod world;
