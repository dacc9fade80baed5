//! Comparisons, identity, membership, and the fused test pairs.

use crate::call::ret;
use crate::ops::{a, arith, b, c, opaque, peek, table};
use hoop_bytecode::{Instr, Op};
use hoop_engine::{Cmp, IntOp, Reg};
use hoop_gc::Value;
use hoop_object::errors::Raise;
use hoop_object::kind::Kind;
use hoop_object::layout::*;
use hoop_object::operator::CmpOp;
use hoop_object::vm::PyEngine;
use hoop_protocol::{attr, protocol};
use std::hint::cold_path;

fn cmp_of(op: CmpOp) -> Cmp {
    match op {
        CmpOp::Lt => Cmp::Lt,
        CmpOp::Le => Cmp::Le,
        CmpOp::Eq => Cmp::Eq,
        CmpOp::Ne => Cmp::Ne,
        CmpOp::Gt => Cmp::Gt,
        CmpOp::Ge => Cmp::Ge,
    }
}

/// The comparison of two numbers that are small ints or floats, or of two strs; nothing for anything else.
#[inline(always)]
pub fn quick<E: PyEngine>(e: &mut E, op: CmpOp, x: E::Val, y: E::Val) -> Result<Option<E::Bool>, Raise> {
    if let Some(m) = e.as_int(x) {
        if let Some(n) = e.as_int(y) {
            return Ok(Some(e.int_cmp(cmp_of(op), m, n)));
        }
        return mixed(e, op, x, m, y);
    }
    if let Some(f) = e.as_float(x) {
        if let Some(g) = e.as_float(y) {
            return Ok(Some(e.float_cmp(cmp_of(op), f, g)));
        }
        if let Some(n) = e.as_int(y)
            && let Some(g) = exact_float(e, n)
        {
            return Ok(Some(e.float_cmp(cmp_of(op), f, g)));
        }
        return Ok(None);
    }
    texts(e, op, x, y)
}

fn mixed<E: PyEngine>(
    e: &mut E,
    op: CmpOp,
    _x: E::Val,
    m: E::Int,
    y: E::Val,
) -> Result<Option<E::Bool>, Raise> {
    if let Some(g) = e.as_float(y)
        && let Some(f) = exact_float(e, m)
    {
        return Ok(Some(e.float_cmp(cmp_of(op), f, g)));
    }
    Ok(None)
}

/// The int as a float, if that is exact.
fn exact_float<E: PyEngine>(e: &mut E, m: E::Int) -> Option<E::Float> {
    let (shift, limit) = (e.int(1 << 53), e.int(1 << 54));
    let moved = e.int_op(IntOp::Add, m, shift);
    let small = e.int_cmp(Cmp::Ult, moved, limit);
    e.branch(small).then(|| e.int_to_float(m))
}

fn texts<E: PyEngine>(e: &mut E, op: CmpOp, x: E::Val, y: E::Val) -> Result<Option<E::Bool>, Raise> {
    let str_shape = e.vm().kind_shape(Kind::Str);
    let is_test = matches!(op, CmpOp::Eq | CmpOp::Ne);
    let shape = e.shape_of(x);
    if shape == str_shape {
        if e.shape_of(y) != str_shape {
            return Ok(None);
        }
        if let Some((m, n)) = single_bytes(e, x, y) {
            return Ok(Some(e.int_cmp(cmp_of(op), m, n)));
        }
        if is_test {
            let equal = opaque::str_equal(e, x, y)?;
            return Ok(Some(if op == CmpOp::Eq { equal } else { e.bool_not(equal) }));
        }
        let order = opaque::str_order(e, x, y)?;
        let zero = e.int(0);
        return Ok(Some(e.int_cmp(cmp_of(op), order, zero)));
    }
    // None and bools compare by identity with each other and None with anything plain.
    let kind = e.vm().shapes.kind(shape);
    if is_test && kind == Kind::None {
        let other = e.shape_of(y);
        if matches!(
            e.vm().shapes.kind(other),
            Kind::None | Kind::Int | Kind::Float | Kind::Str | Kind::Bool | Kind::Tuple
        ) {
            let same = e.same(x, y);
            return Ok(Some(if op == CmpOp::Eq { same } else { e.bool_not(same) }));
        }
    }
    Ok(None)
}

/// The bytes of two strs that have one each.
#[inline(always)]
fn single_bytes<E: PyEngine>(e: &mut E, x: E::Val, y: E::Val) -> Option<(E::Int, E::Int)> {
    for s in [y, x] {
        let (bytes, one) = (e.get(s, &STR_BYTES), e.int(1));
        let single = e.int_cmp(Cmp::Eq, bytes, one);
        if !e.branch(single) {
            return None;
        }
    }
    let first = e.int(0);
    Some((e.item(x, first, &STR_DATA), e.item(y, first, &STR_DATA)))
}

