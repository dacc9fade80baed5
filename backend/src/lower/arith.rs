//! Integers, floats and conditions.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use hoop_ir::op::Opcode;
use hoop_ir::stage::BackendError;
use hoop_ir::trace::{Op, OpRef};

use super::{Lower, Lowered};

/// Rounding for machines without an instruction for it.
pub(crate) mod rounding {
    pub(crate) extern "C" fn floor(x: f64) -> f64 {
        x.floor()
    }
    pub(crate) extern "C" fn ceil(x: f64) -> f64 {
        x.ceil()
    }
    pub(crate) extern "C" fn trunc(x: f64) -> f64 {
        x.trunc()
    }
}

impl Lower<'_, '_> {
    pub(super) fn int_op(&mut self, op: &Op) -> Lowered<Value> {
        use Opcode::*;
        if let Some(cc) = int_compare(op.code) {
            let (x, y) = (self.value(op.args[0]), self.value(op.args[1]));
            return Ok(self.b.ins().icmp(cc, x, y));
        }
        let x = self.value(op.args[0]);
        match op.code {
            IntNot => return Ok(self.b.ins().bnot(x)),
            IntNeg => return Ok(self.b.ins().ineg(x)),
            IntFits => return Ok(self.int_fits(x)),
            IntToFloat => return Ok(self.b.ins().fcvt_from_sint(types::F64, x)),
            TagInt => return Ok(self.tag_int(x)),
            IntMul | IntMulFits => return Ok(self.int_mul(op, x)),
            IntFloorDiv => return Ok(self.int_floordiv(op, x)),
            IntMod => return Ok(self.int_mod(op, x)),
            _ => {}
        }
        let y = self.value(op.args[1]);
        Ok(match op.code {
            IntAdd => self.b.ins().iadd(x, y),
            IntSub => self.b.ins().isub(x, y),
            IntAnd => self.b.ins().band(x, y),
            IntOr => self.b.ins().bor(x, y),
            IntXor => self.b.ins().bxor(x, y),
            IntShl => self.b.ins().ishl(x, y),
            IntShr => self.b.ins().sshr(x, y),
            _ => return Err(BackendError::Unsupported("an operation without lowering")),
        })
    }

    /// 63 bits are enough: shifting the top bit out does not change the sign.
    fn int_fits(&mut self, x: Value) -> Value {
        let doubled = self.b.ins().ishl_imm_u(x, 1);
        let differ = self.b.ins().bxor(x, doubled);
        self.b.ins().icmp_imm_s(IntCC::SignedGreaterThanOrEqual, differ, 0)
    }

    /// A product, or whether it fits. Where a trace asks both of the same operands, one multiplication gives both.
    fn int_mul(&mut self, op: &Op, x: Value) -> Value {
        let y = self.value(op.args[1]);
        let key = (op.args[0], op.args[1]);
        let (product, overflow) = match self.traces[self.at].products.get(&key) {
            None => return self.b.ins().imul(x, y),
            Some(&Some(both)) => both,
            Some(None) => {
                let both = self.b.ins().smul_overflow(x, y);
                self.traces[self.at].products.insert(key, Some(both));
                both
            }
        };
        if op.code == Opcode::IntMul {
            return product;
        }
        let doubled = self.b.ins().ishl_imm_u(product, 1);
        let differ = self.b.ins().bxor(product, doubled);
        let top = self.b.ins().ushr_imm_u(differ, 63);
        let overflow = self.b.ins().uextend(types::I64, overflow);
        let bad = self.b.ins().bor(top, overflow);
        self.b.ins().icmp_imm_s(IntCC::Equal, bad, 0)
    }

    /// Quotient rounded to minus infinity.
    fn int_floordiv(&mut self, op: &Op, x: Value) -> Value {
        if let Some(d) = self.const_int(op.args[1]).filter(|&d| d > 0) {
            return self.floordiv_by(x, d as u64);
        }
        let y = self.value(op.args[1]);
        let quotient = self.b.ins().sdiv(x, y);
        let (_, wrong) = self.remainder(x, y, quotient);
        let wrong = self.b.ins().uextend(types::I64, wrong);
        self.b.ins().isub(quotient, wrong)
    }

