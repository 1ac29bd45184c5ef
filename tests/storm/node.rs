//! A storm around a whole node: people, screens, and kills of the node.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use journal::{Journal, Sqlite};
use proof::{
    cast,
    child::Node,
    device::{Device, Door},
    dice::Dice,
    fold,
    screen::Screen,
    soon,
};
use proto::{
    command::Envelope,
    http::CommandsAnswer,
    id::{RoomId, Seq, Time},
    key::Key,
    outcome::Fate,
    role::{Audience, Role},
    row::Row,
};
use tokio::{sync::watch, task::JoinSet, time::Duration};

use crate::{
    deeds::{PEOPLE, deed},
    ledger::Ledger,
};

/// Batches sent by each member.
const BATCHES: u64 = 14;
/// Milliseconds before a retry.
const AGAIN_MS: u64 = 25;
/// Milliseconds before a retry when no node was found and none has announced itself.
const LOOK_MS: u64 = 1_000;

/// State shared by everybody in the storm.
#[derive(Debug)]
pub struct Sky {
    pub ledger: Ledger,
    /// The number of node restarts.
    pub lives: watch::Sender<u64>,
    /// The entry that every screen must finally reach.
    pub goal: watch::Sender<Option<Seq>>,
    /// Whether all work is done.
    pub is_over: AtomicBool,
    /// Whether people keep working after their own work is done.
    pub goes_on: AtomicBool,
    until: Time,
}

impl Default for Sky {
    fn default() -> Self {
        Self {
            ledger: Ledger::default(),
            lives: watch::Sender::new(0),
            goal: watch::Sender::new(None),
            is_over: AtomicBool::new(false),
            goes_on: AtomicBool::new(false),
            until: Time(i64::MAX / 4),
        }
    }
}

impl Sky {
    /// Waits for the next node restart.
    async fn next_life(&self, seen: u64) {
        let mut lives = self.lives.subscribe();
        let next = lives.wait_for(|lives| *lives > seen);
        drop(tokio::time::timeout(Duration::from_millis(LOOK_MS), next).await);
    }

    fn life(&self) -> u64 {
        *self.lives.borrow()
    }
}

/// A working member.
struct Member {
    sky: Arc<Sky>,
    nth: usize,
    device: Device,
    dice: Dice,
}

impl Member {
    async fn works(mut self) {
        let mut seen = Seq(1);
        for nth in 0.. {
            if nth >= BATCHES && !self.sky.goes_on.load(Ordering::SeqCst) {
                break;
            }
            let size = 1 + self.dice.below(6);
            let mut batch: Vec<Envelope> =
                (0..size).map(|_| deed(&mut self.dice, seen, self.sky.until)).collect();
            if self.dice.once_in(4) {
                self.asks_again().await;
            }
            while !batch.is_empty() {
                let decided = self.delivers(&batch).await;
                batch.drain(..decided);
            }
            seen = self.sky.ledger.last();
            if self.dice.once_in(4) {
                self.reads_what_it_wrote(seen).await;
            }
        }
    }

    /// Sends a batch, perhaps several times at once, and returns how many of its commands were
    /// decided.
    async fn delivers(&mut self, batch: &[Envelope]) -> usize {
        let life = self.sky.life();
        self.sky.ledger.sends(self.nth, batch);
        let copies = 1 + self.dice.below(3);
        let mut sent = JoinSet::new();
        for _ in 0..copies {
            sent.spawn(self.device.sends(batch).try_send());
        }
        let (mut decided, mut is_there) = (0, false);
        while let Some(answer) = soon("an answer or an end", sent.join_next()).await {
            let Ok(answer) = answer.unwrap() else { continue };
            is_there = true;
            match answer.status.as_u16() {
                200 => {
                    let fates = answer.read::<CommandsAnswer>().fates;
                    decided = decided.max(self.sky.ledger.told(batch, &fates));
                }
                429 | 503 => {}
                other => panic!("{other}: {answer:?}"),
            }
        }
        if decided == 0 && is_there {
            tokio::time::sleep(Duration::from_millis(AGAIN_MS)).await;
        } else if decided == 0 {
            self.sky.next_life(life).await;
        }
        decided
    }