/// `a := b op c`.
#[inline(always)]
pub fn compare<E: PyEngine>(e: &mut E, i: Instr, op: CmpOp) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    if let Some(r) = quick(e, op, x, y)? {
        let v = e.box_bool(r);
        e.store(a(i), v);
        return Ok(());
    }
    cold_path();
    general(e, a(i), op, x, y)
}

/// First half of a test pair.
#[inline(always)]
pub fn test<E: PyEngine>(e: &mut E, i: Instr, op: CmpOp) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    match quick(e, op, x, y)? {
        Some(r) => {
            decide(e, r);
            Ok(())
        }
        None => {
            cold_path();
            general(e, a(i), op, x, y)
        }
    }
}

/// As [`test`], against a small int.
#[inline(always)]
pub fn test_imm<E: PyEngine>(e: &mut E, i: Instr, op: CmpOp) -> Result<(), Raise> {
    let x = e.load(b(i));
    let k = i.imm() as i64;
    if let Some(m) = e.as_int(x) {
        let n = e.int(k);
        let r = e.int_cmp(cmp_of(op), m, n);
        decide(e, r);
        return Ok(());
    }
    if let Some(f) = e.as_float(x) {
        let g = e.float(k as f64);
        let r = e.float_cmp(cmp_of(op), f, g);
        decide(e, r);
        return Ok(());
    }
    cold_path();
    let y = e.val(Value::int(k));
    general(e, a(i), op, x, y)
}

/// Ends a test pair: jumps by the second instruction, or steps over it.
#[inline(always)]
pub fn decide<E: PyEngine>(e: &mut E, r: E::Bool) {
    let jump = peek(e);
    let truth = e.branch(r);
    if truth == (jump.op == Op::JumpIfTrue) {
        e.jump(jump.bc());
    } else {
        e.fetch();
    }
}

/// Operands without a fast path; the result goes to the register.
#[inline(never)]
fn general<E: PyEngine>(e: &mut E, dst: Reg, op: CmpOp, x: E::Val, y: E::Val) -> Result<(), Raise> {
    let shape = e.shape_of(x);
    let kind = e.vm().shapes.kind(shape);
    if kind.is_instance() && push_comparison(e, dst, op, (shape, x), y)? {
        return Ok(());
    }
    let n = e.int(op as i64);
    e.result_to(Some(dst));
    let other = e.shape_of(y);
    let plain = is_plain(kind) && is_plain(e.vm().shapes.kind(other));
    let v = if plain { opaque::compare_plain(e, n, x, y)? } else { opaque::compare(e, n, x, y)? };
    e.store(dst, v);
    Ok(())
}

fn is_plain(k: Kind) -> bool {
    matches!(
        k,
        Kind::Int
            | Kind::BigInt
            | Kind::Float
            | Kind::Complex
            | Kind::Bool
            | Kind::Str
            | Kind::Bytes
            | Kind::None
    )
}

fn push_comparison<E: PyEngine>(
    e: &mut E,
    dst: Reg,
    op: CmpOp,
    (shape, x): (hoop_gc::ShapeId, E::Val),
    y: E::Val,
) -> Result<bool, Raise> {
    let right_shape = e.shape_of(y);
    let vm = e.vm();
    let (Some(cx), Some(cy)) = (vm.shapes.get(shape).class, vm.shapes.get(right_shape).class) else {
        return Ok(false);
    };
    let method = op.method(&vm.names);
    if protocol::right_compares_first(vm, op, cx, cy) {
        return Ok(false);
    }
    let Some(f) = attr::lookup(vm, cx, method).filter(|&m| vm.kind(m) == Kind::Function) else {
        return Ok(false);
    };
    if !e.assume(cx) || !e.assume(cy) {
        return Ok(false);
    }
    arith::push_method(e, f, &[x, y], ret::word(ret::BINARY, dst.0))
}

/// `a := b is c` (or is not).
#[inline(always)]
pub fn is<E: PyEngine>(e: &mut E, i: Instr, negate: bool) -> Result<(), Raise> {
    let r = identity(e, i, negate);
    let v = e.box_bool(r);
    e.store(a(i), v);
    Ok(())
}

#[inline(always)]
pub fn test_is<E: PyEngine>(e: &mut E, i: Instr, negate: bool) -> Result<(), Raise> {
    let r = identity(e, i, negate);
    decide(e, r);
    Ok(())
}

#[inline(always)]
fn identity<E: PyEngine>(e: &mut E, i: Instr, negate: bool) -> E::Bool {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    let same = e.same(x, y);
    if negate { e.bool_not(same) } else { same }
}

