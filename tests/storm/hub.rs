//! A storm in the rooms alone: no sockets, a store in memory that fails in every way it can, and
//! paused time.

use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use hub::{Author, Follower, Hub, Join, Step};
use journal::{Chain, Journal, Memory};
use proof::{
    cast,
    clock::{HandClock, START},
    dice::Dice,
    faulty::{Fault, Faulty},
    fold::{self, Rows, kept},
};
use proto::{
    command::{Command, Envelope},
    frame::ServerFrame,
    id::{CommandId, Cursor, DeviceId, MemberId, RoomId, Seq},
    incident, limit,
    member::{self, Actor, Profile},
    outcome::{CommandFate, Fate, Outcome},
    role::{Audience, Ceiling, Role},
    site,
};
use sha2::{Digest, Sha256};
use tokio::{
    task::JoinSet,
    time::{Duration, Instant, sleep},
};
use uuid::Uuid;

use crate::{
    deeds::{PEOPLE, deed},
    gossip::Gossip,
    ledger::Ledger,
};

pub const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const MEMBERS: usize = 4;
const ROUNDS: u64 = 40;
/// The average pause between a member's actions, in most storms.
const PAUSE_MS: u64 = 20 * 1000;
/// The same in long storms: they last an hour of the room's time, and its timers fire.
const LONG_PAUSE_MS: u64 = 6 * 60 * 1000;
/// One storm in this many is long.
const LONG_ONE_IN: u64 = 64;
/// Once nothing happens any more, every screen is at the head within this time, whatever
/// notifications were lost.
const SETTLES: Duration = Duration::from_millis(limit::LOOK_MS + 500);
/// The longest pause before a retry, and the longest partition of a node from the store.
const AGAIN: Duration = Duration::from_millis(50);
const PARTED_MS: u64 = 15 * 1000;
/// Consecutive failed answers accepted of a node although its store works: its room may have
/// stopped because of an earlier failure.
const EXCUSED: u32 = 3;
/// A storm that lasts longer, in the room's time, has hung.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// State shared by everybody in the storm.
pub struct Sky {
    nodes: Mutex<Vec<Hub>>,
    gossip: Arc<Gossip>,
    began: Instant,
    pause_ms: u64,
    /// Each node's access to the store.
    journals: Vec<Arc<Faulty>>,
    pub memory: Arc<Memory>,
    ledger: Ledger,
}

/// Returns the n-th member as the author of commands.
pub fn author(n: usize) -> Author {
    let id = Uuid::from_u128(10 + n as u128);
    let device = Some(DeviceId(id));
    Author { actor: Actor::Member(MemberId(id)), ceiling: Some(Ceiling::Staff), device }
}

/// Opens a room with people and members on a store that does not fail yet.
pub async fn sky(seed: u64) -> Arc<Sky> {
    sky_over(seed, Memory::default(), 1).await
}

/// Opens the same room on several nodes with a shared store, each with its own clock.
async fn sky_of_nodes(seed: u64, nodes: usize) -> Arc<Sky> {
    sky_over(seed, Memory::shared(), nodes).await
}

async fn sky_over(seed: u64, memory: Memory, nodes: usize) -> Arc<Sky> {
    let memory = Arc::new(memory);
    let journals = (0..nodes).map(|_| Arc::new(Faulty::way(Arc::clone(&memory)))).collect();
    let gossip = Gossip::among(nodes);
    let (nodes_of, ledger) = (Mutex::default(), Ledger::default());
    let began = Instant::now();
    let pause_ms = if seed.is_multiple_of(LONG_ONE_IN) { LONG_PAUSE_MS } else { PAUSE_MS };
    let sky = Arc::new(Sky { nodes: nodes_of, gossip, began, pause_ms, journals, memory, ledger });
    for node in 0..nodes {
        let hub = sky.fresh(seed, node);
        sky.nodes.lock().unwrap().push(hub);
    }
    let mut commands = vec![Command::from(incident::Plan::Open { incident: cast::incident() })];
    commands.push(Command::from(site::Plan::Open { site: cast::site() }));
    commands.push(cast::adds_home(1));
    commands.extend((0..PEOPLE).map(cast::register));
    for n in 0..MEMBERS {
        let (name, roles) = (cast::name("Ignatius Vavasour"), vec![Role::Lead]);
        let profile = Profile { name, organisation: None, job: None, mobile: None, roles };
        let member = MemberId(Uuid::from_u128(10 + n as u128));
        commands.push(Command::from(member::Plan::Admit {
            member,
            profile,
            ceiling: Ceiling::Staff,
        }));
    }
    let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
    let mut dice = Dice::new(seed);
    let commands =
        commands.into_iter().map(|command| cast::under(CommandId(dice.uuid()), command)).collect();
    let fates = sky.hub(0).submit(ROOM, importer, commands).await;
    assert!(fates.unwrap().iter().all(|told| matches!(told.fate, Fate::Ok { .. })));
    sky
}

