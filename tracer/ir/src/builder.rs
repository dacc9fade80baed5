//! Two ways to make traces: [`TraceBuilder`] appends operations (recorder, tests), [`Rewriter`] copies a trace operation
//! by operation with replacements (passes).

use crate::descr::{CalleeId, Descriptors, FieldId};
use crate::op::{Opcode, Ty};
use crate::trace::{
    Entry, FragmentId, FrameState, Op, OpRef, PendingStore, Place, SnapVal, Snapshot, SnapshotId, Trace,
    Virtual, new_imm,
};
use std::collections::HashMap;

/// Appends operations to a trace. Constants are shared: one operation each, where first asked for.
#[derive(Debug)]
pub struct TraceBuilder {
    pub trace: Trace,
    constants: HashMap<(Opcode, u64), OpRef>,
    inputs: u64,
}

impl TraceBuilder {
    pub fn new(entry: Entry) -> TraceBuilder {
        TraceBuilder { trace: Trace::new(entry), constants: HashMap::new(), inputs: 0 }
    }

    /// A loop and its inputs: the values in these registers of the entry frame.
    pub fn new_loop(regs: &[u16]) -> (TraceBuilder, Vec<OpRef>) {
        let mut b = TraceBuilder::new(Entry::Loop { regs: regs.to_vec() });
        let inputs = regs.iter().map(|_| b.input(Ty::Val)).collect();
        (b, inputs)
    }

    /// A bridge and its inputs: the fail arguments of its guard.
    pub fn new_bridge(types: &[Ty]) -> (TraceBuilder, Vec<OpRef>) {
        let mut b = TraceBuilder::new(Entry::Bridge { types: types.to_vec() });
        let inputs = types.iter().map(|&ty| b.input(ty)).collect();
        (b, inputs)
    }

    pub fn finish(self) -> Trace {
        self.trace
    }

    fn input(&mut self, ty: Ty) -> OpRef {
        let code = match ty {
            Ty::Int => Opcode::InputInt,
            Ty::Float => Opcode::InputFloat,
            _ => Opcode::InputVal,
        };
        self.inputs += 1;
        self.op_imm(code, &[], self.inputs - 1)
    }

    /// The type of an operation's result.
    pub fn ty(&self, r: OpRef) -> Ty {
        self.trace.ty(r)
    }

    // ---- constants

    fn constant(&mut self, code: Opcode, imm: u64) -> OpRef {
        if let Some(&r) = self.constants.get(&(code, imm)) {
            return r;
        }
        let r = self.op_imm(code, &[], imm);
        self.constants.insert((code, imm), r);
        r
    }

    pub fn int(&mut self, i: i64) -> OpRef {
        self.constant(Opcode::ConstInt, i as u64)
    }

    pub fn float(&mut self, f: f64) -> OpRef {
        self.constant(Opcode::ConstFloat, f.to_bits())
    }

    /// A value word that is no pointer.
    pub fn word(&mut self, word: u64) -> OpRef {
        self.constant(Opcode::ConstVal, word)
    }

    /// The object at `index` in the root table.
    pub fn root(&mut self, index: u32) -> OpRef {
        self.trace.roots = self.trace.roots.max(index + 1);
        self.constant(Opcode::ConstRef, index as u64)
    }

    // ---- operations

    pub fn op(&mut self, code: Opcode, args: &[OpRef]) -> OpRef {
        self.op_imm(code, args, 0)
    }

    pub fn op_imm(&mut self, code: Opcode, args: &[OpRef], imm: u64) -> OpRef {
        self.push(code, args, imm, &[], SnapshotId::NONE)
    }

    /// Any operation at all.
    pub fn push(
        &mut self,
        code: Opcode,
        args: &[OpRef],
        imm: u64,
        list: &[OpRef],
        snapshot: SnapshotId,
    ) -> OpRef {
        debug_assert_eq!(args.len(), code.args().len(), "operands of {}", code.text());
        let mut op = Op { imm, snapshot, ..Op::new(code) };
        op.args[..args.len()].copy_from_slice(args);
        if code.has_list() {
            op.list = self.trace.push_list(list);
        }
        self.trace.push(op)
    }

    pub fn guard(&mut self, code: Opcode, args: &[OpRef], snapshot: SnapshotId) -> OpRef {
        self.push(code, args, 0, &[], snapshot)
    }

    pub fn guard_shape(&mut self, object: OpRef, shape: u32, snapshot: SnapshotId) -> OpRef {
        self.push(Opcode::GuardShape, &[object], shape as u64, &[], snapshot)
    }

    pub fn get(&mut self, d: &Descriptors, object: OpRef, field: FieldId) -> OpRef {
        let code = match d.field_descr(field).mem.ty() {
            Ty::Val => Opcode::GetVal,
            Ty::Float => Opcode::GetFloat,
            _ => Opcode::GetInt,
        };
        self.op_imm(code, &[object], field.0 as u64)
    }

