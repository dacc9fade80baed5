//! The trace IR: operations, snapshots, descriptors, text form, verifier, evaluator. It knows no guest language and no
//! machine: a reference constant is an index into a root table, a field is a descriptor.

#![forbid(unsafe_code)]

pub mod builder;
pub mod descr;
pub mod eval;
pub mod filetest;
pub mod fuzz;
pub mod op;
pub mod stage;
pub mod text;
pub mod trace;
pub mod verify;

pub use descr::{CalleeDescr, CalleeId, Descriptors, Effects, FieldDescr, FieldId, MemTy};
pub use op::{Effect, Imm, Opcode, Ty};
pub use stage::*;
pub use trace::*;
