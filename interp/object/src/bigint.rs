//! Integers of any size: conversion between int objects and the big-integer crate, and arithmetic over both.
//!
//! A result that fits 63 bits is always a small int, so two ints are equal exactly if they are the same word or two heap
//! objects of equal sign and magnitude. Every operation first tries machine integers of 128 bits.

use crate::errors::PyResult;
use crate::kind::Kind;
use crate::layout::{BIG_LEN, BIG_WORDS};
use crate::operator::BinOp;
use crate::vm::Vm;
use crate::{complex, magnitude};
use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{IBig, Sign, UBig};
use hoop_engine::{Field, I, MemTy};
use hoop_gc::Value;
use smallvec::SmallVec;
use std::cmp::Ordering;

/// The sign of a heap int: the header's `aux` field.
const BIG_SIGN: Field<I> = Field::new("bigint.sign", 6, MemTy::U16, crate::layout::group::OTHER).immutable();

/// Results of more bits than this are a MemoryError instead of an attempt.
const MAX_BITS: usize = 1 << 33;

/// Bytes that a computation may want for each byte of its result: transforms for products are padded to powers of two.
const WORKING_ROOM: usize = 40;

/// The magnitude of a heap int, least significant word first.
#[inline]
pub fn big_words<'a>(v: Value) -> &'a [u64] {
    let words = BIG_WORDS.slice(v, BIG_LEN.read(v) as usize);
    // SAFETY: signed and unsigned words have the same layout.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), words.len()) }
}

/// The magnitude of an int object without leading zeros; that of a small one is put into `small`.
#[inline]
fn words_of(v: Value, small: &mut [u64; 1]) -> &[u64] {
    match v.as_int() {
        Some(0) => &[],
        Some(i) => {
            small[0] = i.unsigned_abs();
            small
        }
        None => big_words(v),
    }
}

/// Whether a heap int is below zero.
#[inline]
pub fn big_is_negative(v: Value) -> bool {
    BIG_SIGN.read(v) != 0
}

/// Whether an int object (small or on the heap) is below zero.
#[inline]
pub fn is_negative(v: Value) -> bool {
    match v.as_int() {
        Some(i) => i < 0,
        None => big_is_negative(v),
    }
}

/// An int object as a big integer.
#[inline]
pub fn to_ibig(v: Value) -> IBig {
    match v.as_int() {
        Some(i) => IBig::from(i),
        None => {
            let sign = if big_is_negative(v) { Sign::Negative } else { Sign::Positive };
            IBig::from_parts(sign, UBig::from_words(big_words(v)))
        }
    }
}

/// An int object as an i128, if it fits.
#[inline]
pub fn to_i128(v: Value) -> Option<i128> {
    if let Some(i) = v.as_int() {
        return Some(i as i128);
    }
    let magnitude = match *big_words(v) {
        [low] => low as i128,
        [low, high] if high < 1 << 63 => (high as i128) << 64 | low as i128,
        _ => return None,
    };
    Some(if big_is_negative(v) { -magnitude } else { magnitude })
}

/// An int object as an i64, if it fits.
#[inline]
pub fn to_i64(v: Value) -> Option<i64> {
    to_i128(v).and_then(|i| i64::try_from(i).ok())
}

/// Number of bits of the magnitude.
#[inline]
pub fn bit_length(v: Value) -> usize {
    match v.as_int() {
        Some(i) => 64 - i.unsigned_abs().leading_zeros() as usize,
        None => {
            let words = big_words(v);
            words.len() * 64 - words.last().map_or(0, |w| w.leading_zeros() as usize)
        }
    }
}

/// The order of two int objects.
#[inline]
pub fn order(a: Value, b: Value) -> Ordering {
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        return x.cmp(&y);
    }
    match (is_negative(a), is_negative(b)) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (negative, _) => {
            let o = magnitude_order(a, b);
            if negative { o.reverse() } else { o }
        }
    }
}

/// Order of the magnitudes of two ints of which one is on the heap.
#[inline]
fn magnitude_order(a: Value, b: Value) -> Ordering {
    if a.is_int() {
        return Ordering::Less;
    }
    if b.is_int() {
        return Ordering::Greater;
    }
    magnitude::order(big_words(a), big_words(b))
}

