//! The login of a face: who it is, how it signs in and out.

use axum::{
    Json as Answer,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use proto::{
    http::{Me, RedeemRequest},
    limit,
};

use super::{
    Shared,
    error::Failure,
    guard::{self, Caller, Json, Source},
};
use crate::{
    login::{Login, RedeemError, admission, cookie, secret::Secret},
    node::Admission,
};

const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");

/// `GET /api/me`.
pub(crate) async fn get(caller: Caller) -> Answer<Me> {
    Answer(admission::me(&caller.0))
}

/// `POST /api/invites/redeem`.
pub(crate) async fn redeem(
    State(node): State<Shared>,
    Source(from): Source,
    headers: HeaderMap,
    body: Json<{ limit::BODY_BYTES_MAX }>,
) -> Result<Response, Failure> {
    guard::not_foreign(&node, &headers)?;
    node.rates.may_redeem(from)?;
    let asked: RedeemRequest = body.parse()?;
    let redeemed = match Secret::parse(&asked.secret) {
        Some(invite) => node.door.redeem(&invite).await?,
        None => Err(RedeemError::Unknown),
    };
    let (login, token) = redeemed.map_err(|why| {
        node.rates.failed_to_redeem(from);
        Failure::Invite(why)
    })?;
    leave_former(&node, &headers, &login).await;
    tracing::info!(device = %login.device, room = %login.room, face = login.audience.word(),
        "an invite was redeemed");
    match node.admit(&login).await {
        // An undecided admission is retried when the face sends hello.
        Admission::In | Admission::Later => {}
        Admission::Refused => return Err(Failure::NotYours),
    }
    let mut response = Answer(admission::me(&login)).into_response();
    let given = cookie::give(login.audience, &token).ok_or(Failure::Fault)?;
    response.headers_mut().insert(header::SET_COOKIE, given);
    Ok(response)
}

/// Ends the previous login of this face in this browser, whose cookie was replaced.
async fn leave_former(node: &Shared, headers: &HeaderMap, login: &Login) {
    let Some(token) = cookie::token(headers, login.audience) else { return };
    let ended = match node.door.login(token.hash()).await {
        Ok(Some(former)) => node.door.end(former.device).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        tracing::warn!(%error, device = %login.device, "cannot end the previous login");
    }
}

/// `POST /api/logout`.
pub(crate) async fn logout(
    State(node): State<Shared>,
    caller: Caller,
) -> Result<Response, Failure> {
    node.door.end(caller.0.device).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let taken = cookie::take(caller.0.audience).ok_or(Failure::Fault)?;
    headers.insert(header::SET_COOKIE, taken);
    headers.insert(CLEAR, HeaderValue::from_static("\"cache\""));
    Ok(response)
}
