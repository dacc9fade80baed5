//! Sums and products of magnitudes: slices of 64-bit words, the least significant first, without leading zeros. The
//! results go to a buffer that is on the stack while it is small.

use smallvec::SmallVec;
use std::cmp::Ordering;

pub type Words = SmallVec<[u64; 32]>;

/// Products of factors that both have more words are better left to the big-integer crate.
pub const SCHOOL_WORDS: usize = 12;

pub fn order(x: &[u64], y: &[u64]) -> Ordering {
    x.len().cmp(&y.len()).then_with(|| x.iter().rev().cmp(y.iter().rev()))
}

/// `x + y`.
pub fn sum(x: &[u64], y: &[u64]) -> Words {
    let (long, short) = if x.len() < y.len() { (y, x) } else { (x, y) };
    let mut out = Words::from_slice(long);
    let mut carry = false;
    let (low, high) = out.split_at_mut(short.len());
    for (to, &word) in low.iter_mut().zip(short) {
        (*to, carry) = to.carrying_add(word, carry);
    }
    for to in high {
        if !carry {
            return out;
        }
        (*to, carry) = to.overflowing_add(1);
    }
    if carry {
        out.push(1);
    }
    out
}

/// `x - y`, where `x` is not the smaller one. There may be leading zeros.
pub fn difference(x: &[u64], y: &[u64]) -> Words {
    let mut out = Words::from_slice(x);
    let mut borrow = false;
    let (low, high) = out.split_at_mut(y.len());
    for (to, &word) in low.iter_mut().zip(y) {
        (*to, borrow) = to.borrowing_sub(word, borrow);
    }
    for to in high {
        if !borrow {
            break;
        }
        (*to, borrow) = to.overflowing_sub(1);
    }
    out
}

/// `x * y`, row by row. There may be a leading zero.
pub fn product(x: &[u64], y: &[u64]) -> Words {
    let (long, short) = if x.len() < y.len() { (y, x) } else { (x, y) };
    let mut out = Words::from_elem(0, long.len() + short.len());
    for (row, &factor) in short.iter().enumerate() {
        let mut carry = 0;
        for (to, &word) in out[row..].iter_mut().zip(long) {
            let wide = word as u128 * factor as u128 + *to as u128 + carry as u128;
            (*to, carry) = (wide as u64, (wide >> 64) as u64);
        }
        out[row + long.len()] = carry;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::UBig;

    const TOP: u64 = u64::MAX;

    #[test]
    fn they_agree_with_the_big_integer_crate() {
        let samples: [&[u64]; 7] =
            [&[1], &[TOP], &[0, 1], &[TOP, TOP], &[5, 0, 7], &[TOP, TOP, TOP, 1], &[3, 0, 0, 0, TOP]];
        for x in samples {
            for y in samples {
                let (a, b) = (UBig::from_words(x), UBig::from_words(y));
                assert_eq!(UBig::from_words(&sum(x, y)), &a + &b);
                assert_eq!(UBig::from_words(&product(x, y)), &a * &b);
                assert_eq!(order(x, y), a.cmp(&b));
                if a >= b {
                    assert_eq!(UBig::from_words(&difference(x, y)), a - b);
                }
            }
        }
    }
}