    /// Repeats a command that was decided earlier, by any member.
    async fn asks_again(&mut self) {
        let Some(old) = self.sky.ledger.told_before(&mut self.dice) else { return };
        let Ok(answer) = self.device.sends(std::slice::from_ref(&old)).try_send().await else {
            return;
        };
        if answer.status.is_success() {
            let fates = answer.read::<CommandsAnswer>().fates;
            assert!(!matches!(fates[0].fate, Fate::Ok { .. }), "I-7: decided again");
            self.sky.ledger.told(&[old], &fates);
        }
    }

    /// I-22: a room is never shown without an acknowledged entry.
    async fn reads_what_it_wrote(&self, told: Seq) {
        let answer =
            self.device.get(&format!("{}&after={told}", self.device.rows_path())).try_send().await;
        let Ok(answer) = answer else { return };
        if answer.status.is_success() {
            let rows: proto::frame::Rows = answer.read();
            assert!(rows.to >= told, "I-22: shown {} after {told}", rows.to);
        }
    }
}

/// Keeps a screen connected through the storm, and returns it once it has reached the goal (I-23).
async fn watches(sky: Arc<Sky>, mut screen: Screen, mut dice: Dice) -> Screen {
    let mut goal = sky.goal.subscribe();
    loop {
        let aim = *goal.borrow_and_update();
        if aim.is_some_and(|aim| screen.is_connected() && screen.cursor.seq >= aim) {
            return screen;
        }
        if aim.is_none() && dice.once_in(15) {
            screen.drop_line();
        }
        if !screen.is_connected() {
            let life = sky.life();
            if screen.come().await.is_err() {
                sky.next_life(life).await;
            }
            continue;
        }
        tokio::select! {
            heard = screen.hear() => drop(screen.take_in(heard).await),
            changed = goal.changed() => changed.unwrap(),
        }
    }
}

/// Kills the node from time to time, and restarts it on the same folder and port.
async fn kills(sky: Arc<Sky>, mut node: Node, mut dice: Dice) -> Node {
    for _ in 0..2 + dice.below(2) {
        let at = sky.ledger.ticks() + 5 + dice.below(60);
        while sky.ledger.ticks() < at && !sky.is_over.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(dice.below(4))).await;
        }
        node.kill();
        node.start().await;
        sky.lives.send_modify(|lives| *lives += 1);
    }
    node
}

/// Logs in the members of every storm.
pub async fn everybody(door: &Door, room: RoomId) -> Vec<Device> {
    let mut devices = Vec::new();
    for (face, roles) in [
        (Audience::Desk, [Role::Lead].as_slice()),
        (Audience::Desk, &[Role::Bizsup, Role::Placements]),
        (Audience::Phone, &[Role::NamedSw]),
        (Audience::Phone, &[Role::Nurse]),
        (Audience::Wall, &[]),
        (Audience::Sitrep, &[Role::Director]),
    ] {
        devices.push(door.come_in(room, face, roles).await);
    }
    devices
}

/// Starts everybody's screens, and the members' work.
pub fn begin(
    sky: &Arc<Sky>,
    devices: &[Device],
    dice: &mut Dice,
) -> (JoinSet<Screen>, JoinSet<()>) {
    let (mut screens, mut members) = (JoinSet::new(), JoinSet::new());
    for (nth, device) in devices.iter().enumerate() {
        let screen = Screen::blank(device.clone());
        screens.spawn(watches(Arc::clone(sky), screen, Dice::new(dice.number())));
        if matches!(device.face, Audience::Desk | Audience::Phone) {
            let (sky, device, dice) = (Arc::clone(sky), device.clone(), Dice::new(dice.number()));
            members.spawn(Member { sky, nth, device, dice }.works());
        }
    }
    (screens, members)
}

