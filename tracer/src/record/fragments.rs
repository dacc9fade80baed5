//! Calls of compiled functions in a recording.
//!
//! A function that is not inlined (it is active already, has a loop, or made a trace too long) and that has machine
//! code from its start is called there: `call_fragment`, whose arguments are the registers that the code reads, and
//! whose frame is built only if the activation leaves through an exit. The function being recorded counts as compiled:
//! its fragment has a number from the start. As ever the call really happens, in a run of its own.

use super::Record;
use crate::record::values::RVal;
use crate::stats::Abort;
use hoop_engine::{Engine, Guest, JitHost, NewFrame, Raise, Reg};
use hoop_gc::Value;
use hoop_ir::{Effects, Entry, FragmentId, Op, OpRef, Opcode};

impl<G: Guest> Record<'_, G> {
    /// The compiled function of this code, and the registers that it reads at its start.
    pub(super) fn compiled_entry(&self, code: Value) -> Option<(FragmentId, Vec<u16>)> {
        if self.shared.options.calls == 0 || G::is_loop_header(code, 0) {
            return None;
        }
        match (self.own, &self.trace.entry) {
            (Some((own, id)), Entry::Loop { regs }) if own == code => Some((id, regs.clone())),
            _ => self.shared.store.borrow().function_at(code),
        }
    }

    pub(super) fn fragment_call(
        &mut self,
        new: &NewFrame,
        parameters: &[RVal],
        other: Option<(Reg, RVal)>,
    ) -> Option<Result<RVal, Raise>> {
        if self.stopped() || self.point.frames_changed {
            return None;
        }
        let (fragment, regs) = self.compiled_entry(new.code).or_else(|| self.want_compiled(new.code))?;
        let list = self.arguments(&regs, parameters, other);
        let target = self.result_to.take();
        let result = self.run_apart(new, parameters, other)?;
        if result.is_err() && target.is_none() {
            self.abort(Abort::RaisedInCall);
            return Some(Err(Raise));
        }
        let call = self.emit_fragment_call(fragment, &list);
        let Ok(now) = result else {
            self.guard_raised(call, target.flatten(), FRAGMENT_EFFECTS);
            return Some(Err(Raise));
        };
        self.guard_no_exception();
        self.after_effects(FRAGMENT_EFFECTS);
        Some(Ok(RVal { now, op: call }))
    }

    fn arguments(&mut self, regs: &[u16], parameters: &[RVal], other: Option<(Reg, RVal)>) -> Vec<OpRef> {
        let mut list = Vec::with_capacity(regs.len());
        for &r in regs {
            let other = other.filter(|o| o.0.0 == r).map(|o| o.1);
            let given = other.or_else(|| parameters.get(r as usize).copied());
            let v = self.resolve(given.unwrap_or(RVal::constant(Value::UNBOUND)));
            let op = self.op_of(v);
            self.escape(op);
            list.push(op);
        }
        list
    }

    /// Makes the call, in a run of its own. `None`: frames are nested too deeply.
    fn run_apart(
        &mut self,
        new: &NewFrame,
        parameters: &[RVal],
        other: Option<(Reg, RVal)>,
    ) -> Option<Result<Value, Raise>> {
        let floor = self.run.depth();
        if !self.run.push_frame(&NewFrame { ret: G::boundary_ret(), pc: 0, ..*new }) {
            self.abort(Abort::TooDeep);
            return None;
        }
        for (r, v) in (0..).map(Reg).zip(parameters) {
            self.run.store(r, v.now);
        }
        other.iter().for_each(|&(r, v)| self.run.store(r, v.now));
        let tracer = self.tracer;
        let result = tracer.execute_function(self.run.vm(), floor);
        debug_assert_eq!(self.context().thread.frames.depth(), floor, "the run has left its frames");
        self.run.reload();
        Some(result)
    }

    fn emit_fragment_call(&mut self, fragment: FragmentId, list: &[OpRef]) -> OpRef {
        let own = self.own.is_some_and(|(_, id)| id == fragment);
        if !own && !self.calls.contains(&fragment) {
            self.calls.push(fragment);
        }
        let counters = &self.shared.counters;
        counters.add(&counters.fragment_calls, 1);
        let list = self.trace.push_list(list);
        self.emit_op(Op { imm: fragment.0 as u64, list, ..Op::new(Opcode::CallFragment) })
    }

    /// A function that can be neither inlined nor called as machine code: it is recorded first, or, if that was asked for
    /// before, called through a door.
    fn want_compiled(&mut self, code: Value) -> Option<(FragmentId, Vec<u16>)> {
        if self.shared.options.calls == 0 || G::is_loop_header(code, 0) {
            return None;
        }
        if !std::mem::replace(&mut self.shared.store.borrow_mut().code(code).wanted, true) {
            self.inner = Some((code, 0));
            self.abort(Abort::InnerFunction);
            return None;
        }
        let tracer = self.tracer;
        tracer.make_door(self.run.vm(), code)
    }
}

/// A compiled function may do anything but look at its callers' frames.
const FRAGMENT_EFFECTS: Effects = Effects { sees_frames: false, ..Effects::ALL };
