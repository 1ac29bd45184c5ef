//! Changes made at a given pace, whether or not the earlier ones were answered: a slow server is not
//! spared by slow questions.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    time::{sleep, sleep_until},
};

use crate::{
    floor,
    frame::{self, after},
    process::Server,
    room::{Room, Told},
    wire::{self, Wire},
};

/// Connections that make the changes of a slow pace, and of a fast one.
const WIRES: [usize; 2] = [8, 64];
/// Changes in a second from which the pace is fast.
const FAST: u32 = 100;
/// Before the first change, so that all connections stand.
const START: Duration = Duration::from_millis(200);

/// A change that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    /// Its entry.
    pub seq: u64,
    /// Its room.
    pub room: usize,
    /// When it was due, in microseconds since the crowd came.
    pub due: u32,
    /// The microseconds from then until it was answered as done.
    pub took: u32,
    /// The node that took it.
    pub node: usize,
    /// How often it was answered that it is to be sent again.
    pub again: u32,
}

/// How many changes, and how fast.
#[derive(Clone, Copy)]
pub struct Pace {
    /// Changes in a second.
    pub per_s: u32,
    /// Seconds.
    pub seconds: u32,
}

impl Pace {
    /// Returns the number of changes.
    pub fn count(self) -> usize {
        (self.per_s * self.seconds) as usize
    }

    fn due(self, start: Instant, number: usize) -> Instant {
        start + Duration::from_secs_f64(number as f64 / f64::from(self.per_s))
    }
}

fn micros(epoch: Instant, at: Instant) -> u32 {
    u32::try_from(at.duration_since(epoch).as_micros()).unwrap_or(u32::MAX)
}

/// Makes changes in a room by HTTP, at each of its nodes in turn.
pub async fn room(room: &Arc<Room>, pace: Pace, epoch: Instant) -> Vec<Sent> {
    rooms(std::slice::from_ref(room), pace, epoch).await
}

/// Makes changes in rooms by HTTP, in one after the other, at each of their nodes in turn.
pub async fn rooms(rooms: &[Arc<Room>], pace: Pace, epoch: Instant) -> Vec<Sent> {
    let start = Instant::now() + START;
    let next = Arc::new(AtomicUsize::new(0));
    let sent = Arc::new(Mutex::new(Vec::with_capacity(pace.count())));
    let workers = (0..WIRES[usize::from(pace.per_s >= FAST)]).map(|_| {
        let (rooms, next, sent) = (rooms.to_vec(), Arc::clone(&next), Arc::clone(&sent));
        tokio::spawn(async move {
            let mut wires = Vec::new();
            for addr in &rooms[0].addrs {
                wires.push(rooms[0].wire_to(*addr).await);
            }
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= pace.count() {
                    return;
                }
                let due = pace.due(start, number);
                sleep_until(due.into()).await;
                let (room, turn) = (number % rooms.len(), number / rooms.len());
                let node = (room + turn) % wires.len();
                let (seq, again) = change(&rooms[room], &mut wires[node], number).await;
                let took = micros(due, Instant::now());
                let made = Sent { seq, room, due: micros(epoch, due), took, node, again };
                sent.lock().expect("nobody panics with it").push(made);
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.expect("changes are made");
    }
    let mut sent = std::mem::take(&mut *sent.lock().expect("nobody panics with it"));
    sent.sort_unstable();
    sent
}

/// Makes one change, however often it has to be sent; returns its entry and how often it was answered that
/// it is to be sent again.
async fn change(room: &Room, wire: &mut Wire, number: usize) -> (u64, u32) {
    let change = [room.next_change()];
    let (mut lead, mut again) = (number, 0);
    loop {
        let told = room.tell(wire, &room.leads[lead % room.leads.len()], &change).await;
        match told.expect("an answer") {
            Told::Done(seq) => return (seq, again),
            Told::Later(pause) => {
                again += 1;
                sleep(pause).await;
            }
            Told::TooOften => {
                lead += 7;
                sleep(Duration::from_millis(1)).await;
            }
        }
    }
}

/// A frame of a room's, to be sent with other numbers in it.
struct Sample {
    before: Vec<u8>,
    behind: Vec<u8>,
    seq: u64,
}

impl Sample {
    fn of(frame: &[u8]) -> Self {
        let header = if frame[1] == 126 { 4 } else { 2 };
        let text = &frame[header..];
        let from = text.windows(7).position(|window| window == b"\"from\":").expect("rows");
        let tag = after(text, b"\"tag\"").expect("rows have a tag");
        Self { before: text[..from].to_vec(), behind: [b",\"tag\"", tag].concat(), seq: 0 }
    }

    /// Returns the next text.
    fn next(&mut self) -> Vec<u8> {
        let numbers = format!("\"from\":{},\"to\":{}", self.seq, self.seq + 1);
        self.seq += 1;
        [&self.before, numbers.as_bytes(), &self.behind].concat()
    }

    /// Returns that the last text was sent.
    fn sent(&self, epoch: Instant, due: Instant) -> Sent {
        let took = micros(due, Instant::now());
        Sent { seq: self.seq, room: 0, due: micros(epoch, due), took, node: 0, again: 0 }
    }
}

/// Has the floor write a frame of a room's.
pub struct Bare {
    control: TcpStream,
    sample: Sample,
}

impl Bare {
    /// Takes the floor's control and the frame to be written.
    pub async fn new(floor: &Server, frame: &[u8]) -> Self {
        let mut control = wire::connect(floor.addr, wire::source(0)).await.expect("a connection");
        control.write_all(floor::CONTROL).await.expect("the floor listens");
        Self { control, sample: Sample::of(frame) }
    }

    /// Writes at a pace.
    pub async fn write(&mut self, pace: Pace, epoch: Instant) -> Vec<Sent> {
        let start = Instant::now() + START;
        let mut sent = Vec::with_capacity(pace.count());
        for number in 0..pace.count() {
            let due = pace.due(start, number);
            sleep_until(due.into()).await;
            let message = frame::unmasked(&self.sample.next());
            let length = u32::try_from(message.len()).expect("a frame of rows").to_be_bytes();
            let written = self.control.write_all(&[&length, &message[..]].concat()).await;
            written.expect("the floor listens");
            sent.push(self.sample.sent(epoch, due));
        }
        sent
    }
}

/// Posts a frame of a room's to another server, which hands it on.
pub struct Posted {
    wires: Vec<Wire>,
    sample: Sample,
}

impl Posted {
    /// Connects to each of a server's processes.
    pub async fn to(addrs: &[SocketAddr], frame: &[u8]) -> Self {
        let mut wires = Vec::new();
        for addr in addrs {
            wires.push(Wire::to(*addr, wire::source(0)).await.expect("a connection"));
        }
        Self { wires, sample: Sample::of(frame) }
    }

    /// Posts at a pace, to each process in turn.
    pub async fn write(&mut self, pace: Pace, epoch: Instant) -> Vec<Sent> {
        let start = Instant::now() + START;
        let mut sent = Vec::with_capacity(pace.count());
        for number in 0..pace.count() {
            let due = pace.due(start, number);
            sleep_until(due.into()).await;
            let turn = number % self.wires.len();
            let answer = self.wires[turn].ask("POST", "/publish", "", &self.sample.next()).await;
            let status = answer.expect("the message is taken").status;
            assert!((200..300).contains(&status), "the message is taken, not answered {status}");
            sent.push(self.sample.sent(epoch, due));
        }
        sent
    }
}
