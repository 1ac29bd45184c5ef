//! Heartbeats: each side knows that the other is alive.

use std::time::Duration;

use proto::{
    frame::{Mode, ServerFrame},
    id::{Cursor, RoomId},
    limit,
};
use tokio::time::Instant;

use crate::node::Node;

/// How often a login in use is extended. Its validity is checked for all sockets at once.
const LOGIN: Duration = Duration::from_mins(10);
/// How long a client may be silent.
const SILENCE: Duration = Duration::from_millis(limit::PONG_MS);

/// The next heartbeat, and the last sign of life from the client.
#[derive(Debug)]
pub(super) struct Beats {
    /// The interval between heartbeats.
    between: Duration,
    next: Instant,
    heard: Instant,
    asked: Instant,
}

impl Beats {
    pub(super) fn new(between_ms: u64) -> Self {
        let (now, between) = (Instant::now(), Duration::from_millis(between_ms));
        Self { between, next: now + between, heard: now, asked: now }
    }

    /// Waits until a heartbeat is due. Cancel safe: it stays due until this returns.
    pub(super) async fn next(&mut self) {
        tokio::time::sleep_until(self.next).await;
        self.next = Instant::now() + self.between;
    }

    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Returns whether the client has been silent for too long.
    pub(super) fn is_silent(&self) -> bool {
        self.heard.elapsed() > SILENCE
    }

    /// Returns whether to look up the login again.
    pub(super) fn is_login_due(&mut self) -> bool {
        let is_due = self.asked.elapsed() >= LOGIN;
        if is_due {
            self.asked = Instant::now();
        }
        is_due
    }
}

/// Returns the heartbeat of a room with this head.
pub(super) fn beat(node: &Node, room: RoomId, head: Cursor) -> ServerFrame {
    let mode = if node.hub.writable() { Mode::Live } else { Mode::ReadOnly };
    ServerFrame::Beat { room, seq: head.seq, tag: head.tag, mode, time: node.clock.now() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn heartbeats_are_on_time_despite_interruptions() {
        let mut beats = Beats::new(limit::BEAT_MS);
        let begun = Instant::now();
        for _ in 0..10 {
            let short = tokio::time::timeout(Duration::from_millis(700), beats.next()).await;
            if short.is_ok() {
                break;
            }
        }
        assert_eq!(begun.elapsed(), Duration::from_millis(limit::BEAT_MS));
        assert!(!beats.is_silent());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_nothing_is_silent() {
        let mut beats = Beats::new(limit::BEAT_MS);
        tokio::time::advance(SILENCE + Duration::from_millis(1)).await;
        assert!(beats.is_silent() && !beats.is_login_due());
        beats.heard(Instant::now());
        assert!(!beats.is_silent());
        tokio::time::advance(LOGIN).await;
        assert!(beats.is_login_due() && !beats.is_login_due());
    }
}
