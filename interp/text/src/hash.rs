//! Python's numeric hash: every number is reduced modulo the prime P = 2^61 - 1, so that equal numbers of
//! different types hash alike. A hash of -1 is replaced by -2, because -1 means "error" in C.

/// Bits of the modulus.
const BITS: u32 = 61;
/// The modulus 2^61 - 1.
pub const MODULUS: u64 = (1 << BITS) - 1;
/// Hash of positive infinity.
pub const HASH_INF: i64 = 314_159;
/// Multiplier of the imaginary part.
pub const HASH_IMAG: i64 = 1_000_003;

#[inline]
fn finish(negative: bool, reduced: u64) -> i64 {
    let h = if negative { -(reduced as i64) } else { reduced as i64 };
    if h == -1 { -2 } else { h }
}

#[inline]
fn reduce(x: u128) -> u64 {
    let mut x = (x & u128::from(MODULUS)) + (x >> BITS);
    x = (x & u128::from(MODULUS)) + (x >> BITS);
    if x >= u128::from(MODULUS) { (x - u128::from(MODULUS)) as u64 } else { x as u64 }
}

/// `hash(n)` of an int of 64 bits.
#[inline]
pub fn hash_i64(n: i64) -> i64 {
    finish(n < 0, reduce(u128::from(n.unsigned_abs())))
}

/// `hash(n)` of a big int: sign and 64-bit words of the magnitude, least significant first.
pub fn hash_words(negative: bool, words: &[u64]) -> i64 {
    // 2^64 = 8 (mod P).
    let step = |acc: u64, &word: &u64| reduce((u128::from(acc) << 3) + u128::from(word));
    finish(negative, words.iter().rev().fold(0, step))
}

/// `hash(x)` of a float; `None` for NaN.
pub fn hash_f64(x: f64) -> Option<i64> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { HASH_INF } else { -HASH_INF });
    }
    if x == x.trunc() && x.abs() < 9.2e18 {
        return Some(hash_i64(x as i64));
    }
    let bits = x.to_bits();
    let biased = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) =
        if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    // 2^61 = 1 (mod P): multiplying by 2^e rotates 61 bits by e mod 61.
    let turn = exponent.rem_euclid(BITS as i32) as u32;
    Some(finish(x < 0.0, reduce(u128::from(mantissa) << turn)))
}

/// `hash(z)` from the hashes of the two parts.
pub fn hash_complex(real: i64, imag: i64) -> i64 {
    let h = real.wrapping_add(imag.wrapping_mul(HASH_IMAG));
    if h == -1 { -2 } else { h }
}

/// `hash(Fraction)`-style hash: numerator's reduced magnitude times the inverse of the denominator is left to
/// callers; this gives `pow(n, P - 2, P)`, the inverse modulo P (0 for 0).
pub fn modular_inverse(n: u64) -> u64 {
    let (mut base, mut result, mut e) = (u128::from(n % MODULUS), 1u128, MODULUS - 2);
    while e > 0 {
        if e & 1 == 1 {
            result = u128::from(reduce(result * base));
        }
        base = u128::from(reduce(base * base));
        e >>= 1;
    }
    result as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_cpython() {
        assert_eq!(hash_i64(-1), -2);
        assert_eq!(hash_i64((1 << 61) - 1), 0);
        assert_eq!(hash_i64(i64::MIN), -4);
        assert_eq!(hash_i64(i64::MAX), 3);
        assert_eq!(hash_words(false, &[0, 1]), 8); // 2**64
        assert_eq!(hash_words(true, &[5, 0, 7]), -453); // -(7 * 2**128 + 5)
        assert_eq!(hash_f64(0.5), Some(1152921504606846976));
        assert_eq!(hash_f64(-0.1), Some(-230584300921369408));
        assert_eq!(hash_f64(1e300), Some(1224995262755759164));
        assert_eq!(hash_f64(5e-324), Some(16777216));
        assert_eq!(hash_f64(f64::NEG_INFINITY), Some(-314159));
        assert_eq!(hash_f64(3.0), Some(3));
        assert_eq!(hash_complex(1, 2), 2000007);
        assert_eq!(u128::from(modular_inverse(3)) * 3 % u128::from(MODULUS), 1);
    }
}
