//! Integer ranges and known bits: decides comparisons, overflow and bounds checks, and drops masks that change nothing.

use super::{Flow, Pass};
use crate::cx::{Cx, Res};
use crate::range::{Range, SMALL_MAX, SMALL_MIN};
use hoop_ir::{FieldId, MemTy, Op, OpRef, Opcode, Ty};

pub struct Ranges;

/// What an operation's result lies in, if its operands lie in the ranges that `of` gives.
fn transfer(cx: &Cx, op: &Op, of: impl Fn(OpRef) -> Range) -> Range {
    use Opcode::*;
    let two = || (of(op.args[0]), of(op.args[1]));
    match op.code {
        ConstInt => Range::constant(op.imm as i64),
        IntAdd | IntSub | IntMul | IntFloorDiv | IntMod | IntAnd | IntOr | IntXor | IntShl | IntShr => {
            let (a, b) = two();
            arithmetic(op.code, &a, &b)
        }
        IntNot => of(op.args[0]).not(),
        IntNeg => of(op.args[0]).neg(),
        BoolToInt => Range::new(0, 1),
        UntagInt => Range::SMALL,
        GetInt | ItemInt | GetCtx => field_range(cx.descriptors.field_descr(FieldId(op.imm as u32)).mem),
        _ => Range::FULL,
    }
}

fn arithmetic(code: Opcode, a: &Range, b: &Range) -> Range {
    match code {
        Opcode::IntAdd => a.add(b),
        Opcode::IntSub => a.sub(b),
        Opcode::IntMul => a.mul(b),
        Opcode::IntFloorDiv => a.floordiv(b),
        Opcode::IntMod => a.modulo(b),
        Opcode::IntAnd => a.and(b),
        Opcode::IntOr => a.or(b),
        Opcode::IntXor => a.xor(b),
        Opcode::IntShl => a.shl(b),
        Opcode::IntShr => a.shr(b),
        _ => Range::FULL,
    }
}

/// What a field of that type can hold.
pub fn field_range(mem: MemTy) -> Range {
    match mem {
        MemTy::U32 => Range::new(0, u32::MAX as i64),
        MemTy::U16 => Range::new(0, u16::MAX as i64),
        MemTy::U8 => Range::new(0, u8::MAX as i64),
        _ => Range::FULL,
    }
}

/// The outcome of a condition, if the ranges decide it.
fn decide(cx: &Cx, op: &Op) -> Option<bool> {
    use Opcode::*;
    let a = cx.range(op.args[0]);
    if op.code == IntFits {
        let outside = a.lo > SMALL_MAX || a.hi < SMALL_MIN;
        return if a.fits_small() { Some(true) } else { outside.then_some(false) };
    }
    let b = cx.range(op.args[1]);
    match op.code {
        IntEq => a.eq(&b),
        IntNe => a.eq(&b).map(|e| !e),
        IntLt => a.lt(&b),
        IntLe => a.le(&b),
        IntGt => b.lt(&a),
        IntGe => b.le(&a),
        IntUlt => a.ult(&b),
        IntMulFits => a.mul_fits(&b),
        _ => None,
    }
}

/// Simpler forms that are right for these ranges.
fn simplify(cx: &mut Cx, op: &Op) -> Flow {
    let [a, b, _] = op.args;
    match op.code {
        Opcode::IntUlt if cx.range(a).lo >= 0 && cx.range(b).lo >= 0 => {
            Flow::Again(Op { code: Opcode::IntLt, ..*op })
        }
        // Every bit that the mask would clear is clear.
        Opcode::IntAnd if cx.range(a).zeros | cx.range(b).ones == !0 => Flow::Value(a),
        Opcode::IntMod if cx.range(a).lo >= 0 && cx.range(a).hi < cx.range(b).lo => Flow::Value(a),
        Opcode::FloatToInt if cx.code(a) == Opcode::IntToFloat => {
            let whole = cx.arg(a);
            let exact = cx.range(whole).within(&Range { lo: -(1 << 53), hi: 1 << 53, zeros: 0, ones: 0 });
            if exact { Flow::Value(whole) } else { Flow::Keep }
        }
        _ => Flow::Keep,
    }
}

