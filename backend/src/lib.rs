//! The backend: traces to machine code, by Cranelift.
//!
//! ```text
//! UnitTrace… ──lower──▶ one Cranelift function ──compile──▶ machine code in the arena
//!                                                              │ enter (trampoline)
//!                         exit cells ◀── guards leave through ─┤
//!                         fragment targets ◀── jumps between units
//! ```
//! * `abi`: how units pass values, and how they leave;
//! * `lower`: from a unit of traces to one function;
//! * `arena`: memory for code;
//! * `backend`: [`CraneliftBackend`], which owns units, fragments and exits;
//! * `memory`: the trace evaluator's machine over the same raw memory.
//!
//! It knows no guest language: what it needs of the heap and the context comes as a [`hoop_ir::HeapAbi`].

mod abi;
mod arena;
mod backend;
mod listing;
mod lower;
mod memory;
mod options;
mod stubs;
mod target;
#[cfg(test)]
mod tests;

pub use backend::{CodeRange, CraneliftBackend};
pub use memory::RawMachine;
pub use options::BackendOptions;
