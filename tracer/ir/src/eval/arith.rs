//! The meaning of the operations that need no heap, on words.

use crate::op::Opcode;

/// Whether an integer fits in a small int (63 bits).
pub const fn fits(i: i64) -> bool {
    (i << 1) >> 1 == i
}

/// The word of a small int.
pub const fn tag(i: i64) -> u64 {
    (i as u64) << 1 | 1
}

/// The small int of a word.
pub const fn untag(word: u64) -> i64 {
    word as i64 >> 1
}

/// Whether a word is a small int.
pub const fn is_int(word: u64) -> bool {
    word & 1 == 1
}

/// Rounds to minus infinity; `None` where the operation has no meaning.
pub fn floor_div(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    let inexact = a % b != 0;
    Some(if inexact && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

/// Remainder with the divisor's sign; `None` where the operation has no meaning.
pub fn floor_mod(a: i64, b: i64) -> Option<i64> {
    let rest = a.checked_rem(b)?;
    Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
}

/// The result of a pure operation that needs no heap (constants too: their immediate). `None` for others, and for
/// operands that the operation does not admit (division by zero, shift amounts out of range).
pub fn fold(code: Opcode, imm: u64, args: &[u64]) -> Option<u64> {
    let arg = |i: usize| args.get(i).copied().unwrap_or(0);
    let (a, b) = (arg(0), arg(1));
    int_op(code, a as i64, b as i64)
        .map(|i| i as u64)
        .or_else(|| int_test(code, a as i64, b as i64).map(u64::from))
        .or_else(|| float_op(code, f64::from_bits(a), f64::from_bits(b)).map(f64::to_bits))
        .or_else(|| float_test(code, f64::from_bits(a), f64::from_bits(b)).map(u64::from))
        .or_else(|| conversion(code, imm, a, b))
}

fn int_op(code: Opcode, a: i64, b: i64) -> Option<i64> {
    use Opcode::*;
    let shift = (0..64).contains(&b);
    Some(match code {
        IntAdd => a.wrapping_add(b),
        IntSub => a.wrapping_sub(b),
        IntMul => a.wrapping_mul(b),
        IntFloorDiv => return floor_div(a, b),
        IntMod => return floor_mod(a, b),
        IntAnd => a & b,
        IntOr => a | b,
        IntXor => a ^ b,
        IntShl if shift => a << b,
        IntShr if shift => a >> b,
        IntNot => !a,
        IntNeg => a.wrapping_neg(),
        _ => return None,
    })
}

fn int_test(code: Opcode, a: i64, b: i64) -> Option<bool> {
    use Opcode::*;
    Some(match code {
        IntEq => a == b,
        IntNe => a != b,
        IntLt => a < b,
        IntLe => a <= b,
        IntGt => a > b,
        IntGe => a >= b,
        IntUlt => (a as u64) < b as u64,
        IntFits => fits(a),
        IntMulFits => a.checked_mul(b).is_some_and(fits),
        _ => return None,
    })
}

fn float_op(code: Opcode, a: f64, b: f64) -> Option<f64> {
    use Opcode::*;
    Some(match code {
        FloatAdd => a + b,
        FloatSub => a - b,
        FloatMul => a * b,
        FloatDiv => a / b,
        FloatNeg => -a,
        FloatAbs => a.abs(),
        FloatSqrt => a.sqrt(),
        FloatFloor => a.floor(),
        FloatCeil => a.ceil(),
        FloatTrunc => a.trunc(),
        _ => return None,
    })
}

fn float_test(code: Opcode, a: f64, b: f64) -> Option<bool> {
    use Opcode::*;
    Some(match code {
        FloatEq => a == b,
        FloatNe => a != b,
        FloatLt => a < b,
        FloatLe => a <= b,
        FloatGt => a > b,
        FloatGe => a >= b,
        _ => return None,
    })
}

fn conversion(code: Opcode, imm: u64, a: u64, b: u64) -> Option<u64> {
    use Opcode::*;
    Some(match code {
        ConstInt | ConstFloat | ConstVal => imm,
        IntToFloat => (a as i64 as f64).to_bits(),
        FloatToInt => f64::from_bits(a) as i64 as u64,
        FloatBits | ValBits | BoolToInt => a,
        BoolNot => a ^ 1,
        BoolAnd => a & b,
        BoolOr => a | b,
        TagInt => tag(a as i64),
        UntagInt => untag(a) as u64,
        ValEq => (a == b) as u64,
        ValIsInt => is_int(a) as u64,
        _ => return None,
    })
}
