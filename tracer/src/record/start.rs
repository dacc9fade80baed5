//! Beginning a recording: at a loop header or function entry, or at an exit with what its snapshot says.

use super::Record;
use crate::driver::Tracer;
use crate::exits::{Applied, ExitState};
use crate::record::values::{Fact, RVal};
use hoop_engine::{Engine, Guest, VmState, tag_shape};
use hoop_gc::Value;
use hoop_ir::{Entry, FieldId, MemTy, OpRef, Opcode, SnapVal, SnapshotId, Trace, Ty};

/// The exit that a bridge is recorded from.
pub(crate) struct BridgeStart<'e> {
    pub parent: &'e Trace,
    pub snapshot: SnapshotId,
    pub roots: &'e [Value],
    pub state: &'e ExitState,
    pub applied: &'e Applied,
    /// The exit unwinds: the pending exception is the bridge's to handle.
    pub unwinds: bool,
}

impl<'a, G: Guest> Record<'a, G> {
    /// Starts at the innermost frame, whose pc is at a loop header or a function's start.
    pub(crate) fn at_loop(vm: &'a mut G::Vm, tracer: &'a Tracer<G>, closes: bool) -> Record<'a, G> {
        let depth = vm.context().thread.frames.depth();
        let trace = Trace::new(Entry::Loop { regs: Vec::new() });
        let mut rec = Record::new(vm, tracer, trace, depth - 1);
        let (code, pc, ret) = (rec.run.code(), rec.run.pc(), rec.run.ret());
        let mut regs = rec.live_at(code, pc).to_vec();
        let owner = rec.owner_in_register(code);
        regs.extend(owner.map(|(r, _)| r));
        let registers = rec.context().thread.frames.last().map_or(0, |f| f.registers);
        let shadow = rec.shadow(code, ret, pc, registers as usize, None);
        rec.frames.push(shadow);
        for (i, &r) in regs.iter().enumerate() {
            let now = rec.run.load(hoop_engine::Reg(r));
            let op =
                rec.push(hoop_ir::Op { imm: i as u64, ..hoop_ir::Op::new(Opcode::InputVal) }, Fact::NOTHING);
            rec.set_slot(0, r, RVal { now, op });
            if let Some((register, now)) = owner
                && r == register
            {
                rec.frames[0].owner = Some(RVal { now, op });
            }
        }
        rec.trace.entry = Entry::Loop { regs: regs.clone() };
        if closes {
            rec.home = Some((code, pc, regs));
        } else {
            rec.own = Some((code, tracer.shared.store.borrow_mut().next_id()));
        }
        rec
    }

    /// The register where compiled code finds the owner of the innermost frame, a recording's root, and the owner.
    fn owner_in_register(&mut self, code: Value) -> Option<(u16, Value)> {
        let now = self.run.owner().filter(|_| self.shared.options.calls != 0)?;
        let register = G::owner_register(code)?;
        self.run.store(hoop_engine::Reg(register), now);
        Some((register, now))
    }

    /// Starts at an exit whose frames have been rebuilt.
    pub(crate) fn at_exit(
        vm: &'a mut G::Vm,
        tracer: &'a Tracer<G>,
        base_depth: usize,
        start: &BridgeStart,
    ) -> Record<'a, G> {
        let args = start.parent.fail_args(start.snapshot);
        let types: Vec<Ty> = args.iter().map(|&r| start.parent.ty(r)).collect();
        let trace = Trace::new(Entry::Bridge { types: types.clone() });
        let rec = Record::new(vm, tracer, trace, base_depth);
        let mut entry = BridgeEntry {
            rec,
            start,
            args,
            inputs: Vec::new(),
            words: Vec::new(),
            virtuals: vec![OpRef::NONE; start.parent.virtuals.len()],
        };
        entry.make_inputs(&types);
        entry.make_virtuals();
        entry.make_frames();
        entry.do_stores();
        let mut rec = entry.rec;
        if start.unwinds {
            let exception = rec.emit(Opcode::TakeException, &[], 0);
            rec.pending = Some(exception);
            rec.point.heap_effect = Some("an exception on its way");
        }
        rec
    }
}

/// A bridge's beginning: the parent's snapshot turned into operations of the bridge.
struct BridgeEntry<'a, 'e, G: Guest> {
    rec: Record<'a, G>,
    start: &'e BridgeStart<'e>,
    /// The parent's operations that are inputs, and the inputs made for them.
    args: Vec<OpRef>,
    inputs: Vec<OpRef>,
    /// The inputs as value words, made when first wanted.
    words: Vec<OpRef>,
    /// By the parent's number.
    virtuals: Vec<OpRef>,
}

impl<G: Guest> BridgeEntry<'_, '_, G> {
    fn make_inputs(&mut self, types: &[Ty]) {
        for (i, ty) in types.iter().enumerate() {
            let code = match ty {
                Ty::Int | Ty::Bool => Opcode::InputInt,
                Ty::Float => Opcode::InputFloat,
                _ => Opcode::InputVal,
            };
            let op = hoop_ir::Op { imm: i as u64, ..hoop_ir::Op::new(code) };
            self.inputs.push(self.rec.push(op, Fact::NOTHING));
            self.words.push(OpRef::NONE);
        }
    }

    /// The input for one of the parent's operations.
    fn input(&self, r: OpRef) -> usize {
        self.args.iter().position(|&a| a == r).unwrap_or_default()
    }

