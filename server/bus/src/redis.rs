//! Redis: one channel on which nodes ring for each other, and one task that never gives up on it.
//!
//! Nothing waits for Redis: what is told is put aside, the latest of each, and goes out when it can. What
//! was said while this node did not listen is lost, so whenever it listens again it looks at everything.

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

/// The channel that all nodes ring on.
pub const CHANNEL: &str = "muster:doorbell";

/// How long connecting may take, with its encryption and its password.
const CONNECT: Duration = Duration::from_secs(3);
/// How long an answer may take: a Redis that is slower is as good as none.
const ANSWER: Duration = Duration::from_secs(2);
/// Between two beacons.
const BEACON: Duration = Duration::from_secs(1);
/// Without an own beacon for so long, other nodes may not be heard.
const UNHEARD: Duration = Duration::from_secs(3);
/// Without one for so long, the connection is given up: a line that is cut without a word tells nothing.
const DEAF: Duration = Duration::from_secs(6);
/// Between two looks at whether the last beacon came back.
const LOOK: Duration = Duration::from_millis(250);
/// Between two questions to the Sentinels, whether the master is another one.
const MASTER: Duration = Duration::from_secs(5);
/// Between two looks at who the server is, by a connection made anew where it must prove itself: a certificate that ends,
/// or one that is not believed, is then known before the connection that there is has broken.
const PROVE: Duration = Duration::from_secs(30);
/// Messages that came and were not looked at; beyond it this node looks at everything.
const PUSHES_MAX: usize = 4_096;
/// Messages sent in one go, so that beacons are not late behind them.
const MESSAGES_AT_ONCE: usize = 128;

/// What a bus over Redis is made of.
#[derive(Debug, Clone)]
pub struct Redis {
    /// Where it is.
    pub address: Address,
    /// What tells the nodes' messages from everybody else's.
    pub key: Key,
    /// Who says whether a server is to be believed, where it is reached over TLS.
    pub trust: Option<Arc<dyn ServerCertVerifier>>,
    /// Whether a Redis that anybody could use is used all the same.
    pub may_be_open: bool,
}

/// Why Redis cannot be used as it was set.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// Nobody says whom to believe.
    #[error("nobody says by which certificates the Redis at rediss:// is known")]
    NoTrust,
    /// There is no TLS.
    #[error("TLS cannot be used: {0}")]
    Tls(rustls::Error),
    /// Certificates were given, and nothing is encrypted.
    #[error("certificates are of use only for a Redis at rediss://")]
    NoTls,
}

/// Why this node listens no more. It tries again.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("Redis: {0}")]
    Redis(#[from] redis::RedisError),
    #[error("Redis: {0}")]
    Line(#[from] std::io::Error),
    #[error("{0}")]
    Unbelieved(String),
    #[error("Redis is called by a name that no certificate can hold")]
    NoName,
    #[error("Redis could not be reached in time")]
    Late,
    #[error("Redis has ended the connection")]
    Ended,
    #[error("nothing came back from Redis")]
    Deaf,
    #[error("no Sentinel knows where the master is")]
    NoMaster,
    #[error("the Sentinels say that the master is elsewhere")]
    Moved,
    #[error(
        "the Sentinels lead to a Redis that other machines can reach, without a password or encryption"
    )]
    Open,
}

/// The task that rings and listens.
pub(crate) struct Ringer {
    set: Redis,
    lines: Lines,
    /// This process, and no other that ever was.
    node: Uuid,
    outbox: Arc<Outbox>,
    told: Told,
    ear: Ear,
    number: AtomicU64,
}

/// As whom messages are sent.
struct Sender<'a> {
    node: Uuid,
    key: &'a Key,
    /// The number of the last message.
    number: &'a AtomicU64,
}

/// What comes from the library, which must not wait for us.
#[derive(Debug, Default)]
struct Inlet {
    /// More came than could be kept.
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

    /// Rings and listens for as long as there is a bus.
    pub(crate) async fn run(mut self) {
        let mut backoff = Backoff::new(self.node);
        let mut told = String::new();
        loop {
            let Err(fault) = self.listen(&mut backoff).await;
            self.told.hearing.send_replace(Hearing::Unwell);
            let words = fault.to_string();
            if words == told {
                tracing::debug!(%fault, "other nodes are not heard");
            } else {
                tracing::warn!(%fault, "other nodes are not heard; the journal is looked at instead");
                told = words;
            }
            sleep(backoff.next()).await;
        }
    }

    /// Connects, subscribes, and works until something fails.
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
        // Whatever was said before is lost.
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

    /// Returns where the server is.
    async fn find(&self) -> Result<Place, Fault> {
        let place = find(&self.set, &self.lines).await?;
        if !self.set.may_be_open && !self.set.address.is_safe_at(&place.host) {
            return Err(Fault::Open);
        }
        Ok(place)
    }
}

/// Returns where the server is: as it was set, or as the first Sentinel says that answers.
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

/// Returns what takes in messages from the library, which must neither wait nor pile them up.
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

/// Sends what waits to be told, and beacons.
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

/// Hears what the nodes say, this one with them: as long as its own beacons come back, it hears all who have its key.
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

/// Says how hearing is, when it changed.
fn turn(hearing: &watch::Sender<Hearing>, to: Hearing) {
    let has_changed = hearing.send_if_modified(|is| {
        let has_changed = *is != to;
        *is = to;
        has_changed
    });
    match (has_changed, to) {
        (true, Hearing::Well) => tracing::info!("the doorbell is heard"),
        (true, Hearing::Unwell) => tracing::warn!("the doorbell may not be heard"),
        (false, Hearing::Well | Hearing::Unwell) => {}
    }
}

/// Stays for as long as the Sentinels say that this is the master.
async fn stay(set: &Redis, lines: &Lines, place: &Place) -> Result<Infallible, Fault> {
    match set.address.way {
        Way::Direct(_) => std::future::pending().await,
        Way::Sentinels { .. } => loop {
            sleep(MASTER).await;
            match find(set, lines).await {
                Ok(master) if master != *place => return Err(Fault::Moved),
                Ok(_) => {}
                Err(fault) => tracing::debug!(%fault, "the master is taken to be where it was"),
            }
        },
    }
}

/// Looks now and then who the server is. One that is not believed is told of by whoever does not believe it, and
/// spoken with for as long as the connection lasts that was made before.
async fn prove(lines: &Lines, place: &Place) -> Result<Infallible, Fault> {
    if !lines.is_over_tls() {
        return std::future::pending().await;
    }
    loop {
        sleep(PROVE).await;
        match timeout(CONNECT, lines.look(place)).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "Redis takes no further connection"),
            Err(_) => tracing::debug!("Redis did not take a connection in time"),
        }
    }
}