/// The nearest float by magnitude words, or nothing if it is out of range.
#[inline]
fn words_to_f64(negative: bool, words: &[u64]) -> Option<f64> {
    let bits = words.len() * 64 - words.last().map_or(0, |w| w.leading_zeros() as usize);
    if bits > 1024 {
        return None;
    }
    // The top 64 bits, the lowest of them set if anything below is.
    let (top, shift) = top_bits(words, bits);
    let f = scale(top as f64, shift as i64);
    if f.is_infinite() {
        return None;
    }
    Some(if negative { -f } else { f })
}

fn top_bits(words: &[u64], bits: usize) -> (u64, usize) {
    if bits <= 64 {
        return (words.first().copied().unwrap_or(0), 0);
    }
    let shift = bits - 64;
    let (word, bit) = (shift / 64, shift % 64);
    let low = words[word] >> bit;
    let high = if bit == 0 { 0 } else { words.get(word + 1).map_or(0, |w| w << (64 - bit)) };
    let lost = words[..word].iter().any(|&w| w != 0) || words[word] & ((1u64 << bit) - 1) != 0;
    (low | high | lost as u64, shift)
}

/// `x * 2^n`, rounded once at most if the result is subnormal.
#[inline]
pub fn scale(x: f64, n: i64) -> f64 {
    let power = |n: i64| f64::from_bits(((n + 1023) as u64) << 52);
    let (mut x, mut n) = (x, n);
    while n > 1023 && x.is_finite() {
        x *= power(1023);
        n -= 1023;
    }
    if n > 1023 {
        return x;
    }
    while n < -969 && x != 0.0 {
        // Leaves 53 bits of room, so that only the last step rounds.
        x *= power(-969);
        n += 969;
    }
    if n < -1022 { x * 0.0 } else { x * power(n) }
}

/// An int object as the nearest float, or nothing if it is out of range.
#[inline]
pub fn to_f64(v: Value) -> Option<f64> {
    match v.as_int() {
        Some(i) => Some(i as f64),
        None => words_to_f64(big_is_negative(v), big_words(v)),
    }
}

