//! The seeds of a run, and the one that is raised: whatever becomes of it, its seed is named.

use std::{
    io::Write,
    ops::Range,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    time::Duration,
};

/// How long one seed may take, by the wall's clock. What is waited for within it counts as lost before.
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

/// Returns how a seed is raised again.
pub fn again(seed: u64) -> String {
    format!("MUSTER_SEEDS={seed}..{} raises it", seed + 1)
}

/// A seed that is being raised. When it is not dropped in time it hangs, perhaps in a loop that no other task gets
/// into: it is named, past what a test's output is kept in, and the run ends.
#[derive(Debug)]
pub struct Raising(Option<Sender<()>>);

impl Raising {
    /// Begins to watch.
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
    fn what_hangs_is_named_and_what_ends_is_not() {
        let (told, named) = channel();
        let also = told.clone();
        let hangs = Raising::within(Duration::from_millis(1), move || told.send("hangs").unwrap());
        assert_eq!(named.recv_timeout(HUNG), Ok("hangs"));
        drop(hangs);
        drop(Raising::within(HUNG, move || also.send("ended").unwrap()));
        assert_eq!(named.recv_timeout(HUNG), Err(RecvTimeoutError::Disconnected));
    }
}
