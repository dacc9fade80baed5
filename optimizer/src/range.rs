//! What is known of a 64-bit integer: an interval and its known bits. The two halves sharpen each other.
//!
//! The transfer functions are sound for wrapping arithmetic: when an interval could wrap, the result is everything.
//! Known bits follow the "tristate number" of the Linux verifier's paper (Vishwanathan et al., CGO 2022) for addition.

/// Largest and smallest integer that a small-int word holds.
pub const SMALL_MAX: i64 = (1 << 62) - 1;
pub const SMALL_MIN: i64 = -(1 << 62);

/// The set of integers `x` with `lo <= x <= hi`, `x & zeros == 0` and `x & ones == ones`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Range {
    pub lo: i64,
    pub hi: i64,
    /// Bits known to be 0.
    pub zeros: u64,
    /// Bits known to be 1.
    pub ones: u64,
}

impl Range {
    /// Every integer.
    pub const FULL: Range = Range { lo: i64::MIN, hi: i64::MAX, zeros: 0, ones: 0 };
    /// Every small int.
    pub const SMALL: Range = Range { lo: SMALL_MIN, hi: SMALL_MAX, zeros: 0, ones: 0 };

    pub fn new(lo: i64, hi: i64) -> Range {
        Range { lo, hi, zeros: 0, ones: 0 }.sharpened()
    }

    pub fn constant(c: i64) -> Range {
        Range { lo: c, hi: c, zeros: !(c as u64), ones: c as u64 }
    }

    fn bits(zeros: u64, ones: u64) -> Range {
        Range { lo: i64::MIN, hi: i64::MAX, zeros, ones }.sharpened()
    }

    pub fn as_constant(&self) -> Option<i64> {
        (self.lo == self.hi).then_some(self.lo)
    }

    /// No integer is in the set: the code that has it is never reached.
    pub fn is_empty(&self) -> bool {
        self.lo > self.hi || self.zeros & self.ones != 0
    }

    pub fn contains(&self, x: i64) -> bool {
        self.lo <= x && x <= self.hi && x as u64 & self.zeros == 0 && x as u64 & self.ones == self.ones
    }

    /// Every member of `self` is a member of `other`'s interval and has its bits.
    pub fn within(&self, other: &Range) -> bool {
        self.lo >= other.lo
            && self.hi <= other.hi
            && self.zeros & other.zeros == other.zeros
            && self.ones & other.ones == other.ones
    }

    pub fn fits_small(&self) -> bool {
        self.lo >= SMALL_MIN && self.hi <= SMALL_MAX
    }

    /// Members of both sets.
    pub fn meet(&self, other: &Range) -> Range {
        Range {
            lo: self.lo.max(other.lo),
            hi: self.hi.min(other.hi),
            zeros: self.zeros | other.zeros,
            ones: self.ones | other.ones,
        }
        .sharpened()
    }

    /// Lets the interval tell of leading bits and the bits of the interval.
    fn sharpened(mut self) -> Range {
        if self.is_empty() {
            return self;
        }
        let differing = (self.lo ^ self.hi) as u64;
        let known = if differing == 0 { !0 } else { !(u64::MAX >> differing.leading_zeros()) };
        self.ones |= self.lo as u64 & known;
        self.zeros |= !(self.lo as u64) & known;
        let sign = 1u64 << 63;
        if (self.zeros | self.ones) & sign != 0 {
            self.lo = self.lo.max(self.ones as i64);
            self.hi = self.hi.min(!self.zeros as i64);
        }
        self
    }

    pub fn add(&self, other: &Range) -> Range {
        let sum = match (self.lo.checked_add(other.lo), self.hi.checked_add(other.hi)) {
            (Some(lo), Some(hi)) => Range::new(lo, hi),
            _ => Range::FULL,
        };
        let (zeros, ones) = add_bits((self.zeros, self.ones), (other.zeros, other.ones), 0);
        sum.meet(&Range::bits(zeros, ones))
    }

    pub fn sub(&self, other: &Range) -> Range {
        let difference = match (self.lo.checked_sub(other.hi), self.hi.checked_sub(other.lo)) {
            (Some(lo), Some(hi)) => Range::new(lo, hi),
            _ => Range::FULL,
        };
        let (zeros, ones) = add_bits((self.zeros, self.ones), (other.ones, other.zeros), 1);
        difference.meet(&Range::bits(zeros, ones))
    }

