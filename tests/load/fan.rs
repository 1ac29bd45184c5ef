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
pub const PEOPLE: usize = 62;
/// Logins that make changes.
pub const LEADS: usize = 300;
/// Logins that the sockets share.
pub const PHONES: usize = 100;
/// Changes in a second.
pub const PER_S: u32 = 10;
/// Deliveries in a second that are not exceeded: with more sockets the changes come slower, or the two
/// processors have no time left and only their queue is measured.
const DELIVERIES_PER_S: usize = 50_000;
/// Nobody may wait longer at the 99th per cent.
pub const P99_MS: f64 = 250.0;
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

/// Opens sockets that follow a room as phones, at each of its nodes as many.
pub async fn follow(room: &Room, phones: &[Login], count: usize) -> Crowd {
    let stand = room.stand(&phones[0]).await;
    let door = |number: usize| {
        let addr = room.addrs[number % room.addrs.len()];
        room.door_at(addr, &phones[number / room.addrs.len() % phones.len()], &stand)
    };
    Crowd::open(count, door, true).await
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## Fanning out one room\n");
    println!(
        "| sockets | changes/s | server | CPU s per million | ratio to the floor | p50 ms | p99 ms | \
         lost | doubled | node MiB | at most: changes/s | deliveries/s |"
    );
    println!("|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut bytes = 0.0;
    for sockets in effort.sockets() {
        bytes = size(effort, *sockets).await;
    }
    println!("\nA frame of rows for a phone: {bytes:.0} bytes.");
}

/// One server's windows, and what it can do at most.
struct Found {
    windows: Vec<Window>,
    most: u32,
    resident_mib: f64,
}

/// Measures one number of sockets; returns the bytes of a frame. The sockets of one server are opened
/// when those of the other are closed, so that a program needs files for one crowd only.
async fn size(effort: Effort, sockets: usize) -> f64 {
    let muster = process::muster();
    let room = Arc::new(Room::open(&muster, PEOPLE, LEADS).await);
    let phones = phones(&room, PHONES).await;
    let sample = sample(&room, &phones).await;
    let floor = process::floor();
    let per_s = PER_S.min(u32::try_from(DELIVERIES_PER_S / sockets).unwrap_or(1));
    let pace = Pace { per_s, seconds: effort.window_s() };
    let mut bare = Found { windows: Vec::new(), most: 0, resident_mib: 0.0 };
    let mut ours = Found { windows: Vec::new(), most: 0, resident_mib: 0.0 };
    for round in 0..effort.rounds() {
        let is_last = round + 1 == effort.rounds();
        let crowd = bare_crowd(&floor, sockets).await;
        let mut writer = Bare::new(&floor, &sample).await;
        bare.windows.push(
            measure(&crowd, || floor.cpu_s(), async |epoch| writer.write(pace, epoch).await).await,
        );
        bare.resident_mib = floor.resident_kib() / 1024.0;
        if is_last {
            let at = async |pace| {
                measure(&crowd, || floor.cpu_s(), async |epoch| writer.write(pace, epoch).await)
                    .await
            };
            bare.most = search(effort, at).await;
        }
        drop((crowd, writer));
        let crowd = follow(&room, &phones, sockets).await;
        let at = async |pace| {
            measure(&crowd, || muster.cpu_s(), async |epoch| pace::room(&room, pace, epoch).await)
                .await
        };
        ours.windows.push(at(pace).await);
        ours.resident_mib = muster.resident_kib() / 1024.0;
        if is_last {
            ours.most = search(effort, at).await;
        }
    }
    row(sockets, per_s, "floor", &bare, &bare.windows);
    row(sockets, per_s, "Muster", &ours, &bare.windows);
    ours.windows[0].frame_bytes
}

/// Returns a frame of rows as a phone gets it.
pub async fn sample(room: &Arc<Room>, phones: &[Login]) -> Vec<u8> {
    let crowd = follow(room, phones, 10).await;
    let warm = Pace { per_s: PER_S, seconds: 1 };
    measure(&crowd, || 0.0, async |epoch| pace::room(room, warm, epoch).await).await;
    let mut sample = Vec::new();
    crowd.each(|seen| sample.clone_from(&seen.sample));
    sample
}

/// Opens sockets at the floor.
pub async fn bare_crowd(floor: &Server, sockets: usize) -> Crowd {
    let door = Door {
        addr: floor.addr,
        path: "/ws",
        headers: String::new(),
        greeting: Vec::new(),
        cursor: 0,
    };
    Crowd::open(sockets, |_| door.clone(), false).await
}

/// Doubles the pace until it holds in none of three tries that nothing is lost and nobody waits too long;
/// returns the last that held. Other programs on the machine can spoil a try, never make one.
pub async fn search(effort: Effort, mut at: impl AsyncFnMut(Pace) -> Window) -> u32 {
    let (mut held, mut per_s, mut tries) = (0, SEARCH.0, 0);
    while effort == Effort::Full && per_s <= SEARCH.1 && tries < TRIES {
        tries += 1;
        if at(Pace { per_s, seconds: SEARCH_S }).await.is_held(P99_MS) {
            (held, per_s, tries) = (per_s, per_s * 2, 0);
        }
    }
    held
}

fn row(sockets: usize, per_s: u32, name: &str, found: &Found, floors: &[Window]) {
    let Found { windows, most, resident_mib } = found;
    let of = |value: fn(&Window) -> f64| median(windows.iter().map(value));
    let pairs = windows.iter().zip(floors);
    let ratio = median(pairs.map(|(w, floor)| w.cpu_per_million() / floor.cpu_per_million()));
    let lost: u64 = windows.iter().map(|window| window.lost).sum();
    let doubled: u64 = windows.iter().map(|window| window.doubled).sum();
    println!(
        "| {sockets} | {per_s} | {name} | {:.2} | {ratio:.2} | {:.1} | {:.1} | {lost} | {doubled} | \
         {resident_mib:.0} | {most} | {} |",
        of(Window::cpu_per_million),
        of(|window| window.p50_ms),
        of(|window| window.p99_ms),
        *most as usize * sockets,
    );
}