    pub fn set(&mut self, d: &Descriptors, object: OpRef, field: FieldId, value: OpRef) -> OpRef {
        let code = match d.field_descr(field).mem.ty() {
            Ty::Val => Opcode::SetVal,
            Ty::Float => Opcode::SetFloat,
            _ => Opcode::SetInt,
        };
        self.op_imm(code, &[object, value], field.0 as u64)
    }

    pub fn item(&mut self, d: &Descriptors, array: OpRef, index: OpRef, field: FieldId) -> OpRef {
        let code = match d.field_descr(field).mem.ty() {
            Ty::Val => Opcode::ItemVal,
            Ty::Float => Opcode::ItemFloat,
            _ => Opcode::ItemInt,
        };
        self.op_imm(code, &[array, index], field.0 as u64)
    }

    pub fn set_item(
        &mut self,
        d: &Descriptors,
        array: OpRef,
        index: OpRef,
        field: FieldId,
        value: OpRef,
    ) -> OpRef {
        let code = match d.field_descr(field).mem.ty() {
            Ty::Val => Opcode::SetItemVal,
            Ty::Float => Opcode::SetItemFloat,
            _ => Opcode::SetItemInt,
        };
        self.op_imm(code, &[array, index, value], field.0 as u64)
    }

    /// A fresh object of `size` bytes, header included.
    pub fn new_object(&mut self, shape: u32, size: u16, aux: u16) -> OpRef {
        self.op_imm(Opcode::New, &[], new_imm(shape, size, aux))
    }

    pub fn call(&mut self, d: &Descriptors, callee: CalleeId, args: &[OpRef]) -> OpRef {
        let code = match d.callee_descr(callee).ret {
            Ty::Int => Opcode::CallInt,
            Ty::Float => Opcode::CallFloat,
            Ty::Void => Opcode::CallVoid,
            _ => Opcode::CallVal,
        };
        self.push(code, &[], callee.0 as u64, args, SnapshotId::NONE)
    }

    pub fn cond_call(&mut self, condition: OpRef, callee: CalleeId, args: &[OpRef]) -> OpRef {
        self.push(Opcode::CondCall, &[condition], callee.0 as u64, args, SnapshotId::NONE)
    }

    pub fn place(&mut self, place: Place) -> OpRef {
        if self.trace.places.last() != Some(&place) {
            self.trace.places.push(place);
        }
        self.op_imm(Opcode::Place, &[], self.trace.places.len() as u64 - 1)
    }

    // ---- the loop header and the ends

    /// The loop header; gives its parameters, one for each initial value.
    pub fn label(&mut self, values: &[OpRef]) -> Vec<OpRef> {
        self.push(Opcode::Label, &[], 0, values, SnapshotId::NONE);
        let param = |b: &mut TraceBuilder, (i, &v): (usize, &OpRef)| {
            let code = match b.ty(v) {
                Ty::Int => Opcode::ParamInt,
                Ty::Float => Opcode::ParamFloat,
                _ => Opcode::ParamVal,
            };
            b.op_imm(code, &[], i as u64)
        };
        values.iter().enumerate().map(|v| param(self, v)).collect()
    }

    pub fn jump(&mut self, values: &[OpRef]) -> OpRef {
        self.push(Opcode::Jump, &[], 0, values, SnapshotId::NONE)
    }

    pub fn jump_fragment(&mut self, to: FragmentId, values: &[OpRef]) -> OpRef {
        self.push(Opcode::JumpFragment, &[], to.0 as u64, values, SnapshotId::NONE)
    }

    pub fn jump_label(&mut self, to: FragmentId, values: &[OpRef]) -> OpRef {
        self.push(Opcode::JumpLabel, &[], to.0 as u64, values, SnapshotId::NONE)
    }

    pub fn call_fragment(&mut self, to: FragmentId, values: &[OpRef]) -> OpRef {
        self.push(Opcode::CallFragment, &[], to.0 as u64, values, SnapshotId::NONE)
    }

    pub fn exit(&mut self, snapshot: SnapshotId) -> OpRef {
        self.push(Opcode::Exit, &[], 0, &[], snapshot)
    }

    pub fn end_function(&mut self, value: OpRef) -> OpRef {
        self.op(Opcode::Finish, &[value])
    }

    // ---- snapshots

    pub fn snapshot(&mut self, snapshot: Snapshot) -> SnapshotId {
        let roots = snapshot.frames.iter().map(|f| f.code + 1).max();
        self.trace.roots = self.trace.roots.max(roots.unwrap_or(0));
        self.trace.snapshots.push(snapshot);
        SnapshotId(self.trace.snapshots.len() as u32 - 1)
    }

    /// A snapshot of one frame whose code is root `code`.
    pub fn frame_snapshot(&mut self, code: u32, pc: u32, regs: &[(u16, OpRef)]) -> SnapshotId {
        let regs = regs.iter().map(|&(r, v)| (r, SnapVal::Op(v))).collect();
        let frames = vec![FrameState { code, pc, ret: 0, owner: None, regs }];
        self.snapshot(Snapshot { frames, stores: Vec::new() })
    }

