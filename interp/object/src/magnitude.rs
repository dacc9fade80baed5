//! Sums and products of magnitudes: slices of 64-bit words, the least significant first, without leading zeros. The
//! results go to slices that the caller provides; how long they are can mostly be told before.

use std::cmp::Ordering;

/// Products of factors that both have more words are better left to the big-integer crate.
pub const SCHOOL_WORDS: usize = 12;

/// How many words a result has: at least and at most.
pub type Length = (usize, usize);

#[inline]
pub fn order(x: &[u64], y: &[u64]) -> Ordering {
    x.len().cmp(&y.len()).then_with(|| x.iter().rev().cmp(y.iter().rev()))
}

/// The shorter of the two, and the longer.
#[inline]
fn by_length<'a>(x: &'a [u64], y: &'a [u64]) -> (&'a [u64], &'a [u64]) {
    if x.len() < y.len() { (x, y) } else { (y, x) }
}

/// The top word; 0 if there is none.
#[inline]
fn top(x: &[u64]) -> u64 {
    x.last().copied().unwrap_or(0)
}

#[inline]
pub fn length_of_sum(x: &[u64], y: &[u64]) -> Length {
    let (short, long) = by_length(x, y);
    let other = if short.len() == long.len() { top(short) } else { 0 };
    let (sum, over) = top(long).overflowing_add(other);
    (long.len() + usize::from(over), long.len() + usize::from(over || sum == u64::MAX))
}

/// `out = x + y`; `out` may have more words.
#[inline]
pub fn sum(out: &mut [u64], x: &[u64], y: &[u64]) {
    let (short, long) = by_length(x, y);
    let (low, high) = long.split_at(short.len());
    let (out_low, out_high) = out.split_at_mut(short.len());
    let (out_high, rest) = out_high.split_at_mut(high.len());
    let mut carry = each_with_carry(out_low, low, short, u64::carrying_add);
    copy_with_carry(out_high, high, &mut carry, u64::overflowing_add);
    if let Some((first, others)) = rest.split_first_mut() {
        *first = u64::from(carry);
        others.fill(0);
    }
}

/// `step` word by word, with the carry of the words before; all slices have the same length. Eight steps at a time: their
/// carries stay in the machine's flag.
#[inline(always)]
fn each_with_carry(
    out: &mut [u64],
    x: &[u64],
    y: &[u64],
    step: impl Fn(u64, u64, bool) -> (u64, bool),
) -> bool {
    let mut carry = false;
    let ((out, out_rest), (x, x_rest), (y, y_rest)) =
        (out.as_chunks_mut::<8>(), x.as_chunks::<8>(), y.as_chunks::<8>());
    for ((to, a), b) in out.iter_mut().zip(x).zip(y) {
        for i in 0..8 {
            (to[i], carry) = step(a[i], b[i], carry);
        }
    }
    for ((to, &a), &b) in out_rest.iter_mut().zip(x_rest).zip(y_rest) {
        (*to, carry) = step(a, b, carry);
    }
    carry
}

/// Copies words, and adds (or takes away) the carry as far as it goes.
#[inline]
fn copy_with_carry(out: &mut [u64], from: &[u64], carry: &mut bool, step: fn(u64, u64) -> (u64, bool)) {
    let mut at = 0;
    while *carry && at < from.len() {
        (out[at], *carry) = step(from[at], 1);
        at += 1;
    }
    out[at..].copy_from_slice(&from[at..]);
}

/// Of `x - y`, where `x` is not the smaller one.
#[inline]
pub fn length_of_difference(x: &[u64], y: &[u64]) -> Length {
    let other = if x.len() == y.len() { top(y) } else { 0 };
    (if top(x) - other > 1 { x.len() } else { 0 }, x.len())
}

/// `out = x - y`, where `x` is not the smaller one; `out` is as long as `x`.
#[inline]
pub fn difference(out: &mut [u64], x: &[u64], y: &[u64]) {
    let (low, high) = x.split_at(y.len());
    let (out_low, out_high) = out.split_at_mut(y.len());
    let mut borrow = each_with_carry(out_low, low, y, u64::borrowing_sub);
    copy_with_carry(out_high, high, &mut borrow, u64::overflowing_sub);
}

#[inline]
pub fn length_of_product(x: &[u64], y: &[u64]) -> Length {
    let words = x.len() + y.len();
    if x.is_empty() || y.is_empty() {
        return (0, words);
    }
    // What lies below a top word makes it less than one more.
    let above = |v: &[u64]| top(v) as u128 + u128::from(v.len() > 1);
    let length = |product: u128| words - usize::from(product >> 64 == 0);
    let most = above(x).checked_mul(above(y)).map_or(words, length);
    (length(top(x) as u128 * top(y) as u128), most)
}

/// `out = x * y`, row by row; `out` has as many words as the factors together, or one less if that will do.
pub fn product(out: &mut [u64], x: &[u64], y: &[u64]) {
    let (short, long) = by_length(x, y);
    let Some((&first, factors)) = short.split_first() else { return out.fill(0) };
    let mut carry = 0;
    for (to, &word) in out.iter_mut().zip(long) {
        let wide = word as u128 * first as u128 + carry as u128;
        (*to, carry) = (wide as u64, (wide >> 64) as u64);
    }
    set_if_room(out, long.len(), carry);
    for (row, &factor) in (1..).zip(factors) {
        let mut carry = 0;
        for (to, &word) in out[row..].iter_mut().zip(long) {
            let wide = word as u128 * factor as u128 + *to as u128 + carry as u128;
            (*to, carry) = (wide as u64, (wide >> 64) as u64);
        }
        set_if_room(out, row + long.len(), carry);
    }
}

#[inline]
fn set_if_room(out: &mut [u64], at: usize, word: u64) {
    match out.get_mut(at) {
        Some(to) => *to = word,
        None => debug_assert_eq!(word, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::UBig;

    const TOP: u64 = u64::MAX;

    #[test]
    fn they_agree_with_the_big_integer_crate() {
        let samples: [&[u64]; 9] = [
            &[1],
            &[2],
            &[TOP],
            &[TOP - 1, TOP / 2 + 1],
            &[0, 1],
            &[TOP, TOP],
            &[5, 0, 7],
            &[TOP, TOP, TOP, 1],
            &[3, 0, 0, 0, TOP],
        ];
        for x in samples {
            for y in samples {
                let (a, b) = (UBig::from_words(x), UBig::from_words(y));
                check(length_of_sum(x, y), &a + &b, |out| sum(out, x, y));
                check(length_of_product(x, y), &a * &b, |out| product(out, x, y));
                assert_eq!(order(x, y), a.cmp(&b));
                if a >= b {
                    check(length_of_difference(x, y), a - b, |out| difference(out, x, y));
                }
            }
        }
    }

    fn check((least, most): Length, expect: UBig, fill: impl Fn(&mut [u64])) {
        let words = expect.as_words();
        assert!((least..=most).contains(&words.len()), "{} words, not {least} to {most}", words.len());
        let mut out = vec![7; most];
        fill(&mut out);
        assert_eq!(UBig::from_words(&out), expect);
    }
}
