//! `muster serve`: a node, until it is asked to stop.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use node::{
    settings::{Key, SettingError, Settings},
    stop::Ending,
    trace,
    wiring::{self, Doorbell, Setup},
};
use proto::limit;
use tokio::signal::unix::{SignalKind, signal};

use super::{Failure, database::DatabaseArgs};

/// What `muster serve` takes. Each can also be set by the environment (`MUSTER_LISTEN` for `--listen`) or in
/// a file.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// A file of settings; `MUSTER_CONFIG` names it too. A flag beats the environment, which beats the file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The node's folder.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
    /// The address to listen on; 127.0.0.1:8080, if nothing is said.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// A proxy with a certificate stands in front, and its word for where a request comes from counts.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    behind_proxy: Option<String>,
    /// The https address that people type.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The Redis that nodes ring for each other with, without a password: one with a password is said by
    /// `MUSTER_REDIS` or in the file. `MUSTER_BUS_KEY` is the secret that they share.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// A file with the certificates that the Redis is known by, if the machine does not know them.
    #[arg(long, value_name = "FILE")]
    redis_ca: Option<String>,
    /// Use a Redis off this machine without a password or encryption.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    allow_open_redis: Option<String>,
    /// Another address, at which figures are read by whoever watches over the machine; off, if nothing is
    /// said.
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<String>,
    /// The collector that traces of commands are sent to (OTLP over HTTP), such as `http://127.0.0.1:4318`; off, if
    /// nothing is said.
    #[arg(long, value_name = "URL")]
    traces: Option<String>,
    /// The share of commands that are traced, from 0 to 1; 1, if nothing is said.
    #[arg(long, value_name = "SHARE")]
    traces_share: Option<String>,
    /// How diagnostics are written to standard error: human or json.
    #[arg(long, value_name = "STYLE")]
    log: Option<String>,
    /// What is told in diagnostics; info, if nothing is said.
    #[arg(long, value_name = "FILTER")]
    trace: Option<String>,
}

impl ServeArgs {
    /// Returns what holds, with what the environment and the file say.
    pub(super) fn settings(&self) -> Result<Settings, SettingError> {
        let flag = |key: Key| {
            let given = match key.name {
                "data" => &self.data,
                "listen" => &self.listen,
                "behind_proxy" => &self.behind_proxy,
                "public_url" => &self.public_url,
                "redis" => &self.redis,
                "redis_ca" => &self.redis_ca,
                "allow_open_redis" => &self.allow_open_redis,
                "metrics" => &self.metrics,
                "traces" => &self.traces,
                "traces_share" => &self.traces_share,
                "log" => &self.log,
                "trace" => &self.trace,
                _ => return self.database.flag(key),
            };
            given.clone()
        };
        Settings::gather(flag, environment, self.config.clone())
    }
}

/// Returns what the environment says. What is empty counts as not set, as a service's unit file leaves it.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

pub(super) async fn run(args: ServeArgs) -> Result<(), Failure> {
    let chosen = args.settings()?.chosen()?;
    trace::begin(chosen.log, &chosen.trace);
    let mut setup = Setup::on(chosen.config, &chosen.data, chosen.database);
    setup.trusts = chosen.trusts;
    setup.doorbell = chosen.redis.map_or(Doorbell::Local, |set| Doorbell::Redis(Box::new(set)));
    let running = wiring::start(setup).await?;
    until_stopped(running.ended(), running.stop(), std::future::pending()).await
}

/// Runs a node until somebody stops it, it has ended, or what runs beside it fails; then stops it.
pub(super) async fn until_stopped(
    ended: impl Future<Output = Ending>,
    stop: impl Future<Output = ()>,
    beside: impl Future<Output = Failure>,
) -> Result<(), Failure> {
    let words = |error: std::io::Error| Failure::Words(format!("signals cannot be heard: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(words)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(words)?;
    let ending = tokio::select! {
        _ = interrupt.recv() => Ok(Ending::Asked),
        _ = terminate.recv() => Ok(Ending::Asked),
        ending = ended => Ok(ending),
        failure = beside => Err(failure),
    };
    tokio::select! {
        () = stop => {}
        _ = interrupt.recv() => return Err(asked_twice()),
        _ = terminate.recv() => return Err(asked_twice()),
        () = tokio::time::sleep(Duration::from_millis(limit::STOP_MS)) => {
            tracing::warn!("the node ends although something in it has not");
        }
    }
    match ending? {
        Ending::Asked => Ok(()),
        Ending::JournalStopped => Err(Failure::Words(
            "the journal could not be sure of its last write, so the node has ended; look at the \
             disk, then start it again"
                .to_owned(),
        )),
    }
}

/// Nothing that was answered is lost by it: the disk has it.
fn asked_twice() -> Failure {
    Failure::Words("the node was asked twice to stop, and has ended at once".to_owned())
}
