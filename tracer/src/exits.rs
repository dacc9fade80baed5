//! Exits: `(snapshot, fail arguments) -> frames`.
//!
//! [`describe`] is a pure function that says what every register, virtual object and pending store holds; [`apply`]
//! then fills the root frame, pushes the inlined frames, builds the virtual objects and does the stores. The words in
//! a description are plain numbers to the collector, so before anything is allocated all of them that are values go
//! into a scratch list that the tracer marks.

use hoop_engine::{Engine, Field, Guest, MemTy, Reg, Run, V, VmState};
use hoop_gc::{ShapeId, Value};
use hoop_ir::{Descriptors, FieldId, OpRef, Opcode, SnapVal, SnapshotId, Trace, Ty, new_parts};
use std::cell::RefCell;

/// What a register or field is to hold.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Content {
    Word(Value),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// Number of a virtual in its trace.
    Virtual(u32),
}

/// One frame of an exit.
#[derive(Clone, PartialEq, Debug)]
pub struct ExitFrame {
    pub code: Value,
    pub pc: u32,
    pub ret: u64,
    pub owner: Option<Content>,
    pub regs: Vec<(u16, Content)>,
}

/// A virtual object to build.
#[derive(Clone, PartialEq, Debug)]
pub struct ExitVirtual {
    pub number: u32,
    /// The immediate of its `New`.
    pub new: u64,
    pub fields: Vec<(FieldId, Content)>,
}

/// A store to do.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct ExitStore {
    pub object: Content,
    pub field: FieldId,
    pub index: Option<i64>,
    pub value: Content,
}

/// The state of the guest at an exit.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ExitState {
    pub frames: Vec<ExitFrame>,
    pub virtuals: Vec<ExitVirtual>,
    /// The numbers of `virtuals`.
    pub virtual_order: Vec<u32>,
    pub stores: Vec<ExitStore>,
}

/// What an exit's snapshot means with these fail arguments (one word each, in the order of `Trace::fail_args`) and
/// this root table.
pub fn describe(trace: &Trace, snapshot: SnapshotId, words: &[u64], roots: &[Value]) -> ExitState {
    describe_with(trace, snapshot, &trace.fail_args(snapshot), words, roots)
}

/// As [`describe`], with the snapshot's fail arguments at hand.
pub(crate) fn describe_with(
    trace: &Trace,
    snapshot: SnapshotId,
    args: &[OpRef],
    words: &[u64],
    roots: &[Value],
) -> ExitState {
    let mut d = Describe { trace, args, words, roots, state: ExitState::default() };
    let s = &trace.snapshots[snapshot.0 as usize];
    for f in &s.frames {
        let owner = f.owner.map(|o| d.content(o));
        let regs = f.regs.iter().map(|&(r, v)| (r, d.content(v))).collect();
        let code = roots[f.code as usize];
        d.state.frames.push(ExitFrame { code, pc: f.pc, ret: f.ret, owner, regs });
    }
    for store in &s.stores {
        let object = d.content(store.object);
        let index = store.index.map(|i| d.int(i));
        let value = d.content(store.value);
        d.state.stores.push(ExitStore { object, field: store.field, index, value });
    }
    d.state
}

struct Describe<'a> {
    trace: &'a Trace,
    args: &'a [OpRef],
    words: &'a [u64],
    roots: &'a [Value],
    state: ExitState,
}

impl Describe<'_> {
    fn content(&mut self, v: SnapVal) -> Content {
        match v {
            SnapVal::Op(r) => self.op(r),
            SnapVal::Virtual(n) => {
                self.virtual_object(n);
                Content::Virtual(n)
            }
        }
    }

    fn op(&self, r: OpRef) -> Content {
        let op = self.trace.op(r);
        match op.code {
            Opcode::ConstRef => Content::Word(self.roots[op.imm as usize]),
            code if code.is_const() => typed(code.ty(), op.imm),
            code => typed(code.ty(), self.word(r)),
        }
    }

    fn word(&self, r: OpRef) -> u64 {
        let place = self.args.iter().position(|&a| a == r);
        place.and_then(|i| self.words.get(i)).copied().unwrap_or_default()
    }

    fn int(&self, r: OpRef) -> i64 {
        let op = self.trace.op(r);
        if op.code == Opcode::ConstInt { op.imm as i64 } else { self.word(r) as i64 }
    }

    /// Notes a virtual once; it may refer to itself.
    fn virtual_object(&mut self, n: u32) {
        if self.state.virtual_order.contains(&n) {
            return;
        }
        self.state.virtual_order.push(n);
        let place = self.state.virtuals.len();
        let v = &self.trace.virtuals[n as usize];
        self.state.virtuals.push(ExitVirtual { number: n, new: v.new, fields: Vec::new() });
        let fields = v.fields.iter().map(|&(f, c)| (f, self.content(c))).collect();
        self.state.virtuals[place].fields = fields;
    }
}

