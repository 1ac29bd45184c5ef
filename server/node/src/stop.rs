//! The end of a node: asked for, or forced by a journal that can write no more.

use tokio::sync::watch;

/// Why a node ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Somebody asked for it.
    Asked,
    /// The journal stopped for good: what is on the disk is unclear, and only opening it again can tell.
    JournalStopped,
}

/// Tells everything in a node that it ends.
#[derive(Debug)]
pub(crate) struct Stop(watch::Sender<Option<Ending>>);

/// Hears of the end.
#[derive(Debug, Clone)]
pub(crate) struct Stopping(watch::Receiver<Option<Ending>>);

impl Stop {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    /// Begins the end. The first reason stands.
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
    /// Waits for the end and returns why it came. Safe to cancel.
    pub(crate) async fn wait(&mut self) -> Ending {
        let ending = self.0.wait_for(Option::is_some).await.map(|ending| *ending);
        ending.ok().flatten().unwrap_or(Ending::Asked)
    }
}
