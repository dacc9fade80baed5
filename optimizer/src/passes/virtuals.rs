//! Virtual objects: an object that has not left the trace is not allocated.
//!
//! `new` makes a node outside the order; stores and loads of its fields happen here, in the optimizer. At a guard the
//! object goes into the snapshot as a description and is built only if the guard fails. When something needs the real
//! object (a call, a store into a real object that is carried out, an end of the trace) it is **materialised**: the
//! allocation enters the order there, followed by the stores of its fields.

use super::kinds::is_shape_field;
use super::{Flow, Pass, heap};
use crate::cx::{Cx, Res};
use crate::facts::Kind;
use hoop_ir::{Effect, FieldId, MemTy, Op, OpRef, Opcode, OptimizeError, SnapVal, SnapshotId, Ty, new_parts};

pub struct Virtuals;

/// A virtual object has at most so many fields; with more it becomes real.
const MAX_FIELDS: usize = 64;

/// Header bytes, which virtual objects do not model (but for the shape).
const HEADER: i32 = 8;

/// A field that has been set.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub field: FieldId,
    /// A constant for items of arrays, else `NONE`.
    pub index: OpRef,
    pub value: OpRef,
}

/// An object that exists only in the optimizer.
#[derive(Clone, Debug)]
pub struct Object {
    pub node: OpRef,
    /// The immediate of its `new`.
    pub imm: u64,
    pub fields: Vec<Field>,
}

/// The virtual objects.
#[derive(Clone, Default)]
pub struct State {
    objects: Vec<Object>,
    /// Index in `objects` + 1 per node; 0 = not virtual.
    of: Vec<u32>,
}

impl State {
    pub fn is_virtual(&self, r: OpRef) -> bool {
        self.of.get(r.index()).is_some_and(|&i| i != 0)
    }

    pub fn get(&self, r: OpRef) -> Option<&Object> {
        match self.of.get(r.index()) {
            Some(&i) if i != 0 => Some(&self.objects[i as usize - 1]),
            _ => None,
        }
    }

    fn get_mut(&mut self, r: OpRef) -> Option<&mut Object> {
        match self.of.get(r.index()) {
            Some(&i) if i != 0 => Some(&mut self.objects[i as usize - 1]),
            _ => None,
        }
    }

    /// The shape of a virtual object.
    pub fn shape(&self, r: OpRef) -> u32 {
        self.get(r).map_or(0, |o| new_parts(o.imm).0)
    }

    fn add(&mut self, node: OpRef, imm: u64) {
        self.objects.push(Object { node, imm, fields: Vec::new() });
        if self.of.len() <= node.index() {
            self.of.resize(node.index() + 1, 0);
        }
        self.of[node.index()] = self.objects.len() as u32;
    }

    /// The object is virtual no more.
    fn take(&mut self, r: OpRef) -> Option<Object> {
        let object = self.get(r)?.clone();
        self.of[r.index()] = 0;
        Some(object)
    }
}

/// Makes a virtual object.
pub fn create(cx: &mut Cx, imm: u64) -> OpRef {
    let r = cx.node(Op { imm, ..Op::new(Opcode::New) });
    cx.objects.add(r, imm);
    cx.version += 1;
    r
}

/// Puts a virtual object into the trace, and those that it refers to. Nothing if it is real already.
pub fn materialise(cx: &mut Cx, r: OpRef) -> Res<()> {
    let mut waiting = vec![r];
    let mut built = Vec::new();
    while let Some(r) = waiting.pop() {
        let Some(object) = cx.objects.take(r) else { continue };
        cx.version += 1;
        cx.nodes[r.index()].imm = object.imm;
        cx.order.push(r);
        cx.set_kind(r, Kind::Shape(new_parts(object.imm).0));
        let values: Vec<OpRef> = object.fields.iter().map(|f| f.value).collect();
        waiting.extend(values.into_iter().filter(|&v| cx.objects.is_virtual(v)));
        // A count in a field tells the collector the object's size: it is stored before the next allocation.
        store_fields(cx, &object, |mem| mem != MemTy::Val)?;
        built.push(object);
    }
    built.iter().try_for_each(|object| store_fields(cx, object, |mem| mem == MemTy::Val))
}

/// Stores the fields of a built object that are kept in memory so.
fn store_fields(cx: &mut Cx, object: &Object, these: impl Fn(MemTy) -> bool) -> Res<()> {
    for f in &object.fields {
        if these(cx.descriptors.field_descr(f.field).mem) {
            let value = cx.resolve(f.value);
            heap::store_now(cx, heap::Place { field: f.field, object: object.node, index: f.index }, value)?;
        }
    }
    Ok(())
}

/// Materialises what the operation's operands need.
fn escape(cx: &mut Cx, op: &Op) -> Res<()> {
    for r in op.args.into_iter().filter(|r| !r.is_none()) {
        materialise(cx, r)?;
    }
    for i in op.list.0..op.list.0 + op.list.1 {
        materialise(cx, cx.lists[i as usize])?;
    }
    Ok(())
}

/// A call that looks at frames finds real objects in them.
fn escape_snapshot(cx: &mut Cx, id: SnapshotId) -> Res<()> {
    let input = cx.input;
    for frame in &input.snapshots[id.0 as usize].frames {
        let values = frame.owner.iter().chain(frame.regs.iter().map(|(_, v)| v));
        for v in values {
            if let SnapVal::Op(old) = *v {
                let r = cx.now(old);
                materialise(cx, r)?;
            }
        }
    }
    Ok(())
}

