//! Pure operations worked out on constants.

use crate::range::{SMALL_MAX, SMALL_MIN};
use hoop_ir::Opcode;

/// A constant that folding can compute with.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Const {
    Int(i64),
    Float(f64),
    Bool(bool),
}

use Const::{Bool, Float, Int};

/// The result of a pure operation; `None` where it has none (division by 0) or is not worked out here.
pub fn pure(code: Opcode, a: Const, b: Const) -> Option<Const> {
    match (a, b) {
        (Int(x), Int(y)) => ints(code, x, y),
        (Float(x), Float(y)) => floats(code, x, y),
        (Float(x), _) => float(code, x),
        _ => None,
    }
}

fn ints(code: Opcode, x: i64, y: i64) -> Option<Const> {
    use Opcode::*;
    let small = |product: i128| product >= SMALL_MIN as i128 && product <= SMALL_MAX as i128;
    Some(match code {
        IntAdd => Int(x.wrapping_add(y)),
        IntSub => Int(x.wrapping_sub(y)),
        IntMul => Int(x.wrapping_mul(y)),
        IntFloorDiv => Int(floor_div(x, y)?),
        IntMod => Int(x.wrapping_sub(floor_div(x, y)?.wrapping_mul(y))),
        IntAnd => Int(x & y),
        IntOr => Int(x | y),
        IntXor => Int(x ^ y),
        IntShl if (0..64).contains(&y) => Int(x << y),
        IntShr if (0..64).contains(&y) => Int(x >> y),
        IntNot => Int(!x),
        IntNeg => Int(x.wrapping_neg()),
        IntEq => Bool(x == y),
        IntNe => Bool(x != y),
        IntLt => Bool(x < y),
        IntLe => Bool(x <= y),
        IntGt => Bool(x > y),
        IntGe => Bool(x >= y),
        IntUlt => Bool((x as u64) < y as u64),
        IntFits => Bool((SMALL_MIN..=SMALL_MAX).contains(&x)),
        IntMulFits => Bool(small(x as i128 * y as i128)),
        IntToFloat => Float(x as f64),
        _ => return None,
    })
}

fn floor_div(x: i64, y: i64) -> Option<i64> {
    let quotient = x.checked_div(y)?;
    Some(if x % y != 0 && (x < 0) != (y < 0) { quotient - 1 } else { quotient })
}

fn floats(code: Opcode, x: f64, y: f64) -> Option<Const> {
    use Opcode::*;
    Some(match code {
        FloatAdd => Float(x + y),
        FloatSub => Float(x - y),
        FloatMul => Float(x * y),
        FloatDiv => Float(x / y),
        FloatEq => Bool(x == y),
        FloatNe => Bool(x != y),
        FloatLt => Bool(x < y),
        FloatLe => Bool(x <= y),
        FloatGt => Bool(x > y),
        FloatGe => Bool(x >= y),
        _ => return None,
    })
}

fn float(code: Opcode, x: f64) -> Option<Const> {
    use Opcode::*;
    let in_range = (-9.2e18..9.2e18).contains(&x);
    Some(match code {
        FloatNeg => Float(-x),
        FloatAbs => Float(x.abs()),
        FloatSqrt => Float(x.sqrt()),
        FloatFloor => Float(x.floor()),
        FloatCeil => Float(x.ceil()),
        FloatTrunc => Float(x.trunc()),
        FloatToInt if in_range => Int(x as i64),
        FloatBits => Int(x.to_bits() as i64),
        _ => return None,
    })
}