    /// The exact products of the ends, in 128 bits: lowest and highest.
    fn product_ends(&self, other: &Range) -> (i128, i128) {
        let ends = [(self.lo, other.lo), (self.lo, other.hi), (self.hi, other.lo), (self.hi, other.hi)];
        let products = ends.map(|(a, b)| a as i128 * b as i128);
        let lo = products.iter().copied().min().unwrap_or(0);
        let hi = products.iter().copied().max().unwrap_or(0);
        (lo, hi)
    }

    pub fn mul(&self, other: &Range) -> Range {
        let (lo, hi) = self.product_ends(other);
        let interval = match (i64::try_from(lo), i64::try_from(hi)) {
            (Ok(lo), Ok(hi)) => Range::new(lo, hi),
            _ => Range::FULL,
        };
        let low_zeros = (self.zeros.trailing_ones() + other.zeros.trailing_ones()).min(64);
        let zeros = if low_zeros == 64 { !0 } else { (1u64 << low_zeros) - 1 };
        interval.meet(&Range::bits(zeros, 0))
    }

    /// Whether the exact product fits in a small int: always, never, or unknown.
    pub fn mul_fits(&self, other: &Range) -> Option<bool> {
        let (lo, hi) = self.product_ends(other);
        let (min, max) = (SMALL_MIN as i128, SMALL_MAX as i128);
        if lo >= min && hi <= max {
            return Some(true);
        }
        (lo > max || hi < min).then_some(false)
    }

    pub fn neg(&self) -> Range {
        Range::constant(0).sub(self)
    }

    pub fn not(&self) -> Range {
        Range { lo: !self.hi, hi: !self.lo, zeros: self.ones, ones: self.zeros }
    }

    pub fn and(&self, other: &Range) -> Range {
        let mut r = Range::bits(self.zeros | other.zeros, self.ones & other.ones);
        if self.lo >= 0 {
            r = r.meet(&Range::new(0, self.hi));
        }
        if other.lo >= 0 {
            r = r.meet(&Range::new(0, other.hi));
        }
        r
    }

    pub fn or(&self, other: &Range) -> Range {
        let r = Range::bits(self.zeros & other.zeros, self.ones | other.ones);
        if self.lo >= 0 && other.lo >= 0 { r.meet(&Range::new(self.lo.max(other.lo), i64::MAX)) } else { r }
    }

    pub fn xor(&self, other: &Range) -> Range {
        let same = self.zeros & other.zeros | self.ones & other.ones;
        let differ = self.zeros & other.ones | self.ones & other.zeros;
        Range::bits(same, differ)
    }

    pub fn shl(&self, amount: &Range) -> Range {
        let Some(n @ 0..=63) = amount.as_constant() else { return Range::FULL };
        let bits = Range::bits(self.zeros << n | ((1u64 << n) - 1), self.ones << n);
        if (self.lo << n) >> n == self.lo && (self.hi << n) >> n == self.hi {
            bits.meet(&Range::new(self.lo << n, self.hi << n))
        } else {
            bits
        }
    }

    pub fn shr(&self, amount: &Range) -> Range {
        let (least, most) = (amount.lo.clamp(0, 63), amount.hi.clamp(0, 63));
        let ends = [self.lo >> least, self.lo >> most, self.hi >> least, self.hi >> most];
        let lo = ends.iter().copied().min().unwrap_or(i64::MIN);
        let hi = ends.iter().copied().max().unwrap_or(i64::MAX);
        Range::new(lo, hi)
    }

    /// Division rounding to minus infinity; only a constant positive divisor tells something.
    pub fn floordiv(&self, other: &Range) -> Range {
        if other.lo <= 0 {
            return Range::FULL;
        }
        let ends = [
            self.lo.div_euclid(other.lo),
            self.lo.div_euclid(other.hi),
            self.hi.div_euclid(other.lo),
            self.hi.div_euclid(other.hi),
        ];
        let lo = ends.iter().copied().min().unwrap_or(i64::MIN);
        let hi = ends.iter().copied().max().unwrap_or(i64::MAX);
        Range::new(lo, hi)
    }

    /// Remainder with the divisor's sign.
    pub fn modulo(&self, other: &Range) -> Range {
        if other.lo > 0 {
            let hi = if self.lo >= 0 { self.hi.min(other.hi - 1) } else { other.hi - 1 };
            return Range::new(0, hi);
        }
        if other.hi < 0 && other.lo > i64::MIN { Range::new(other.lo + 1, 0) } else { Range::FULL }
    }

