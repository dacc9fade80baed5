//! Hash functions: strings (SipHash-1-3 with the machine's seed), ints and tuples.

use crate::bigint::{big_is_negative, big_words};
use crate::layout::*;
use crate::text::str_bytes;
use crate::vm::Vm;
use hoop_gc::Value;
use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// Hash of bytes or WTF-8 text: 0 for nothing, else never 0 or -1, and within 62 bits.
#[inline]
pub fn bytes_hash(data: &[u8], seed: u64) -> i64 {
    if data.is_empty() {
        return 0;
    }
    let mut h = SipHasher13::new_with_keys(seed, seed ^ 0x5851_F42D_4C95_7F2D);
    h.write(data);
    match (h.finish() >> 2) as i64 {
        0 => 1,
        h => h,
    }
}

/// The modulus of numeric hashes, 2^61 - 1.
pub const MODULUS: i64 = (1 << 61) - 1;

/// Hash of an integer: its remainder by [`MODULUS`] with its sign, -1 giving way to -2.
#[inline]
pub fn int_hash(i: i64) -> i64 {
    match i % MODULUS {
        -1 => -2,
        h => h,
    }
}

/// Combines the hashes of a tuple's items (xxHash-like mixing, as published for CPython's tuples).
pub struct TupleHash {
    acc: u64,
    count: u64,
}

const PRIME_1: u64 = 11_400_714_785_074_694_791;

const PRIME_2: u64 = 14_029_467_366_897_019_727;

const PRIME_5: u64 = 2_870_177_450_012_600_261;

impl TupleHash {
    #[allow(clippy::new_without_default)]
    #[inline]
    pub fn new() -> TupleHash {
        TupleHash { acc: PRIME_5, count: 0 }
    }

    #[inline]
    pub fn add(&mut self, hash: i64) {
        self.acc = self.acc.wrapping_add((hash as u64).wrapping_mul(PRIME_2));
        self.acc = self.acc.rotate_left(31).wrapping_mul(PRIME_1);
        self.count += 1;
    }

    #[inline]
    pub fn finish(self) -> i64 {
        TupleHash { acc: self.acc.wrapping_add(self.count ^ (PRIME_5 ^ 3_527_539)), ..self }.finish_three()
    }

    /// As [`TupleHash::finish`] for a slice, whose parts are always three: their number is left out.
    #[inline]
    pub fn finish_three(self) -> i64 {
        if self.acc == u64::MAX { 1_546_275_796 } else { self.acc as i64 }
    }
}

/// The hash of a str, kept with it.
#[inline]
pub fn str_hash(vm: &Vm, s: Value) -> i64 {
    match STR_HASH.read(s) {
        0 => {
            let h = crate::hash::bytes_hash(str_bytes(s), vm.hash_seed);
            STR_HASH.write(s, h);
            h
        }
        h => h,
    }
}

/// The hash that identity gives.
#[inline]
pub fn identity_hash(v: Value) -> i64 {
    (v.bits() >> 4) as i64
}

/// Hash of a heap int.
#[inline]
pub fn big_hash(v: Value) -> i64 {
    hoop_text::hash::hash_words(big_is_negative(v), big_words(v))
}
