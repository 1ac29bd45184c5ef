//! Metrics for the monitoring system: `GET /metrics`, on a separate address that no proxy exposes. Only
//! counts and times: no label identifies a room, a person or a member, and every label has few values.

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{encoding::text::encode, registry::Registry};

mod collect;
mod page;
mod process;

use crate::node::Node;
use collect::Collect;

/// The content type that Prometheus reads.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Maximum connections to the metrics endpoint: there are few scrapers.
pub(crate) const CONNECTIONS_MAX: u32 = 16;

/// Returns the router of the metrics address.
pub(crate) fn router(node: &Arc<Node>, data: Option<PathBuf>) -> Router {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Collect::new(Arc::clone(node), data)));
    Router::new().route("/metrics", get(metrics)).with_state(Arc::new(registry))
}

/// `GET /metrics`. Runs on a blocking thread, because it also queries the system: a hanging disk must not
/// block others.
async fn metrics(State(registry): State<Arc<Registry>>) -> Response {
    let written = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        encode(&mut text, &registry).map(|()| text)
    });
    match written.await {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, KIND), (header::CACHE_CONTROL, "no-store")], text)
            .into_response(),
        Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
