//! A storm: every screen is cut off at the same moment, and all come back as the screens do.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use node::operator::SnapshotFigures;
use tokio::time::sleep;

use crate::{
    Effort,
    crowd::Crowd,
    process::{self, Server},
    room::{self, Room},
    screen::{FACES, Screen, logins, of_socket},
    window::{median, share},
    writer::Writer,
};

/// People in the room: eight of Harbour Rise, so that a snapshot is a large one.
const PEOPLE: usize = 500;
/// Sockets that are cut off.
const SOCKETS: usize = 5_000;
/// How long all may take before the storm counts as lost.
const MOST: Duration = Duration::from_secs(60);
/// How long all should take.
const GOAL_S: f64 = 5.0;

/// What the screens hold when they come back, and what became of the room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// They hold their cursors; the room goes on working.
    Cursors,
    /// Every page was loaded again, so each fetches a snapshot; nobody writes.
    Reloaded,
    /// The same, while the room goes on working.
    ReloadedBusy,
    /// They hold their cursors; the node was killed and started again.
    Restarted,
}

impl Case {
    const ALL: [Self; 4] = [Self::Cursors, Self::Reloaded, Self::ReloadedBusy, Self::Restarted];

    fn words(self) -> &'static str {
        match self {
            Self::Cursors => "with cursors, room at work",
            Self::Reloaded => "reloaded, quiet room",
            Self::ReloadedBusy => "reloaded, room at work",
            Self::Restarted => "with cursors, node killed",
        }
    }

    fn is_reloaded(self) -> bool {
        matches!(self, Self::Reloaded | Self::ReloadedBusy)
    }

    fn is_busy(self) -> bool {
        matches!(self, Self::Cursors | Self::ReloadedBusy)
    }
}

