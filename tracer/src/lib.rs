//! The tracer: it runs a guest's frames, finds what is hot, records it, and drives optimizer and backend.
//!
//! ```text
//! driver    runs frames; enters fragments; starts recordings (JitHost)
//!   hot       when to record: thresholds, back-off
//!   record    the engine that executes and writes a trace
//!   compile   recorded trace -> optimizer -> backend -> store
//!   units     warm trees compiled again, each as one unit
//!   store     fragments, headers, exits, and what hangs on what
//!   lifetimes dropping what is invalid, dead or old; roots: what traces refer to
//!   ways      how fragments were entered last
//!   exits     (snapshot, exchange words) -> frames; plain_exit: the short way
//! abi       what compiled code must know of heap and context
//! options, stats, dump: knobs, counters, stage texts
//! ```
//!
//! **What it does not know:** the guest language, and how code is made. A guest is whatever implements
//! [`hoop_engine::Guest`]; optimizer and backend are the two traits of `hoop_ir::stage`.
//!
//! **Re-entrance.** A native function called by a trace or by a recording may run frames of its own, so every method
//! of [`Tracer`] takes `&self`, and no cell is borrowed while guest code, or anything that may collect, runs.

mod abi;
mod compile;
mod door;
mod driver;
mod dump;
pub mod exits;
mod lifetimes;
mod options;
mod plain_exit;
mod record;
mod report;
mod roots;
mod stats;
mod store;
mod units;
mod ways;

pub use abi::heap_abi;
pub use compile::NoOptimizer;
pub use driver::Tracer;
pub use dump::{Dump, Stage};
pub use options::{BackendChoice, OptimizerChoice, Options, OptionsError};
pub use record::{RBool, RFloat, RInt, RVal};
pub use record::{Record, SHAPE_FIELD, register_field};
pub use stats::{Abort, Counters};
