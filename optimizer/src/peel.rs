//! Loop peeling: the loop goes through the passes twice. The first copy becomes the **preamble**, what is known at its
//! end becomes a promise at the label, and the second copy, the **body**, is optimized with that knowledge. So loads
//! and guards that every iteration would repeat leave the loop, ints and floats go round unboxed, and objects that one
//! iteration makes and the next takes apart are never made.
//!
//! ```text
//! inputs, preamble                  ; values at its end: `ends`
//! label(items)                      ; the promise: one `Rep` per input
//! params, body
//! jump(items)                       ; legal only if the body's ends keep the promise
//! ```
//!
//! **The promise is found by trying.** It starts optimistic: an input that the loop does not change stays the same
//! operation, known ints and floats are unboxed parameters, virtual objects stay virtual (their fields are then
//! promised in turn), and all that is known of the heap and of values holds in the body. At the body's end each promise
//! that was relied on is checked. One that fails is weakened in [`Weak`], and the body is done again from the state at
//! the preamble's end. Promises only get weaker, so this ends; after [`ATTEMPTS`] the loop is left as it was, unpeeled.
//!
//! A field that each iteration reads and writes (an iterator's index, a global) is **carried**: its content is a label
//! parameter too, so that the body need not load (and check, and unbox) what the iteration before has just stored.
//!
//! What guards before the label told of *ranges* is let go (a bridge that enters at the label could not check it
//! cheaply), but for one bit per int parameter: that it is not negative.

use crate::cx::{Cx, Import, Res};
use crate::facts::{Facts, Kind};
use crate::finish::Label;
use crate::passes::{heap, ranges, virtuals};
use crate::range::{Range, SMALL_MAX};
use hoop_ir::trace::vec_bytes;
use hoop_ir::{FieldId, Op, OpRef, Opcode, Ty};
use std::collections::HashMap;

/// Tries before a loop is left unpeeled.
const ATTEMPTS: usize = 8;

/// How a value goes round the loop.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Rep {
    /// It is this operation (a constant, or made before the label) in every iteration.
    Same(OpRef),
    /// A small int, unboxed, in that parameter.
    Int { param: usize, natural: bool },
    /// A float, unboxed.
    Float { param: usize },
    /// A machine integer or double as it stands in a virtual object's field.
    Raw { param: usize },
    /// A value of a known kind (or any).
    Val { param: usize, kind: Kind },
    /// A virtual object: index in `Head::objects`.
    Object(usize),
}

/// A virtual object that goes round the loop.
#[derive(Clone, Debug)]
pub struct ObjectRep {
    /// The immediate of its `new`.
    pub imm: u64,
    /// Field, index of an array's item, content.
    pub fields: Vec<(FieldId, OpRef, Rep)>,
    path: Path,
}

/// The promise at a label.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub inputs: Vec<Rep>,
    pub objects: Vec<ObjectRep>,
    /// Fields of unchanging objects whose content changes: it goes round beside the memory that holds it.
    pub carried: Vec<(heap::Place, Rep)>,
    /// The shape epoch in which the body begins.
    epoch: u32,
    /// An exception may be pending at the label.
    pub pending: bool,
    /// The label's own parameters, and their values on entry.
    params: Vec<OpRef>,
    items: Vec<OpRef>,
}

impl Head {
    /// Every promise.
    pub fn reps_mut(&mut self) -> impl Iterator<Item = &mut Rep> {
        let fields = self.objects.iter_mut().flat_map(|o| o.fields.iter_mut().map(|f| &mut f.2));
        self.inputs.iter_mut().chain(fields).chain(self.carried.iter_mut().map(|c| &mut c.1))
    }

    /// The memory behind it.
    pub fn bytes(&self) -> usize {
        let fields: usize = self.objects.iter().map(|o| vec_bytes(&o.fields)).sum();
        let values = vec_bytes(&self.inputs) + vec_bytes(&self.objects) + vec_bytes(&self.carried);
        values + fields + vec_bytes(&self.params) + vec_bytes(&self.items)
    }

    /// The number of the label's own parameters.
    pub fn param_count(&self) -> usize {
        self.params.len()
    }
}

/// A loop that has been peeled.
pub struct Peeled<'a> {
    pub cx: Cx<'a>,
    pub head: Head,
    pub label: Label,
}

/// Input number, then field positions on the way to a value.
type Path = Vec<u32>;

/// Virtual objects inside each other that go round a loop.
const MAX_NESTING: usize = 16;

