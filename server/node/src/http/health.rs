//! Whether the process lives, and whether it takes commands.

use axum::{Json, extract::State};
use serde::Serialize;

use super::{Shared, error::Failure};

/// What is answered when all is well.
#[derive(Debug, Serialize)]
pub(crate) struct Well {
    ok: bool,
}

/// `GET /health`: answered as long as the process lives.
pub(crate) async fn health() -> Json<Well> {
    Json(Well { ok: true })
}

/// `GET /ready`: answered well only while commands are taken.
pub(crate) async fn ready(State(node): State<Shared>) -> Result<Json<Well>, Failure> {
    if node.is_ready() { Ok(Json(Well { ok: true })) } else { Err(Failure::Stopped) }
}
