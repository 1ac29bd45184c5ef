//! Drains the rest of a request body that was answered early, within limits. If the connection closes while a
//! proxy is still sending, the proxy replaces our response with a 502.

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

/// Where an unfinished body is returned to.
type Shelf = Arc<Mutex<Option<Body>>>;

/// A body that returns to the shelf when its reader drops it.
#[derive(Debug)]
struct Lent {
    body: Option<Body>,
    back: Shelf,
}

/// Answers a request after draining the rest of its body.
pub(crate) async fn rest(request: Request, next: Next) -> Response {
    // A client that sends `Expect: 100-continue` sends no body after a final response.
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
            tracing::debug!("the body of an answered request did not end in time");
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