const NOT_SAME: u8 = 1;
const NO_KIND: u8 = 2;
const NOT_NATURAL: u8 = 4;
const NO_OBJECT: u8 = 8;

/// First element of the path of a carried field; its position follows.
const CARRIED: u32 = u32::MAX;

/// Promises that turned out not to hold.
#[derive(Default)]
struct Weak {
    values: HashMap<Path, u8>,
    /// What is known of these at the preamble's end does not hold in the body.
    places: Vec<heap::Place>,
    /// Fields to carry, unless `places` has them too.
    carried: Vec<heap::Place>,
    /// Nothing about the heap or constants: with more, some guard seemed to fail always.
    cautious: bool,
    shapes: bool,
    pending: bool,
}

impl Weak {
    fn is(&self, path: &Path, what: u8) -> bool {
        self.values.get(path).is_some_and(|w| w & what != 0)
    }

    fn weaken(&mut self, path: &Path, what: u8) {
        *self.values.entry(path.clone()).or_default() |= what;
    }
}

/// Sends the loop's body through behind the preamble, which is `cx` before the jump. `Ok(None)`: this loop cannot be
/// peeled.
pub fn peel<'a>(preamble: &Cx<'a>) -> Res<Option<Peeled<'a>>> {
    let inputs: Vec<OpRef> = preamble.input.inputs().collect();
    let body = inputs.last().map_or(0, |r| r.index() + 1);
    let jump = preamble.input.ops.len() - 1;
    let mut start = preamble.clone();
    let ends = start.mapped(jump);
    let ends = start.list(&ends).to_vec();
    let mut weak = Weak::default();
    for _ in 0..ATTEMPTS {
        let mut cx = start.clone();
        let (head, label) = open(&mut cx, &inputs, &ends, &weak)?;
        let at_label = cx.heap.clone();
        if crate::stream(&mut cx, body, jump).is_err() {
            if weak.cautious {
                return Ok(None);
            }
            weak.cautious = true;
            continue;
        }
        let next = cx.mapped(jump);
        let next = cx.list(&next).to_vec();
        if let Some(items) = close(&mut cx, &head, &at_label, &next, &mut weak)? {
            let list = cx.push_list(&items);
            let jump = cx.append(Op { list, ..Op::new(Opcode::Jump) })?;
            let label = Label { label, params: head.params.clone(), jump };
            return Ok(Some(Peeled { cx, head, label }));
        }
    }
    Ok(None)
}

/// Makes the promise and the label; the inputs then stand for what the promise says.
fn open(cx: &mut Cx, inputs: &[OpRef], ends: &[OpRef], weak: &Weak) -> Res<(Head, OpRef)> {
    heap::flush(cx)?;
    materialise_weak(cx, ends, weak)?;
    let mut head = Head { epoch: cx.epoch + weak.shapes as u32, ..Head::default() };
    let mut planner = Planner { weak, met: Vec::new() };
    for (i, &end) in ends.iter().enumerate() {
        let unchanged = cx.now(inputs[i]) == end;
        let rep = planner.plan(cx, &mut head, end, vec![i as u32], unchanged)?;
        head.inputs.push(rep);
    }
    for (k, &place) in weak.carried.iter().enumerate() {
        if let Some(value) = cx.heap.value_at(place)
            && !weak.places.contains(&place)
        {
            let rep = planner.plan(cx, &mut head, value, vec![CARRIED, k as u32], false)?;
            head.carried.push((place, rep));
        }
    }
    let types: Vec<Ty> = head.items.iter().map(|&r| cx.op(r).ty()).collect();
    cx.body = cx.nodes.len() as u32;
    enter_body(cx, &mut head, weak);
    let list = cx.push_list(&head.items);
    let label = cx.append(Op { list, ..Op::new(Opcode::Label) })?;
    for (i, ty) in types.into_iter().enumerate() {
        let code = match ty {
            Ty::Int => Opcode::ParamInt,
            Ty::Float => Opcode::ParamFloat,
            _ => Opcode::ParamVal,
        };
        let param = cx.append(Op { imm: i as u64, ..Op::new(code) })?;
        head.params.push(param);
    }
    bind_inputs(cx, &head, inputs)?;
    Ok((head, label))
}