/// A fresh object's content of a field; there is no constant for the empty word of a `Val` field.
fn zero(cx: &mut Cx, ty: Ty) -> Option<OpRef> {
    match ty {
        Ty::Float => Some(cx.float(0.0)),
        Ty::Int => Some(cx.int(0)),
        _ => None,
    }
}

/// What a load of the field gives after a store of `value`: narrow fields keep their low bits only.
pub fn narrowed(cx: &mut Cx, field: FieldId, value: OpRef) -> Res<OpRef> {
    let mem = cx.descriptors.field_descr(field).mem;
    if !matches!(mem, MemTy::U32 | MemTy::U16 | MemTy::U8) {
        return Ok(value);
    }
    let bounds = super::ranges::field_range(mem);
    if cx.range(value).within(&crate::range::Range { zeros: 0, ones: 0, ..bounds }) {
        return Ok(value);
    }
    let mask = cx.int(bounds.hi);
    cx.emit2(Opcode::IntAnd, value, mask)
}

/// The place in an object that a load or store means; `None` if the virtual object cannot model it.
fn modelled(cx: &Cx, op: &Op) -> Option<(FieldId, OpRef)> {
    let field = FieldId(op.imm as u32);
    let d = cx.descriptors.field_descr(field);
    if !d.array {
        return (d.offset >= HEADER).then_some((field, OpRef::NONE));
    }
    let index = op.args[1];
    let k = cx.as_int(index)?;
    let end = d.offset as i64 + k.checked_mul(d.mem.size() as i64)?.checked_add(d.mem.size() as i64)?;
    let size = cx.objects.get(op.args[0]).map_or(0, |o| new_parts(o.imm).1) as i64;
    (k >= 0 && end <= size).then_some((field, index))
}

fn load(cx: &mut Cx, op: &Op) -> Res<Flow> {
    let object = op.args[0];
    if is_shape_field(cx, op.imm) {
        let shape = cx.objects.shape(object);
        return Ok(Flow::Value(cx.int(shape as i64)));
    }
    let Some((field, index)) = modelled(cx, op) else {
        materialise(cx, object)?;
        return Ok(Flow::Keep);
    };
    let fields = cx.objects.get(object).map_or(&[][..], |o| &o.fields);
    let found = fields.iter().find(|f| f.field == field && f.index == index).map(|f| f.value);
    let found = found.map(|value| cx.resolve(value)).or_else(|| zero(cx, op.ty()));
    if found.is_none() {
        materialise(cx, object)?;
    }
    Ok(found.map_or(Flow::Keep, Flow::Value))
}

fn store(cx: &mut Cx, op: &Op) -> Res<Flow> {
    let object = op.args[0];
    if is_shape_field(cx, op.imm)
        && let Some(shape) = cx.as_int(op.args[1])
        && let Some(o) = cx.objects.get_mut(object)
    {
        o.imm = o.imm & !(u32::MAX as u64) | shape as u32 as u64;
        cx.version += 1;
        return Ok(Flow::Drop);
    }
    let full = cx.objects.get(object).is_some_and(|o| o.fields.len() >= MAX_FIELDS);
    let Some((field, index)) = modelled(cx, op).filter(|_| !full) else {
        materialise(cx, object)?;
        return store_value(cx, op);
    };
    let last = op.code.args().len() - 1;
    let value = narrowed(cx, field, op.args[last])?;
    set_field(cx, object, Field { field, index, value });
    Ok(Flow::Drop)
}

/// Sets a field of a virtual object.
pub fn set_field(cx: &mut Cx, object: OpRef, set: Field) {
    cx.version += 1;
    if let Some(o) = cx.objects.get_mut(object) {
        match o.fields.iter_mut().find(|f| f.field == set.field && f.index == set.index) {
            Some(f) => f.value = set.value,
            None => o.fields.push(set),
        }
    }
}

/// A store into a real object: the heap pass can put it off with a virtual value; without it the value becomes real.
fn store_value(cx: &mut Cx, op: &Op) -> Res<Flow> {
    if !cx.enabled(heap::INDEX) || is_shape_field(cx, op.imm) {
        escape(cx, op)?;
    }
    Ok(Flow::Keep)
}

impl Pass for Virtuals {
    fn name(&self) -> &'static str {
        "virtuals"
    }

    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow> {
        let on_virtual = !op.args[0].is_none() && cx.objects.is_virtual(op.args[0]);
        match (op.code, op.code.effect()) {
            (Opcode::New, _) => return Ok(Flow::Value(create(cx, op.imm))),
            (Opcode::GetCtx, _) => {}
            (_, Effect::Read) if on_virtual => return load(cx, op),
            (_, Effect::Write) if on_virtual => return store(cx, op),
            (_, Effect::Write) => return store_value(cx, op),
            (Opcode::ValEq, _) if on_virtual || cx.objects.is_virtual(op.args[1]) => {
                return Ok(Flow::Value(cx.bool(op.args[0] == op.args[1])));
            }
            (Opcode::GuardSame, _) if on_virtual || cx.objects.is_virtual(op.args[1]) => {
                let same = op.args[0] == op.args[1];
                return if same { Ok(Flow::Drop) } else { Err(OptimizeError::GuardAlwaysFails) };
            }
            (_, Effect::Call) if op.snapshot != SnapshotId::NONE => {
                escape_snapshot(cx, op.snapshot)?;
                escape(cx, op)?;
            }
            _ => escape(cx, op)?,
        }
        Ok(Flow::Keep)
    }
}