pub(crate) fn typed(ty: Ty, word: u64) -> Content {
    match ty {
        Ty::Int => Content::Int(word as i64),
        Ty::Float => Content::Float(f64::from_bits(word)),
        Ty::Bool => Content::Bool(word & 1 != 0),
        _ => Content::Word(Value::from_bits(word).unwrap_or(Value::UNBOUND)),
    }
}

/// One frame as it was filled.
#[derive(Default)]
pub(crate) struct AppliedFrame {
    pub owner: Option<Value>,
    /// In the order of the snapshot's registers.
    pub regs: Vec<Value>,
}

/// What an exit built. The frames hold the values, and until the tracer truncates it the scratch list does.
pub(crate) struct Applied {
    pub frames: Vec<AppliedFrame>,
}

/// Values that are nowhere else while an exit is applied. The tracer marks them.
#[derive(Default)]
pub(crate) struct Scratch {
    values: RefCell<Vec<Value>>,
}

impl Scratch {
    pub fn mark(&self, marker: &mut hoop_gc::Marker) {
        self.values.borrow().iter().for_each(|&v| marker.value(v));
    }

    fn keep(&self, v: Value) -> Value {
        if v.is_ptr() {
            self.values.borrow_mut().push(v);
        }
        v
    }

    fn keep_content(&self, c: Content) {
        if let Content::Word(v) = c {
            self.keep(v);
        }
    }

    pub fn len(&self) -> usize {
        self.values.borrow().len()
    }

    pub fn truncate(&self, len: usize) {
        self.values.borrow_mut().truncate(len);
    }
}

/// Keeps alive every object that a description names.
pub(crate) fn keep_all(scratch: &Scratch, state: &ExitState) {
    for f in &state.frames {
        scratch.keep(f.code);
        f.owner.iter().for_each(|&o| scratch.keep_content(o));
        f.regs.iter().for_each(|&(_, c)| scratch.keep_content(c));
    }
    for v in &state.virtuals {
        v.fields.iter().for_each(|&(_, c)| scratch.keep_content(c));
    }
    for s in &state.stores {
        scratch.keep_content(s.object);
        scratch.keep_content(s.value);
    }
}

/// Brings the machine, whose innermost frame is the activation's root frame, to the described state.
pub(crate) fn apply<G: Guest>(
    vm: &mut G::Vm,
    state: &ExitState,
    descriptors: &RefCell<Descriptors>,
    scratch: &Scratch,
) -> Applied {
    keep_all(scratch, state);
    let virtuals = vec![Value::UNBOUND; state.virtual_order.iter().max().map_or(0, |&n| n as usize + 1)];
    let mut apply = Apply::<G> { virtuals, ..Apply::new(vm, descriptors, scratch) };
    apply.build_virtuals(&state.virtuals);
    state.stores.iter().for_each(|s| apply.store(s));
    Applied { frames: apply.fill_frames(&state.frames) }
}

/// What brings a machine to a described state.
pub(crate) struct Apply<'a, G: Guest> {
    pub run: Run<'a, G::Vm>,
    descriptors: &'a RefCell<Descriptors>,
    scratch: &'a Scratch,
    /// By number in the trace.
    virtuals: Vec<Value>,
}