/// Virtual objects that cannot stay virtual become real before the label.
fn materialise_weak(cx: &mut Cx, ends: &[OpRef], weak: &Weak) -> Res<()> {
    let mut waiting: Vec<(Path, OpRef)> =
        ends.iter().enumerate().map(|(i, &r)| (vec![i as u32], r)).collect();
    let mut met = Vec::new();
    while let Some((path, r)) = waiting.pop() {
        let r = cx.resolve(r);
        if !cx.objects.is_virtual(r) {
            continue;
        }
        if weak.is(&path, NO_OBJECT) || path.len() > MAX_NESTING {
            virtuals::materialise(cx, r)?;
        } else if !met.contains(&r) {
            met.push(r);
            let fields = cx.objects.get(r).map_or(Vec::new(), |o| o.fields.clone());
            for (i, f) in fields.iter().enumerate() {
                waiting.push(([&path[..], &[i as u32]].concat(), f.value));
            }
        }
    }
    Ok(())
}

/// What is known changes from "at the end of the preamble" to "at the label in every iteration".
fn enter_body(cx: &mut Cx, head: &mut Head, weak: &Weak) {
    cx.version += 1;
    cx.heap.mark_old();
    weak.places.iter().chain(&weak.carried).for_each(|&p| cx.heap.forget(p));
    if weak.cautious {
        cx.heap.forget_all();
    }
    ranges::forget_guards(cx);
    cx.epoch = head.epoch;
    cx.guards.valid = false;
    cx.guards.polled = false;
    cx.guards.pending |= weak.pending;
    head.pending = cx.guards.pending;
    let clock = cx.order.len() as u32 + 1;
    cx.cse.wrote(!0, clock);
}

/// Decides how each value goes round.
struct Planner<'w> {
    weak: &'w Weak,
    /// Virtual objects met, with their index.
    met: Vec<(OpRef, usize)>,
}

impl Planner<'_> {
    /// `unchanged`: it is likely the same in every iteration.
    fn plan(&mut self, cx: &mut Cx, head: &mut Head, r: OpRef, path: Path, unchanged: bool) -> Res<Rep> {
        let r = cx.resolve(r);
        if cx.objects.is_virtual(r) {
            return self.plan_object(cx, head, r, path);
        }
        let constant = cx.is_constant(r) && !self.weak.cautious;
        if (unchanged || constant) && !self.weak.is(&path, NOT_SAME) {
            return Ok(Rep::Same(r));
        }
        let kind = if self.weak.is(&path, NO_KIND) { Kind::Any } else { cx.kind(r) };
        let param = head.items.len();
        let (item, rep) = match (cx.op(r).ty(), kind) {
            (Ty::Int | Ty::Float, _) => (r, Rep::Raw { param }),
            (_, Kind::Int) => {
                let item = cx.emit1(Opcode::UntagInt, r)?;
                let natural = cx.range(item).lo >= 0 && !self.weak.is(&path, NOT_NATURAL);
                (item, Rep::Int { param, natural })
            }
            (_, Kind::Float) => (cx.emit1(Opcode::UnboxFloat, r)?, Rep::Float { param }),
            _ => (r, Rep::Val { param, kind }),
        };
        head.items.push(item);
        Ok(rep)
    }

    fn plan_object(&mut self, cx: &mut Cx, head: &mut Head, r: OpRef, path: Path) -> Res<Rep> {
        if let Some(&(_, index)) = self.met.iter().find(|m| m.0 == r) {
            return Ok(Rep::Object(index));
        }
        let index = head.objects.len();
        self.met.push((r, index));
        let Some(object) = cx.objects.get(r).cloned() else { return Ok(Rep::Same(r)) };
        head.objects.push(ObjectRep { imm: object.imm, fields: Vec::new(), path: path.clone() });
        for (i, f) in object.fields.iter().enumerate() {
            let boxed = matches!(cx.code(f.value), Opcode::TagInt | Opcode::BoxFloat);
            let path = [&path[..], &[i as u32]].concat();
            let rep = self.plan(cx, head, f.value, path, !boxed)?;
            head.objects[index].fields.push((f.field, f.index, rep));
        }
        Ok(Rep::Object(index))
    }
}

