//! Others who go on writing while screens are cut off, on connections of their own.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{task::JoinHandle, time::sleep};

use crate::{
    crowd,
    room::{Room, Told},
    window::share,
    wire::Wire,
};

/// Changes in a second.
pub const PER_S: u32 = 10;
/// Connections that they are made on.
const WIRES: u32 = 8;
/// How long a device waits before it sends again what was not answered.
const AGAIN: Duration = Duration::from_millis(proto::limit::RETRY_MS);

/// Those who write, until they are stopped.
pub struct Writer {
    tasks: Vec<JoinHandle<Vec<(u64, u32)>>>,
    stop: Arc<AtomicBool>,
}

/// What they were told.
pub struct Written {
    /// The entries of their commands, in order.
    pub entries: Vec<u64>,
    /// How long half of the commands took, in milliseconds.
    pub p50_ms: f64,
    /// How long 99 of 100 took.
    pub p99_ms: f64,
    /// How long the slowest took.
    pub most_ms: f64,
}

impl Written {
    /// Returns the last entry.
    pub fn last(&self) -> u64 {
        self.entries.last().copied().unwrap_or_default()
    }
}

impl Writer {
    /// Starts them, at each node of the room as many.
    pub fn start(room: &Arc<Room>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let begun = Instant::now();
        let writer =
            |number| tokio::spawn(write(Arc::clone(room), number, begun, Arc::clone(&stop)));
        Self { tasks: (0..WIRES).map(writer).collect(), stop }
    }

    /// Stops them once each of their commands was answered.
    pub async fn stop(self) -> Written {
        self.stop.store(true, Ordering::Release);
        let mut told = Vec::new();
        for task in self.tasks {
            told.extend(task.await.expect("commands are sent"));
        }
        let (mut entries, mut delays): (Vec<u64>, Vec<u32>) = told.into_iter().unzip();
        entries.sort_unstable();
        delays.sort_unstable();
        let [p50_ms, p99_ms, most_ms] = [0.5, 0.99, 1.0].map(|part| share(&delays, part) / 1e3);
        Written { entries, p50_ms, p99_ms, most_ms }
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
    let mut home = number as usize;
    let mut wire = None;
    let mut told = Vec::new();
    for turn in (number..).step_by(WIRES as usize) {
        let due = begun + Duration::from_secs(1) * turn / PER_S;
        tokio::time::sleep_until(due.into()).await;
        if stop.load(Ordering::Acquire) {
            break;
        }
        let seq = change(&room, &mut wire, &mut home, turn as usize).await;
        told.push((seq, due.elapsed().as_micros() as u32));
    }
    told
}

/// Makes one change under one id, however often it has to be sent and wherever to: what was not answered
/// is sent again, and done once.
async fn change(room: &Room, wire: &mut Option<Wire>, home: &mut usize, lead: usize) -> u64 {
    let change = [room.next_change()];
    let mut lead = lead;
    loop {
        match attempt(room, wire, *home, lead, &change).await {
            Ok(Told::Done(seq)) => return seq,
            Ok(Told::Later(pause)) => sleep(pause).await,
            Ok(Told::TooOften) => {
                lead += 1;
                sleep(AGAIN).await;
            }
            Err(_) => {
                (*wire, *home) = (None, *home + 1);
                sleep(AGAIN).await;
            }
        }
    }
}

async fn attempt(
    room: &Room,
    wire: &mut Option<Wire>,
    home: usize,
    lead: usize,
    change: &[proto::command::Envelope],
) -> io::Result<Told> {
    let addr = room.addrs[home % room.addrs.len()];
    let wire = match wire {
        Some(wire) => wire,
        none => none.insert(Wire::to(addr, crowd::source()).await?),
    };
    room.tell(wire, &room.leads[lead % room.leads.len()], change).await
}
