//! Liveness and readiness.

use axum::{Json, extract::State};
use serde::Serialize;

use super::{Shared, error::Failure};

/// The response of a healthy node.
#[derive(Debug, Serialize)]
pub(crate) struct Well {
    ok: bool,
}

/// `GET /health`: answers as long as the process is alive.
pub(crate) async fn health() -> Json<Well> {
    Json(Well { ok: true })
}

/// `GET /ready`: succeeds only while the node accepts commands.
pub(crate) async fn ready(State(node): State<Shared>) -> Result<Json<Well>, Failure> {
    if node.is_ready() { Ok(Json(Well { ok: true })) } else { Err(Failure::Stopped) }
}
