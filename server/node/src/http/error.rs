//! The one table from what can go wrong to what is answered.

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

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The face named by the request is none of ours, or none was named.
    NoFace,
    /// This face of this device has no login, or it has ended.
    NoLogin,
    /// The login does not carry this audience.
    NotYours,
    /// There is no such room, or it is not this login's; nobody can tell which.
    NoRoom,
    /// There is no such person, or the card is not this login's to read; nobody can tell which.
    NoPerson,
    /// The roles do not carry this export.
    NoExport,
    /// What was asked for does not fit what it was asked as; the words say what does.
    TooLong(String),
    /// There is nothing at this address.
    NoPage,
    /// The address is there, and does not take this method.
    Method,
    /// The body or the address cannot be read; the words say what is wrong.
    Malformed(String),
    /// The body is larger than this address takes.
    TooLarge,
    /// The file that was sent cannot be read; the words say why and what to do.
    File(String),
    /// What was agreed to is not what would happen any more.
    Changed,
    /// The body is no plain JSON.
    NotJson,
    /// The body is no plain file.
    NotFile,
    /// The request comes from a page of somebody else.
    ForeignOrigin,
    /// The request asks for no socket that is spoken here.
    NoSocket,
    /// More requests than anybody has reason to send; seconds to wait.
    TooMany(u64),
    /// The invite opens nothing.
    Invite(RedeemError),
    /// The request is for the operator, and is not the operator's.
    NotOperator,
    /// The door code opens no door, or none any more.
    NoDoor,
    /// The room's rules said no; the words say why.
    Refused(String),
    /// The room has more waiting than it takes.
    Busy,
    /// The node is stopping, or cannot write.
    Stopped,
    /// The reading could not be put on record, so nothing is shown.
    Unrecorded,
    /// The answer took too long; what was asked may yet happen.
    TimedOut,
    /// The program failed; somebody has been told.
    Fault,
}

impl Failure {
    /// The table: status, code, words.
    #[expect(clippy::too_many_lines, reason = "a table with a line for each failure")]
    fn row(&self) -> (StatusCode, &'static str, Cow<'static, str>) {
        use StatusCode as S;
        let (status, code, words) = match self {
            Self::NoFace => {
                (S::BAD_REQUEST, "no_face", "The request does not say which face it is.")
            }
            Self::NoLogin => (S::UNAUTHORIZED, "no_login", "This device is not signed in here."),
            Self::NotYours => (S::FORBIDDEN, "not_yours", "This sign-in does not carry that view."),
            Self::NoRoom => (S::NOT_FOUND, "no_room", "There is no such room here."),
            Self::NoPerson => (S::NOT_FOUND, "no_person", "There is no such card here."),
            Self::NoExport => (S::FORBIDDEN, "not_yours", "Your roles do not carry that file."),
            Self::TooLong(words) => {
                return (S::UNPROCESSABLE_ENTITY, "too_long", Cow::Owned(words.clone()));
            }
            Self::NoPage => (S::NOT_FOUND, "no_page", "There is nothing at this address."),
            Self::Method => {
                (S::METHOD_NOT_ALLOWED, "method", "This address does not take that method.")
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
                "The room or the list has changed since you looked. Look again, then say yes.",
            ),
            Self::TooLarge => (S::PAYLOAD_TOO_LARGE, "too_large", "The request is too large."),
            Self::NotJson => (S::UNSUPPORTED_MEDIA_TYPE, "not_json", "Only plain JSON is taken."),
            Self::NotFile => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "not_file",
                "Only a file is taken, as it is, sent as application/octet-stream.",
            ),
            Self::ForeignOrigin => {
                (S::FORBIDDEN, "foreign_origin", "The request comes from another site.")
            }
            Self::NoSocket => {
                (S::BAD_REQUEST, "no_socket", "This address takes sockets of muster.v1.")
            }
            Self::TooMany(_) => {
                (S::TOO_MANY_REQUESTS, "too_many", "Too many requests; wait a moment.")
            }
            Self::Invite(RedeemError::Unknown) => {
                (S::NOT_FOUND, "no_invite", "This link is not known. Ask for another one.")
            }
            Self::Invite(RedeemError::Expired) => {
                (S::GONE, "invite_expired", "This link is too old. Ask for another one.")
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
                "This code opens no door. Look at it again, or ask the room for the present one.",
            ),
            Self::Refused(words) => {
                return (S::CONFLICT, "refused", Cow::Owned(words.clone()));
            }
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy", "The room is busy; try again."),
            Self::Stopped => {
                (S::SERVICE_UNAVAILABLE, "stopped", "Nothing can be done here now; try again.")
            }
            Self::Unrecorded => (
                S::SERVICE_UNAVAILABLE,
                "unrecorded",
                "The card is not shown, because the reading could not be put on record.",
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

    /// Returns the seconds after which the same request may succeed.
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
    fn a_wait_is_told_in_seconds() {
        let response = Failure::TooMany(7).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "7");
        assert!(Failure::NoRoom.into_response().headers().get(header::RETRY_AFTER).is_none());
    }

    #[test]
    fn a_store_that_fails_denies_and_tells_no_detail() {
        let failure = Failure::from(login::Error::Stopped("secret detail".to_owned()));
        let (status, _, words) = failure.row();
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!words.contains("secret"));
    }
}
