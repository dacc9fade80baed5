//! Moves, constants, jumps, loop headers and returns.

use crate::call::{raise_pending, ret};
use crate::ops::{a, b, compare, opaque};
use hoop_bytecode::{Instr, Op};
use hoop_engine::{Cmp, Reg, Step};
use hoop_gc::Value;
use hoop_object::code::code_data;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::operator::{BinOp, CmpOp};
use hoop_object::vm::PyEngine;
use hoop_protocol::attr;
use std::hint::cold_path;

#[inline(always)]
pub fn load_const<E: PyEngine>(e: &mut E, i: Instr) {
    let v = code_data(e.code()).constant(i.bc());
    let v = e.val(v);
    e.store(a(i), v);
}

#[inline(always)]
pub fn check_bound<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(a(i));
    if !e.is(v, Value::UNBOUND) {
        return Ok(());
    }
    let name = code_data(e.code()).consts[i.bc() as usize];
    let text = hoop_object::text::str_text(name).into_owned();
    let message = format!("cannot access local variable '{text}' where it is not associated with a value");
    let raise = e.vm().unbound_local_error(message);
    Err(raise_pending(e, raise))
}

/// Jumps when the truth of register `a` is `when`.
#[inline(always)]
pub fn jump_if<E: PyEngine>(e: &mut E, i: Instr, when: bool) -> Result<(), Raise> {
    let v = e.load(a(i));
    let truth = match compare::quick_truth(e, v) {
        Some(t) => e.branch(t),
        None => {
            cold_path();
            return slow_jump(e, i, v, when);
        }
    };
    if truth == when {
        e.jump(i.bc());
    }
    Ok(())
}

/// Truth by a method: one written in Python gets a frame, whose return decides the jump.
#[inline(never)]
fn slow_jump<E: PyEngine>(e: &mut E, i: Instr, v: E::Val, when: bool) -> Result<(), Raise> {
    let shape = e.shape_of(v);
    let vm = e.vm();
    let instance = vm.shapes.kind(shape).is_instance();
    let class = vm.shapes.get(shape).class.unwrap_or(Value::NONE);
    if instance {
        let counts = attr::lookup(vm, class, vm.names.bool).is_none();
        let name = if counts { vm.names.len } else { vm.names.bool };
        if let Some(f) = crate::ops::item::python_method(e, shape, name)
            && crate::ops::arith::push_method(e, f, &[v], ret::word(ret::BRANCH, counts as u16))?
        {
            return Ok(());
        }
    }
    let truth = if instance { opaque::truth_to_jump(e, v)? } else { opaque::truth_plain(e, v)? };
    if e.branch(truth) == when {
        e.jump(i.bc());
    }
    Ok(())
}

/// A `__bool__` or `__len__` has returned to its conditional jump.
fn decide_branch<E: PyEngine>(e: &mut E, word: u64, v: E::Val) -> Result<Step, Raise> {
    let shape = e.shape_of(v);
    let counts = ret::register(word) != 0;
    let quick = match e.vm().shapes.kind(shape) {
        Kind::Bool => !counts,
        Kind::Int => counts && !is_negative(e, v),
        _ => false,
    };
    let truth = if quick { compare::quick_truth(e, v).map(|t| e.branch(t)) } else { None };
    e.pop_frame();
    let truth = match truth {
        Some(truth) => truth,
        None => {
            let counts = e.int(counts as i64);
            let truth = opaque::truth_of_result(e, v, counts)?;
            e.branch(truth)
        }
    };
    let pc = e.pc() - 1;
    e.jump(pc);
    let i = hoop_object::code::decode(e.fetch());
    if truth == (i.op == Op::JumpIfTrue) {
        e.jump(i.bc());
    }
    Ok(Step::Next)
}

fn is_negative<E: PyEngine>(e: &mut E, v: E::Val) -> bool {
    let Some(i) = e.as_int(v) else { return false };
    let zero = e.int(0);
    let negative = e.int_cmp(Cmp::Lt, i, zero);
    e.branch(negative)
}

#[inline(always)]
pub fn jump_if_none<E: PyEngine>(e: &mut E, i: Instr, when: bool) {
    let v = e.load(a(i));
    if e.is(v, Value::NONE) == when {
        e.jump(i.bc());
    }
}

/// `a := not b`.
#[inline(always)]
pub fn not<E: PyEngine>(e: &mut E, i: Instr) -> Result<(), Raise> {
    let v = e.load(b(i));
    let truth = match compare::quick_truth(e, v) {
        Some(t) => t,
        None => opaque::truth(e, v)?,
    };
    let r = e.bool_not(truth);
    let v = e.box_bool(r);
    e.store(a(i), v);
    Ok(())
}

/// At a loop header or before a call, so that no hot path goes without: signals, finalizers and the rest.
#[inline(always)]
pub fn poll<E: PyEngine>(e: &mut E) -> Result<(), Raise> {
    if e.interrupted() { interrupts(e) } else { Ok(()) }
}

#[cold]
fn interrupts<E: PyEngine>(e: &mut E) -> Result<(), Raise> {
    e.result_to(None);
    opaque::interrupts(e)
}

/// Leaves the frame with a value.
#[inline(always)]
pub fn return_value<E: PyEngine>(e: &mut E, i: Instr) -> Result<Step, Raise> {
    let v = e.load(a(i));
    e.returning(v);
    return_from(e, v)
}

