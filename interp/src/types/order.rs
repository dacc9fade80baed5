//! The order of values whose comparison needs no method: numbers, strs, and tuples of such.

use crate::objects::Kind;
use crate::objects::text::str_bytes;
use crate::objects::tuple::tuple_items;
use crate::operator::CmpOp;
use crate::protocol::quick_order;
use crate::vm::Vm;
use hoop_gc::Value;
use std::cmp::Ordering;

/// Tuples nested more deeply are compared by their methods.
const MAX_NESTED: u32 = 4;

impl Vm {
    /// The order of two plain values: nothing inside when unordered, nothing at all when a method must decide.
    pub fn plain_order(&self, a: Value, b: Value) -> Option<Option<Ordering>> {
        self.order_to_depth(a, b, MAX_NESTED)
    }

    /// The truth of `a op b` for two plain values.
    pub fn plain_truth(&self, op: CmpOp, a: Value, b: Value) -> Option<bool> {
        let order = self.plain_order(a, b)?;
        Some(order.map_or(op == CmpOp::Ne, |o| op.holds(o)))
    }

    fn order_to_depth(&self, a: Value, b: Value, depth: u32) -> Option<Option<Ordering>> {
        if let Some(order) = quick_order(a, b) {
            return Some(order);
        }
        match (self.kind(a), self.kind(b)) {
            (Kind::Str, Kind::Str) => Some(Some(str_bytes(a).cmp(str_bytes(b)))),
            (Kind::Tuple, Kind::Tuple) if depth > 0 => self.tuple_order(a, b, depth - 1),
            _ => None,
        }
    }

    /// The first items that differ decide, else the lengths.
    fn tuple_order(&self, a: Value, b: Value, depth: u32) -> Option<Option<Ordering>> {
        let (left, right) = (tuple_items(a), tuple_items(b));
        for (&x, &y) in left.iter().zip(right) {
            if x == y {
                continue;
            }
            match self.order_to_depth(x, y, depth)? {
                Some(Ordering::Equal) => {}
                // A NaN is itself, in whatever object.
                None if hoop_engine::same_heap_floats(x, y) => {}
                decided => return Some(decided),
            }
        }
        Some(Some(left.len().cmp(&right.len())))
    }
}
