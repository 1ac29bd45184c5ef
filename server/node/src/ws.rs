//! The socket: the only way out. The upgrade and its authorisation.

use std::time::Duration;

use axum::{
    Extension,
    extract::{
        RawQuery, State,
        ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, header},
    response::Response,
};
use proto::{close::Close, frame::SUBPROTOCOL, id::DeviceId, limit};
use tokio::sync::broadcast::Receiver;
use tracing::Instrument;

mod beat;
mod budget;
mod company;
pub(crate) mod count;
mod end;
mod hello;
mod live;
mod pipe;

use crate::{
    http::{Shared, error::Failure, guard::named_face},
    login::{Login, cookie},
    node::{Node, Peer},
};
use end::End;
use live::{Live, Pass};
use pipe::Pipe;

/// `GET /ws?face=`.
pub(crate) async fn upgrade(
    State(node): State<Shared>,
    Extension(peer): Extension<Peer>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    if !node.origins.has(headers.get(header::ORIGIN)) {
        return Err(Failure::ForeignOrigin);
    }
    let upgrade = upgrade.map_err(|_| Failure::NoSocket)?.protocols([SUBPROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(Failure::NoSocket);
    }
    let face = named_face(&headers, query.as_deref())?;
    // Subscribed before the login is looked up, so that an end in between is not missed.
    let endings = node.door.endings();
    let login = match cookie::token(&headers, face) {
        Some(token) => {
            let hash = token.hash();
            let login = node.door.login(hash).await?.filter(|login| login.audience == face);
            login.map(|login| (Box::new(login), hash))
        }
        None => None,
    };
    let upgrade = upgrade
        .read_buffer_size(limit::SOCKET_READ_BYTES)
        .write_buffer_size(limit::SOCKET_WRITE_BYTES)
        .max_write_buffer_size(limit::SOCKET_UNSENT_BYTES_MAX)
        .max_message_size(limit::CLIENT_FRAME_BYTES_MAX)
        .max_frame_size(limit::CLIENT_FRAME_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let mut pipe = Pipe::new(socket);
        let counted = node.sockets.enter(face);
        let end = match login {
            Some((login, hash)) => {
                let span =
                    tracing::info_span!("socket", device = %login.device, room = %login.room);
                let (device, attendance) = (login.device, node.door.attending.enter(&login));
                let end = live(&node, login, hash, endings, &mut pipe).instrument(span).await;
                drop(attendance);
                if end == End::Close(Close::LoginEnded) {
                    node.door.attending.forget(device);
                }
                end
            }
            // A browser cannot see why an upgrade was refused, and would reconnect for ever.
            None => End::Close(Close::LoginEnded),
        };
        node.tally.ends.add(end.code());
        Box::pin(end.tell(&mut pipe, &node.sockets)).await;
        drop((peer, counted));
    }))
}

/// Waits for the client's hello and serves it until the socket closes.
async fn live(
    node: &Node,
    login: Box<Login>,
    hash: [u8; 32],
    endings: Receiver<DeviceId>,
    pipe: &mut Pipe,
) -> End {
    if let Err(end) = Box::pin(hello::hear(node, &login, pipe)).await {
        return end;
    }
    let pass = Pass::of(&login, hash);
    drop(login);
    tokio::select! {
        end = Live::new(node, pass, endings).follow(pipe) => end,
        // A socket blocked on a client that does not read would notice the shutdown too late.
        () = overdue(node) => End::Stopping,
    }
}

/// Waits until the node has been stopping for a while. Cancel safe, as is what it interrupts: a message is
/// queued completely or not at all.
async fn overdue(node: &Node) {
    node.stop.listen().wait().await;
    Box::pin(tokio::time::sleep(Duration::from_millis(limit::LAST_WORDS_MS))).await;
}