impl Sky {
    /// Returns a node's hub.
    pub fn hub(&self, node: usize) -> Hub {
        self.nodes.lock().unwrap()[node].clone()
    }

    /// Returns the first node's access to the store.
    pub fn journal(&self) -> &Faulty {
        &self.journals[0]
    }

    /// Returns a random node.
    fn any(&self, dice: &mut Dice) -> Hub {
        let nodes = self.nodes.lock().unwrap();
        dice.pick(&nodes).clone()
    }

    /// I-22: any node shows what was acknowledged, or refuses while its store fails.
    async fn shows(&self, dice: &mut Dice, told: Seq) {
        let node = usize::try_from(dice.below(self.journals.len() as u64)).unwrap();
        let mut excused = 0;
        loop {
            let (before, _) = self.journals[node].failed();
            let hub = self.hub(node);
            let Ok(shown) = hub.snapshot(ROOM, Audience::Desk, Some(told)).await else {
                let (after, would) = self.journals[node].failed();
                excused = if would || after > before { 0 } else { excused + 1 };
                assert!(excused < EXCUSED, "I-11: nothing is shown although nothing failed");
                sleep(AGAIN).await;
                continue;
            };
            assert!(shown.cursor.seq >= told, "I-22: shown {} after {told}", shown.cursor.seq);
            let head = hub.head(ROOM).await.map(Option::unwrap);
            let is_shown = head.is_ok_and(|head| head.seq >= told) || self.journals.len() > 1;
            assert!(is_shown, "I-22: the head is behind what was told");
            return;
        }
    }

    /// Returns a node that has just started. Its clock is up to a day wrong (I-31).
    fn fresh(&self, seed: u64, node: usize) -> Hub {
        let off_ms = [0, -86_400_000, 86_400_000][node];
        let clock = HandClock::following(seed ^ (node as u64) << 32, self.began, off_ms);
        let journal = Arc::clone(&self.journals[node]) as Arc<dyn Journal>;
        Hub::new(journal, self.gossip.bus(node), Arc::new(clock))
    }

    /// Replaces a node; the old one's pending writes may still reach the store.
    fn replaces(&self, dice: &mut Dice) {
        let mut nodes = self.nodes.lock().unwrap();
        let node = usize::try_from(dice.below(nodes.len() as u64)).unwrap();
        nodes[node] = self.fresh(dice.number(), node);
    }

    /// Submits, and checks each answer against the store at once (I-5, I-13).
    pub async fn submit(&self, n: usize, batch: &[Envelope]) -> Option<Vec<CommandFate>> {
        self.submit_at(&self.hub(0), n, batch).await
    }

    async fn submit_at(&self, hub: &Hub, n: usize, batch: &[Envelope]) -> Option<Vec<CommandFate>> {
        let fates = hub.submit(ROOM, author(n), batch.to_vec()).await.ok()?;
        for told in &fates {
            let kept = self.memory.outcomes(ROOM, &[told.id]).await.unwrap();
            let kept = kept.first().map(|decided| &decided.outcome);
            match &told.fate {
                Fate::Ok { seq } | Fate::Dup { seq } => {
                    assert_eq!(
                        kept,
                        Some(&Outcome::Ok { seq: *seq }),
                        "acknowledged and not stored"
                    );
                }
                Fate::Refused(no) => {
                    assert_eq!(
                        kept,
                        Some(&Outcome::Refused(no.clone())),
                        "acknowledged and not stored"
                    );
                }
                Fate::Retry { .. } => {}
            }
        }
        Some(fates)
    }
}

/// The network between a device and a node: loses or delays some messages.
async fn lost_or_late(way: &mut Dice) -> Option<()> {
    if way.once_in(4) {
        sleep(Duration::from_millis(way.below(3_000))).await;
    }
    (!way.once_in(12)).then_some(())
}

