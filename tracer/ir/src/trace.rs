//! A trace: straight-line operations in SSA form, and the snapshots that say how to leave it.
//!
//! ```text
//! inputs            InputVal…        (loop: frame registers; bridge: fail arguments of its guard)
//! preamble          …                (first iteration; establishes what the label's parameters promise)
//! label(x, y)       ParamInt 0, ParamFloat 1, …
//! body              …
//! jump(x', y')
//! ```
//! A trace without a label is a bridge, or a stretch that ends in another fragment, an exit, or a function's end.
//!
//! **Snapshots.** A guard names a snapshot: the guest frames, outermost first, each with its live registers. Only the
//! frames from the activation's entry frame inward are listed; the entry frame is frame 0. Each register is an
//! operation (boxed by its type when the frame is filled: Int becomes a small int, Float a float, Bool a truth value)
//! or a virtual object to be built. A guard's **fail arguments** are the distinct non-constant operations in its
//! snapshot in order of first appearance, see [`Trace::fail_args`]; a bridge's inputs are exactly those, with their types.

use crate::op::{Opcode, Ty};

/// Index of an operation in its trace. Shown as `v3`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct OpRef(pub u32);

impl OpRef {
    pub const NONE: OpRef = OpRef(u32::MAX);
    pub const fn index(self) -> usize {
        self.0 as usize
    }
    pub const fn is_none(self) -> bool {
        self.0 == u32::MAX
    }
}

/// Index of a snapshot in its trace.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct SnapshotId(pub u32);

impl SnapshotId {
    pub const NONE: SnapshotId = SnapshotId(u32::MAX);
}

/// A compiled or compilable fragment, unique in a trace store.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FragmentId(pub u32);

/// One operation. Unused operands are `OpRef::NONE`; `list` is a range of `Trace::lists`.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Op {
    pub code: Opcode,
    pub args: [OpRef; 3],
    pub list: (u32, u32),
    pub imm: u64,
    pub snapshot: SnapshotId,
}

impl Op {
    pub const fn new(code: Opcode) -> Op {
        Op { code, args: [OpRef::NONE; 3], list: (0, 0), imm: 0, snapshot: SnapshotId::NONE }
    }
    pub const fn ty(&self) -> Ty {
        self.code.ty()
    }
}

/// What a register or a virtual's field holds at a snapshot.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum SnapVal {
    Op(OpRef),
    /// Index into `Trace::virtuals`.
    Virtual(u32),
}

/// An object that exists only in snapshots and is built when one is taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Virtual {
    /// The immediate of its `New`.
    pub new: u64,
    /// Fields set so far: [`crate::FieldId`] and content. Others are zero. Virtuals may refer to each other, in cycles
    /// too. An unboxed content of a `Val` field is boxed by its type, like a register's.
    pub fields: Vec<(crate::FieldId, SnapVal)>,
}

/// One guest frame at a snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FrameState {
    /// The guest's code object: index into the root table.
    pub code: u32,
    /// Instruction at which the interpreter goes on.
    pub pc: u32,
    /// How the frame returns to its caller: a word of the guest's.
    pub ret: u64,
    /// The heap object that owns the registers (a generator), if any.
    pub owner: Option<SnapVal>,
    /// Live registers, ascending.
    pub regs: Vec<(u16, SnapVal)>,
}

/// A store that was put off and must be done at the exit.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct PendingStore {
    pub object: SnapVal,
    pub field: crate::FieldId,
    /// For arrays, the item's index (an Int operation).
    pub index: Option<OpRef>,
    /// Boxed like a virtual's field.
    pub value: SnapVal,
}

/// The state of the guest at an exit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Snapshot {
    pub frames: Vec<FrameState>,
    pub stores: Vec<PendingStore>,
}

/// How a trace starts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// At a loop header or function start: input `i` is the value in register `regs[i]` of the entry frame.
    Loop { regs: Vec<u16> },
    /// At a guard of another fragment: input `i` is its fail argument `i`, of type `types[i]`.
    Bridge { types: Vec<Ty> },
}

/// An instruction of the guest that operations come from: depth of inlining, code (root index), pc.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub depth: u16,
    pub code: u32,
    pub pc: u32,
}

/// See the module text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub entry: Entry,
    pub ops: Vec<Op>,
    pub lists: Vec<OpRef>,
    pub snapshots: Vec<Snapshot>,
    pub virtuals: Vec<Virtual>,
    pub places: Vec<Place>,
    /// Number of entries of the fragment's root table (the table itself is the tracer's; the IR holds indices only).
    pub roots: u32,
}

impl Trace {
    pub fn new(entry: Entry) -> Trace {
        Trace {
            entry,
            ops: Vec::new(),
            lists: Vec::new(),
            snapshots: Vec::new(),
            virtuals: Vec::new(),
            places: Vec::new(),
            roots: 0,
        }
    }

    /// Gives back what was set aside for growing: the trace is finished.
    pub fn shrink(&mut self) {
        for s in &mut self.snapshots {
            s.frames.iter_mut().for_each(|f| f.regs.shrink_to_fit());
            s.frames.shrink_to_fit();
            s.stores.shrink_to_fit();
        }
        self.virtuals.iter_mut().for_each(|v| v.fields.shrink_to_fit());
        self.ops.shrink_to_fit();
        self.lists.shrink_to_fit();
        self.snapshots.shrink_to_fit();
        self.virtuals.shrink_to_fit();
        self.places.shrink_to_fit();
    }