    /// `self < other`, if it is the same for all members.
    pub fn lt(&self, other: &Range) -> Option<bool> {
        if self.hi < other.lo {
            return Some(true);
        }
        (self.lo >= other.hi).then_some(false)
    }

    pub fn le(&self, other: &Range) -> Option<bool> {
        other.lt(self).map(|b| !b)
    }

    pub fn eq(&self, other: &Range) -> Option<bool> {
        if let (Some(a), Some(b)) = (self.as_constant(), other.as_constant()) {
            return Some(a == b);
        }
        let clash = self.zeros & other.ones | self.ones & other.zeros;
        (self.hi < other.lo || other.hi < self.lo || clash != 0).then_some(false)
    }

    /// Unsigned less-than.
    pub fn ult(&self, other: &Range) -> Option<bool> {
        if self.lo >= 0 && other.lo >= 0 {
            return self.lt(other);
        }
        (self.hi < 0 && other.lo >= 0).then_some(false)
    }
}

/// Known bits of a sum with carry in: each operand is (known zeros, known ones).
fn add_bits(a: (u64, u64), b: (u64, u64), carry: u64) -> (u64, u64) {
    let least = a.1.wrapping_add(b.1).wrapping_add(carry);
    let most = (!a.0).wrapping_add(!b.0).wrapping_add(carry);
    // A bit is known where both operands are and where the carry into it is the same in the least and the most sum.
    let known_operands = (a.0 | a.1) & (b.0 | b.1);
    let carry_least = least ^ a.1 ^ b.1;
    let carry_most = most ^ !a.0 ^ !b.0;
    let known = known_operands & !(carry_least ^ carry_most);
    (!least & known, least & known)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pseudo-random numbers (xorshift), so that the test needs no crate.
    struct Dice(u64);

    impl Dice {
        fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }

        fn number(&mut self) -> i64 {
            let wide = self.next() as i64;
            match self.next() % 6 {
                0 => wide,
                1 => wide >> 40,
                2 => SMALL_MAX - (wide & 3),
                3 => i64::MIN + (wide & 3),
                4 => i64::MAX - (wide & 3),
                _ => wide % 10,
            }
        }

        /// A range and a member of it.
        fn range(&mut self) -> (Range, i64) {
            let member = self.number();
            let (a, b) = (self.number(), self.number());
            let mut r = Range::new(member.min(a.min(b)), member.max(a.max(b)));
            if self.next().is_multiple_of(2) {
                let mask = self.next() & self.next();
                r = r.meet(&Range {
                    zeros: !(member as u64) & mask,
                    ones: member as u64 & mask,
                    ..Range::FULL
                });
            }
            if self.next().is_multiple_of(4) { (Range::constant(member), member) } else { (r, member) }
        }
    }

    #[test]
    fn transfer_functions_keep_every_member() {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        for _ in 0..200_000 {
            let ((a, x), (b, y)) = (dice.range(), dice.range());
            assert!(a.contains(x), "{a:?} lost {x}");
            check(a.add(&b), x.wrapping_add(y), "add", (a, b));
            check(a.sub(&b), x.wrapping_sub(y), "sub", (a, b));
            check(a.mul(&b), x.wrapping_mul(y), "mul", (a, b));
            check(a.and(&b), x & y, "and", (a, b));
            check(a.or(&b), x | y, "or", (a, b));
            check(a.xor(&b), x ^ y, "xor", (a, b));
            check(a.not(), !x, "not", (a, b));
            check(a.neg(), x.wrapping_neg(), "neg", (a, b));
            if (0..64).contains(&y) {
                check(a.shl(&b), x << y, "shl", (a, b));
                check(a.shr(&b), x >> y, "shr", (a, b));
            }
            if y > 0 {
                check(a.floordiv(&b), x.div_euclid(y), "floordiv", (a, b));
                check(a.modulo(&b), x.rem_euclid(y), "mod", (a, b));
            }
            decided(a.lt(&b), x < y);
            decided(a.le(&b), x <= y);
            decided(a.eq(&b), x == y);
            decided(a.ult(&b), (x as u64) < y as u64);
            let product = x as i128 * y as i128;
            decided(a.mul_fits(&b), product >= SMALL_MIN as i128 && product <= SMALL_MAX as i128);
        }
    }

    fn check(r: Range, result: i64, what: &str, of: (Range, Range)) {
        assert!(r.contains(result), "{what} of {of:?} gave {r:?} without {result}");
    }

    fn decided(claim: Option<bool>, truth: bool) {
        assert!(claim.is_none_or(|c| c == truth));
    }
}
