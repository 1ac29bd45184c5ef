//! Shutdown of a node: requested, or forced by a journal that cannot write.

use tokio::sync::watch;

/// Why a node stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was requested.
    Asked,
    /// The journal stopped for good: the state on disk is uncertain, and only reopening it can tell.
    JournalStopped,
}

/// Signals shutdown to everything in a node.
#[derive(Debug)]
pub(crate) struct Stop(watch::Sender<Option<Ending>>);

/// Receives the shutdown signal.
#[derive(Debug, Clone)]
pub(crate) struct Stopping(watch::Receiver<Option<Ending>>);

impl Stop {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Starts the shutdown. The first reason wins.
    pub(crate) fn begin(&self, ending: Ending) {
        self.0.send_if_modified(|stands| {
            let first = stands.is_none();
            stands.get_or_insert(ending);
            first
        });
    }

    pub(crate) fn listen(&self) -> Stopping {
        Stopping(self.0.subscribe())
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.0.borrow().is_some()
    }
}

impl Stopping {
    /// Waits for the shutdown and returns its reason. Cancel safe.
    pub(crate) async fn wait(&mut self) -> Ending {
        let ending = self.0.wait_for(Option::is_some).await.map(|ending| *ending);
        ending.ok().flatten().unwrap_or(Ending::Asked)
    }
}
