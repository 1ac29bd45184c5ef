//! A trace collector for tests: it receives OTLP over HTTP, and keeps every byte.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1 as wire,
};
use prost::Message;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_rustls::TlsAcceptor;

/// One span.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The node that sent it.
    pub node: String,
    pub name: String,
    pub trace: Vec<u8>,
    pub id: Vec<u8>,
    /// Empty for the root.
    pub parent: Vec<u8>,
    /// Nanoseconds since 1970.
    pub began: u64,
    pub ended: u64,
    /// Its attributes, and the node's.
    pub said: BTreeMap<String, String>,
}

/// Everything received.
#[derive(Debug, Default)]
struct Taken {
    bodies: Vec<Bytes>,
    spans: Vec<Span>,
}

/// The collector. It ends when it is dropped.
#[derive(Debug)]
pub struct Collector {
    addr: SocketAddr,
    taken: Arc<Mutex<Taken>>,
    count: watch::Sender<usize>,
    serving: JoinHandle<()>,
    is_tls: bool,
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Collector {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        Self::with(None).await
    }

    /// Starts one that accepts TLS alone; also returns its authority.
    pub async fn over_tls() -> (Self, String) {
        let (authority, certificate, key) = crate::certificate::for_here();
        let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        (Self::with(Some(TlsAcceptor::from(Arc::new(config)))).await, authority)
    }

    async fn with(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (taken, count) = (Arc::<Mutex<Taken>>::default(), watch::Sender::new(0));
        let (keep, told, is_tls) = (Arc::clone(&taken), count.clone(), tls.is_some());
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (keep, told, tls) = (Arc::clone(&keep), told.clone(), tls.clone());
                let answer =
                    service_fn(move |request| take(Arc::clone(&keep), told.clone(), request));
                // A node that ends drops its connection, and one that does not trust us sends
                // nothing.
                tokio::spawn(async move {
                    let http = http1::Builder::new();
                    match tls {
                        None => drop(http.serve_connection(TokioIo::new(stream), answer).await),
                        Some(tls) => {
                            let Ok(stream) = tls.accept(stream).await else { return };
                            drop(http.serve_connection(TokioIo::new(stream), answer).await);
                        }
                    }
                });
            }
        });
        Self { addr, taken, count, serving, is_tls }
    }

    /// Returns its URL, as an operator would configure it.
    pub fn url(&self) -> String {
        format!("http{}://{}", if self.is_tls { "s" } else { "" }, self.addr)
    }

    /// Returns the spans of a trace once they are complete.
    pub async fn trace(&self, id: uuid::Uuid, is_whole: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let mut count = self.count.subscribe();
        loop {
            count.borrow_and_update();
            let spans = self.spans();
            let spans: Vec<Span> =
                spans.into_iter().filter(|span| span.trace == id.as_bytes()).collect();
            if is_whole(&spans) {
                return spans;
            }
            let more = tokio::time::timeout(
                std::time::Duration::from_millis(crate::LOST_MS),
                count.changed(),
            );
            assert!(more.await.is_ok(), "nothing more came of {id} than {spans:#?}");
        }
    }

    /// Returns every span received.
    pub fn spans(&self) -> Vec<Span> {
        self.taken.lock().unwrap().spans.clone()
    }

    /// Returns every byte received.
    pub fn bytes(&self) -> Vec<u8> {
        self.taken.lock().unwrap().bodies.concat()
    }
}

/// Handles one request as a collector does.
async fn take(
    taken: Arc<Mutex<Taken>>,
    told: watch::Sender<usize>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    assert_eq!(request.uri().path(), "/v1/traces");
    assert_eq!(request.headers()["content-type"], "application/x-protobuf");
    // A node killed in the middle of a request has sent nothing.
    if let Ok(body) = request.into_body().collect().await {
        let body = body.to_bytes();
        let sent = ExportTraceServiceRequest::decode(body.clone()).unwrap();
        let mut taken = taken.lock().unwrap();
        taken.spans.extend(sent.resource_spans.into_iter().flat_map(spans));
        taken.bodies.push(body);
        told.send_modify(|count| *count += 1);
    }
    Ok(Response::new(Full::default()))
}

fn spans(of: wire::ResourceSpans) -> Vec<Span> {
    let node = said(of.resource.unwrap().attributes);
    let spans = of.scope_spans.into_iter().flat_map(|scope| scope.spans);
    spans
        .map(|span| Span {
            node: node["service.instance.id"].clone(),
            name: span.name,
            trace: span.trace_id,
            id: span.span_id,
            parent: span.parent_span_id,
            began: span.start_time_unix_nano,
            ended: span.end_time_unix_nano,
            said: node.clone().into_iter().chain(said(span.attributes)).collect(),
        })
        .collect()
}

fn said(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |value: Value| match value {
        Value::StringValue(text) => text,
        Value::IntValue(number) => number.to_string(),
        Value::DoubleValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let each = attributes.into_iter();
    each.map(|said| (said.key, text(said.value.unwrap().value.unwrap()))).collect()
}
