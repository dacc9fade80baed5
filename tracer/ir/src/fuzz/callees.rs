//! The native functions of random traces, written over any [`Machine`].

use super::world::{Known, shapes};
use crate::descr::{CalleeDescr, Effects, MemTy};
use crate::eval::{Machine, arith};
use crate::op::Ty;

/// Names of the callees; what they take and may do stands in their descriptors ([`super::Known`]).
pub const CALLEES: [&str; 9] = ["mix", "blend", "sum", "peek", "poke", "make", "fail", "swap", "grow"];

/// The descriptor of a callee without its address.
pub(super) fn descriptor(name: &'static str, addr: usize) -> CalleeDescr {
    use Ty::{Float, Int, Val, Void};
    let pure = Effects::PURE;
    let bit = |group: u8| 1u64 << group;
    let (args, slice, ret, effects) = match name {
        "mix" => (vec![Int, Int], false, Int, pure),
        "blend" => (vec![Float, Float], false, Float, pure),
        "sum" => (vec![Int], true, Int, pure),
        "peek" => (vec![Val], false, Int, pure.reading(bit(Known::FIRST) | bit(Known::CELL_INT))),
        "poke" => (vec![Val, Int], false, Void, pure.writing(bit(Known::CELL_INT))),
        "make" => (vec![Val], false, Val, pure.allocating()),
        "fail" => (vec![Int], false, Val, pure.raising()),
        "swap" => (vec![Val], false, Void, Effects::ALL),
        _ => (vec![Val, Val], false, Void, pure.writing(bit(Known::FIRST)).reading(bit(Known::SECOND))),
    };
    CalleeDescr { name, addr, args, slice, ret, effects }
}

/// Runs a callee. Results do not depend on addresses.
pub fn run_callee(m: &dyn Machine, name: &str, args: &[u64]) -> u64 {
    let is = |shape: u32| m.shape(args[0]) == Some(shape);
    match name {
        "mix" => (args[0].wrapping_mul(31) ^ args[1].rotate_left(7)) & 0xffff,
        "blend" => (f64::from_bits(args[0]) * 0.5 - f64::from_bits(args[1])).to_bits(),
        "sum" => {
            args[1..].iter().filter(|&&w| arith::is_int(w)).fold(args[0], |s, &w| s ^ arith::untag(w) as u64)
        }
        "peek" if is(shapes::PAIR) => summary(m, m.load(args[0], 8, MemTy::Val)),
        "peek" if is(shapes::CELL) => m.load(args[0], 8, MemTy::I64),
        "poke" if is(shapes::CELL) => {
            m.store(args[0], 8, MemTy::I64, args[1]);
            0
        }
        "make" => {
            let pair = m.alloc(shapes::PAIR, 24, 0);
            m.store(pair, 8, MemTy::Val, args[0]);
            m.store(pair, 16, MemTy::Val, arith::tag(5));
            pair
        }
        "fail" if args[0].is_multiple_of(8) => {
            m.set_pending(arith::tag(99));
            0
        }
        "fail" => arith::tag(args[0] as i64 & 0xff),
        "swap" if is(shapes::PAIR) => {
            let (first, second) = (m.load(args[0], 8, MemTy::Val), m.load(args[0], 16, MemTy::Val));
            m.store(args[0], 8, MemTy::Val, second);
            m.store(args[0], 16, MemTy::Val, first);
            0
        }
        "swap" if is(shapes::CELL) => {
            let old = m.load(args[0], 8, MemTy::I64);
            m.store(args[0], 8, MemTy::I64, old ^ 0x55);
            0
        }
        "grow" if is(shapes::PAIR) => {
            let second = m.load(args[0], 16, MemTy::Val);
            m.store(args[0], 8, MemTy::Val, if arith::is_int(second) { second } else { args[1] });
            0
        }
        _ => 0,
    }
}

/// A number that tells values apart without their addresses.
fn summary(m: &dyn Machine, word: u64) -> u64 {
    match m.shape(word) {
        Some(shape) => shape as u64,
        None if arith::is_int(word) => arith::untag(word) as u64 & 0xffff,
        None => word & 0xff,
    }
}
