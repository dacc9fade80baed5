//! A fuzzer for whole programs: it writes random Python programs, runs them in several
//! modes, many in one process, and demands the same output and exit code from all of them (and from another
//! Python, the oracle, if one is given).
//!
//! Programs come from a seed alone, so a seed is a complete bug report; a failing
//! program is also shrunk, by removing statements for as long as the modes still
//! disagree, and written to a file.
//!
//! What makes the programs worth running: ints around the 62-bit edge, values that
//! change their type, loops nested in loops and calls in both, classes that are changed
//! while they are used, exceptions and generators everywhere. What keeps them short:
//! loops have constant bounds, calls use up a global amount of fuel, and `fit` cuts
//! values that have grown.

pub mod batch;
pub mod drive;
pub mod generate;
pub mod program;
pub mod random;
pub mod shrink;
