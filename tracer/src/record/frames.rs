//! Shadow frames: which operation made what each register holds.
//!
//! A frame pushed while recording starts with constants (unbound). The root frame of a loop starts with the registers
//! live at the header as inputs; of a bridge, with those of the guard's snapshot; the rest are unloaded, and reading one
//! would contradict liveness. A frame whose registers lie in a heap object (a generator) starts unloaded: a register is
//! read from the object when first wanted, and the written ones go back to it when the frame is popped. As the object
//! itself stays true for all others, snapshots list only the written registers of such a frame.

use super::{End, ExitWhy, Record};
use crate::record::values::RVal;
use crate::stats::Abort;
use hoop_engine::V;
use hoop_engine::{Engine, Field, Guest, NewFrame, Reg};
use hoop_gc::Value;
use hoop_ir::{FieldDescr, MemTy, OpRef, Opcode, SnapshotId};

/// The effect group of generators' registers.
const REGISTER_GROUP: u8 = 63;

/// A register of a frame that lies in a heap object whose register 0 is at byte `offset`.
pub fn register_field(offset: i32, number: u16) -> FieldDescr {
    FieldDescr {
        name: "register",
        number,
        offset: offset + 8 * number as i32,
        mem: MemTy::Val,
        array: false,
        immutable: false,
        group: REGISTER_GROUP,
    }
}

/// Marks a register whose operation is not known.
const UNLOADED: OpRef = OpRef(u32::MAX - 1);

/// A register: what it holds now, and which operation made it (`NONE`: a constant).
#[derive(Copy, Clone, Debug)]
pub(crate) struct Slot {
    pub now: Value,
    pub op: OpRef,
    /// Written since the frame was entered.
    pub dirty: bool,
}

impl Slot {
    const UNLOADED: Slot = Slot { now: Value::UNBOUND, op: UNLOADED, dirty: false };
    const UNBOUND: Slot = Slot { now: Value::UNBOUND, op: OpRef::NONE, dirty: true };

    pub fn is_unloaded(&self) -> bool {
        self.op == UNLOADED
    }
}

/// Times that an owned frame may go round its loops too often before it is not resumed in recordings.
const LONG_STRETCHES: u32 = 2;

/// One frame of the recording.
#[derive(Clone, Debug)]
pub(crate) struct Shadow {
    pub code: Value,
    pub code_root: u32,
    pub ret: u64,
    /// For frames that are not innermost: where they go on.
    pub pc: u32,
    pub slots: Vec<Slot>,
    /// The object that holds the registers.
    pub owner: Option<RVal>,
    /// Number of operations when it was pushed.
    pub first_op: usize,
    /// Loop headers passed in it.
    pub headers: u32,
}

