//! The address of Redis: one server, or the Sentinels that know the current master.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;

/// The default port of Redis.
const REDIS_PORT: u16 = 6379;
/// The default port of a Sentinel.
const SENTINEL_PORT: u16 = 26379;

/// A user name and a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: Option<String>,
    pub(crate) password: Option<String>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account(hidden)")
    }
}

/// A machine and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// How to find the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Way {
    /// Its own address.
    Direct(Place),
    /// Ask one of these Sentinels for the master of this name.
    Sentinels { places: Vec<Place>, master: String, account: Account },
}

/// The address of Redis, and the account to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(crate) way: Way,
    pub(crate) is_tls: bool,
    pub(crate) account: Account,
}

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It begins with an unknown scheme.
    #[error("must begin with redis://, rediss://, redis+sentinel:// or rediss+sentinel://")]
    Scheme,
    /// A host or a port is missing or invalid.
    #[error("must name a host, and perhaps a port, such as rediss://muster@redis.example:6379")]
    Host,
    /// It has a path, and Redis needs none.
    #[error("must end after the port: pub/sub does not use numbered databases")]
    Path,
    /// The master's name is missing.
    #[error("must end with the name of the master that the Sentinels watch, such as /muster")]
    Master,
    /// The query has an unknown parameter.
    #[error("may end with ?sentinel_user= and &sentinel_password=, and with nothing else")]
    Query,
    /// A name or a password is not percent-encoded.
    #[error("has a name or a password that is not percent-encoded (%40 for @)")]
    Account,
    /// Others on the network could publish or subscribe.
    #[error(
        "leads to a Redis that other machines can reach, and needs a password and rediss://, so \
         that nobody else publishes or subscribes. Set --allow-open-redis if the network itself is closed"
    )]
    Open,
}

impl Address {
    /// Returns whether servers are reached over TLS.
    pub const fn is_over_tls(&self) -> bool {
        self.is_tls
    }

    /// Parses an address.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(AddressError::Scheme)?;
        let (is_tls, is_sentinel) = match scheme {
            "redis" => (false, false),
            "rediss" => (true, false),
            "redis+sentinel" => (false, true),
            "rediss+sentinel" => (true, true),
            _ => return Err(AddressError::Scheme),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (account, rest) = match rest.rsplit_once('@') {
            Some((account, rest)) => (Account::parse(account)?, rest),
            None => (Account::default(), rest),
        };
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let way = if is_sentinel {
            let places: Result<_, _> =
                hosts.split(',').map(|host| Place::parse(host, SENTINEL_PORT)).collect();
            let master = decoded(path)?;
            if master.is_empty() || master.contains('/') {
                return Err(AddressError::Master);
            }
            Way::Sentinels { places: places?, master, account: sentinel_account(query)? }
        } else {
            match (path, query) {
                ("" | "0", "") => Way::Direct(Place::parse(hosts, REDIS_PORT)?),
                (_, "") => return Err(AddressError::Path),
                (_, _) => return Err(AddressError::Query),
            }
        };
        Ok(Self { way, is_tls, account })
    }

    /// Rejects an address at which others on the network could publish or subscribe.
    pub fn closed(self) -> Result<Self, AddressError> {
        let is_closed = match &self.way {
            Way::Direct(place) => self.is_safe_at(&place.host),
            Way::Sentinels { places, account, .. } => places
                .iter()
                .all(|place| is_here(&place.host) || (self.is_tls && account.password.is_some())),
        };
        if is_closed { Ok(self) } else { Err(AddressError::Open) }
    }

    /// Returns whether a server on this host is closed to others.
    pub(crate) fn is_safe_at(&self, host: &str) -> bool {
        is_here(host) || (self.is_tls && self.account.password.is_some())
    }
}

impl Account {
    fn parse(text: &str) -> Result<Self, AddressError> {
        let (name, password) = text.split_once(':').unwrap_or((text, ""));
        let said =
            |text: &str| decoded(text).map(|text| Some(text).filter(|text| !text.is_empty()));
        Ok(Self { name: said(name)?, password: said(password)? })
    }
}

impl Place {
    fn parse(text: &str, port: u16) -> Result<Self, AddressError> {
        let (host, port) = match text.rsplit_once(':') {
            // The last colon of an address in brackets belongs to the address.
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| AddressError::Host)?)
            }
            Some(_) | None => (text, port),
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:".contains(c);
        if host.is_empty() || port == 0 || !host.chars().all(is_plain) {
            return Err(AddressError::Host);
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

/// Returns the account for the Sentinels.
fn sentinel_account(query: &str) -> Result<Account, AddressError> {
    let mut account = Account::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(AddressError::Query)?;
        match name {
            "sentinel_user" => account.name = Some(decoded(value)?),
            "sentinel_password" => account.password = Some(decoded(value)?),
            _ => return Err(AddressError::Query),
        }
    }
    Ok(account)
}

