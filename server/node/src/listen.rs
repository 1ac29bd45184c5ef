//! The accept loop: connections with their limits, until the node stops.

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

/// Maximum open connections, sockets and requests together; further ones wait in the accept queue.
pub(crate) const CONNECTIONS_MAX: u32 = 16_384;
/// The accept backlog. When all screens reconnect at once, the kernel silently drops connections beyond it,
/// and they retry a whole second later; Linux caps it at 4,096.
const WAITING_MAX: u32 = 4_096;
/// Milliseconds to receive a request head, and idle time before the next one.
const HEAD_MS: u64 = 15_000;
/// Milliseconds after which an HTTP connection ends, even if its client reads a byte a second.
const CONNECTION_MS: u64 = 5 * 60_000;
/// Maximum bytes of a request head, and of buffered body.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Milliseconds to pause after the system refuses a connection.
const REST_MS: u64 = 100;

/// Listens on an address.
pub(crate) fn bind(addr: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restarted node can bind although connections of the previous one linger.
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(WAITING_MAX)
}

/// Serves a limited number of connections, until the node stops and they have ended.
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
    // A little longer than each connection's own deadline.
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
            tracing::warn!(%error, "cannot accept a connection");
            None
        }
    }
}

/// Serves one connection. A WebSocket takes over the permit and outlives this function.
async fn connection(stream: TcpStream, router: Router, peer: Peer, mut stopping: Stopping) {
    // Frames are already batched before they are written; Nagle's algorithm would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY on a connection");
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

    /// Connections queue here although nobody accepts them; a shorter backlog would drop the later ones.
    #[tokio::test]
    async fn the_accept_queue_holds_all_screens_that_reconnect_at_once() {
        let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let addr = listener.local_addr().unwrap();
        let most = std::fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
        let most: usize = most.trim().parse().unwrap();
        for number in 0..most.min(2_000) {
            // A client that has gone stays in the queue, so it costs no open file.
            let connect = TcpStream::connect(addr);
            let came = tokio::time::timeout(Duration::from_millis(500), connect).await;
            assert!(matches!(came, Ok(Ok(_))), "connection {number} found no room");
        }
    }
}
