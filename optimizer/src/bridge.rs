//! Entering a loop behind its preamble.
//!
//! When a loop has been peeled, [`LoopState`] keeps what its label promises and relies on: how each input goes round
//! (the peeler's [`Head`]), and a small **plan**: how the other label parameters, values made before the loop, follow
//! from the inputs (`list.len` of input 1, ...), and which guards they had passed. A later trace that ends in
//! `jump_fragment` to the loop tries to follow that plan with its own values: it matches the promise, computes the
//! rest, and puts in the missing guards, with the snapshot that the jump carries. If that takes at most [`MAX_GUARDS`]
//! guards and nothing contradicts, the trace ends in `jump_label`; else it takes the loop's general entry.
//!
//! What cannot be followed safely (calls, items of arrays, divisions by unknown numbers, fresh objects) makes a loop
//! that can only be entered at its start.

use crate::cx::{Cx, Import, Res};
use crate::facts::Kind;
use crate::peel::{Head, Peeled, Rep};
use hoop_ir::trace::vec_bytes;
use hoop_ir::{Effect, FieldId, FragmentId, Op, OpRef, Opcode, SnapshotId, Ty};
use std::collections::HashMap;

/// Guards that a trace may add to enter at a label.
const MAX_GUARDS: usize = 12;

/// Depth of expressions that a plan follows.
const MAX_DEPTH: u32 = 64;

/// How a value of the plan comes about. Operands are positions in the plan.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// An input that goes round unchanged (or such a field of a virtual object): bound by matching the promise.
    Leaf,
    Constant(Op),
    Bool(bool),
    Pure(Op),
    /// A field of an object that must be of this kind.
    Load(Op, Kind),
}

/// Where a label parameter comes from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// A parameter of the promise.
    Own(usize),
    /// A value of the plan.
    Plan(usize),
}

/// A fact to establish. Operations are positions in the plan.
#[derive(Clone, Copy, Debug)]
enum Demand {
    Kind(OpRef, Kind),
    Equal(OpRef, OpRef),
    /// A field of an object of this kind holds the value.
    Field {
        field: u32,
        object: OpRef,
        kind: Kind,
        value: OpRef,
    },
}

/// What the label of a compiled loop promises.
#[derive(Clone, Debug)]
pub struct LoopState {
    /// Operations in it are positions in the plan.
    head: Head,
    steps: Vec<Step>,
    params: Vec<Source>,
    /// For each carried field of the head: the object's position in the plan, and its kind.
    carried: Vec<(OpRef, Kind)>,
    demands: Vec<Demand>,
    /// The loop's root table.
    roots: Vec<u64>,
}

impl LoopState {
    /// The memory that it takes.
    pub fn bytes(&self) -> usize {
        let plan = vec_bytes(&self.steps) + vec_bytes(&self.params) + vec_bytes(&self.carried);
        size_of::<LoopState>() + plan + vec_bytes(&self.demands) + vec_bytes(&self.roots) + self.head.bytes()
    }
}

/// Makes the plan.
struct Planner<'c, 'a> {
    cx: &'c Cx<'a>,
    steps: Vec<Step>,
    position: HashMap<OpRef, OpRef>,
}

impl Planner<'_, '_> {
    fn add(&mut self, r: OpRef, step: Step) -> OpRef {
        self.steps.push(step);
        let at = OpRef(self.steps.len() as u32 - 1);
        self.position.insert(r, at);
        at
    }

