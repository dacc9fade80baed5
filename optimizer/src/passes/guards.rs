//! Guards that have been passed already: conditions known to hold, the fragment's validity, the interrupt word and the
//! pending exception, each checked again only after something that may have changed it.

use super::{Flow, Pass};
use crate::cx::{Cx, Res};
use hoop_ir::{Op, OpRef, Opcode, OptimizeError};

pub struct Guards;

/// What is known of the virtual machine's state. A trace begins without a pending exception; a bridge whose guard found
/// one takes it first.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    /// The assumptions have been checked, and nothing that could break them has run since.
    pub valid: bool,
    /// The interrupt word has been checked in this iteration.
    pub polled: bool,
    /// An exception may be pending.
    pub pending: bool,
}

/// A condition guarded to be `wanted`.
fn condition(cx: &mut Cx, op: &Op, wanted: bool) -> Res<Flow> {
    match cx.as_bool(op.args[0]) {
        Some(b) if b == wanted => Ok(Flow::Drop),
        Some(_) => Err(OptimizeError::GuardAlwaysFails),
        None => Ok(Flow::Keep),
    }
}

fn int_is(cx: &mut Cx, op: &Op) -> Res<Flow> {
    let (a, b) = (op.args[0], op.args[1]);
    if a == b {
        return Ok(Flow::Drop);
    }
    if cx.range(a).eq(&cx.range(b)) == Some(false) {
        return Err(OptimizeError::GuardAlwaysFails);
    }
    Ok(Flow::Keep)
}

fn drop_if(known: bool) -> Res<Flow> {
    Ok(if known { Flow::Drop } else { Flow::Keep })
}

/// Makes `code a, b` known without emitting it.
fn imply(cx: &mut Cx, code: Opcode, a: OpRef, b: OpRef, truth: bool) {
    let op = Op { args: [a, b, OpRef::NONE], ..Op::new(code) };
    let r = super::cse::find(cx, &op).unwrap_or_else(|| {
        let r = cx.node(op);
        super::cse::insert(cx, r);
        r
    });
    let truth = cx.bool(truth);
    if cx.facts(r).forward.is_none() {
        cx.forward(r, truth);
    }
}

/// The condition is known from here on, and so is what it implies.
fn learn_condition(cx: &mut Cx, condition: OpRef, truth: bool) {
    let mut waiting = vec![condition];
    while let Some(r) = waiting.pop() {
        let op = *cx.op(r);
        let [a, b, _] = op.args;
        let constant = cx.bool(truth);
        cx.forward(r, constant);
        match (op.code, truth) {
            (Opcode::IntLt, true) => imply_less(cx, a, b),
            (Opcode::IntLe, false) => imply_less(cx, b, a),
            (Opcode::IntLt, false) => imply(cx, Opcode::IntLe, b, a, true),
            (Opcode::IntLe, true) => imply(cx, Opcode::IntLt, b, a, false),
            (Opcode::BoolAnd, true) | (Opcode::BoolOr, false) => {
                for part in [a, b] {
                    super::kinds::learn_condition(cx, part, truth);
                    super::ranges::learn_condition(cx, part, truth);
                    waiting.push(part);
                }
            }
            (Opcode::IntEq, _) => imply(cx, Opcode::IntNe, a, b, !truth),
            (Opcode::IntNe, _) => imply(cx, Opcode::IntEq, a, b, !truth),
            _ => {}
        }
    }
}

/// `a < b` is known.
fn imply_less(cx: &mut Cx, a: OpRef, b: OpRef) {
    imply(cx, Opcode::IntLt, a, b, true);
    imply(cx, Opcode::IntLe, a, b, true);
    imply(cx, Opcode::IntLt, b, a, false);
    imply(cx, Opcode::IntLe, b, a, false);
    imply_unequal(cx, a, b);
}

fn imply_unequal(cx: &mut Cx, a: OpRef, b: OpRef) {
    imply(cx, Opcode::IntEq, a, b, false);
    imply(cx, Opcode::IntNe, a, b, true);
}

/// What a call leaves uncertain.
fn learn_call(cx: &mut Cx, op: &Op) {
    let Some(effects) = super::cse::call_effects(cx, op) else {
        cx.guards.valid &= op.code != Opcode::CallFragment;
        cx.guards.polled &= op.code != Opcode::CallFragment;
        cx.guards.pending |= matches!(op.code, Opcode::CallFragment | Opcode::SetException);
        cx.guards.pending &= op.code != Opcode::TakeException;
        return;
    };
    if effects.runs_guest {
        cx.guards.valid = false;
        cx.guards.polled = false;
    }
    cx.guards.pending |= effects.raises || effects.runs_guest;
}

impl Pass for Guards {
    fn name(&self) -> &'static str {
        "guards"
    }

    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow> {
        match op.code {
            Opcode::GuardTrue => condition(cx, op, true),
            Opcode::GuardFalse => condition(cx, op, false),
            Opcode::GuardIntIs => int_is(cx, op),
            Opcode::GuardSame if op.args[0] == op.args[1] => Ok(Flow::Drop),
            Opcode::GuardValid => drop_if(cx.guards.valid),
            Opcode::GuardNoInterrupt => drop_if(cx.guards.polled),
            Opcode::GuardNoException => drop_if(!cx.guards.pending),
            _ => Ok(Flow::Keep),
        }
    }

    fn learn(&self, cx: &mut Cx, r: OpRef) -> Res<()> {
        let op = *cx.op(r);
        match op.code {
            Opcode::GuardTrue => learn_condition(cx, op.args[0], true),
            Opcode::GuardFalse => learn_condition(cx, op.args[0], false),
            Opcode::GuardSame | Opcode::GuardIntIs => cx.forward(op.args[0], op.args[1]),
            Opcode::GuardValid => cx.guards.valid = true,
            Opcode::GuardNoInterrupt => cx.guards.polled = true,
            Opcode::GuardNoException => cx.guards.pending = false,
            code if code.effect() == hoop_ir::Effect::Call => learn_call(cx, &op),
            _ => {}
        }
        Ok(())
    }
}
