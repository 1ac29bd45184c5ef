//! Authentication: checked before anything is read or done.

use std::convert::Infallible;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, request::Parts},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use proto::{id::RoomId, role::Audience};
use tokio::time::Instant;

use super::{Shared, error::Failure, files::Place, unread};
use crate::{
    login::{Login, cookie, secret::Secret},
    node::Peer,
};

/// The header that names the requesting face. A page of another site cannot send it.
const FACE: HeaderName = HeaderName::from_static("x-muster-face");
/// The header in which a browser relates the requesting page to this site.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The header in which a proxy names the client.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The arrival time of a request. Extracted first, so that all work for the request counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Received(pub(crate) Instant);

impl FromRequestParts<Shared> for Received {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        Ok(Self(Instant::now()))
    }
}

/// The valid login of the requesting face.
#[derive(Debug)]
pub(crate) struct Caller(pub(crate) Login);

impl FromRequestParts<Shared> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, node: &Shared) -> Result<Self, Failure> {
        if parts.method != Method::GET {
            from_our_page(node, &parts.headers)?;
        }
        let face = named_face(&parts.headers, parts.uri.query())?;
        let token = cookie::token(&parts.headers, face).ok_or(Failure::NoLogin)?;
        let login = node.door.login(token.hash()).await?;
        login.filter(|login| login.audience == face).map(Self).ok_or(Failure::NoLogin)
    }
}

/// Returns the face that a request names: in the header, or in the query where headers cannot be set.
pub(crate) fn named_face(headers: &HeaderMap, query: Option<&str>) -> Result<Audience, Failure> {
    let word = match headers.get(FACE) {
        Some(value) => value.to_str().ok(),
        None => query.unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("face=")),
    };
    word.and_then(|word| word.parse().ok()).ok_or(Failure::NoFace)
}

/// Refuses a change that another site's page may have requested.
fn from_our_page(node: &Shared, headers: &HeaderMap) -> Result<(), Failure> {
    if !headers.contains_key(FACE) {
        return Err(Failure::NoFace);
    }
    not_foreign(node, headers)
}

/// Refuses a request that a browser marks as cross-site.
pub(crate) fn not_foreign(node: &Shared, headers: &HeaderMap) -> Result<(), Failure> {
    let origin = headers.get(header::ORIGIN);
    let site = headers.get(FETCH_SITE).map(HeaderValue::as_bytes);
    let is_ours = origin.is_none() || node.origins.has(origin);
    let is_near = site.is_none_or(|site| site == b"same-origin" || site == b"none");
    if is_ours && is_near { Ok(()) } else { Err(Failure::ForeignOrigin) }
}

impl Caller {
    /// Returns the room in the path, if it is the caller's.
    pub(crate) fn room(&self, named: &str) -> Result<RoomId, Failure> {
        let room = named.parse().map_err(|_| Failure::NoRoom)?;
        if room == self.0.room { Ok(room) } else { Err(Failure::NoRoom) }
    }
}

/// Proof of the operator: the token, sent from this machine and not through a proxy.
#[derive(Debug)]
pub(crate) struct Operator;

impl FromRequestParts<Shared> for Operator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, node: &Shared) -> Result<Self, Failure> {
        let ip = parts.extensions.get::<Peer>().map(|peer| peer.ip);
        let is_here = ip.is_some_and(|ip| ip.to_canonical().is_loopback() || ip == node.here);
        let is_passed_on = [FORWARDED_FOR, header::FORWARDED, header::VIA, header::ORIGIN]
            .iter()
            .any(|name| parts.headers.contains_key(name));
        let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = given.and_then(|value| value.strip_prefix("Bearer ")).and_then(Secret::parse);
        let is_theirs = token.is_some_and(|token| token.is(&node.operator));
        if is_here && !is_passed_on && is_theirs { Ok(Self) } else { Err(Failure::NotOperator) }
    }
}

/// The client's address: the last one that the proxy adds, or the peer's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source(pub(crate) std::net::IpAddr);

impl FromRequestParts<Shared> for Source {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, node: &Shared) -> Result<Self, Failure> {
        let peer = parts.extensions.get::<Peer>().ok_or(Failure::Fault)?;
        let told = parts.headers.get_all(FORWARDED_FOR).iter().next_back();
        let told = told.filter(|_| node.is_proxied).and_then(|line| line.to_str().ok());
        let told = told.and_then(|line| line.rsplit(',').next()?.trim().parse().ok());
        Ok(Self(told.unwrap_or(peer.ip)))
    }
}

/// A plain JSON body of at most this many bytes, not yet parsed.
#[derive(Debug)]
pub(crate) struct Json<const BYTES_MAX: usize>(pub(crate) Bytes);

impl<const BYTES_MAX: usize> FromRequest<Shared> for Json<BYTES_MAX> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Shared) -> Result<Self, Failure> {
        if !is_plain(request.headers(), "application/json") {
            return Err(Failure::NotJson);
        }
        whole(request, BYTES_MAX).await.map(Self)
    }
}

/// A body of one file of at most this many bytes.
#[derive(Debug)]
pub(crate) struct Octets<const BYTES_MAX: usize> {
    pub(crate) bytes: Bytes,
    /// Its share of the memory for files.
    pub(crate) place: Place,
}

impl<const BYTES_MAX: usize> FromRequest<Shared> for Octets<BYTES_MAX> {
    type Rejection = Failure;

    async fn from_request(request: Request, node: &Shared) -> Result<Self, Failure> {
        if !is_plain(request.headers(), "application/octet-stream") {
            return Err(Failure::NotFile);
        }
        let place = node.files.place(request.headers(), BYTES_MAX).await?;
        Ok(Self { bytes: whole(request, BYTES_MAX).await?, place })
    }
}

/// Returns whether a body has this content type and no content encoding.
fn is_plain(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
    let is_wanted = kind.is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
    is_wanted && !headers.contains_key(header::CONTENT_ENCODING)
}

/// Reads a whole body, unless it is too large.
async fn whole(request: Request, bytes_max: usize) -> Result<Bytes, Failure> {
    let read = Limited::new(request.into_body(), bytes_max).collect().await;
    read.map(http_body_util::Collected::to_bytes).map_err(|error| {
        if error.is::<LengthLimitError>() {
            Failure::TooLarge
        } else {
            Failure::Malformed("The request ended too early.".to_owned())
        }
    })
}

impl<const BYTES_MAX: usize> Json<BYTES_MAX> {
    /// Parses the body.
    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.0).map_err(|error| {
            let fault = unread::fault(&error);
            Failure::Malformed(format!("The request cannot be read: {fault}."))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_face_is_named_in_the_header_or_the_query() {
        let with = |face: &str| [(FACE, face.parse().unwrap())].into_iter().collect();
        assert_eq!(named_face(&with("desk"), None).unwrap(), Audience::Desk);
        assert_eq!(named_face(&with("wall"), Some("face=desk")).unwrap(), Audience::Wall);
        let none = HeaderMap::new();
        assert_eq!(named_face(&none, Some("a=b&face=phone")).unwrap(), Audience::Phone);
        assert!(named_face(&with("Desk"), None).is_err());
        assert!(named_face(&none, Some("face=")).is_err());
        assert!(named_face(&none, None).is_err());
    }
}