/// A member who keeps retrying.
async fn works(sky: Arc<Sky>, n: usize, mut dice: Dice) {
    let until = START.plus_ms(1_000_000_000);
    let mut seen = Seq(1);
    for _ in 0..ROUNDS / MEMBERS as u64 {
        let size = 1 + dice.below(5);
        let mut batch: Vec<Envelope> = (0..size).map(|_| deed(&mut dice, seen, until)).collect();
        while !batch.is_empty() {
            sky.ledger.sends(n, &batch);
            let mut copies = JoinSet::new();
            for _ in 0..1 + dice.below(3) {
                let (sky, batch, hub) = (Arc::clone(&sky), batch.clone(), sky.any(&mut dice));
                let mut way = Dice::new(dice.number());
                copies.spawn(async move {
                    lost_or_late(&mut way).await?;
                    let fates = sky.submit_at(&hub, n, &batch).await;
                    lost_or_late(&mut way).await?;
                    fates
                });
            }
            let mut decided = 0;
            while let Some(fates) = copies.join_next().await {
                if let Some(fates) = fates.unwrap() {
                    decided = decided.max(sky.ledger.told(&batch, &fates));
                }
            }
            batch.drain(..decided);
            tokio::task::yield_now().await;
        }
        sleep(Duration::from_millis(dice.below(2 * sky.pause_ms))).await;
        seen = sky.ledger.last();
        sky.shows(&mut dice, seen).await;
        let is_alone = sky.journals.len() == 1;
        if !is_alone && dice.once_in(8) {
            sky.replaces(&mut dice);
        }
    }
}

/// Returns a sequence of failures of appends.
fn faults(dice: &mut Dice, count: u64) -> Vec<Fault> {
    let faults = [
        Fault::None,
        Fault::None,
        Fault::Full,
        Fault::Away,
        Fault::Conflict,
        Fault::UnknownWritten,
        Fault::UnknownLost,
    ];
    (0..count).map(|_| *dice.pick(&faults)).collect()
}

/// Makes the store fail from the start and at random times: appends, reads, and one node's whole
/// access while the others continue. Never ends by itself.
async fn fails(sky: Arc<Sky>, mut dice: Dice) {
    loop {
        sleep(Duration::from_millis(dice.below(sky.pause_ms))).await;
        let journal = dice.pick(&sky.journals);
        match dice.below(4) {
            0 => {
                let count = 1 + dice.below(6);
                journal.fails(faults(&mut dice, count));
            }
            1 => {
                let count = 1 + dice.below(12);
                journal.doubts((0..count).map(|_| dice.once_in(2)));
            }
            _ => {
                let still = Duration::from_millis(dice.below(PARTED_MS));
                journal.is_parted(true, dice.once_in(2));
                sleep(still).await;
                journal.is_parted(false, false);
            }
        }
    }
}

/// A screen without a socket.
struct Viewer {
    audience: Audience,
    rows: Rows,
    cursor: Cursor,
    seen: Vec<Cursor>,
    follower: Option<Follower>,
    /// The hash of everything received.
    came: Sha256,
}

impl Viewer {
    fn new(audience: Audience) -> Self {
        let (rows, cursor) = (Rows::new(), Cursor::default());
        Self { audience, rows, cursor, seen: Vec::new(), follower: None, came: Sha256::new() }
    }

    async fn joins(&mut self, hub: &Hub) {
        let at = Some(self.cursor).filter(|at| at.seq > Seq(0));
        match hub.join(ROOM, self.audience, at).await {
            Ok(Join::Following(follower)) => self.follower = Some(follower),
            Ok(Join::Resync(_)) => {
                let Ok(snapshot) = hub.snapshot(ROOM, self.audience, None).await else {
                    sleep(AGAIN).await;
                    return;
                };
                self.came.update(&snapshot.body);
                let rows: proto::frame::Rows = serde_json::from_slice(&snapshot.body).unwrap();
                self.rows = kept(rows.put);
                self.stands_at(snapshot.cursor);
            }
            Err(_) => sleep(AGAIN).await,
        }
    }

    /// Takes the available frames, or waits for some.
    async fn steps(&mut self) {
        let Some(follower) = &mut self.follower else { return };
        let step = match follower.changed().await {
            Ok(()) => follower.step().await,
            Err(ended) => Err(ended),
        };
        match step {
            Ok(Step::Frames(frames)) => {
                for frame in frames {
                    self.came.update(&frame);
                    let ServerFrame::Rows(rows) = serde_json::from_slice(&frame).unwrap() else {
                        panic!("no rows")
                    };
                    assert_eq!(rows.from, self.cursor.seq, "a frame does not follow the cursor");
                    self.rows.extend(kept(rows.put));
                    rows.del.iter().for_each(|key| drop(self.rows.remove(key)));
                    self.stands_at(Cursor { seq: rows.to, tag: rows.tag });
                }
            }
            Ok(Step::UpToDate) => tokio::task::yield_now().await,
            Ok(Step::Resync(_)) | Err(_) => self.follower = None,
        }
    }

    fn stands_at(&mut self, cursor: Cursor) {
        self.cursor = cursor;
        self.seen.push(cursor);
    }
}

