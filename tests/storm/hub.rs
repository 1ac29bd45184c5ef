//! A storm in the rooms alone: no sockets, a store in memory that fails in every way it can, and time that
//! passes only when all wait.

use std::sync::Arc;

use hub::{Author, Follower, Hub, Join, Step};
use journal::{Journal, Memory};
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
    member::{Actor, Profile},
    outcome::{CommandFate, Fate, Outcome},
    role::{Audience, Ceiling, Role},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    deeds::{PEOPLE, deed},
    ledger::Ledger,
};

pub const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const MEMBERS: usize = 4;
const ROUNDS: u64 = 40;

/// What everybody in the storm shares.
pub struct Sky {
    pub hub: Hub,
    pub journal: Arc<Faulty>,
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
    let memory = Arc::new(Memory::default());
    let journal = Arc::new(Faulty::new(Arc::clone(&memory)));
    let clock = Arc::new(HandClock::new(seed));
    let hub = Hub::new(Arc::clone(&journal) as Arc<dyn Journal>, bus::Bus::local(), clock);
    let mut commands = vec![Command::OpenIncident { incident: cast::incident() }];
    commands.push(Command::OpenSite { site: cast::site() });
    commands.push(cast::adds_home(1));
    commands.extend((0..PEOPLE).map(cast::register));
    for n in 0..MEMBERS {
        let (name, roles) = (cast::name("Ignatius Vavasour"), vec![Role::Lead]);
        let profile = Profile { name, organisation: None, job: None, mobile: None, roles };
        let member = MemberId(Uuid::from_u128(10 + n as u128));
        commands.push(Command::AdmitMember { member, profile, ceiling: Ceiling::Staff });
    }
    let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
    let fates = hub.submit(ROOM, importer, commands.into_iter().map(cast::asks).collect()).await;
    assert!(fates.unwrap().iter().all(|told| matches!(told.fate, Fate::Ok { .. })));
    Arc::new(Sky { hub, journal, memory, ledger: Ledger::default() })
}

impl Sky {
    /// Submits, and holds what is told against the store as it is told (I-5, I-13).
    pub async fn submit(&self, n: usize, batch: &[Envelope]) -> Option<Vec<CommandFate>> {
        let fates = self.hub.submit(ROOM, author(n), batch.to_vec()).await.ok()?;
        for told in &fates {
            let kept = self.memory.outcomes(ROOM, &[told.id]).await.unwrap();
            let kept = kept.first().map(|decided| &decided.outcome);
            match &told.fate {
                Fate::Ok { seq } | Fate::Dup { seq } => {
                    assert_eq!(kept, Some(&Outcome::Ok { seq: *seq }), "told and not kept");
                }
                Fate::Refused(no) => {
                    assert_eq!(kept, Some(&Outcome::Refused(no.clone())), "told and not kept");
                }
                Fate::Retry { .. } => {}
            }
        }
        Some(fates)
    }
}

/// A member who keeps trying.
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
                let (sky, batch) = (Arc::clone(&sky), batch.clone());
                copies.spawn(async move { sky.submit(n, &batch).await });
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
        seen = sky.ledger.last();
        let shown = sky.hub.snapshot(ROOM, Audience::Desk).await;
        assert!(shown.is_ok_and(|shown| shown.cursor.seq >= seen), "I-22");
        let head = sky.hub.head(ROOM).await;
        assert!(head.is_ok_and(|head| head.is_some_and(|head| head.seq >= seen)), "I-22");
    }
}

/// Makes the store fail as long as anybody works.
fn fails(sky: &Sky, dice: &mut Dice) {
    let faults = [
        Fault::None,
        Fault::None,
        Fault::Full,
        Fault::Conflict,
        Fault::UnknownWritten,
        Fault::UnknownLost,
    ];
    let count = 10 + dice.below(20);
    sky.journal.fails((0..count).map(|_| *dice.pick(&faults)));
}

/// A screen without a socket.
struct Viewer {
    audience: Audience,
    rows: Rows,
    cursor: Cursor,
    seen: Vec<Cursor>,
    follower: Option<Follower>,
}

impl Viewer {
    fn new(audience: Audience) -> Self {
        let (rows, cursor) = (Rows::new(), Cursor::default());
        Self { audience, rows, cursor, seen: Vec::new(), follower: None }
    }

    async fn joins(&mut self, hub: &Hub) {
        let at = Some(self.cursor).filter(|at| at.seq > Seq(0));
        match hub.join(ROOM, self.audience, at).await {
            Ok(Join::Following(follower)) => self.follower = Some(follower),
            Ok(Join::Resync(_)) => {
                let Ok(snapshot) = hub.snapshot(ROOM, self.audience).await else { return };
                let rows: proto::frame::Rows = serde_json::from_slice(&snapshot.body).unwrap();
                self.rows = kept(rows.put);
                self.stands_at(snapshot.cursor);
            }
            Err(_) => {}
        }
    }

    /// Takes what there is, or waits for it.
    async fn steps(&mut self) {
        let Some(follower) = &mut self.follower else { return };
        let step = match follower.changed().await {
            Ok(()) => follower.step().await,
            Err(ended) => Err(ended),
        };
        match step {
            Ok(Step::Frames(frames)) => {
                for frame in frames {
                    let ServerFrame::Rows(rows) = serde_json::from_slice(&frame).unwrap() else {
                        panic!("no rows")
                    };
                    assert_eq!(rows.from, self.cursor.seq, "a frame that does not follow");
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

/// Keeps a viewer up, and returns it once it stands at the goal.
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
            viewer.joins(&sky.hub).await;
            tokio::task::yield_now().await;
            continue;
        }
        tokio::select! {
            () = viewer.steps() => {}
            changed = goal.changed() => changed.unwrap(),
        }
    }
}

/// Blows one storm.
pub fn blow(seed: u64) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(proof::soon("the end of the storm", storm(seed)));
}

async fn storm(seed: u64) {
    let mut dice = Dice::new(seed);
    let sky = sky(seed).await;
    fails(&sky, &mut dice);
    let goal = tokio::sync::watch::Sender::new(None);
    let (mut viewers, mut members) = (JoinSet::new(), JoinSet::new());
    for audience in Audience::ALL.into_iter().chain([Audience::Desk]) {
        let dice = Dice::new(dice.number());
        viewers.spawn(watches(Arc::clone(&sky), audience, dice, goal.subscribe()));
    }
    for n in 0..MEMBERS {
        members.spawn(works(Arc::clone(&sky), n, Dice::new(dice.number())));
    }
    while let Some(member) = members.join_next().await {
        member.unwrap();
    }
    let stored = fold::entries(&*sky.memory, ROOM).await;
    let (folded, entries, cursors) = fold::fold(&stored);
    goal.send_replace(cursors.last().map(|last| last.seq));
    for viewer in viewers.join_all().await {
        assert_eq!(Some(&viewer.cursor), cursors.last(), "I-23");
        assert_eq!(viewer.rows, fold::rows(&folded, viewer.audience), "I-16");
        for seen in &viewer.seen {
            let at = usize::try_from(seen.seq.0).unwrap() - 1;
            assert_eq!(cursors.get(at), Some(seen), "I-4: shown and not there");
        }
    }
    let outcomes = sky.memory.outcomes(ROOM, &sky.ledger.ids()).await.unwrap();
    sky.ledger.agrees(&entries, &outcomes);
}

/// Returns a line under this id.
pub fn line(n: u128) -> Envelope {
    cast::under(CommandId(Uuid::from_u128(7_000 + n)), cast::line(&format!("line {n}")))
}
