//! The heap: loads of what is known, and stores put off.
//!
//! For each field the pass keeps what objects are known to hold there (after a load or a store). A store is not emitted
//! at once but waits in `pending`: another store to the same place makes it superfluous, a load finds its value. It is
//! carried out before anything that may read the place, or another object's field that may be the same one; up to
//! [`MAX_CARRIED`] stores may pass a guard, whose snapshot then says that they are still to be done.
//!
//! Whether two accesses may meet: they need the same descriptor; objects of different known shapes, two fresh objects,
//! a fresh object and one that was there before, two constants, and objects that a guard told apart are different; so
//! are items at different distances from the same index.

use super::kinds::is_shape_field;
use super::virtuals::{materialise, narrowed};
use super::{Flow, Pass, cse};
use crate::cx::{Cx, Import, Res};
use crate::facts::Kind;
use hoop_ir::{Effect, FieldId, MemTy, Op, OpRef, Opcode};

pub struct Heap;

/// This pass's place among the passes.
pub const INDEX: usize = 5;

/// Stores that a guard's snapshot may carry.
const MAX_CARRIED: usize = 4;

/// Objects (or items) remembered per field.
const MAX_FACTS: usize = 48;

/// A field of an object, or an item of an array.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub field: FieldId,
    /// `NONE` for the context.
    pub object: OpRef,
    /// `NONE` unless an array's item.
    pub index: OpRef,
}

/// The place holds the value.
#[derive(Copy, Clone, Debug)]
struct Known {
    object: OpRef,
    index: OpRef,
    value: OpRef,
    /// Known since before the label, and not yet relied on in the body.
    old: bool,
}

/// A store that is still to be done.
#[derive(Copy, Clone, Debug)]
pub struct Pending {
    pub place: Place,
    pub value: OpRef,
}

/// What is known of the heap.
#[derive(Clone, Default)]
pub struct State {
    /// Per field.
    known: Vec<Vec<Known>>,
    pub pending: Vec<Pending>,
}

impl State {
    /// The place is known to hold that value.
    pub fn holds(&self, place: Place, value: OpRef) -> bool {
        let known = self.known.get(place.field.0 as usize);
        known.is_some_and(|k| {
            k.iter().any(|k| k.object == place.object && k.index == place.index && k.value == value)
        })
    }

    /// What the place is known to hold.
    pub fn value_at(&self, place: Place) -> Option<OpRef> {
        let known = self.known.get(place.field.0 as usize)?;
        known.iter().find(|k| k.object == place.object && k.index == place.index).map(|k| k.value)
    }

    /// Every known place and what it holds.
    pub fn places(&self) -> impl Iterator<Item = (Place, OpRef)> + '_ {
        self.known.iter().enumerate().flat_map(|(field, known)| {
            let field = FieldId(field as u32);
            known.iter().map(move |k| (Place { field, object: k.object, index: k.index }, k.value))
        })
    }

    /// What is known now was known before the label.
    pub fn mark_old(&mut self) {
        self.known.iter_mut().flatten().for_each(|k| k.old = true);
    }

    /// Forgets a place.
    pub fn forget(&mut self, place: Place) {
        if let Some(known) = self.known.get_mut(place.field.0 as usize) {
            known.retain(|k| k.object != place.object || k.index != place.index);
        }
    }

    pub fn forget_all(&mut self) {
        self.known.iter_mut().for_each(Vec::clear);
    }
}

/// The place that a load or store means.
fn place(op: &Op) -> Place {
    let item = matches!(
        op.code,
        Opcode::ItemVal
            | Opcode::ItemInt
            | Opcode::ItemFloat
            | Opcode::SetItemVal
            | Opcode::SetItemInt
            | Opcode::SetItemFloat
    );
    Place {
        field: FieldId(op.imm as u32),
        object: op.args[0],
        index: if item { op.args[1] } else { OpRef::NONE },
    }
}

/// An object that this trace allocated.
fn is_fresh(cx: &Cx, r: OpRef) -> bool {
    cx.code(r) == Opcode::New
}

/// The two operations certainly give different objects.
fn distinct_objects(cx: &mut Cx, a: OpRef, b: OpRef) -> bool {
    if a == b || a.is_none() || b.is_none() {
        return false;
    }
    let constants = [a, b].map(|r| cx.code(r) == Opcode::ConstRef);
    let fresh = [a, b].map(|r| is_fresh(cx, r));
    // A fresh object differs from everything computed before it was made.
    if constants == [true, true] || fresh == [true, true] || fresh[0] && b < a || fresh[1] && a < b {
        return true;
    }
    let kinds = [cx.kind(a), cx.kind(b)];
    let shapes = matches!(kinds, [Kind::Shape(s), Kind::Shape(t)] if s != t);
    if shapes {
        cx.rely_on_kind(a);
        cx.rely_on_kind(b);
    }
    shapes || known_unequal(cx, a, b)
}