/// From here on the integer is known to lie in this range, too.
fn refine(cx: &mut Cx, r: OpRef, range: Range) {
    if cx.is_constant(r) {
        return;
    }
    let facts = &mut cx.facts[r.index()];
    facts.range = facts.range.meet(&range);
    let now = facts.range;
    // `a + k` in a range puts `a` in a range, where the sum cannot have wrapped.
    let op = *cx.op(r);
    if op.code == Opcode::IntAdd
        && let Some(k) = cx.as_int(op.args[1])
        && cx.range(op.args[0]).fits_small()
        && (SMALL_MIN..=SMALL_MAX).contains(&k)
        && !now.is_empty()
    {
        let (lo, hi) = (now.lo.saturating_sub(k), now.hi.saturating_sub(k));
        let facts = &mut cx.facts[op.args[0].index()];
        facts.range = facts.range.meet(&Range { lo, hi, zeros: 0, ones: 0 });
    }
}

fn at_most(hi: i64) -> Range {
    Range { hi, ..Range::FULL }
}

fn at_least(lo: i64) -> Range {
    Range { lo, ..Range::FULL }
}

fn learn_less(cx: &mut Cx, a: OpRef, b: OpRef, strict: bool) {
    let (ra, rb) = (cx.range(a), cx.range(b));
    refine(cx, a, at_most(rb.hi.saturating_sub(strict as i64)));
    refine(cx, b, at_least(ra.lo.saturating_add(strict as i64)));
}

fn learn_equal(cx: &mut Cx, a: OpRef, b: OpRef) {
    let both = cx.range(a).meet(&cx.range(b));
    refine(cx, a, both);
    refine(cx, b, both);
}

/// A value known to differ from a constant at the end of its range.
fn learn_unequal(cx: &mut Cx, a: OpRef, b: OpRef) {
    let (ra, Some(k)) = (cx.range(a), cx.range(b).as_constant()) else { return };
    if ra.lo == k && k < i64::MAX {
        refine(cx, a, at_least(k + 1));
    }
    if ra.hi == k && k > i64::MIN {
        refine(cx, a, at_most(k - 1));
    }
}

/// What a condition known to hold (or not to) tells of ranges.
pub fn learn_condition(cx: &mut Cx, condition: OpRef, truth: bool) {
    let op = *cx.op(condition);
    let [a, b, _] = op.args;
    match (op.code, truth) {
        (Opcode::IntLt, true) => learn_less(cx, a, b, true),
        (Opcode::IntLt, false) => learn_less(cx, b, a, false),
        (Opcode::IntLe, true) => learn_less(cx, a, b, false),
        (Opcode::IntLe, false) => learn_less(cx, b, a, true),
        (Opcode::IntEq, true) | (Opcode::IntNe, false) => learn_equal(cx, a, b),
        (Opcode::IntEq, false) | (Opcode::IntNe, true) => {
            learn_unequal(cx, a, b);
            learn_unequal(cx, b, a);
        }
        (Opcode::IntFits, true) => refine(cx, a, Range::SMALL),
        (Opcode::IntUlt, true) if cx.range(b).lo >= 0 => {
            refine(cx, a, at_least(0));
            learn_less(cx, a, b, true);
        }
        _ => {}
    }
}

/// Lets go of what guards told: only what the operations themselves tell remains.
pub fn forget_guards(cx: &mut Cx) {
    for facts in &mut cx.facts {
        facts.range = facts.base;
    }
}

impl Pass for Ranges {
    fn name(&self) -> &'static str {
        "ranges"
    }

    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow> {
        match op.code.ty() {
            Ty::Bool if op.code.args().first() == Some(&Ty::Int) => {
                if let Some(b) = decide(cx, op) {
                    return Ok(Flow::Value(cx.bool(b)));
                }
                Ok(simplify(cx, op))
            }
            Ty::Int if !op.code.is_const() => {
                let known = transfer(cx, op, |r| cx.range(r));
                if let Some(k) = known.as_constant() {
                    return Ok(Flow::Value(cx.int(k)));
                }
                Ok(simplify(cx, op))
            }
            _ => Ok(Flow::Keep),
        }
    }

    fn learn(&self, cx: &mut Cx, r: OpRef) -> Res<()> {
        let op = *cx.op(r);
        match op.code {
            Opcode::GuardTrue => learn_condition(cx, op.args[0], true),
            Opcode::GuardFalse => learn_condition(cx, op.args[0], false),
            Opcode::GuardIntIs => learn_equal(cx, op.args[0], op.args[1]),
            // The operation demands that the integer fits.
            Opcode::TagInt => refine(cx, op.args[0], Range::SMALL),
            code if code.ty() == Ty::Int => {
                let range = transfer(cx, &op, |r| cx.range(r));
                let base = transfer(cx, &op, |r| cx.facts(r).base);
                let facts = &mut cx.facts[r.index()];
                facts.range = range;
                facts.base = base;
            }
            _ => {}
        }
        Ok(())
    }
}
