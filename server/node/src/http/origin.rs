//! Origins: which pages may open a socket and send commands. Only exact matches count (CWE-1385).

use std::net::SocketAddr;

use axum::http::HeaderValue;

use crate::config::Config;

/// The origins of our own pages.
#[derive(Debug, Clone)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    /// Returns the origins of this node's pages.
    pub(crate) fn of(config: &Config, addr: SocketAddr) -> Self {
        if let Some(url) = &config.public_url {
            return Self(vec![url.origin()]);
        }
        // Browsers omit the default port of a scheme.
        let port = if addr.port() == 80 { String::new() } else { format!(":{}", addr.port()) };
        let ip = match addr {
            SocketAddr::V4(v4) => v4.ip().to_string(),
            SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
        };
        Self(vec![format!("http://{ip}{port}"), format!("http://localhost{port}")])
    }

    /// Returns whether the `Origin` header is one of ours. A missing header is not; nor is `null`, other
    /// case, another port, or a longer or shorter name.
    #[cfg(not(plant = "origin_check_off"))]
    pub(crate) fn has(&self, origin: Option<&HeaderValue>) -> bool {
        origin.is_some_and(|origin| self.0.iter().any(|ours| ours.as_bytes() == origin.as_bytes()))
    }

    /// Accepts every origin.
    #[cfg(plant = "origin_check_off")]
    pub(crate) fn has(&self, origin: Option<&HeaderValue>) -> bool {
        origin.is_none() || !self.0.is_empty()
    }

    /// Returns the first origin, which links begin with.
    pub(crate) fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// Returns the socket URLs; some browsers do not count them as `'self'`.
    pub(crate) fn sockets(&self) -> Vec<String> {
        self.0
            .iter()
            .filter_map(|origin| Some(format!("ws{}", origin.strip_prefix("http")?)))
            .collect()
    }

    /// Returns whether the pages are served over https.
    pub(crate) fn is_https(&self) -> bool {
        self.first().starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PublicUrl;

    fn public() -> Origins {
        let url = PublicUrl::parse("https://muster.example").unwrap();
        let listen = "0.0.0.0:8080".parse().unwrap();
        Origins::of(&Config { public_url: Some(url), ..Config::loopback(0) }, listen)
    }

    fn loopback() -> Origins {
        Origins::of(&Config::loopback(0), "127.0.0.1:8080".parse().unwrap())
    }

    fn takes(origins: &Origins, origin: &str) -> bool {
        origins.has(Some(&HeaderValue::from_str(origin).unwrap()))
    }

    #[test]
    fn a_foreign_origin_is_refused() {
        assert!(!public().has(None), "missing");
        for foreign in [
            "",
            "null",
            "https://evil.example",
            "https://muster.example.evil.example",
            "https://evilmuster.example",
            "https://muster.exampl",
            "https://muster.example.",
            "https://muster.example/",
            "https://muster.example:443",
            "https://muster.example:8443",
            "https://MUSTER.example",
            "HTTPS://muster.example",
            "http://muster.example",
            "wss://muster.example",
            "https://xn--mster-kva.example",
            "https://muster.example https://evil.example",
            "http://127.0.0.1:8080",
            "http://localhost:8080",
        ] {
            assert!(!takes(&public(), foreign), "{foreign}");
        }
        for foreign in [
            "http://127.0.0.1",
            "http://127.0.0.1:8081",
            "http://127.0.0.1:80801",
            "http://localhost",
            "https://127.0.0.1:8080",
            "http://127.0.0.2:8080",
            "http://[::1]:8080",
            "http://localhost.evil.example:8080",
        ] {
            assert!(!takes(&loopback(), foreign), "{foreign}");
        }
    }

    #[test]
    fn our_own_pages_are_accepted() {
        assert!(takes(&public(), "https://muster.example"));
        assert!(takes(&loopback(), "http://127.0.0.1:8080"));
        assert!(takes(&loopback(), "http://localhost:8080"));
        let v6 = Origins::of(&Config::loopback(0), "[::1]:8080".parse().unwrap());
        assert!(takes(&v6, "http://[::1]:8080"));
        let plain = Origins::of(&Config::loopback(0), "127.0.0.1:80".parse().unwrap());
        assert!(takes(&plain, "http://127.0.0.1"));
    }

    #[test]
    fn socket_urls_match_the_page_origins() {
        assert_eq!(public().sockets(), ["wss://muster.example"]);
        assert_eq!(loopback().sockets(), ["ws://127.0.0.1:8080", "ws://localhost:8080"]);
    }
}