/// Does what the frame's return word says with the value it returns.
#[inline(always)]
pub fn return_from<E: PyEngine>(e: &mut E, v: E::Val) -> Result<Step, Raise> {
    let word = e.ret();
    if ret::kind(word) == ret::STORE && e.owner().is_none() {
        e.pop_frame();
        e.store(Reg(ret::register(word)), v);
        return Ok(Step::Next);
    }
    return_specially(e, word, v)
}

#[inline(never)]
fn return_specially<E: PyEngine>(e: &mut E, word: u64, v: E::Val) -> Result<Step, Raise> {
    if e.owner().is_some() {
        return crate::ops::generator::finish(e, word, v);
    }
    match ret::kind(word) {
        ret::NATIVE => {
            let now = e.now_val(v);
            e.vm().thread.result = now;
            e.pop_frame();
            return Ok(Step::Done);
        }
        ret::INIT => {
            let none = e.is(v, Value::NONE);
            e.pop_frame();
            if !none {
                let now = e.now_val(v);
                let text = format!("__init__() should return None, not '{}'", e.vm().class_name(now));
                let raise = e.vm().type_error(text);
                return Err(raise_pending(e, raise));
            }
        }
        ret::DISCARD => e.pop_frame(),
        ret::STEP => {
            let v = if e.is(v, Value::UNBOUND) { e.val(Value::END) } else { v };
            e.pop_frame();
            e.store(Reg(ret::register(word)), v);
        }
        ret::BRANCH => return decide_branch(e, word, v),
        ret::BINARY | ret::INPLACE => {
            let refused = e.is(v, Value::NOT_IMPLEMENTED);
            e.pop_frame();
            if refused {
                return ask_next(e, ret::kind(word) == ret::INPLACE);
            }
            e.store(Reg(ret::register(word)), v);
        }
        _ => {
            e.pop_frame();
            e.store(Reg(ret::register(word)), v);
        }
    }
    Ok(Step::Next)
}

/// A Python method gave NotImplemented: the other candidates are asked in one call.
fn ask_next<E: PyEngine>(e: &mut E, was_inplace: bool) -> Result<Step, Raise> {
    let pc = e.pc() - 1;
    e.jump(pc);
    let i = hoop_object::code::decode(e.fetch());
    let (x, y) = (e.load(b(i)), if has_imm(i.op) { imm_value(e, i) } else { e.load(Reg(i.c)) });
    e.result_to(Some(a(i)));
    let v = match binary_op(i.op) {
        Some((op, _)) if was_inplace => {
            let n = e.int(op as i64);
            opaque::binary(e, n, x, y)?
        }
        Some((op, _)) => {
            let n = e.int(op as i64);
            opaque::binary_rest(e, n, x, y)?
        }
        None => {
            let n = e.int(compare_op(i.op) as i64);
            opaque::compare_rest(e, n, x, y)?
        }
    };
    e.store(a(i), v);
    Ok(Step::Next)
}

fn imm_value<E: PyEngine>(e: &mut E, i: Instr) -> E::Val {
    e.val(Value::int(i.imm() as i64))
}

fn has_imm(op: Op) -> bool {
    matches!(
        op,
        Op::AddImm
            | Op::SubImm
            | Op::IAddImm
            | Op::ISubImm
            | Op::IfLtImm
            | Op::IfLeImm
            | Op::IfEqImm
            | Op::IfNeImm
            | Op::IfGtImm
            | Op::IfGeImm
    )
}

/// The operator of an arithmetic instruction, and whether it is in place.
pub fn binary_op(op: Op) -> Option<(BinOp, bool)> {
    Some(match op {
        Op::Add | Op::AddImm | Op::Append => (BinOp::Add, false),
        Op::Sub | Op::SubImm => (BinOp::Sub, false),
        Op::Mul => (BinOp::Mul, false),
        Op::TrueDiv => (BinOp::TrueDiv, false),
        Op::FloorDiv => (BinOp::FloorDiv, false),
        Op::Mod => (BinOp::Mod, false),
        Op::Pow => (BinOp::Pow, false),
        Op::MatMul => (BinOp::MatMul, false),
        Op::LShift => (BinOp::LShift, false),
        Op::RShift => (BinOp::RShift, false),
        Op::And => (BinOp::And, false),
        Op::Or => (BinOp::Or, false),
        Op::Xor => (BinOp::Xor, false),
        Op::IAdd | Op::IAddImm | Op::IAppend => (BinOp::Add, true),
        Op::ISub | Op::ISubImm => (BinOp::Sub, true),
        Op::IMul => (BinOp::Mul, true),
        Op::ITrueDiv => (BinOp::TrueDiv, true),
        Op::IFloorDiv => (BinOp::FloorDiv, true),
        Op::IMod => (BinOp::Mod, true),
        Op::IPow => (BinOp::Pow, true),
        Op::IMatMul => (BinOp::MatMul, true),
        Op::ILShift => (BinOp::LShift, true),
        Op::IRShift => (BinOp::RShift, true),
        Op::IAnd => (BinOp::And, true),
        Op::IOr => (BinOp::Or, true),
        Op::IXor => (BinOp::Xor, true),
        _ => return None,
    })
}

fn compare_op(op: Op) -> CmpOp {
    match op {
        Op::Lt | Op::IfLt | Op::IfLtImm => CmpOp::Lt,
        Op::Le | Op::IfLe | Op::IfLeImm => CmpOp::Le,
        Op::Ne | Op::IfNe | Op::IfNeImm => CmpOp::Ne,
        Op::Gt | Op::IfGt | Op::IfGtImm => CmpOp::Gt,
        Op::Ge | Op::IfGe | Op::IfGeImm => CmpOp::Ge,
        _ => CmpOp::Eq,
    }
}
