//! The byte stream of one socket: frames in and out, each with its limit.

use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use proto::{
    close::Close,
    frame::{ClientFrame, ServerFrame},
    limit,
};
use tokio_tungstenite::tungstenite;

use super::end::End;

/// How long a flush may take before the socket counts as slow.
const FLUSH: Duration = Duration::from_millis(limit::FLUSH_MS);

/// One socket.
#[derive(Debug)]
pub(super) struct Pipe(WebSocket);

/// An incoming message.
#[derive(Debug)]
pub(super) enum Heard {
    /// A frame.
    Frame(ClientFrame),
    /// A text that is not one of our frames.
    Strange(Utf8Bytes),
    /// A ping or pong of the WebSocket layer.
    Life,
}

impl Pipe {
    pub(super) fn new(socket: WebSocket) -> Self {
        Self(socket)
    }

    /// Waits for the next message. Cancel safe.
    pub(super) async fn hear(&mut self) -> Result<Heard, End> {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Ok(match serde_json::from_str(&text) {
                Ok(frame) => Heard::Frame(frame),
                Err(_) => Heard::Strange(text),
            }),
            Some(Ok(Message::Binary(_))) => Err(End::Close(Close::Malformed)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Heard::Life),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            Some(Err(error)) => Err(broken(error)),
        }
    }

    /// Writes the given frames in one flush.
    pub(super) async fn write(&mut self, frames: Vec<Bytes>) -> Result<(), End> {
        let written = async {
            for frame in frames {
                let text = Utf8Bytes::try_from(frame).map_err(|_| End::Gone)?;
                self.0.feed(Message::Text(text)).await.map_err(broken)?;
            }
            self.0.flush().await.map_err(broken)
        };
        let in_time = tokio::time::timeout(FLUSH, written).await;
        in_time.unwrap_or(Err(End::Close(Close::Slow)))
    }

    /// Writes one frame.
    pub(super) async fn tell(&mut self, frame: &ServerFrame) -> Result<(), End> {
        self.write(vec![encoded(frame)?]).await
    }

    /// Queues a frame without flushing; the caller sets a timeout.
    pub(super) async fn feed(&mut self, frame: &ServerFrame) -> Result<(), End> {
        let text = Utf8Bytes::try_from(encoded(frame)?).map_err(|_| End::Gone)?;
        self.0.feed(Message::Text(text)).await.map_err(broken)
    }

    /// Writes a message; the caller sets a timeout.
    pub(super) async fn send(&mut self, message: Message) -> Result<(), End> {
        self.0.send(message).await.map_err(broken)
    }

    /// Discards input until the client closes; the caller sets a timeout.
    pub(super) async fn run_dry(&mut self) {
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

fn encoded(frame: &ServerFrame) -> Result<Bytes, End> {
    serde_json::to_vec(frame).map(Bytes::from).map_err(|error| {
        tracing::error!(%error, "cannot encode a frame");
        End::Close(Close::GoingAway)
    })
}

/// Maps a socket error to an end.
fn broken(error: axum::Error) -> End {
    use tungstenite::Error;
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => End::Close(Close::TooLarge),
        Some(Error::WriteBufferFull(_)) => End::Close(Close::Slow),
        Some(Error::Utf8(_)) => End::NoText,
        Some(Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake)) => {
            End::Gone
        }
        Some(Error::Protocol(_)) => End::NoFrames,
        _ => End::Gone,
    }
}
