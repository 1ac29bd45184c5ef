//! How a node is run, checked once when it starts.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
};

use proto::limit::{BEAT_MS, CATCH_UP_BYTES_PER_S};

mod collector;

pub use collector::{Collector, Share};

/// Where a node listens, and where people find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The address that is listened on. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address that people type, when a proxy stands in front. The proxy's word for where a request
    /// comes from is then believed.
    pub public_url: Option<PublicUrl>,
    /// The address at which figures are read by whoever watches over the machine. Nobody else should reach it.
    pub metrics: Option<SocketAddr>,
    /// Who collects traces of commands. A program built without traces refuses to start with one.
    pub traces: Option<Collector>,
    /// Milliseconds between two beats. A screen takes the time from them, so a day that is played faster
    /// than the world's beats more often.
    pub beat_ms: u64,
    /// Bytes in a second that are sent to screens that come back (P-113).
    pub catch_up_bytes_per_s: NonZeroUsize,
}

/// Why a node is not started as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It would be reached over plain http by other machines.
    #[error(
        "{0} can be reached by other machines, and plain http protects nobody there. Put a proxy \
         with a certificate in front and say --behind-proxy --public-url https://..., or listen on \
         127.0.0.1"
    )]
    Open(SocketAddr),
    /// A proxy, but no address to find it at.
    #[error("--behind-proxy needs --public-url https://..., the address that people type")]
    NoUrl,
    /// Figures where people come in.
    #[error(
        "--metrics {0} is where people come in: figures have an address of their own, such as \
         127.0.0.1:9464, that nobody reaches from outside"
    )]
    PublicMetrics(SocketAddr),
    /// An address, but no proxy that could answer there.
    #[error("--public-url is the address of a proxy in front; say --behind-proxy as well")]
    NoProxy,
    /// The address cannot be used.
    #[error("--public-url {url} {why}")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Config {
    /// Returns a node on this machine alone.
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

    /// Returns the configuration, or the words that say why it is refused.
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

    /// Returns the configuration of a node whose figures can be read, at an address that is not the node's.
    pub fn with_metrics(self, metrics: Option<SocketAddr>) -> Result<Self, ConfigError> {
        match metrics {
            Some(addr) if addr.port() == self.listen.port() && addr.port() != 0 => {
                Err(ConfigError::PublicMetrics(addr))
            }
            metrics => Ok(Self { metrics, ..self }),
        }
    }
}

/// The https address that people type, as `host` or `host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Returns the address in the one form that browsers send as an origin.
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
            // The last colon of an address in brackets belongs to the address.
            Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
            Some(_) | None => (host, None),
        };
        let has_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
        if name.is_empty() || !has_port {
            return Err(refuse("is not a host name"));
        }
        Ok(Self(host.to_owned()))
    }

    /// Returns the host, with its port when that is not 443.
    pub fn host(&self) -> &str {
        &self.0
    }

    /// Returns the origin, as browsers send it.
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
    fn an_open_address_needs_a_proxy_and_its_url() {
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
    fn figures_are_never_read_where_people_come_in() {
        let node = parse("0.0.0.0:8080", true, Some("https://muster.example")).unwrap();
        let same = node.clone().with_metrics("127.0.0.1:8080".parse().ok());
        assert!(matches!(same, Err(ConfigError::PublicMetrics(_))));
        let own = node.clone().with_metrics("127.0.0.1:9464".parse().ok()).unwrap();
        assert_eq!(own.metrics.unwrap().port(), 9464);
        assert_eq!(node.with_metrics(None).unwrap().metrics, None);
    }

    #[test]
    fn a_public_url_is_an_https_origin_in_one_form() {
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