    pub fn virtual_object(&mut self, v: Virtual) -> SnapVal {
        self.trace.virtuals.push(v);
        SnapVal::Virtual(self.trace.virtuals.len() as u32 - 1)
    }
}

/// Copies a trace operation by operation: what is copied sees the replacements of what came before it. Snapshots and
/// virtuals are copied when first needed, with the replacements of that moment, so a snapshot must not be needed before
/// all that it names has been copied or replaced (def before use gives that in a forward walk).
pub struct Rewriter<'a> {
    pub old: &'a Trace,
    pub new: Trace,
    map: Vec<OpRef>,
    snapshots: Vec<SnapshotId>,
    virtuals: Vec<u32>,
}

impl<'a> Rewriter<'a> {
    pub fn new(old: &'a Trace) -> Rewriter<'a> {
        let mut new = Trace::new(old.entry.clone());
        new.places = old.places.clone();
        new.roots = old.roots;
        Rewriter {
            old,
            new,
            map: vec![OpRef::NONE; old.ops.len()],
            snapshots: vec![SnapshotId::NONE; old.snapshots.len()],
            virtuals: vec![u32::MAX; old.virtuals.len()],
        }
    }

    pub fn finish(self) -> Trace {
        self.new
    }

    /// What stands for an old operation; `NONE` if it was neither copied nor replaced.
    pub fn get(&self, old: OpRef) -> OpRef {
        if old.is_none() { old } else { self.map[old.index()] }
    }

    /// From now on, `new` (of the new trace) stands for `old`.
    pub fn set(&mut self, old: OpRef, new: OpRef) {
        self.map[old.index()] = new;
    }

    /// Appends an operation whose operands, list and snapshot are of the new trace.
    pub fn emit(&mut self, op: Op) -> OpRef {
        self.new.push(op)
    }

    /// The old operation with mapped operands, list and snapshot, not yet appended.
    pub fn mapped(&mut self, old: OpRef) -> Op {
        let op = *self.old.op(old);
        let old_trace = self.old;
        let start = self.new.lists.len() as u32;
        if op.code.has_list() {
            let map = &self.map;
            self.new.lists.extend(old_trace.list(&op).iter().map(|r| map[r.index()]));
        }
        let list = if op.code.has_list() { (start, op.list.1) } else { (0, 0) };
        let snapshot = self.snapshot(op.snapshot);
        Op { args: op.args.map(|r| self.get(r)), list, snapshot, ..op }
    }

    /// Copies an operation; the copy stands for it.
    pub fn copy(&mut self, old: OpRef) -> OpRef {
        let op = self.mapped(old);
        let new = self.emit(op);
        self.set(old, new);
        new
    }

    /// The copy of an old snapshot (`NONE` for `NONE`).
    pub fn snapshot(&mut self, old: SnapshotId) -> SnapshotId {
        if old == SnapshotId::NONE {
            return old;
        }
        let known = self.snapshots[old.0 as usize];
        if known != SnapshotId::NONE {
            return known;
        }
        let s = self.old.snapshot(old);
        let frames = s.frames.iter().map(|f| self.frame(f)).collect();
        let stores = s.stores.iter().map(|s| self.store(s)).collect();
        self.new.snapshots.push(Snapshot { frames, stores });
        let id = SnapshotId(self.new.snapshots.len() as u32 - 1);
        self.snapshots[old.0 as usize] = id;
        id
    }

    fn frame(&mut self, f: &FrameState) -> FrameState {
        let regs = f.regs.iter().map(|&(r, v)| (r, self.snap_val(v))).collect();
        FrameState { owner: f.owner.map(|v| self.snap_val(v)), regs, ..*f }
    }

    fn store(&mut self, s: &PendingStore) -> PendingStore {
        PendingStore {
            object: self.snap_val(s.object),
            field: s.field,
            index: s.index.map(|i| self.get(i)),
            value: self.snap_val(s.value),
        }
    }

    /// The copy of what a snapshot holds.
    pub fn snap_val(&mut self, v: SnapVal) -> SnapVal {
        match v {
            SnapVal::Op(r) => SnapVal::Op(self.get(r)),
            SnapVal::Virtual(i) => SnapVal::Virtual(self.virtual_object(i)),
        }
    }

    fn virtual_object(&mut self, old: u32) -> u32 {
        let known = self.virtuals[old as usize];
        if known != u32::MAX {
            return known;
        }
        let v = &self.old.virtuals[old as usize];
        let id = self.new.virtuals.len() as u32;
        self.virtuals[old as usize] = id;
        // Its place is taken before its fields are copied: virtuals may form cycles.
        self.new.virtuals.push(Virtual { new: v.new, fields: Vec::new() });
        let fields = v.fields.iter().map(|&(f, v)| (f, self.snap_val(v))).collect();
        self.new.virtuals[id as usize].fields = fields;
        id
    }
}
