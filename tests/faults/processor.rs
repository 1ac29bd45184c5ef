//! A node starved of CPU, or with stuck threads (E21): everything is late, nothing is lost or
//! duplicated, and no screen is disconnected.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use proof::{
    cast,
    child::Node,
    device::{Device, Door},
    processor::{Busy, only},
    screen::Screen,
    shim::Dial,
    socket::Heard,
    soon,
    web::Answer,
};
use proto::{
    frame::ServerFrame,
    http::ErrorAnswer,
    id::{RoomId, Seq},
    intake::{IntakeAsked, IntakeChoices},
    limit,
    outcome::Fate,
    role::{Audience, Role},
};
use tokio::task::JoinSet;

use crate::told::{Told, Worker, some_more};

/// The dial's value for a disk that works.
const NOTHING: i64 = 0;
const SYNCS: i64 = 1;
const ALL: i64 = 2;
/// The node's niceness.
const NICENESS: u8 = 10;
/// Programs that compete for its CPU.
const BUSY: usize = 3;
/// Invites redeemed at once: more than one address may.
const LOGINS: usize = 2 + limit::REDEEM_PER_MINUTE as usize;
/// Rows of a list uploaded meanwhile.
const ROWS: usize = 1_000;

/// Processes a screen's messages until it has received this many beats. It must not be
/// disconnected.
async fn beats(screen: &mut Screen, count: usize) {
    let mut heard = 0;
    let told = async {
        while heard < count {
            let next = screen.hear().await;
            heard += usize::from(matches!(next, Heard::Frame(ServerFrame::Beat { .. })));
            screen.take_in(next).await.expect("no screen is disconnected");
        }
    };
    soon("a beat", told).await;
}

async fn all_beat(screens: &mut [Screen], count: usize) {
    for screen in screens {
        beats(screen, count).await;
    }
}

/// Processes a screen's messages until it is at the room's head, and at least at this entry. It
/// must not be disconnected.
async fn stays(screen: &mut Screen, seq: Seq) {
    let room = screen.device.snapshot().await;
    assert!(room.to >= seq, "I-22");
    let reached = async {
        while screen.cursor.seq < room.to {
            screen.step().await.expect("no screen is disconnected");
        }
    };
    soon("where the room is", reached).await;
    assert_eq!(screen.cursor.seq, room.to, "all writing has ended");
    assert!(screen.rows == proof::fold::kept(room.put), "I-16: other rows than the room's");
}

/// Returns screens of three audiences, and a lead's desk.
async fn screens(door: &Door, room: RoomId) -> (Device, Vec<Screen>) {
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let phone = door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = door.come_in(room, Audience::Wall, &[]).await;
    let mut screens = Vec::new();
    for face in [&desk, &phone, &wall] {
        let mut screen = Screen::live(face.clone()).await;
        screen.reach(Seq(1)).await;
        screens.push(screen);
    }
    (desk, screens)
}

