//! The single table of failures and their responses.

use std::borrow::Cow;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use proto::http::ErrorAnswer;

use crate::{
    catch_up::TooMany,
    login::{self, RedeemError},
};

/// Why a request failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request names no face, or an unknown one.
    NoFace,
    /// This face of this device has no login, or it has expired.
    NoLogin,
    /// The login is not for this audience.
    NotYours,
    /// The room does not exist, or does not belong to this login; the response does not say which.
    NoRoom,
    /// The person does not exist, or this login may not read the card; the response does not say which.
    NoPerson,
    /// The roles do not allow this export.
    NoExport,
    /// The content does not fit the requested format; the message names one that does.
    TooLong(String),
    /// No such route.
    NoPage,
    /// The route does not support this method.
    Method,
    /// The body or the query is malformed; the message says how.
    Malformed(String),
    /// The body is too large for this route.
    TooLarge,
    /// The uploaded file is invalid; the message says why and what to do.
    File(String),
    /// The state has changed since the preview that was agreed to.
    Changed,
    /// The body is not plain JSON.
    NotJson,
    /// The body is not a plain file.
    NotFile,
    /// The request comes from another site's page.
    ForeignOrigin,
    /// The request offers no supported WebSocket protocol.
    NoSocket,
    /// Rate limited; with seconds to wait.
    TooMany(u64),
    /// The invite is invalid.
    Invite(RedeemError),
    /// The request is for the operator but is not authenticated as such.
    NotOperator,
    /// The door code is wrong or has expired.
    NoDoor,
    /// The room's rules refused; the message says why.
    Refused(String),
    /// The room's queue is full.
    Busy,
    /// The node is stopping, or cannot write.
    Stopped,
    /// The access could not be recorded, so nothing is shown.
    Unrecorded,
    /// The response took too long; the request may still take effect.
    TimedOut,
    /// A bug in the program; it was logged.
    Fault,
}

