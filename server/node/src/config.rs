//! The configuration of a node, validated once at startup.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
};

use proto::limit::{BEAT_MS, CATCH_UP_BYTES_PER_S};

mod collector;

pub use collector::{Collector, Share};

/// Where a node listens, and its public address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The address to listen on. Port 0 picks a free one.
    pub listen: SocketAddr,
    /// The public address, if a proxy stands in front. The node then trusts the proxy's headers for the
    /// client's address.
    pub public_url: Option<PublicUrl>,
    /// The address of the metrics endpoint, which only the monitoring system should reach.
    pub metrics: Option<SocketAddr>,
    /// The collector for traces. A build without traces refuses to start with one.
    pub traces: Option<Collector>,
    /// Milliseconds between heartbeats. Screens take the time from them, so a story that runs fast sends them
    /// more often.
    pub beat_ms: u64,
    /// Maximum bytes per second for screens that reconnect (P-113).
    pub catch_up_bytes_per_s: NonZeroUsize,
}

/// Why a configuration is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Other machines could reach it over plain HTTP.
    #[error(
        "{0} can be reached by other machines, and plain HTTP is not secure there. Put a proxy \
         with a certificate in front and set --behind-proxy --public-url https://..., or listen on \
         127.0.0.1"
    )]
    Open(SocketAddr),
    /// A proxy without a public address.
    #[error("--behind-proxy needs --public-url https://..., the address that people type")]
    NoUrl,
    /// Metrics on the public address.
    #[error(
        "--metrics {0} is the address that people use: metrics need a separate address, such as \
         127.0.0.1:9464, that is not reachable from outside"
    )]
    PublicMetrics(SocketAddr),
    /// A public address without a proxy.
    #[error("--public-url is the address of a proxy in front; set --behind-proxy as well")]
    NoProxy,
    /// The public address is invalid.
    #[error("--public-url {url} {why}")]
    Url {
        /// The given value.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Config {
    /// Returns the configuration of a node on this machine only.
    pub const fn loopback(port: u16) -> Self {
        let ip = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        let listen = SocketAddr::new(ip, port);
        Self::at(listen, None)
    }

    const fn at(listen: SocketAddr, public_url: Option<PublicUrl>) -> Self {
        Self {
            listen,
            public_url,
            metrics: None,
            traces: None,
            beat_ms: BEAT_MS,
            catch_up_bytes_per_s: CATCH_UP_BYTES_PER_S,
        }
    }

    /// Validates the configuration.
    pub fn parse(
        listen: SocketAddr,
        behind_proxy: bool,
        public_url: Option<&str>,
    ) -> Result<Self, ConfigError> {
        let public_url = match (behind_proxy, public_url) {
            (true, Some(url)) => Some(PublicUrl::parse(url)?),
            (true, None) => return Err(ConfigError::NoUrl),
            (false, _) if !listen.ip().is_loopback() => return Err(ConfigError::Open(listen)),
            (false, Some(_)) => return Err(ConfigError::NoProxy),
            (false, None) => None,
        };
        Ok(Self::at(listen, public_url))
    }

    /// Adds a metrics address, which must differ from the node's.
    pub fn with_metrics(self, metrics: Option<SocketAddr>) -> Result<Self, ConfigError> {
        match metrics {
            Some(addr) if addr.port() == self.listen.port() && addr.port() != 0 => {
                Err(ConfigError::PublicMetrics(addr))
            }
            metrics => Ok(Self { metrics, ..self }),
        }
    }
}

/// The public https address, as `host` or `host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Normalises the address to the form that browsers send as an origin.
    pub fn parse(url: &str) -> Result<Self, ConfigError> {
        let refuse = |why| ConfigError::Url { url: url.to_owned(), why };
        let host = url
            .strip_prefix("https://")
            .ok_or_else(|| refuse("must begin with https://"))?
            .trim_end_matches('/')
            .to_ascii_lowercase();
        let host = host.strip_suffix(":443").unwrap_or(&host);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        if host.is_empty() || !host.chars().all(is_plain) {
            return Err(refuse("must be a host name and perhaps a port, without a path"));
        }
        let (name, port) = match host.rsplit_once(':') {
            // In brackets, the last colon is part of the IPv6 address.
            Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
            Some(_) | None => (host, None),
        };
        let has_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
        if name.is_empty() || !has_port {
            return Err(refuse("is not a host name"));
        }
        Ok(Self(host.to_owned()))
    }

    /// Returns the host, with its port unless it is 443.
    pub fn host(&self) -> &str {
        &self.0
    }

    /// Returns the origin as browsers send it.
    pub fn origin(&self) -> String {
        format!("https://{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(listen: &str, proxy: bool, url: Option<&str>) -> Result<Config, ConfigError> {
        Config::parse(listen.parse().unwrap(), proxy, url)
    }

    #[test]
    fn a_public_listen_address_needs_a_proxy_and_its_url() {
        let words = parse("0.0.0.0:8080", false, None).unwrap_err().to_string();
        assert!(words.contains("0.0.0.0:8080") && words.contains("--behind-proxy"), "{words}");
        let half = parse("0.0.0.0:8080", false, Some("https://muster.example"));
        assert!(matches!(half, Err(ConfigError::Open(_))));
        assert_eq!(parse("0.0.0.0:8080", true, None), Err(ConfigError::NoUrl));
        assert!(parse("0.0.0.0:8080", true, Some("https://muster.example")).is_ok());
    }

    #[test]
    fn loopback_needs_neither_and_a_url_alone_is_refused() {
        assert!(parse("127.0.0.1:0", false, None).is_ok());
        assert!(parse("[::1]:8080", false, None).is_ok());
        let alone = parse("127.0.0.1:0", false, Some("https://muster.example"));
        assert_eq!(alone, Err(ConfigError::NoProxy));
    }

    #[test]
    fn metrics_never_share_the_public_address() {
        let node = parse("0.0.0.0:8080", true, Some("https://muster.example")).unwrap();
        let same = node.clone().with_metrics("127.0.0.1:8080".parse().ok());
        assert!(matches!(same, Err(ConfigError::PublicMetrics(_))));
        let own = node.clone().with_metrics("127.0.0.1:9464".parse().ok()).unwrap();
        assert_eq!(own.metrics.unwrap().port(), 9464);
        assert_eq!(node.with_metrics(None).unwrap().metrics, None);
    }

    #[test]
    fn a_public_url_is_a_normalised_https_origin() {
        for same in
            ["https://Muster.Example", "https://muster.example/", "https://muster.example:443"]
        {
            assert_eq!(PublicUrl::parse(same).unwrap().origin(), "https://muster.example");
        }
        for (url, host) in
            [("https://a.example:8443", "a.example:8443"), ("https://[::1]", "[::1]")]
        {
            assert_eq!(PublicUrl::parse(url).unwrap().host(), host);
        }
        for bad in [
            "http://muster.example",
            "muster.example",
            "https://",
            "https://a.example/path",
            "https://name@a.example",
            "https://a.example?x",
            "https://a.example:port",
            "https://a.example:99999",
            "https://:8443",
            "https://a b",
        ] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