/// The inputs of the loop become what the promise says.
fn bind_inputs(cx: &mut Cx, head: &Head, inputs: &[OpRef]) -> Res<()> {
    set_param_facts(cx, head);
    let objects: Vec<OpRef> = head.objects.iter().map(|o| virtuals::create(cx, o.imm)).collect();
    for (object, &r) in head.objects.iter().zip(&objects) {
        for &(field, index, rep) in &object.fields {
            let value = bind(cx, head, &objects, rep)?;
            virtuals::set_field(cx, r, virtuals::Field { field, index, value });
        }
    }
    for (input, &rep) in inputs.iter().zip(&head.inputs) {
        cx.map[input.index()] = bind(cx, head, &objects, rep)?;
    }
    for &(place, rep) in &head.carried {
        let value = bind(cx, head, &objects, rep)?;
        heap::remember(cx, place, value);
    }
    Ok(())
}

/// The operation that a promised value is in the body.
fn bind(cx: &mut Cx, head: &Head, objects: &[OpRef], rep: Rep) -> Res<OpRef> {
    match rep {
        Rep::Same(r) => Ok(r),
        Rep::Int { param, .. } => cx.emit1(Opcode::TagInt, head.params[param]),
        Rep::Float { param } => cx.emit1(Opcode::BoxFloat, head.params[param]),
        Rep::Raw { param } | Rep::Val { param, .. } => Ok(head.params[param]),
        Rep::Object(i) => Ok(objects[i]),
    }
}

/// Every promise of the head.
fn reps(head: &Head) -> impl Iterator<Item = Rep> + '_ {
    let fields = head.objects.iter().flat_map(|o| o.fields.iter().map(|f| f.2));
    head.inputs.iter().copied().chain(fields).chain(head.carried.iter().map(|c| c.1))
}

fn set_param_facts(cx: &mut Cx, head: &Head) {
    for rep in reps(head) {
        match rep {
            Rep::Int { param, natural } => {
                let range = if natural { Range::new(0, SMALL_MAX) } else { Range::SMALL };
                cx.facts[head.params[param].index()] = Facts { range, base: range, ..Facts::UNKNOWN };
            }
            Rep::Val { param, kind } => cx.set_kind(head.params[param], kind),
            _ => {}
        }
    }
    for &(place, rep) in &head.carried {
        if let Rep::Raw { param } = rep {
            let range = ranges::field_range(cx.descriptors.field_descr(place.field).mem);
            cx.facts[head.params[param].index()] = Facts { range, base: range, ..Facts::UNKNOWN };
        }
    }
}

/// Checks the promise at the body's end. Gives the jump's values, or `None` after weakening what does not hold.
fn close(
    cx: &mut Cx,
    head: &Head,
    at_label: &heap::State,
    next: &[OpRef],
    weak: &mut Weak,
) -> Res<Option<Vec<OpRef>>> {
    heap::flush(cx)?;
    materialise_ends(cx, head, next)?;
    let mut checker =
        Checker { head, weak, holds: true, items: vec![OpRef::NONE; head.params.len()], matched: Vec::new() };
    for (i, (&rep, &r)) in head.inputs.iter().zip(next).enumerate() {
        checker.check(cx, rep, r, vec![i as u32])?;
    }
    for (place, rep) in head.carried.iter().copied() {
        let k = checker.weak.carried.iter().position(|&p| p == place).unwrap_or(0);
        match cx.heap.value_at(place) {
            Some(value) => checker.check(cx, rep, value, vec![CARRIED, k as u32])?,
            None => {
                checker.weak.places.push(place);
                checker.holds = false;
            }
        }
    }
    let (mut holds, items) = (checker.holds, checker.items);
    holds &= heap_holds(cx, at_label, weak);
    if cx.epoch != head.epoch && relies_on_shapes(cx) {
        weak.shapes = true;
        holds = false;
    }
    if cx.guards.pending && !head.pending {
        weak.pending = true;
        holds = false;
    }
    Ok(holds.then_some(items))
}

/// What goes round as a real value becomes real.
fn materialise_ends(cx: &mut Cx, head: &Head, next: &[OpRef]) -> Res<()> {
    let mut waiting: Vec<(Rep, OpRef)> = head.inputs.iter().copied().zip(next.iter().copied()).collect();
    let mut met = vec![false; head.objects.len()];
    while let Some((rep, r)) = waiting.pop() {
        let r = cx.resolve(r);
        match (rep, cx.objects.get(r)) {
            (Rep::Object(i), Some(object)) if !met[i] => {
                met[i] = true;
                for &(field, index, rep) in &head.objects[i].fields {
                    let found = object.fields.iter().find(|f| f.field == field && f.index == index);
                    waiting.extend(found.map(|f| (rep, f.value)));
                }
            }
            (Rep::Object(_), _) | (_, None) => {}
            (_, Some(_)) => virtuals::materialise(cx, r)?,
        }
    }
    Ok(())
}

