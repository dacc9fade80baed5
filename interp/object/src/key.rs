//! Keys of dicts and sets, compared without running Python code where that can be.

use crate::bigint::{big_is_negative, big_words};
use crate::kind::Kind;
use crate::text::str_bytes;
use crate::tuple::tuple_items;
use crate::vm::Vm;
use hoop_engine::shape_of;
use hoop_gc::{ShapeId, Value};

/// Compares two keys of the same hash, if that needs no Python code.
#[inline(always)]
pub(crate) fn quick_match(a: Value, b: Value, exact: Exact) -> Match {
    match simple_match(a, b, exact) {
        Match::Ask if exact.are_tuples(a, b) => tuples_match(a, b, exact, MAX_NESTED),
        answer => answer,
    }
}

/// As [`quick_match`] for all but tuples.
#[inline(always)]
fn simple_match(a: Value, b: Value, exact: Exact) -> Match {
    if a == b {
        return Match::Yes;
    }
    if a.is_int() && b.is_int() {
        return Match::No;
    }
    if a.is_ptr() && b.is_ptr() && shape_of(a) == exact.str && shape_of(b) == exact.str {
        return if str_bytes(a) == str_bytes(b) { Match::Yes } else { Match::No };
    }
    let (big_a, big_b) = (shape_of(a) == exact.big_int, shape_of(b) == exact.big_int);
    if big_a && big_b {
        let same = big_is_negative(a) == big_is_negative(b) && big_words(a) == big_words(b);
        return if same { Match::Yes } else { Match::No };
    }
    // An int of more than one word is never small.
    if big_a && b.is_int() || big_b && a.is_int() { Match::No } else { Match::Ask }
}

/// Compares two tuples item by item; tuples in them to a depth.
#[inline(never)]
fn tuples_match(a: Value, b: Value, exact: Exact, depth: u32) -> Match {
    let (left, right) = (tuple_items(a), tuple_items(b));
    if left.len() != right.len() {
        return Match::No;
    }
    for (&x, &y) in left.iter().zip(right) {
        let item = match simple_match(x, y, exact) {
            Match::Ask if depth > 0 && exact.are_tuples(x, y) => tuples_match(x, y, exact, depth - 1),
            answer => answer,
        };
        if !matches!(item, Match::Yes) {
            return item;
        }
    }
    Match::Yes
}

/// Tuples nested more deeply are compared by their `__eq__`.
const MAX_NESTED: u32 = 4;

/// The shapes of the objects whose comparison needs no look-up.
#[derive(Copy, Clone)]
pub(crate) struct Exact {
    str: ShapeId,
    tuple: ShapeId,
    big_int: ShapeId,
}

impl Exact {
    #[inline(always)]
    pub(crate) fn of(vm: &Vm) -> Exact {
        Exact {
            str: vm.kind_shape(Kind::Str),
            tuple: vm.kind_shape(Kind::Tuple),
            big_int: vm.kind_shape(Kind::BigInt),
        }
    }

    #[inline(always)]
    fn are_tuples(self, a: Value, b: Value) -> bool {
        shape_of(a) == self.tuple && shape_of(b) == self.tuple
    }
}

/// What a comparison without Python code says.
pub(crate) enum Match {
    Yes,
    No,
    /// Python code must decide.
    Ask,
}
