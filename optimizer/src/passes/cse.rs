//! Common subexpressions: a pure operation with operands seen before is the earlier one.
//!
//! A hash table of nodes, chained through a dense vector. Callees declared pure take part; one that only reads the heap
//! does until a group that it reads is written (`clock` of the last write, counted in operations of the order).

use super::{Flow, Pass};
use crate::cx::{Cx, Res};
use hoop_ir::{CalleeId, Effect, Effects, Op, OpRef, Opcode};

pub struct Cse;

const NONE: u32 = u32::MAX;

/// The table of available operations.
#[derive(Clone)]
pub struct State {
    /// First node of each chain.
    buckets: Vec<u32>,
    /// The next node of the chain, per node.
    next: Vec<u32>,
    /// Length of the order at the last write to each effect group.
    last_write: [u32; 64],
    /// Length of the order when the call was made, for calls that read; per node like `next`.
    made: Vec<u32>,
}

impl State {
    /// A table for traces of about this many operations.
    pub fn new(ops: usize) -> State {
        let size = (ops * 2).next_power_of_two().max(64);
        State { buckets: vec![NONE; size], next: Vec::new(), last_write: [0; 64], made: Vec::new() }
    }

    /// Something wrote these groups now.
    pub fn wrote(&mut self, groups: u64, clock: u32) {
        let mut left = groups;
        while left != 0 {
            self.last_write[left.trailing_zeros() as usize] = clock;
            left &= left - 1;
        }
    }
}

fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn hash(cx: &Cx, op: &Op) -> u64 {
    let mut h = mix(op.code as u64, op.imm);
    for a in op.args {
        h = mix(h, a.0 as u64);
    }
    for r in cx.list(op) {
        h = mix(h, r.0 as u64);
    }
    h ^ h >> 32
}

fn same(cx: &Cx, a: &Op, b: &Op) -> bool {
    a.code == b.code && a.imm == b.imm && a.args == b.args && cx.list(a) == cx.list(b)
}

/// An available operation equal to this one.
pub fn find(cx: &Cx, op: &Op) -> Option<OpRef> {
    let bucket = hash(cx, op) as usize & (cx.cse.buckets.len() - 1);
    let mut at = cx.cse.buckets[bucket];
    while at != NONE {
        if same(cx, op, &cx.nodes[at as usize]) && still_valid(cx, op, at) {
            return Some(OpRef(at));
        }
        at = cx.cse.next[at as usize];
    }
    None
}

/// Makes a node available.
pub fn insert(cx: &mut Cx, r: OpRef) {
    let bucket = hash(cx, cx.op(r)) as usize & (cx.cse.buckets.len() - 1);
    let size = cx.nodes.len();
    cx.cse.next.resize(size, NONE);
    cx.cse.made.resize(size, 0);
    cx.cse.next[r.index()] = cx.cse.buckets[bucket];
    cx.cse.made[r.index()] = cx.order.len() as u32;
    cx.cse.buckets[bucket] = r.0;
}

/// What a call may do, if it is a call of a declared callee.
pub fn call_effects(cx: &Cx, op: &Op) -> Option<Effects> {
    use Opcode::*;
    matches!(op.code, CallVal | CallInt | CallFloat | CallVoid | CondCall)
        .then(|| cx.descriptors.callee_descr(CalleeId(op.imm as u32)).effects)
}

/// Nobody sees that the callee was called.
fn unseen(cx: &Cx, op: &Op) -> bool {
    call_effects(cx, op).is_some_and(|e| e.writes == 0 && !e.raises && !e.runs_guest && !e.sees_frames)
}

/// Calling again gives the same: the result depends on the arguments and the memory read, and is no fresh object.
fn repeatable(cx: &Cx, op: &Op) -> bool {
    let gives = !matches!(op.code, Opcode::CondCall | Opcode::CallVoid);
    let fresh = op.code == Opcode::CallVal && call_effects(cx, op).is_some_and(|e| e.allocates);
    gives && !fresh && unseen(cx, op)
}

/// For calls that read: nothing they read was written since.
fn still_valid(cx: &Cx, op: &Op, at: u32) -> bool {
    let Some(effects) = call_effects(cx, op) else { return true };
    let mut left = effects.reads;
    while left != 0 {
        if cx.cse.last_write[left.trailing_zeros() as usize] >= cx.cse.made[at as usize] {
            return false;
        }
        left &= left - 1;
    }
    true
}

fn takes_part(cx: &Cx, op: &Op) -> bool {
    op.code.effect() == Effect::Pure || repeatable(cx, op)
}

/// Whether an unused operation of this kind can go.
pub fn removable(cx: &Cx, op: &Op) -> bool {
    match op.code.effect() {
        Effect::Pure | Effect::Read | Effect::Alloc => true,
        Effect::Call => unseen(cx, op),
        _ => false,
    }
}

impl Pass for Cse {
    fn name(&self) -> &'static str {
        "cse"
    }

    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow> {
        if !takes_part(cx, op) {
            return Ok(Flow::Keep);
        }
        Ok(find(cx, op).map_or(Flow::Keep, Flow::Value))
    }

    fn learn(&self, cx: &mut Cx, r: OpRef) -> Res<()> {
        let op = *cx.op(r);
        if let Some(effects) = call_effects(cx, &op) {
            let groups = if effects.runs_guest { !0 } else { effects.writes };
            let clock = cx.order.len() as u32;
            cx.cse.wrote(groups, clock);
        } else if matches!(op.code, Opcode::CallFragment | Opcode::Label) {
            let clock = cx.order.len() as u32;
            cx.cse.wrote(!0, clock);
        } else if op.code.effect() == Effect::Write {
            let group = cx.descriptors.field_descr(hoop_ir::FieldId(op.imm as u32)).group;
            let clock = cx.order.len() as u32;
            cx.cse.wrote(1 << group, clock);
        }
        if takes_part(cx, &op) && !op.code.is_const() {
            insert(cx, r);
        }
        Ok(())
    }
}