    /// Remainder with the divisor's sign.
    fn int_mod(&mut self, op: &Op, x: Value) -> Value {
        if let Some(d) = self.const_int(op.args[1]).filter(|&d| d > 0) {
            if (d as u64).is_power_of_two() {
                return self.b.ins().band_imm_s(x, d - 1);
            }
            let quotient = self.floordiv_by(x, d as u64);
            let product = self.b.ins().imul_imm_s(quotient, d);
            return self.b.ins().isub(x, product);
        }
        let y = self.value(op.args[1]);
        let quotient = self.b.ins().sdiv(x, y);
        let (rest, wrong) = self.remainder(x, y, quotient);
        let moved = self.b.ins().iadd(rest, y);
        self.b.ins().select(wrong, moved, rest)
    }

    /// The remainder of truncating division, and whether floor division differs: it is not 0 and its sign is not the
    /// divisor's.
    fn remainder(&mut self, x: Value, y: Value, quotient: Value) -> (Value, Value) {
        let product = self.b.ins().imul(quotient, y);
        let rest = self.b.ins().isub(x, product);
        let inexact = self.b.ins().icmp_imm_s(IntCC::NotEqual, rest, 0);
        let signs = self.b.ins().bxor(rest, y);
        let opposite = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, signs, 0);
        (rest, self.b.ins().band(inexact, opposite))
    }

    /// Floor division by a positive constant without a division: a shift, or a multiplication by the reciprocal.
    ///
    /// For a negative `x`, `floor(x / d) = !floor(!x / d)`, and `!x` is not negative; so only numerators of 63 bits
    /// are multiplied (Granlund and Montgomery, "Division by Invariant Integers using Multiplication", 1994).
    fn floordiv_by(&mut self, x: Value, d: u64) -> Value {
        if d.is_power_of_two() {
            return self.b.ins().sshr_imm_u(x, i64::from(d.trailing_zeros()));
        }
        let (factor, shift) = reciprocal(d);
        let sign = self.b.ins().sshr_imm_u(x, 63);
        let magnitude = self.b.ins().bxor(x, sign);
        let factor = self.word(factor);
        let high = self.b.ins().umulhi(magnitude, factor);
        let quotient = self.b.ins().ushr_imm_u(high, i64::from(shift));
        self.b.ins().bxor(quotient, sign)
    }

    pub(super) fn float_op(&mut self, op: &Op) -> Lowered<Value> {
        use Opcode::*;
        let x = self.value(op.args[0]);
        if let Some(cc) = float_compare(op.code) {
            let y = self.value(op.args[1]);
            return Ok(self.b.ins().fcmp(cc, x, y));
        }
        Ok(match op.code {
            FloatAdd | FloatSub | FloatMul | FloatDiv => {
                let y = self.value(op.args[1]);
                match op.code {
                    FloatAdd => self.b.ins().fadd(x, y),
                    FloatSub => self.b.ins().fsub(x, y),
                    FloatMul => self.b.ins().fmul(x, y),
                    _ => self.b.ins().fdiv(x, y),
                }
            }
            FloatNeg => self.b.ins().fneg(x),
            FloatAbs => self.b.ins().fabs(x),
            FloatSqrt => self.b.ins().sqrt(x),
            FloatFloor | FloatCeil | FloatTrunc => self.round(op.code, x),
            FloatToInt => self.b.ins().fcvt_to_sint_sat(types::I64, x),
            FloatBits => self.b.ins().bitcast(types::I64, MemFlagsData::new(), x),
            BoxFloat => self.box_float(x),
            _ => return Err(BackendError::Unsupported("an operation without lowering")),
        })
    }

    fn round(&mut self, code: Opcode, x: Value) -> Value {
        if !self.env.native_rounding {
            let (function, name): (extern "C" fn(f64) -> f64, _) = match code {
                Opcode::FloatFloor => (rounding::floor, "floor"),
                Opcode::FloatCeil => (rounding::ceil, "ceil"),
                _ => (rounding::trunc, "trunc"),
            };
            self.out.names.add(function as usize as u64, || format!("<{name}>"));
            return self
                .call_native(function as usize, &[x], Some(types::F64))
                .expect("a result was asked for");
        }
        match code {
            Opcode::FloatFloor => self.b.ins().floor(x),
            Opcode::FloatCeil => self.b.ins().ceil(x),
            _ => self.b.ins().trunc(x),
        }
    }

    pub(super) fn bool_op(&mut self, op: &Op) -> Lowered<Value> {
        use Opcode::*;
        let x = self.value(op.args[0]);
        Ok(match op.code {
            BoolNot => self.b.ins().icmp_imm_s(IntCC::Equal, x, 0),
            BoolAnd => {
                let y = self.value(op.args[1]);
                self.b.ins().band(x, y)
            }
            BoolOr => {
                let y = self.value(op.args[1]);
                self.b.ins().bor(x, y)
            }
            BoolToInt => self.b.ins().uextend(types::I64, x),
            BoolToVal => {
                let (yes, no) = (self.word(self.env.heap.true_word), self.word(self.env.heap.false_word));
                self.b.ins().select(x, yes, no)
            }
            _ => return Err(BackendError::Unsupported("an operation without lowering")),
        })
    }

    /// Whether an operation's result is never a heap pointer.
    pub(super) fn is_never_pointer(&self, r: OpRef) -> bool {
        matches!(self.current().op(r).code, Opcode::ConstVal | Opcode::TagInt | Opcode::BoolToVal)
    }
}