/// What was found in one storm.
struct Found {
    half_s: f64,
    most_s: f64,
    all_s: f64,
    failed: u64,
    cpu_s: f64,
    entries: u64,
    snapshots: SnapshotFigures,
    commands_ms: (f64, f64),
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## A storm: {SOCKETS} screens cut off at once, {PEOPLE} people\n");
    println!(
        "| they come back | half live s | 99 of 100 s | all live s | tries that failed | CPU s | \
         entries meanwhile | snapshots fetched | encoded | packed | commands p50 ms | p99 ms |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut slowest: f64 = 0.0;
    for case in Case::ALL {
        let mut rounds = Vec::new();
        for _ in 0..effort.rounds() {
            rounds.push(storm(case).await);
        }
        let of = |value: fn(&Found) -> f64| median(rounds.iter().map(value));
        // Nobody writes in a quiet room.
        let ms =
            |value| if case.is_busy() { format!("{:.1}", of(value)) } else { "none".to_owned() };
        println!(
            "| {} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {} | {} |",
            case.words(),
            of(|found| found.half_s),
            of(|found| found.most_s),
            of(|found| found.all_s),
            of(|found| found.failed as f64),
            of(|found| found.cpu_s),
            of(|found| found.entries as f64),
            of(|found| found.snapshots.asked as f64),
            of(|found| found.snapshots.encoded as f64),
            of(|found| found.snapshots.packed as f64),
            ms(|found| found.commands_ms.0),
            ms(|found| found.commands_ms.1),
        );
        slowest = slowest.max(of(|found| found.all_s));
    }
    let verdict = if slowest <= GOAL_S { "reached" } else { "missed" };
    println!(
        "\nAll live again within {GOAL_S} s: {verdict}, at most {slowest:.2}. Nothing lost or doubled."
    );
}

/// Makes one storm on a node of its own.
async fn storm(case: Case) -> Found {
    let server = process::muster();
    let room = Arc::new(Room::open(&server, PEOPLE, 40).await);
    let logins = logins(&room).await;
    let mut doors = Vec::new();
    for login in &logins {
        doors.push(room.door(login, &room.stand(login).await));
    }
    let doors = |number: usize| doors[of_socket(number, logins.len())].clone();
    let mut crowd = Crowd::open(SOCKETS, doors, true).await;
    sleep(Duration::from_secs(2)).await;
    let tag = room.stand(&logins[0]).await.tag;
    crowd.each(|seen| {
        if seen.tag == [0; 16] {
            seen.tag.copy_from_slice(tag.as_bytes());
        }
    });
    // What the first rows after the joining were costs nothing that is measured here.
    let writer = case.is_busy().then(|| Writer::start(&room));
    sleep(Duration::from_secs(1)).await;
    let (before, used) = (room.operator.figures().await.expect("figures"), server.cpu_s());
    let began = room.stand(&logins[0]).await.seq;
    crowd.cut().await;
    let server = if case == Case::Restarted { server.again() } else { server };
    let used = if case == Case::Restarted { 0.0 } else { used };
    let cut = Instant::now();
    let failed = Arc::new(AtomicU64::new(0));
    let (epoch, is_reloaded) = (crowd.epoch, case.is_reloaded());
    crowd.come_back(|number, seen| {
        let screen = Screen {
            room: Arc::clone(&room),
            login: logins[of_socket(number, logins.len())].clone(),
            home: 0,
            is_reloaded,
            seen,
            epoch,
            failed: Arc::clone(&failed),
        };
        screen.come_back()
    });
    assert!(crowd.wait(MOST, |seen| seen.is_live).await, "all screens come back");
    let (after, cpu_s) = (figures(&server).await, server.cpu_s() - used);
    let (written, commands_ms) = match writer {
        Some(writer) => {
            let written = writer.stop().await;
            (written.last(), (written.p50_ms, written.p99_ms))
        }
        None => (0, (0.0, 0.0)),
    };
    judge(case, &crowd, written).await;
    let entries = written.saturating_sub(began);
    let zero = SnapshotFigures { asked: 0, encoded: 0, packed: 0 };
    let before = if case == Case::Restarted { zero } else { before.snapshots };
    let snapshots = SnapshotFigures {
        asked: after.asked - before.asked,
        encoded: after.encoded - before.encoded,
        packed: after.packed - before.packed,
    };
    thrifty(snapshots, entries);
    let since = cut.duration_since(epoch).as_micros() as u32;
    let mut came: Vec<u32> = Vec::new();
    crowd.each(|seen| came.push(seen.live_at.saturating_sub(since)));
    came.sort_unstable();
    let [half_s, most_s, all_s] = [0.5, 0.99, 1.0].map(|part| share(&came, part) / 1e6);
    let failed = failed.load(Ordering::Relaxed);
    Found { half_s, most_s, all_s, failed, cpu_s, entries, snapshots, commands_ms }
}

/// Returns the node's figures; a node that was started again has another token.
async fn figures(server: &Server) -> SnapshotFigures {
    room::operator(server).figures().await.expect("figures").snapshots
}

/// Proves that nothing is lost or doubled: every screen holds the last entry, and got there by frames that
/// each followed its cursor.
async fn judge(case: Case, crowd: &Crowd, last: u64) {
    let is_there = crowd.wait(Duration::from_secs(5), |seen| seen.cursor >= last).await;
    assert!(is_there, "{}: every screen has the last entry", case.words());
    let wrong = crowd.count(|seen| seen.gaps + seen.doubled + seen.resyncs > 0);
    assert_eq!(wrong, 0, "{}: rows followed the cursor at every screen", case.words());
    let ended = crowd.count(|seen| seen.ended.is_some());
    assert_eq!(ended, 0, "{}: every screen stays", case.words());
}

/// Proves that however many screens asked, a snapshot was made at most once for each audience and entry,
/// and packed at most once for each of those and encoding (I-28).
fn thrifty(found: SnapshotFigures, entries: u64) {
    let most = (FACES.len() as u64 + 1) * (entries + 1);
    assert!(found.encoded <= most, "{} encoded, {entries} entries", found.encoded);
    assert!(found.packed <= 2 * most, "{} packed, {entries} entries", found.packed);
}
