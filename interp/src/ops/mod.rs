//! The handlers: what each instruction does, over any engine. An instruction's guards all come before its effects.

pub mod advance;
pub mod arith;
pub mod attr;
pub mod build;
pub mod call;
pub mod compare;
pub mod consume;
pub mod control;
mod delegation;
pub mod exception;
pub mod generator;
pub mod intrinsic;
pub mod item;
pub mod iter;
pub mod name;
pub mod named;
pub mod opaque;
pub mod table;

use crate::vm::PyEngine;
use hoop_bytecode::Instr;
use hoop_engine::Reg;

/// Operand registers of an instruction.
#[inline(always)]
pub fn a(i: Instr) -> Reg {
    Reg(i.a)
}
#[inline(always)]
pub fn b(i: Instr) -> Reg {
    Reg(i.b)
}
#[inline(always)]
pub fn c(i: Instr) -> Reg {
    Reg(i.c)
}

/// Reads the target of the jump instruction that follows (the second half of a test pair or of a `for`).
#[inline(always)]
pub fn peek<E: PyEngine>(e: &mut E) -> Instr {
    decode(e.peek())
}

/// An instruction from its word.
#[inline(always)]
pub fn decode(word: u64) -> Instr {
    // SAFETY: `CodeData::instrs` holds the words of verified instructions, made by `encode`; `Instr` is `repr(C)` with
    // the same fields in the same places.
    unsafe { std::mem::transmute::<u64, Instr>(word) }
}

/// The word of an instruction.
pub fn encode(i: Instr) -> u64 {
    i.op as u16 as u64 | (i.a as u64) << 16 | (i.b as u64) << 32 | (i.c as u64) << 48
}
