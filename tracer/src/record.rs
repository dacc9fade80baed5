//! `Record`: the engine that executes and writes down what it does.
//!
//! Every operation really happens, through a [`Run`] inside; beside its result the recorder keeps which IR operation
//! will make it when the trace runs. So there is nothing to undo when a recording is given up, and no second account
//! of what an instruction means.
//!
//! **Folding on the way in.** A value without operation is a constant; what is computed from constants is one. What
//! a guard has established is remembered per operation ([`Fact`], a dense vector), so no guard is recorded twice. A
//! test that fails records what the value *is*, never what it is not.
//!
//! **Resume points.** Each instruction starts one. The snapshot of the frames as they are there is made at the first
//! guard and shared by the others of the instruction. After an effect (a store to the heap or to a register, a frame
//! pushed or popped, a call that writes) no further guard may resume there; one that is wanted all the same is a
//! mistake in the guest, counted, and ends the recording. Objects allocated in the same instruction may be written: an
//! exit abandons them.
//!
//! **Frames.** Of each frame inlined in the recording, and of the root frame, the recorder keeps a shadow: which
//! operation is in which register ([`frames`]). The real registers are written too; `check` compares them.
//!
//! **The end.** Once [`End`] is set, everything just executes: values are constants, nothing is written down. The
//! driver looks at it between instructions.

mod calls;
mod engine;
mod fragments;
mod frames;
mod guards;
mod snapshots;
mod start;
mod values;

pub use frames::register_field;
pub use values::{RBool, RFloat, RInt, RVal};

use crate::driver::{Shared, Tracer};
use crate::roots::RootTable;
use crate::stats::Abort;
use frames::Shadow;
use hoop_engine::{Context, Engine, Guest, Reg, Run, ValidFlag, VmState};
use hoop_gc::Value;
use hoop_ir::{FieldDescr, FieldId, FragmentId, MemTy, Op, OpRef, Opcode, Place, SnapshotId, Trace};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::marker::PhantomData;
use std::rc::Rc;
use values::{Fact, word_kind};

pub(crate) use start::BridgeStart;

/// The shape in an object's header. Effect group 0 stands for headers.
pub const SHAPE_FIELD: FieldDescr = FieldDescr {
    name: "header.shape",
    number: 0,
    offset: 0,
    mem: MemTy::U32,
    array: false,
    immutable: false,
    group: 0,
};

/// The effect group of object headers.
pub(crate) const SHAPE_GROUP: u64 = 1;

/// How a recording ends.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// Back at the header where it began.
    Close,
    /// At the header of a fragment.
    Fragment(FragmentId),
    /// The root frame returned.
    Finish,
    /// To the interpreter.
    Exit(ExitWhy),
    Abort(Abort),
}

/// Why a trace ends in an exit.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum ExitWhy {
    /// The root frame is left otherwise than by returning.
    Left,
    /// Too many operations.
    Segment,
    /// A callee looks at frames.
    Frames,
    Interrupt,
    /// The trace is a door. See `door`.
    Door,
}

/// What a finished recording hands on.
pub(crate) struct Recording {
    pub trace: Trace,
    pub roots: RootTable,
    pub flag: ValidFlag,
    pub end: End,
    /// Of a function: the fragment that it will be, which it may call.
    pub id: Option<FragmentId>,
    /// The compiled functions called, but for itself.
    pub calls: Vec<FragmentId>,
    /// Instructions executed.
    pub instructions: u32,
    /// The code object that made the trace too long.
    pub blamed: Option<Value>,
    /// The loop header that should be recorded first.
    pub inner: Option<(Value, u32)>,
}

/// See the module text.
pub struct Record<'a, G: Guest> {
    pub(crate) run: Run<'a, G::Vm>,
    tracer: &'a Tracer<G>,
    shared: &'a Shared,
    trace: Trace,
    /// One per operation.
    facts: Vec<Fact>,
    constants: HashMap<(Opcode, u64), OpRef>,
    roots: RootTable,
    root_ids: HashMap<u64, u32>,
    fields: HashMap<FieldDescr, FieldId>,
    frames: Vec<Shadow>,
    /// Number of frames below the root frame.
    base_depth: usize,
    point: ResumePoint,
    /// Goes up when the shape of an object may have changed behind the recorder's back.
    shape_epoch: u32,
    /// Which operation is the exception on its way.
    pending: Option<OpRef>,
    result_to: Option<Option<Reg>>,
    /// A call may have broken an assumption: the next instruction starts with a guard.
    valid_due: bool,
    flag: ValidFlag,
    assumed: HashSet<u64>,
    live: HashMap<(u64, u32), Rc<[u16]>>,
    headers_passed: HashMap<(u64, u32), u32>,
    /// Where a loop's recording began: the header that closes it, and the registers that are inputs.
    home: Option<(Value, u32, Vec<u16>)>,
    /// The function being recorded, and the fragment that it will be.
    own: Option<(Value, FragmentId)>,
    calls: Vec<FragmentId>,
    /// A call in the trace may run guest code.
    runs_guest: bool,
    end: Option<End>,
    /// The longest stretch recorded in one inlined callee.
    longest: Option<(Value, usize)>,
    inner: Option<(Value, u32)>,
    guest: PhantomData<G>,
}

