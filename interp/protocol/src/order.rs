//! The order of values whose comparison needs no method: numbers, strs, and tuples of such.

use crate::protocol::quick_order;
use hoop_gc::Value;
use hoop_object::kind::Kind;
use hoop_object::operator::CmpOp;
use hoop_object::text::str_bytes;
use hoop_object::tuple::tuple_items;
use hoop_object::vm::Vm;
use std::cmp::Ordering;

/// Tuples nested more deeply are compared by their methods.
const MAX_NESTED: u32 = 4;

/// The order of two plain values: nothing inside when unordered, nothing at all when a method must decide.
#[inline]
pub fn plain_order(vm: &Vm, a: Value, b: Value) -> Option<Option<Ordering>> {
    order_to_depth(vm, a, b, MAX_NESTED)
}

/// The truth of `a op b` for two plain values.
#[inline]
pub fn plain_truth(vm: &Vm, op: CmpOp, a: Value, b: Value) -> Option<bool> {
    let order = plain_order(vm, a, b)?;
    Some(order.map_or(op == CmpOp::Ne, |o| op.holds(o)))
}

fn order_to_depth(vm: &Vm, a: Value, b: Value, depth: u32) -> Option<Option<Ordering>> {
    if let Some(order) = quick_order(a, b) {
        return Some(order);
    }
    match (vm.kind(a), vm.kind(b)) {
        (Kind::Str, Kind::Str) => Some(Some(str_bytes(a).cmp(str_bytes(b)))),
        (Kind::Tuple, Kind::Tuple) if depth > 0 => tuple_order(vm, a, b, depth - 1),
        _ => None,
    }
}

/// The first items that differ decide, else the lengths.
fn tuple_order(vm: &Vm, a: Value, b: Value, depth: u32) -> Option<Option<Ordering>> {
    let (left, right) = (tuple_items(a), tuple_items(b));
    for (&x, &y) in left.iter().zip(right) {
        if x == y {
            continue;
        }
        match order_to_depth(vm, x, y, depth)? {
            Some(Ordering::Equal) => {}
            // A NaN is itself, in whatever object.
            None if hoop_engine::same_heap_floats(x, y) => {}
            decided => return Some(decided),
        }
    }
    Some(Some(left.len().cmp(&right.len())))
}
