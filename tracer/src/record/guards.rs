//! Guards: what carries knowledge from the time when the trace runs to the recording.

use super::{ExitWhy, Record};
use crate::record::values::{Fact, RBool, RFloat, RInt, RVal, is_word_kind, word_kind};
use crate::stats::Abort;
use hoop_engine::{Engine, Guest, VmState, interrupt, shape_of, tag_shape};
use hoop_gc::{ShapeId, Value};
use hoop_ir::{Op, OpRef, Opcode};
use std::sync::atomic::Ordering::Relaxed;

impl<G: Guest> Record<'_, G> {
    /// Records a guard that resumes at the start of the instruction.
    pub(super) fn guard(&mut self, code: Opcode, args: &[OpRef], imm: u64) {
        if self.stopped() {
            return;
        }
        let Some(snapshot) = self.snapshot() else { return self.late_guard(code) };
        let mut op = Op { imm, snapshot, ..Op::new(code) };
        op.args[..args.len()].copy_from_slice(args);
        self.emit_op(op);
        let counters = &self.shared.counters;
        counters.add(&counters.recorded_guards, 1);
    }

    /// A guard after an effect: counted with its place, and the end of the recording.
    #[cold]
    fn late_guard(&mut self, code: Opcode) {
        let what = self.point.heap_effect.unwrap_or("a register or frame changed");
        let place = self.describe_here();
        self.offend(format!("{} after {what} at {place}", code.text()));
    }

    /// The guest has broken a rule of recording: that is counted, and the end of the recording.
    #[cold]
    pub(super) fn offend(&mut self, text: String) {
        let counters = &self.shared.counters;
        counters.add(&counters.guard_after_effect, 1);
        assert!(self.shared.options.check == 0, "a mistake in the guest: {text}");
        counters.count_offence(text);
        self.abort(Abort::GuardAfterEffect);
    }

    /// For people: where the recording stands.
    pub(crate) fn describe_here(&mut self) -> String {
        let code = self.run.code();
        let pc = self.point.pc;
        G::describe(self.run.vm(), code, pc)
    }

    // ---- what is known

    /// The shape of a value, if it need not be guarded.
    pub(super) fn known_shape(&mut self, v: RVal) -> Option<ShapeId> {
        if v.is_const() && word_kind(v.now).is_some() {
            return word_kind(v.now);
        }
        if self.stopped() {
            return Some(shape_of(v.now));
        }
        let op = self.op_of(v);
        let fact = self.facts[op.index()];
        let unshared = !fact.escaped;
        fact.shape.filter(|&s| is_word_kind(s) || unshared || fact.epoch == self.shape_epoch)
    }

    /// The shape, guarded if it must be.
    pub(super) fn guarded_shape(&mut self, v: RVal) -> ShapeId {
        if let Some(shape) = self.known_shape(v) {
            return shape;
        }
        self.guard_kind(v)
    }

    /// Guards what `v` is.
    fn guard_kind(&mut self, v: RVal) -> ShapeId {
        let shape = shape_of(v.now);
        let op = self.op_of(v);
        match shape {
            tag_shape::INT => self.guard(Opcode::GuardInt, &[op], 0),
            tag_shape::FLOAT => self.guard(Opcode::GuardFloat, &[op], 0),
            tag_shape::BOOL => self.guard(Opcode::GuardBool, &[op], 0),
            s if is_word_kind(s) => self.guard_same(v),
            s => {
                self.rely_on_shape(s);
                self.guard(Opcode::GuardShape, &[op], s.0 as u64);
            }
        }
        self.learn_shape(op, shape);
        shape
    }

    /// The trace names the shape: its number must not be given to another one while the trace is there.
    pub(super) fn rely_on_shape(&mut self, shape: ShapeId) {
        if let Some(owner) = self.run.vm().context().heap.shape_owner(shape) {
            self.root(owner);
        }
    }

    fn guard_same(&mut self, v: RVal) {
        let op = self.op_of(v);
        let constant = self.const_val(v.now);
        self.guard(Opcode::GuardSame, &[op, constant], 0);
        self.learn_const(op);
    }

    pub(super) fn learn_shape(&mut self, op: OpRef, shape: ShapeId) {
        if self.stopped() {
            return;
        }
        let epoch = self.shape_epoch;
        let fact = &mut self.facts[op.index()];
        (fact.shape, fact.epoch) = (Some(shape), epoch);
    }

    fn learn_const(&mut self, op: OpRef) {
        if !self.stopped() {
            self.facts[op.index()].konst = true;
        }
    }

    /// The object may be known to others from now on.
    pub(super) fn escape(&mut self, op: OpRef) {
        if !op.is_none() && !self.stopped() {
            let epoch = self.shape_epoch;
            let fact = &mut self.facts[op.index()];
            if !fact.escaped {
                (fact.escaped, fact.epoch) = (true, epoch);
            }
        }
    }

    // ---- the engine's tests

    pub(super) fn branch_on(&mut self, b: RBool) -> bool {
        if b.is_const() || self.stopped() || self.facts[b.op.index()].konst {
            return b.now;
        }
        self.guard(if b.now { Opcode::GuardTrue } else { Opcode::GuardFalse }, &[b.op], 0);
        self.learn_const(b.op);
        if b.now && !self.stopped() {
            self.learn_from_equality(b.op);
        }
        b.now
    }

    /// `v == constant` holds: `v` is that constant.
    fn learn_from_equality(&mut self, b: OpRef) {
        let op = *self.trace.op(b);
        if matches!(op.code, Opcode::ValEq | Opcode::IntEq) && self.trace.op(op.args[1]).code.is_const() {
            self.learn_const(op.args[0]);
        }
    }

    pub(super) fn test_int(&mut self, v: RVal) -> Option<RInt> {
        let v = self.resolve(v);
        if self.guarded_shape(v) != tag_shape::INT {
            return None;
        }
        let now = v.now.int_unchecked();
        if v.is_const() || self.stopped() {
            return Some(RInt::constant(now));
        }
        Some(RInt { now, op: self.payload(v.op, Opcode::UntagInt) })
    }

    pub(super) fn test_float(&mut self, v: RVal) -> Option<RFloat> {
        let v = self.resolve(v);
        if self.guarded_shape(v) != tag_shape::FLOAT {
            return None;
        }
        let now = hoop_engine::float_of(v.now)?;
        if v.is_const() || self.stopped() {
            return Some(RFloat::constant(now));
        }
        Some(RFloat { now, op: self.payload(v.op, Opcode::UnboxFloat) })
    }

    /// The machine value in a value word, unpacked once.
    fn payload(&mut self, v: OpRef, unpack: Opcode) -> OpRef {
        let known = self.facts[v.index()].payload;
        if !known.is_none() {
            return known;
        }
        let op = self.emit(unpack, &[v], 0);
        self.facts[v.index()].payload = op;
        op
    }

    /// A value word made of a machine value; the same one if it came out of a word.
    pub(super) fn pack(&mut self, code: Opcode, payload: OpRef, kind: ShapeId) -> OpRef {
        let op = self.emit(code, &[payload], 0);
        if !self.stopped() {
            let payload = if kind == tag_shape::BOOL { OpRef::NONE } else { payload };
            self.facts[op.index()] = Fact::kind(kind, payload);
        }
        op
    }

    pub(super) fn promoted(&mut self, v: RVal) -> Value {
        let v = self.resolve(v);
        if !v.is_const() && !self.stopped() {
            self.guard_same(v);
        }
        v.now
    }

    pub(super) fn promoted_int(&mut self, i: RInt) -> i64 {
        if !i.is_const() && !self.stopped() && !self.facts[i.op.index()].konst {
            let constant = self.const_int(i.now);
            self.guard(Opcode::GuardIntIs, &[i.op, constant], 0);
            self.learn_const(i.op);
        }
        i.now
    }

    /// An integer as a constant if a guard has made it one.
    pub(super) fn resolve_int(&self, i: RInt) -> RInt {
        if !i.is_const() && self.facts[i.op.index()].konst { RInt::constant(i.now) } else { i }
    }

    pub(super) fn assume_owner(&mut self, owner: Value) -> bool {
        if self.stopped() {
            return true;
        }
        if self.assumed.contains(&owner.bits()) {
            return true;
        }
        let flag = self.flag.clone();
        let assumptions = &mut self.run.vm().context().assumptions;
        if !assumptions.may_assume(owner) {
            return false;
        }
        assumptions.depend(owner, &flag);
        self.assumed.insert(owner.bits());
        self.root(owner);
        true
    }

    pub(super) fn poll(&mut self) -> bool {
        if self.run.vm().context().interrupt.load(Relaxed) & !interrupt::WARM != 0 {
            // The handler runs what is due; the trace ends before it.
            if self.point.serial > 1 {
                self.exit_here(ExitWhy::Interrupt)
            } else {
                self.abort(Abort::Interrupted)
            }
            return true;
        }
        self.guard(Opcode::GuardNoInterrupt, &[], 0);
        false
    }

    /// Are the two the same word? Known when both are constants, one operation, or of different kinds.
    pub(super) fn same_word(&mut self, a: RVal, b: RVal) -> RBool {
        let (a, b) = (self.resolve(a), self.resolve(b));
        let now = self.run.same(a.now, b.now);
        if self.stopped() || (a.is_const() && b.is_const()) || (a.op == b.op) || self.kinds_differ(a, b) {
            return RBool::constant(now);
        }
        if self.may_be_float(a) && self.may_be_float(b) {
            return self.same_floats(a, b);
        }
        // A constant goes second.
        let (a, b) = if a.is_const() { (b, a) } else { (a, b) };
        let args = [self.op_of(a), self.op_of(b)];
        RBool { now, op: self.emit(Opcode::ValEq, &args, 0) }
    }

    fn may_be_float(&self, v: RVal) -> bool {
        let shape = if v.is_const() { Some(shape_of(v.now)) } else { self.facts[v.op.index()].shape };
        shape.is_none_or(|s| s == tag_shape::FLOAT)
    }

    /// Two values that may both be floats. Those are the same when their bits are: boxed anew they have other words. What
    /// is no float this time must be none later.
    fn same_floats(&mut self, a: RVal, b: RVal) -> RBool {
        if let Some(other) = [a, b].into_iter().find(|v| hoop_engine::float_of(v.now).is_none()) {
            self.guarded_shape(other);
            return self.same_word(a, b);
        }
        let bits = [a, b].map(|v| {
            let op = self.test_float(v).map_or(OpRef::NONE, |f| self.op_of_float(f));
            self.emit(Opcode::FloatBits, &[op], 0)
        });
        RBool { now: self.run.same(a.now, b.now), op: self.emit(Opcode::IntEq, &bits, 0) }
    }

    fn kinds_differ(&mut self, a: RVal, b: RVal) -> bool {
        match (self.known_shape(a), self.known_shape(b)) {
            (Some(x), Some(y)) => x != y && (is_word_kind(x) || is_word_kind(y)),
            _ => false,
        }
    }
}
