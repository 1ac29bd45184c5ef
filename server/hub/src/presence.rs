//! Presence: who is connected to a room, on any node, and whose panel they have open. One latest
//! value per room, published to its desks at most once a second, and never stored (I-34).

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use bus::{Bus, Shown};
use bytes::Bytes;
use proto::{
    frame::ServerFrame,
    id::{MemberId, PersonId, RoomId},
    limit::{LOOKING_MAX, PRESENCE_AGAIN_MS, PRESENCE_MS, PRESENCE_TTL_MS, PRESENT_MAX},
    presence::Present,
    role::Audience,
};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior, interval},
};
use uuid::Uuid;

/// How long a screen counts as present after its last sign of life, and a node after its last
/// message.
const TTL: Duration = Duration::from_millis(PRESENCE_TTL_MS);
/// How often presence is published to other nodes although nothing changed.
const AGAIN: Duration = Duration::from_millis(PRESENCE_AGAIN_MS);
/// Other nodes tracked per room; there are only a few.
const NODES_MAX: usize = 64;

/// The presence in the rooms of this node.
#[derive(Debug)]
pub(crate) struct Presence {
    rooms: Mutex<HashMap<RoomId, Room>>,
    bus: Bus,
    begun: AtomicBool,
    next: AtomicU64,
}

/// One room.
#[derive(Debug, Default)]
struct Room {
    /// The screens of this node.
    here: HashMap<u64, Screen>,
    /// The last presence received from other nodes.
    elsewhere: HashMap<Uuid, Elsewhere>,
    /// The last presence published to other nodes, and when.
    said: Option<(Vec<Present>, Instant)>,
    /// The last presence published to the desks.
    told: Vec<Present>,
    frame: watch::Sender<Bytes>,
}

#[derive(Debug)]
struct Screen {
    member: MemberId,
    audience: Audience,
    looking: Option<PersonId>,
    heard: Instant,
}

#[derive(Debug)]
struct Elsewhere {
    present: Arc<[Present]>,
    until: Instant,
}

/// A connected screen; dropping it disconnects the screen.
#[derive(Debug)]
pub struct Attendance {
    presence: Arc<Presence>,
    room: RoomId,
    screen: u64,
}

impl Presence {
    pub(crate) fn new(bus: Bus) -> Self {
        let (begun, next) = (AtomicBool::new(false), AtomicU64::new(0));
        Self { rooms: Mutex::default(), bus, begun, next }
    }

