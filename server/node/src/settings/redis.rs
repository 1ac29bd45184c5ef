//! Settings of the Redis that nodes notify each other through, and the secret that authenticates their
//! messages.

use std::sync::Arc;

use bus::{Address, Key};
pub(crate) use bus::{AddressError, Redis, holds_password};

use super::{
    ALLOW_OPEN_REDIS, BUS_KEY, Origin, REDIS, REDIS_CA, SettingError, Settings, database::trust,
    switch,
};
use crate::trust::{Server, Trust};

/// The Redis settings, with their trust settings if it is reached over TLS.
type Rung = (Redis, Option<Arc<Trust>>);

/// Returns the Redis settings; none if the node runs alone.
pub(super) fn chosen(settings: &Settings) -> Result<Option<Rung>, SettingError> {
    let may_be_open = settings.parsed(ALLOW_OPEN_REDIS, "true or false", switch)?;
    let Some(said) = settings.get(REDIS) else {
        return match settings.get(REDIS_CA) {
            Some(_) => Err(SettingError::NoRedis { key: REDIS_CA }),
            None => Ok(None),
        };
    };
    if matches!(said.origin, Origin::Flag(_)) && holds_password(&said.text) {
        return Err(SettingError::OpenPassword { key: REDIS });
    }
    let address = Address::parse(&said.text);
    let address = if may_be_open { address } else { address.and_then(Address::closed) };
    let address =
        address.map_err(|why| SettingError::Redis { why, origin: said.origin.clone() })?;
    let key = settings.get(BUS_KEY);
    let key = key.ok_or(SettingError::BusKey { origin: String::new() }).and_then(|said| {
        let origin = format!("; the one from {} is shorter", said.origin);
        Key::parse(&said.text).map_err(|_| SettingError::BusKey { origin })
    })?;
    let is_vouched_for = address.is_over_tls() || settings.get(REDIS_CA).is_some();
    let known = is_vouched_for.then(|| trust(settings, Server::Redis, REDIS_CA)).transpose()?;
    let trust = known.as_ref().map(Trust::asked);
    Ok(Some((Redis { address, key, trust, may_be_open }, known)))
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;

    const URL: &str = "rediss://muster:hunter2@redis.example";

    fn settings(said: &[(Key, &str, Origin)]) -> Settings {
        let env = |name: &str| {
            let of = |(key, _, origin): &&(Key, &str, Origin)| {
                key.env() == name && matches!(origin, Origin::Env(_))
            };
            said.iter().find(of).map(|(_, text, _)| (*text).to_owned())
        };
        let flag = |key: Key| {
            let of = |(known, _, origin): &&(Key, &str, Origin)| {
                *known == key && matches!(origin, Origin::Flag(_))
            };
            said.iter().find(of).map(|(_, text, _)| (*text).to_owned())
        };
        Settings::gather(flag, env, None).unwrap()
    }

    fn env(key: Key, text: &str) -> (Key, &str, Origin) {
        (key, text, Origin::Env(key.env()))
    }

    fn words(said: &[(Key, &str, Origin)]) -> String {
        chosen(&settings(said)).map(|_| ()).unwrap_err().to_string()
    }

    #[test]
    fn a_node_uses_redis_with_a_key_and_runs_alone_without_redis() {
        let key = "k".repeat(32);
        assert!(chosen(&settings(&[env(REDIS, URL), env(BUS_KEY, &key)])).unwrap().is_some());
        assert!(chosen(&settings(&[])).unwrap().is_none());
        let open =
            [env(REDIS, "redis://redis.example"), env(BUS_KEY, &key), env(ALLOW_OPEN_REDIS, "yes")];
        assert!(chosen(&settings(&open)).unwrap().is_some());
    }

    #[test]
    fn an_open_redis_is_refused_in_words() {
        let key = "k".repeat(32);
        let words = words(&[env(REDIS, "redis://u:hunter2@redis.example"), env(BUS_KEY, &key)]);
        assert!(words.contains("MUSTER_REDIS") && words.contains("--allow-open-redis"), "{words}");
        assert!(!words.contains("hunter2"), "{words}");
    }

    #[test]
    fn a_missing_or_short_key_is_reported_with_how_to_make_one() {
        let missing = words(&[env(REDIS, URL)]);
        assert!(missing.contains("MUSTER_BUS_KEY") && missing.contains("openssl"), "{missing}");
        let short = words(&[env(REDIS, URL), env(BUS_KEY, "hunter2")]);
        assert!(short.contains("shorter") && !short.contains("hunter2"), "{short}");
    }

    #[test]
    fn a_password_on_the_command_line_is_refused_and_shown_nowhere() {
        let flag = (REDIS, URL, Origin::Flag("--redis".to_owned()));
        let open = words(&[flag]);
        assert!(open.contains("MUSTER_REDIS") && !open.contains("hunter2"), "{open}");
        let key = "k".repeat(32);
        let shown = settings(&[env(REDIS, URL), env(BUS_KEY, &key)]).show();
        assert!(!shown.contains("hunter2") && !shown.contains(&key), "{shown}");
        assert!(shown.contains("redis = \"(hidden)\""), "{shown}");
        let odd = words(&[env(REDIS, "u:hunter2@redis.example")]);
        assert!(odd.contains("rediss://") && !odd.contains("hunter2"), "{odd}");
    }

    #[test]
    fn a_redis_setting_without_a_redis_is_refused() {
        assert!(words(&[env(REDIS_CA, "ca.pem")]).contains("`redis` is not set"));
        let key = "k".repeat(32);
        let gone = [env(REDIS, URL), env(BUS_KEY, &key), env(REDIS_CA, "/nowhere/ca.pem")];
        assert!(words(&gone).starts_with("/nowhere/ca.pem cannot be read"));
    }
}
