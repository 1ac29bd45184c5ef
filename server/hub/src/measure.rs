//! What is counted: atomics alone, so that counting never waits and never allocates.

use std::sync::atomic::{AtomicU64, Ordering};

/// How often each of a few things happened.
#[derive(Debug)]
pub struct Counts<T, const N: usize>([(T, AtomicU64); N]);

impl<T: Copy + PartialEq, const N: usize> Counts<T, N> {
    /// Returns counts of these things, all of them zero.
    pub fn of(things: [T; N]) -> Self {
        Self(things.map(|thing| (thing, AtomicU64::new(0))))
    }

    /// Counts one of them once. What is not among them is not counted.
    pub fn add(&self, thing: T) {
        if let Some((_, count)) = self.0.iter().find(|(known, _)| *known == thing) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes one back, where what is counted is there for a while.
    pub fn take(&self, thing: T) {
        if let Some((_, count)) = self.0.iter().find(|(known, _)| *known == thing) {
            count.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Returns each and how often it happened.
    pub fn read(&self) -> [(T, u64); N] {
        self.0.each_ref().map(|(thing, count)| (*thing, count.load(Ordering::Relaxed)))
    }
}

/// How values are spread: how many lie at or below each bound, how many beyond the last, and their sum.
#[derive(Debug)]
pub struct Histogram<const N: usize> {
    buckets: [(u32, AtomicU64); N],
    beyond: AtomicU64,
    sum: AtomicU64,
}

/// A histogram as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// Each bound with the number of values above the bound before it and at or below this one.
    pub buckets: Vec<(u32, u64)>,
    /// The number of values above the last bound.
    pub beyond: u64,
    /// The sum of all values.
    pub sum: u64,
}

impl<const N: usize> Histogram<N> {
    /// Returns a histogram with these bounds, which rise.
    pub fn new(bounds: [u32; N]) -> Self {
        let buckets = bounds.map(|bound| (bound, AtomicU64::new(0)));
        Self { buckets, beyond: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    /// Takes a value in.
    pub fn observe(&self, value: u64) {
        let place = self.buckets.iter().find(|(bound, _)| value <= u64::from(*bound));
        let count = place.map_or(&self.beyond, |(_, count)| count);
        count.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Returns what was taken in.
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
    fn each_thing_is_counted_by_itself() {
        let counts = Counts::of(['a', 'b']);
        counts.add('a');
        counts.add('a');
        counts.add('b');
        counts.take('b');
        counts.add('c');
        assert_eq!(counts.read(), [('a', 2), ('b', 0)]);
    }

    #[test]
    fn a_value_lies_at_or_below_its_bound() {
        let spread = Histogram::new([1, 10, 100]);
        for value in [0, 1, 2, 10, 11, 100, 101, 5_000] {
            spread.observe(value);
        }
        let read = spread.read();
        assert_eq!(read.buckets, [(1, 2), (10, 2), (100, 2)]);
        assert_eq!((read.beyond, read.sum), (2, 5_225));
    }
}
