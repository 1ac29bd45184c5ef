//! Headers of every response, including errors.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::{Shared, origin::Origins};

/// The permissions policy: full screen and wake lock, and nothing else.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), \
     display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), \
     microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
     screen-wake-lock=(self), serial=(), usb=(), xr-spatial-tracking=()";

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSION: HeaderName = HeaderName::from_static("permissions-policy");

/// The headers, built once.
#[derive(Debug)]
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(crate) fn new(origins: &Origins) -> Self {
        let plain = [
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (OPENER, "same-origin"),
            (RESOURCE, "same-origin"),
            (PERMISSION, PERMISSIONS),
        ];
        let mut headers: Vec<_> =
            plain.map(|(name, value)| (name, HeaderValue::from_static(value))).into();
        let policy = HeaderValue::try_from(content_policy(origins));
        headers.extend(policy.ok().map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
        if origins.is_https() {
            let year = HeaderValue::from_static("max-age=63072000");
            headers.push((header::STRICT_TRANSPORT_SECURITY, year));
        }
        Self(headers)
    }
}

/// Returns the content security policy: our own files and our own socket, and nothing inline.
fn content_policy(origins: &Origins) -> String {
    let sockets = origins.sockets().join(" ");
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        &format!("connect-src 'self' {sockets}"),
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html muster-sw",
    ]
    .join("; ")
}

/// Adds the headers to a response; API responses are never cached.
pub(crate) async fn put(State(node): State<Shared>, request: Request, next: Next) -> Response {
    let is_data = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &node.headers.0 {
        headers.insert(name, value.clone());
    }
    if is_data || !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, PublicUrl};

    fn origins(url: Option<&str>) -> Origins {
        let public_url = url.map(|url| PublicUrl::parse(url).unwrap());
        let listen = "127.0.0.1:8080".parse().unwrap();
        Origins::of(&Config { public_url, ..Config::loopback(0) }, listen)
    }

    #[test]
    fn the_content_policy_allows_only_our_own_socket() {
        let policy = content_policy(&origins(Some("https://muster.example")));
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self' wss://muster.example; manifest-src 'self'; \
             worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
             object-src 'none'; require-trusted-types-for 'script'; \
             trusted-types svelte-trusted-html muster-sw"
        );
        let local = content_policy(&origins(None));
        let ours = "connect-src 'self' ws://127.0.0.1:8080 ws://localhost:8080;";
        assert!(local.contains(ours), "{local}");
    }

    #[test]
    fn hsts_is_sent_only_over_https() {
        let has = |url| {
            let headers = Headers::new(&origins(url)).0;
            headers.iter().any(|(name, _)| name == header::STRICT_TRANSPORT_SECURITY)
        };
        assert!(has(Some("https://muster.example")));
        assert!(!has(None));
    }
}
