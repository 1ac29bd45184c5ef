//! The database's address and the way to connect: with or without TLS, and with which password.

use std::{
    net::IpAddr,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use rustls::{
    ClientConfig, RootCertStore,
    client::{Resumption, danger::ServerCertVerifier},
    crypto::ring,
};
use tokio_postgres::{
    Config,
    config::{Host, SslMode},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::hosts;

/// Default number of connections of a node to its database: reads are short, and writes need one.
pub const CONNECTIONS: usize = 8;
/// Idle time after which the kernel probes a connection (TCP keepalive).
const IDLE: Duration = Duration::from_secs(5);
/// Interval between keepalive probes.
const TRY: Duration = Duration::from_secs(2);
/// Unanswered probes that end a connection.
const TRIES: u32 = 3;
/// Timeout for connecting to one address of a server; its name may resolve to several.
const REACH: Duration = Duration::from_secs(1);
/// How long sent data may stay unacknowledged by the peer's kernel.
const UNHEARD: Duration = Duration::from_secs(10);

/// The settings of a database.
#[derive(Clone, Default)]
pub struct Asked {
    /// `postgres://name@host:port/database`.
    pub url: String,
    /// The password, when it is not in the address.
    pub password: Option<String>,
    /// Verifies the server's certificate; without it no server that needs one is accepted.
    pub trust: Option<Arc<dyn ServerCertVerifier>>,
    /// Whether TLS may be omitted although the connection leaves this machine.
    pub may_be_plain: bool,
    /// Maximum number of connections for reads.
    pub connections: usize,
}

/// Why a database address is invalid. Never contains a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AddressError(String);

/// A database, and how to connect to it.
#[derive(Clone)]
pub struct Address {
    /// One configuration per server named.
    pub(super) hosts: Vec<Config>,
    /// The highest timeline found on any of several servers, shared by all holders of this address.
    pub(super) newest: Arc<AtomicI64>,
    pub(super) tls: MakeRustlsConnect,
    /// Whether servers must prove their identity.
    pub(super) is_over_tls: bool,
    pub(super) connections: usize,
    shown: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asked({})", shown(&self.url))
    }
}

impl Asked {
    /// Returns an address with its password hidden.
    pub fn shown(url: &str) -> String {
        shown(url)
    }
}

impl Address {
    /// Parses the settings, or returns an error in plain words.
    pub fn parse(asked: &Asked) -> Result<Self, AddressError> {
        let (url, mode) = take_mode(&asked.url)?;
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            refuse(format!("the database's address is invalid: {}", deepest(&error)))
        })?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(refuse("the database's address names no host"));
        }
        if let Some(password) = &asked.password {
            config.password(password);
        }
        let is_over_tls = mode.is_over_tls(is_here(&config), asked.may_be_plain)?;
        config.ssl_mode(if is_over_tls { SslMode::Require } else { SslMode::Disable });
        config.application_name("muster").connect_timeout(REACH);
        config.keepalives(cfg!(not(plant = "silence_waited_for")));
        config.keepalives_idle(IDLE).keepalives_interval(TRY).keepalives_retries(TRIES);
        config.tcp_user_timeout(UNHEARD);
        let connections = asked.connections.max(1);
        let (hosts, newest) = (hosts::each(&config), Arc::default());
        let tls = client(asked.trust.clone())?;
        Ok(Self { hosts, newest, tls, is_over_tls, connections, shown: shown(&url) })
    }
}

/// The TLS mode that an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Not specified.
    Unsaid,
    /// No TLS.
    Plain,
    /// TLS; the server's certificate is then always verified, its name included.
    Proved,
}

impl Mode {
    fn is_over_tls(self, is_here: bool, may_be_plain: bool) -> Result<bool, AddressError> {
        match self {
            Self::Proved => Ok(true),
            Self::Unsaid => Ok(!is_here),
            Self::Plain if is_here || may_be_plain => Ok(false),
            Self::Plain => Err(refuse(
                "the connection to the database leaves this machine, and without TLS others could \
                 read it; leave out sslmode=disable, or set --allow-open-database if the network is \
                 yours alone",
            )),
        }
    }
}

/// Extracts the TLS mode from an address: its `sslmode` allows more modes than are safe.
fn take_mode(url: &str) -> Result<(String, Mode), AddressError> {
    let is_ours = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if !is_ours {
        return Err(refuse(
            "the database's address must look like postgres://name@host:5432/database",
        ));
    }
    let Some((place, said)) = url.split_once('?') else {
        return Ok((url.to_owned(), Mode::Unsaid));
    };
    let mut mode = Mode::Unsaid;
    let mut left = Vec::new();
    for pair in said.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("sslmode", "disable") => mode = Mode::Plain,
            ("sslmode", "require" | "verify-ca" | "verify-full") => mode = Mode::Proved,
            ("sslmode", _) => {
                return Err(refuse(
                    "sslmode must be verify-full (the server proves its identity) or disable",
                ));
            }
            ("sslrootcert", _) => {
                return Err(refuse(
                    "sslrootcert is not supported here; name the file with --database-ca",
                ));
            }
            _ => left.push(pair),
        }
    }
    let place =
        if left.is_empty() { place.to_owned() } else { format!("{place}?{}", left.join("&")) };
    Ok((place, mode))
}