    /// Counts a member's screen as present until the returned guard is dropped.
    pub(crate) fn attend(
        self: &Arc<Self>,
        room: RoomId,
        member: MemberId,
        audience: Audience,
    ) -> Attendance {
        if !self.begun.swap(true, Ordering::Relaxed) {
            tokio::spawn(keep(Arc::downgrade(self), self.bus.shown()));
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let screen = Screen { member, audience, looking: None, heard: Instant::now() };
        self.rooms().entry(room).or_default().here.insert(number, screen);
        Attendance { presence: Arc::clone(self), room, screen: number }
    }

    /// Records another node's presence, for a room with a screen here.
    fn hear(&self, shown: Shown, now: Instant) {
        let mut rooms = self.rooms();
        let Some(room) = rooms.get_mut(&shown.room) else { return };
        if room.elsewhere.len() < NODES_MAX || room.elsewhere.contains_key(&shown.node) {
            let elsewhere = Elsewhere { present: shown.present, until: now + TTL };
            room.elsewhere.insert(shown.node, elsewhere);
        }
    }

    /// Publishes changes to desks and other nodes, and expires stale presence.
    fn look(&self, now: Instant) {
        self.rooms().retain(|id, room| {
            if !cfg!(plant = "ghost_presence") {
                room.elsewhere.retain(|_, elsewhere| elsewhere.until > now);
            }
            let here = room.here(now);
            if room.is_to_say(&here, now) {
                self.bus.show(*id, here.clone());
                room.said = Some((here.clone(), now));
            }
            let all = room.all(&here);
            if all != room.told || room.frame.borrow().is_empty() {
                let frame = ServerFrame::Presence { room: *id, present: all.clone() };
                match serde_json::to_vec(&frame) {
                    Ok(bytes) => drop(room.frame.send_replace(Bytes::from(bytes))),
                    Err(error) => tracing::error!(%error, "presence could not be encoded"),
                }
                room.told = all;
            }
            !room.here.is_empty() || room.said.as_ref().is_some_and(|(said, _)| !said.is_empty())
        });
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomId, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    /// Returns the presence on this node.
    fn here(&self, now: Instant) -> Vec<Present> {
        let live = self.here.values().filter(|screen| now.duration_since(screen.heard) < TTL);
        let each = live.map(|screen| Present {
            member: screen.member,
            audience: screen.audience,
            screens: 1,
            looking: screen.looking.into_iter().collect(),
        });
        summed(each)
    }

    /// Returns the presence on all nodes.
    fn all(&self, here: &[Present]) -> Vec<Present> {
        let elsewhere = self.elsewhere.values().flat_map(|node| node.present.iter());
        summed(here.iter().chain(elsewhere).cloned())
    }

    /// Returns whether presence must be published to other nodes: at once when it changed, and
    /// periodically while somebody is here.
    fn is_to_say(&self, here: &[Present], now: Instant) -> bool {
        match &self.said {
            Some((said, at)) => {
                said != here || (!here.is_empty() && now.duration_since(*at) >= AGAIN)
            }
            None => !here.is_empty(),
        }
    }
}

impl Attendance {
    /// Records a sign of life of the screen.
    pub fn heard(&self) {
        self.with(|screen| screen.heard = Instant::now());
    }

    /// Records whose panel is open on it.
    pub fn looks_at(&self, person: Option<PersonId>) {
        self.with(|screen| screen.looking = person);
    }

    /// Returns a subscription to a desk's presence frames, encoded, starting with the current one.
    pub fn frames(&self) -> watch::Receiver<Bytes> {
        let mut rooms = self.presence.rooms();
        let mut frames = rooms.entry(self.room).or_default().frame.subscribe();
        frames.mark_changed();
        frames
    }

    fn with(&self, change: impl FnOnce(&mut Screen)) {
        let mut rooms = self.presence.rooms();
        let room = rooms.get_mut(&self.room);
        if let Some(screen) = room.and_then(|room| room.here.get_mut(&self.screen)) {
            change(screen);
        }
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        if let Some(room) = self.presence.rooms().get_mut(&self.room) {
            room.here.remove(&self.screen);
        }
    }
}

/// Runs once a second, and receives other nodes' presence, for as long as the hub exists.
async fn keep(presence: Weak<Presence>, mut shown: bus::Showing) {
    let mut looks = interval(Duration::from_millis(PRESENCE_MS));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // Ticks are rare, so they may come first; a chatty node must not starve them.
        let heard = tokio::select! {
            biased;
            _ = looks.tick() => None,
            heard = shown.next() => heard,
        };
        let Some(presence) = presence.upgrade() else { return };
        match heard {
            Some(heard) => presence.hear(heard, Instant::now()),
            None => presence.look(Instant::now()),
        }
    }
}

/// Returns one value per member and audience, in order, truncated to the maximum number of members.
fn summed(each: impl Iterator<Item = Present>) -> Vec<Present> {
    let mut sums: BTreeMap<(MemberId, Audience), (u16, BTreeSet<PersonId>)> = BTreeMap::new();
    for present in each {
        let (screens, looking) = sums.entry((present.member, present.audience)).or_default();
        *screens = screens.saturating_add(present.screens);
        looking.extend(present.looking);
    }
    let presents = sums.into_iter().map(|((member, audience), (screens, looking))| Present {
        member,
        audience,
        screens,
        looking: looking.into_iter().take(LOOKING_MAX).collect(),
    });
    presents.take(PRESENT_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));

