//! The end of a socket: why, and how its client is told.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message};
use proto::{close::Close, frame::ServerFrame};

use super::{count::Sockets, pipe::Pipe};

/// Milliseconds that the other side has to take the close and to answer it.
const CLOSE_MS: u64 = 2_000;
/// Milliseconds that a close rests in the line when no more can be read: a connection dropped at once
/// would take the code back.
const REST_MS: u64 = 500;
/// RFC 6455: the bytes are no frames.
const PROTOCOL_ERROR: u16 = 1002;
/// RFC 6455: the text is no UTF-8.
const NO_TEXT: u16 = 1007;

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
    /// Tells whether what the client goes on to send can no longer be told apart.
    const fn is_deaf(self) -> bool {
        match self {
            Self::NoFrames | Self::NoText | Self::Close(Close::TooLarge) => true,
            Self::Close(_) | Self::Stopping | Self::Gone => false,
        }
    }

    /// Tells the client why, and reads on until it has answered: else the code may be lost on the way.
    pub(super) async fn tell(self, pipe: &mut Pipe, sockets: &Sockets) {
        let frame = match self {
            Self::Close(close) => Some((close.code(), close.words())),
            Self::Stopping => Some((Close::GoingAway.code(), Close::GoingAway.words())),
            Self::NoFrames => Some((PROTOCOL_ERROR, "these are no frames")),
            Self::NoText => Some((NO_TEXT, "this is no text")),
            Self::Gone => None,
        };
        tracing::debug!(end = ?self, "a socket ends");
        let told = async {
            if self == Self::Stopping {
                let why = Close::GoingAway.words().to_owned();
                pipe.feed(&ServerFrame::Bye { why, after_ms: sockets.come_back_ms() }).await?;
            }
            if let Some((code, words)) = frame {
                let close = CloseFrame { code, reason: words.into() };
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
