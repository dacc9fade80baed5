//! Chains of generators that wait for each other in `yield from`.
//!
//! Resuming the outermost of such a chain would push the frames of all, only for each to resume the next, and an item
//! would go back through all of them. The interpreter resumes the innermost at once, and its item goes at once to who
//! asked the outermost. What the others would notice is that the innermost ends: so each then knows its *delegator*, the
//! generator that waits for it, whose frame is pushed in its place, with the same return word.
//!
//! * A generator that is resumed by itself has no delegator. Recordings resume one by one: no frame that they push has
//!   one.
//! * The generators of a chain but the innermost stay suspended meanwhile. One from which delegators lead to a running
//!   generator counts as running.

use hoop_bytecode::{Instr, Op};
use hoop_engine::{NewFrame, Reg};
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::generator::{self, Chain, state};
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::vm::{PyEngine, Vm};

/// The iterator register and the `SendEnd` of the delegation that the `Yield` at `at` belongs to.
fn around(instrs: &[Instr], at: usize) -> Option<(Reg, Instr)> {
    let end = instrs[at.checked_sub(1)?];
    (end.op == Op::SendEnd && instrs[at].op == Op::Yield).then(|| (Reg(instrs[at - 2].b), end))
}

/// The `SendEnd` of the delegation in which a generator is suspended.
fn end_of(g: Value) -> Option<Instr> {
    let instrs = &code_data(GEN_CODE.read(g)?).code.instrs;
    around(instrs, (GEN_PC.read(g) as usize).checked_sub(1)?).map(|found| found.1)
}

/// For which generator does the innermost frame's wait when its current instruction, a `Yield`, suspends it? UNBOUND:
/// for none, or it is in an `except` block and must not be passed by. Nothing: its code has no `yield from`.
pub fn wait<E: PyEngine>(e: &mut E) -> Option<E::Val> {
    let data = code_data(e.code());
    if data.code.yield_from.is_empty() {
        return None;
    }
    let at = e.pc() - 1;
    if let Some((iterator, _)) = around(&data.code.instrs, at as usize)
        && data.handled_outside(at).is_none()
    {
        let inner = e.load(iterator);
        let shape = e.shape_of(inner);
        if e.vm().shapes.kind(shape) == Kind::Generator {
            return Some(inner);
        }
    }
    Some(e.val(Value::UNBOUND))
}

/// The generator whose frame is to be pushed when a suspended one is resumed. Nothing: it runs.
pub fn innermost(vm: &mut Vm, g: Value) -> Option<Value> {
    let Chain::Innermost(found, linked) = generator::follow(g) else { return None };
    if !linked {
        let mut at = g;
        while at != found
            && let Some(inner) = generator::waits_for(at)
        {
            vm.ctx.write(inner, &GEN_DELEGATOR, at);
            at = inner;
        }
    }
    if generator::delegator(g).is_some() {
        vm.ctx.write(g, &GEN_DELEGATOR, Value::UNBOUND);
    }
    Some(found)
}

/// The innermost frame's generator, which has ended, leaves its frame to its delegator's, if it has one.
pub fn pass_on<E: PyEngine>(e: &mut E, g: E::Val) -> Option<Instr> {
    let now = e.now_val(g);
    let outer = generator::delegator(now)?;
    let end = end_of(outer)?;
    let code = GEN_CODE.read(outer)?;
    let word = e.ret();
    let (unbound, running, outer_val) = (e.val(Value::UNBOUND), e.int(state::RUNNING), e.val(outer));
    e.set(g, &GEN_DELEGATOR, unbound);
    e.pop_frame();
    let data = code_data(code);
    // Behind the Send, which is what the frame is at.
    let pc = GEN_PC.read(outer) as u32 - 2;
    let new = NewFrame { code, instrs: data.instrs.as_ptr(), registers: data.code.registers, pc, ret: word };
    let pushed = e.push_owned_frame(&new, outer_val, &GEN_REGISTERS);
    debug_assert!(pushed, "a frame takes the place of another");
    e.set(outer_val, &GEN_STATE, running);
    Some(end)
}

/// The delegator whose frame has been pushed goes on with what its sub-iterator returned.
pub fn returned<E: PyEngine>(e: &mut E, end: Instr, v: E::Val) {
    e.store(Reg(end.a), v);
    e.jump(end.bc());
}
