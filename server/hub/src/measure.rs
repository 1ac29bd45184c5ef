//! Counters and histograms: atomics alone, so that counting never waits and never allocates.

use std::sync::atomic::{AtomicU64, Ordering};

/// A counter for each of a few things.
#[derive(Debug)]
pub struct Counts<T, const N: usize>([(T, AtomicU64); N]);

impl<T: Copy + PartialEq, const N: usize> Counts<T, N> {
    /// Returns counters of these things, all zero.
    pub fn of(things: [T; N]) -> Self {
        Self(things.map(|thing| (thing, AtomicU64::new(0))))
    }

    /// Increments one counter. Unknown things are not counted.
    pub fn add(&self, thing: T) {
        if let Some((_, count)) = self.0.iter().find(|(known, _)| *known == thing) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Decrements one counter, for gauges.
    pub fn take(&self, thing: T) {
        if let Some((_, count)) = self.0.iter().find(|(known, _)| *known == thing) {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Returns each thing and its count.
    pub fn read(&self) -> [(T, u64); N] {
        self.0.each_ref().map(|(thing, count)| (*thing, count.load(Ordering::Relaxed)))
    }
}

/// A histogram: how many values are at or below each bound, how many beyond the last, and their
/// sum.
#[derive(Debug)]
pub struct Histogram<const N: usize> {
    buckets: [(u32, AtomicU64); N],
    beyond: AtomicU64,
    sum: AtomicU64,
}

/// A reading of a histogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Each bound with the number of values above the previous bound and at or below this one.
    pub buckets: Vec<(u32, u64)>,
    /// The number of values above the last bound.
    pub beyond: u64,
    /// The sum of all values.
    pub sum: u64,
}

impl<const N: usize> Histogram<N> {
    /// Returns a histogram with these ascending bounds.
    pub fn new(bounds: [u32; N]) -> Self {
        let buckets = bounds.map(|bound| (bound, AtomicU64::new(0)));
        Self { buckets, beyond: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    /// Records a value.
    pub fn observe(&self, value: u64) {
        let place = self.buckets.iter().find(|(bound, _)| value <= u64::from(*bound));
        let count = place.map_or(&self.beyond, |(_, count)| count);
        count.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Returns the recorded values.
    pub fn read(&self) -> Spread {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let buckets = self.buckets.iter().map(|(bound, count)| (*bound, read(count))).collect();
        Spread { buckets, beyond: read(&self.beyond), sum: read(&self.sum) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_has_its_own_count() {
        let counts = Counts::of(['a', 'b']);
        counts.add('a');
        counts.add('a');
        counts.add('b');
        counts.take('b');
        counts.add('c');
        assert_eq!(counts.read(), [('a', 2), ('b', 0)]);
    }

    #[test]
    fn a_value_is_counted_at_or_below_its_bound() {
        let spread = Histogram::new([1, 10, 100]);
        for value in [0, 1, 2, 10, 11, 100, 101, 5_000] {
            spread.observe(value);
        }
        let read = spread.read();
        assert_eq!(read.buckets, [(1, 2), (10, 2), (100, 2)]);
        assert_eq!((read.beyond, read.sum), (2, 5_225));
    }
}
