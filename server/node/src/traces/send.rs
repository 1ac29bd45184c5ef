//! Sends batches one after another to the collector, as OTLP over HTTP. An unreachable collector is reported
//! once, and what it does not accept is dropped.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::{Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry::KeyValue;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SpanData, SpanExporter as _},
};
use proto::limit;
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio::{
    sync::mpsc,
    time::{Duration, timeout},
};
use uuid::Uuid;

use super::Spans;

const SEND: Duration = Duration::from_millis(limit::TRACE_SEND_MS);
/// Maximum bytes read of a collector's response; success is empty, an error is a sentence.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Sends spans to one collector.
#[derive(Debug)]
pub(super) struct Sender {
    exporter: SpanExporter,
    /// The cause of the last failure, which the exporter does not report.
    why: Arc<Mutex<String>>,
}

/// The HTTP client for the collector.
#[derive(Debug)]
struct Way {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    why: Arc<Mutex<String>>,
}

impl Sender {
    /// Returns a sender to this URL, under a node's name.
    pub(super) fn new(url: &str, node: Uuid, listen: SocketAddr) -> Result<Self, String> {
        let why = Arc::<Mutex<String>>::default();
        let https = HttpsConnectorBuilder::new().with_tls_config(tls(url)?);
        let https = https.https_or_http().enable_http1().build();
        let client = Client::builder(TokioExecutor::new()).build(https);
        let mut exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Way { client, why: Arc::clone(&why) })
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(url)
            .with_timeout(SEND)
            .build()
            .map_err(|error| error.to_string())?;
        let resource = Resource::builder_empty()
            .with_service_name("muster")
            .with_attributes([
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
                KeyValue::new("service.instance.id", node.to_string()),
                KeyValue::new("muster.listen", listen.to_string()),
            ])
            .build();
        exporter.set_resource(&resource);
        Ok(Self { exporter, why })
    }

    /// Sends batches until the channel closes.
    pub(super) async fn send(self, mut batches: mpsc::Receiver<Vec<SpanData>>, spans: Arc<Spans>) {
        while let Some(batch) = batches.recv().await {
            let count = batch.len();
            let error = match timeout(SEND, self.exporter.export(batch)).await {
                Ok(Ok(())) => {
                    spans.sent(count);
                    if spans.set_away(false) {
                        tracing::info!("the collector accepts traces again");
                    }
                    continue;
                }
                Ok(Err(error)) => error.to_string(),
                Err(_) => "it does not answer".to_owned(),
            };
            if spans.set_away(true) {
                let why = self.why.lock().unwrap_or_else(PoisonError::into_inner).clone();
                tracing::warn!(
                    error,
                    why,
                    "the collector does not accept traces; they are dropped"
                );
            }
            spans.lost(count);
        }
    }
}

/// Returns the TLS configuration, with the certificates that this machine trusts.
fn tls(url: &str) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    if url.starts_with("https://") {
        let (known, _) =
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if known == 0 {
            return Err(format!("this machine has no trusted certificates to verify {url} with"));
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[async_trait::async_trait]
impl HttpClient for Way {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let asked = async {
            let answer = self.client.request(request.map(Full::new)).await?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await?.to_bytes();
            Ok::<_, HttpError>(Response::from_parts(parts, body))
        };
        let answer = asked.await;
        let why = match &answer {
            Ok(answer) => answer.status().to_string(),
            Err(error) => whole(&**error),
        };
        *self.why.lock().unwrap_or_else(PoisonError::into_inner) = why;
        answer
    }
}

/// Formats an error with its causes.
fn whole(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        words = format!("{words}: {source}");
        next = source.source();
    }
    words
}
