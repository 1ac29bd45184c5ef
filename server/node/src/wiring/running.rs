//! A running node: its addresses, and how it stops.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Weak},
    time::Duration,
};

use hub::Hub;
use tokio::task::JoinHandle;

use crate::{node::Node, operator::Access, stop::Ending, traces::Traces};

/// Milliseconds for rooms to release the journal when a node stops.
const RELEASE_MS: u64 = 2_000;
/// Milliseconds between checks whether they have.
const LOOK_MS: u64 = 10;

/// A running node. Dropping this leaves it running; [`Running::stop`] stops it.
#[derive(Debug)]
pub struct Running {
    pub(super) addr: SocketAddr,
    pub(super) node: Arc<Node>,
    pub(super) registry: Arc<dyn journal::Registry>,
    pub(super) journal: Arc<dyn journal::Journal>,
    pub(super) kept: Option<Weak<journal::Sqlite>>,
    pub(super) access: Option<(Access, PathBuf)>,
    pub(super) serving: JoinHandle<()>,
    /// The metrics address and its server task.
    pub(super) figures: Option<(SocketAddr, JoinHandle<()>)>,
    pub(super) traces: Option<Traces>,
}

impl Running {
    /// Returns the listen address.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the metrics address.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.figures.as_ref().map(|(addr, _)| *addr)
    }

    /// Returns the origin of the node's pages: `http://127.0.0.1:PORT` or the public URL.
    pub fn url(&self) -> &str {
        &self.node.url
    }

    /// Returns the operator's token.
    pub fn operator_token(&self) -> String {
        self.node.operator.text()
    }

    /// Returns the rooms in use.
    pub fn hub(&self) -> &Hub {
        &self.node.hub
    }

    /// Returns the journal.
    pub fn journal(&self) -> &Arc<dyn journal::Journal> {
        &self.journal
    }

    /// Returns the registry.
    pub fn registry(&self) -> &Arc<dyn journal::Registry> {
        &self.registry
    }

    /// Ends a login, as its owner would: its sockets are closed at once.
    pub async fn end_login(&self, device: proto::id::DeviceId) -> Result<(), journal::Error> {
        self.node.door.end(device).await
    }

    /// Waits until the node stops by itself, and returns why.
    pub fn ended(&self) -> impl Future<Output = Ending> + use<> {
        let mut stopping = self.node.stop.listen();
        async move { stopping.wait().await }
    }

    /// Waits, after its runtime was dropped as in a power cut, until the node's folder can be opened again.
    pub async fn lost(self) {
        drop((self.node, self.journal, self.registry));
        if let Some(kept) = self.kept {
            released(&kept).await;
        }
    }

    /// Stops the node: no more connections, every socket closed, pending work finished.
    pub async fn stop(self) {
        self.node.stop.begin(Ending::Asked);
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the accept loop failed");
        }
        if let Some((_, figures)) = self.figures
            && let Err(error) = figures.await
        {
            tracing::error!(%error, "the accept loop of the metrics failed");
        }
        if let Some((access, data)) = &self.access {
            access.remove(data);
        }
        drop(self.node);
        drop(self.journal);
        drop(self.registry);
        let released = async {
            if let Some(kept) = self.kept {
                released(&kept).await;
            }
        };
        let told = async {
            if let Some(traces) = self.traces {
                traces.end().await;
            }
        };
        tokio::join!(released, told);
        tracing::info!("the node has stopped");
    }
}

/// Waits until nothing uses the database, so that the next node can open it.
async fn released(kept: &Weak<journal::Sqlite>) {
    let gone = async {
        while kept.strong_count() > 0 {
            tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        }
    };
    if tokio::time::timeout(Duration::from_millis(RELEASE_MS), gone).await.is_err() {
        tracing::warn!("the database is still in use");
    }
}
