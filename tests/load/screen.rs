//! Screens as `web/src/lib/link.ts` has them: which faces there are, and how one comes back when its socket
//! ends.

use std::{
    io::{self, Read},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use proto::role::{Audience, Role};
use rand::RngExt;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use crate::{
    crowd::{self, Seen, lock},
    frame::{self, Frame},
    room::{Login, Room, Stand},
    wire::Wire,
};

/// Of a hundred sockets, those of a wall, a desk and a sitrep; the others are phones.
pub const FACES: [(Audience, usize); 3] =
    [(Audience::Wall, 4), (Audience::Desk, 16), (Audience::Sitrep, 2)];
/// Logins of each face that the sockets share.
const LOGINS: usize = 20;
/// The pauses of `web/src/lib/link.ts`: full jitter, doubling.
const PAUSE_MS: (u64, u64) = (500, 10_000);
/// How long a screen waits for its socket.
const CONNECT: Duration = Duration::from_secs(8);
/// What browsers take.
const BROWSER: &str = "gzip, deflate, br, zstd";

/// One screen.
pub struct Screen {
    /// Its room.
    pub room: Arc<Room>,
    /// Its login.
    pub login: Login,
    /// The address it tries first; where nobody listens there, it tries the others.
    pub home: usize,
    /// Its page was loaded again, so it holds nothing.
    pub is_reloaded: bool,
    /// What it has seen.
    pub seen: Arc<Mutex<Seen>>,
    /// When its notes begin.
    pub epoch: Instant,
    /// Tries that failed, of all screens.
    pub failed: Arc<AtomicU64>,
}

impl Screen {
    /// Comes back once, and follows until the socket ends.
    pub async fn come_back(self) {
        let (stream, rest) = self.connect(true).await;
        crowd::follow(stream, rest, &self.seen, self.epoch).await;
        lock(&self.seen).ended.get_or_insert(0);
    }

    /// Follows, and comes back each time that the socket ends.
    pub async fn live_on(self) {
        let mut is_cut = false;
        loop {
            let asked = lock(&self.seen).bye.take();
            if let Some((soonest, latest)) = asked {
                let pause = rand::rng().random_range(soonest..=latest);
                sleep(Duration::from_millis(pause)).await;
            }
            let (stream, rest) = self.connect(is_cut && asked.is_none()).await;
            crowd::follow(stream, rest, &self.seen, self.epoch).await;
            let mut seen = lock(&self.seen);
            (seen.is_live, seen.head, is_cut) = (false, 0, true);
        }
    }

    /// Tries until it is let in, pausing as `link.ts` does.
    async fn connect(&self, pauses_first: bool) -> (TcpStream, Vec<u8>) {
        let (mut most_ms, mut pauses) = (PAUSE_MS.0, pauses_first);
        loop {
            if pauses {
                let pause = rand::rng().random_range(0..most_ms);
                sleep(Duration::from_millis(pause)).await;
                most_ms = (most_ms * 2).min(PAUSE_MS.1);
            }
            pauses = true;
            if let Ok(Ok(opened)) = tokio::time::timeout(CONNECT, self.attempt()).await {
                return opened;
            }
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Opens the socket at the first address where somebody listens, hears the welcome, fetches a snapshot
    /// when it holds nothing, and subscribes.
    async fn attempt(&self) -> io::Result<(TcpStream, Vec<u8>)> {
        let addrs = &self.room.addrs;
        let mut opened = Err(io::ErrorKind::ConnectionRefused.into());
        let mut addr = self.room.addr;
        for turn in 0..addrs.len() {
            addr = addrs[(self.home + turn) % addrs.len()];
            opened = crowd::open(&self.room.bare_door_at(addr, &self.login)).await;
            if !is_refused(&opened) {
                break;
            }
        }
        let (mut stream, mut rest) = opened?;
        welcomed(&stream, &mut rest).await?;
        if self.is_reloaded {
            let stand = self.snapshot(addr).await?;
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
    async fn snapshot(&self, addr: SocketAddr) -> io::Result<Stand> {
        let mut wire = Wire::to(addr, crowd::source()).await?;
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

/// Tells whether nobody listens at an address: a browser then tries the next that the name has.
fn is_refused<T>(opened: &io::Result<T>) -> bool {
    matches!(opened, Err(error) if error.kind() == io::ErrorKind::ConnectionRefused)
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

/// Lets in the logins that the sockets share: of each face as many.
pub async fn logins(room: &Room) -> Vec<Login> {
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
pub fn of_socket(number: usize, logins: usize) -> usize {
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
