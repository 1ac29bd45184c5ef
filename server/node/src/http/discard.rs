//! What is left of a request that is answered before it was read: read and forgotten, within bounds. A proxy that
//! is still sending when the connection ends says 502 in the place of what was answered.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use proto::limit;

/// Where a body is put that nobody reads any more.
type Shelf = Arc<Mutex<Option<Body>>>;

/// A body that comes back when whoever had it lets go of it.
#[derive(Debug)]
struct Lent {
    body: Option<Body>,
    back: Shelf,
}

/// Reads what is left of a request's body, then answers.
pub(crate) async fn rest(request: Request, next: Next) -> Response {
    // Whoever waits to be asked for the body sends none when the answer is no.
    let waits = request.headers().contains_key(header::EXPECT);
    if waits || request.body().is_end_stream() || cfg!(plant = "rest_unread") {
        return next.run(request).await;
    }
    let back = Shelf::default();
    let lend = |body| Body::new(Lent { body: Some(body), back: Arc::clone(&back) });
    let response = next.run(request.map(lend)).await;
    let left = back.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(body) = left {
        let limit = Duration::from_millis(limit::DISCARD_MS);
        if tokio::time::timeout(limit, discard(body)).await.is_err() {
            tracing::debug!("a request that was answered did not end in time");
        }
    }
    response
}

async fn discard(mut body: Body) {
    let mut bytes = 0_usize;
    while bytes < limit::DISCARD_BYTES_MAX
        && let Some(Ok(frame)) = body.frame().await
    {
        bytes = bytes.saturating_add(frame.data_ref().map_or(0, Bytes::len));
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let left = self.body.take().filter(|body| !body.is_end_stream());
        *self.back.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }
}