/// Keeps a viewer connected, and returns it once it has reached the goal.
async fn watches(
    sky: Arc<Sky>,
    audience: Audience,
    mut dice: Dice,
    mut goal: tokio::sync::watch::Receiver<Option<Seq>>,
) -> Viewer {
    let mut viewer = Viewer::new(audience);
    loop {
        let aim = *goal.borrow_and_update();
        if aim.is_some_and(|aim| viewer.cursor.seq >= aim) {
            return viewer;
        }
        if aim.is_none() && dice.once_in(12) {
            viewer.follower = None;
        }
        if viewer.follower.is_none() {
            viewer.joins(&sky.any(&mut dice)).await;
            tokio::task::yield_now().await;
            continue;
        }
        tokio::select! {
            biased;
            changed = goal.changed() => changed.unwrap(),
            () = viewer.steps() => {}
        }
    }
}

/// The result of a storm, to the last byte.
#[derive(Debug, PartialEq, Eq)]
pub struct Trace {
    /// The last chain value, which covers every entry.
    chain: Chain,
    /// The hash of what each screen was sent.
    came: Vec<[u8; 32]>,
}

/// Runs one storm on one node.
pub fn blow(seed: u64) -> Trace {
    run(storm(seed, 1))
}

/// Runs one storm on several nodes with one store, an unreliable bus and wrong clocks.
pub fn blow_over_nodes(seed: u64) -> Trace {
    run(storm(seed, 2 + usize::try_from(seed % 2).unwrap()))
}

fn run(storm: impl Future<Output = Trace>) -> Trace {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    let ended = runtime.block_on(async { tokio::time::timeout(LONGEST, storm).await });
    ended.expect("the storm ends")
}

async fn storm(seed: u64, nodes: usize) -> Trace {
    let mut dice = Dice::new(seed);
    let sky = if nodes == 1 { sky(seed).await } else { sky_of_nodes(seed, nodes).await };
    for node in 0..nodes {
        let dice = Dice::new(dice.number());
        tokio::spawn(Arc::clone(&sky.gossip).spread(node, ROOM, dice));
    }
    for journal in &sky.journals {
        journal.is_slow(Dice::new(dice.number()));
        let count = 5 + dice.below(15);
        journal.fails(faults(&mut dice, count));
    }
    let failing = tokio::spawn(fails(Arc::clone(&sky), Dice::new(dice.number())));
    let goal = tokio::sync::watch::Sender::new(None);
    let viewers = Audience::ALL.into_iter().chain([Audience::Desk]).map(|audience| {
        watches(Arc::clone(&sky), audience, Dice::new(dice.number()), goal.subscribe())
    });
    // One task polls all viewers in turn: separate tasks waiting for one event would be woken in
    // random order.
    let viewers = tokio::spawn(join_all(viewers.collect::<Vec<_>>()));
    let mut members = JoinSet::new();
    for n in 0..MEMBERS {
        members.spawn(works(Arc::clone(&sky), n, Dice::new(dice.number())));
    }
    while let Some(member) = members.join_next().await {
        member.unwrap();
    }
    failing.abort();
    sky.journals.iter().for_each(|journal| journal.heals());
    goal.send_replace(Journal::head(&*sky.memory, ROOM).await.unwrap().map(|head| head.seq));
    let viewers = tokio::time::timeout(SETTLES, viewers).await;
    let viewers = viewers.expect("I-23: every screen reaches the head").unwrap();
    let stored = fold::entries(&*sky.memory, ROOM).await;
    let (_, entries, cursors) = fold::fold(&stored);
    for viewer in &viewers {
        // A timer may have fired since the last check.
        let (there, _, _) = fold::fold(&stored[..usize::try_from(viewer.cursor.seq.0).unwrap()]);
        assert_eq!(viewer.rows, fold::rows(&there, viewer.audience), "I-16");
        for seen in viewer.seen.iter().chain([&viewer.cursor]) {
            let at = usize::try_from(seen.seq.0).unwrap() - 1;
            assert_eq!(cursors.get(at), Some(seen), "I-4: shown and not in the journal");
        }
    }
    let outcomes = sky.memory.outcomes(ROOM, &sky.ledger.ids()).await.unwrap();
    sky.ledger.agrees(&entries, &outcomes);
    let came = viewers.into_iter().map(|viewer| viewer.came.finalize().into()).collect();
    Trace { chain: stored.last().unwrap().chain, came }
}

/// Returns a log line under this id.
pub fn line(n: u128) -> Envelope {
    cast::under(CommandId(Uuid::from_u128(7_000 + n)), cast::line(&format!("line {n}")))
}
