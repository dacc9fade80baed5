//! The merge sort of T. Peters with the merge order of J. I. Munro and S. Wild ("powersort", 2018), just as CPython does
//! it: programs see which items are compared, how often, and where inconsistent comparisons leave the items.
//!
//! It finds natural runs (ascending, or descending and then reversed), lengthens short ones by binary insertion, and
//! merges neighbours; where one side of a merge keeps winning, it *gallops*: looks in ever larger steps for the place of
//! the other side's next item. It sorts positions; `less` says whether one's item is less than another's. When that
//! fails, the positions are still a permutation.

use hoop_object::errors::PyResult;
use std::ops::Range;

/// Wins in a row after which a merge begins to gallop.
const MIN_GALLOP: usize = 7;

/// Runs are lengthened to between half of this and all of it.
const MAX_MIN_RUN: usize = 64;

/// Sorts positions, stably.
#[inline]
pub fn sort<L: FnMut(u32, u32) -> PyResult<bool>>(order: &mut [u32], less: L) -> PyResult<()> {
    let sorter = Sorter { less, runs: Vec::new(), spare: Vec::new(), min_gallop: MIN_GALLOP };
    sorter.run(order)
}

struct Run {
    range: Range<usize>,
    /// Depth of the border behind it in the tree of merges.
    power: u32,
}

struct Sorter<L> {
    less: L,
    /// Sorted runs that have not been merged; together they are the front of what is sorted.
    runs: Vec<Run>,
    /// A copy of the shorter side of a merge.
    spare: Vec<u32>,
    /// Wins in a row after which to gallop: less where that has paid.
    min_gallop: usize,
}

impl<L: FnMut(u32, u32) -> PyResult<bool>> Sorter<L> {
    fn run(mut self, order: &mut [u32]) -> PyResult<()> {
        let n = order.len();
        if n < 2 {
            return Ok(());
        }
        let min_run = min_run(n);
        let mut start = 0;
        while start < n {
            let mut len = self.natural_run(&mut order[start..])?;
            if len < min_run {
                let forced = min_run.min(n - start);
                self.insert_rest(&mut order[start..start + forced], len)?;
                len = forced;
            }
            self.merge_deeper(order, len)?;
            self.runs.push(Run { range: start..start + len, power: 0 });
            start += len;
        }
        while self.runs.len() > 1 {
            let last = self.runs.len() - 1;
            let first_is_shorter = last > 1 && self.runs[last - 2].range.len() < self.runs[last].range.len();
            self.merge_at(order, if first_is_shorter { last - 2 } else { last - 1 })?;
        }
        Ok(())
    }

    fn less(&mut self, a: u32, b: u32) -> PyResult<bool> {
        (self.less)(a, b)
    }

    /// The length of the run at the start, which is ascending afterwards.
    fn natural_run(&mut self, part: &mut [u32]) -> PyResult<usize> {
        let mut n = self.ascending(part, 1)?;
        if n == part.len() {
            return Ok(n);
        }
        // The next item is less. A run of equal ones may be the beginning of a descending run.
        if n > 1 {
            if self.less(part[0], part[n - 1])? {
                return Ok(n);
            }
            part[..n].reverse();
        }
        n = self.descending(part, n + 1)?;
        part[..n].reverse();
        self.ascending(part, n)
    }

    /// How far a run of `n` items goes on ascending.
    fn ascending(&mut self, part: &[u32], mut n: usize) -> PyResult<usize> {
        while n < part.len() && !self.less(part[n], part[n - 1])? {
            n += 1;
        }
        Ok(n)
    }

    /// How far a run of `n` items goes on descending; equal neighbours are reversed, for they will be once more.
    fn descending(&mut self, part: &mut [u32], mut n: usize) -> PyResult<usize> {
        let mut equal = 0;
        while n < part.len() {
            if self.less(part[n], part[n - 1])? {
                reverse_equal(&mut part[..n], &mut equal);
            } else if self.less(part[n - 1], part[n])? {
                break;
            } else {
                equal += 1;
            }
            n += 1;
        }
        reverse_equal(&mut part[..n], &mut equal);
        Ok(n)
    }

    /// Binary insertion of all items from `sorted` on into the sorted ones before.
    fn insert_rest(&mut self, part: &mut [u32], sorted: usize) -> PyResult<()> {
        for i in sorted..part.len() {
            let at = self.upper(part[i], part, 0..i)?;
            part[at..=i].rotate_right(1);
        }
        Ok(())
    }

    /// The first of sorted items in the range that is greater than the key.
    fn upper(&mut self, key: u32, part: &[u32], range: Range<usize>) -> PyResult<usize> {
        let Range { mut start, mut end } = range;
        while start < end {
            let middle = start + (end - start) / 2;
            if self.less(key, part[middle])? { end = middle } else { start = middle + 1 }
        }
        Ok(end)
    }

    /// The first of sorted items in the range that is not less than the key.
    fn lower(&mut self, key: u32, part: &[u32], range: Range<usize>) -> PyResult<usize> {
        let Range { mut start, mut end } = range;
        while start < end {
            let middle = start + (end - start) / 2;
            if self.less(part[middle], key)? { start = middle + 1 } else { end = middle }
        }
        Ok(end)
    }

