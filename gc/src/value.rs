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
