//! The value word: 64 bits decoded by their low bits.
//!
//! | low bits | meaning |
//! |---|---|
//! | `...1` | small int: 63-bit signed, `n << 1 \| 1` |
//! | `..10` | float held in the word |
//! | `.100` | constants (`None`, `False`, `True`, ...) |
//! | `.000` | pointer to a heap object, unchanged |
//!
//! Pointers are raw so that the collector recognises them on a machine stack. The all-zero word is no value:
//! `Option<Value>` is one word, and a zeroed field of a fresh object is "nothing here" to the collector.
//!
//! **Floats.** A double whose exponent lies near 1.0 (about 1e-77 to 1e77) has exponent bits `b62 b61 b60` equal to
//! `011` or `100`. Rotating left by three brings sign, `b62`, `b61` to the bottom; `b62` and `b61` are then implied by
//! `b60` (now on top) and give way to the tag `10`. The one word that this scheme would give to 2^-255 stands for 0.0.
//! All other doubles (huge, tiny, -0.0, infinities, NaN) live on the heap.

use std::fmt;
use std::num::NonZeroU64;

use crate::object::Header;

/// A Python value in one machine word. See the module text for the encoding.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(NonZeroU64);

const fn constant(n: u64) -> Value {
    match NonZeroU64::new(n << 3 | 0b100) {
        Some(w) => Value(w),
        None => unreachable!(),
    }
}

/// The word of 0.0: the encoding that 2^-255 would have.
pub const FLOAT_ZERO_WORD: u64 = 0x8000_0000_0000_0002;
/// Largest small int, 2^62 - 1.
pub const INT_MAX: i64 = (1 << 62) - 1;
/// Smallest small int, -2^62.
pub const INT_MIN: i64 = -(1 << 62);

impl Value {
    pub const NONE: Value = constant(0);
    pub const FALSE: Value = constant(1);
    pub const TRUE: Value = constant(2);
    pub const NOT_IMPLEMENTED: Value = constant(3);
    pub const ELLIPSIS: Value = constant(4);
    /// A register, cell or slot without a value; a native argument that was not given.
    pub const UNBOUND: Value = constant(5);
    /// What a native iterator gives when it is exhausted. Never visible to a program.
    pub const END: Value = constant(6);

    /// The value whose word is `bits`; `None` for the zero word.
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Option<Value> {
        match NonZeroU64::new(bits) {
            Some(w) => Some(Value(w)),
            None => None,
        }
    }

    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0.get()
    }

    /// A small int. `i` must lie in `INT_MIN..=INT_MAX`.
    #[inline(always)]
    pub const fn int(i: i64) -> Value {
        debug_assert!(fits_int(i));
        match NonZeroU64::new((i as u64) << 1 | 1) {
            Some(w) => Value(w),
            None => unreachable!(),
        }
    }

    #[inline(always)]
    pub const fn bool(b: bool) -> Value {
        if b { Value::TRUE } else { Value::FALSE }
    }

    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.bits() & 1 == 1
    }

    /// The int of a word known to hold one.
    #[inline(always)]
    pub const fn int_unchecked(self) -> i64 {
        self.bits() as i64 >> 1
    }

    #[inline(always)]
    pub const fn as_int(self) -> Option<i64> {
        if self.is_int() { Some(self.int_unchecked()) } else { None }
    }

    /// The float as a word, where its exponent allows.
    #[inline(always)]
    pub fn word_float(f: f64) -> Option<Value> {
        let bits = f.to_bits();
        let rotated = bits.rotate_left(3);
        // b62 != b61 and b61 == b60; b62 is bit 1, b61 bit 0, b60 bit 63 of the rotated word.
        let top = rotated >> 63;
        if rotated & 3 == 2 - top && bits != 0x3000_0000_0000_0000 {
            return Value::from_bits(rotated & !3 | 2);
        }
        if bits == 0 { Value::from_bits(FLOAT_ZERO_WORD) } else { None }
    }

    #[inline(always)]
    pub const fn is_word_float(self) -> bool {
        self.bits() & 3 == 2
    }

    /// The float of a word known to hold one in itself.
    #[inline(always)]
    pub fn float_unchecked(self) -> f64 {
        let word = self.bits();
        if word == FLOAT_ZERO_WORD {
            return 0.0;
        }
        let top = word >> 63;
        f64::from_bits((word & !3 | (2 - top)).rotate_right(3))
    }

    #[inline(always)]
    pub const fn is_const(self) -> bool {
        self.bits() & 7 == 4
    }

    #[inline(always)]
    pub const fn is_ptr(self) -> bool {
        self.bits() & 7 == 0
    }

    /// A heap object as a value.
    #[inline(always)]
    pub fn from_ptr(p: *mut Header) -> Value {
        debug_assert!(!p.is_null() && p as u64 & 7 == 0);
        match NonZeroU64::new(p as u64) {
            Some(w) => Value(w),
            None => unreachable!("null object"),
        }
    }

    /// The object's address. Meaningful only if `is_ptr`.
    #[inline(always)]
    pub const fn ptr(self) -> *mut Header {
        self.bits() as *mut Header
    }
}

