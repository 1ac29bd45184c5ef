//! What every request and every socket shares.

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
    /// Places for lists that are read at once.
    pub(crate) intakes: Arc<Semaphore>,
    /// Memory for files that people send.
    pub(crate) files: Files,
    /// What screens that come back are sent.
    pub(crate) catch_up: CatchUp,
    pub(crate) directory: Directory,
    /// The first part of every link.
    pub(crate) url: String,
    /// What proves that a request is the operator's.
    pub(crate) operator: Secret,
    /// Milliseconds between two beats.
    pub(crate) beat_ms: u64,
    /// The address listened on.
    pub(crate) here: IpAddr,
    /// Whether a proxy in front is believed about where a request comes from.
    pub(crate) is_proxied: bool,
    /// The sockets that are open.
    pub(crate) sockets: Sockets,
    /// What the door counts.
    pub(crate) tally: Tally,
    /// What became of the spans of traces; nothing where there are none.
    pub(crate) spans: Arc<Spans>,
    /// Who vouches for the servers that it connects to.
    pub(crate) trusts: Vec<Arc<Trust>>,
    /// Turns to make an export.
    pub(crate) exports: Arc<Semaphore>,
    /// Members known to be in their rooms, so that a storm of reconnects asks no room again.
    admitted: Admitted,
}

/// Members known to be in their rooms.
#[derive(Debug, Default)]
pub(crate) struct Admitted(Mutex<BTreeSet<(RoomId, MemberId)>>);

/// Where a connection comes from, and its place among those that the node takes.
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

/// What became of an admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// The member is in the room, or the login is a screen's.
    In,
    /// Nothing was decided; it is worth another try.
    Later,
    /// The rules said no.
    Refused,
}

/// The parts of a node, for the wiring.
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

    /// Tells whether commands are taken.
    pub(crate) fn is_ready(&self) -> bool {
        self.hub.writable() && !self.stop.has_begun()
    }

    /// Sees to it that the member behind a login is in the room. The command is the same each time.
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
                tracing::warn!(%error, room = %login.room, "an admission was put off");
                return Admission::Later;
            }
        };
        match fates.into_iter().next().map(|first| first.fate) {
            Some(Fate::Ok { .. } | Fate::Dup { .. }) => self.admitted.put(whose),
            // Another link for somebody who is on the roster already.
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