/// A guard has shown that the two are different words.
fn known_unequal(cx: &mut Cx, a: OpRef, b: OpRef) -> bool {
    [[a, b], [b, a]].into_iter().any(|[x, y]| {
        let op = Op { args: [x, y, OpRef::NONE], ..Op::new(Opcode::ValEq) };
        cse::find(cx, &op).is_some_and(|r| cx.resolve(r) == Cx::FALSE)
    })
}

/// An index as something plus a constant.
fn base_and_offset(cx: &Cx, index: OpRef) -> (OpRef, i64) {
    if let Some(k) = cx.as_int(index) {
        return (OpRef::NONE, k);
    }
    let op = cx.op(index);
    match op.code {
        Opcode::IntAdd => cx.as_int(op.args[1]).map_or((index, 0), |k| (op.args[0], k)),
        _ => (index, 0),
    }
}

fn distinct_indices(cx: &Cx, a: OpRef, b: OpRef) -> bool {
    if a.is_none() || a == b {
        return false;
    }
    let (a_base, a_offset) = base_and_offset(cx, a);
    let (b_base, b_offset) = base_and_offset(cx, b);
    if a_base == b_base { a_offset != b_offset } else { cx.range(a).eq(&cx.range(b)) == Some(false) }
}

/// The two accesses of one field may meet.
fn may_alias(cx: &mut Cx, a: (OpRef, OpRef), b: (OpRef, OpRef)) -> bool {
    !distinct_indices(cx, a.1, b.1) && !distinct_objects(cx, a.0, b.0)
}

/// The known content of a place.
fn look_up(cx: &mut Cx, place: Place) -> Option<OpRef> {
    let known = cx.heap.known.get_mut(place.field.0 as usize)?;
    let known = known.iter_mut().rev().find(|k| k.object == place.object && k.index == place.index)?;
    let found = *known;
    known.old = false;
    if found.old {
        let what = Import::Field {
            field: place.field.0,
            object: place.object,
            index: place.index,
            value: found.value,
        };
        cx.imports.push(what);
    }
    Some(cx.resolve(found.value))
}

/// From here on the place holds the value.
pub fn remember(cx: &mut Cx, place: Place, value: OpRef) {
    let field = place.field.0 as usize;
    if cx.heap.known.len() <= field {
        cx.heap.known.resize(field + 1, Vec::new());
    }
    let known = &mut cx.heap.known[field];
    known.retain(|k| k.object != place.object || k.index != place.index);
    if known.len() >= MAX_FACTS {
        known.remove(0);
    }
    known.push(Known { object: place.object, index: place.index, value, old: false });
}

/// Forgets what a store to the place may change.
fn forget_aliases(cx: &mut Cx, place: Place) {
    let field = place.field.0 as usize;
    let Some(known) = cx.heap.known.get_mut(field).map(std::mem::take) else { return };
    let immutable = cx.descriptors.field_descr(place.field).immutable;
    let mut kept = known;
    kept.retain(|k| {
        if immutable {
            return k.object != place.object || k.index != place.index;
        }
        !may_alias(cx, (k.object, k.index), (place.object, place.index))
    });
    cx.heap.known[field] = kept;
}

/// Forgets the fields of the groups that something else may have written.
fn forget_groups(cx: &mut Cx, groups: u64) {
    for field in 0..cx.heap.known.len() {
        let d = cx.descriptors.field_descr(FieldId(field as u32));
        if !d.immutable && groups & 1 << d.group != 0 {
            cx.heap.known[field].clear();
        }
    }
}

/// The store operation of a field.
fn store_code(mem: MemTy, array: bool) -> Opcode {
    match (mem, array) {
        (MemTy::Val, false) => Opcode::SetVal,
        (MemTy::F64, false) => Opcode::SetFloat,
        (_, false) => Opcode::SetInt,
        (MemTy::Val, true) => Opcode::SetItemVal,
        (MemTy::F64, true) => Opcode::SetItemFloat,
        (_, true) => Opcode::SetItemInt,
    }
}

/// Emits a store without putting it off; its value is real.
pub fn store_now(cx: &mut Cx, place: Place, value: OpRef) -> Res<()> {
    let d = *cx.descriptors.field_descr(place.field);
    let args = match place.index {
        OpRef::NONE => [place.object, value, OpRef::NONE],
        index => [place.object, index, value],
    };
    cx.append(Op { args, imm: place.field.0 as u64, ..Op::new(store_code(d.mem, d.array)) })?;
    let clock = cx.order.len() as u32;
    cx.cse.wrote(1 << d.group, clock);
    if cx.enabled(INDEX) && cx.heap.value_at(place).is_none() {
        let value = narrowed(cx, place.field, value)?;
        remember(cx, place, value);
    }
    Ok(())
}