impl<'a, G: Guest> Apply<'a, G> {
    /// For a state without virtual objects.
    pub fn new(
        vm: &'a mut G::Vm,
        descriptors: &'a RefCell<Descriptors>,
        scratch: &'a Scratch,
    ) -> Apply<'a, G> {
        Apply { run: Run::new(vm), descriptors, scratch, virtuals: Vec::new() }
    }

    fn build_virtuals(&mut self, virtuals: &[ExitVirtual]) {
        for v in virtuals {
            let (shape, bytes, aux) = new_parts(v.new);
            let object = self.run.new_object(ShapeId(shape), u32::from(bytes) / 8 - 1, aux);
            self.virtuals[v.number as usize] = self.scratch.keep(object);
            // A count in a field tells the collector the object's size: before the next allocation.
            self.fill(v, |mem| mem != MemTy::Val);
        }
        virtuals.iter().for_each(|v| self.fill(v, |mem| mem == MemTy::Val));
    }

    fn fill(&mut self, v: &ExitVirtual, these: impl Fn(MemTy) -> bool) {
        let object = self.virtuals[v.number as usize];
        for &(field, c) in &v.fields {
            let mem = self.descriptors.borrow().field_descr(field).mem;
            if these(mem) {
                self.set(object, field, None, c);
            }
        }
    }

    pub fn store(&mut self, s: &ExitStore) {
        let object = self.value(s.object);
        self.set(object, s.field, s.index, s.value);
    }

    fn set(&mut self, object: Value, field: FieldId, index: Option<i64>, c: Content) {
        let d = *self.descriptors.borrow().field_descr(field);
        match (d.mem, index) {
            (MemTy::Val, None) => {
                let v = self.value(c);
                self.run.set_val(object, &d, v);
            }
            (MemTy::Val, Some(i)) => {
                let v = self.value(c);
                self.run.set_item_val(object, i, &d, v);
            }
            (MemTy::F64, None) => self.run.set_float(object, &d, float(c)),
            (MemTy::F64, Some(i)) => self.run.set_item_float(object, i, &d, float(c)),
            (_, None) => self.run.set_int(object, &d, int(c)),
            (_, Some(i)) => self.run.set_item_int(object, i, &d, int(c)),
        }
    }

    /// The content as a value, boxed if need be.
    fn value(&mut self, c: Content) -> Value {
        match c {
            Content::Word(v) => v,
            Content::Int(i) => Value::int(i),
            Content::Float(f) => {
                let v = self.run.box_float(f);
                self.scratch.keep(v)
            }
            Content::Bool(b) => Value::bool(b),
            Content::Virtual(n) => self.virtuals[n as usize],
        }
    }

    fn fill_frames(&mut self, frames: &[ExitFrame]) -> Vec<AppliedFrame> {
        let mut applied = Vec::with_capacity(frames.len());
        for (i, f) in frames.iter().enumerate() {
            let owner = f.owner.map(|o| self.value(o));
            if i > 0 {
                push_frame::<G>(&mut self.run, f.code, f.pc, f.ret, owner);
            }
            let mut regs = Vec::with_capacity(f.regs.len());
            for &(r, c) in &f.regs {
                let v = self.value(c);
                self.run.store(Reg(r), v);
                regs.push(v);
            }
            self.run.jump(f.pc);
            self.run.save_pc();
            applied.push(AppliedFrame { owner, regs });
        }
        applied
    }
}

/// Pushes an inlined frame. The recursion limit was checked when the call was recorded, at another depth: it gives
/// way here, and the next call made by the interpreter meets it.
pub(crate) fn push_frame<G: Guest>(
    run: &mut Run<G::Vm>,
    code: Value,
    pc: u32,
    ret: u64,
    owner: Option<Value>,
) {
    let new = hoop_engine::NewFrame { ret, pc, ..G::new_frame(code) };
    let frames = &mut run.vm().context().thread.frames;
    let limit = frames.limit;
    frames.limit = limit.max(frames.depth() + 1);
    let pushed = match owner {
        None => run.push_frame(&new),
        Some(owner) => {
            let first = Field::<V>::new("register", G::owner_registers_offset(), MemTy::Val, 63);
            run.push_owned_frame(&new, owner, &first)
        }
    };
    run.vm().context().thread.frames.limit = limit;
    assert!(pushed, "the register stack has no room for a frame that an exit rebuilds");
}

fn int(c: Content) -> i64 {
    match c {
        Content::Int(i) => i,
        Content::Bool(b) => b as i64,
        Content::Word(v) => v.as_int().unwrap_or_default(),
        Content::Float(_) | Content::Virtual(_) => 0,
    }
}

fn float(c: Content) -> f64 {
    match c {
        Content::Float(f) => f,
        Content::Word(v) => hoop_engine::float_of(v).unwrap_or_default(),
        _ => 0.0,
    }
}
