//! The servers of an address. One of them accepts writes, and which one changes on a failover.
//!
//! A replaced server may come back and accept writes as if nothing had happened. Its timeline
//! identifies it, which rises with each failover: a server behind another's timeline is not used.

use std::time::Duration;

use tokio::{task::JoinSet, time::timeout};
use tokio_postgres::{Config, config::Host, config::TargetSessionAttrs};

use super::{
    address::Address,
    session::{Failed, Session},
};

/// How long to wait for the others once a writable server has answered.
const OTHERS: Duration = Duration::from_millis(500);

/// Returns a configuration for each server; where there are several, for the writable one only.
pub(super) fn each(config: &Config) -> Vec<Config> {
    let count = config.get_hosts().len().max(config.get_hostaddrs().len());
    if count < 2 {
        return vec![config.clone()];
    }
    (0..count).map(|nth| alone(config, nth)).collect()
}

/// Returns the configuration of one server alone.
fn alone(config: &Config, nth: usize) -> Config {
    let mut one = Config::new();
    match config.get_hosts().get(nth) {
        Some(Host::Tcp(name)) => drop(one.host(name)),
        Some(Host::Unix(path)) => drop(one.host_path(path)),
        None => {}
    }
    if let Some(addr) = config.get_hostaddrs().get(nth) {
        one.hostaddr(*addr);
    }
    if let Some(port) = config.get_ports().get(nth).or_else(|| config.get_ports().first()) {
        one.port(*port);
    }
    if let Some(user) = config.get_user() {
        one.user(user);
    }
    if let Some(password) = config.get_password() {
        one.password(password);
    }
    if let Some(name) = config.get_dbname() {
        one.dbname(name);
    }
    if let Some(options) = config.get_options() {
        one.options(options);
    }
    if let Some(name) = config.get_application_name() {
        one.application_name(name);
    }
    if let Some(patience) = config.get_connect_timeout() {
        one.connect_timeout(*patience);
    }
    if let Some(patience) = config.get_tcp_user_timeout() {
        one.tcp_user_timeout(*patience);
    }
    if let Some(between) = config.get_keepalives_interval() {
        one.keepalives_interval(between);
    }
    if let Some(tries) = config.get_keepalives_retries() {
        one.keepalives_retries(tries);
    }
    one.ssl_mode(config.get_ssl_mode()).ssl_negotiation(config.get_ssl_negotiation());
    one.channel_binding(config.get_channel_binding());
    one.keepalives(config.get_keepalives()).keepalives_idle(config.get_keepalives_idle());
    one.target_session_attrs(TargetSessionAttrs::ReadWrite);
    one
}

/// Connects to the writable server with the highest timeline. All are tried at once: a machine that
/// is gone does not answer at all.
pub(super) async fn newest(address: &Address) -> Result<Session, Failed> {
    let mut asked = JoinSet::new();
    for host in &address.hosts {
        let (host, address) = (host.clone(), address.clone());
        asked.spawn(async move { Session::at(&host, &address).await });
    }
    let mut best: Option<Session> = None;
    let mut last = Failed::Away(format!("{address}: no server answers"));
    loop {
        let next = match &best {
            None => asked.join_next().await,
            Some(_) => timeout(OTHERS, asked.join_next()).await.ok().flatten(),
        };
        match next {
            Some(Ok(Ok(session))) if best.as_ref().is_none_or(|best| best.is_older(&session)) => {
                best = Some(session);
            }
            Some(Ok(Ok(older))) => older.cut(),
            Some(Ok(Err(failed))) => last = failed,
            Some(Err(_)) => {}
            None => break,
        }
    }
    let Some(best) = best else { return Err(last) };
    if best.leads() {
        return Ok(best);
    }
    best.cut();
    Err(Failed::Away(format!("{address}: the only server that accepts writes has been replaced")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E19: and only where it accepts writes, so that nothing is decided on a standby's data.
    #[test]
    fn each_server_of_an_address_gets_its_own_configuration() {
        let url = "postgres://m:word@one.example:5433,two.example:5432/rooms";
        let config: Config = url.parse().unwrap_or_else(|error| panic!("{error}"));
        let hosts = each(&config);
        assert_eq!(hosts.len(), 2);
        for (host, name) in hosts.iter().zip(["one.example", "two.example"]) {
            assert_eq!(host.get_hosts(), [Host::Tcp(name.to_owned())]);
            assert_eq!(host.get_ports().len(), 1);
            assert_eq!((host.get_user(), host.get_dbname()), (Some("m"), Some("rooms")));
            assert_eq!(host.get_password(), Some(b"word".as_slice()));
            assert_eq!(host.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
        }
        let one: Config = "postgres://m@one.example/rooms".parse().unwrap();
        assert_eq!(
            each(&one),
            std::slice::from_ref(&one),
            "a single server may be a standby, for reads"
        );
    }
}
