//! A storm: every screen is cut off at the same moment, and all come back as the screens do.

use std::{
    io::{self, Read},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use node::operator::SnapshotFigures;
use proto::role::{Audience, Role};
use rand::RngExt;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinHandle, time::sleep};

use crate::{
    Effort,
    crowd::{self, Crowd, Seen, lock},
    frame::{self, Frame},
    process::{self, Server},
    room::{Login, Room, Stand},
    window::{median, share},
    wire::Wire,
};

/// People in the room: eight of Harbour Rise, so that a snapshot is a large one.
const PEOPLE: usize = 500;
/// Sockets that are cut off.
const SOCKETS: usize = 5_000;
/// Of a hundred sockets, those of a wall, a desk and a sitrep; the others are phones.
const FACES: [(Audience, usize); 3] =
    [(Audience::Wall, 4), (Audience::Desk, 16), (Audience::Sitrep, 2)];
/// Logins of each face that the sockets share.
const LOGINS: usize = 20;
/// Changes in a second, in a room that goes on working.
const PER_S: u32 = 10;
/// Connections that they are made on.
const WIRES: u32 = 8;
/// The pauses of `web/src/lib/link.ts`: full jitter, doubling.
const PAUSE_MS: (u64, u64) = (500, 10_000);
/// How long a screen waits for its socket.
const CONNECT: Duration = Duration::from_secs(8);
/// How long all may take before the storm counts as lost.
const MOST: Duration = Duration::from_secs(60);
/// How long all should take.
const GOAL_S: f64 = 5.0;
/// What browsers take.
const BROWSER: &str = "gzip, deflate, br, zstd";

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
        println!(
            "| {} | {:.2} | {:.2} | {:.2} | {:.0} | {:.2} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} |",
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
            of(|found| found.commands_ms.0),
            of(|found| found.commands_ms.1),
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
    let failed = Arc::new(Mutex::new(0));
    let (epoch, is_reloaded) = (crowd.epoch, case.is_reloaded());
    crowd.come_back(|number, seen| {
        let login = logins[of_socket(number, logins.len())].clone();
        come_back(
            Screen { room: Arc::clone(&room), login, is_reloaded, seen, epoch },
            Arc::clone(&failed),
        )
    });
    assert!(crowd.wait(MOST, |seen| seen.is_live).await, "all screens come back");
    let (after, cpu_s) = (figures(&server, &room).await, server.cpu_s() - used);
    let (written, commands_ms) = match writer {
        Some(writer) => writer.stop().await,
        None => (0, (f64::NAN, f64::NAN)),
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
    let failed = *failed.lock().expect("nobody panics with it");
    Found { half_s, most_s, all_s, failed, cpu_s, entries, snapshots, commands_ms }
}

/// Returns the node's figures; a node that was started again has another token.
async fn figures(server: &Server, room: &Room) -> SnapshotFigures {
    let operator = room.operator_of(server);
    operator.figures().await.expect("figures").snapshots
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

/// Lets in the logins that the sockets share: of each face as many.
async fn logins(room: &Room) -> Vec<Login> {
    let mut logins = Vec::new();
    for (face, roles) in [
        (Audience::Wall, Vec::new()),
        (Audience::Desk, vec![Role::Lead]),
        (Audience::Sitrep, vec![Role::Director]),
        (Audience::Phone, vec![Role::NamedSw]),
    ] {
        let invite = room.invite(face, roles).await;
        for _ in 0..LOGINS {
            logins.push(room.redeem(face, &invite).await);
        }
    }
    logins
}

/// Returns the place of the login that a socket uses.
fn of_socket(number: usize, logins: usize) -> usize {
    let mut place = number % 100;
    let mut first = 0;
    for (_, count) in FACES {
        if place < count {
            return first + number / 100 % LOGINS;
        }
        (place, first) = (place - count, first + LOGINS);
    }
    (first + number / 100 % LOGINS).min(logins - 1)
}

/// One screen that comes back.
struct Screen {
    room: Arc<Room>,
    login: Login,
    is_reloaded: bool,
    seen: Arc<Mutex<Seen>>,
    epoch: Instant,
}

/// Tries until it is let in, pausing as `link.ts` does, then follows.
async fn come_back(screen: Screen, failed: Arc<Mutex<u64>>) {
    let mut most_ms = PAUSE_MS.0;
    loop {
        let pause = Duration::from_millis(rand::rng().random_range(0..most_ms));
        sleep(pause).await;
        most_ms = (most_ms * 2).min(PAUSE_MS.1);
        if let Ok(Ok((stream, rest))) = tokio::time::timeout(CONNECT, screen.attempt()).await {
            crowd::follow(stream, rest, &screen.seen, screen.epoch).await;
            lock(&screen.seen).ended.get_or_insert(0);
            return;
        }
        *failed.lock().expect("nobody panics with it") += 1;
    }
}

impl Screen {
    /// Opens the socket, hears the welcome, fetches a snapshot when it holds nothing, and subscribes.
    async fn attempt(&self) -> io::Result<(TcpStream, Vec<u8>)> {
        let (mut stream, mut rest) = crowd::open(&self.room.bare_door(&self.login)).await?;
        welcomed(&stream, &mut rest).await?;
        if self.is_reloaded {
            let stand = self.snapshot().await?;
            let mut seen = lock(&self.seen);
            seen.cursor = stand.seq;
            seen.tag.copy_from_slice(stand.tag.as_bytes());
        }
        let stand = {
            let seen = lock(&self.seen);
            Stand { seq: seen.cursor, tag: String::from_utf8_lossy(&seen.tag).into_owned() }
        };
        stream.write_all(&self.room.sub(&self.login, &stand)).await?;
        Ok((stream, rest))
    }

    /// Fetches the snapshot on a connection of its own, as a browser that was started again.
    async fn snapshot(&self) -> io::Result<Stand> {
        let mut wire = Wire::to(self.room.addr, crowd::source()).await?;
        let body = self.room.try_snapshot(&mut wire, &self.login, BROWSER).await?;
        let mut head = [0; 256];
        let mut read = 0;
        let mut plain = brotli::Decompressor::new(&body[..], 4096);
        while read < head.len() {
            match plain.read(&mut head[read..])? {
                0 => break,
                count => read += count,
            }
        }
        Stand::of(&head[..read]).ok_or_else(|| io::Error::other("a snapshot says where it stands"))
    }
}

/// Waits for the server's first frame.
async fn welcomed(stream: &TcpStream, rest: &mut Vec<u8>) -> io::Result<()> {
    loop {
        if let Some((frame, length)) = frame::first(rest) {
            let is_welcome = matches!(frame, Frame::Welcome);
            rest.drain(..length);
            return if is_welcome { Ok(()) } else { Err(io::Error::other("not welcome")) };
        }
        stream.readable().await?;
        match stream.try_read_buf(rest) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// Others who go on writing through the storm, on connections of their own that were not cut.
struct Writer {
    tasks: Vec<JoinHandle<Vec<(u64, u32)>>>,
    stop: Arc<AtomicBool>,
}

impl Writer {
    fn start(room: &Arc<Room>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let begun = Instant::now();
        let writer =
            |number| tokio::spawn(write(Arc::clone(room), number, begun, Arc::clone(&stop)));
        Self { tasks: (0..WIRES).map(writer).collect(), stop }
    }

    /// Returns the last entry, and how long half and 99 of 100 commands took at most, in milliseconds.
    async fn stop(self) -> (u64, (f64, f64)) {
        self.stop.store(true, Ordering::Release);
        let mut told = Vec::new();
        for task in self.tasks {
            told.extend(task.await.expect("commands are sent"));
        }
        let last = told.iter().map(|(seq, _)| *seq).max().unwrap_or_default();
        let mut delays: Vec<u32> = told.into_iter().map(|(_, delay)| delay).collect();
        delays.sort_unstable();
        (last, (share(&delays, 0.50) / 1e3, share(&delays, 0.99) / 1e3))
    }
}

/// Makes its part of the changes, each when it is due; returns their entries and the microseconds from
/// when they were due to when they were answered.
async fn write(
    room: Arc<Room>,
    number: u32,
    begun: Instant,
    stop: Arc<AtomicBool>,
) -> Vec<(u64, u32)> {
    let mut wire = room.wire().await;
    let mut told = Vec::new();
    for turn in (number..).step_by(WIRES as usize) {
        let due = begun + Duration::from_secs(1) * turn / PER_S;
        tokio::time::sleep_until(due.into()).await;
        if stop.load(Ordering::Acquire) {
            break;
        }
        let lead = &room.leads[turn as usize % room.leads.len()];
        let seq = loop {
            match room.change(&mut wire, lead).await {
                Some(seq) => break seq,
                None => sleep(Duration::from_millis(proto::limit::RETRY_MS)).await,
            }
        };
        told.push((seq, due.elapsed().as_micros() as u32));
    }
    told
}
