//! The trace under construction, and the stream that operations take through the passes.
//!
//! Operations live in a table of **nodes**; a node's number never changes, and what is known of it lies in dense
//! vectors beside it. A second list, the **order**, says which nodes are part of the new trace and where. So a virtual
//! object is a node that is not (yet) in the order, constants are nodes placed only when the trace is written out, and
//! putting an object in late needs no renaming.
//!
//! [`Cx::emit`] sends one operation through the enabled passes. Each pass may keep, change, replace or drop it; what
//! comes out at the end is appended, and then each pass may learn from it. A pass may emit further operations while it
//! looks at one: they take the whole way themselves.

use crate::facts::{Facts, Kind};
use crate::passes::{self, Flow, PASSES};
use crate::range::Range;
use crate::{Options, RuleHits};
use hoop_ir::{Descriptors, Op, OpRef, Opcode, OptimizeError, Snapshot, SnapshotId, Trace, Virtual};

pub type Res<T> = Result<T, OptimizeError>;

/// A fact about an operation before the label on which the body relies: what a bridge to the label must check.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Import {
    /// The value is of this kind.
    Kind(OpRef, Kind),
    /// The first equals the second, a constant.
    Equal(OpRef, OpRef),
    /// Field of an object (index for arrays) holds a value.
    Field { field: u32, object: OpRef, index: OpRef, value: OpRef },
}

/// See the module text. Cloned as a whole when a loop's body is tried again.
#[derive(Clone)]
pub struct Cx<'a> {
    pub input: &'a Trace,
    pub descriptors: &'a Descriptors,
    pub options: &'a Options,
    pub hits: &'a RuleHits,
    pub nodes: Vec<Op>,
    pub lists: Vec<OpRef>,
    pub order: Vec<OpRef>,
    pub snapshots: Vec<Snapshot>,
    /// Per snapshot, what is known at its guard of the values that it names.
    pub snapshot_kinds: Vec<Vec<(OpRef, Kind)>>,
    pub virtuals: Vec<Virtual>,
    pub facts: Vec<Facts>,
    /// What each operation of the input became.
    pub map: Vec<OpRef>,
    /// What each snapshot of the input became, and the version in which that was right.
    pub snapshot_map: Vec<(u32, SnapshotId)>,
    /// Changes whenever a virtual object or the put-off stores change.
    pub version: u32,
    /// See [`crate::facts`].
    pub epoch: u32,
    pub cse: passes::cse::State,
    pub heap: passes::heap::State,
    pub objects: passes::virtuals::State,
    pub guards: passes::guards::State,
    /// The first node after the label, once there is one made by peeling.
    pub body: u32,
    pub imports: Vec<Import>,
}

impl<'a> Cx<'a> {
    pub const ZERO: OpRef = OpRef(0);
    pub const TRUE: OpRef = OpRef(1);
    pub const FALSE: OpRef = OpRef(2);