impl<G: Guest> Record<'_, G> {
    /// A shadow with unloaded registers.
    pub(super) fn shadow(
        &mut self,
        code: Value,
        ret: u64,
        pc: u32,
        registers: usize,
        owner: Option<RVal>,
    ) -> Shadow {
        let code_root = self.root(code);
        let first_op = self.trace.ops.len();
        let slots = vec![Slot::UNLOADED; registers];
        Shadow { code, code_root, ret, pc, slots, owner, first_op, headers: 0 }
    }

    pub(super) fn load_register(&mut self, r: Reg) -> RVal {
        let now = self.run.load(r);
        if self.stopped() {
            return RVal::constant(now);
        }
        let Some(top) = self.frames.last() else { return RVal::constant(now) };
        let slot = top.slots[r.0 as usize];
        if !slot.is_unloaded() {
            return RVal { now, op: slot.op };
        }
        match top.owner {
            Some(owner) => self.load_owned(r, owner, now),
            None => {
                self.abort(Abort::DeadRegister);
                RVal::constant(now)
            }
        }
    }

    fn load_owned(&mut self, r: Reg, owner: RVal, now: Value) -> RVal {
        let object = self.op_of(owner);
        let field = self.field(&register_field(G::owner_registers_offset(), r.0));
        let op = self.emit(Opcode::GetVal, &[object], field);
        if let Some(top) = self.frames.last_mut() {
            top.slots[r.0 as usize] = Slot { now, op, dirty: false };
        }
        RVal { now, op }
    }

    pub(super) fn store_register(&mut self, r: Reg, v: RVal) {
        self.run.store(r, v.now);
        if self.stopped() {
            return;
        }
        self.point.frame_effect = true;
        if let Some(top) = self.frames.last_mut() {
            top.slots[r.0 as usize] = Slot { now: v.now, op: v.op, dirty: true };
        }
    }

    /// Fills a register of a shadow at the start of a recording.
    pub(super) fn set_slot(&mut self, frame: usize, r: u16, v: RVal) {
        self.frames[frame].slots[r as usize] = Slot { now: v.now, op: v.op, dirty: true };
    }

    pub(super) fn push_plain(&mut self, new: &NewFrame) -> bool {
        let pc = self.run.pc();
        if !self.run.push_frame(new) {
            self.abort(Abort::TooDeep);
            return false;
        }
        if !self.stopped() {
            let mut shadow = self.shadow(new.code, new.ret, new.pc, new.registers as usize, None);
            shadow.slots.fill(Slot::UNBOUND);
            self.push_shadow(shadow, pc);
        }
        true
    }

    pub(super) fn push_owned(&mut self, new: &NewFrame, owner: RVal, first: &Field<V>) -> bool {
        let pc = self.run.pc();
        if !self.run.push_owned_frame(new, owner.now, first) {
            self.abort(Abort::TooDeep);
            return false;
        }
        if !self.stopped() {
            let shadow = self.shadow(new.code, new.ret, new.pc, new.registers as usize, Some(owner));
            self.push_shadow(shadow, pc);
        }
        true
    }

    fn push_shadow(&mut self, shadow: Shadow, caller_pc: u32) {
        if let Some(caller) = self.frames.last_mut() {
            caller.pc = caller_pc;
        }
        self.frames.push(shadow);
        self.point.frame_effect = true;
        self.point.frames_changed = true;
    }

    pub(super) fn pop(&mut self) {
        if !self.stopped() {
            if self.frames.len() == 1 {
                self.leave_root();
            } else {
                self.pop_shadow();
            }
        }
        self.run.pop_frame();
    }

    fn pop_shadow(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        if let Some(owner) = frame.owner {
            self.write_back(owner);
        }
        let Some(frame) = self.frames.pop() else { return };
        let ops = self.trace.ops.len() - frame.first_op;
        if self.longest.is_none_or(|(_, most)| ops > most) {
            self.longest = Some((frame.code, ops));
        }
        self.point.frame_effect = true;
        self.point.frames_changed = true;
    }

    /// Stores the written registers of the innermost frame in the object that owns them, but for those that are dead
    /// where the frame would go on.
    fn write_back(&mut self, owner: RVal) {
        let Some(top) = self.frames.last() else { return };
        let (slots, at) = (top.slots.clone(), Shadow { pc: self.run.pc(), slots: Vec::new(), ..top.clone() });
        let live = self.live_in_caller(&at);
        let object = self.op_of(owner);
        for &r in live.iter() {
            let slot = slots[r as usize];
            if !slot.dirty {
                continue;
            }
            let v = self.op_of(RVal { now: slot.now, op: slot.op });
            self.escape(v);
            let field = self.field(&register_field(G::owner_registers_offset(), r));
            self.emit(Opcode::SetVal, &[object, v], field);
        }
        self.point.heap_effect.get_or_insert("registers of a popped frame");
    }

    /// The root frame is about to return: that is the end of the trace.
    pub(super) fn root_returns(&mut self, v: RVal) {
        if self.stopped() || self.frames.len() > 1 || self.shared.options.calls == 0 {
            return;
        }
        let v = self.op_of(v);
        self.emit(Opcode::Finish, &[v], 0);
        self.stop(End::Finish);
    }

    /// The root frame has been suspended: it keeps what it needs to go on, and the trace ends.
    pub(super) fn root_suspends(&mut self, v: RVal) {
        if self.stopped() || self.frames.len() > 1 {
            return;
        }
        if let Some(owner) = self.frames[0].owner {
            self.write_back(owner);
            self.root_returns(v);
        }
    }

    /// The root frame is left otherwise: the trace ends where the instruction began.
    pub(super) fn leave_root(&mut self) {
        match self.point.snapshot {
            Some(s) if self.point.heap_effect.is_none() => self.finish_with_exit(s, ExitWhy::Left),
            None if self.point.heap_effect.is_none() && !self.point.frame_effect => {
                self.exit_here(ExitWhy::Left)
            }
            _ if self.pending.is_some() => self.abort(Abort::RaisedInCall),
            _ => self.abort(Abort::LeftRoot),
        }
    }

    pub(super) fn frame_owner(&mut self) -> Option<RVal> {
        let now = self.run.owner()?;
        if let Some(owner) = self.frames.last().and_then(|f| f.owner)
            && !self.stopped()
        {
            return Some(owner);
        }
        // Compiled code cannot find the root frame's owner.
        if !self.stopped() {
            self.leave_root();
        }
        Some(RVal::constant(now))
    }

    pub(super) fn may_follow(&mut self, code: Value) -> bool {
        if self.stopped() {
            return true;
        }
        let options = &self.shared.options;
        if self.frames.iter().any(|f| f.code == code) && self.compiled_entry(code).is_some() {
            return false;
        }
        let active = self.frames.iter().filter(|f| f.code == code).count();
        active < options.recursion as usize
            && self.frames.len() <= options.inline as usize
            && !self.shared.is_not_inlined(code)
            && !G::has_loop(code)
    }

    /// May the frame that a heap object owns be resumed as part of the recording?
    pub(super) fn may_resume(&mut self, code: Value) -> bool {
        self.stopped() || !self.shared.is_not_inlined(code)
    }

    /// Between instructions: looks whether a loop header comes next.
    pub(crate) fn meet_header(&mut self) {
        let begins_here = self.point.serial == 0 && self.home.is_some();
        if self.stopped() || begins_here {
            return;
        }
        let (code, pc) = (self.run.code(), self.run.pc());
        if G::is_loop_header(code, pc) {
            self.at_header(code, pc);
        }
    }

    fn at_header(&mut self, code: Value, pc: u32) {
        if self.frames.len() > 1 {
            return self.inlined_header();
        }
        if self.home.as_ref().is_some_and(|(c, p, _)| *c == code && *p == pc) {
            return self.close();
        }
        let entry = self.shared.store.borrow().entry_at(code, pc);
        if let Some((fragment, regs)) = entry {
            return self.end_at_fragment(fragment, &regs, pc);
        }
        let most = self.inner_passes(code, pc);
        let passed = self.headers_passed.entry((code.bits(), pc)).or_default();
        *passed += 1;
        if *passed >= most {
            self.inner = Some((code, pc));
            self.abort(Abort::InnerLoop);
        }
    }

    /// Times that the inner loop at this header may be passed. One that was recorded in vain is too short to close by
    /// itself: it may be unrolled in the recordings of others.
    fn inner_passes(&self, code: Value, pc: u32) -> u32 {
        let options = &self.shared.options;
        let store = self.shared.store.borrow();
        let failures = store.find_header(code, pc).map_or(0, |h| h.aborts);
        let most = options.inner.saturating_mul(1 << failures.min(16));
        most.min(options.unroll.max(options.inner))
    }

    fn inlined_header(&mut self) {
        let limit = self.shared.options.unroll;
        let Some(top) = self.frames.last_mut() else { return };
        top.headers += 1;
        if top.headers > limit {
            let (code, owned) = (top.code, top.owner.is_some());
            if owned {
                // It may well suspend sooner another time.
                self.shared.blame(code, self.shared.options.branchy.div_ceil(LONG_STRETCHES));
            } else {
                self.shared.inline_no_more(code);
            }
            self.abort(Abort::InlinedLoop);
        }
    }

    fn close(&mut self) {
        let Some((_, pc, regs)) = self.home.take() else { return };
        self.jump(Opcode::Jump, 0, &regs, pc, End::Close);
        let Some(top) = self.frames.first() else { return };
        self.home = Some((top.code, pc, regs));
    }

    fn end_at_fragment(&mut self, fragment: hoop_ir::FragmentId, regs: &[u16], pc: u32) {
        self.jump(Opcode::JumpFragment, fragment.0 as u64, regs, pc, End::Fragment(fragment));
    }

    /// Ends the trace with a jump that passes the root frame's registers `regs`.
    fn jump(&mut self, code: Opcode, imm: u64, regs: &[u16], pc: u32, end: End) {
        let Some(slots) = self.frames.first().map(|f| f.slots.clone()) else { return };
        let mut list = Vec::with_capacity(regs.len());
        for &r in regs {
            let slot = slots[r as usize];
            if slot.is_unloaded() {
                return self.abort(Abort::DeadRegister);
            }
            list.push(self.op_of(RVal { now: slot.now, op: slot.op }));
        }
        // A bridge that starts at this header leaves the optimizer no place for further guards.
        let snapshot = if self.point.serial == 0 {
            SnapshotId::NONE
        } else {
            let Some(s) = self.snapshot_at(pc) else { return };
            s
        };
        let list = self.trace.push_list(&list);
        self.emit_op(hoop_ir::Op { imm, list, snapshot, ..hoop_ir::Op::new(code) });
        self.stop(end);
    }
}