/// Runs one storm, and returns how many commands were acknowledged.
pub async fn blow(seed: u64) -> usize {
    let mut dice = Dice::new(seed);
    let mut node = Node::new();
    node.start().await;
    let door = node.door();
    let room = door.open_room(PEOPLE).await;
    door.sets_up(room, cast::adds_home(1)).await;
    let devices = everybody(&door, room).await;
    let sky = Arc::new(Sky::default());
    let (screens, mut members) = begin(&sky, &devices, &mut dice);
    let killer = tokio::spawn(kills(Arc::clone(&sky), node, dice));
    while let Some(member) = members.join_next().await {
        member.unwrap();
    }
    sky.is_over.store(true, Ordering::SeqCst);
    let mut node = soon("the killer", killer).await.unwrap();
    let head = devices[0].snapshot().await.to;
    sky.goal.send_replace(Some(head));
    let screens = soon("every screen", screens.join_all()).await;
    node.kill();
    judge(&sky, &node, &screens, room).await
}

/// Checks everything acknowledged and shown against the remaining file.
async fn judge(sky: &Sky, node: &Node, screens: &[Screen], room: RoomId) -> usize {
    let store = Sqlite::open(&node.database()).unwrap();
    let acked = hold_against(&store, sky, screens, room).await;
    drop(store);
    journal::verify::verify(&node.database()).unwrap();
    says_nothing(&node.log(), screens);
    acked
}

/// Checks everything acknowledged and shown against a journal, and returns how many commands were
/// acknowledged.
pub async fn hold_against(
    store: &dyn Journal,
    sky: &Sky,
    screens: &[Screen],
    room: RoomId,
) -> usize {
    let stored = fold::entries(store, room).await;
    let (folded, entries, cursors) = fold::fold(&stored);
    assert!(
        entries.is_sorted_by_key(|entry| entry.at),
        "I-31: an entry is earlier than the one before it"
    );
    for screen in screens {
        let face = screen.device.face;
        assert_eq!(Some(&screen.cursor), cursors.last(), "I-23: {face:?}");
        assert_eq!(screen.rows, fold::rows(&folded, face), "I-16: {face:?}");
        adds_up(screen);
        let mut before = Seq(0);
        for seen in &screen.seen {
            let stands = cursors.get(usize::try_from(seen.seq.0).unwrap() - 1);
            assert_eq!(stands, Some(seen), "I-4: {face:?} was shown an entry that does not exist");
            assert!(seen.seq >= before, "I-19: {face:?} went back");
            before = seen.seq;
        }
    }
    hold_told_against(store, sky, room).await
}

/// The counted people are the people on the register, by place and by stage.
fn adds_up(screen: &Screen) {
    let Some(Row::Census(census)) = screen.row(Key::Census) else { panic!("there is no census") };
    let places: u32 = census.places.iter().map(|place| place.people).sum();
    let stages: u32 = census.stages.iter().map(|stage| stage.people).sum();
    let register = u32::try_from(PEOPLE).unwrap();
    assert!(census.register >= register, "somebody has left the register: {census:?}");
    assert_eq!((places, stages), (census.register, census.register), "{census:?}");
}

/// Checks everything acknowledged against a journal, whatever was shown, and returns how many
/// commands were acknowledged.
pub async fn hold_told_against(store: &dyn Journal, sky: &Sky, room: RoomId) -> usize {
    let (_, entries, _) = fold::fold(&fold::entries(store, room).await);
    let outcomes = store.outcomes(room, &sky.ledger.ids()).await.unwrap();
    sky.ledger.agrees(&entries, &outcomes)
}

/// Checks that a node's diagnostics contain nothing they must not.
pub fn says_nothing(log: &str, screens: &[Screen]) {
    assert!(log.contains("the node is ready"), "diagnostics are written");
    let secrets = screens.iter().map(|screen| screen.device.cookie.split_once('=').unwrap().1);
    for word in cast::canaries().chain(secrets) {
        assert!(!log.contains(word), "{word} is in the diagnostics");
    }
}