fn decoded(text: &str) -> Result<String, AddressError> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| AddressError::Account)?;
    Ok(text.into_owned())
}

/// Returns whether a host is this machine.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Returns whether the text of an address contains a password, even an invalid address.
pub fn holds_password(text: &str) -> bool {
    let account = text.split_once("://").map_or(text, |(_, rest)| rest);
    account.rsplit_once('@').is_some_and(|(account, _)| account.contains(':'))
        || text.contains("sentinel_password=")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(host: &str, port: u16) -> Place {
        Place { host: host.to_owned(), port }
    }

    #[test]
    fn an_address_names_a_server_and_an_account() {
        let plain = Address::parse("redis://127.0.0.1").unwrap();
        assert_eq!(plain.way, Way::Direct(place("127.0.0.1", 6379)));
        assert_eq!((plain.is_tls, &plain.account), (false, &Account::default()));
        let full = Address::parse("rediss://muster:p%40ss:word@redis.example:6380/").unwrap();
        assert_eq!(full.way, Way::Direct(place("redis.example", 6380)));
        assert!(full.is_tls);
        assert_eq!(full.account.name.as_deref(), Some("muster"));
        assert_eq!(full.account.password.as_deref(), Some("p@ss:word"));
        let sixth = Address::parse("redis://:secret@[::1]:7000").unwrap();
        assert_eq!(sixth.way, Way::Direct(place("::1", 7000)));
        assert_eq!(sixth.account.name, None);
        assert!(!format!("{full:?}{sixth:?}").contains("ss:word"));
    }

    #[test]
    fn an_address_names_sentinels_and_their_master() {
        let text = "rediss+sentinel://muster:pw@a.example,b.example:7001/rooms?sentinel_user=s&sentinel_password=t";
        let address = Address::parse(text).unwrap();
        let Way::Sentinels { places, master, account } = address.way else { panic!("{text}") };
        assert_eq!(places, [place("a.example", 26379), place("b.example", 7001)]);
        assert_eq!(master, "rooms");
        assert_eq!((account.name.as_deref(), account.password.as_deref()), (Some("s"), Some("t")));
    }

    #[test]
    fn an_invalid_address_is_refused_with_its_reason() {
        for (text, why) in [
            ("127.0.0.1:6379", AddressError::Scheme),
            ("http://127.0.0.1", AddressError::Scheme),
            ("redis://", AddressError::Host),
            ("redis://:pw@", AddressError::Host),
            ("redis://host:port", AddressError::Host),
            ("redis://host:0", AddressError::Host),
            ("redis://a b", AddressError::Host),
            ("redis://a,b", AddressError::Host),
            ("redis://host/7", AddressError::Path),
            ("redis://host?db=1", AddressError::Query),
            ("redis://u%ff:p@host", AddressError::Account),
            ("redis+sentinel://a,b", AddressError::Master),
            ("redis+sentinel://a,/m", AddressError::Host),
            ("redis+sentinel://a/m?x=1", AddressError::Query),
        ] {
            assert_eq!(Address::parse(text).err(), Some(why), "{text}");
        }
    }

    #[test]
    fn a_redis_that_others_can_reach_needs_a_password_and_encryption() {
        let is_closed = |text: &str| Address::parse(text).unwrap().closed().is_ok();
        for closed in [
            "redis://127.0.0.1",
            "redis://localhost:7000",
            "redis://[::1]",
            "rediss://muster:pw@redis.example",
            "rediss://:pw@192.0.2.1",
            "redis+sentinel://127.0.0.1,127.0.0.1:7/m",
            "rediss+sentinel://u:p@a.example/m?sentinel_password=t",
        ] {
            assert!(is_closed(closed), "{closed}");
        }
        for open in [
            "redis://redis.example",
            "redis://muster:pw@redis.example",
            "rediss://redis.example",
            "rediss://muster@redis.example",
            "redis://localhost.example",
            "rediss+sentinel://u:p@a.example/m",
            "redis+sentinel://u:p@127.0.0.1,a.example/m?sentinel_password=t",
        ] {
            assert!(!is_closed(open), "{open}");
        }
    }

    #[test]
    fn a_password_is_found_even_in_an_invalid_address() {
        assert!(holds_password("redis://u:p@host"));
        assert!(holds_password("u:p@host"));
        assert!(holds_password("redis+sentinel://a/m?sentinel_password=x"));
        assert!(!holds_password("rediss://muster@host:6379") && !holds_password("redis://host:1"));
    }
}
