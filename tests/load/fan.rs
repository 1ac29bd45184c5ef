//! Fanning out: Muster beside the floor, in turns, to the same number of sockets of the same client.

use std::sync::Arc;

use proto::role::{Audience, Role};

use crate::{
    Effort,
    crowd::{Crowd, Door},
    pace::{self, Bare, Pace},
    process::{self, Server},
    room::{Login, Room},
    window::{Window, measure, median},
};

/// People in the room: Harbour Rise.
const PEOPLE: usize = 62;
/// Logins that make changes.
const LEADS: usize = 300;
/// Logins that the sockets share.
const PHONES: usize = 100;
/// Changes in a second.
const PER_S: u32 = 10;
/// Nobody may wait longer at the 99th per cent.
const P99_MS: f64 = 250.0;
/// Where the search for the limit begins and ends, in changes a second.
const SEARCH: (u32, u32) = (20, 20_480);
/// How often a step of the search is tried.
const TRIES: u32 = 3;
/// Seconds of a step of the search.
const SEARCH_S: u32 = 3;

/// Lets phones in.
pub async fn phones(room: &Room, count: usize) -> Vec<Login> {
    let invite = room.invite(Audience::Phone, vec![Role::NamedSw]).await;
    let mut phones = Vec::new();
    for _ in 0..count {
        phones.push(room.redeem(Audience::Phone, &invite).await);
    }
    phones
}

/// Opens sockets that follow a room as phones.
pub async fn follow(room: &Room, phones: &[Login], count: usize) -> Crowd {
    let stand = room.stand(&phones[0]).await;
    Crowd::open(count, |number| room.door(&phones[number % phones.len()], &stand), true).await
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## Fanning out one room, {PER_S} changes a second\n");
    println!(
        "| sockets | server | CPU s per million | ratio to the floor | p50 ms | p99 ms | lost | \
         doubled | at most: changes/s | deliveries/s |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut bytes = 0.0;
    for sockets in effort.sockets() {
        bytes = size(effort, sockets).await;
    }
    println!("\nA frame of rows for a phone: {bytes:.0} bytes.");
}

/// Measures one number of sockets; returns the bytes of a frame.
async fn size(effort: Effort, sockets: usize) -> f64 {
    let muster = process::muster();
    let room = Arc::new(Room::open(&muster, PEOPLE, LEADS).await);
    let crowd = follow(&room, &phones(&room, PHONES).await, sockets).await;
    let warm = Pace { per_s: PER_S, seconds: 1 };
    measure(&crowd, &muster, async |epoch| pace::room(&room, warm, epoch).await).await;
    let mut sample = Vec::new();
    crowd.each(|seen| sample.clone_from(&seen.sample));

    let floor = process::floor();
    let bare_crowd = bare_crowd(&floor, sockets).await;
    let mut bare = Bare::new(&floor, &sample).await;
    let (mut floors, mut musters) = (Vec::new(), Vec::new());
    let pace = Pace { per_s: PER_S, seconds: effort.window_s() };
    for _ in 0..effort.rounds() {
        floors
            .push(measure(&bare_crowd, &floor, async |epoch| bare.write(pace, epoch).await).await);
        let made = async |epoch| pace::room(&room, pace, epoch).await;
        musters.push(measure(&crowd, &muster, made).await);
    }
    let floor_most = search(effort, async |pace| {
        measure(&bare_crowd, &floor, async |epoch| bare.write(pace, epoch).await).await
    });
    let floor_most = floor_most.await;
    drop(bare_crowd);
    let muster_most = search(effort, async |pace| {
        measure(&crowd, &muster, async |epoch| pace::room(&room, pace, epoch).await).await
    });
    let muster_most = muster_most.await;
    row(sockets, "floor", &floors, &floors, floor_most);
    row(sockets, "Muster", &musters, &floors, muster_most);
    musters[0].frame_bytes
}

async fn bare_crowd(floor: &Server, sockets: usize) -> Crowd {
    let door = Door { addr: floor.addr, headers: String::new(), greeting: Vec::new(), cursor: 0 };
    Crowd::open(sockets, |_| door.clone(), false).await
}

/// Doubles the pace until it holds in none of three tries that nothing is lost and nobody waits too long;
/// returns the last that held. Other programs on the machine can spoil a try, never make one.
async fn search(effort: Effort, mut at: impl AsyncFnMut(Pace) -> Window) -> u32 {
    let (mut held, mut per_s, mut tries) = (0, SEARCH.0, 0);
    while effort == Effort::Full && per_s <= SEARCH.1 && tries < TRIES {
        tries += 1;
        if at(Pace { per_s, seconds: SEARCH_S }).await.is_held(P99_MS) {
            (held, per_s, tries) = (per_s, per_s * 2, 0);
        }
    }
    held
}

fn row(sockets: usize, name: &str, windows: &[Window], floors: &[Window], most: u32) {
    let of = |value: fn(&Window) -> f64| median(windows.iter().map(value));
    let pairs = windows.iter().zip(floors);
    let ratio = median(pairs.map(|(w, floor)| w.cpu_per_million() / floor.cpu_per_million()));
    let lost: u64 = windows.iter().map(|window| window.lost).sum();
    let doubled: u64 = windows.iter().map(|window| window.doubled).sum();
    println!(
        "| {sockets} | {name} | {:.2} | {ratio:.2} | {:.1} | {:.1} | {lost} | {doubled} | {most} | {} |",
        of(Window::cpu_per_million),
        of(|window| window.p50_ms),
        of(|window| window.p99_ms),
        most as usize * sockets,
    );
}
