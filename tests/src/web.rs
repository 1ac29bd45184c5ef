//! A small HTTP client that sends exactly what it is given.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use proto::http::ErrorAnswer;
use serde::{Serialize, de::DeserializeOwned};

/// Interval between checks of a metric.
const LOOK: std::time::Duration = std::time::Duration::from_millis(50);

/// A client for one node.
#[derive(Debug, Clone)]
pub struct Web {
    http: Client<HttpConnector, Full<Bytes>>,
    addr: std::net::SocketAddr,
}

/// A request being built.
#[derive(Debug, Clone)]
pub struct Ask {
    web: Web,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// The response.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Web {
    pub fn new(addr: std::net::SocketAddr) -> Self {
        // A kept connection may lead to a node that is gone.
        let http = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { http, addr }
    }

    /// Returns a client that reuses its connection.
    pub fn kept_open(addr: std::net::SocketAddr) -> Self {
        let http = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(1).build_http();
        Self { http, addr }
    }

    pub const fn addr(&self) -> std::net::SocketAddr {
        self.addr
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }

    /// Returns a metric of the node whose metrics are read here.
    pub async fn figure(&self, sample: &str) -> f64 {
        self.known(sample).await.unwrap_or_else(|| panic!("no {sample}"))
    }

    /// Returns a metric, if the node has it.
    async fn known(&self, sample: &str) -> Option<f64> {
        let page = self.get("/metrics").send().await;
        let page = String::from_utf8(page.body.to_vec()).unwrap();
        let value = page.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
        Some(value?.parse().unwrap())
    }

    /// Waits until a metric exists and matches.
    pub async fn figure_until(&self, sample: &str, is_so: impl Fn(f64) -> bool) {
        let looking = async {
            while !self.known(sample).await.is_some_and(&is_so) {
                tokio::time::sleep(LOOK).await;
            }
        };
        crate::soon(sample, looking).await;
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let (headers, body) = (Vec::new(), Bytes::new());
        Ask { web: self.clone(), method, path: path.to_owned(), headers, body }
    }
}

impl Ask {
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Replaces a header.
    #[must_use]
    pub fn instead(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self.with(name, value)
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self
    }

    #[must_use]
    pub fn body(mut self, kind: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.with("content-type", kind)
    }

    #[must_use]
    pub fn json(self, value: &impl Serialize) -> Self {
        self.body("application/json", serde_json::to_vec(value).unwrap())
    }

    /// Sends it. An unreachable node gives an error message.
    pub async fn try_send(self) -> Result<Answer, String> {
        let url = format!("http://{}{}", self.web.addr, self.path);
        let mut request = Request::builder().method(self.method).uri(url);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::from(self.body)).map_err(|error| error.to_string())?;
        let answer = self.web.http.request(request).await.map_err(|error| error.to_string())?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    pub async fn send(self) -> Answer {
        crate::soon("an answer", self.try_send()).await.unwrap()
    }
}

impl Answer {
    /// Returns a header, or an empty string.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the status and the code of an error response.
    pub fn error(&self) -> (u16, String) {
        let told: ErrorAnswer = self.read();
        assert!(!told.words.is_empty(), "an error says in words what is wrong");
        (self.status.as_u16(), told.error)
    }
}
