//! Known kinds and shapes of values: drops the type guards that cannot fail, and finds those that must.

use super::{Flow, Pass};
use crate::cx::{Cx, Res};
use crate::facts::Kind;
use hoop_ir::{FieldId, MemTy, Op, OpRef, Opcode, OptimizeError, new_parts};

pub struct Kinds;

/// The field holds an object's shape.
pub fn is_shape_field(cx: &Cx, field: u64) -> bool {
    let d = cx.descriptors.field_descr(FieldId(field as u32));
    d.group == 0 && d.offset == 0 && d.mem == MemTy::U32
}

/// What a type guard demands of its operand.
fn demanded(op: &Op) -> Option<Kind> {
    Some(match op.code {
        Opcode::GuardInt => Kind::Int,
        Opcode::GuardFloat => Kind::Float,
        Opcode::GuardBool => Kind::Bool,
        Opcode::GuardShape => Kind::Shape(op.imm as u32),
        _ => return None,
    })
}

fn type_guard(cx: &mut Cx, op: &Op, demand: Kind) -> Res<Flow> {
    let known = cx.kind(op.args[0]);
    if known == demand {
        cx.rely_on_kind(op.args[0]);
        return Ok(Flow::Drop);
    }
    let object = cx.code(op.args[0]) == Opcode::ConstRef && matches!(demand, Kind::Int | Kind::Bool);
    if object || known.excludes(demand) { Err(OptimizeError::GuardAlwaysFails) } else { Ok(Flow::Keep) }
}

fn guard_same(cx: &mut Cx, op: &Op) -> Res<Flow> {
    let (value, constant) = (op.args[0], op.args[1]);
    if value == constant {
        return Ok(Flow::Drop);
    }
    let differ = cx.is_constant(value) || cx.kind(value).excludes(cx.kind(constant));
    if differ { Err(OptimizeError::GuardAlwaysFails) } else { Ok(Flow::Keep) }
}

fn val_eq(cx: &mut Cx, op: &Op) -> Flow {
    let (a, b) = (op.args[0], op.args[1]);
    let both = [cx.kind(a), cx.kind(b)];
    // Two floats that are equal words are equal, but the kind alone tells nothing more.
    if both[0].excludes(both[1]) {
        cx.rely_on_kind(a);
        cx.rely_on_kind(b);
        return Flow::Value(Cx::FALSE);
    }
    Flow::Keep
}

fn val_is_int(cx: &mut Cx, op: &Op) -> Flow {
    match cx.kind(op.args[0]) {
        Kind::Any => Flow::Keep,
        kind => {
            cx.rely_on_kind(op.args[0]);
            Flow::Value(cx.bool(kind == Kind::Int))
        }
    }
}

/// Reads and writes of the shape itself.
fn shape_access(cx: &mut Cx, op: &Op) -> Flow {
    if let (Opcode::GetInt, Kind::Shape(shape)) = (op.code, cx.kind(op.args[0])) {
        cx.rely_on_kind(op.args[0]);
        return Flow::Value(cx.int(shape as i64));
    }
    Flow::Keep
}

/// What a condition known to be true tells of kinds.
pub fn learn_condition(cx: &mut Cx, condition: OpRef, truth: bool) {
    if truth && cx.code(condition) == Opcode::ValIsInt {
        let value = cx.arg(condition);
        cx.set_kind(value, Kind::Int);
    }
}

/// Starts a new shape epoch if the operation may change the shape of an existing object.
pub fn may_change_shapes(cx: &mut Cx, op: &Op) {
    let changes = match super::cse::call_effects(cx, op) {
        Some(effects) => effects.runs_guest || effects.writes & 1 != 0,
        None => matches!(op.code, Opcode::CallFragment | Opcode::Label),
    };
    if changes {
        cx.new_epoch();
    }
}

impl Pass for Kinds {
    fn name(&self) -> &'static str {
        "kinds"
    }

    fn op(&self, cx: &mut Cx, op: &Op) -> Res<Flow> {
        if let Some(demand) = demanded(op) {
            return type_guard(cx, op, demand);
        }
        match op.code {
            Opcode::GuardSame => guard_same(cx, op),
            Opcode::ValEq => Ok(val_eq(cx, op)),
            Opcode::ValIsInt => Ok(val_is_int(cx, op)),
            Opcode::GetInt | Opcode::SetInt if is_shape_field(cx, op.imm) => Ok(shape_access(cx, op)),
            _ => Ok(Flow::Keep),
        }
    }

    fn learn(&self, cx: &mut Cx, r: OpRef) -> Res<()> {
        let op = *cx.op(r);
        if let Some(kind) = demanded(&op) {
            cx.set_kind(op.args[0], kind);
            return Ok(());
        }
        match op.code {
            Opcode::New => cx.set_kind(r, Kind::Shape(new_parts(op.imm).0)),
            Opcode::GuardTrue => learn_condition(cx, op.args[0], true),
            Opcode::GuardFalse => learn_condition(cx, op.args[0], false),
            Opcode::SetInt if is_shape_field(cx, op.imm) => learn_shape_store(cx, &op),
            _ => may_change_shapes(cx, &op),
        }
        Ok(())
    }
}

/// After a store of a shape the object has it, and others that may be the same object have an unknown one.
pub fn learn_shape_store(cx: &mut Cx, op: &Op) {
    cx.new_epoch();
    let shape = cx.as_int(op.args[1]);
    cx.set_kind(op.args[0], shape.map_or(Kind::Any, |s| Kind::Shape(s as u32)));
}
