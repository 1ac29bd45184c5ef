//! A small client over plain HTTP, for the command line and for tests.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Method, Request, StatusCode, header};
use hyper_util::{
    client::legacy::{Client as Legacy, connect::HttpConnector},
    rt::TokioExecutor,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proto::{
    command::Envelope,
    directory::FileTaken,
    http::{CommandsAnswer, CommandsRequest, ErrorAnswer},
    id::RoomId,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::operator::{
    DutyAnswer, DutyEnd, DutyRequest, Figures, InviteAnswer, InviteRequest, OpenAnswer, OpenRequest,
};

/// A client of a node.
#[derive(Debug, Clone)]
pub struct Client {
    http: Legacy<HttpConnector, Full<Bytes>>,
    url: String,
    headers: Vec<(String, String)>,
}

/// A response from a node.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No response.
    #[error("the node at {url} does not answer; is it running? ({words})")]
    NoAnswer {
        /// The address of the node.
        url: String,
        /// What went wrong.
        words: String,
    },
    /// The node refused.
    #[error("the node said: {}", .0.words)]
    Refused(ErrorAnswer),
    /// The answer is not what this release expects.
    #[error("the node's answer ({status}) cannot be read; is it of the same release?")]
    Strange {
        /// The answer's status.
        status: StatusCode,
    },
}

impl Client {
    /// Returns a client of the node at this origin, such as `http://127.0.0.1:8080`.
    pub fn new(url: &str) -> Self {
        let http = Legacy::builder(TokioExecutor::new()).build_http();
        Self { http, url: url.trim_end_matches('/').to_owned(), headers: Vec::new() }
    }

    /// Returns the origin of the node that is asked.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns this client with a header that every request carries.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns this client as the operator's.
    #[must_use]
    pub fn operator(self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// Asks, and returns whatever is answered.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Reply, ClientError> {
        self.ask_with(method, path, "application/json", body).await
    }

    /// Asks with a body of this kind.
    async fn ask_with(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Reply, ClientError> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let no_answer = |words: String| ClientError::NoAnswer { url: self.url.clone(), words };
        let request = request
            .body(Full::from(body.unwrap_or_default()))
            .map_err(|error| no_answer(error.to_string()))?;
        let response =
            self.http.request(request).await.map_err(|error| no_answer(cause(&error)))?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| no_answer(error.to_string()))?;
        Ok(Reply { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }

    /// Gets what is at an address.
    pub async fn get(&self, path: &str) -> Result<Reply, ClientError> {
        self.ask(Method::GET, path, None).await
    }

    /// Posts a value and returns the answer's.
    pub async fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        value: &(impl Serialize + Sync),
    ) -> Result<A, ClientError> {
        self.post_for_reply(path, value).await?.read()
    }

    /// Posts a value and returns whatever is answered, headers and all.
    pub async fn post_for_reply(
        &self,
        path: &str,
        value: &(impl Serialize + Sync),
    ) -> Result<Reply, ClientError> {
        let strange = |status| ClientError::Strange { status };
        let body = serde_json::to_vec(value).map_err(|_| strange(StatusCode::BAD_REQUEST))?;
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Opens a room, as the operator.
    pub async fn open(&self, request: &OpenRequest) -> Result<OpenAnswer, ClientError> {
        self.post("/api/operator/open", request).await
    }

    /// Makes a link, as the operator.
    pub async fn invite(&self, request: &InviteRequest) -> Result<InviteAnswer, ClientError> {
        self.post("/api/operator/invites", request).await
    }

    /// Makes a link by which somebody opens rooms, as the operator.
    pub async fn duty(&self, request: &DutyRequest) -> Result<DutyAnswer, ClientError> {
        self.post("/api/operator/duty", request).await
    }

    /// Ends such a link, as the operator; returns whether there was one.
    pub async fn end_duty(&self, request: &DutyEnd) -> Result<bool, ClientError> {
        self.post("/api/operator/duty/end", request).await
    }

    /// Returns what the node counted, as the operator.
    pub async fn figures(&self) -> Result<Figures, ClientError> {
        self.get("/api/operator/figures").await?.read()
    }

    /// Sends at most fifty commands to a room, as the operator's import.
    pub async fn import(
        &self,
        room: RoomId,
        commands: Vec<Envelope>,
    ) -> Result<CommandsAnswer, ClientError> {
        let path = format!("/api/operator/rooms/{room}/commands");
        self.post(&path, &CommandsRequest { commands }).await
    }
}

impl Client {
    /// Brings one of the regulator's files into the directory of homes, as the operator.
    pub async fn import_homes(
        &self,
        name: &str,
        day: Option<&str>,
        file: Vec<u8>,
    ) -> Result<FileTaken, ClientError> {
        let day = day.map(|day| format!("&day={}", encoded(day))).unwrap_or_default();
        let path = format!("/api/operator/homes?name={}{day}", encoded(name));
        self.ask_with(Method::POST, &path, "application/octet-stream", Some(file)).await?.read()
    }
}

/// Returns words as they stand in an address.
fn encoded(words: &str) -> String {
    utf8_percent_encode(words, NON_ALPHANUMERIC).to_string()
}

impl Reply {
    /// Returns what the answer says, or the refusal.
    pub fn read<A: DeserializeOwned>(&self) -> Result<A, ClientError> {
        let strange = ClientError::Strange { status: self.status };
        if self.status.is_success() {
            return serde_json::from_slice(&self.body).map_err(|_| strange);
        }
        Err(serde_json::from_slice(&self.body).map_or(strange, ClientError::Refused))
    }

    /// Returns the cookie that the answer gives, as `name=value`; nothing where it gives none. One that it
    /// takes away has no value.
    pub fn cookie(&self) -> String {
        let given = self.headers.get_all(header::SET_COOKIE).iter();
        let mut pairs = given.filter_map(|line| line.to_str().ok()?.split(';').next());
        pairs.rfind(|pair| !pair.ends_with('=')).unwrap_or_default().to_owned()
    }
}

/// Returns the innermost words: "connection refused" and not "client error (Connect)".
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
