//! Traces: the path of each command through the nodes, from its request to the last socket that shows it, in
//! OpenTelemetry's format, for finding what is slow. They contain only ids, counts, kinds, codes and times.
//!
//! The trace id is the command's own id, so every node contributes to the same trace and no context has to be
//! propagated.

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

/// Whether tracing is built in.
pub(crate) const ARE_BUILT: bool = cfg!(feature = "otel");
/// The message of a build without it.
pub(crate) const WITHOUT: &str =
    "this muster was built without traces; build it with `--features otel`, or leave `traces` out";

/// Counts of spans, the parts of traces.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    sent: AtomicU64,
    lost: AtomicU64,
    #[cfg(feature = "otel")]
    is_away: AtomicBool,
}

impl Spans {
    /// Counts spans that the collector accepted.
    #[cfg(feature = "otel")]
    fn sent(&self, count: usize) {
        self.sent.fetch_add(count.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Counts spans that were dropped.
    #[cfg(feature = "otel")]
    fn lost(&self, count: usize) {
        self.lost.fetch_add(count.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Records whether the collector is unreachable; returns whether that changed.
    #[cfg(feature = "otel")]
    fn set_away(&self, is_away: bool) -> bool {
        self.is_away.swap(is_away, Ordering::Relaxed) != is_away
    }

    /// Returns whether the collector rejected the last request.
    #[cfg(feature = "otel")]
    fn is_away(&self) -> bool {
        self.is_away.load(Ordering::Relaxed)
    }

    /// Returns (sent, lost).
    pub(crate) fn read(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.lost.load(Ordering::Relaxed))
    }
}
