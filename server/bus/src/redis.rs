//! Redis: one channel on which nodes notify each other, and one task that never gives up on it.
//!
//! Nothing waits for Redis: messages are queued, the latest per room, and sent when possible.
//! Messages published while this node was not subscribed are lost, so after every subscription it
//! checks everything.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use redis::{AsyncConnectionConfig, PushInfo, PushKind, Value, aio::MultiplexedConnection};
use rustls::client::danger::ServerCertVerifier;
use tokio::{
    sync::{Notify, mpsc, watch},
    time::{Instant, interval, sleep, timeout},
};
use uuid::Uuid;

pub(crate) mod address;
mod backoff;
mod line;

use crate::{
    Heard, Hearing, Told,
    ear::{Counts, Ear, Taken},
    message::{Key, Message, Said},
    outbox::Outbox,
};
use address::{Address, Place, Way};
use backoff::Backoff;
use line::Lines;

/// The channel of all nodes.
pub const CHANNEL: &str = "muster:doorbell";

/// Timeout for connecting, with TLS and authentication.
const CONNECT: Duration = Duration::from_secs(3);
/// Timeout of a response: a slower Redis counts as down.
const ANSWER: Duration = Duration::from_secs(2);
/// Interval between beacons.
const BEACON: Duration = Duration::from_secs(1);
/// Time without an own beacon after which other nodes may not be received.
const UNHEARD: Duration = Duration::from_secs(3);
/// Time without an own beacon after which the connection is dropped: a connection cut silently
/// reports nothing.
const DEAF: Duration = Duration::from_secs(6);
/// Interval between checks of whether the last beacon came back.
const LOOK: Duration = Duration::from_millis(250);
/// Interval between asking the Sentinels for the master.
const MASTER: Duration = Duration::from_secs(5);
/// Interval between checks of the server's certificate, on a fresh connection where TLS is in use:
/// an expired or untrusted certificate shows before the existing connection has broken.
const PROVE: Duration = Duration::from_secs(30);
/// Received messages buffered; on overflow this node checks everything.
const PUSHES_MAX: usize = 4_096;
/// Messages sent at once, so that beacons are not delayed behind them.
const MESSAGES_AT_ONCE: usize = 128;

/// The settings of a bus over Redis.
#[derive(Debug, Clone)]
pub struct Redis {
    /// Its address.
    pub address: Address,
    /// The key that authenticates the nodes' messages.
    pub key: Key,
    /// Verifies a server's certificate, where TLS is in use.
    pub trust: Option<Arc<dyn ServerCertVerifier>>,
    /// Whether to accept a Redis that others can use.
    pub may_be_open: bool,
}

/// Why Redis cannot be used with these settings.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// No certificates were configured.
    #[error("no certificates are configured to verify the Redis at rediss://")]
    NoTrust,
    /// TLS failed to initialise.
    #[error("TLS cannot be used: {0}")]
    Tls(rustls::Error),
    /// Certificates were configured without TLS.
    #[error("certificates are of use only for a Redis at rediss://")]
    NoTls,
}

/// Why this node stopped listening. It tries again.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("Redis: {0}")]
    Redis(#[from] redis::RedisError),
    #[error("Redis: {0}")]
    Line(#[from] std::io::Error),
    #[error("{0}")]
    Unbelieved(String),
    #[error("the host name of Redis cannot appear in a certificate")]
    NoName,
    #[error("Redis could not be reached in time")]
    Late,
    #[error("Redis has ended the connection")]
    Ended,
    #[error("Redis did not return our own beacon")]
    Deaf,
    #[error("no Sentinel knows the master")]
    NoMaster,
    #[error("the Sentinels report another master")]
    Moved,
    #[error(
        "the Sentinels lead to a Redis that other machines can reach, without a password or TLS"
    )]
    Open,
}

/// The task that publishes and listens.
pub(crate) struct Ringer {
    set: Redis,
    lines: Lines,
    /// Identifies this process uniquely.
    node: Uuid,
    outbox: Arc<Outbox>,
    told: Told,
    ear: Ear,
    number: AtomicU64,
}

/// The identity under which messages are sent.
struct Sender<'a> {
    node: Uuid,
    key: &'a Key,
    /// The number of the last message.
    number: &'a AtomicU64,
}

/// State set by the library's callback, which must not block.
#[derive(Debug, Default)]
struct Inlet {
    /// The buffer overflowed.
    overran: AtomicBool,
    /// The connection ended.
    ended: Notify,
}

