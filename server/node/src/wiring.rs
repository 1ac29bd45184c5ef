//! The wiring: which journal and which bus a node uses, and how it starts and stops.
//!
//! The only module that chooses between stores.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hub::{Clock, Hub};
use journal::Health;

use crate::{
    clock::{SystemClock, fresh_id},
    config::Config,
    http::{self, origin::Origins},
    listen,
    login::Door,
    metrics,
    node::{Node, Parts},
    operator::{Access, AccessError},
    stop::Ending,
    traces::Traces,
    trust::Trust,
};

mod running;
mod store;
mod time;

pub(crate) use store::make_folder;

pub use running::Running;

pub use journal::postgres::{Address, AddressError, Asked as Database};
use store::Store;

/// Milliseconds between clean-ups of idle clients.
const FORGET_MS: u64 = 60_000;

/// Where a node stores its data.
#[derive(Debug)]
pub enum Memory {
    /// In a database in this folder, created if needed.
    Folder(PathBuf),
    /// In a `PostgreSQL` database that other nodes may share.
    Postgres {
        /// The node's folder, for the operator's commands.
        data: PathBuf,
        /// The database.
        address: Box<Address>,
    },
    /// In a store supplied by a test.
    Given {
        /// The journal.
        journal: Arc<dyn journal::Journal>,
        /// The registry.
        registry: Arc<dyn journal::Registry>,
    },
}

/// How nodes notify each other.
#[derive(Debug)]
pub enum Doorbell {
    /// Not at all: the node runs alone.
    Local,
    /// Redis.
    Redis(Box<bus::Redis>),
    /// A bus supplied by a test.
    Given(bus::Bus),
}

/// The parts of a node.
#[derive(Debug)]
pub struct Setup {
    /// The configuration.
    pub config: Config,
    /// The store.
    pub memory: Memory,
    /// The bus.
    pub doorbell: Doorbell,
    /// The source of time and randomness.
    pub clock: Arc<dyn Clock>,
    /// The trust settings of the servers that it connects to, for the metrics.
    pub trusts: Vec<Arc<Trust>>,
}

/// Why a node cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be created.
    #[error("the folder {path} cannot be created or written: {source}")]
    Folder {
        /// The folder.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The database is locked by another node.
    #[error("{0}; only one node at a time can have a data folder")]
    Locked(journal::Error),
    /// The database cannot be opened for another reason.
    #[error(transparent)]
    Journal(journal::Error),
    /// The shared database cannot be opened.
    #[error("{address}: {source}")]
    Database {
        /// Its address, without the password.
        address: String,
        /// Why.
        source: journal::Error,
    },
    /// The listen address is unusable.
    #[error("cannot listen on {addr}: {words}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// Why.
        words: String,
    },
    /// The operator's file cannot be written.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The Redis settings are unusable.
    #[error(transparent)]
    Redis(#[from] bus::RedisError),
    /// The system cannot start its threads.
    #[error("the system cannot start a thread: {0}")]
    Runtime(std::io::Error),
    /// Tracing cannot be started.
    #[error("commands cannot be traced: {0}")]
    Traces(String),
}

impl Setup {
    /// Returns a node on a data folder, with the system clock; its rooms are in the database, if given.
    pub fn on(config: Config, data: &Path, database: Option<Address>) -> Self {
        let data = data.to_owned();
        let memory = match database {
            Some(address) => Memory::Postgres { data, address: Box::new(address) },
            None => Memory::Folder(data),
        };
        let (doorbell, clock) = (Doorbell::Local, Arc::new(SystemClock));
        Self { config, memory, doorbell, clock, trusts: Vec::new() }
    }

    /// Returns a node on a data folder, with the system clock.
    pub fn folder(config: Config, data: &Path) -> Self {
        Self::on(config, data, None)
    }
}

/// Starts a node; returns once it accepts connections.
pub async fn start(setup: Setup) -> Result<Running, StartError> {
    let Store { journal, registry, data, kept } = Store::open(setup.memory).await?;
    let clock = time::of(setup.clock, &journal);
    let (listener, addr) = bound(setup.config.listen)?;
    let figures = setup.config.metrics.map(bound).transpose()?;
    let origins = Origins::of(&setup.config, addr);
    let bus = setup.doorbell.hung(&*clock)?;
    let traces = setup.config.traces.as_ref().map(|collector| Traces::begin(collector, addr));
    let traces = traces.transpose().map_err(StartError::Traces)?;
    let witness = traces.as_ref().map(Traces::witness);
    let hub = Hub::watched(Arc::clone(&journal), bus.clone(), Arc::clone(&clock), witness);
    let node = Arc::new(Node::new(Parts {
        hub,
        door: Door::new(Arc::clone(&registry), Arc::clone(&clock), bus),
        clock,
        url: origins.first().to_owned(),
        origins,
        beat_ms: setup.config.beat_ms,
        catch_up_bytes_per_s: setup.config.catch_up_bytes_per_s,
        here: addr.ip(),
        is_proxied: setup.config.public_url.is_some(),
        spans: traces.as_ref().map(Traces::spans).unwrap_or_default(),
        trusts: setup.trusts,
    }));
    let access = match data.clone() {
        Some(data) => {
            let access = Access { url: local_url(addr), token: node.operator.text() };
            access.write(&data)?;
            Some((access, data))
        }
        None => None,
    };
    let router = http::router(&node);
    let most = listen::CONNECTIONS_MAX;
    let serving = tokio::spawn(listen::serve(listener, router, most, node.stop.listen()));
    let figures = figures.map(|(listener, addr)| {
        if !addr.ip().is_loopback() {
            tracing::info!(%addr, "every machine that reaches this address can read the metrics");
        }
        let (router, most) = (metrics::router(&node, data), metrics::CONNECTIONS_MAX);
        (addr, tokio::spawn(listen::serve(listener, router, most, node.stop.listen())))
    });
    tokio::spawn(forget(Arc::clone(&node)));
    tokio::spawn(watch(Arc::clone(&node), journal.health()));
    tokio::spawn(watch_logins(Arc::clone(&node)));
    tracing::info!(%addr, "the node is ready");
    Ok(Running { addr, node, registry, journal, kept, access, serving, figures, traces })
}