    fn member(n: u128) -> MemberId {
        MemberId(Uuid::from_u128(n))
    }

    fn presence() -> Arc<Presence> {
        Arc::new(Presence::new(Bus::local()))
    }

    fn present(n: u128, screens: u16) -> Present {
        Present { member: member(n), audience: Audience::Desk, screens, looking: Vec::new() }
    }

    fn told(frames: &mut watch::Receiver<Bytes>) -> Vec<Present> {
        let frame = serde_json::from_slice(&frames.borrow_and_update()).unwrap();
        let ServerFrame::Presence { present, .. } = frame else { panic!("{frame:?}") };
        present
    }

    fn from(node: u128, present: &[Present]) -> Shown {
        Shown { node: Uuid::from_u128(node), room: ROOM, present: present.into() }
    }

    #[tokio::test(start_paused = true)]
    async fn desks_receive_presence_at_most_once_a_second() {
        let presence = presence();
        let desk = presence.attend(ROOM, member(1), Audience::Desk);
        let mut frames = desk.frames();
        frames.borrow_and_update();
        let (person, other) =
            (PersonId(Uuid::from_u128(7)), presence.attend(ROOM, member(1), Audience::Desk));
        let mut changes = 0;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            other.looks_at((changes % 2 == 0).then_some(person));
            let waited = Duration::from_millis(100);
            if tokio::time::timeout(waited, frames.changed()).await.is_ok() {
                frames.borrow_and_update();
                changes += 1;
            }
        }
        assert!((5..=11).contains(&changes), "{changes}");
        other.looks_at(Some(person));
        tokio::time::sleep(Duration::from_millis(PRESENCE_MS + 1)).await;
        let expected = Present { looking: vec![person], ..present(1, 2) };
        other.heard();
        desk.heard();
        assert_eq!(told(&mut frames), [expected]);
    }

    /// I-34
    #[tokio::test(start_paused = true)]
    async fn a_silent_screen_expires_after_fifteen_seconds() {
        let presence = presence();
        let (desk, silent) = (
            presence.attend(ROOM, member(1), Audience::Desk),
            presence.attend(ROOM, member(2), Audience::Desk),
        );
        let mut frames = desk.frames();
        let begun = Instant::now();
        while begun.elapsed() < TTL + Duration::from_secs(2) {
            desk.heard();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(told(&mut frames), [present(1, 1)]);
        silent.heard();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(told(&mut frames).len(), 2, "and is present again after its next sign of life");
        drop(silent);
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(told(&mut frames), [present(1, 1)]);
    }

    /// I-34
    #[tokio::test(start_paused = true)]
    async fn presence_on_a_dead_node_expires_within_fifteen_seconds() {
        let presence = presence();
        let desk = presence.attend(ROOM, member(1), Audience::Desk);
        let mut frames = desk.frames();
        presence.hear(from(9, &[present(1, 1), present(2, 1)]), Instant::now());
        let begun = Instant::now();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(told(&mut frames), [present(1, 2), present(2, 1)]);
        while begun.elapsed() < TTL + Duration::from_secs(2) {
            desk.heard();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(told(&mut frames), [present(1, 1)], "no ghosts");
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_without_screens_here_takes_no_memory() {
        let presence = presence();
        presence.hear(from(9, &[present(2, 1)]), Instant::now());
        assert!(presence.rooms().is_empty());
        let desk = presence.attend(ROOM, member(1), Audience::Desk);
        for node in 0..1_000 {
            presence.hear(from(node, &[present(2, 1)]), Instant::now());
        }
        assert_eq!(presence.rooms()[&ROOM].elsewhere.len(), NODES_MAX);
        drop(desk);
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert!(presence.rooms().is_empty());
    }
}
