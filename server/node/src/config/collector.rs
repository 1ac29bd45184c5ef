//! The collector for traces of commands, and the share of commands to trace.

use proto::id::CommandId;

/// The default path of a collector.
const PATH: &str = "/v1/traces";
/// The unit of a share: parts per million.
const WHOLE: u32 = 1_000_000;
/// The trailing bits of a command id, which are random in every kind of id. The leading ones may count up.
const CHANCE_BITS: u32 = 32;

/// A configured collector of traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// The URL that traces are sent to, including its path.
    pub url: String,
    /// Which commands are traced.
    pub share: Share,
}

/// The share of commands to trace, in parts per million. Sampling depends only on the command id, so every
/// node traces the same commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(u32);

impl Collector {
    /// Normalises the URL of a collector, or returns why it is invalid.
    pub fn address(text: &str) -> Result<String, &'static str> {
        let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        let rest = rest.ok_or("must begin with http:// or https://")?;
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if host.contains('@') {
            return Err("must hold no name and no password");
        }
        let is_plain = |c: char| c.is_ascii_graphic() && !"?#\"<>\\^`{|}".contains(c);
        let is_address = text.parse::<axum::http::Uri>().is_ok_and(|uri| uri.host().is_some());
        let has_port = match host.rsplit_once(':') {
            // In brackets, the last colon is part of the IPv6 address.
            Some((_, port)) if !port.ends_with(']') => port.parse::<u16>().is_ok(),
            Some(_) | None => true,
        };
        if !rest.chars().all(is_plain) || !is_address || !has_port {
            return Err(
                "must be a host, perhaps with a port and a path, such as http://127.0.0.1:4318",
            );
        }
        match path {
            "" | "/" => Ok(format!("{}{PATH}", text.trim_end_matches('/'))),
            _ => Ok(text.to_owned()),
        }
    }
}

impl Share {
    /// All commands.
    pub const ALL: Self = Self(WHOLE);

    /// Parses a number from 0 to 1 with at most six decimal places.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_digits = !(whole.is_empty() && part.is_empty());
        if !has_digits || part.len() > 6 || !is_number(whole) || !is_number(part) {
            return None;
        }
        let millionths = format!("{whole}{part:0<6}").parse().ok()?;
        (millionths <= WHOLE).then_some(Self(millionths))
    }

    /// Returns whether a command is sampled.
    pub fn has(self, command: CommandId) -> bool {
        let id = command.0.as_u128();
        // A trace id must not be zero.
        if id == 0 {
            return false;
        }
        let chance = id & ((1 << CHANCE_BITS) - 1);
        chance * u128::from(WHOLE) < u128::from(self.0) << CHANCE_BITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_address_without_a_path_gets_the_default_path() {
        let address = |text| Collector::address(text).unwrap();
        assert_eq!(address("http://127.0.0.1:4318"), "http://127.0.0.1:4318/v1/traces");
        assert_eq!(address("https://traces.example/"), "https://traces.example/v1/traces");
        assert_eq!(address("http://[::1]:4318"), "http://[::1]:4318/v1/traces");
        let own = "https://traces.example/otlp/v1/traces";
        assert_eq!(address(own), own);
        for bad in [
            "127.0.0.1:4318",
            "info",
            "ftp://traces.example",
            "http://",
            "http:///v1/traces",
            "http://key@traces.example",
            "https://traces.example/?key=1",
            "http://a b",
            "http://traces.example:port",
        ] {
            assert!(Collector::address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_share_is_a_number_from_0_to_1() {
        for (text, millionths) in [
            ("0", 0),
            ("1", 1_000_000),
            ("0.1", 100_000),
            (".25", 250_000),
            ("1.000000", 1_000_000),
        ] {
            assert_eq!(Share::parse(text), Some(Share(millionths)), "{text}");
        }
        for bad in ["", ".", "1.1", "2", "-1", "+1", "0,1", "1e-3", "10%", "0.1234567", "NaN"] {
            assert_eq!(Share::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_tenth_of_the_commands_is_traced_for_every_kind_of_id() {
        let kinds: [fn(u64) -> Uuid; 3] = [
            |_| Uuid::new_v4(),
            |_| Uuid::now_v7(),
            |n| uuid::Builder::from_custom_bytes(digest(n)).into_uuid(),
        ];
        let tenth = Share::parse("0.1").unwrap();
        for id in kinds {
            let ids: Vec<_> = (0..20_000).map(|n| CommandId(id(n))).collect();
            let count = |share: Share| ids.iter().filter(|id| share.has(**id)).count();
            assert!((1_700..2_300).contains(&count(tenth)), "{}", count(tenth));
            assert_eq!((count(Share::ALL), count(Share(0))), (ids.len(), 0));
        }
        assert!(!Share::ALL.has(CommandId(Uuid::nil())), "a trace has a name");
    }

    /// A smaller share is a subset of a larger one.
    #[test]
    fn a_smaller_share_is_a_subset_of_a_larger_one() {
        let [tenth, half] = ["0.1", "0.5"].map(|text| Share::parse(text).unwrap());
        let mut ids = (0..2_000).map(|_| CommandId(Uuid::new_v4()));
        assert!(ids.all(|id| !tenth.has(id) || half.has(id)));
    }

    fn digest(n: u64) -> [u8; 16] {
        use sha2::Digest;
        let digest = sha2::Sha256::digest(n.to_be_bytes());
        std::array::from_fn(|at| digest[at])
    }
}
