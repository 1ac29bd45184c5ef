//! Several nodes that write one room at once, at a rising pace: how often one is late, and what that costs
//! whoever waits for an answer.

use std::{sync::Arc, time::Instant};

use crate::{
    Effort,
    city::City,
    pace::{self, Pace, Sent},
    room::Room,
    window::share,
};

/// Numbers of nodes.
const NODES: [usize; 3] = [1, 2, 3];
/// People in the room.
const PEOPLE: usize = 62;
/// Logins that make changes: each may ask thirty times a second.
const LEADS: usize = 300;
/// Changes in a second, over all nodes.
const PACES: [u32; 8] = [10, 50, 100, 200, 400, 800, 1_600, 3_200];
/// The same, for a look.
const FEW: [u32; 3] = [50, 200, 800];

/// What the nodes counted.
struct Counts {
    late: u64,
    commits: u64,
    entries: u64,
}

impl Counts {
    async fn of(city: &City) -> Self {
        Self {
            late: city.figure("muster_late_batches_total").await,
            commits: city.figure("muster_batch_commands_count").await,
            entries: city.figure("muster_entries_total").await,
        }
    }
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n### Nodes that write one room at once\n");
    println!(
        "| nodes | changes/s asked for | done | p50 ms | p99 ms | commits/s | late batches a commit | answered \
         that it is to be sent again |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|");
    for nodes in NODES {
        let city = City::with(nodes).await;
        let room = Arc::new(Room::across(&city.nodes, PEOPLE, LEADS).await);
        let paces = if effort == Effort::Full { &PACES[..] } else { &FEW };
        for per_s in paces {
            step(&city, &room, Pace { per_s: *per_s, seconds: effort.window_s() }).await;
        }
    }
}

/// Makes changes at one pace.
///
/// # Panics
///
/// When a change has no entry of its own, or an entry no change.
async fn step(city: &City, room: &Arc<Room>, pace: Pace) {
    let (before, begun) = (Counts::of(city).await, Instant::now());
    let sent = pace::room(room, pace, begun).await;
    let took_s = took_s(&sent, pace);
    let after = Counts::of(city).await;
    let mut entries: Vec<u64> = sent.iter().map(|sent| sent.seq).collect();
    entries.dedup();
    assert_eq!(entries.len(), sent.len(), "every change has an entry of its own");
    assert_eq!(after.entries - before.entries, sent.len() as u64, "every entry is a change");
    let mut delays: Vec<u32> = sent.iter().map(|sent: &Sent| sent.took).collect();
    delays.sort_unstable();
    let commits = after.commits - before.commits;
    let again: u32 = sent.iter().map(|sent| sent.again).sum();
    println!(
        "| {} | {} | {:.0} | {:.1} | {:.1} | {:.0} | {:.3} | {again} |",
        room.addrs.len(),
        pace.per_s,
        sent.len() as f64 / took_s,
        share(&delays, 0.50) / 1e3,
        share(&delays, 0.99) / 1e3,
        commits as f64 / took_s,
        (after.late - before.late) as f64 / commits.max(1) as f64,
    );
}

/// Returns the seconds from when the first change was due until the last one was answered, and not less than
/// the pace allows.
fn took_s(sent: &[Sent], pace: Pace) -> f64 {
    let first = sent.iter().map(|sent| sent.due).min().unwrap_or_default();
    let last = sent.iter().map(|sent| sent.due + sent.took).max().unwrap_or_default();
    (f64::from(last - first) / 1e6).max(f64::from(pace.seconds))
}