/// Whether `i` fits in a small int.
#[inline(always)]
pub const fn fits_int(i: i64) -> bool {
    (i << 1) >> 1 == i
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::NONE => f.write_str("None"),
            Value::FALSE => f.write_str("False"),
            Value::TRUE => f.write_str("True"),
            Value::NOT_IMPLEMENTED => f.write_str("NotImplemented"),
            Value::ELLIPSIS => f.write_str("Ellipsis"),
            Value::UNBOUND => f.write_str("<unbound>"),
            Value::END => f.write_str("<end>"),
            v if v.is_int() => write!(f, "{}", v.int_unchecked()),
            v if v.is_word_float() => write!(f, "{:?}", v.float_unchecked()),
            v => write!(f, "<object {:#x}>", v.bits()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ints_to_the_ends_of_their_range() {
        for i in [0, 1, -1, 42, INT_MAX, INT_MIN, INT_MAX - 1, INT_MIN + 1] {
            assert!(fits_int(i));
            assert_eq!(Value::int(i).as_int(), Some(i));
        }
        assert!(
            !fits_int(INT_MAX + 1) && !fits_int(INT_MIN - 1) && !fits_int(i64::MAX) && !fits_int(i64::MIN)
        );
    }

    #[test]
    fn zero_is_in_the_word_and_minus_zero_is_not() {
        let zero = Value::word_float(0.0).expect("0.0 has a word");
        assert_eq!(zero.bits(), FLOAT_ZERO_WORD);
        assert_eq!(zero.float_unchecked().to_bits(), 0);
        assert_eq!(Value::word_float(-0.0), None);
    }

    #[test]
    fn the_double_whose_word_stands_for_zero_goes_to_the_heap() {
        let taken = 2f64.powi(-255);
        assert_eq!(taken.to_bits(), 0x3000_0000_0000_0000);
        assert_eq!(Value::word_float(taken), None);
        for near in [-taken, f64::from_bits(taken.to_bits() + 1)] {
            assert_eq!(Value::word_float(near).map(Value::float_unchecked), Some(near));
        }
    }

    #[test]
    fn extremes_go_to_the_heap() {
        for f in
            [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, f64::MIN_POSITIVE, 1e-300, 1e78, 1e-78]
        {
            assert_eq!(Value::word_float(f), None, "{f}");
        }
        for f in [1e77, 1e-76, -1e77, 1.0, -1.0, 0.1, std::f64::consts::PI] {
            assert!(Value::word_float(f).is_some(), "{f}");
        }
    }

    #[test]
    fn constants_are_distinct_and_nothing_else() {
        let all = [
            Value::NONE,
            Value::FALSE,
            Value::TRUE,
            Value::NOT_IMPLEMENTED,
            Value::ELLIPSIS,
            Value::UNBOUND,
            Value::END,
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(a.is_const() && !a.is_int() && !a.is_word_float() && !a.is_ptr());
            assert!(all[..i].iter().all(|b| a != b));
        }
        assert_eq!((Value::bool(true), Value::bool(false)), (Value::TRUE, Value::FALSE));
    }

    #[test]
    fn an_optional_value_is_one_word() {
        assert_eq!(size_of::<Option<Value>>(), 8);
        assert_eq!(Value::from_bits(0), None);
    }

    fn kinds(v: Value) -> usize {
        usize::from(v.is_int())
            + usize::from(v.is_word_float())
            + usize::from(v.is_const())
            + usize::from(v.is_ptr())
    }

    proptest! {
        #[test]
        fn every_word_has_one_kind(bits in 1u64..) {
            prop_assert_eq!(kinds(Value::from_bits(bits).unwrap()), 1);
        }

        #[test]
        fn ints_come_back(i in INT_MIN..=INT_MAX) {
            prop_assert_eq!(Value::int(i).as_int(), Some(i));
        }

        #[test]
        fn doubles_come_back_or_go_to_the_heap(bits: u64) {
            let f = f64::from_bits(bits);
            match Value::word_float(f) {
                Some(v) => {
                    prop_assert_eq!(kinds(v), 1);
                    prop_assert!(v.is_word_float());
                    prop_assert_eq!(v.float_unchecked().to_bits(), bits);
                }
                // The top exponent bits are neither 011 nor 100, or it is 2^-255.
                None => prop_assert!(![3, 4].contains(&(bits >> 60 & 7)) || bits == 0x3000_0000_0000_0000),
            }
        }

        #[test]
        fn ordinary_doubles_stay_in_the_word(f in prop_oneof![-1e77..-1e-76, 1e-76..1e77]) {
            prop_assert_eq!(Value::word_float(f).map(Value::float_unchecked), Some(f));
        }

        #[test]
        fn float_words_are_distinct(a: u64, b: u64) {
            let (x, y) = (Value::word_float(f64::from_bits(a)), Value::word_float(f64::from_bits(b)));
            prop_assert!(a == b || x.is_none() || x != y);
        }
    }
}