    /// The memory that it takes, pieces set aside for growing included.
    pub fn bytes(&self) -> usize {
        let frame = |f: &FrameState| vec_bytes(&f.regs);
        let snapshot = |s: &Snapshot| {
            vec_bytes(&s.frames) + s.frames.iter().map(frame).sum::<usize>() + vec_bytes(&s.stores)
        };
        let flat = vec_bytes(&self.ops) + vec_bytes(&self.lists) + vec_bytes(&self.places);
        let tables = vec_bytes(&self.snapshots) + vec_bytes(&self.virtuals);
        let snapshots: usize = self.snapshots.iter().map(snapshot).sum();
        let virtuals: usize = self.virtuals.iter().map(|v| vec_bytes(&v.fields)).sum();
        size_of::<Trace>() + flat + tables + snapshots + virtuals
    }

    pub fn op(&self, r: OpRef) -> &Op {
        &self.ops[r.index()]
    }

    pub fn ty(&self, r: OpRef) -> Ty {
        self.op(r).ty()
    }

    pub fn list(&self, op: &Op) -> &[OpRef] {
        &self.lists[op.list.0 as usize..(op.list.0 + op.list.1) as usize]
    }

    pub fn push(&mut self, op: Op) -> OpRef {
        self.ops.push(op);
        OpRef(self.ops.len() as u32 - 1)
    }

    pub fn push_list(&mut self, items: &[OpRef]) -> (u32, u32) {
        let start = self.lists.len() as u32;
        self.lists.extend_from_slice(items);
        (start, items.len() as u32)
    }

    /// All operations with their references.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (OpRef, &Op)> {
        self.ops.iter().enumerate().map(|(i, op)| (OpRef(i as u32), op))
    }

    /// The fixed operands of an operation, then its list.
    pub fn operands<'a>(&'a self, op: &'a Op) -> impl Iterator<Item = OpRef> + 'a {
        op.args[..op.code.args().len()].iter().chain(self.list(op)).copied()
    }

    pub fn snapshot(&self, id: SnapshotId) -> &Snapshot {
        &self.snapshots[id.0 as usize]
    }

    /// The label, if the trace has one.
    pub fn label(&self) -> Option<OpRef> {
        self.iter().find(|(_, op)| op.code == Opcode::Label).map(|(r, _)| r)
    }

    /// The inputs, in order: the leading `Input…` operations.
    pub fn inputs(&self) -> impl Iterator<Item = OpRef> + '_ {
        use Opcode::{InputFloat, InputInt, InputVal};
        let is_input = |op: &Op| matches!(op.code, InputVal | InputInt | InputFloat);
        self.iter().filter(move |(_, op)| is_input(op)).map(|(r, _)| r)
    }

    /// The parameters of the label, in order.
    pub fn params(&self) -> impl Iterator<Item = OpRef> + '_ {
        use Opcode::{ParamFloat, ParamInt, ParamVal};
        let is_param = |op: &Op| matches!(op.code, ParamVal | ParamInt | ParamFloat);
        self.iter().filter(move |(_, op)| is_param(op)).map(|(r, _)| r)
    }

    /// The least root table that holds every root named.
    pub fn roots_used(&self) -> u32 {
        let consts = self.ops.iter().filter(|op| op.code == Opcode::ConstRef).map(|op| op.imm as u32);
        let frames = self.snapshots.iter().flat_map(|s| &s.frames).map(|f| f.code);
        let places = self.places.iter().map(|p| p.code);
        consts.chain(frames).chain(places).max().map_or(0, |n| n.saturating_add(1))
    }

    /// The distinct non-constant operations of a snapshot in order of first appearance (frames outermost first: owner,
    /// then registers; a virtual's fields in place at its first appearance; then pending stores: object, index, value).
    pub fn fail_args(&self, snapshot: SnapshotId) -> Vec<OpRef> {
        let mut walk = FailArgs { trace: self, seen: Vec::new(), virtuals: Vec::new() };
        let s = &self.snapshots[snapshot.0 as usize];
        for frame in &s.frames {
            frame.owner.iter().for_each(|&v| walk.add(v));
            frame.regs.iter().for_each(|&(_, v)| walk.add(v));
        }
        for store in &s.stores {
            walk.add(store.object);
            store.index.iter().for_each(|&i| walk.add(SnapVal::Op(i)));
            walk.add(store.value);
        }
        walk.seen
    }
}

/// What the allocator keeps of each piece of memory for itself, about.
const PIECE: usize = 16;

/// Memory behind a vector.
pub fn vec_bytes<T>(v: &Vec<T>) -> usize {
    if v.capacity() == 0 { 0 } else { v.capacity() * size_of::<T>() + PIECE }
}

/// The immediate of a `New`: size in bytes of the whole object, header included.
pub const fn new_imm(shape: u32, size: u16, aux: u16) -> u64 {
    shape as u64 | (size as u64) << 32 | (aux as u64) << 48
}

/// Shape, size and `aux` of a `New`'s immediate.
pub const fn new_parts(imm: u64) -> (u32, u16, u16) {
    (imm as u32, (imm >> 32) as u16, (imm >> 48) as u16)
}

struct FailArgs<'a> {
    trace: &'a Trace,
    seen: Vec<OpRef>,
    virtuals: Vec<u32>,
}

impl FailArgs<'_> {
    fn add(&mut self, v: SnapVal) {
        match v {
            SnapVal::Op(r) if self.trace.op(r).code.is_const() || self.seen.contains(&r) => {}
            SnapVal::Op(r) => self.seen.push(r),
            SnapVal::Virtual(i) if self.virtuals.contains(&i) => {}
            SnapVal::Virtual(i) => {
                self.virtuals.push(i);
                let fields = &self.trace.virtuals[i as usize].fields;
                fields.iter().for_each(|&(_, v)| self.add(v));
            }
        }
    }
}