    /// A parent's operation as a value word.
    fn word(&mut self, r: OpRef) -> OpRef {
        let op = self.start.parent.op(r);
        match op.code {
            Opcode::ConstVal => self.rec.const_val(Value::from_bits(op.imm).unwrap_or(Value::UNBOUND)),
            Opcode::ConstRef => self.rec.const_val(self.start.roots[op.imm as usize]),
            Opcode::ConstInt => self.rec.const_val(Value::int(op.imm as i64)),
            Opcode::ConstFloat => {
                let f = self.rec.constant(Opcode::ConstFloat, op.imm, Fact::NOTHING);
                self.rec.pack(Opcode::BoxFloat, f, tag_shape::FLOAT)
            }
            _ => self.input_word(r),
        }
    }

    fn input_word(&mut self, r: OpRef) -> OpRef {
        let i = self.input(r);
        if self.words[i].is_none() {
            let input = self.inputs[i];
            self.words[i] = match self.start.parent.ty(r) {
                Ty::Int => self.rec.pack(Opcode::TagInt, input, tag_shape::INT),
                Ty::Float => self.rec.pack(Opcode::BoxFloat, input, tag_shape::FLOAT),
                Ty::Bool => {
                    let zero = self.rec.const_int(0);
                    let b = self.rec.emit(Opcode::IntNe, &[input, zero], 0);
                    self.rec.pack(Opcode::BoolToVal, b, tag_shape::BOOL)
                }
                _ => input,
            };
        }
        self.words[i]
    }

    /// A parent's operation as a machine value.
    fn machine(&mut self, r: OpRef) -> OpRef {
        let op = self.start.parent.op(r);
        match op.code {
            Opcode::ConstInt | Opcode::ConstFloat => self.rec.constant(op.code, op.imm, Fact::NOTHING),
            _ => self.inputs[self.input(r)],
        }
    }

    fn content(&mut self, v: SnapVal, mem: MemTy) -> OpRef {
        match v {
            SnapVal::Virtual(n) => self.virtuals[n as usize],
            SnapVal::Op(r) if mem == MemTy::Val => self.word(r),
            SnapVal::Op(r) => self.machine(r),
        }
    }

    /// The virtuals exist already in the heap; the bridge makes its own, for the optimizer to make virtual again.
    fn make_virtuals(&mut self) {
        for &n in &self.start.state.virtual_order {
            let new = self.start.parent.virtuals[n as usize].new;
            let op = self.rec.emit(Opcode::New, &[], new);
            let shape = Some(hoop_gc::ShapeId(hoop_ir::new_parts(new).0));
            shape.iter().for_each(|&s| self.rec.rely_on_shape(s));
            self.rec.facts[op.index()] = Fact { shape, escaped: false, ..Fact::NOTHING };
            self.virtuals[n as usize] = op;
            // A count in a field tells the collector the object's size: before the next allocation.
            self.fill(n, |mem| mem != MemTy::Val);
        }
        for &n in &self.start.state.virtual_order {
            self.fill(n, |mem| mem == MemTy::Val);
        }
    }

    fn fill(&mut self, n: u32, these: impl Fn(MemTy) -> bool) {
        let object = self.virtuals[n as usize];
        for (field, v) in self.start.parent.virtuals[n as usize].fields.clone() {
            let mem = self.rec.shared.descriptors.borrow().field_descr(field).mem;
            if these(mem) {
                self.set(object, field, None, v);
            }
        }
    }

    fn set(&mut self, object: OpRef, field: FieldId, index: Option<OpRef>, v: SnapVal) {
        let mem = self.rec.shared.descriptors.borrow().field_descr(field).mem;
        let value = self.content(v, mem);
        if mem == MemTy::Val {
            self.rec.escape(value);
        }
        let code = match (mem, index) {
            (MemTy::Val, None) => Opcode::SetVal,
            (MemTy::F64, None) => Opcode::SetFloat,
            (_, None) => Opcode::SetInt,
            (MemTy::Val, Some(_)) => Opcode::SetItemVal,
            (MemTy::F64, Some(_)) => Opcode::SetItemFloat,
            (_, Some(_)) => Opcode::SetItemInt,
        };
        match index {
            None => self.rec.emit(code, &[object, value], field.0 as u64),
            Some(i) => {
                let i = self.machine(i);
                self.rec.emit(code, &[object, i, value], field.0 as u64)
            }
        };
    }

    fn do_stores(&mut self) {
        for store in self.start.parent.snapshots[self.start.snapshot.0 as usize].stores.clone() {
            let object = self.content(store.object, MemTy::Val);
            self.set(object, store.field, store.index, store.value);
        }
    }

    fn make_frames(&mut self) {
        let frames = &self.start.parent.snapshots[self.start.snapshot.0 as usize].frames;
        for (i, f) in frames.iter().enumerate() {
            let code = self.start.roots[f.code as usize];
            let registers = self.real_registers(i);
            let owner = f.owner.map(|o| self.owner(o, i));
            let shadow = self.rec.shadow(code, f.ret, f.pc, registers, owner);
            self.rec.frames.push(shadow);
            if let (0, Some(owner), Some(r)) = (i, owner, G::owner_register(code)) {
                self.rec.set_slot(0, r, owner);
            }
            for (k, &(r, v)) in f.regs.iter().enumerate() {
                let op = self.content(v, MemTy::Val);
                let now = self.start.applied.frames[i].regs[k];
                self.rec.set_slot(i, r, RVal { now, op });
            }
        }
    }

    fn owner(&mut self, v: SnapVal, frame: usize) -> RVal {
        let op = self.content(v, MemTy::Val);
        let now = self.start.applied.frames[frame].owner.unwrap_or(Value::UNBOUND);
        RVal { now, op }
    }

    fn real_registers(&mut self, frame: usize) -> usize {
        let index = self.rec.base_depth + frame;
        self.rec.context().thread.frames.frames().get(index).map_or(0, |f| f.registers as usize)
    }
}
