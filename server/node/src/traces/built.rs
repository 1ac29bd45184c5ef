//! The tracing pipeline: the hub's witness passes what it observes to one task, and a second task sends it.
//! Neither blocks a room: spans that do not fit are dropped and counted.

use std::{net::SocketAddr, sync::Arc};

use hub::{Delivery, Sighting, Witness};
use proto::{id::CommandId, limit};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::{Duration, timeout},
};

use super::{
    Spans,
    keep::{Keeper, Seen},
    send::Sender,
};
use crate::{
    clock::{SystemClock, fresh_id},
    config::{Collector, Share},
};

/// The tracing pipeline.
#[derive(Debug)]
pub(crate) struct Traces {
    watcher: Arc<Watcher>,
    end: oneshot::Sender<()>,
    keeping: JoinHandle<()>,
    sending: JoinHandle<()>,
}

/// The hub's witness.
#[derive(Debug)]
struct Watcher {
    share: Share,
    seen: mpsc::Sender<Seen>,
    spans: Arc<Spans>,
}

impl Traces {
    /// Starts tracing to a collector, on the current runtime.
    pub(crate) fn begin(collector: &Collector, listen: SocketAddr) -> Result<Self, String> {
        let node = fresh_id(&SystemClock);
        let sender = Sender::new(&collector.url, node, listen)?;
        let spans = Arc::new(Spans::default());
        let (seen, waiting) = mpsc::channel(limit::TRACE_LEGS_MAX);
        let (out, batches) = mpsc::channel(limit::TRACE_BATCHES_MAX);
        let (end, ended) = oneshot::channel();
        let keeper = Keeper::new(node, waiting, out, Arc::clone(&spans));
        tracing::info!(%node, collector = collector.url, "commands are traced");
        Ok(Self {
            watcher: Arc::new(Watcher { share: collector.share, seen, spans: Arc::clone(&spans) }),
            end,
            keeping: tokio::spawn(keeper.keep(ended)),
            sending: tokio::spawn(sender.send(batches, spans)),
        })
    }

    /// Returns the observer of commands for a hub.
    pub(crate) fn witness(&self) -> Arc<dyn Witness> {
        Arc::<Watcher>::clone(&self.watcher)
    }

    /// Returns the counts of spans so far.
    pub(crate) fn spans(&self) -> Arc<Spans> {
        Arc::clone(&self.watcher.spans)
    }

    /// Sends what is buffered and ends. Does not wait long for a slow collector.
    pub(crate) async fn end(self) {
        let Self { end, keeping, sending, .. } = self;
        let (keeps, sends) = (keeping.abort_handle(), sending.abort_handle());
        end.send(()).unwrap_or_default();
        let both = async { drop((keeping.await, sending.await)) };
        if timeout(Duration::from_millis(limit::TRACE_END_MS), both).await.is_err() {
            keeps.abort();
            sends.abort();
            tracing::warn!("the collector did not accept the last traces in time");
        }
    }
}

impl Watcher {
    fn tell(&self, seen: Seen) {
        if self.seen.try_send(seen).is_err() {
            self.spans.lost(1);
        }
    }
}

impl Witness for Watcher {
    fn watches(&self, command: CommandId) -> bool {
        self.share.has(command)
    }

    fn saw(&self, sighting: Sighting) {
        self.tell(Seen::Leg(sighting));
    }

    fn delivers(&self, delivery: Arc<Delivery>) {
        self.tell(Seen::Delivery(delivery));
    }
}