impl Ringer {
    pub(crate) fn new(
        set: Redis,
        node: Uuid,
        outbox: Arc<Outbox>,
        told: Told,
        counts: Arc<Counts>,
    ) -> Result<Self, RedisError> {
        match (set.address.is_tls, set.trust.is_some()) {
            (true, false) => return Err(RedisError::NoTrust),
            (false, true) => return Err(RedisError::NoTls),
            (true, true) | (false, false) => {}
        }
        let lines = Lines::new(set.trust.clone())?;
        let ear = Ear::new(set.key.clone(), node, counts);
        Ok(Self { set, lines, node, outbox, told, ear, number: AtomicU64::new(0) })
    }

    /// Publishes and listens for as long as the bus exists.
    pub(crate) async fn run(mut self) {
        let mut backoff = Backoff::new(self.node);
        let mut told = String::new();
        loop {
            let Err(fault) = self.listen(&mut backoff).await;
            self.told.hearing.send_replace(Hearing::Unwell);
            let words = fault.to_string();
            if words == told {
                tracing::debug!(%fault, "not receiving from other nodes");
            } else {
                tracing::warn!(%fault, "not receiving from other nodes; polling the journal instead");
                told = words;
            }
            sleep(backoff.next()).await;
        }
    }

    /// Connects, subscribes, and runs until something fails.
    async fn listen(&mut self, backoff: &mut Backoff) -> Result<Infallible, Fault> {
        let place = self.find().await?;
        let inlet = Arc::new(Inlet::default());
        let (pushed, pushes) = mpsc::channel(PUSHES_MAX);
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(Some(ANSWER))
            .set_push_sender(take_in(pushed, Arc::clone(&inlet)));
        let connected = async {
            let mut link = self.lines.open(&place, &self.set.address.account, config).await?;
            link.subscribe(CHANNEL).await?;
            Ok::<_, Fault>(link)
        };
        let link = timeout(CONNECT + ANSWER, connected).await.map_err(|_| Fault::Late)??;
        // Anything published before is lost.
        drop(self.told.heard.send(Heard::Missed));
        let Self { set, lines, node, outbox, told, ear, number } = self;
        let sender = Sender { node: *node, key: &set.key, number };
        tokio::select! {
            fault = ring(link, &sender, outbox) => fault,
            fault = hear(pushes, &inlet, ear, told, backoff) => fault,
            () = inlet.ended.notified() => Err(Fault::Ended),
            fault = stay(set, lines, &place) => fault,
            fault = prove(lines, &place) => fault,
        }
    }

    /// Returns the server's address.
    async fn find(&self) -> Result<Place, Fault> {
        let place = find(&self.set, &self.lines).await?;
        if !self.set.may_be_open && !self.set.address.is_safe_at(&place.host) {
            return Err(Fault::Open);
        }
        Ok(place)
    }
}

/// Returns the server's address: as configured, or from the first Sentinel that answers.
async fn find(set: &Redis, lines: &Lines) -> Result<Place, Fault> {
    let (places, master, account) = match &set.address.way {
        Way::Direct(place) => return Ok(place.clone()),
        Way::Sentinels { places, master, account } => (places, master, account),
    };
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(ANSWER));
    for place in places {
        let asked = async {
            let mut link = lines.open(place, account, config.clone()).await?;
            let mut question = redis::cmd("SENTINEL");
            question.arg("GET-MASTER-ADDR-BY-NAME").arg(master);
            let answer = question.query_async::<Option<(String, u16)>>(&mut link).await?;
            Ok::<_, Fault>(answer)
        };
        match timeout(ANSWER, asked).await {
            Ok(Ok(Some((host, port)))) => return Ok(Place { host, port }),
            Ok(Ok(None)) => tracing::debug!(host = place.host, "a Sentinel knows no such master"),
            Ok(Err(error)) => {
                tracing::debug!(host = place.host, %error, "a Sentinel gave no answer");
            }
            Err(_) => tracing::debug!(host = place.host, "a Sentinel gave no answer in time"),
        }
    }
    Err(Fault::NoMaster)
}