/// Returns whether the connection stays on this machine.
fn is_here(config: &Config) -> bool {
    let hosts = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
    });
    hosts && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// Returns the TLS connector. It never resumes a session: each server proves its identity on each
/// connection.
fn client(trust: Option<Arc<dyn ServerCertVerifier>>) -> Result<MakeRustlsConnect, AddressError> {
    let built = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| refuse(format!("TLS cannot be used: {error}")))?;
    let built = match trust {
        Some(trust) => built.dangerous().with_custom_certificate_verifier(trust),
        None => built.with_root_certificates(RootCertStore::empty()),
    };
    let mut config = built.with_no_client_auth();
    config.resumption = Resumption::disabled();
    Ok(MakeRustlsConnect::new(config))
}

/// Returns an address with its password hidden, both before the host and among the parameters.
fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (place, said) = rest.split_once('?').unwrap_or((rest, ""));
    let place = match place.rsplit_once('@') {
        Some((who, host)) => match who.split_once(':') {
            Some((name, _)) => format!("{name}:(hidden)@{host}"),
            None => place.to_owned(),
        },
        None => place.to_owned(),
    };
    let pair = |pair: &str| {
        if pair.starts_with("password=") { "password=(hidden)".to_owned() } else { pair.to_owned() }
    };
    let said: Vec<_> = said.split('&').map(pair).collect();
    let mut text = if scheme.is_empty() { place } else { format!("{scheme}://{place}") };
    if url.contains('?') {
        text = format!("{text}?{}", said.join("&"));
    }
    text
}

fn refuse(words: impl Into<String>) -> AddressError {
    AddressError(words.into())
}

/// Returns the message of the innermost cause: those above it only say that there is one.
pub(super) fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let refused = deepest.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    match refused.and_then(|refused| refused.downcast_ref()) {
        // The verifier's own message.
        Some(rustls::Error::Other(words)) => words.to_string(),
        Some(_) | None => deepest.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Address, String> {
        let asked = Asked { url: url.to_owned(), ..Asked::default() };
        Address::parse(&asked).map_err(|error| error.to_string())
    }

    #[test]
    fn connections_that_leave_the_machine_use_tls_unless_configured_otherwise() {
        let mode = |url: &str| parse(url).unwrap().hosts[0].get_ssl_mode();
        assert_eq!(mode("postgres://m@127.0.0.1/muster"), SslMode::Disable);
        assert_eq!(mode("postgresql://m@localhost/muster"), SslMode::Disable);
        assert_eq!(mode("postgres:///muster?host=/run/postgresql&user=m"), SslMode::Disable);
        assert_eq!(mode("postgres://m@localhost/muster?sslmode=verify-full"), SslMode::Require);
        let plain = "postgres://m@db.example/muster?sslmode=disable";
        assert!(parse(plain).unwrap_err().contains("--allow-open-database"));
        let asked = Asked { url: plain.to_owned(), may_be_plain: true, ..Asked::default() };
        assert_eq!(Address::parse(&asked).unwrap().hosts[0].get_ssl_mode(), SslMode::Disable);
        let mixed = "postgres://m@127.0.0.1,db.example/muster?sslmode=disable";
        assert!(parse(mixed).unwrap_err().contains("TLS"));
    }

    #[test]
    fn an_invalid_address_is_refused_with_a_clear_message() {
        for (url, words) in [
            ("muster.db", "must look like postgres://"),
            ("postgres:///muster", "names no host"),
            ("postgres://m@127.0.0.1/muster?sslmode=prefer", "verify-full"),
            ("postgres://m@127.0.0.1/muster?sslrootcert=/ca.pem", "--database-ca"),
            ("postgres://m@127.0.0.1/muster?colour=red", "colour"),
        ] {
            let refused = parse(url).unwrap_err();
            assert!(refused.contains(words), "{url}: {refused}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url = "postgres://m:hunter2@127.0.0.1:5432/muster";
        let address = parse(url).unwrap();
        assert_eq!(address.to_string(), "postgres://m:(hidden)@127.0.0.1:5432/muster");
        assert!(!format!("{address:?}").contains("hunter2"));
        let asked = Asked {
            url: "postgres://127.0.0.1/muster?password=hunter2&user=m".to_owned(),
            password: Some("hunter2".to_owned()),
            ..Asked::default()
        };
        assert!(!format!("{asked:?}").contains("hunter2"), "{asked:?}");
        let open = "postgres://m@127.0.0.1/muster?user=m";
        assert_eq!(shown(open), open);
        let mistyped = parse("postgres://m:hunter2@127.0.0.1:port/muster").unwrap_err();
        assert!(!mistyped.contains("hunter2"), "{mistyped}");
    }
}
