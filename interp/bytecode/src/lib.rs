//! Hoop's bytecode: the instruction table, code objects as plain data, their text form, verifier and liveness.
//!
//! A `Code` knows nothing of the heap: constants are descriptions, names are Rust strings. The interpreter turns
//! them into objects when it loads a code object and keeps run-time caches in tables that run parallel to
//! `Code::sites`. Everything about an instruction (its name, operands, what it reads and writes, the reference page)
//! comes from the rows of `table.rs`.

#![forbid(unsafe_code)]

mod code;
mod consts;
mod liveness;
mod op;
mod parse;
mod print;
mod reference;
mod table;
mod verify;

pub use code::{
    Code, CodeFlags, Handler, MAX_REGISTERS, Params, Position, Site, SiteKind, Verified, YieldFrom,
};
pub use consts::Const;
pub use liveness::{Liveness, RegSet};
pub use op::{Field, Instr, Kind, Op, Operand};
pub use parse::{ParseError, parse};
pub use print::{PrintOptions, print};
pub use reference::instruction_reference;
pub use verify::{VerifyError, verify};
