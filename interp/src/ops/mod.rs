//! The handlers: what each instruction does, over any engine. An instruction's guards all come before its effects.

pub mod advance;
pub mod arith;
pub mod attr;
pub mod build;
pub mod call;
pub mod compare;
pub mod consume;
pub mod control;
pub mod delegation;
pub mod exception;
pub mod generator;
pub mod intrinsic;
pub mod item;
pub mod iter;
pub mod name;
pub mod named;
pub mod opaque;
pub mod table;

use hoop_bytecode::Instr;
use hoop_engine::Reg;
use hoop_object::code;
use hoop_object::vm::PyEngine;

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
    code::decode(e.peek())
}