/// Returns the environment that puts both of these shims under a process.
fn both<const A: usize, const B: usize>(
    one: [(&'static str, String); A],
    other: [(&'static str, String); B],
) -> Vec<(&'static str, String)> {
    let [one, other] = [one.to_vec(), other.to_vec()];
    let mut said = [one, other].concat();
    let preloaded = |(name, _): &(&str, String)| *name == "LD_PRELOAD";
    let libraries: Vec<_> =
        said.iter().filter(|pair| preloaded(pair)).map(|(_, library)| library.clone()).collect();
    said.retain(|pair| !preloaded(pair));
    said.push(("LD_PRELOAD", libraries.join(":")));
    said
}

async fn is_healthy(desk: &Device) {
    assert_eq!(desk.web.get("/health").send().await.status.as_u16(), 200);
}

/// I-5, I-7, I-10, I-20, I-27, E7, E21: on one CPU there is one thread for all screens, and
/// blocking it stops them all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_disk_hangs_screens_get_beats_and_queued_commands_stay_in_order() {
    let (mut node, kept) = (Node::new(), tempfile::tempdir().unwrap());
    let dial = Dial::at(&kept.path().join("hung"), NOTHING);
    let clock = Dial::at(&kept.path().join("ahead"), 0);
    node.say(both(dial.as_hung(&node.data()), clock.as_clock()));
    node.after(&only(0));
    node.start().await;
    let elsewhere = node.door().open_room(0).await;
    let elsewhere = node.door().come_in(elsewhere, Audience::Desk, &[Role::Lead]).await;
    for n in 0..4 {
        let long = format!("{n} {}", "x".repeat(1_900));
        let lines: Vec<_> =
            (0..limit::COMMANDS_MAX).map(|_| cast::asks(cast::line(&long))).collect();
        elsewhere.fates(&lines).await;
    }
    // A restarted node has cached nothing of that room.
    node.kill();
    node.start().await;
    let door = node.door();
    let room = door.open_room(2).await;
    let (desk, mut screens) = screens(&door, room).await;
    let late = door.invite(&Door::asks_for(room, Audience::Desk, &[Role::Bizsup])).await;
    // So late that each use of a login must be written to the store.
    clock.turn(2 * 60 * 60 * 1_000);
    dial.turn(SYNCS);
    let lines: Vec<_> = (0..20).map(|n| cast::asks(cast::line(&format!("line {n}")))).collect();
    let (sender, sent) = (desk.clone(), lines.clone());
    let asking = tokio::spawn(async move { sender.fates(&sent).await });
    all_beat(&mut screens, 2).await;
    is_healthy(&desk).await;
    let known = desk.get("/api/me").send().await;
    assert_eq!(known.status.as_u16(), 200, "extending a login blocks no request: {known:?}");
    assert!(!asking.is_finished(), "nothing is acknowledged before the disk has it");
    // Logins cannot be looked up either, and the requests fill every place in the queue.
    dial.turn(ALL);
    let mut waiting = JoinSet::new();
    let reading = elsewhere.get(&elsewhere.rows_path());
    let reading = tokio::spawn(async move { reading.send().await.status.as_u16() });
    for _ in 0..limit::REQUESTS_PER_S {
        for path in ["/api/me", &desk.rows_path()] {
            let ask = desk.get(path);
            waiting.spawn(async move { ask.send().await.status.as_u16() });
        }
    }
    let redeem = door.redeem(&late.secret);
    waiting.spawn(async move { redeem.send().await.status.as_u16() });
    all_beat(&mut screens, 1).await;
    is_healthy(&desk).await;
    assert!(!reading.is_finished(), "the disk does not hang");
    dial.turn(NOTHING);
    assert_eq!(soon("another room", reading).await.unwrap(), 200);
    while let Some(status) = soon("an answer", waiting.join_next()).await {
        assert_eq!(status.unwrap(), 200);
    }
    let fates = soon("the fates", asking).await.unwrap();
    let seqs: Vec<Seq> = fates
        .iter()
        .map(|told| match told.fate {
            Fate::Ok { seq } => seq,
            ref other => panic!("{other:?}"),
        })
        .collect();
    assert!(seqs.is_sorted_by(|one, next| one < next), "{seqs:?}");
    for screen in &mut screens {
        stays(screen, *seqs.last().unwrap()).await;
    }
    Told { kept: lines.into_iter().zip(seqs).collect(), open: Vec::new() }.stands(&desk).await;
}

/// Returns a list of people.
fn list() -> Vec<u8> {
    let (file, choices) = (cast::text("residents.csv"), IntakeChoices::default());
    let mut list = serde_json::to_vec(&IntakeAsked { file, choices, agreed: None }).unwrap();
    list.extend(b"\nName,D.O.B,Room\n");
    for n in 0..ROWS {
        let row = format!(
            "Barnaby Wick{n},{:02}/{:02}/19{:02},{n}\n",
            1 + n % 28,
            1 + n % 12,
            30 + n % 20
        );
        list.extend(row.into_bytes());
    }
    list
}

/// The request succeeded, or its refusal says why.
fn is_told(answer: &Answer) {
    if !answer.status.is_success() {
        assert!([429, 503, 504].contains(&answer.status.as_u16()), "{answer:?}");
        assert!(!answer.read::<ErrorAnswer>().words.is_empty());
    }
}

/// I-5, I-7, I-10, I-20, I-23, E21.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_starved_of_cpu_is_late_and_correct() {
    let mut node = Node::new();
    node.after(&only(NICENESS));
    node.start().await;
    let door = node.door();
    let room = door.open_room(2).await;
    let (desk, mut screens) = screens(&door, room).await;
    let (is_over, done) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let mut workers = JoinSet::new();
    for n in 0..3 {
        let faces = vec![door.another(&desk, Audience::Desk, &[Role::Lead]).await];
        let (is_over, done) = (Arc::clone(&is_over), Arc::clone(&done));
        workers.spawn(Worker { faces, name: format!("worker {n}"), is_over, done }.works());
    }
    some_more(&done, 5).await;
    let busy = Busy::start(BUSY);
    let mut asking = JoinSet::new();
    for _ in 0..2 * limit::IMPORTS_AT_ONCE_MAX {
        let path = format!("/api/rooms/{room}/intake");
        let ask = desk.post(&path).body("application/vnd.muster.intake", list());
        asking.spawn(async move { ask.send().await });
    }
    let nobodys = "A".repeat(43);
    for _ in 0..LOGINS {
        let ask = door.redeem(&nobodys);
        asking.spawn(async move {
            let answer = ask.send().await;
            let is_nobodys = answer.status.as_u16() == 404;
            assert!(is_nobodys || answer.status.as_u16() == 429, "{answer:?}");
            assert!(!answer.read::<ErrorAnswer>().words.is_empty());
            Answer { status: 200_u16.try_into().unwrap(), ..answer }
        });
    }
    all_beat(&mut screens, 2).await;
    is_healthy(&desk).await;
    some_more(&done, 10).await;
    while let Some(answer) = soon("an answer", asking.join_next()).await {
        is_told(&answer.unwrap());
    }
    is_over.store(true, Ordering::SeqCst);
    let told = soon("the end of the work", workers.join_all()).await;
    let last = told.iter().flat_map(|told| told.kept.last()).map(|(_, seq)| *seq).max().unwrap();
    for screen in &mut screens {
        stays(screen, last).await;
    }
    drop(busy);
    for worker in &told {
        assert!(worker.kept.is_sorted_by_key(|(_, seq)| *seq), "I-10");
        worker.stands(&desk).await;
    }
    node.kill();
    journal::verify::verify(&node.database()).unwrap();
}
