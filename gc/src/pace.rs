//! When to collect: decisions from byte counts only, so that runs repeat.

use crate::chunk::BLOCK;

/// Without more live data than this, full collections are not worth their time.
const MIN_FULL: usize = 4 << 20;

/// A full collection is due after so much allocation, too, or as many times what was alive at the last one: what was alive
/// for one of the minor collections since then is still there.
const MAX_BETWEEN_FULL: usize = 64 << 20;
const BETWEEN_FULL_BY_LIVE: usize = 256;

/// The heap's budget until the next collection.
pub(crate) struct Pace {
    min_nursery: usize,
    /// Bytes handed out for allocation since the last collection.
    spent: usize,
    budget: usize,
    /// Bytes of objects that survived.
    live: usize,
    /// Bytes that foreign boxes hold outside the heap.
    external: usize,
    /// With more than this alive, the next collection is a full one.
    full_at: usize,
    /// Bytes of objects that survived the last full collection.
    settled: usize,
    /// Bytes handed out since the last full collection, those since the last collection aside.
    since_full: usize,
}

impl Pace {
    pub(crate) fn new(min_nursery: usize) -> Pace {
        let min_nursery = min_nursery.max(BLOCK);
        let budget = min_nursery;
        Pace {
            min_nursery,
            spent: 0,
            budget,
            live: 0,
            external: 0,
            full_at: MIN_FULL,
            settled: 0,
            since_full: 0,
        }
    }

    pub(crate) fn spend(&mut self, bytes: usize) {
        self.spent = self.spent.saturating_add(bytes);
    }

    /// Foreign memory came (or went). True if a collection is due now.
    pub(crate) fn spend_external(&mut self, bytes: isize) -> bool {
        self.external = self.external.saturating_add_signed(bytes);
        self.spend(usize::try_from(bytes).unwrap_or(0));
        self.is_due()
    }

    /// A collection freed foreign memory.
    pub(crate) fn free_external(&mut self, bytes: usize) {
        self.external = self.external.saturating_sub(bytes);
    }

    pub(crate) fn is_due(&self) -> bool {
        self.spent >= self.budget
    }

    pub(crate) fn wants_full(&self) -> bool {
        let long_ago = MAX_BETWEEN_FULL.max(self.settled.saturating_mul(BETWEEN_FULL_BY_LIVE));
        self.live + self.external > self.full_at || self.since_full.saturating_add(self.spent) > long_ago
    }

    /// A collection found `marked` bytes of live objects (a minor one: that were not known before).
    pub(crate) fn collected(&mut self, full: bool, marked: usize) {
        self.since_full = if full { 0 } else { self.since_full.saturating_add(self.spent) };
        self.spent = 0;
        self.live = if full { marked } else { self.live + marked };
        // What lies outside the heap costs a minor collection nothing, and a nursery that fits the caches is faster.
        self.budget = self.min_nursery.max(self.live / 4);
        if full {
            self.settled = self.live;
            self.full_at = MIN_FULL.max((self.live + self.external) / 5 * 9);
        }
    }

    /// The bytes by which the heap may grow before the end of the next full collection.
    pub(crate) fn until_full(&self) -> usize {
        self.full_at.saturating_sub(self.live + self.external) + self.budget
    }

    pub(crate) fn budget(&self) -> usize {
        self.budget
    }

    pub(crate) fn spent(&self) -> usize {
        self.spent
    }

    pub(crate) fn live(&self) -> usize {
        self.live
    }

    pub(crate) fn external(&self) -> usize {
        self.external
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nursery_grows_with_live_data() {
        let mut pace = Pace::new(1 << 20);
        pace.spend(1 << 20);
        assert!(pace.is_due() && !pace.wants_full());
        pace.collected(false, 40 << 20);
        assert!(!pace.is_due() && pace.wants_full());
        pace.collected(true, 40 << 20);
        assert_eq!((pace.budget(), pace.wants_full()), (10 << 20, false));
    }

    #[test]
    fn full_collections_come_after_much_allocation() {
        let mut pace = Pace::new(1 << 20);
        let minor_until_full = |pace: &mut Pace, limit: usize| {
            for n in 0..limit {
                pace.spend(1 << 20);
                if pace.wants_full() {
                    return n;
                }
                pace.collected(false, 0);
            }
            limit
        };
        assert_eq!(minor_until_full(&mut pace, 1000), MAX_BETWEEN_FULL >> 20);
        pace.collected(true, 1 << 20);
        assert_eq!(minor_until_full(&mut pace, 1000), BETWEEN_FULL_BY_LIVE);
    }

    #[test]
    fn foreign_memory_counts() {
        let mut pace = Pace::new(1 << 20);
        assert!(!pace.spend_external(1000));
        assert!(pace.spend_external(1 << 20));
        pace.collected(false, 0);
        pace.spend_external(-(1 << 30));
        assert_eq!(pace.external(), 0);
    }
}