    /// The position of an operation's value; `None`: it cannot be had again.
    fn value(&mut self, r: OpRef, depth: u32) -> Option<OpRef> {
        if r.is_none() {
            return Some(r);
        }
        if let Some(&at) = self.position.get(&r) {
            return Some(at);
        }
        let op = *self.cx.op(r);
        if let Some(b) = self.cx.as_bool(r) {
            return Some(self.add(r, Step::Bool(b)));
        }
        if op.code.is_const() {
            return Some(self.add(r, Step::Constant(op)));
        }
        if depth == MAX_DEPTH || !self.repeatable(r, &op) {
            return None;
        }
        let mut args = op.args;
        for a in &mut args {
            *a = self.value(*a, depth + 1)?;
        }
        let step = match op.code.effect() {
            Effect::Read => Step::Load(Op { args, ..op }, self.object_kind(op.args[0])?),
            _ => Step::Pure(Op { args, ..op }),
        };
        Some(self.add(r, step))
    }

    fn repeatable(&self, r: OpRef, op: &Op) -> bool {
        use Opcode::*;
        let constant = |i: usize| self.cx.as_int(op.args[i]);
        match op.code {
            GetVal | GetInt | GetFloat | GetCtx => self.still_there(r, op),
            IntFloorDiv | IntMod => constant(1).is_some_and(|k| k != 0 && k != -1),
            IntShl | IntShr => constant(1).is_some_and(|k| (0..64).contains(&k)),
            FloatToInt => false,
            code => code.effect() == Effect::Pure,
        }
    }

    /// The body relies on the field holding this value, or it never changes.
    fn still_there(&self, r: OpRef, op: &Op) -> bool {
        let (cx, object) = (self.cx, op.args[0]);
        cx.descriptors.field_descr(FieldId(op.imm as u32)).immutable
            || cx.imports.iter().any(|i| {
                matches!(*i, Import::Field { field, object: o, value, .. }
                    if field as u64 == op.imm && o == object && value == r)
            })
    }

    /// The shape by which the object's field was found; constants are what they are.
    fn object_kind(&self, object: OpRef) -> Option<Kind> {
        if object.is_none() {
            return Some(Kind::Any);
        }
        match self.cx.facts(object).kind {
            kind @ Kind::Shape(_) => Some(kind),
            _ if self.cx.code(object) == Opcode::ConstRef => Some(Kind::Any),
            _ => None,
        }
    }

    fn demand(&mut self, import: Import) -> Option<Demand> {
        Some(match import {
            Import::Kind(r, kind) => Demand::Kind(self.value(r, 0)?, kind),
            Import::Equal(r, to) => Demand::Equal(self.value(r, 0)?, self.value(to, 0)?),
            Import::Field { index, .. } if !index.is_none() => return None,
            Import::Field { field, object, value, .. } => {
                let kind = self.object_kind(object)?;
                Demand::Field { field, object: self.value(object, 0)?, kind, value: self.value(value, 0)? }
            }
        })
    }

    /// Unchanged values become leaves; their operations must tell nothing but that they exist.
    fn leaf(&mut self, r: OpRef) -> Option<OpRef> {
        use Opcode::*;
        if self.cx.is_constant(r) {
            return self.value(r, 0);
        }
        if let Some(&at) = self.position.get(&r) {
            return Some(at);
        }
        let opaque =
            matches!(self.cx.code(r), InputVal | GetVal | ItemVal | CallVal | TakeException | CallFragment);
        opaque.then(|| self.add(r, Step::Leaf))
    }

    fn rep(&mut self, rep: Rep) -> Option<Rep> {
        match rep {
            Rep::Same(r) => Some(Rep::Same(self.leaf(r)?)),
            other => Some(other),
        }
    }
}

