//! Native calls in a recording.
//!
//! The call has really happened when it is written down. A pure one of constants leaves nothing. One that raised this
//! time is guarded to raise; the exit, for the times when it does not, resumes *after* the instruction with the result
//! in the register that [`hoop_engine::Engine::result_to`] announced.

use super::{ExitWhy, RVal, Record};
use crate::record::SHAPE_GROUP;
use crate::record::snapshots::SnapshotOf;
use crate::stats::Abort;
use hoop_engine::{Arg, Callee, Engine, Guest, Reg, Ty};
use hoop_ir::{Effects, Op, OpRef, Opcode};

impl<G: Guest> Record<'_, G> {
    pub(super) fn prepare_call(&mut self, callee: &'static Callee) {
        if !self.stopped() && callee.effects.sees_frames {
            if self.point.serial > 1 {
                self.exit_here(ExitWhy::Frames)
            } else {
                self.abort(Abort::SeesFrames)
            }
        }
        self.run.before_call(callee);
    }

    /// Writes down a call that returned. `NONE`: its result is a constant.
    pub(super) fn returned(&mut self, callee: &'static Callee, code: Opcode, args: &[Arg<Self>]) -> OpRef {
        if self.stopped() || (callee.effects.is_pure() && args.iter().all(|a| self.is_const_arg(a))) {
            self.result_to = None;
            return OpRef::NONE;
        }
        let op = self.emit_call(callee, code, args);
        if callee.effects.raises {
            self.guard_no_exception();
        }
        self.after_effects(callee.effects);
        self.result_to = None;
        op
    }

    /// Writes down a call that raised.
    pub(super) fn raised(&mut self, callee: &'static Callee, code: Opcode, args: &[Arg<Self>]) {
        let target = self.result_to.take();
        if self.stopped() {
            return;
        }
        let Some(target) = target.filter(|t| t.is_none() || callee.ret == Ty::Val) else {
            return self.abort(Abort::RaisedInCall);
        };
        if self.point.frames_changed {
            return self.abort(Abort::CallAfterFrameChange);
        }
        let call = self.emit_call(callee, code, args);
        self.guard_raised(call, target, callee.effects);
    }

    /// The call just written raised; when it does not, its value goes to `target` and the instruction is complete.
    pub(super) fn guard_raised(&mut self, call: OpRef, target: Option<Reg>, effects: Effects) {
        let replaced = target.map(|r| (r.0, call));
        let Some(snapshot) = self.snapshot_of(SnapshotOf { pc: self.run.pc(), replaced }) else { return };
        self.emit_op(Op { snapshot, ..Op::new(Opcode::GuardException) });
        let exception = self.emit(Opcode::TakeException, &[], 0);
        self.pending = Some(exception);
        self.point.heap_effect = Some("a call that raised");
        self.after_effects(effects);
    }

    fn is_const_arg(&self, arg: &Arg<Self>) -> bool {
        match *arg {
            Arg::Val(v) => self.resolve(v).is_const(),
            Arg::Int(i) => self.resolve_int(i).is_const(),
            Arg::Float(f) => f.is_const(),
        }
    }

    fn emit_call(&mut self, callee: &'static Callee, code: Opcode, args: &[Arg<Self>]) -> OpRef {
        let mut list = Vec::with_capacity(args.len());
        for arg in args {
            list.push(match *arg {
                Arg::Val(v) => self.op_of(self.resolve(v)),
                Arg::Int(i) => self.op_of_int(self.resolve_int(i)),
                Arg::Float(f) => self.op_of_float(f),
            });
        }
        if callee.effects.writes != 0 || callee.effects.runs_guest {
            list.iter().for_each(|&op| self.escape(op));
        }
        let imm = self.shared.callee(callee, code).0 as u64;
        // An exit after the call needs the frames as they are before it.
        let list = self.trace.push_list(&list);
        self.emit_op(Op { imm, list, ..Op::new(code) })
    }

    /// The exit unwinds from this instruction, so effects before the call are no obstacle; changed frames are.
    pub(super) fn guard_no_exception(&mut self) {
        if self.point.frames_changed {
            return self.abort(Abort::CallAfterFrameChange);
        }
        let shared = self.snapshot();
        let Some(snapshot) = shared.or_else(|| self.snapshot_at(self.point.pc)) else { return };
        self.emit_op(Op { snapshot, ..Op::new(Opcode::GuardNoException) });
    }

    pub(super) fn after_effects(&mut self, effects: Effects) {
        if effects.writes != 0 || effects.runs_guest {
            self.point.heap_effect.get_or_insert("a call that writes");
        }
        if effects.writes & SHAPE_GROUP != 0 || effects.runs_guest {
            self.shape_epoch += 1;
        }
        self.valid_due |= effects.runs_guest;
        self.runs_guest |= effects.runs_guest;
    }

    /// An exception that is a constant was there before: one made in this instruction would be raised again and again.
    pub(super) fn check_made_anew(&mut self, exception: RVal) {
        if self.stopped() || !exception.is_const() || !exception.now.is_ptr() {
            return;
        }
        let made = self.point.cursor..self.context().heap.cursor_address();
        if made.contains(&(exception.now.ptr() as usize)) {
            let place = self.describe_here();
            self.offend(format!("an exception made while recording became a constant at {place}"));
        }
    }

    /// An exception goes on its way.
    pub(super) fn throw(&mut self, exception: OpRef) {
        if self.stopped() {
            return;
        }
        // Should it leave the root frame, the trace ends where the instruction began.
        self.snapshot();
        self.pending = Some(exception);
    }

    /// The exception on its way stops here.
    pub(super) fn caught(&mut self) -> OpRef {
        self.pending.take().filter(|_| !self.stopped()).unwrap_or(OpRef::NONE)
    }
}
