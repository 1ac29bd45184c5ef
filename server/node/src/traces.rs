//! Traces: each command's way through the nodes, from the request that brought it to the last socket that shows it,
//! as OpenTelemetry tells it, for whoever looks for what is slow. Ids, counts, kinds, codes and times alone.
//!
//! A command's own id is its trace's id, so that every node tells of the same trace and nothing is handed on.

#[cfg(feature = "otel")]
use std::sync::atomic::AtomicBool;
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(feature = "otel")]
mod built;
#[cfg(feature = "otel")]
mod id;
#[cfg(feature = "otel")]
mod keep;
#[cfg(feature = "otel")]
mod send;
#[cfg(feature = "otel")]
mod span;
#[cfg(not(feature = "otel"))]
mod without;

#[cfg(feature = "otel")]
pub(crate) use built::Traces;
#[cfg(not(feature = "otel"))]
pub(crate) use without::Traces;

/// Whether this program makes traces at all.
pub(crate) const ARE_BUILT: bool = cfg!(feature = "otel");
/// What is said by one that does not.
pub(crate) const WITHOUT: &str =
    "this muster was built without traces; build it with `--features otel`, or leave `traces` out";

/// What became of spans, which are the legs of traces.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    sent: AtomicU64,
    lost: AtomicU64,
    #[cfg(feature = "otel")]
    is_away: AtomicBool,
}

impl Spans {
    /// Counts spans that the collector took.
    #[cfg(feature = "otel")]
    fn sent(&self, count: usize) {
        self.sent.fetch_add(count.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Counts spans that nobody will see.
    #[cfg(feature = "otel")]
    fn lost(&self, count: usize) {
        self.lost.fetch_add(count.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Keeps whether the collector is away; tells whether that is news.
    #[cfg(feature = "otel")]
    fn set_away(&self, is_away: bool) -> bool {
        self.is_away.swap(is_away, Ordering::Relaxed) != is_away
    }

    /// Tells whether the collector took nothing when it was last asked to.
    #[cfg(feature = "otel")]
    fn is_away(&self) -> bool {
        self.is_away.load(Ordering::Relaxed)
    }

    /// Returns how many were sent and how many were lost.
    pub(crate) fn read(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.lost.load(Ordering::Relaxed))
    }
}