/// Exact order of an int object and a float; nothing for NaN.
pub fn order_with_float(a: Value, f: f64) -> Option<Ordering> {
    if f.is_nan() {
        return None;
    }
    if f.is_infinite() {
        return Some(if f > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    if let Some(i) = a.as_int() {
        if i.unsigned_abs() < 1 << 53 {
            return (i as f64).partial_cmp(&f);
        }
        if f.abs() < 9.3e18 {
            let cut = f.trunc();
            return Some((i as i128).cmp(&(cut as i128)).then_with(|| 0.0f64.total_cmp(&(f - cut + 0.0))));
        }
        return Some(if f > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let negative = big_is_negative(a);
    if negative != (f < 0.0) {
        return Some(if negative { Ordering::Less } else { Ordering::Greater });
    }
    // A heap int is beyond 2^62 and a float that large is an int.
    if f.abs() < 4.6e18 {
        return Some(if negative { Ordering::Less } else { Ordering::Greater });
    }
    Some(to_ibig(a).cmp(&ibig_of_float(f)))
}

/// A finite float cut to an integer.
#[inline]
pub fn ibig_of_float(f: f64) -> IBig {
    match hoop_text::float::to_int(f) {
        Ok(hoop_text::float::IntPart::Small(i)) => IBig::from(i),
        Ok(hoop_text::float::IntPart::Shifted(m, e)) => IBig::from(m) << e as usize,
        Err(_) => IBig::ZERO,
    }
}

/// Quotient and remainder, the quotient rounded down.
#[inline]
pub fn div_mod_floor(a: IBig, b: &IBig) -> (IBig, IBig) {
    let (mut q, mut r) = a.div_rem(b);
    if !r.is_zero() && (r.sign() == Sign::Negative) != (b.sign() == Sign::Negative) {
        q -= IBig::ONE;
        r += b;
    }
    (q, r)
}

/// The quotient of two big integers as the nearest float: nothing if it is too large. The divisor is not 0.
pub fn true_div(a: &IBig, b: &IBig) -> Option<f64> {
    let negative = a.sign() != b.sign();
    let (x, y) = (a.clone().into_parts().1, b.clone().into_parts().1);
    if x.is_zero() {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    let diff = x.bit_len() as i64 - y.bit_len() as i64;
    if diff > 1024 {
        return None;
    }
    if diff < -1080 {
        return Some(if negative { -0.0 } else { 0.0 });
    }
    // A quotient of 55 or 56 bits (fewer if the result is subnormal), with a sticky bit.
    let shift = diff.max(-1021) - 55;
    let (q, r) =
        if shift <= 0 { (x << (-shift) as usize).div_rem(&y) } else { x.div_rem(&(y << shift as usize)) };
    let q = u64::try_from(&q).unwrap_or(u64::MAX) | !r.is_zero() as u64;
    let f = round_quotient(q, shift);
    if f.is_infinite() {
        return None;
    }
    Some(if negative { -f } else { f })
}

/// `q * 2^shift`, rounded half to even at the precision of the result (subnormals have less).
#[inline]
fn round_quotient(q: u64, shift: i64) -> f64 {
    let bits = 64 - q.leading_zeros() as i64;
    let extra = bits.max(-1021 - shift) - 53;
    if extra <= 0 {
        return scale(q as f64, shift);
    }
    let half = 1u64 << (extra - 1);
    let mut q = q;
    if q & half != 0 && q & (3 * half - 1) != 0 {
        q += half;
    }
    q &= !(2 * half - 1);
    scale(q as f64, shift)
}

/// An int object.
#[inline]
pub fn int_from_i64(vm: &mut Vm, i: i64) -> Value {
    if hoop_gc::fits_int(i) {
        return Value::int(i);
    }
    int_from_words(vm, i < 0, &[i.unsigned_abs()]).unwrap_or(Value::int(0))
}

/// An int object.
#[inline]
pub fn int_from_i128(vm: &mut Vm, i: i128) -> Value {
    if let Ok(small) = i64::try_from(i) {
        return int_from_i64(vm, small);
    }
    let m = i.unsigned_abs();
    int_from_words(vm, i < 0, &[m as u64, (m >> 64) as u64]).unwrap_or(Value::int(0))
}

/// An int object.
#[inline]
pub fn int_from_u64(vm: &mut Vm, i: u64) -> Value {
    int_from_i128(vm, i as i128)
}

/// The int that a finite float is cut to (0 for others).
#[inline]
pub fn int_from_f64(vm: &mut Vm, f: f64) -> PyResult {
    if f.abs() < 4e18 {
        return Ok(Value::int(f as i64));
    }
    int_from_ibig(vm, &ibig_of_float(f))
}

/// An int object of sign and magnitude (the top word is not 0 unless it is the only one).
fn int_from_words(vm: &mut Vm, negative: bool, words: &[u64]) -> PyResult {
    let words = &words[..words.iter().rposition(|&w| w != 0).map_or(0, |i| i + 1)];
    if let [] | [_] = words {
        let m = words.first().copied().unwrap_or(0);
        let i = if negative { (m as i128).wrapping_neg() } else { m as i128 };
        if i >= hoop_gc::INT_MIN as i128 && i <= hoop_gc::INT_MAX as i128 {
            return Ok(Value::int(i as i64));
        }
    }
    new_big(vm, negative, words.len(), |to| to.copy_from_slice(words))
}

/// A heap int whose magnitude `fill` writes, to the last word.
#[inline]
fn new_big(vm: &mut Vm, negative: bool, len: usize, fill: impl FnOnce(&mut [u64])) -> PyResult {
    let shape = vm.kind_shape(Kind::BigInt);
    let Some(p) = vm.ctx.heap.alloc_unfilled(shape, 1, len, 8) else {
        return Err(vm.memory_error());
    };
    let v = Value::from_ptr(p);
    BIG_SIGN.write(v, negative as i64);
    let words = BIG_WORDS.slice_mut(v, len);
    // SAFETY: signed and unsigned words have the same layout.
    fill(unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), len) });
    Ok(v)
}

/// The int whose magnitude `fill` writes: where it will stay, if it is known how long it is.
#[inline]
fn int_of_length(
    vm: &mut Vm,
    negative: bool,
    (least, most): magnitude::Length,
    fill: impl FnOnce(&mut [u64]),
) -> PyResult {
    if least == most && most > 1 {
        return new_big(vm, negative, most, fill);
    }
    let mut words: SmallVec<[u64; 32]> = SmallVec::from_elem(0, most);
    fill(&mut words);
    int_from_words(vm, negative, &words)
}

/// An int object of a big integer. MemoryError if it is too large.
#[inline]
pub fn int_from_ibig(vm: &mut Vm, n: &IBig) -> PyResult {
    let (sign, words) = n.as_sign_words();
    int_from_words(vm, sign == Sign::Negative, words)
}

/// An int object as a float. OverflowError if it is out of range.
#[inline]
pub fn int_to_f64(vm: &mut Vm, v: Value) -> PyResult<f64> {
    match to_f64(v) {
        Some(f) => Ok(f),
        None => Err(vm.overflow_error("int too large to convert to float")),
    }
}

/// `a op b` of two int objects.
pub fn int_binary(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    match op {
        BinOp::Add | BinOp::Sub | BinOp::Mul => int_ring(vm, op, a, b),
        BinOp::TrueDiv => int_true_div(vm, a, b),
        BinOp::FloorDiv | BinOp::Mod => {
            if b == Value::int(0) {
                return Err(vm.zero_division("division by zero"));
            }
            int_quotient_or_rest(vm, op, a, b)
        }
        BinOp::Pow => int_pow(vm, a, b),
        BinOp::LShift => int_shift_left(vm, a, b),
        BinOp::RShift => int_shift_right(vm, a, b),
        BinOp::And | BinOp::Or | BinOp::Xor => int_bitwise(vm, op, a, b),
        BinOp::MatMul => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn int_ring(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        let (x, y) = (x as i128, y as i128);
        let r = match op {
            BinOp::Add => x + y,
            BinOp::Sub => x - y,
            _ => x * y,
        };
        return Ok(int_from_i128(vm, r));
    }
    let (mut small_a, mut small_b) = ([0], [0]);
    let (x, y) = (words_of(a, &mut small_a), words_of(b, &mut small_b));
    let (x_negative, y_negative) = (is_negative(a), is_negative(b) != (op == BinOp::Sub));
    if op == BinOp::Mul {
        if x.len().min(y.len()) <= magnitude::SCHOOL_WORDS {
            let length = magnitude::length_of_product(x, y);
            return int_of_length(vm, x_negative != y_negative, length, |to| magnitude::product(to, x, y));
        }
        check_bits(vm, (x.len() + y.len()) * 64)?;
        let (x, y) = (to_ibig(a), to_ibig(b));
        return int_from_ibig(vm, &if a == b { x.sqr().into() } else { x * y });
    }
    if x_negative == y_negative {
        let length = magnitude::length_of_sum(x, y);
        return int_of_length(vm, x_negative, length, |to| magnitude::sum(to, x, y));
    }
    let (negative, x, y) = match magnitude::order(x, y) {
        Ordering::Less => (y_negative, y, x),
        _ => (x_negative, x, y),
    };
    int_of_length(vm, negative, magnitude::length_of_difference(x, y), |to| magnitude::difference(to, x, y))
}

#[inline]
fn int_true_div(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    if b == Value::int(0) {
        return Err(vm.zero_division("division by zero"));
    }
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int())
        && x.unsigned_abs() <= 1 << 53
        && y.unsigned_abs() <= 1 << 53
    {
        return Ok(vm.ctx.box_float(x as f64 / y as f64));
    }
    match true_div(&to_ibig(a), &to_ibig(b)) {
        Some(f) => Ok(vm.ctx.box_float(f)),
        None => Err(vm.overflow_error("integer division result too large for a float")),
    }
}

#[inline]
fn int_quotient_or_rest(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    if a.is_int() && b.is_int() {
        let (q, r) = int_div_mod(vm, a, b)?;
        return Ok(if op == BinOp::Mod { r } else { q });
    }
    let (q, r) = div_mod_floor(to_ibig(a), &to_ibig(b));
    int_from_ibig(vm, if op == BinOp::Mod { &r } else { &q })
}

/// Quotient rounded down, and remainder; the divisor is not 0.
pub fn int_div_mod(vm: &mut Vm, a: Value, b: Value) -> PyResult<(Value, Value)> {
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        let (mut q, mut r) = (x / y, x % y);
        if r != 0 && (r < 0) != (y < 0) {
            q -= 1;
            r += y;
        }
        return Ok((int_from_i64(vm, q), Value::int(r)));
    }
    let (q, r) = div_mod_floor(to_ibig(a), &to_ibig(b));
    let q = int_from_ibig(vm, &q)?;
    Ok((q, int_from_ibig(vm, &r)?))
}

/// MemoryError unless an int of so many bits can be computed.
#[inline]
fn check_bits(vm: &mut Vm, bits: usize) -> PyResult<()> {
    if bits > MAX_BITS {
        return Err(vm.memory_error());
    }
    vm.check_room(bits / 8 * WORKING_ROOM)
}

fn int_pow(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    if is_negative(b) {
        let (x, y) = (int_to_f64(vm, a)?, int_to_f64(vm, b)?);
        return complex::float_pow(vm, x, y);
    }
    match (a.as_int(), b.as_int()) {
        (Some(0), Some(n)) => return Ok(Value::int((n == 0) as i64)),
        (Some(0), None) => return Ok(Value::int(0)),
        (Some(1), _) => return Ok(Value::int(1)),
        (Some(-1), _) => {
            let odd = b.as_int().map_or_else(|| big_words(b)[0] & 1 == 1, |n| n & 1 == 1);
            return Ok(Value::int(if odd { -1 } else { 1 }));
        }
        (Some(x), Some(n)) if n < 63 => {
            if let Some(r) = (x as i128).checked_pow(n as u32) {
                return Ok(int_from_i128(vm, r));
            }
        }
        _ => {}
    }
    let Some(n) = b.as_int().map(|n| n as usize) else { return Err(vm.memory_error()) };
    let bits = (bit_length(a) - 1).checked_mul(n);
    check_bits(vm, bits.unwrap_or(usize::MAX))?;
    let r = to_ibig(a).pow(n);
    int_from_ibig(vm, &r)
}

#[inline]
fn int_shift_left(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    if is_negative(b) {
        return Err(vm.value_error("negative shift count"));
    }
    if a == Value::int(0) {
        return Ok(a);
    }
    let Some(n) = b.as_int() else { return Err(vm.overflow_error("too many digits in integer")) };
    if let Some(x) = a.as_int().filter(|_| n < 64) {
        return Ok(int_from_i128(vm, (x as i128) << n));
    }
    check_bits(vm, n as usize + bit_length(a))?;
    let r = to_ibig(a) << n as usize;
    int_from_ibig(vm, &r)
}

#[inline]
fn int_shift_right(vm: &mut Vm, a: Value, b: Value) -> PyResult {
    if is_negative(b) {
        return Err(vm.value_error("negative shift count"));
    }
    let bits = bit_length(a);
    match b.as_int().filter(|&n| (n as usize) < bits) {
        None => Ok(Value::int(-(is_negative(a) as i64))),
        Some(n) => match a.as_int() {
            Some(x) => Ok(Value::int(x >> n)),
            None => {
                let r = to_ibig(a) >> n as usize;
                int_from_ibig(vm, &r)
            }
        },
    }
}

#[inline]
fn int_bitwise(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> PyResult {
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        return Ok(Value::int(match op {
            BinOp::And => x & y,
            BinOp::Or => x | y,
            _ => x ^ y,
        }));
    }
    let (x, y) = (to_ibig(a), to_ibig(b));
    let r = match op {
        BinOp::And => x & y,
        BinOp::Or => x | y,
        _ => x ^ y,
    };
    int_from_ibig(vm, &r)
}

/// `-a` of an int object.
#[inline]
pub fn int_neg(vm: &mut Vm, a: Value) -> PyResult {
    match a.as_int() {
        Some(i) => Ok(int_from_i64(vm, -i)),
        None => {
            let words = big_words(a);
            int_from_words(vm, !big_is_negative(a), words)
        }
    }
}

/// `abs(a)` of an int object.
#[inline]
pub fn int_abs(vm: &mut Vm, a: Value) -> PyResult {
    if is_negative(a) { int_neg(vm, a) } else { Ok(a) }
}

/// `pow(a, b, m)` of int objects.
pub fn int_pow_mod(vm: &mut Vm, a: Value, b: Value, m: Value) -> PyResult {
    if m == Value::int(0) {
        return Err(vm.value_error("pow() 3rd argument cannot be 0"));
    }
    if let (Some(x), Some(n), Some(k)) = (a.as_int(), b.as_int(), m.as_int())
        && n >= 0
    {
        return Ok(Value::int(small_pow_mod(x, n as u64, k)));
    }
    let modulus = to_ibig(m);
    let size = modulus.clone().into_parts().1;
    if size.is_one() {
        return Ok(Value::int(0));
    }
    let mut base = div_mod_floor(to_ibig(a), &IBig::from(size.clone())).1;
    if is_negative(b) {
        match inverse(&base, &IBig::from(size.clone())) {
            Some(i) => base = i,
            None => return Err(vm.value_error("base is not invertible for the given modulus")),
        }
    }
    let exponent = to_ibig(b).into_parts().1;
    let r = pow_mod(base.into_parts().1, &exponent, &size);
    let mut r = IBig::from(r);
    if modulus.sign() == Sign::Negative && !r.is_zero() {
        r += modulus;
    }
    int_from_ibig(vm, &r)
}

/// `round(a, digits)` of an int object, `digits` negative: half to even.
pub fn int_round(vm: &mut Vm, a: Value, digits: Value) -> PyResult {
    if !is_negative(digits) {
        return Ok(a);
    }
    // A place beyond the number's own digits gives 0.
    let places = digits.as_int().map_or(usize::MAX, |d| d.unsigned_abs() as usize);
    if places > bit_length(a) {
        return Ok(Value::int(0));
    }
    let unit = IBig::from(10).pow(places);
    let (q, r) = div_mod_floor(to_ibig(a), &unit);
    let up = match (IBig::from(2) * &r).cmp(&unit) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => q.bit(0),
    };
    let q = if up { q + IBig::ONE } else { q };
    int_from_ibig(vm, &(q * unit))
}

