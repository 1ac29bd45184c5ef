//! The router: every route and the middleware around it.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use proto::limit;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument;

pub(crate) mod assets;
pub(crate) mod at_door;
pub(crate) mod card;
pub(crate) mod commands;
mod discard;
pub(crate) mod duty;
pub(crate) mod encoding;
pub(crate) mod error;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod homes;
pub(crate) mod intake;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod me;
pub(crate) mod operator;
pub(crate) mod origin;
pub(crate) mod packed;
pub(crate) mod rate;
pub(crate) mod rows;
pub(crate) mod snapshots;
pub(crate) mod unread;

use crate::{clock::fresh_id, node::Node, ws};
use error::Failure;

/// State shared by all handlers.
pub(crate) type Shared = Arc<Node>;

/// Returns the router of a node.
pub(crate) fn router(node: &Shared) -> Router {
    let data = Router::new()
        .route("/me", get(me::get))
        .route("/logout", post(me::logout))
        .route("/invites/redeem", post(me::redeem))
        .route("/door/ask", post(at_door::ask))
        .route("/door/enter", post(at_door::enter))
        .route("/duty", get(duty::get))
        .route("/duty/enter", post(duty::enter))
        .route("/duty/rooms", post(duty::open))
        .route("/rooms/{room}/door", post(at_door::open))
        .route("/rooms/{room}/links", post(links::post))
        .route("/rooms/{room}/commands", post(commands::post))
        .route("/rooms/{room}/rows", get(rows::get))
        .route("/rooms/{room}/intake", post(intake::post))
        .route("/rooms/{room}/log", get(log::get))
        .route("/rooms/{room}/people/{person}", get(card::get))
        .route("/rooms/{room}/exports/{export}", post(export::post))
        .route("/homes", get(homes::search))
        .route("/homes/files", post(homes::take))
        .route("/homes/vacancies", post(homes::take_vacancies))
        .route("/operator/homes", post(homes::import))
        .route("/operator/open", post(operator::open))
        .route("/operator/duty", post(duty::make))
        .route("/operator/duty/end", post(duty::end))
        .route("/operator/invites", post(operator::invite))
        .route("/operator/rooms/{room}/commands", post(operator::import))
        .route("/operator/figures", get(operator::figures))
        .method_not_allowed_fallback(no_method);
    Router::new()
        .nest("/api", data)
        .route("/ws", get(ws::upgrade))
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .fallback(assets::get)
        .layer(middleware::from_fn_with_state(Arc::clone(node), around))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(Arc::clone(node), headers::put))
        .layer(middleware::from_fn(discard::rest))
        .layer(middleware::from_fn_with_state(Arc::clone(node), count))
        .with_state(Arc::clone(node))
}

async fn no_method() -> Failure {
    Failure::Method
}

/// Counts responses by status.
async fn count(State(node): State<Shared>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    node.tally.answers.add(response.status().as_u16() / 100);
    response
}

/// Opens a span with a request id, and applies the timeout.
async fn around(State(node): State<Shared>, request: Request, next: Next) -> Response {
    let id = fresh_id(&*node.clock);
    let method = request.method().clone();
    let span = tracing::info_span!("request", %id);
    async move {
        let limit = Duration::from_millis(limit::REQUEST_MS);
        let answered = tokio::time::timeout(limit, next.run(request)).await;
        let response = answered.unwrap_or_else(|_| Failure::TimedOut.into_response());
        let status = response.status();
        if status.is_server_error() {
            tracing::info!(%method, status = status.as_u16(), "a request failed");
        } else if method != Method::GET {
            tracing::debug!(%method, status = status.as_u16(), "a request was answered");
        }
        response
    }
    .instrument(span)
    .await
}

/// Answers a request whose handler panicked; the panic hook logs the panic itself.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Failure::Fault.into_response()
}