/// Listens on an address; returns the actual address.
fn bound(addr: SocketAddr) -> Result<(tokio::net::TcpListener, SocketAddr), StartError> {
    let failed = |error: std::io::Error| StartError::Listen {
        addr,
        words: if error.kind() == std::io::ErrorKind::AddrInUse {
            "another program is using it".to_owned()
        } else {
            error.to_string()
        },
    };
    let listener = listen::bind(addr).map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    Ok((listener, addr))
}

impl Doorbell {
    fn hung(self, clock: &dyn Clock) -> Result<bus::Bus, bus::RedisError> {
        match self {
            Self::Local => Ok(bus::Bus::local()),
            Self::Redis(set) => bus::Bus::redis(*set, fresh_id(clock)),
            Self::Given(bus) => Ok(bus),
        }
    }
}

/// Returns the URL of the node for the operator's commands on this machine.
pub fn local_url(addr: SocketAddr) -> String {
    let mut here = addr;
    if here.ip().is_unspecified() {
        here.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{here}")
}

/// Periodically drops idle clients.
async fn forget(node: Arc<Node>) {
    let mut stopping = node.stop.listen();
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(FORGET_MS)) => node.rates.forget(),
            _ = stopping.wait() => return,
        }
    }
}

/// Watches for logins that end on other nodes.
async fn watch_logins(node: Arc<Node>) {
    node.door.watch(node.stop.listen()).await;
}

/// Stops the node if its journal has stopped for good.
async fn watch(node: Arc<Node>, mut health: tokio::sync::watch::Receiver<Health>) {
    let mut stopping = node.stop.listen();
    loop {
        tokio::select! {
            changed = health.changed() => if changed.is_err() { return },
            _ = stopping.wait() => return,
        }
        let stands = *health.borrow_and_update();
        match stands {
            Health::Writable => tracing::info!("the journal accepts writes"),
            Health::Full => tracing::error!("the disk is full: rooms can be read, not written"),
            Health::Away => {
                tracing::error!(
                    "the database cannot be reached or does not accept writes: rooms can be read, not written"
                );
            }
            Health::Stopped => {
                tracing::error!(
                    "the journal has stopped: the state on disk is uncertain; the node stops"
                );
                node.stop.begin(Ending::JournalStopped);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    #[tokio::test]
    async fn a_stopped_node_frees_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let setup = Setup::folder(Config::loopback(0), folder.path());
            let running = start(setup).await.unwrap();
            let node = Client::new(running.url());
            assert_eq!(node.get("/ready").await.unwrap().status.as_u16(), 200);
            assert!(Access::read(folder.path()).is_ok());
            running.stop().await;
            assert!(node.get("/health").await.is_err());
            assert!(Access::read(folder.path()).is_err());
        }
    }

    #[tokio::test]
    async fn a_folder_has_one_node_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let setup = || Setup::folder(Config::loopback(0), folder.path());
        let running = start(setup()).await.unwrap();
        let words = start(setup()).await.err().unwrap().to_string();
        assert!(words.contains("another process is using"), "{words}");
        running.stop().await;
    }

    #[tokio::test]
    async fn a_port_in_use_is_reported_in_words() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = Config::loopback(taken.local_addr().unwrap().port());
        let words = start(Setup::folder(config, folder.path())).await.err().unwrap().to_string();
        assert!(words.ends_with("another program is using it"), "{words}");
    }

    #[tokio::test]
    async fn a_node_runs_on_a_store_supplied_by_a_test() {
        let memory = Arc::new(journal::Memory::default());
        let setup = Setup {
            config: Config::loopback(0),
            memory: Memory::Given {
                journal: Arc::<journal::Memory>::clone(&memory),
                registry: Arc::<journal::Memory>::clone(&memory),
            },
            doorbell: Doorbell::Local,
            clock: Arc::new(SystemClock),
            trusts: Vec::new(),
        };
        let running = start(setup).await.unwrap();
        memory.set_full(true);
        let ready = Client::new(running.url()).get("/ready").await.unwrap();
        assert_eq!(ready.status.as_u16(), 503);
        running.stop().await;
    }
}