impl Failure {
    /// The table: status, code, message.
    #[expect(clippy::too_many_lines, reason = "a table with a line for each failure")]
    fn row(&self) -> (StatusCode, &'static str, Cow<'static, str>) {
        use StatusCode as S;
        let (status, code, words) = match self {
            Self::NoFace => {
                (S::BAD_REQUEST, "no_face", "The request does not say which face it is.")
            }
            Self::NoLogin => (S::UNAUTHORIZED, "no_login", "This device is not signed in here."),
            Self::NotYours => {
                (S::FORBIDDEN, "not_yours", "Your sign-in does not include that view.")
            }
            Self::NoRoom => (S::NOT_FOUND, "no_room", "There is no such room here."),
            Self::NoPerson => (S::NOT_FOUND, "no_person", "There is no such card here."),
            Self::NoExport => (S::FORBIDDEN, "not_yours", "Your roles do not allow that export."),
            Self::TooLong(words) => {
                return (S::UNPROCESSABLE_ENTITY, "too_long", Cow::Owned(words.clone()));
            }
            Self::NoPage => (S::NOT_FOUND, "no_page", "There is nothing at this address."),
            Self::Method => {
                (S::METHOD_NOT_ALLOWED, "method", "This address does not support that method.")
            }
            Self::Malformed(words) => {
                return (S::BAD_REQUEST, "malformed", Cow::Owned(words.clone()));
            }
            Self::File(words) => {
                return (S::UNPROCESSABLE_ENTITY, "file", Cow::Owned(words.clone()));
            }
            Self::Changed => (
                S::CONFLICT,
                "changed",
                "The room or the list has changed since you looked. Check it again, then confirm.",
            ),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too_large", "The request is too large."),
            Self::NotJson => {
                (S::UNSUPPORTED_MEDIA_TYPE, "not_json", "Only plain JSON is accepted.")
            }
            Self::NotFile => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "not_file",
                "Only a plain file is accepted, sent as application/octet-stream.",
            ),
            Self::ForeignOrigin => {
                (S::FORBIDDEN, "foreign_origin", "The request comes from another site.")
            }
            Self::NoSocket => {
                (S::BAD_REQUEST, "no_socket", "This address accepts only sockets of muster.v1.")
            }
            Self::TooMany(_) => {
                (S::TOO_MANY_REQUESTS, "too_many", "Too many requests; wait a moment.")
            }
            Self::Invite(RedeemError::Unknown) => {
                (S::NOT_FOUND, "no_invite", "This link does not work. Ask for another one.")
            }
            Self::Invite(RedeemError::Expired) => {
                (S::GONE, "invite_expired", "This link has expired. Ask for another one.")
            }
            Self::Invite(RedeemError::Used) => {
                (S::GONE, "invite_used", "This link has been used. Ask for another one.")
            }
            Self::NotOperator => {
                (S::FORBIDDEN, "not_operator", "This is for the operator at the machine itself.")
            }
            Self::NoDoor => (
                S::NOT_FOUND,
                "no_door",
                "This code does not work. Check it, or ask the room for the current one.",
            ),
            Self::Refused(words) => {
                return (S::CONFLICT, "refused", Cow::Owned(words.clone()));
            }
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy", "The room is busy; try again."),
            Self::Stopped => (
                S::SERVICE_UNAVAILABLE,
                "stopped",
                "Muster cannot do that at the moment; try again.",
            ),
            Self::Unrecorded => (
                S::SERVICE_UNAVAILABLE,
                "unrecorded",
                "The card is not shown, because the access could not be recorded.",
            ),
            Self::TimedOut => {
                (S::GATEWAY_TIMEOUT, "timed_out", "The answer took too long; send it again.")
            }
            Self::Fault => {
                (S::INTERNAL_SERVER_ERROR, "fault", "The program failed; nothing was shown.")
            }
        };
        (status, code, Cow::Borrowed(words))
    }

    /// Returns the seconds after which a retry may succeed.
    const fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Busy | Self::Stopped | Self::Unrecorded | Self::TimedOut => Some(1),
            Self::NoFace
            | Self::NoLogin
            | Self::NotYours
            | Self::NoRoom
            | Self::NoPerson
            | Self::NoExport
            | Self::TooLong(_)
            | Self::NoPage
            | Self::Method
            | Self::Malformed(_)
            | Self::TooLarge
            | Self::File(_)
            | Self::Changed
            | Self::NotJson
            | Self::NotFile
            | Self::ForeignOrigin
            | Self::NoSocket
            | Self::Invite(_)
            | Self::NoDoor
            | Self::Refused(_)
            | Self::NotOperator
            | Self::Fault => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, code, words) = self.row();
        let answer = ErrorAnswer { error: code.to_owned(), words: words.into_owned() };
        let mut response = (status, Json(answer)).into_response();
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<hub::Error> for Failure {
    fn from(error: hub::Error) -> Self {
        match error {
            hub::Error::NoRoom => Self::NoRoom,
            hub::Error::Busy => Self::Busy,
            hub::Error::Stopped | hub::Error::Journal(_) | hub::Error::Json { .. } => {
                tracing::warn!(%error, "the room did not answer");
                Self::Stopped
            }
        }
    }
}

impl From<TooMany> for Failure {
    fn from(TooMany: TooMany) -> Self {
        Self::Busy
    }
}

impl From<login::Error> for Failure {
    fn from(error: login::Error) -> Self {
        tracing::warn!(%error, "the registry did not answer");
        Self::Stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_given_in_seconds() {
        let response = Failure::TooMany(7).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "7");
        assert!(Failure::NoRoom.into_response().headers().get(header::RETRY_AFTER).is_none());
    }

    #[test]
    fn a_failing_store_denies_access_and_leaks_no_detail() {
        let failure = Failure::from(login::Error::Stopped("secret detail".to_owned()));
        let (status, _, words) = failure.row();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!words.contains("secret"));
    }
}