/// `a := b in c` (or not in); `test`: first half of a test pair.
#[inline(always)]
pub fn contains<E: PyEngine>(e: &mut E, i: Instr, negate: bool, test: bool) -> Result<(), Raise> {
    let (x, y) = (e.load(b(i)), e.load(c(i)));
    let found = if let Some(found) = membership(e, x, y)? {
        let r = if negate { e.bool_not(found) } else { found };
        if test {
            decide(e, r);
            return Ok(());
        }
        r
    } else {
        // Not followed by a guard: the result goes to the register, and a test goes on at its second half.
        let found = opaque::contains(e, x, y)?;
        if negate { e.bool_not(found) } else { found }
    };
    let v = e.box_bool(found);
    e.store(a(i), v);
    Ok(())
}

/// Most items of a tuple that a membership test compares in line.
const MAX_COMPARED: i64 = 8;

/// Whether a built-in container has an item; nothing when Python code may have to decide.
fn membership<E: PyEngine>(e: &mut E, x: E::Val, container: E::Val) -> Result<Option<E::Bool>, Raise> {
    let shape = e.shape_of(container);
    match e.vm().shapes.kind(shape) {
        k if table::is_dict(k) || table::is_set(k) => table::contains(e, container, x),
        Kind::Str => {
            let str_shape = e.vm().kind_shape(Kind::Str);
            if e.shape_of(x) != str_shape {
                return Ok(None);
            }
            opaque::str_contains(e, x, container).map(Some)
        }
        Kind::Tuple => in_tuple(e, x, container),
        _ => Ok(None),
    }
}

/// Whether a short tuple of numbers or strs has an item, without a branch per item.
fn in_tuple<E: PyEngine>(e: &mut E, x: E::Val, tuple: E::Val) -> Result<Option<E::Bool>, Raise> {
    let shape = e.shape_of(x);
    let kind = e.vm().shapes.kind(shape);
    let len = e.get(tuple, &TUPLE_LEN);
    // A float may be an item that does not equal itself.
    if !matches!(kind, Kind::Int | Kind::Str) {
        return Ok(None);
    }
    let len = e.promote_int(len);
    if len > MAX_COMPARED {
        return Ok(None);
    }
    let mut found = e.int(0);
    for k in 0..len {
        let index = e.int(k);
        let item = e.item(tuple, index, &TUPLE_ITEMS);
        let Some(equal) = quick(e, CmpOp::Eq, item, x)? else { return Ok(None) };
        let equal = e.bool_to_int(equal);
        found = e.int_op(IntOp::Or, found, equal);
    }
    let zero = e.int(0);
    Ok(Some(e.int_cmp(Cmp::Ne, found, zero)))
}

/// The truth of a value as a condition; nothing when Python code must decide (a frame or an opaque call).
#[inline(always)]
pub fn quick_truth<E: PyEngine>(e: &mut E, v: E::Val) -> Option<E::Bool> {
    if let Some(m) = e.as_int(v) {
        let zero = e.int(0);
        return Some(e.int_cmp(Cmp::Ne, m, zero));
    }
    if let Some(f) = e.as_float(v) {
        let zero = e.float(0.0);
        return Some(e.float_cmp(Cmp::Ne, f, zero));
    }
    let shape = e.shape_of(v);
    let kind = e.vm().shapes.kind(shape);
    let length = match kind {
        Kind::Bool => {
            let t = e.val(Value::TRUE);
            return Some(e.same(v, t));
        }
        Kind::None => return constant(e, false),
        Kind::Str => e.get(v, &STR_BYTES),
        Kind::Tuple => e.get(v, &TUPLE_LEN),
        k if k.is_list() => e.get(v, &LIST_LEN),
        k if k.is_dict() || k.is_set() => e.get(v, &DICT_LEN),
        Kind::BigInt | Kind::Function | Kind::Builtin | Kind::BoundMethod => return constant(e, true),
        Kind::Class if shape == e.vm().kind_shape(Kind::Class) => return constant(e, true),
        Kind::Instance | Kind::Class => return plain_instance(e, shape),
        _ => return None,
    };
    let zero = e.int(0);
    Some(e.int_cmp(Cmp::Ne, length, zero))
}

fn constant<E: PyEngine>(e: &mut E, b: bool) -> Option<E::Bool> {
    let (x, y) = (e.int(b as i64), e.int(1));
    Some(e.int_cmp(Cmp::Eq, x, y))
}

/// Instances of classes without `__bool__` and `__len__` are true.
fn plain_instance<E: PyEngine>(e: &mut E, shape: hoop_gc::ShapeId) -> Option<E::Bool> {
    let vm = e.vm();
    let class = vm.shapes.get(shape).class?;
    if attr::lookup(vm, class, vm.names.bool).is_some()
        || attr::lookup(vm, class, vm.names.len).is_some()
        || !e.assume(class)
    {
        return None;
    }
    constant(e, true)
}
