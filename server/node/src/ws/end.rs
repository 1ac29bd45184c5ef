//! The end of a socket: why, and how its client is told.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message};
use proto::{close::Close, frame::ServerFrame};

use super::{count::Sockets, pipe::Pipe};
use crate::tally::{GONE, NO_TEXT, PROTOCOL_ERROR};

/// Milliseconds that the other side has to take the close and to answer it.
const CLOSE_MS: u64 = 2_000;
/// Milliseconds that a close rests in the line when no more can be read: a connection dropped at once
/// would take the code back.
const REST_MS: u64 = 500;

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The server ends it, with this code.
    Close(Close),
    /// The node stops.
    Stopping,
    /// What came was no WebSocket frame.
    NoFrames,
    /// What came was no text.
    NoText,
    /// The other side ended it, or the line broke.
    Gone,
}

impl End {
    /// Returns the close code under which it is counted.
    pub(super) const fn code(self) -> u16 {
        match self {
            Self::Close(close) => close.code(),
            Self::Stopping => Close::GoingAway.code(),
            Self::NoFrames => PROTOCOL_ERROR,
            Self::NoText => NO_TEXT,
            Self::Gone => GONE,
        }
    }

    /// Tells whether what the client goes on to send can no longer be told apart.
    const fn is_deaf(self) -> bool {
        match self {
            Self::NoFrames | Self::NoText | Self::Close(Close::TooLarge) => true,
            Self::Close(_) | Self::Stopping | Self::Gone => false,
        }
    }

    /// Tells the client why, and reads on until it has answered: else the code may be lost on the way.
    pub(super) async fn tell(self, pipe: &mut Pipe, sockets: &Sockets) {
        let words = match self {
            Self::Close(close) => Some(close.words()),
            Self::Stopping => Some(Close::GoingAway.words()),
            Self::NoFrames => Some("these are no frames"),
            Self::NoText => Some("this is no text"),
            Self::Gone => None,
        };
        tracing::debug!(end = ?self, "a socket ends");
        let told = async {
            if self == Self::Stopping {
                let why = Close::GoingAway.words().to_owned();
                pipe.feed(&ServerFrame::Bye { why, after_ms: sockets.come_back_ms() }).await?;
            }
            if let Some(words) = words {
                let close = CloseFrame { code: self.code(), reason: words.into() };
                pipe.send(Message::Close(Some(close))).await?;
            }
            pipe.run_dry().await;
            if self.is_deaf() {
                tokio::time::sleep(Duration::from_millis(REST_MS)).await;
            }
            Ok::<(), Self>(())
        };
        if tokio::time::timeout(Duration::from_millis(CLOSE_MS), told).await.is_err() {
            tracing::trace!("a client did not answer the close");
        }
    }
}
