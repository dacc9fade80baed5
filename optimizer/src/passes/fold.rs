//! Folding: operations on constants are worked out, and named rewrite rules make operations simpler.
//!
//! A rule looks at one operation and the operations that made its operands, and answers what to do instead; it only
//! goes downhill (fewer or cheaper operations, or a form that the other rules know: constants on the right, no `int_gt`
//! and `int_ge`). Rules are tried in order; the first that answers wins. Each has a name, counted when it fires, and
//! the test-suite fails on a rule that never does.

use super::{Flow, Pass};
use crate::cx::{Cx, Res};
use crate::eval;
use crate::word;
use hoop_ir::{Effect, Op, OpRef, Opcode};

pub struct Fold;

type Answer = Option<Flow>;
type Rule = (&'static str, Opcode, fn(&mut Cx, &Op) -> Answer);

macro_rules! rules {
    ($( $name:ident: $code:ident => $body:expr; )*) => {
        /// Every rule: name, operation, rewrite.
        pub static RULES: &[Rule] = &[ $( (stringify!($name), Opcode::$code, $body), )* ];
    };
}

/// For each operation the range of its rules in [`RULES`] (they stand together there).
const fn index_rules() -> [(u16, u16); 256] {
    let mut table = [(0u16, 0u16); 256];
    let mut i = 0;
    while i < RULES_BY_CODE.len() {
        let code = RULES_BY_CODE[i] as usize;
        if table[code].1 == 0 {
            table[code].0 = i as u16;
        }
        table[code].1 = i as u16 + 1;
        i += 1;
    }
    table
}

macro_rules! rule_table {
    ($( $name:ident: $code:ident => $body:expr; )*) => {
        const RULES_BY_CODE: &[Opcode] = &[ $( Opcode::$code, )* ];
        rules! { $( $name: $code => $body; )* }
    };
}

static INDEX: [(u16, u16); 256] = index_rules();

// In every rule `o` is the operation, `x` and `y` its operands.
rule_table! {
    add_constant_right: IntAdd => constant_right;
    add_zero: IntAdd => |c, o| value_if(c.as_int(y(o)) == Some(0), x(o));
    add_add: IntAdd => |c, o| reassociate(c, o, i64::wrapping_add);
    add_of_sub: IntAdd => |c, o| value_if(c.code(x(o)) == Opcode::IntSub && c.op(x(o)).args[1] == y(o), c.arg(x(o)));
    sub_zero: IntSub => |c, o| value_if(c.as_int(y(o)) == Some(0), x(o));
    sub_same: IntSub => |c, o| if x(o) == y(o) { int(c, 0) } else { None };
    sub_constant: IntSub => |c, o| { let k = c.as_int(y(o))?; let k = c.int(k.wrapping_neg()); again(Opcode::IntAdd, x(o), k) };
    sub_from_zero: IntSub => |c, o| if c.as_int(x(o)) == Some(0) { again1(Opcode::IntNeg, y(o)) } else { None };
    sub_of_add: IntSub => |c, o| sub_of_add(c, o);
    mul_constant_right: IntMul => constant_right;
    mul_zero: IntMul => |c, o| value_if(c.as_int(y(o)) == Some(0), y(o));
    mul_one: IntMul => |c, o| value_if(c.as_int(y(o)) == Some(1), x(o));
    mul_minus_one: IntMul => |c, o| if c.as_int(y(o)) == Some(-1) { again1(Opcode::IntNeg, x(o)) } else { None };
    mul_power_of_two: IntMul => |c, o| { let n = c.int(power_of_two(c.as_int(y(o))?)?); again(Opcode::IntShl, x(o), n) };
    floordiv_one: IntFloorDiv => |c, o| value_if(c.as_int(y(o)) == Some(1), x(o));
    floordiv_power_of_two: IntFloorDiv => |c, o| { let n = c.int(power_of_two(c.as_int(y(o))?)?); again(Opcode::IntShr, x(o), n) };
    mod_one: IntMod => |c, o| if c.as_int(y(o)) == Some(1) { int(c, 0) } else { None };
    mod_power_of_two: IntMod => |c, o| { let k = c.as_int(y(o))?; power_of_two(k)?; let mask = c.int(k - 1); again(Opcode::IntAnd, x(o), mask) };
    and_constant_right: IntAnd => constant_right;
    and_zero: IntAnd => |c, o| value_if(c.as_int(y(o)) == Some(0), y(o));
    and_ones: IntAnd => |c, o| value_if(c.as_int(y(o)) == Some(-1), x(o));
    and_same: IntAnd => |_, o| value_if(x(o) == y(o), x(o));
    and_and: IntAnd => |c, o| reassociate(c, o, |a, b| a & b);
    or_constant_right: IntOr => constant_right;
    or_zero: IntOr => |c, o| value_if(c.as_int(y(o)) == Some(0), x(o));
    or_ones: IntOr => |c, o| value_if(c.as_int(y(o)) == Some(-1), y(o));
    or_same: IntOr => |_, o| value_if(x(o) == y(o), x(o));
    or_or: IntOr => |c, o| reassociate(c, o, |a, b| a | b);
    xor_constant_right: IntXor => constant_right;
    xor_zero: IntXor => |c, o| value_if(c.as_int(y(o)) == Some(0), x(o));
    xor_ones: IntXor => |c, o| if c.as_int(y(o)) == Some(-1) { again1(Opcode::IntNot, x(o)) } else { None };
    xor_same: IntXor => |c, o| if x(o) == y(o) { int(c, 0) } else { None };
    xor_xor: IntXor => |c, o| reassociate(c, o, |a, b| a ^ b);
    shl_zero: IntShl => |c, o| value_if(c.as_int(y(o)) == Some(0) || c.as_int(x(o)) == Some(0), x(o));
    shr_zero: IntShr => |c, o| value_if(c.as_int(y(o)) == Some(0) || c.as_int(x(o)) == Some(0), x(o));
    shr_shr: IntShr => |c, o| shr_shr(c, o);
    not_not: IntNot => |c, o| inverse(c, o);
    neg_neg: IntNeg => |c, o| inverse(c, o);
    neg_sub: IntNeg => |c, o| if c.code(x(o)) == Opcode::IntSub { let s = *c.op(x(o)); again(Opcode::IntSub, y(&s), x(&s)) } else { None };
    eq_constant_right: IntEq => constant_right;
    eq_same: IntEq => |c, o| if x(o) == y(o) { boolean(c, true) } else { None };
    eq_of_bool: IntEq => |c, o| bool_compare(c, o, false);
    eq_of_add: IntEq => |c, o| compare_of_add(c, o);
    ne_constant_right: IntNe => constant_right;
    ne_same: IntNe => |c, o| if x(o) == y(o) { boolean(c, false) } else { None };
    ne_of_bool: IntNe => |c, o| bool_compare(c, o, true);
    ne_of_add: IntNe => |c, o| compare_of_add(c, o);
    lt_same: IntLt => |c, o| if x(o) == y(o) { boolean(c, false) } else { None };
    le_same: IntLe => |c, o| if x(o) == y(o) { boolean(c, true) } else { None };
    gt_to_lt: IntGt => |_, o| again(Opcode::IntLt, y(o), x(o));
    ge_to_le: IntGe => |_, o| again(Opcode::IntLe, y(o), x(o));
    ult_same: IntUlt => |c, o| if x(o) == y(o) { boolean(c, false) } else { None };
    ult_zero: IntUlt => |c, o| if c.as_int(y(o)) == Some(0) { boolean(c, false) } else { None };
    ult_one: IntUlt => |c, o| if c.as_int(y(o)) == Some(1) { again(Opcode::IntEq, x(o), Cx::ZERO) } else { None };
    fits_of_untag: IntFits => |c, o| if c.code(x(o)) == Opcode::UntagInt { boolean(c, true) } else { None };
    mul_fits_constant_right: IntMulFits => constant_right;
    mul_fits_one: IntMulFits => |c, o| if c.as_int(y(o)) == Some(1) { again1(Opcode::IntFits, x(o)) } else { None };
    mul_fits_zero: IntMulFits => |c, o| if c.as_int(y(o)) == Some(0) { boolean(c, true) } else { None };
    fadd_minus_zero: FloatAdd => |c, o| value_if(is_bits(c, y(o), -0.0), x(o));
    fsub_zero: FloatSub => |c, o| value_if(is_bits(c, y(o), 0.0), x(o));
    fmul_one: FloatMul => |c, o| value_if(is_bits(c, y(o), 1.0), x(o));
    fmul_one_left: FloatMul => |c, o| value_if(is_bits(c, x(o), 1.0), y(o));
    fmul_minus_one: FloatMul => |c, o| if is_bits(c, y(o), -1.0) { again1(Opcode::FloatNeg, x(o)) } else { None };
    fmul_two: FloatMul => |c, o| if is_bits(c, y(o), 2.0) { again(Opcode::FloatAdd, x(o), x(o)) } else { None };
    fdiv_one: FloatDiv => |c, o| value_if(is_bits(c, y(o), 1.0), x(o));
    fdiv_power_of_two: FloatDiv => |c, o| { let k = c.float(exact_reciprocal(c.as_float(y(o))?)?); again(Opcode::FloatMul, x(o), k) };
    fneg_neg: FloatNeg => |c, o| inverse(c, o);
    fabs_abs: FloatAbs => |c, o| value_if(c.code(x(o)) == Opcode::FloatAbs, x(o));
    fabs_neg: FloatAbs => |c, o| if c.code(x(o)) == Opcode::FloatNeg { again1(Opcode::FloatAbs, c.arg(x(o))) } else { None };
    floor_whole: FloatFloor => |c, o| value_if(is_whole(c, x(o)), x(o));
    ceil_whole: FloatCeil => |c, o| value_if(is_whole(c, x(o)), x(o));
    trunc_whole: FloatTrunc => |c, o| value_if(is_whole(c, x(o)), x(o));
    fgt_to_lt: FloatGt => |_, o| again(Opcode::FloatLt, y(o), x(o));
    fge_to_le: FloatGe => |_, o| again(Opcode::FloatLe, y(o), x(o));
    bool_not_constant: BoolNot => |c, o| { let b = c.as_bool(x(o))?; boolean(c, !b) };
    bool_not_not: BoolNot => |c, o| inverse(c, o);
    bool_not_compare: BoolNot => |c, o| negated_compare(c, x(o));
    bool_and_constant: BoolAnd => |c, o| bool_lattice(c, o, false);
    bool_and_same: BoolAnd => |_, o| value_if(x(o) == y(o), x(o));
    bool_or_constant: BoolOr => |c, o| bool_lattice(c, o, true);
    bool_or_same: BoolOr => |_, o| value_if(x(o) == y(o), x(o));
    bool_to_int_constant: BoolToInt => |c, o| { let b = c.as_bool(x(o))?; int(c, b as i64) };
    bool_to_val_constant: BoolToVal => |c, o| { let w = c.options.words.bool(c.as_bool(x(o))?); Some(Flow::Value(c.word(w))) };
    tag_of_untag: TagInt => |c, o| value_if(c.code(x(o)) == Opcode::UntagInt, c.arg(x(o)));
    tag_constant: TagInt => |c, o| { let w = word::tag(c.as_int(x(o))?)?; Some(Flow::Value(c.word(w))) };
    untag_of_tag: UntagInt => |c, o| value_if(c.code(x(o)) == Opcode::TagInt, c.arg(x(o)));
    untag_constant: UntagInt => |c, o| { let w = c.as_word(x(o))?; int(c, word::untag(w)) };
    box_of_unbox: BoxFloat => |c, o| value_if(c.code(x(o)) == Opcode::UnboxFloat, c.arg(x(o)));
    box_constant: BoxFloat => |c, o| { let w = word::float_word(c.as_float(x(o))?)?; Some(Flow::Value(c.word(w))) };
    unbox_of_box: UnboxFloat => |c, o| value_if(c.code(x(o)) == Opcode::BoxFloat, c.arg(x(o)));
    unbox_constant: UnboxFloat => |c, o| { let w = c.as_word(x(o))?; if w & 3 == 2 { let f = c.float(word::word_float(w)); Some(Flow::Value(f)) } else { None } };
    val_eq_constant_right: ValEq => constant_right;
    val_eq_same: ValEq => |c, o| if x(o) == y(o) { boolean(c, true) } else { None };
    val_eq_constants: ValEq => |c, o| if c.code(x(o)).is_const() && c.code(y(o)).is_const() { let same = x(o) == y(o); boolean(c, same) } else { None };
    val_eq_ints: ValEq => |c, o| val_eq_ints(c, o);
    val_eq_bool: ValEq => |c, o| val_eq_bool(c, o);
    val_is_int_tagged: ValIsInt => |c, o| if c.code(x(o)) == Opcode::TagInt { boolean(c, true) } else { None };
    val_is_int_constant: ValIsInt => |c, o| { let w = c.as_word(x(o))?; boolean(c, w & 1 == 1) };
    guard_true_not: GuardTrue => |c, o| guard_not(c, o, Opcode::GuardFalse);
    guard_true_val_eq: GuardTrue => |c, o| guard_val_eq(c, o);
    guard_true_int_eq: GuardTrue => |c, o| guard_int_eq(c, o, Opcode::IntEq);
    guard_false_not: GuardFalse => |c, o| guard_not(c, o, Opcode::GuardTrue);
    guard_false_int_ne: GuardFalse => |c, o| guard_int_eq(c, o, Opcode::IntNe);
    guard_same_bool: GuardSame => |c, o| guard_same_bool(c, o);
    guard_same_int: GuardSame => |c, o| guard_same_int(c, o);
    cond_call_constant: CondCall => |c, o| cond_call(c, o);
}

fn x(o: &Op) -> OpRef {
    o.args[0]
}

fn y(o: &Op) -> OpRef {
    o.args[1]
}

fn value_if(condition: bool, r: OpRef) -> Answer {
    condition.then_some(Flow::Value(r))
}

fn int(c: &mut Cx, i: i64) -> Answer {
    Some(Flow::Value(c.int(i)))
}

fn boolean(c: &Cx, b: bool) -> Answer {
    Some(Flow::Value(c.bool(b)))
}

fn again(code: Opcode, a: OpRef, b: OpRef) -> Answer {
    Some(Flow::Again(Op { args: [a, b, OpRef::NONE], ..Op::new(code) }))
}

fn again1(code: Opcode, a: OpRef) -> Answer {
    again(code, a, OpRef::NONE)
}

/// Swaps the operands of a commutative operation if only the left one is constant.
fn constant_right(c: &mut Cx, o: &Op) -> Answer {
    let swap = c.is_constant(x(o)) && !c.is_constant(y(o));
    swap.then(|| Flow::Again(Op { args: [y(o), x(o), OpRef::NONE], ..*o }))
}

/// `(a . k1) . k2` as `a . (k1 . k2)`.
fn reassociate(c: &mut Cx, o: &Op, join: fn(i64, i64) -> i64) -> Answer {
    let outer = c.as_int(y(o))?;
    let left = *c.op(x(o));
    if left.code != o.code {
        return None;
    }
    let k = join(c.as_int(left.args[1])?, outer);
    let k = c.int(k);
    again(o.code, left.args[0], k)
}

/// `(a + b) - b` is `a`, and `(a + b) - a` is `b`.
fn sub_of_add(c: &mut Cx, o: &Op) -> Answer {
    let left = *c.op(x(o));
    if left.code != Opcode::IntAdd {
        return None;
    }
    if left.args[1] == y(o) {
        return Some(Flow::Value(left.args[0]));
    }
    value_if(left.args[0] == y(o), left.args[1])
}

fn shr_shr(c: &mut Cx, o: &Op) -> Answer {
    let left = *c.op(x(o));
    if left.code != Opcode::IntShr {
        return None;
    }
    let amount = (c.as_int(left.args[1])? + c.as_int(y(o))?).min(63);
    let amount = c.int(amount);
    again(Opcode::IntShr, left.args[0], amount)
}

/// The operation twice is nothing.
fn inverse(c: &mut Cx, o: &Op) -> Answer {
    value_if(c.code(x(o)) == o.code, c.arg(x(o)))
}

/// The exponent of a power of two above 1.
fn power_of_two(k: i64) -> Option<i64> {
    (k > 1 && k & (k - 1) == 0).then(|| k.trailing_zeros() as i64)
}

/// 1/k where that is exact for every product: powers of two with a normal reciprocal.
fn exact_reciprocal(k: f64) -> Option<f64> {
    let exact = k.is_normal() && k.to_bits() & ((1 << 52) - 1) == 0 && (1.0 / k).is_normal();
    exact.then(|| 1.0 / k)
}

fn is_bits(c: &Cx, r: OpRef, f: f64) -> bool {
    c.as_float(r).is_some_and(|g| g.to_bits() == f.to_bits())
}

/// The float has no fraction (or is infinite or not a number).
fn is_whole(c: &Cx, r: OpRef) -> bool {
    use Opcode::*;
    matches!(c.code(r), IntToFloat | FloatFloor | FloatCeil | FloatTrunc)
}

/// `bool_to_int b` compared with 0 or 1. `unequal`: by `int_ne`.
fn bool_compare(c: &mut Cx, o: &Op, unequal: bool) -> Answer {
    let k @ 0..=1 = c.as_int(y(o))? else { return None };
    if c.code(x(o)) != Opcode::BoolToInt {
        return None;
    }
    let b = c.arg(x(o));
    if (k == 1) != unequal { Some(Flow::Value(b)) } else { again1(Opcode::BoolNot, b) }
}

/// `a + k1` compared with `k2` for equality.
fn compare_of_add(c: &mut Cx, o: &Op) -> Answer {
    let k = c.as_int(y(o))?;
    let left = *c.op(x(o));
    if left.code != Opcode::IntAdd {
        return None;
    }
    let k = k.wrapping_sub(c.as_int(left.args[1])?);
    let k = c.int(k);
    again(o.code, left.args[0], k)
}

/// The comparison with the opposite outcome. (Floats have one only for equality: NaN.)
fn negated_compare(c: &mut Cx, r: OpRef) -> Answer {
    let compare = *c.op(r);
    let (a, b) = (compare.args[0], compare.args[1]);
    match compare.code {
        Opcode::IntEq => again(Opcode::IntNe, a, b),
        Opcode::IntNe => again(Opcode::IntEq, a, b),
        Opcode::IntLt => again(Opcode::IntLe, b, a),
        Opcode::IntLe => again(Opcode::IntLt, b, a),
        Opcode::FloatEq => again(Opcode::FloatNe, a, b),
        Opcode::FloatNe => again(Opcode::FloatEq, a, b),
        _ => None,
    }
}

/// `bool_and` (absorbing false) and `bool_or` (absorbing true) with a constant operand.
fn bool_lattice(c: &mut Cx, o: &Op, absorbing: bool) -> Answer {
    let (known, other) = match (c.as_bool(x(o)), c.as_bool(y(o))) {
        (Some(b), _) => (b, y(o)),
        (_, Some(b)) => (b, x(o)),
        _ => return None,
    };
    Some(Flow::Value(if known == absorbing { c.bool(absorbing) } else { other }))
}

fn val_eq_ints(c: &mut Cx, o: &Op) -> Answer {
    if c.code(x(o)) != Opcode::TagInt {
        return None;
    }
    let right = match c.as_word(y(o)) {
        Some(w) if w & 1 == 1 => c.int(word::untag(w)),
        Some(_) => return boolean(c, false),
        None if c.code(y(o)) == Opcode::TagInt => c.arg(y(o)),
        None => return None,
    };
    again(Opcode::IntEq, c.arg(x(o)), right)
}

fn val_eq_bool(c: &mut Cx, o: &Op) -> Answer {
    if c.code(x(o)) != Opcode::BoolToVal {
        return None;
    }
    let (word, words) = (c.as_word(y(o))?, c.options.words);
    let b = c.arg(x(o));
    match word {
        w if w == words.true_word => Some(Flow::Value(b)),
        w if w == words.false_word => again1(Opcode::BoolNot, b),
        _ => boolean(c, false),
    }
}

/// A guard on a negation is the other guard.
fn guard_not(c: &mut Cx, o: &Op, other: Opcode) -> Answer {
    let not = c.code(x(o)) == Opcode::BoolNot;
    not.then(|| Flow::Again(Op { code: other, args: [c.arg(x(o)), OpRef::NONE, OpRef::NONE], ..*o }))
}

/// Guarding that a value equals a constant is `guard_same`.
fn guard_val_eq(c: &mut Cx, o: &Op) -> Answer {
    let eq = *c.op(x(o));
    let same = eq.code == Opcode::ValEq && c.code(eq.args[1]).is_const();
    same.then_some(Flow::Again(Op { code: Opcode::GuardSame, args: eq.args, ..*o }))
}

/// Guarding that an integer equals a constant is `guard_int_is`.
fn guard_int_eq(c: &mut Cx, o: &Op, code: Opcode) -> Answer {
    let eq = *c.op(x(o));
    let same = eq.code == code && c.as_int(eq.args[1]).is_some();
    same.then_some(Flow::Again(Op { code: Opcode::GuardIntIs, args: eq.args, ..*o }))
}

/// `guard_same` of a boxed condition and a truth value.
fn guard_same_bool(c: &mut Cx, o: &Op) -> Answer {
    if c.code(x(o)) != Opcode::BoolToVal {
        return None;
    }
    let (word, words) = (c.as_word(y(o))?, c.options.words);
    let code = match word {
        w if w == words.true_word => Opcode::GuardTrue,
        w if w == words.false_word => Opcode::GuardFalse,
        _ => return None,
    };
    Some(Flow::Again(Op { code, args: [c.arg(x(o)), OpRef::NONE, OpRef::NONE], ..*o }))
}

/// `guard_same` of a tagged integer and a small int.
fn guard_same_int(c: &mut Cx, o: &Op) -> Answer {
    let word = c.as_word(y(o))?;
    if c.code(x(o)) != Opcode::TagInt || word & 1 == 0 {
        return None;
    }
    let args = [c.arg(x(o)), c.int(word::untag(word)), OpRef::NONE];
    Some(Flow::Again(Op { code: Opcode::GuardIntIs, args, ..*o }))
}

fn cond_call(c: &mut Cx, o: &Op) -> Answer {
    Some(match c.as_bool(x(o))? {
        true => Flow::Again(Op { code: Opcode::CallVoid, args: [OpRef::NONE; 3], ..*o }),
        false => Flow::Drop,
    })
}

/// The operation worked out, if all its operands are constants.
fn worked_out(cx: &mut Cx, op: &Op) -> Option<OpRef> {
    let count = op.code.args().len();
    if op.code.effect() != Effect::Pure || count == 0 || count > 2 {
        return None;
    }
    let mut operands = [eval::Const::Int(0); 2];
    for (slot, &r) in operands.iter_mut().zip(&op.args[..count]) {
        *slot = match cx.code(r) {
            Opcode::ConstInt => eval::Const::Int(cx.op(r).imm as i64),
            Opcode::ConstFloat => eval::Const::Float(f64::from_bits(cx.op(r).imm)),
            _ => return None,
        };
    }
    Some(match eval::pure(op.code, operands[0], operands[1])? {
        eval::Const::Int(i) => cx.int(i),
        eval::Const::Float(f) => cx.float(f),
        eval::Const::Bool(b) => cx.bool(b),
    })
}

impl Pass for Fold {
    fn name(&self) -> &'static str {
        "fold"
    }

    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow> {
        if let Some(r) = worked_out(cx, op) {
            return Ok(Flow::Value(r));
        }
        let (start, end) = INDEX[op.code as usize];
        for (i, rule) in RULES.iter().enumerate().take(end as usize).skip(start as usize) {
            if let Some(flow) = rule.2(cx, op) {
                cx.hits.hit(i);
                return Ok(flow);
            }
        }
        Ok(Flow::Keep)
    }
}
