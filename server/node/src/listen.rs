//! The accept loop: connections, each with its limits, until the node stops.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use proto::limit;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

use crate::{node::Peer, stop::Stopping};

/// Connections taken at once, sockets and requests together; the next one waits outside.
pub(crate) const CONNECTIONS_MAX: u32 = 16_384;
/// Connections that may wait to be taken. When all screens come back at once the kernel drops those beyond
/// it without a word, and they try again a whole second later; Linux itself holds at most 4,096.
const WAITING_MAX: u32 = 4_096;
/// Milliseconds in which a request's head must be whole, and in which the next one must begin.
const HEAD_MS: u64 = 15_000;
/// Milliseconds after which a connection of plain requests ends, even if its client reads a byte a second.
const CONNECTION_MS: u64 = 5 * 60_000;
/// Bytes of a request's head, and of a body that waits to be read.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Milliseconds of rest when the machine has no more connections to give.
const REST_MS: u64 = 100;

/// Listens at an address.
pub(crate) fn bind(addr: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A node that is started again takes the address although connections of the former one rest on it.
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(WAITING_MAX)
}

/// Serves at most so many connections at once, until the node stops and they have ended.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    connections_max: u32,
    mut stopping: Stopping,
) {
    let places = Arc::new(Semaphore::new(usize::try_from(connections_max).unwrap_or(usize::MAX)));
    loop {
        let next = tokio::select! {
            next = accept(&listener, &places) => next,
            _ = stopping.wait() => break,
        };
        match next {
            Some((stream, from, place)) => {
                let peer = Peer::new(from.ip().to_canonical(), place);
                tokio::spawn(connection(stream, router.clone(), peer, stopping.clone()));
            }
            None => tokio::time::sleep(Duration::from_millis(REST_MS)).await,
        }
    }
    drop(listener);
    drop(router);
    // A little longer than each connection has by itself.
    let drain = Duration::from_millis(limit::DRAIN_MS + REST_MS);
    if tokio::time::timeout(drain, places.acquire_many(connections_max)).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, from)) => Some((stream, from, place)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be taken");
            None
        }
    }
}

/// Serves one connection. A socket takes the place with it and lives on by itself.
async fn connection(stream: TcpStream, router: Router, peer: Peer, mut stopping: Stopping) {
    // Frames are gathered before they are written; waiting for more would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection does not send at once");
    }
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(peer.clone());
        router.clone().oneshot(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(HEAD_MS))
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        _ = stopping.wait() => {
            serving.as_mut().graceful_shutdown();
            let last = Duration::from_millis(limit::DRAIN_MS);
            tokio::time::timeout(last, serving).await.unwrap_or(Ok(()))
        }
        () = tokio::time::sleep(Duration::from_millis(CONNECTION_MS)) => {
            serving.as_mut().graceful_shutdown();
            let last = Duration::from_millis(limit::REQUEST_MS);
            tokio::time::timeout(last, serving).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Connections wait here although nobody takes them; a shorter queue would drop the later ones.
    #[tokio::test]
    async fn all_who_come_back_at_once_find_room_to_wait() {
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let addr = listener.local_addr().unwrap();
        let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
        let most: usize = most.trim().parse().unwrap();
        for number in 0..most.min(2_000) {
            // It stays in the queue when its client has gone, and so costs no open file.
            let connect = TcpStream::connect(addr);
            let came = tokio::time::timeout(Duration::from_millis(500), connect).await;
            assert!(matches!(came, Ok(Ok(_))), "connection {number} found no room");
        }
    }
}
