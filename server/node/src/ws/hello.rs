//! The first message of a socket, and the answer to it.

use std::time::Duration;

use proto::{
    close::Close,
    frame::{ClientFrame, ServerFrame, VERSION},
    limit,
};
use serde::Deserialize;

use super::{
    end::End,
    pipe::{Heard, Pipe},
};
use crate::{
    http::assets,
    login::Login,
    node::{Admission, Node},
};

/// The part of `hello` common to all versions.
#[derive(Debug, Deserialize)]
struct AnyHello {
    t: String,
    v: u32,
}

/// Waits for `hello`, admits the member and welcomes the face.
pub(super) async fn hear(node: &Node, login: &Login, pipe: &mut Pipe) -> Result<(), End> {
    let mut stopping = node.stop.listen();
    let first = tokio::select! {
        first = tokio::time::timeout(Duration::from_millis(limit::HELLO_MS), first(pipe)) => first,
        _ = stopping.wait() => return Err(End::Stopping),
    };
    let spoken = first.unwrap_or(Err(End::Close(Close::NoHello)))?;
    if spoken != VERSION {
        return Err(End::Close(Close::Version));
    }
    match node.admit(login).await {
        Admission::In => {}
        Admission::Later => return Err(End::Close(Close::GoingAway)),
        Admission::Refused => return Err(End::Close(Close::NotYours)),
    }
    welcome(node, pipe).await
}

/// Sends the face its identity and the time.
pub(super) async fn welcome(node: &Node, pipe: &mut Pipe) -> Result<(), End> {
    pipe.tell(&ServerFrame::Welcome {
        v: VERSION,
        build: assets::build().to_owned(),
        time: node.clock.now(),
        beat_ms: node.beat_ms,
        silence_ms: limit::SILENCE_MS,
    })
    .await
}

/// Returns the client's protocol version.
async fn first(pipe: &mut Pipe) -> Result<u32, End> {
    loop {
        match pipe.hear().await? {
            Heard::Life => {}
            Heard::Frame(ClientFrame::Hello { v }) => return Ok(v),
            Heard::Frame(
                ClientFrame::Sub { .. } | ClientFrame::Look { .. } | ClientFrame::Pong { .. },
            ) => {
                return Err(End::Close(Close::NoHello));
            }
            Heard::Strange(text) => return version(&text),
        }
    }
}

/// Returns the version in a `hello` of a later release, which may have more fields.
fn version(text: &str) -> Result<u32, End> {
    match serde_json::from_str::<AnyHello>(text) {
        Ok(hello) if hello.t == "hello" && hello.v != VERSION => Ok(hello.v),
        Ok(_) | Err(_) => Err(End::Close(Close::Malformed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_hello_is_understood_as_one() {
        assert_eq!(version(r#"{"t":"hello","v":9,"more":true}"#), Ok(9));
        let malformed = Err(End::Close(Close::Malformed));
        for bad in [r#"{"t":"hello","v":1,"more":true}"#, r#"{"t":"x","v":9}"#, "hello", "{}"] {
            assert_eq!(version(bad), malformed, "{bad}");
        }
    }
}