/// Factor and shift with `floor(n / d) = (n * factor >> 64) >> shift` for all `n < 2^63`. `d` is no power of two.
fn reciprocal(d: u64) -> (u64, u32) {
    let log = 64 - d.leading_zeros();
    let factor = (1u128 << (63 + log)) / u128::from(d) + 1;
    (factor as u64, log - 1)
}

fn int_compare(code: Opcode) -> Option<IntCC> {
    Some(match code {
        Opcode::IntEq => IntCC::Equal,
        Opcode::IntNe => IntCC::NotEqual,
        Opcode::IntLt => IntCC::SignedLessThan,
        Opcode::IntLe => IntCC::SignedLessThanOrEqual,
        Opcode::IntGt => IntCC::SignedGreaterThan,
        Opcode::IntGe => IntCC::SignedGreaterThanOrEqual,
        Opcode::IntUlt => IntCC::UnsignedLessThan,
        _ => return None,
    })
}

/// Each is false when an operand is NaN, but `!=`, which is then true.
fn float_compare(code: Opcode) -> Option<FloatCC> {
    Some(match code {
        Opcode::FloatEq => FloatCC::Equal,
        Opcode::FloatNe => FloatCC::NotEqual,
        Opcode::FloatLt => FloatCC::LessThan,
        Opcode::FloatLe => FloatCC::LessThanOrEqual,
        Opcode::FloatGt => FloatCC::GreaterThan,
        Opcode::FloatGe => FloatCC::GreaterThanOrEqual,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::reciprocal;

    #[test]
    fn reciprocals_divide() {
        let numerators =
            [0, 1, 2, 9, 10, 99, 12345678901, (1 << 62) - 1, 1 << 62, (1 << 63) - 2, (1 << 63) - 1];
        for d in (3..2000).chain([1_000_000_007, (1 << 40) + 1, (1 << 62) + 1, (1 << 63) - 1]) {
            if u64::is_power_of_two(d) {
                continue;
            }
            let (factor, shift) = reciprocal(d);
            for n in numerators.iter().flat_map(|&n: &u64| [n, n / d * d, (n / d * d).saturating_sub(1)]) {
                let quotient = ((u128::from(n) * u128::from(factor)) >> 64) as u64 >> shift;
                assert_eq!(quotient, n / d, "{n} / {d}");
            }
        }
    }
}