/// The state of the instruction being recorded.
#[derive(Copy, Clone, Debug, Default)]
struct ResumePoint {
    pc: u32,
    /// Instructions begun, this one included.
    serial: u32,
    /// The frames as they were at the start.
    snapshot: Option<SnapshotId>,
    /// What happened that re-executing the instruction would repeat.
    heap_effect: Option<&'static str>,
    /// A register was written or frames were pushed or popped.
    frame_effect: bool,
    frames_changed: bool,
    /// The place is not yet written down.
    place_due: bool,
    /// Where the heap made the next object when the instruction began.
    cursor: usize,
}

impl<'a, G: Guest> Record<'a, G> {
    fn new(vm: &'a mut G::Vm, tracer: &'a Tracer<G>, trace: Trace, base_depth: usize) -> Record<'a, G> {
        let shared = &tracer.shared;
        let roots = RootTable::default();
        shared.recording_roots.borrow_mut().replace(roots.clone());
        vm.context().assumptions.take_spoiled();
        Record {
            run: Run::new(vm),
            tracer,
            shared,
            trace,
            facts: Vec::new(),
            constants: HashMap::default(),
            roots,
            root_ids: HashMap::default(),
            fields: HashMap::default(),
            frames: Vec::new(),
            base_depth,
            point: ResumePoint::default(),
            shape_epoch: 1,
            pending: None,
            result_to: None,
            valid_due: true,
            flag: Rc::new(std::cell::Cell::new(1)),
            assumed: HashSet::default(),
            live: HashMap::default(),
            headers_passed: HashMap::default(),
            home: None,
            own: None,
            calls: Vec::new(),
            runs_guest: false,
            end: None,
            longest: None,
            inner: None,
            guest: PhantomData,
        }
    }

    fn context(&mut self) -> &mut Context {
        self.run.vm().context()
    }

    /// Nothing is written down any more.
    pub(crate) fn stopped(&self) -> bool {
        self.end.is_some()
    }

    pub(crate) fn end(&self) -> Option<End> {
        self.end
    }

    /// Ends the recording, unless it has ended.
    pub(crate) fn stop(&mut self, end: End) {
        self.end.get_or_insert(end);
    }

    pub(crate) fn abort(&mut self, reason: Abort) {
        self.stop(End::Abort(reason));
    }

    /// Native code, or the recorder itself, has panicked: the instruction raises, and the recording ends.
    pub(crate) fn panicked(&mut self, held: G::Held, payload: Box<dyn std::any::Any + Send>) {
        self.abort(Abort::Panicked);
        self.run.recover();
        G::panicked(self.run.vm(), held, payload);
    }

    // ---- writing operations

    fn push(&mut self, op: Op, fact: Fact) -> OpRef {
        self.facts.push(fact);
        self.trace.push(op)
    }

    /// Writes an operation, after its place. In a stopped recording nothing, and the result is a constant.
    fn emit_op(&mut self, op: Op) -> OpRef {
        if self.stopped() {
            return OpRef::NONE;
        }
        if self.point.place_due {
            self.point.place_due = false;
            self.emit_place();
        }
        self.push(op, Fact::NOTHING)
    }

    fn emit_place(&mut self) {
        let Some(top) = self.frames.last() else { return };
        let place = Place { depth: self.frames.len() as u16 - 1, code: top.code_root, pc: self.point.pc };
        self.trace.places.push(place);
        let imm = self.trace.places.len() as u64 - 1;
        self.push(Op { imm, ..Op::new(Opcode::Place) }, Fact::NOTHING);
    }

    fn emit(&mut self, code: Opcode, args: &[OpRef], imm: u64) -> OpRef {
        let mut op = Op { imm, ..Op::new(code) };
        op.args[..args.len()].copy_from_slice(args);
        self.emit_op(op)
    }

    fn field(&mut self, d: &FieldDescr) -> u64 {
        let shared = self.shared;
        self.fields.entry(*d).or_insert_with(|| shared.descriptors.borrow_mut().field(*d)).0 as u64
    }

    // ---- constants

    fn constant(&mut self, code: Opcode, imm: u64, fact: Fact) -> OpRef {
        if self.stopped() {
            return OpRef::NONE;
        }
        if let Some(&op) = self.constants.get(&(code, imm)) {
            return op;
        }
        let op = self.push(Op { imm, ..Op::new(code) }, fact);
        self.constants.insert((code, imm), op);
        op
    }

    /// The index of `v` in the root table.
    fn root(&mut self, v: Value) -> u32 {
        let roots = &self.roots;
        *self.root_ids.entry(v.bits()).or_insert_with(|| {
            let mut table = roots.borrow_mut();
            table.push(v);
            table.len() as u32 - 1
        })
    }

    /// The operation of a constant value word.
    fn const_val(&mut self, v: Value) -> OpRef {
        let fact = Fact { shape: word_kind(v), konst: true, ..Fact::NOTHING };
        if v.is_ptr() {
            let root = self.root(v);
            return self.constant(Opcode::ConstRef, root as u64, fact);
        }
        self.constant(Opcode::ConstVal, v.bits(), fact)
    }

    fn const_int(&mut self, i: i64) -> OpRef {
        self.constant(Opcode::ConstInt, i as u64, Fact::NOTHING)
    }

    fn op_of(&mut self, v: RVal) -> OpRef {
        if v.is_const() { self.const_val(v.now) } else { v.op }
    }

    fn op_of_int(&mut self, i: RInt) -> OpRef {
        if i.is_const() { self.const_int(i.now) } else { i.op }
    }

    fn op_of_float(&mut self, f: RFloat) -> OpRef {
        if f.is_const() { self.constant(Opcode::ConstFloat, f.now.to_bits(), Fact::NOTHING) } else { f.op }
    }

    /// The value, as a constant if a guard has made it one.
    fn resolve(&self, v: RVal) -> RVal {
        if !v.is_const() && self.facts[v.op.index()].konst { RVal::constant(v.now) } else { v }
    }

    // ---- instructions

    /// A new resume point at the engine's pc, which starts an instruction.
    pub(crate) fn begin_instruction(&mut self) {
        self.point = ResumePoint {
            pc: self.run.pc(),
            serial: self.point.serial + 1,
            place_due: true,
            cursor: self.context().heap.cursor_address(),
            ..ResumePoint::default()
        };
        self.result_to = None;
        if self.stopped() {
            return;
        }
        if self.flag.get() == 0 || self.context().assumptions.take_spoiled() {
            return self.abort(Abort::Invalidated);
        }
        if self.trace.ops.len() > self.shared.options.trace_limit as usize {
            return self.too_long();
        }
        if std::mem::take(&mut self.valid_due) {
            self.guard(Opcode::GuardValid, &[], 0);
        }
    }

    /// After an instruction: do the shadows tell the truth?
    pub(crate) fn end_instruction(&mut self) {
        if self.stopped() || !(cfg!(debug_assertions) || self.shared.options.check != 0) {
            return;
        }
        let Some(top) = self.frames.last() else { return };
        for (r, slot) in top.slots.iter().enumerate() {
            let real = self.run.load(Reg(r as u16));
            assert!(
                slot.is_unloaded() || slot.now == real,
                "the recorder's register {r} is {:?}, the frame's {real:?}",
                slot.now
            );
        }
    }

    /// Too many operations: blames the longest callee, or cuts the trace here.
    fn too_long(&mut self) {
        let n = self.trace.ops.len();
        let active = self.frames.iter().skip(1).map(|f| (f.code, n - f.first_op));
        let longest = active.chain(self.longest).max_by_key(|&(_, ops)| ops);
        if let Some((code, ops)) = longest
            && ops > n / 4
        {
            self.longest = Some((code, ops));
            return self.abort(Abort::TooLong);
        }
        self.longest = None;
        self.exit_here(ExitWhy::Segment);
    }

    /// Ends the trace with an exit at the current resume point, if it can be taken there.
    fn exit_here(&mut self, why: ExitWhy) {
        if self.stopped() {
            return;
        }
        match self.snapshot() {
            Some(snapshot) => self.finish_with_exit(snapshot, why),
            None => self.abort(Abort::LeftRoot),
        }
    }

    fn finish_with_exit(&mut self, snapshot: SnapshotId, why: ExitWhy) {
        self.emit_op(Op { snapshot, ..Op::new(Opcode::Exit) });
        self.stop(End::Exit(why));
    }

    /// The root frame's registers lie in a heap object.
    pub(crate) fn root_is_owned(&mut self) -> bool {
        self.run.owner().is_some()
    }

    /// Hands over what was recorded. The frames' pc is saved.
    pub(crate) fn finish(mut self) -> Recording {
        self.run.save_pc();
        self.trace.roots = self.roots.borrow().len() as u32;
        if self.runs_guest {
            let flag = self.flag.clone();
            self.context().assumptions.depend_on_calls(&flag);
        } else if self.assumed.is_empty() {
            self.drop_valid_guards();
        }
        let end = self.end.unwrap_or(End::Abort(Abort::LeftRoot));
        let blamed = self.longest.filter(|_| end == End::Abort(Abort::TooLong)).map(|(code, _)| code);
        let instructions = self.point.serial;
        let id = self.own.map(|(_, id)| id);
        let Record { trace, roots, flag, inner, calls, .. } = self;
        Recording { trace, roots, flag, end, id, calls, instructions, blamed, inner }
    }

    /// Without assumptions, and calls during which other fragments may be dropped, the validity guards say nothing. An unused constant takes their place.
    fn drop_valid_guards(&mut self) {
        for op in self.trace.ops.iter_mut().filter(|op| op.code == Opcode::GuardValid) {
            *op = Op::new(Opcode::ConstInt);
        }
    }
}
