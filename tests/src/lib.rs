//! Shared test code: a node to talk to, clients that speak the protocol, reproducible randomness.

pub mod apart;
pub mod balancer;
pub mod bellrope;
pub mod book;
pub mod cast;
pub mod certificate;
pub mod child;
pub mod clock;
pub mod collector;
pub mod device;
pub mod dice;
pub mod disk;
pub mod faulty;
pub mod fold;
pub mod host;
pub mod lan;
pub mod liar;
pub mod listing;
pub mod nodes;
pub mod postgres;
pub mod processor;
pub mod proxy;
pub mod redis;
pub mod screen;
pub mod seeds;
pub mod shim;
pub mod socket;
pub mod web;

/// Milliseconds after which an awaited event counts as lost.
pub const LOST_MS: u64 = 120_000;

/// Waits for something that must happen.
///
/// # Panics
///
/// When it does not happen in time.
pub async fn soon<T>(what: &str, wanted: impl Future<Output = T>) -> T {
    let limit = std::time::Duration::from_millis(LOST_MS);
    match tokio::time::timeout(limit, wanted).await {
        Ok(came) => came,
        Err(_) => panic!("{what} never came"),
    }
}