    pub fn new(
        input: &'a Trace,
        descriptors: &'a Descriptors,
        options: &'a Options,
        hits: &'a RuleHits,
    ) -> Cx<'a> {
        let size = input.ops.len() + 16;
        let mut cx = Cx {
            input,
            descriptors,
            options,
            hits,
            nodes: Vec::with_capacity(size),
            lists: Vec::with_capacity(input.lists.len()),
            order: Vec::with_capacity(size),
            snapshots: Vec::with_capacity(input.snapshots.len()),
            snapshot_kinds: Vec::new(),
            virtuals: Vec::new(),
            facts: Vec::with_capacity(size),
            map: vec![OpRef::NONE; input.ops.len()],
            snapshot_map: vec![(0, SnapshotId::NONE); input.snapshots.len()],
            version: 1,
            epoch: 0,
            cse: passes::cse::State::new(input.ops.len()),
            heap: passes::heap::State::default(),
            objects: passes::virtuals::State::default(),
            guards: passes::guards::State::default(),
            body: 0,
            imports: Vec::new(),
        };
        let zero = cx.constant(Opcode::ConstInt, 0);
        for code in [Opcode::IntEq, Opcode::IntNe] {
            cx.node(Op { args: [zero, zero, OpRef::NONE], ..Op::new(code) });
        }
        cx
    }

    /// Adds a node that is not in the order.
    pub fn node(&mut self, op: Op) -> OpRef {
        self.nodes.push(op);
        self.facts.push(Facts::UNKNOWN);
        OpRef(self.nodes.len() as u32 - 1)
    }

    pub fn op(&self, r: OpRef) -> &Op {
        &self.nodes[r.index()]
    }

    pub fn code(&self, r: OpRef) -> Opcode {
        self.nodes[r.index()].code
    }

    /// The first operand.
    pub fn arg(&self, r: OpRef) -> OpRef {
        self.nodes[r.index()].args[0]
    }

    pub fn list(&self, op: &Op) -> &[OpRef] {
        &self.lists[op.list.0 as usize..(op.list.0 + op.list.1) as usize]
    }

    pub fn push_list(&mut self, items: &[OpRef]) -> (u32, u32) {
        let start = self.lists.len() as u32;
        self.lists.extend_from_slice(items);
        (start, items.len() as u32)
    }

    /// A constant: not in the order, and the same node for the same constant.
    pub fn constant(&mut self, code: Opcode, imm: u64) -> OpRef {
        let op = Op { imm, ..Op::new(code) };
        if let Some(r) = passes::cse::find(self, &op) {
            return r;
        }
        let r = self.node(op);
        passes::cse::insert(self, r);
        let range = if code == Opcode::ConstInt { Range::constant(imm as i64) } else { Range::FULL };
        let kind = if code == Opcode::ConstVal { self.options.words.kind(imm) } else { Kind::Any };
        self.facts[r.index()] = Facts { kind, range, base: range, ..Facts::UNKNOWN };
        r
    }

    pub fn int(&mut self, i: i64) -> OpRef {
        self.constant(Opcode::ConstInt, i as u64)
    }

    pub fn float(&mut self, f: f64) -> OpRef {
        self.constant(Opcode::ConstFloat, f.to_bits())
    }

    pub fn word(&mut self, word: u64) -> OpRef {
        self.constant(Opcode::ConstVal, word)
    }

    pub fn bool(&self, b: bool) -> OpRef {
        if b { Self::TRUE } else { Self::FALSE }
    }

    pub fn is_constant(&self, r: OpRef) -> bool {
        self.code(r).is_const() || r == Self::TRUE || r == Self::FALSE
    }

    pub fn as_int(&self, r: OpRef) -> Option<i64> {
        let op = self.op(r);
        (op.code == Opcode::ConstInt).then_some(op.imm as i64)
    }

    pub fn as_float(&self, r: OpRef) -> Option<f64> {
        let op = self.op(r);
        (op.code == Opcode::ConstFloat).then(|| f64::from_bits(op.imm))
    }

    pub fn as_word(&self, r: OpRef) -> Option<u64> {
        let op = self.op(r);
        (op.code == Opcode::ConstVal).then_some(op.imm)
    }

    pub fn as_bool(&self, r: OpRef) -> Option<bool> {
        match r {
            Self::TRUE => Some(true),
            Self::FALSE => Some(false),
            _ => None,
        }
    }

    /// The operation that now stands for this one.
    pub fn resolve(&mut self, r: OpRef) -> OpRef {
        let mut at = r;
        loop {
            let facts = &mut self.facts[at.index()];
            let next = facts.forward;
            if next.is_none() {
                return at;
            }
            if at.0 < self.body && !facts.forward_settled {
                facts.forward_settled = true;
                self.imports.push(Import::Equal(at, next));
            }
            at = next;
        }
    }

    /// From here on `to` stands for `from`.
    pub fn forward(&mut self, from: OpRef, to: OpRef) {
        if from != to && !self.is_constant(from) {
            let facts = &mut self.facts[from.index()];
            facts.forward = to;
            facts.forward_settled = self.body != 0;
        }
    }

    pub fn enabled(&self, pass: usize) -> bool {
        self.options.passes & 1 << pass != 0
    }

    /// Sends an operation through the passes; gives what stands for its result (`NONE` if it has none or is gone).
    pub fn emit(&mut self, op: Op) -> Res<OpRef> {
        for (i, pass) in PASSES.iter().enumerate() {
            if !self.enabled(i) {
                continue;
            }
            match pass.op(self, &op)? {
                Flow::Keep => {}
                Flow::Again(changed) => return self.emit(changed),
                Flow::Value(r) => return Ok(self.resolve(r)),
                Flow::Drop => return Ok(OpRef::NONE),
            }
        }
        let r = self.append(op)?;
        for (i, pass) in PASSES.iter().enumerate() {
            if self.enabled(i) {
                pass.learn(self, r)?;
            }
        }
        Ok(r)
    }

    /// Puts an operation at the end of the order.
    pub fn append(&mut self, mut op: Op) -> Res<OpRef> {
        if op.code.is_const() {
            return Ok(self.constant(op.code, op.imm));
        }
        if op.snapshot != SnapshotId::NONE {
            op.snapshot = self.map_snapshot(op.snapshot);
        }
        let r = self.node(op);
        self.order.push(r);
        Ok(r)
    }

    /// Emits an operation with one or two operands and no immediate.
    pub fn emit2(&mut self, code: Opcode, a: OpRef, b: OpRef) -> Res<OpRef> {
        self.emit(Op { args: [a, b, OpRef::NONE], ..Op::new(code) })
    }

    pub fn emit1(&mut self, code: Opcode, a: OpRef) -> Res<OpRef> {
        self.emit2(code, a, OpRef::NONE)
    }

    /// The operation `i` of the input with its operands as they are now.
    pub fn mapped(&mut self, i: usize) -> Op {
        let input = self.input;
        let old = &input.ops[i];
        let mut op = *old;
        for a in op.args.iter_mut().filter(|a| !a.is_none()) {
            *a = self.now(*a);
        }
        if old.code.has_list() {
            let items: Vec<OpRef> = input.list(old).iter().map(|&r| self.now(r)).collect();
            op.list = self.push_list(&items);
        }
        op
    }

    /// What an operation of the input is now.
    pub fn now(&mut self, old: OpRef) -> OpRef {
        let r = self.map[old.index()];
        self.resolve(r)
    }

    /// Sends operation `i` of the input through.
    pub fn step(&mut self, i: usize) -> Res<()> {
        let op = self.mapped(i);
        let r = self.emit(op)?;
        self.map[i] = r;
        Ok(())
    }

    pub fn facts(&self, r: OpRef) -> &Facts {
        &self.facts[r.index()]
    }

    pub fn range(&self, r: OpRef) -> Range {
        self.facts[r.index()].range
    }

    /// What sort of value this is, as far as known here. The answer is not yet relied on: see [`Cx::rely_on_kind`].
    pub fn kind(&self, r: OpRef) -> Kind {
        let facts = &self.facts[r.index()];
        match (self.code(r), facts.kind) {
            (Opcode::TagInt, _) => Kind::Int,
            (Opcode::BoxFloat, _) => Kind::Float,
            (Opcode::BoolToVal, _) => Kind::Bool,
            (Opcode::New, _) if self.objects.is_virtual(r) => Kind::Shape(self.objects.shape(r)),
            (_, Kind::Shape(_)) if facts.epoch != self.epoch => Kind::Any,
            (_, kind) => kind,
        }
    }

    /// From here on no shape is known.
    pub fn new_epoch(&mut self) {
        self.epoch += 1;
        self.version += 1;
    }

    pub fn set_kind(&mut self, r: OpRef, kind: Kind) {
        let (epoch, settled) = (self.epoch, self.body != 0);
        let facts = &mut self.facts[r.index()];
        (facts.kind, facts.epoch, facts.kind_settled) = (kind, epoch, settled);
    }

    /// Notes that the body relies on a known kind.
    pub fn rely_on_kind(&mut self, r: OpRef) {
        if r.0 < self.body && !self.facts[r.index()].kind_settled {
            let kind = self.kind(r);
            self.facts[r.index()].kind_settled = true;
            self.imports.push(Import::Kind(r, kind));
        }
    }
}