    /// As [`Sorter::upper`] for all of `part`, in growing steps from `hint` on.
    fn gallop_upper(&mut self, key: u32, part: &[u32], hint: usize) -> PyResult<usize> {
        let left = self.less(key, part[hint])?;
        let limit = if left { hint + 1 } else { part.len() - hint };
        let (mut last, mut step) = (0, 1);
        while step < limit {
            let at = if left { hint - step } else { hint + step };
            if self.less(key, part[at])? != left {
                break;
            }
            (last, step) = (step, 2 * step + 1);
        }
        self.upper(key, part, between(left, hint, last, step.min(limit)))
    }

    /// As [`Sorter::lower`] for all of `part`, in growing steps from `hint` on.
    fn gallop_lower(&mut self, key: u32, part: &[u32], hint: usize) -> PyResult<usize> {
        let right = self.less(part[hint], key)?;
        let limit = if right { part.len() - hint } else { hint + 1 };
        let (mut last, mut step) = (0, 1);
        while step < limit {
            let at = if right { hint + step } else { hint - step };
            if self.less(part[at], key)? != right {
                break;
            }
            (last, step) = (step, 2 * step + 1);
        }
        self.lower(key, part, between(!right, hint, last, step.min(limit)))
    }

    /// Merges the runs whose borders lie deeper in the tree than the one before a new run of `len` items.
    fn merge_deeper(&mut self, order: &mut [u32], len: usize) -> PyResult<()> {
        let Some(last) = self.runs.last() else { return Ok(()) };
        let power = power(&last.range, len, order.len());
        while let [.., before, _] = &self.runs[..]
            && before.power > power
        {
            self.merge_at(order, self.runs.len() - 2)?;
        }
        if let Some(last) = self.runs.last_mut() {
            last.power = power;
        }
        Ok(())
    }

    /// Merges runs `at` and `at + 1`.
    fn merge_at(&mut self, order: &mut [u32], at: usize) -> PyResult<()> {
        let second = self.runs.remove(at + 1);
        let (start, middle) = (self.runs[at].range.start, second.range.start);
        self.runs[at].range.end = second.range.end;
        let part = &mut order[start..second.range.end];
        let middle = middle - start;
        // What already lies in place needs no merging.
        let first = self.gallop_upper(part[middle], &part[..middle], 0)?;
        if first == middle {
            return Ok(());
        }
        let right = &part[middle..];
        let count = self.gallop_lower(part[middle - 1], right, right.len() - 1)?;
        if count == 0 {
            return Ok(());
        }
        let (part, middle) = (&mut part[first..middle + count], middle - first);
        let mut spare = std::mem::take(&mut self.spare);
        spare.clear();
        let outcome = if middle <= count {
            spare.extend_from_slice(&part[..middle]);
            self.merge_low(part, &spare)
        } else {
            spare.extend_from_slice(&part[middle..]);
            self.merge_high(part, &spare)
        };
        self.spare = spare;
        outcome
    }

    /// Merges from the front; `left` is a copy of the first items of `part`.
    fn merge_low(&mut self, part: &mut [u32], left: &[u32]) -> PyResult<()> {
        let mut m = Low { part, left, a: 0, b: left.len(), to: 0 };
        m.take_right(1);
        let outcome = if m.right_is_empty() { Ok(()) } else { self.merge_low_rest(&mut m) };
        m.finish(outcome.is_ok());
        outcome
    }

    fn merge_low_rest(&mut self, m: &mut Low) -> PyResult<()> {
        while m.left_count() > 1 {
            let (mut a_wins, mut b_wins) = (0, 0);
            while a_wins < self.min_gallop && b_wins < self.min_gallop {
                if self.less(m.part[m.b], m.left[m.a])? {
                    (a_wins, b_wins) = (0, b_wins + 1);
                    m.take_right(1);
                } else {
                    (a_wins, b_wins) = (a_wins + 1, 0);
                    m.take_left(1);
                }
                if m.right_is_empty() || m.left_count() == 1 {
                    return Ok(());
                }
            }
            self.min_gallop += 1;
            loop {
                self.min_gallop -= (self.min_gallop > 1) as usize;
                a_wins = self.gallop_upper(m.part[m.b], &m.left[m.a..], 0)?;
                m.take_left(a_wins);
                if a_wins > 0 && m.left_count() <= 1 {
                    return Ok(());
                }
                m.take_right(1);
                if m.right_is_empty() {
                    return Ok(());
                }
                b_wins = self.gallop_lower(m.left[m.a], &m.part[m.b..], 0)?;
                m.take_right(b_wins);
                if m.right_is_empty() {
                    return Ok(());
                }
                m.take_left(1);
                if m.left_count() == 1 {
                    return Ok(());
                }
                if a_wins < MIN_GALLOP && b_wins < MIN_GALLOP {
                    break;
                }
            }
            self.min_gallop += 1;
        }
        Ok(())
    }