/// What the body took from what was known of the heap before the label must still hold. A field that the body relied
/// on, and whose new content is known, is carried from now on; other places are let go.
fn heap_holds(cx: &Cx, at_label: &heap::State, weak: &mut Weak) -> bool {
    let relied: Vec<(heap::Place, OpRef)> = cx
        .imports
        .iter()
        .filter_map(|what| match *what {
            Import::Field { field, object, index, value } => {
                Some((heap::Place { field: FieldId(field), object, index }, value))
            }
            _ => None,
        })
        .collect();
    if relied.iter().all(|&(place, value)| cx.heap.holds(place, value)) {
        return true;
    }
    for (place, value) in at_label.places() {
        if cx.heap.holds(place, value) || weak.carried.contains(&place) {
            continue;
        }
        let used = relied.iter().any(|r| r.0 == place);
        let field = place.index.is_none() && !place.object.is_none();
        if used && field && cx.heap.value_at(place).is_some() {
            weak.carried.push(place);
        } else {
            weak.places.push(place);
        }
    }
    false
}

fn relies_on_shapes(cx: &Cx) -> bool {
    cx.imports.iter().any(|i| matches!(i, Import::Kind(_, Kind::Shape(_))))
}

/// Compares the body's ends with the promise.
struct Checker<'h> {
    head: &'h Head,
    weak: &'h mut Weak,
    holds: bool,
    items: Vec<OpRef>,
    /// Promised objects with the body's.
    matched: Vec<(usize, OpRef)>,
}

impl Checker<'_> {
    fn fail(&mut self, path: &Path, what: u8) {
        self.weak.weaken(path, what);
        self.holds = false;
    }

    fn check(&mut self, cx: &mut Cx, rep: Rep, r: OpRef, path: Path) -> Res<()> {
        let r = cx.resolve(r);
        match rep {
            Rep::Same(same) if cx.resolve(same) != r => self.fail(&path, NOT_SAME),
            Rep::Same(_) => {}
            Rep::Raw { param } => self.items[param] = r,
            Rep::Int { param, natural } => {
                if cx.kind(r) != Kind::Int {
                    self.fail(&path, NO_KIND);
                    return Ok(());
                }
                cx.rely_on_kind(r);
                let item = cx.emit1(Opcode::UntagInt, r)?;
                if natural && cx.range(item).lo < 0 {
                    self.fail(&path, NOT_NATURAL);
                }
                self.items[param] = item;
            }
            Rep::Float { param } => {
                if cx.kind(r) != Kind::Float {
                    self.fail(&path, NO_KIND);
                    return Ok(());
                }
                cx.rely_on_kind(r);
                self.items[param] = cx.emit1(Opcode::UnboxFloat, r)?;
            }
            Rep::Val { param, kind } => {
                if kind != Kind::Any && cx.kind(r) != kind {
                    self.fail(&path, NO_KIND);
                    return Ok(());
                }
                if kind != Kind::Any {
                    cx.rely_on_kind(r);
                }
                self.items[param] = r;
            }
            Rep::Object(i) => self.check_object(cx, i, r, path)?,
        }
        Ok(())
    }

    fn check_object(&mut self, cx: &mut Cx, i: usize, r: OpRef, path: Path) -> Res<()> {
        if let Some(&(j, node)) = self.matched.iter().find(|m| m.0 == i || m.1 == r) {
            if j != i || node != r {
                self.fail(&path, NO_OBJECT);
                self.fail(&self.head.objects[i].path.clone(), NO_OBJECT);
            }
            return Ok(());
        }
        self.matched.push((i, r));
        let rep = &self.head.objects[i];
        let fields = match cx.objects.get(r) {
            Some(o) if o.imm == rep.imm && o.fields.len() == rep.fields.len() => o.fields.clone(),
            _ => {
                self.fail(&rep.path.clone(), NO_OBJECT);
                self.fail(&path, NO_OBJECT);
                return Ok(());
            }
        };
        for (position, &(field, index, content)) in rep.fields.iter().enumerate() {
            let Some(f) = fields.iter().find(|f| f.field == field && f.index == index) else {
                self.fail(&rep.path.clone(), NO_OBJECT);
                return Ok(());
            };
            self.check(cx, content, f.value, [&rep.path[..], &[position as u32]].concat())?;
        }
        Ok(())
    }
}