#[inline]
fn small_pow_mod(x: i64, mut n: u64, k: i64) -> i64 {
    let m = k.unsigned_abs() as u128;
    let mut base = (x as i128).rem_euclid(m as i128) as u128;
    let mut r = 1 % m;
    while n > 0 {
        if n & 1 == 1 {
            r = r * base % m;
        }
        base = base * base % m;
        n >>= 1;
    }
    let r = r as i64;
    if k < 0 && r != 0 { r + k } else { r }
}

#[inline]
fn pow_mod(base: UBig, exponent: &UBig, modulus: &UBig) -> UBig {
    let ring = dashu_int::fast_div::ConstDivisor::new(modulus.clone());
    ring.reduce(base).pow(exponent).residue()
}

/// The inverse of `a` modulo `m` (both positive), by the extended Euclidean algorithm.
pub fn inverse(a: &IBig, m: &IBig) -> Option<IBig> {
    let (mut r0, mut r1) = (m.clone(), a.clone());
    let (mut t0, mut t1) = (IBig::ZERO, IBig::ONE);
    while !r1.is_zero() {
        let (q, r) = (&r0).div_rem(&r1);
        r0 = std::mem::replace(&mut r1, r);
        let t = &t0 - q * &t1;
        t0 = std::mem::replace(&mut t1, t);
    }
    if !r0.is_one() {
        return None;
    }
    Some(if t0.sign() == Sign::Negative { t0 + m } else { t0 })
}

// ---- operands

/// A value as an int object, if it is an int, a bool, or an instance of a subclass of int.
#[inline]
pub fn operand(vm: &Vm, v: Value) -> Option<Value> {
    if v.is_int() {
        return Some(v);
    }
    match vm.kind(v) {
        Kind::BigInt => Some(v),
        Kind::Bool => Some(Value::int((v == Value::TRUE) as i64)),
        Kind::Instance | Kind::InstanceDict => {
            let inner = vm.unwrap(v);
            (inner.is_int() || inner != v && vm.kind(inner) == Kind::BigInt).then_some(inner)
        }
        _ => None,
    }
}