/// Carries out the pending stores for which the condition holds.
fn flush_where(cx: &mut Cx, mut condition: impl FnMut(&mut Cx, &Pending) -> bool) -> Res<()> {
    let mut i = 0;
    while i < cx.heap.pending.len() {
        let p = cx.heap.pending[i];
        if !condition(cx, &p) {
            i += 1;
            continue;
        }
        cx.heap.pending.remove(i);
        cx.version += 1;
        materialise(cx, p.value)?;
        store_now(cx, p.place, p.value)?;
    }
    Ok(())
}

/// Carries out every pending store.
pub fn flush(cx: &mut Cx) -> Res<()> {
    flush_where(cx, |_, _| true)
}

fn load(cx: &mut Cx, op: &Op) -> Res<Flow> {
    if is_shape_field(cx, op.imm) {
        return Ok(Flow::Keep);
    }
    let place = place(op);
    if let Some(value) = look_up(cx, place) {
        return Ok(Flow::Value(value));
    }
    flush_where(cx, |cx, p| {
        let (a, b) = ((p.place.object, p.place.index), (place.object, place.index));
        p.place.field == place.field && may_alias(cx, a, b)
    })?;
    Ok(Flow::Keep)
}

fn store(cx: &mut Cx, op: &Op) -> Res<Flow> {
    if is_shape_field(cx, op.imm) {
        // The collector reads the object by its shape: its fields must be as the shape says.
        flush(cx)?;
        return Ok(Flow::Keep);
    }
    let place = place(op);
    let stored = op.args[op.code.args().len() - 1];
    let value = narrowed(cx, place.field, stored)?;
    if look_up(cx, place) == Some(value) {
        return Ok(Flow::Drop);
    }
    flush_where(cx, |cx, p| {
        let (a, b) = ((p.place.object, p.place.index), (place.object, place.index));
        p.place != place && p.place.field == place.field && may_alias(cx, a, b)
    })?;
    forget_aliases(cx, place);
    remember(cx, place, value);
    cx.version += 1;
    match cx.heap.pending.iter_mut().find(|p| p.place == place) {
        Some(p) => p.value = stored,
        None => cx.heap.pending.push(Pending { place, value: stored }),
    }
    Ok(Flow::Drop)
}

fn call(cx: &mut Cx, op: &Op) -> Res<Flow> {
    let groups = match cse::call_effects(cx, op) {
        Some(e) if e.runs_guest || e.sees_frames => !0,
        Some(e) => e.reads | e.writes,
        None if op.code == Opcode::CallFragment => !0,
        None => 0,
    };
    flush_where(cx, |cx, p| groups & 1 << cx.descriptors.field_descr(p.place.field).group != 0)?;
    Ok(Flow::Keep)
}

/// The oldest stores go before a guard when there are too many to carry.
fn before_guard(cx: &mut Cx) -> Res<Flow> {
    let mut surplus = cx.heap.pending.len().saturating_sub(MAX_CARRIED);
    flush_where(cx, |_, _| {
        let go = surplus > 0;
        surplus -= go as usize;
        go
    })?;
    Ok(Flow::Keep)
}

impl Pass for Heap {
    fn name(&self) -> &'static str {
        "heap"
    }

    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow> {
        match op.code.effect() {
            Effect::Read => load(cx, op),
            Effect::Write => store(cx, op),
            Effect::Call => call(cx, op),
            Effect::Guard => before_guard(cx),
            Effect::Control if op.code == Opcode::Exit => before_guard(cx),
            Effect::Control if op.code.is_end() || op.code == Opcode::Label => {
                flush(cx)?;
                Ok(Flow::Keep)
            }
            _ => Ok(Flow::Keep),
        }
    }

    fn learn(&self, cx: &mut Cx, r: OpRef) -> Res<()> {
        let op = *cx.op(r);
        match op.code.effect() {
            // Shapes are facts of their own: see the kinds pass.
            Effect::Read if is_shape_field(cx, op.imm) => {}
            Effect::Read => remember(cx, place(&op), r),
            Effect::Call => match cse::call_effects(cx, &op) {
                Some(e) if e.runs_guest => forget_groups(cx, !0),
                Some(e) => forget_groups(cx, e.writes),
                None if op.code == Opcode::CallFragment => forget_groups(cx, !0),
                None => {}
            },
            Effect::Control if op.code == Opcode::Label => cx.heap.forget_all(),
            _ => {}
        }
        Ok(())
    }
}
