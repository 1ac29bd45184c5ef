//! The end of a socket: the reason, and the close handshake.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message};
use proto::{close::Close, frame::ServerFrame};

use super::{count::Sockets, pipe::Pipe};
use crate::tally::{GONE, NO_TEXT, PROTOCOL_ERROR};

/// Milliseconds for the client to receive and answer the close.
const CLOSE_MS: u64 = 2_000;
/// Milliseconds to wait after a close when nothing more can be read: dropping the connection at once could
/// discard the code.
const REST_MS: u64 = 500;

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Closed by the server with this code.
    Close(Close),
    /// The node is stopping.
    Stopping,
    /// The client sent an invalid WebSocket frame.
    NoFrames,
    /// The client sent invalid text.
    NoText,
    /// The client closed it, or the connection broke.
    Gone,
}

impl End {
    /// Returns the close code for the metrics.
    pub(super) const fn code(self) -> u16 {
        match self {
            Self::Close(close) => close.code(),
            Self::Stopping => Close::GoingAway.code(),
            Self::NoFrames => PROTOCOL_ERROR,
            Self::NoText => NO_TEXT,
            Self::Gone => GONE,
        }
    }

    /// Returns whether further input cannot be parsed.
    const fn is_deaf(self) -> bool {
        match self {
            Self::NoFrames | Self::NoText | Self::Close(Close::TooLarge) => true,
            Self::Close(_) | Self::Stopping | Self::Gone => false,
        }
    }

    /// Sends the close, and reads until the client has answered: otherwise the code may be lost.
    pub(super) async fn tell(self, pipe: &mut Pipe, sockets: &Sockets) {
        let words = match self {
            Self::Close(close) => Some(close.words()),
            Self::Stopping => Some(Close::GoingAway.words()),
            Self::NoFrames => Some("invalid frame"),
            Self::NoText => Some("invalid text"),
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
