//! Changes made at a given pace, whether or not the earlier ones were answered: a slow server is not
//! spared by slow questions.

use std::{
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
    room::Room,
    wire,
};

/// Connections that make the changes of a slow pace, and of a fast one.
const WIRES: [usize; 2] = [8, 64];
/// Changes in a second from which the pace is fast.
const FAST: u32 = 100;
/// Before the first change, so that all connections stand.
const START: Duration = Duration::from_millis(200);

/// A change: its entry, and when it was due, in microseconds since the crowd came.
pub type Sent = (u64, u32);

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

/// Makes changes in a room by HTTP.
pub async fn room(room: &Arc<Room>, pace: Pace, epoch: Instant) -> Vec<Sent> {
    let start = Instant::now() + START;
    let next = Arc::new(AtomicUsize::new(0));
    let sent = Arc::new(Mutex::new(Vec::with_capacity(pace.count())));
    let workers = (0..WIRES[usize::from(pace.per_s >= FAST)]).map(|_| {
        let (room, next, sent) = (Arc::clone(room), Arc::clone(&next), Arc::clone(&sent));
        tokio::spawn(async move {
            let mut wire = room.wire().await;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= pace.count() {
                    return;
                }
                let due = pace.due(start, number);
                sleep_until(due.into()).await;
                let mut lead = number;
                let seq = loop {
                    if let Some(seq) =
                        room.change(&mut wire, &room.leads[lead % room.leads.len()]).await
                    {
                        break seq;
                    }
                    lead += 7;
                    sleep(Duration::from_millis(1)).await;
                };
                sent.lock().expect("nobody panics with it").push((seq, micros(epoch, due)));
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

/// Has the floor write a frame of a room's, with other numbers in it.
pub struct Bare {
    control: TcpStream,
    before: Vec<u8>,
    behind: Vec<u8>,
    seq: u64,
}

impl Bare {
    /// Takes the floor's control and the frame to be written.
    pub async fn new(floor: &Server, sample: &[u8]) -> Self {
        let mut control = wire::connect(floor.addr, wire::source(0)).await.expect("a connection");
        control.write_all(floor::CONTROL).await.expect("the floor listens");
        let header = if sample[1] == 126 { 4 } else { 2 };
        let text = &sample[header..];
        let from = text.windows(7).position(|window| window == b"\"from\":").expect("rows");
        let tag = after(text, b"\"tag\"").expect("rows have a tag");
        let behind = [b",\"tag\"", tag].concat();
        Self { control, before: text[..from].to_vec(), behind, seq: 0 }
    }

    /// Writes at a pace.
    pub async fn write(&mut self, pace: Pace, epoch: Instant) -> Vec<Sent> {
        let start = Instant::now() + START;
        let mut sent = Vec::with_capacity(pace.count());
        for number in 0..pace.count() {
            let due = pace.due(start, number);
            sleep_until(due.into()).await;
            let numbers = format!("\"from\":{},\"to\":{}", self.seq, self.seq + 1);
            self.seq += 1;
            let text = [&self.before, numbers.as_bytes(), &self.behind].concat();
            let message = frame::unmasked(&text);
            let length = u32::try_from(message.len()).expect("a frame of rows").to_be_bytes();
            let written = self.control.write_all(&[&length, &message[..]].concat()).await;
            written.expect("the floor listens");
            sent.push((self.seq, micros(epoch, due)));
        }
        sent
    }
}
