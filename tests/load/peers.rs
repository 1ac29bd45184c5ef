//! Other servers that fan out, beside the floor and Muster: the very same bytes, by the same client, in turns.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use crate::{
    Effort,
    crowd::Crowd,
    fan::{self, LEADS, PEOPLE, PER_S, PHONES},
    pace::{self, Bare, Pace, Posted},
    peer::{Kind, Peer},
    process::{self, Server},
    room::{Login, Room},
    window::{Window, measure, median},
};

/// Numbers of sockets.
const SOCKETS: [usize; 2] = [1_000, 5_000];
/// Sockets that come first: what the first one costs is not what the next one costs.
const FIRST: usize = 100;
/// How long a server rests before its memory is looked at.
const SETTLE: Duration = Duration::from_secs(1);

/// What was found for one server.
struct Found {
    name: &'static str,
    windows: Vec<Window>,
    /// KiB that a socket takes, of the first crowd: later ones take what earlier ones left.
    kib: Option<f64>,
    /// Why it could not be measured.
    words: Option<String>,
}

impl Found {
    fn new(name: &'static str) -> Self {
        Self { name, windows: Vec::new(), kib: None, words: None }
    }

    /// Gathers a crowd, and notes what each socket of the first one took.
    async fn gather(
        &mut self,
        sockets: usize,
        memory: impl Fn() -> f64,
        follow: impl AsyncFn(usize) -> Result<Crowd, String>,
    ) -> Result<Crowd, String> {
        if self.kib.is_some() {
            return follow(sockets).await;
        }
        drop(follow(FIRST).await?);
        sleep(SETTLE).await;
        let before = memory();
        let crowd = follow(sockets).await?;
        sleep(SETTLE).await;
        self.kib = Some((memory() - before) / sockets as f64);
        Ok(crowd)
    }
}

/// Muster, and a room in it.
struct Ours {
    server: Server,
    room: Arc<Room>,
    phones: Vec<Login>,
    sample: Vec<u8>,
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## Beside others, {PER_S} messages a second\n");
    println!(
        "| sockets | server | CPU s per million | ratio to the floor | KiB per socket | p50 ms | p99 ms | lost | \
         doubled or out of order | bytes of a message |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for sockets in SOCKETS {
        let server = process::muster();
        let room = Arc::new(Room::open(&server, PEOPLE, LEADS).await);
        let phones = fan::phones(&room, PHONES).await;
        let sample = fan::sample(&room, &phones).await;
        size(effort, &Ours { server, room, phones, sample }, sockets).await;
    }
}

/// Measures one number of sockets.
async fn size(effort: Effort, ours: &Ours, sockets: usize) {
    let floor = process::floor();
    let pace = Pace { per_s: PER_S, seconds: effort.window_s() };
    let (mut bare, mut muster) = (Found::new("floor"), Found::new("Muster"));
    let mut peers: Vec<(Found, Option<Peer>)> = Vec::new();
    for kind in Kind::ALL {
        let mut found = Found::new(kind.words());
        let peer = kind.start().map_err(|words| found.words = Some(words)).ok();
        peers.push((found, peer));
    }
    for _ in 0..effort.rounds() {
        let follow = async |count| Ok(fan::bare_crowd(&floor, count).await);
        let crowd = bare.gather(sockets, || floor.shared_out_kib(), follow).await;
        let crowd = crowd.expect("sockets at the floor");
        let mut writer = Bare::new(&floor, &ours.sample).await;
        let make = async |epoch| writer.write(pace, epoch).await;
        bare.windows.push(measure(&crowd, || floor.cpu_s(), make).await);
        drop((crowd, writer));
        let follow = async |count| Ok(fan::follow(&ours.room, &ours.phones, count).await);
        let crowd = muster.gather(sockets, || ours.server.shared_out_kib(), follow).await;
        let crowd = crowd.expect("sockets at Muster");
        let make = async |epoch| pace::room(&ours.room, pace, epoch).await;
        muster.windows.push(measure(&crowd, || ours.server.cpu_s(), make).await);
        drop(crowd);
        for (found, peer) in &mut peers {
            let Some(peer) = peer else { continue };
            if let Err(words) = look(found, peer, &ours.sample, sockets, pace).await {
                found.words = Some(words);
            }
        }
    }
    let floors = bare.windows.clone();
    row(sockets, &bare, &floors);
    row(sockets, &muster, &floors);
    peers.iter().for_each(|(found, _)| row(sockets, found, &floors));
}

/// Measures one window of a peer.
async fn look(
    found: &mut Found,
    peer: &Peer,
    sample: &[u8],
    sockets: usize,
    pace: Pace,
) -> Result<(), String> {
    let follow =
        async |count| Crowd::try_open(count, |number| peer.door(number), peer.welcomes()).await;
    let crowd = found.gather(sockets, || peer.shared_out_kib(), follow).await?;
    let addrs: Vec<_> = peer.servers.iter().map(|server| server.addr).collect();
    let mut writer = Posted::to(&addrs, sample).await;
    let make = async |epoch| writer.write(pace, epoch).await;
    found.windows.push(measure(&crowd, || peer.cpu_s(), make).await);
    Ok(())
}

fn row(sockets: usize, found: &Found, floors: &[Window]) {
    let Found { name, windows, kib, words } = found;
    if let Some(words) = words {
        println!("| {sockets} | {name} | not measured: {words} | | | | | | | |");
        return;
    }
    let of = |value: fn(&Window) -> f64| median(windows.iter().map(value));
    let pairs = windows.iter().zip(floors);
    let ratio = median(pairs.map(|(w, floor)| w.cpu_per_million() / floor.cpu_per_million()));
    let lost: u64 = windows.iter().map(|window| window.lost).sum();
    let doubled: u64 = windows.iter().map(|window| window.doubled).sum();
    let kib = kib.unwrap_or_default();
    println!(
        "| {sockets} | {name} | {:.2} | {ratio:.2} | {kib:.1} | {:.1} | {:.1} | {lost} | {doubled} | {:.0} |",
        of(Window::cpu_per_million),
        of(|window| window.p50_ms),
        of(|window| window.p99_ms),
        of(|window| window.frame_bytes),
    );
}
