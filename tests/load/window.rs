//! One measured stretch of time: what was sent, what came, when, and what it cost the server.

use std::{collections::HashMap, time::Duration};

use crate::{
    crowd::{Crowd, Seen},
    pace::Sent,
};

/// How long the last change may take to come.
const DRAIN: Duration = Duration::from_secs(5);

/// What was found.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Changes that came, each at each socket.
    pub deliveries: u64,
    /// Changes that did not.
    pub lost: u64,
    /// Frames that came again.
    pub doubled: u64,
    /// Sockets that ended.
    pub ended: usize,
    /// The server's processor time, in seconds.
    pub cpu_s: f64,
    /// Half of the deliveries took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 took no longer.
    pub p99_ms: f64,
    /// Bytes of a frame, on average.
    pub frame_bytes: f64,
}

impl Window {
    /// Returns the server's processor seconds for a million deliveries.
    pub fn cpu_per_million(&self) -> f64 {
        self.cpu_s * 1e6 / self.deliveries.max(1) as f64
    }

    /// Tells whether nothing was lost or doubled and nobody waited long.
    pub fn is_held(&self, p99_ms: f64) -> bool {
        self.lost + self.doubled == 0 && self.ended == 0 && self.p99_ms < p99_ms
    }
}

/// Measures while changes are made. `cpu_s` tells what the servers have used.
pub async fn measure(
    crowd: &Crowd,
    cpu_s: impl Fn() -> f64,
    make: impl AsyncFnOnce(std::time::Instant) -> Vec<Sent>,
) -> Window {
    let mut before = (0, 0, 0);
    crowd.each(|seen| {
        seen.notes.clear();
        before = (before.0 + seen.gaps, before.1 + seen.doubled, before.2 + seen.bytes);
    });
    let used = cpu_s();
    let sent = make(crowd.epoch).await;
    let mut last = vec![0; crowd.rooms];
    sent.iter().for_each(|sent| last[sent.room] = sent.seq.max(last[sent.room]));
    let has_all = |seen: &Seen, number: usize| {
        seen.cursor >= last[number % last.len()] || seen.ended.is_some()
    };
    crowd.wait_each(DRAIN, has_all).await;
    let cpu_s = cpu_s() - used;
    found(crowd, &sent, cpu_s, before)
}

/// Returns how long changes took from when they were due until they were read, in microseconds and sorted:
/// each change at each socket of which `is_meant` is true.
pub fn delays(crowd: &Crowd, sent: &[Sent], is_meant: impl Fn(usize, &Sent) -> bool) -> Vec<u32> {
    let key = |sent: &Sent| (sent.room, sent.seq as u32);
    let by_entry: HashMap<(usize, u32), &Sent> =
        sent.iter().map(|sent| (key(sent), sent)).collect();
    let (mut delays, mut socket) = (Vec::new(), 0);
    crowd.each(|Seen { notes, .. }| {
        let room = socket % crowd.rooms;
        for (from, to, at) in notes.iter() {
            let came = (from + 1..=*to).filter_map(|seq| by_entry.get(&(room, seq)));
            let meant = came.filter(|sent| is_meant(socket, sent));
            delays.extend(meant.map(|sent| at.saturating_sub(sent.due)));
        }
        socket += 1;
    });
    delays.sort_unstable();
    delays
}

fn found(crowd: &Crowd, sent: &[Sent], cpu_s: f64, before: (u64, u64, u64)) -> Window {
    let delays = delays(crowd, sent, |_, _| true);
    let (mut frames, mut doubled, mut bytes) = (0, 0, 0);
    crowd.each(|Seen { notes, doubled: twice, bytes: read, .. }| {
        doubled += *twice;
        bytes += *read;
        frames += notes.len();
    });
    let wanted = (sent.len() * (crowd.len() / crowd.rooms)) as u64;
    let deliveries = delays.len() as u64;
    Window {
        deliveries,
        lost: wanted.saturating_sub(deliveries),
        doubled: doubled - before.1,
        ended: crowd.count(|seen| seen.ended.is_some()),
        cpu_s,
        p50_ms: share(&delays, 0.50) / 1e3,
        p99_ms: share(&delays, 0.99) / 1e3,
        frame_bytes: (bytes - before.2) as f64 / frames.max(1) as f64,
    }
}

/// Returns the value below which this share of sorted values lies.
pub fn share(sorted: &[u32], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).map_or(f64::NAN, |value| f64::from(*value))
}

/// Returns the middle one.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