    /// Merges from the back; `right` is a copy of the last items of `part`.
    fn merge_high(&mut self, part: &mut [u32], right: &[u32]) -> PyResult<()> {
        let a = part.len() - right.len();
        let mut m = High { part, right, a, b: right.len() };
        m.take_left(1);
        let outcome = if m.a == 0 { Ok(()) } else { self.merge_high_rest(&mut m) };
        m.finish(outcome.is_ok());
        outcome
    }

    fn merge_high_rest(&mut self, m: &mut High) -> PyResult<()> {
        while m.b > 1 {
            let (mut a_wins, mut b_wins) = (0, 0);
            while a_wins < self.min_gallop && b_wins < self.min_gallop {
                if self.less(m.right[m.b - 1], m.part[m.a - 1])? {
                    (a_wins, b_wins) = (a_wins + 1, 0);
                    m.take_left(1);
                } else {
                    (a_wins, b_wins) = (0, b_wins + 1);
                    m.take_right(1);
                }
                if m.a == 0 || m.b == 1 {
                    return Ok(());
                }
            }
            self.min_gallop += 1;
            loop {
                self.min_gallop -= (self.min_gallop > 1) as usize;
                a_wins = m.a - self.gallop_upper(m.right[m.b - 1], &m.part[..m.a], m.a - 1)?;
                m.take_left(a_wins);
                if m.a == 0 {
                    return Ok(());
                }
                m.take_right(1);
                if m.b == 1 {
                    return Ok(());
                }
                b_wins = m.b - self.gallop_lower(m.part[m.a - 1], &m.right[..m.b], m.b - 1)?;
                m.take_right(b_wins);
                if b_wins > 0 && m.b <= 1 {
                    return Ok(());
                }
                m.take_left(1);
                if m.a == 0 {
                    return Ok(());
                }
                if a_wins < MIN_GALLOP && b_wins < MIN_GALLOP {
                    break;
                }
            }
            self.min_gallop += 1;
        }
        Ok(())
    }
}

/// A merge from the front. The gap in `part` is as long as what is left of `left`.
struct Low<'a> {
    part: &'a mut [u32],
    left: &'a [u32],
    a: usize,
    b: usize,
    to: usize,
}

impl Low<'_> {
    fn left_count(&self) -> usize {
        self.left.len() - self.a
    }

    fn right_is_empty(&self) -> bool {
        self.b == self.part.len()
    }

    fn take_left(&mut self, n: usize) {
        self.part[self.to..self.to + n].copy_from_slice(&self.left[self.a..self.a + n]);
        self.a += n;
        self.to += n;
    }

    fn take_right(&mut self, n: usize) {
        self.part.copy_within(self.b..self.b + n, self.to);
        self.b += n;
        self.to += n;
    }

    /// The last item of the left side is known to be the last of all, if all went well.
    fn finish(&mut self, well: bool) {
        if well && self.left_count() == 1 {
            self.take_right(self.part.len() - self.b);
        }
        self.take_left(self.left_count());
    }
}

/// A merge from the back: `a` items of `part` and `b` of `right` are left.
struct High<'a> {
    part: &'a mut [u32],
    right: &'a [u32],
    a: usize,
    b: usize,
}

impl High<'_> {
    fn take_left(&mut self, n: usize) {
        let to = self.a + self.b - n;
        self.part.copy_within(self.a - n..self.a, to);
        self.a -= n;
    }

    fn take_right(&mut self, n: usize) {
        let to = self.a + self.b;
        self.part[to - n..to].copy_from_slice(&self.right[self.b - n..self.b]);
        self.b -= n;
    }

    /// The first item of the right side is known to be the first of all, if all went well.
    fn finish(&mut self, well: bool) {
        if well && self.b == 1 {
            self.take_left(self.a);
        }
        self.take_right(self.b);
    }
}

/// What is left to search after galloping from `hint` to one side: the step before the last was too short.
fn between(left: bool, hint: usize, last: usize, step: usize) -> Range<usize> {
    if left { hint + 1 - step..hint - last } else { hint + last + 1..hint + step }
}

/// Reverses the last item with the ones before that are equal to it.
fn reverse_equal(run: &mut [u32], equal: &mut usize) {
    let n = run.len();
    run[n - 1 - *equal..].reverse();
    *equal = 0;
}

/// The least length of runs, for `n` items: such that `n` by it is a power of two or a little less.
fn min_run(mut n: usize) -> usize {
    let mut odd = 0;
    while n >= MAX_MIN_RUN {
        odd |= n & 1;
        n >>= 1;
    }
    n + odd
}

/// The depth of the border between a run and the `len` items behind it in a nearly optimal tree of merges of `n` items:
/// the first bit in which the middles of both, as fractions of `n`, differ.
fn power(run: &Range<usize>, len: usize, n: usize) -> u32 {
    let mut a = 2 * run.start + run.len();
    let mut b = a + run.len() + len;
    let mut power = 1;
    while a >= n || b < n {
        if a >= n {
            (a, b) = (a - n, b - n);
        }
        (a, b) = (a * 2, b * 2);
        power += 1;
    }
    power
}
