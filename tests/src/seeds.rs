//! The seeds of a run, and a watchdog that names a seed that hangs.

use std::{
    io::Write,
    ops::Range,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    time::Duration,
};

/// The longest real time for one seed. Anything awaited within it counts as lost earlier.
const HUNG: Duration = Duration::from_secs(10 * 60);

/// Returns the seeds of this run: so many from 1 on, or those of `MUSTER_SEEDS` (`30`, or `7..8`).
pub fn seeds(few: u64) -> Range<u64> {
    let Ok(asked) = std::env::var("MUSTER_SEEDS") else { return 1..few + 1 };
    let number = |text: &str| text.trim().parse::<u64>().expect("MUSTER_SEEDS is 30 or 7..8");
    match asked.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => 1..number(&asked) + 1,
    }
}

/// Returns how to replay a seed.
pub fn again(seed: u64) -> String {
    format!("MUSTER_SEEDS={seed}..{} raises it", seed + 1)
}

/// A running seed. If it is not dropped in time it hangs, perhaps in a loop that blocks every other
/// task: its seed is printed, bypassing the test's captured output, and the run ends.
#[derive(Debug)]
pub struct Raising(Option<Sender<()>>);

impl Raising {
    /// Starts the watchdog.
    pub fn of(seed: u64) -> Self {
        Self::within(HUNG, move || {
            writeln!(std::io::stderr(), "{}: it hangs", again(seed)).ok();
            std::process::exit(101);
        })
    }

    fn within(limit: Duration, hangs: impl FnOnce() + Send + 'static) -> Self {
        let (raising, ended) = channel();
        std::thread::spawn(move || {
            if ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                hangs();
            }
        });
        Self(Some(raising))
    }
}

impl Drop for Raising {
    fn drop(&mut self) {
        self.0.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hanging_seed_is_reported() {
        let (told, named) = channel();
        let also = told.clone();
        let hangs = Raising::within(Duration::from_millis(1), move || told.send("hangs").unwrap());
        assert_eq!(named.recv_timeout(HUNG), Ok("hangs"));
        drop(hangs);
        drop(Raising::within(HUNG, move || also.send("ended").unwrap()));
        assert_eq!(named.recv_timeout(HUNG), Err(RecvTimeoutError::Disconnected));
    }
}