impl LoopState {
    /// What the label of this loop promises; `params` are its final parameters. `None`: it can be entered only at its
    /// start.
    pub fn of(peeled: &Peeled, params: &[OpRef], roots: &[u64]) -> Option<LoopState> {
        let cx = &peeled.cx;
        let mut planner = Planner { cx, steps: Vec::new(), position: HashMap::new() };
        let mut head = peeled.head.clone();
        for rep in head.reps_mut() {
            *rep = planner.rep(*rep)?;
        }
        // Nodes of the loop mean nothing elsewhere: an item's index is named by its number.
        for (_, index, _) in head.objects.iter_mut().flat_map(|o| &mut o.fields).filter(|f| !f.1.is_none()) {
            *index = OpRef(u32::try_from(cx.as_int(*index)?).ok()?);
        }
        let mut carried = Vec::new();
        for (place, _) in &peeled.head.carried {
            carried.push((planner.value(place.object, 0)?, planner.object_kind(place.object)?));
        }
        let mut sources = Vec::new();
        for &p in params {
            sources.push(match peeled.label.params.iter().position(|&q| q == p) {
                Some(i) => Source::Own(i),
                None => Source::Plan(planner.value(p, 0)?.index()),
            });
        }
        let mut demands = Vec::new();
        for &import in &cx.imports {
            demands.push(planner.demand(import)?);
        }
        let steps = planner.steps;
        Some(LoopState { head, steps, params: sources, carried, demands, roots: roots.to_vec() })
    }
}

/// The trace cannot enter at the label.
struct No;

impl From<hoop_ir::OptimizeError> for No {
    fn from(_: hoop_ir::OptimizeError) -> No {
        No
    }
}

type Try<T> = Result<T, No>;

/// A trace's attempt to enter a label.
struct Entering<'s, 'c, 'a> {
    state: &'s LoopState,
    cx: &'c mut Cx<'a>,
    roots: &'s [u64],
    /// Of the jump: where added guards go on.
    snapshot: SnapshotId,
    /// What the plan's steps are here; `NONE` = not yet.
    values: Vec<OpRef>,
    own: Vec<OpRef>,
    matched: Vec<(usize, OpRef)>,
}

