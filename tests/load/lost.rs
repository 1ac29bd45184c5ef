//! A node is lost: it is killed where it stands, or asked to stop, and its screens go to the other one.
//!
//! Each screen knows the addresses of both nodes, as a name with two of them in the directory of names tells
//! it. A balancer that is this program's own would take three files and two copies for each screen, of the
//! very processors that are measured.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::time::sleep;

use crate::{
    Effort,
    city::{self, City},
    crowd::Crowd,
    room::Room,
    screen::{Screen, logins, of_socket},
    window::{median, share},
    writer::{Writer, Written},
};

/// People in the room: eight of Harbour Rise.
const PEOPLE: usize = 500;
/// Screens; every second one is at the node that is killed, and all are at the one that is asked to stop.
const SOCKETS: usize = 5_000;
/// How long all may take before they count as lost.
const MOST: Duration = Duration::from_secs(60);
/// How long all should take.
const GOAL_S: f64 = 10.0;

/// How the node goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Killed; half of the screens were its own.
    Killed,
    /// Asked to stop, as for an upgrade; all screens were its own.
    Stopped,
}

/// What was found.
struct Found {
    cut: usize,
    half_s: f64,
    most_s: f64,
    all_s: f64,
    failed: u64,
    cpu_s: f64,
    entries: u64,
    written: Written,
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## One of two nodes lost, {SOCKETS} screens, {PEOPLE} people\n");
    if let Some(words) = city::missing() {
        println!("Not measured: {words}");
        return;
    }
    println!(
        "| the node is | screens cut off | half live s | 99 of 100 s | all live s | tries that failed | CPU s of the other \
         node | entries meanwhile | commands: p50 ms | p99 ms | at most ms |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut slowest: f64 = 0.0;
    for way in [Way::Killed, Way::Stopped] {
        slowest = slowest.max(measure(way, effort).await);
    }
    let verdict = if slowest <= GOAL_S { "reached" } else { "missed" };
    println!(
        "\nAll live again within {GOAL_S} s: {verdict}, {slowest:.2}. Nothing lost or doubled, and every \
         command that was answered is there once."
    );
}

/// Prints one line; returns the seconds until all are live again.
async fn measure(way: Way, effort: Effort) -> f64 {
    let mut rounds = Vec::new();
    for _ in 0..effort.rounds() {
        rounds.push(lose(way).await);
    }
    let of = |value: fn(&Found) -> f64| median(rounds.iter().map(value));
    println!(
        "| {} | {} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} | {:.0} | {:.1} | {:.1} | {:.1} |",
        way.words(),
        rounds[0].cut,
        of(|found| found.half_s),
        of(|found| found.most_s),
        of(|found| found.all_s),
        of(|found| found.failed as f64),
        of(|found| found.cpu_s),
        of(|found| found.entries as f64),
        of(|found| found.written.p50_ms),
        of(|found| found.written.p99_ms),
        of(|found| found.written.most_ms),
    );
    of(|found| found.all_s)
}

impl Way {
    const fn words(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Stopped => "asked to stop",
        }
    }

    /// Tells whether a screen is at the node that goes.
    const fn cuts(self, number: usize) -> bool {
        match self {
            Self::Killed => number.is_multiple_of(2),
            Self::Stopped => true,
        }
    }
}

/// Loses one node of a city of its own.
async fn lose(way: Way) -> Found {
    let mut city = City::with(2).await;
    let room = Arc::new(Room::across(&city.nodes, PEOPLE, 40).await);
    let failed = Arc::new(AtomicU64::new(0));
    let crowd = raise(way, &room, &failed).await;
    let began = room.stand(&room.leads[0]).await.seq;
    let writer = Writer::start(&room);
    sleep(Duration::from_secs(3)).await;
    let doubtful = crowd.count(|seen| !seen.is_live);
    assert_eq!(doubtful, 0, "every screen is live before a node is lost");
    let (used, before) = (city.nodes[1].cpu_s(), room_head(&crowd));
    failed.store(0, Ordering::Relaxed);
    let cut = Instant::now();
    match way {
        Way::Killed => city.nodes[0].kill(),
        Way::Stopped => assert!(city.nodes[0].is_to_end(), "it can be asked"),
    }
    // Those that are cut off have not all heard of it yet.
    let since = cut.duration_since(crowd.epoch).as_micros() as u32;
    let is_back = |seen: &crate::crowd::Seen, number: usize| {
        seen.is_live && (!way.cuts(number) || seen.live_at > since)
    };
    assert!(crowd.wait_each(MOST, is_back).await, "all screens come back");
    let cpu_s = city.nodes[1].cpu_s() - used;
    let entries = room_head(&crowd) - before;
    sleep(Duration::from_secs(1)).await;
    let written = writer.stop().await;
    judge(&room, &crowd, &written, began).await;
    let mut came: Vec<u32> = Vec::new();
    crowd.each(|seen| {
        if seen.live_at > since {
            came.push(seen.live_at - since);
        }
    });
    came.sort_unstable();
    let [half_s, most_s, all_s] = [0.5, 0.99, 1.0].map(|part| share(&came, part) / 1e6);
    let failed = failed.load(Ordering::Relaxed);
    Found { cut: came.len(), half_s, most_s, all_s, failed, cpu_s, entries, written }
}

/// Raises the screens, each at a node, and waits until all are live.
async fn raise(way: Way, room: &Arc<Room>, failed: &Arc<AtomicU64>) -> Crowd {
    let logins = logins(room).await;
    let mut stands = Vec::new();
    for login in &logins {
        stands.push(room.stand(login).await);
    }
    let mut crowd = Crowd::of(SOCKETS);
    let mut number = 0;
    crowd.each(|seen| {
        let stand = &stands[of_socket(number, logins.len())];
        seen.cursor = stand.seq;
        seen.tag.copy_from_slice(stand.tag.as_bytes());
        number += 1;
    });
    let epoch = crowd.epoch;
    crowd.come_back(|number, seen| {
        let screen = Screen {
            room: Arc::clone(room),
            login: logins[of_socket(number, logins.len())].clone(),
            home: usize::from(!way.cuts(number)),
            is_reloaded: false,
            seen,
            epoch,
            failed: Arc::clone(failed),
        };
        screen.live_on()
    });
    assert!(crowd.wait(MOST, |seen| seen.is_live).await, "all screens follow");
    crowd
}

/// Returns the last entry that any screen holds.
fn room_head(crowd: &Crowd) -> u64 {
    let mut head = 0;
    crowd.each(|seen| head = head.max(seen.cursor));
    head
}

/// Proves that nothing is lost or doubled: every command that was answered has an entry of its own and the
/// room has no others, and every screen holds the last of them, by frames that each followed its cursor.
async fn judge(room: &Arc<Room>, crowd: &Crowd, written: &Written, began: u64) {
    let wanted: Vec<u64> = (began + 1..=written.last()).collect();
    assert_eq!(written.entries, wanted, "every command is there once, and nothing else");
    let is_there = crowd.wait(MOST, |seen| seen.cursor >= written.last()).await;
    assert!(is_there, "every screen has the last entry");
    let wrong = crowd.count(|seen| seen.gaps + seen.doubled + seen.resyncs > 0);
    assert_eq!(wrong, 0, "rows followed the cursor at every screen");
    let mut wire = room.wire_to(room.addrs[1]).await;
    let body = room.snapshot(&mut wire, &room.leads[0], "identity").await;
    let head = crate::room::Stand::of(&body).map(|stand| stand.seq);
    assert_eq!(head, Some(written.last()), "the node that is left holds no more and no less");
}
