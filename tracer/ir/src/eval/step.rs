//! One operation at a time, on words: what needs the machine but no trace.

use super::arith;
use super::machine::Machine;
use crate::descr::FieldDescr;
use crate::op::{Opcode, Ty};
use crate::trace::Op;

/// Whether a guard holds.
pub fn guard(m: &dyn Machine, op: &Op, args: [u64; 3], valid_flag: usize) -> bool {
    use Opcode::*;
    match op.code {
        GuardTrue => args[0] != 0,
        GuardFalse => args[0] == 0,
        GuardInt => arith::is_int(args[0]),
        GuardFloat => m.is_float(args[0]),
        GuardShape => m.shape(args[0]) == Some(op.imm as u32),
        GuardBool => <[u64; 2]>::from(m.bool_words()).contains(&args[0]),
        GuardSame | GuardIntIs => args[0] == args[1],
        GuardNoException => !m.pending(),
        GuardException => m.pending(),
        GuardValid => m.valid(valid_flag),
        GuardNoInterrupt => !m.interrupted(),
        other => unreachable!("{} is no guard", other.text()),
    }
}

/// The result of a pure operation (constants excepted).
pub fn pure(m: &dyn Machine, op: &Op, args: [u64; 3]) -> u64 {
    match op.code {
        Opcode::BoxFloat => m.box_float(f64::from_bits(args[0])),
        Opcode::UnboxFloat => m.unbox_float(args[0]).to_bits(),
        Opcode::BoolToVal => boxed(m, Ty::Bool, args[0]),
        code => {
            let result = arith::fold(code, op.imm, &args[..code.args().len()]);
            result.unwrap_or_else(|| panic!("{} has no meaning for {args:?}", code.text()))
        }
    }
}

/// The result of a read.
pub fn read(m: &dyn Machine, op: &Op, f: &FieldDescr, args: [u64; 3]) -> u64 {
    if op.code == Opcode::GetCtx {
        return m.load_ctx(f.offset, f.mem);
    }
    m.load(args[0], place_of(f, if f.array { args[1] } else { 0 }), f.mem)
}

pub fn write(m: &dyn Machine, f: &FieldDescr, args: [u64; 3]) {
    let (index, value) = if f.array { (args[1], args[2]) } else { (0, args[1]) };
    m.store(args[0], place_of(f, index), f.mem, value);
}

/// Bytes from the object's start to the field or item.
pub fn place_of(f: &FieldDescr, index: u64) -> i64 {
    f.offset as i64 + index as i64 * f.mem.size() as i64
}

/// What a word of this type becomes as a value word: how a snapshot's registers are filled.
pub fn boxed(m: &dyn Machine, ty: Ty, word: u64) -> u64 {
    match ty {
        Ty::Int => arith::tag(word as i64),
        Ty::Float => m.box_float(f64::from_bits(word)),
        Ty::Bool => {
            let (no, yes) = m.bool_words();
            if word != 0 { yes } else { no }
        }
        Ty::Val | Ty::Void => word,
    }
}