impl Entering<'_, '_, '_> {
    /// Emits a guard, unless it is known to hold.
    fn guard(&mut self, code: Opcode, a: OpRef, b: OpRef, imm: u64) -> Try<()> {
        let before = self.cx.order.len();
        let snapshot = self.snapshot;
        self.cx.emit(Op { args: [a, b, OpRef::NONE], imm, snapshot, ..Op::new(code) })?;
        let added = self.cx.order[before..].iter().any(|&r| self.cx.code(r).is_guard());
        if added && snapshot == SnapshotId::NONE { Err(No) } else { Ok(()) }
    }

    fn ensure_kind(&mut self, r: OpRef, kind: Kind) -> Try<()> {
        let r = self.cx.resolve(r);
        if self.cx.kind(r) == kind {
            return Ok(());
        }
        let (code, imm) = match kind {
            Kind::Any => return Ok(()),
            Kind::Int => (Opcode::GuardInt, 0),
            Kind::Float => (Opcode::GuardFloat, 0),
            Kind::Bool => (Opcode::GuardBool, 0),
            Kind::Shape(shape) => (Opcode::GuardShape, shape as u64),
            Kind::Other => return Err(No),
        };
        self.guard(code, r, OpRef::NONE, imm)
    }

    fn ensure_true(&mut self, code: Opcode, a: OpRef, b: OpRef) -> Try<()> {
        let condition = self.cx.emit2(code, a, b)?;
        self.guard(Opcode::GuardTrue, condition, OpRef::NONE, 0)
    }

    /// Guards that two values of one type are equal.
    fn ensure_equal(&mut self, a: OpRef, b: OpRef) -> Try<()> {
        let (a, b) = (self.cx.resolve(a), self.cx.resolve(b));
        if a == b {
            return Ok(());
        }
        match (self.cx.op(a).ty(), self.cx.is_constant(b)) {
            (Ty::Bool, true) => {
                let code = if b == Cx::TRUE { Opcode::GuardTrue } else { Opcode::GuardFalse };
                self.guard(code, a, OpRef::NONE, 0)
            }
            (Ty::Val, true) => self.guard(Opcode::GuardSame, a, b, 0),
            (Ty::Int, true) => self.guard(Opcode::GuardIntIs, a, b, 0),
            (Ty::Val, false) => self.ensure_true(Opcode::ValEq, a, b),
            (Ty::Int, false) => self.ensure_true(Opcode::IntEq, a, b),
            _ => Err(No),
        }
    }

    /// The trace's value for a promised one.
    fn match_rep(&mut self, rep: Rep, r: OpRef) -> Try<()> {
        let r = self.cx.resolve(r);
        match rep {
            Rep::Same(at) => match self.state.steps[at.index()] {
                Step::Leaf if self.values[at.index()].is_none() => self.values[at.index()] = r,
                Step::Leaf => self.ensure_equal(r, self.values[at.index()])?,
                _ => {
                    let constant = self.value(at)?;
                    self.ensure_equal(r, constant)?;
                }
            },
            Rep::Int { param, natural } => {
                self.ensure_kind(r, Kind::Int)?;
                let item = self.cx.emit1(Opcode::UntagInt, r)?;
                if natural {
                    self.ensure_true(Opcode::IntLe, Cx::ZERO, item)?;
                }
                self.own[param] = item;
            }
            Rep::Float { param } => {
                self.ensure_kind(r, Kind::Float)?;
                self.own[param] = self.cx.emit1(Opcode::UnboxFloat, r)?;
            }
            Rep::Raw { param } => self.own[param] = r,
            Rep::Val { param, kind } => {
                self.ensure_kind(r, kind)?;
                self.own[param] = r;
            }
            Rep::Object(i) => self.match_object(i, r)?,
        }
        Ok(())
    }

    fn match_object(&mut self, i: usize, r: OpRef) -> Try<()> {
        if let Some(&(j, node)) = self.matched.iter().find(|m| m.0 == i || m.1 == r) {
            return if j == i && node == r { Ok(()) } else { Err(No) };
        }
        self.matched.push((i, r));
        let state = self.state;
        let rep = &state.head.objects[i];
        let object = self.cx.objects.get(r).cloned().ok_or(No)?;
        if object.imm != rep.imm || object.fields.len() != rep.fields.len() {
            return Err(No);
        }
        for &(field, index, content) in &rep.fields {
            let index = self.cx_index(index)?;
            let found = object.fields.iter().find(|f| f.field == field && f.index == index).ok_or(No)?;
            self.match_rep(content, found.value)?;
        }
        Ok(())
    }

    /// The index constant of an array's item, which the head names by its number.
    fn cx_index(&mut self, index: OpRef) -> Try<OpRef> {
        if index.is_none() { Ok(index) } else { Ok(self.cx.int(index.0 as i64)) }
    }

    /// The value of a step of the plan here.
    fn value(&mut self, at: OpRef) -> Try<OpRef> {
        if at.is_none() || !self.values[at.index()].is_none() {
            return Ok(if at.is_none() { at } else { self.values[at.index()] });
        }
        let value = match self.state.steps[at.index()] {
            Step::Leaf => return Err(No),
            Step::Bool(b) => self.cx.bool(b),
            Step::Constant(op) => self.constant(op)?,
            Step::Load(op, kind) => {
                let object = self.value(op.args[0])?;
                if !object.is_none() {
                    self.ensure_kind(object, kind)?;
                }
                self.cx.emit(Op { args: [object, OpRef::NONE, OpRef::NONE], ..op })?
            }
            Step::Pure(op) => self.pure(op)?,
        };
        self.values[at.index()] = value;
        Ok(value)
    }

    fn constant(&mut self, op: Op) -> Try<OpRef> {
        let mut imm = op.imm;
        if op.code == Opcode::ConstRef {
            let word = self.state.roots.get(imm as usize).ok_or(No)?;
            imm = self.roots.iter().position(|w| w == word).ok_or(No)? as u64;
        }
        Ok(self.cx.constant(op.code, imm))
    }

    fn pure(&mut self, op: Op) -> Try<OpRef> {
        let mut args = op.args;
        for a in &mut args {
            *a = self.value(*a)?;
        }
        match op.code {
            Opcode::UntagInt => self.ensure_kind(args[0], Kind::Int)?,
            Opcode::UnboxFloat => self.ensure_kind(args[0], Kind::Float)?,
            Opcode::TagInt => self.ensure_true(Opcode::IntFits, args[0], OpRef::NONE)?,
            _ => {}
        }
        let args = args.map(|a| if a.is_none() { a } else { self.cx.resolve(a) });
        Ok(self.cx.emit(Op { args, ..op })?)
    }

    fn establish(&mut self, demand: Demand) -> Try<()> {
        match demand {
            Demand::Kind(r, kind) => {
                let value = self.value(r)?;
                self.ensure_kind(value, kind)
            }
            Demand::Equal(r, to) => {
                let (value, to) = (self.value(r)?, self.value(to)?);
                self.ensure_equal(value, to)
            }
            Demand::Field { field, object, kind, value } => {
                let expected = self.value(value)?;
                let found = self.load(FieldId(field), object, kind)?;
                self.ensure_equal(found, expected)
            }
        }
    }

    /// Loads a field of a value of the plan (of the context, if there is no object).
    fn load(&mut self, field: FieldId, object: OpRef, kind: Kind) -> Try<OpRef> {
        let code = match self.cx.descriptors.field_descr(field).mem.ty() {
            Ty::Float => Opcode::GetFloat,
            Ty::Int if object.is_none() => Opcode::GetCtx,
            Ty::Int => Opcode::GetInt,
            _ => Opcode::GetVal,
        };
        let object = self.value(object)?;
        if !object.is_none() {
            self.ensure_kind(object, kind)?;
        }
        let args = [object, OpRef::NONE, OpRef::NONE];
        Ok(self.cx.emit(Op { args, imm: field.0 as u64, ..Op::new(code) })?)
    }

    /// The label's parameters.
    fn all(&mut self, inputs: &[OpRef]) -> Try<Vec<OpRef>> {
        let state = self.state;
        if inputs.len() != state.head.inputs.len() || self.cx.guards.pending && !state.head.pending {
            return Err(No);
        }
        for (&rep, &r) in state.head.inputs.iter().zip(inputs) {
            self.match_rep(rep, r)?;
        }
        for (&(place, rep), &(object, kind)) in state.head.carried.iter().zip(&state.carried) {
            let content = self.load(place.field, object, kind)?;
            self.match_rep(rep, content)?;
        }
        for &demand in &state.demands {
            self.establish(demand)?;
        }
        let mut items = Vec::new();
        for &source in &state.params {
            items.push(match source {
                Source::Own(i) => self.own[i],
                Source::Plan(at) => self.value(OpRef(at as u32))?,
            });
        }
        Ok(items)
    }
}

/// Tries to end the trace in the label of `fragment`, given the values of its inputs. On failure `cx` is to be thrown
/// away.
pub fn enter(
    cx: &mut Cx,
    state: &LoopState,
    fragment: FragmentId,
    inputs: &[OpRef],
    snapshot: SnapshotId,
    roots: &[u64],
) -> Option<()> {
    let guards = |cx: &Cx| cx.order.iter().filter(|&&r| cx.code(r).is_guard()).count();
    let before = guards(cx);
    let mut entering = Entering {
        state,
        roots,
        snapshot,
        values: vec![OpRef::NONE; state.steps.len()],
        own: vec![OpRef::NONE; state.head.param_count()],
        matched: Vec::new(),
        cx,
    };
    let items = entering.all(inputs).ok()?;
    let items: Vec<OpRef> = items.into_iter().map(|r| cx.resolve(r)).collect();
    if guards(cx) - before > MAX_GUARDS {
        return None;
    }
    let list = cx.push_list(&items);
    let jump = Op { list, imm: fragment.0 as u64, ..Op::new(Opcode::JumpLabel) };
    let emitted: Res<OpRef> = cx.emit(jump);
    emitted.ok().map(|_| ())
}
