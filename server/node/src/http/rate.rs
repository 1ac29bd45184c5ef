//! Rate limits of this node: commands by login, failed invites by network.
//!
//! Each node counts commands for itself, because the limit protects the node. A link's secret cannot be
//! guessed, however many nodes are tried; a door code could be, so wrong codes are counted for all nodes
//! together, in the registry (`Door::wrong_code`).

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use proto::{id::DeviceId, limit};
use tokio::time::Instant;

use super::error::Failure;

/// The window in which failed attempts count.
const WINDOW: Duration = Duration::from_mins(1);
/// Maximum networks remembered; beyond it an attacker has very many, and everybody waits.
const NETWORKS_MAX: usize = 10_000;

/// Recent requests by client.
#[derive(Debug)]
pub(crate) struct Rates {
    commands: DefaultKeyedRateLimiter<DeviceId>,
    failed: Mutex<HashMap<IpAddr, Failed>>,
}

/// Failed attempts from one network. Successful ones are not counted: a whole team may come in from one
/// building within a minute.
#[derive(Debug, Clone, Copy)]
struct Failed {
    times: u32,
    until: Instant,
}

impl Rates {
    pub(crate) fn new() -> Self {
        let per_second = NonZeroU32::new(limit::REQUESTS_PER_S).unwrap_or(NonZeroU32::MIN);
        Self {
            commands: RateLimiter::keyed(Quota::per_second(per_second)),
            failed: Mutex::default(),
        }
    }

    /// Counts a request with commands.
    pub(crate) fn commands(&self, device: DeviceId) -> Result<(), Failure> {
        self.commands.check_key(&device).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.commands.clock().now());
            Failure::TooMany(wait.as_secs().saturating_add(1))
        })
    }

    /// Refuses an invite attempt from a network with too many failures.
    pub(crate) fn may_redeem(&self, from: IpAddr) -> Result<(), Failure> {
        let now = Instant::now();
        let failed = self.failed();
        let is_full = failed.len() >= NETWORKS_MAX;
        match failed.get(&network(from)).filter(|failed| failed.until > now) {
            Some(failed) if failed.times >= limit::REDEEM_PER_MINUTE => {
                let wait = failed.until.duration_since(now);
                Err(Failure::TooMany(wait.as_secs().saturating_add(1)))
            }
            None if is_full => Err(Failure::TooMany(WINDOW.as_secs())),
            Some(_) | None => Ok(()),
        }
    }

    /// Counts a failed attempt.
    pub(crate) fn failed_to_redeem(&self, from: IpAddr) {
        let now = Instant::now();
        let fresh = Failed { times: 0, until: now + WINDOW };
        let mut failed = self.failed();
        let lately = failed.entry(network(from)).or_insert(fresh);
        if lately.until <= now {
            *lately = fresh;
        }
        lately.times = lately.times.saturating_add(1);
    }

    /// Drops idle clients.
    pub(crate) fn forget(&self) {
        self.commands.retain_recent();
        let now = Instant::now();
        self.failed().retain(|_, failed| failed.until > now);
    }

    fn failed(&self) -> MutexGuard<'_, HashMap<IpAddr, Failed>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the network that counts as one client: with IPv6, one household has as many addresses as it likes.
fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(rates: &Rates, from: IpAddr) -> Result<(), Failure> {
        rates.may_redeem(from)?;
        rates.failed_to_redeem(from);
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn guesses_from_one_network_are_counted_together() {
        let rates = Rates::new();
        let from = |host: u32| format!("2001:db8::{host:x}").parse().unwrap();
        for host in 1..=limit::REDEEM_PER_MINUTE {
            assert!(fail(&rates, from(host)).is_ok());
        }
        assert!(matches!(fail(&rates, from(99)), Err(Failure::TooMany(1..=61))));
        assert!(fail(&rates, "2001:db8:0:1::1".parse().unwrap()).is_ok());
        assert!(fail(&rates, "192.0.2.1".parse().unwrap()).is_ok());
        tokio::time::advance(WINDOW).await;
        assert!(fail(&rates, from(99)).is_ok());
        rates.forget();
        assert_eq!(rates.failed().len(), 1);
    }

    #[tokio::test]
    async fn a_team_may_come_in_from_one_building() {
        let rates = Rates::new();
        let all_in = (0..200).all(|_| rates.may_redeem("192.0.2.1".parse().unwrap()).is_ok());
        assert!(all_in);
    }

    #[test]
    fn one_device_does_not_use_up_the_limit_of_another() {
        let rates = Rates::new();
        let device = |n| DeviceId(uuid::Uuid::from_u128(n));
        while rates.commands(device(1)).is_ok() {}
        assert!(rates.commands(device(2)).is_ok());
    }
}
