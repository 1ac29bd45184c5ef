//! Opening a room: its journal read from the disk and folded, until the first screen has its rows.

use std::{sync::Arc, time::Instant};

use proto::{
    limit,
    role::{Audience, Role},
};

use crate::{
    Effort, process,
    process::Server,
    room::{Login, Room},
    window::median,
};

/// People in the room.
const PEOPLE: [usize; 2] = [62, 500];
/// Logins that write the history: each may ask thirty times a second.
const LEADS: usize = 200;
/// Connections that write it.
const WIRES: usize = 8;
/// How long the opening of 10,000 entries should take.
const GOAL_MS: f64 = 1_000.0;

/// What was found.
struct Found {
    cold_ms: f64,
    warm_ms: f64,
    grown_mib: f64,
    cpu_s: f64,
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## Opening a room\n");
    println!(
        "| people | entries | database MiB | first rows ms | rows again ms | µs per entry | CPU s | \
         memory MiB |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut slowest: f64 = 0.0;
    for people in PEOPLE {
        for entries in effort.entries() {
            let found = size(effort, people, *entries).await;
            slowest = if *entries == 10_000 { slowest.max(found) } else { slowest };
        }
    }
    let verdict = if slowest <= GOAL_MS { "reached" } else { "missed" };
    println!("\nRows of 10,000 entries within {GOAL_MS} ms: {verdict}, at most {slowest:.0} ms.");
}

/// Measures one room; returns the milliseconds to the first rows.
async fn size(effort: Effort, people: usize, entries: usize) -> f64 {
    let mut server = process::muster();
    let room = Arc::new(Room::open(&server, people, LEADS).await);
    let invite = room.invite(Audience::Desk, vec![Role::Lead]).await;
    let desk = room.redeem(Audience::Desk, &invite).await;
    let head = usize::try_from(room.stand(&desk).await.seq).expect("a small number");
    history(&room, entries.saturating_sub(head)).await;
    let head = room.stand(&desk).await.seq;
    let mib = server.database_bytes() as f64 / 1024.0 / 1024.0;
    let mut rounds = Vec::new();
    for _ in 0..effort.rounds() {
        server = server.again();
        rounds.push(open(&server, &room, &desk).await);
        assert_eq!(room.stand(&desk).await.seq, head, "every entry is there");
    }
    let of = |value: fn(&Found) -> f64| median(rounds.iter().map(value));
    let cold_ms = of(|found| found.cold_ms);
    println!(
        "| {people} | {head} | {mib:.1} | {cold_ms:.0} | {:.1} | {:.1} | {:.2} | {:.0} |",
        of(|found| found.warm_ms),
        cold_ms * 1e3 / head as f64,
        of(|found| found.cpu_s),
        of(|found| found.grown_mib),
    );
    cold_ms
}

/// Asks a node that was just started for a desk's rows, and again.
async fn open(server: &Server, room: &Room, desk: &Login) -> Found {
    let (before, used) = (server.resident_kib(), server.cpu_s());
    let mut wire = room.wire().await;
    let begun = Instant::now();
    room.snapshot(&mut wire, desk, "identity").await;
    let cold_ms = begun.elapsed().as_secs_f64() * 1e3;
    let cpu_s = server.cpu_s() - used;
    let grown_mib = (server.resident_kib() - before) / 1024.0;
    let begun = Instant::now();
    room.snapshot(&mut wire, desk, "identity").await;
    Found { cold_ms, warm_ms: begun.elapsed().as_secs_f64() * 1e3, grown_mib, cpu_s }
}

/// Lets a long day happen, until so many entries are written.
async fn history(room: &Arc<Room>, entries: usize) {
    let writers = (0..WIRES).map(|writer| {
        let room = Arc::clone(room);
        tokio::spawn(async move {
            let mut wire = room.wire().await;
            let mut left = entries / WIRES + usize::from(writer < entries % WIRES);
            for lead in (writer..room.leads.len()).step_by(WIRES).cycle() {
                let count = left.min(limit::COMMANDS_MAX);
                if count == 0 {
                    return;
                }
                if room.live_on(&mut wire, &room.leads[lead], count).await.is_some() {
                    left -= count;
                } else {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("the day happens");
    }
}
