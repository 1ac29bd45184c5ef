//! State shared by all requests and sockets.

use std::{
    collections::BTreeSet,
    net::IpAddr,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use directory::Directory;
use hub::{Clock, Hub};
use proto::{
    id::{MemberId, RoomId},
    limit,
    member::Actor,
    outcome::Fate,
    refusal::Code,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    catch_up::CatchUp,
    http::{
        files::Files, headers::Headers, origin::Origins, packed::Packed, rate::Rates,
        snapshots::Snapshots,
    },
    login::{Door, Login, admission::admission, secret::Secret},
    stop::Stop,
    tally::Tally,
    traces::Spans,
    trust::Trust,
    ws::count::Sockets,
};

/// One running node.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) hub: Hub,
    pub(crate) door: Door,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stop: Stop,
    pub(crate) origins: Origins,
    pub(crate) headers: Headers,
    pub(crate) rates: Rates,
    pub(crate) snapshots: Snapshots,
    pub(crate) packed: Packed,
    /// Permits for parsing lists concurrently.
    pub(crate) intakes: Arc<Semaphore>,
    /// The memory budget for uploaded files.
    pub(crate) files: Files,
    /// The rate limit for screens that reconnect.
    pub(crate) catch_up: CatchUp,
    pub(crate) directory: Directory,
    /// The prefix of every link.
    pub(crate) url: String,
    /// The operator's token.
    pub(crate) operator: Secret,
    /// Milliseconds between heartbeats.
    pub(crate) beat_ms: u64,
    /// The listen address.
    pub(crate) here: IpAddr,
    /// Whether to trust the proxy's headers for the client's address.
    pub(crate) is_proxied: bool,
    /// The open sockets.
    pub(crate) sockets: Sockets,
    /// The node's counters.
    pub(crate) tally: Tally,
    /// Counts of sent and lost trace spans; empty without tracing.
    pub(crate) spans: Arc<Spans>,
    /// The trust settings of the servers that the node connects to.
    pub(crate) trusts: Vec<Arc<Trust>>,
    /// Permits for making exports.
    pub(crate) exports: Arc<Semaphore>,
    /// Members known to be in their rooms, so that a reconnect storm does not query the rooms again.
    admitted: Admitted,
}

/// Members known to be in their rooms.
#[derive(Debug, Default)]
pub(crate) struct Admitted(Mutex<BTreeSet<(RoomId, MemberId)>>);

/// The address of a connection, and its permit.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub(crate) ip: IpAddr,
    _place: Arc<OwnedSemaphorePermit>,
}

impl Peer {
    pub(crate) fn new(ip: IpAddr, place: OwnedSemaphorePermit) -> Self {
        Self { ip, _place: Arc::new(place) }
    }
}

/// The result of an admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// The member is in the room, or the login is a wall screen's.
    In,
    /// Nothing was decided; retry later.
    Later,
    /// The rules said no.
    Refused,
}

/// The parts of a node, from the wiring.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) hub: Hub,
    pub(crate) door: Door,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) origins: Origins,
    pub(crate) url: String,
    pub(crate) beat_ms: u64,
    pub(crate) catch_up_bytes_per_s: NonZeroUsize,
    pub(crate) here: IpAddr,
    pub(crate) is_proxied: bool,
    pub(crate) spans: Arc<Spans>,
    pub(crate) trusts: Vec<Arc<Trust>>,
}

impl Node {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            operator: Secret::fresh(&*parts.clock),
            headers: Headers::new(&parts.origins),
            hub: parts.hub,
            door: parts.door,
            clock: parts.clock,
            stop: Stop::new(),
            origins: parts.origins,
            rates: Rates::new(),
            snapshots: Snapshots::default(),
            packed: Packed::default(),
            files: Files::new(),
            catch_up: CatchUp::new(parts.catch_up_bytes_per_s),
            intakes: Arc::new(Semaphore::new(limit::IMPORTS_AT_ONCE_MAX)),
            directory: Directory::default(),
            url: parts.url,
            beat_ms: parts.beat_ms,
            here: parts.here,
            is_proxied: parts.is_proxied,
            sockets: Sockets::default(),
            tally: Tally::default(),
            spans: parts.spans,
            trusts: parts.trusts,
            exports: Arc::new(Semaphore::new(limit::EXPORTS_AT_ONCE)),
            admitted: Admitted::default(),
        }
    }

    /// Returns whether the node accepts commands.
    pub(crate) fn is_ready(&self) -> bool {
        self.hub.writable() && !self.stop.has_begun()
    }

    /// Admits the member of a login to the room. The command is the same each time.
    pub(crate) async fn admit(&self, login: &Login) -> Admission {
        let Some(command) = admission(login) else { return Admission::In };
        let whose = (login.room, login.member);
        if self.admitted.has(whose) {
            return Admission::In;
        }
        let system = hub::Author { actor: Actor::System, ceiling: None, device: None };
        let fates = match self.hub.submit(login.room, system, vec![command]).await {
            Ok(fates) => fates,
            Err(hub::Error::NoRoom) => return Admission::Refused,
            Err(error) => {
                tracing::warn!(%error, room = %login.room, "an admission was postponed");
                return Admission::Later;
            }
        };
        match fates.into_iter().next().map(|first| first.fate) {
            Some(Fate::Ok { .. } | Fate::Dup { .. }) => self.admitted.put(whose),
            // Another link for a member who is already on the roster.
            Some(Fate::Refused(no)) if matches!(no.code, Code::IdReuse | Code::Already) => {
                self.admitted.put(whose);
            }
            Some(Fate::Refused(no)) => {
                tracing::warn!(code = ?no.code, room = %login.room, "an admission was refused");
                return Admission::Refused;
            }
            Some(Fate::Retry { .. }) | None => return Admission::Later,
        }
        Admission::In
    }
}

impl Admitted {
    fn has(&self, whose: (RoomId, MemberId)) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&whose)
    }

    fn put(&self, whose: (RoomId, MemberId)) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(whose);
    }
}
