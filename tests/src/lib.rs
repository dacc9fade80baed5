//! What the tests that run whole programs share: finding the `hoop` executable, the
//! modes it is run in, running a process under a time limit, comparing texts, and
//! the random-program fuzzer.
//!
//! A *mode* is a set of options that must not change what a program does: every
//! program gives the same answer in every mode, and that answer is CPython's.

#![forbid(unsafe_code)]

pub mod cases;
pub mod compare;
pub mod counters;
pub mod fuzz;
pub mod modes;
pub mod pool;
pub mod process;