/// Returns the library's callback for messages, which must neither block nor buffer without limit.
fn take_in(
    pushed: mpsc::Sender<Vec<u8>>,
    inlet: Arc<Inlet>,
) -> impl Fn(PushInfo) -> Result<(), Infallible> {
    move |push| {
        if push.kind == PushKind::Disconnection {
            inlet.ended.notify_one();
        } else if push.kind == PushKind::Message
            && let Some(Value::BulkString(bytes)) = push.data.into_iter().nth(1)
            && pushed.try_send(bytes).is_err()
        {
            inlet.overran.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Sends queued messages, and beacons.
async fn ring(
    mut link: MultiplexedConnection,
    sender: &Sender<'_>,
    outbox: &Outbox,
) -> Result<Infallible, Fault> {
    let mut beacons = interval(BEACON);
    loop {
        let mut said = tokio::select! {
            _ = beacons.tick() => vec![Said::Beacon],
            () = outbox.filled() => Vec::new(),
        };
        said.extend(outbox.take());
        while !said.is_empty() {
            let rest = said.split_off(said.len().min(MESSAGES_AT_ONCE));
            if let Err(error) = publish(&mut link, sender, &said).await {
                outbox.put_back(said);
                outbox.put_back(rest);
                return Err(Fault::Redis(error));
            }
            said = rest;
        }
    }
}

async fn publish(
    link: &mut MultiplexedConnection,
    sender: &Sender<'_>,
    said: &[Said],
) -> Result<(), redis::RedisError> {
    let mut pipe = redis::pipe();
    for said in said {
        let number = sender.number.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let message = Message { sender: sender.node, number, said: said.clone() };
        pipe.cmd("PUBLISH").arg(CHANNEL).arg(message.encode(sender.key)).ignore();
    }
    pipe.query_async::<()>(link).await
}

/// Receives the messages of all nodes, this one included: while its own beacons come back, it
/// receives every node with the same key.
async fn hear(
    mut pushes: mpsc::Receiver<Vec<u8>>,
    inlet: &Inlet,
    ear: &mut Ear,
    told: &Told,
    backoff: &mut Backoff,
) -> Result<Infallible, Fault> {
    let mut echoed = Instant::now();
    let mut looks = interval(LOOK);
    loop {
        let pushed = tokio::select! {
            pushed = pushes.recv() => Some(pushed.ok_or(Fault::Ended)?),
            _ = looks.tick() => None,
        };
        if inlet.overran.swap(false, Ordering::Relaxed) {
            drop(told.heard.send(Heard::Missed));
        }
        let now = Instant::now();
        match pushed.map(|bytes| ear.take(&bytes, now)) {
            Some(Taken::Heard(what)) => drop(told.heard.send(what)),
            Some(Taken::Shown(shown)) => drop(told.shown.send(shown)),
            Some(Taken::Echo) => {
                echoed = now;
                backoff.reset();
                turn(&told.hearing, Hearing::Well);
            }
            Some(Taken::Nothing) | None => {}
        }
        let silence = now.duration_since(echoed);
        if silence > UNHEARD {
            turn(&told.hearing, Hearing::Unwell);
        }
        if silence > DEAF {
            return Err(Fault::Deaf);
        }
    }
}

/// Publishes whether other nodes are received, and logs a change.
fn turn(hearing: &watch::Sender<Hearing>, to: Hearing) {
    let has_changed = hearing.send_if_modified(|is| {
        let has_changed = *is != to;
        *is = to;
        has_changed
    });
    match (has_changed, to) {
        (true, Hearing::Well) => tracing::info!("receiving from other nodes"),
        (true, Hearing::Unwell) => tracing::warn!("may not be receiving from other nodes"),
        (false, Hearing::Well | Hearing::Unwell) => {}
    }
}

/// Runs until the Sentinels report another master.
async fn stay(set: &Redis, lines: &Lines, place: &Place) -> Result<Infallible, Fault> {
    match set.address.way {
        Way::Direct(_) => std::future::pending().await,
        Way::Sentinels { .. } => loop {
            sleep(MASTER).await;
            match find(set, lines).await {
                Ok(master) if master != *place => return Err(Fault::Moved),
                Ok(_) => {}
                Err(fault) => tracing::debug!(%fault, "keeping the current master"),
            }
        },
    }
}

/// Checks the server's certificate from time to time. The verifier reports an untrusted one; the
/// existing connection stays in use for as long as it lasts.
async fn prove(lines: &Lines, place: &Place) -> Result<Infallible, Fault> {
    if !lines.is_over_tls() {
        return std::future::pending().await;
    }
    loop {
        sleep(PROVE).await;
        match timeout(CONNECT, lines.look(place)).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "Redis accepts no further connection"),
            Err(_) => tracing::debug!("Redis did not accept a connection in time"),
        }
    }
}
