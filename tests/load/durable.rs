//! Commands, each waited for until it is durable.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    Effort, process,
    room::Room,
    window::{median, share},
};

/// Logins: each may ask thirty times a second.
const LEADS: usize = 600;
/// How many wait at a time.
const WAITING: [usize; 3] = [1, 10, 100];

/// Measures and prints.
pub async fn run(effort: Effort) {
    let muster = process::muster();
    let room = Arc::new(Room::open(&muster, 62, LEADS).await);
    println!("\n## Durable commands, one a request, into one room\n");
    println!("| waiting | commands/s | p50 ms | p99 ms |\n|--:|--:|--:|--:|");
    for waiting in WAITING {
        let mut rounds = Vec::new();
        for _ in 0..effort.rounds() {
            rounds.push(round(&room, waiting, Duration::from_secs(3)).await);
        }
        let of = |value: fn(&(f64, f64, f64)) -> f64| median(rounds.iter().map(value));
        println!("| {waiting} | {:.0} | {:.2} | {:.2} |", of(|r| r.0), of(|r| r.1), of(|r| r.2));
    }
}

/// Returns commands a second and how long they took.
async fn round(room: &Arc<Room>, waiting: usize, length: Duration) -> (f64, f64, f64) {
    let begun = Instant::now();
    let workers = (0..waiting).map(|worker| {
        let room = Arc::clone(room);
        tokio::spawn(async move {
            let mut wire = room.wire().await;
            let mut delays: Vec<u32> = Vec::new();
            let leads = room.leads.iter().skip(worker).step_by(waiting).cycle();
            for lead in leads {
                let asked = Instant::now();
                if room.change(&mut wire, lead).await.is_some() {
                    delays.push(asked.elapsed().as_micros() as u32);
                }
                if begun.elapsed() > length {
                    break;
                }
            }
            delays
        })
    });
    let mut delays = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        delays.extend(worker.await.expect("commands are sent"));
    }
    delays.sort_unstable();
    let per_s = delays.len() as f64 / begun.elapsed().as_secs_f64();
    (per_s, share(&delays, 0.50) / 1e3, share(&delays, 0.99) / 1e3)
}
