//! `muster serve`: runs a node until it is stopped.

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

/// Arguments of `muster serve`. Each can also be set in the environment (`MUSTER_LISTEN` for `--listen`) or
/// in the settings file.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// The settings file, also set by `MUSTER_CONFIG`. Flags override the environment, which overrides the
    /// file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The node's folder.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    #[command(flatten)]
    database: DatabaseArgs,
    /// The address to listen on; 127.0.0.1:8080 by default.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// A TLS proxy stands in front of the node; trust its headers for the client's address.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    behind_proxy: Option<String>,
    /// The https address that people type.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// The Redis that nodes notify each other through, without a password: set a URL with a password in
    /// `MUSTER_REDIS` or in the settings file. `MUSTER_BUS_KEY` is the secret that the nodes share.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// A file with the CA certificates for Redis, if the machine does not trust them.
    #[arg(long, value_name = "FILE")]
    redis_ca: Option<String>,
    /// Connect without a password or encryption to a Redis on another machine.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    allow_open_redis: Option<String>,
    /// A separate address for serving metrics; off by default.
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<String>,
    /// The collector for traces of commands (OTLP over HTTP), such as `http://127.0.0.1:4318`; off by
    /// default.
    #[arg(long, value_name = "URL")]
    traces: Option<String>,
    /// The share of commands to trace, from 0 to 1; 1 by default.
    #[arg(long, value_name = "SHARE")]
    traces_share: Option<String>,
    /// The format of diagnostics on standard error: human or json.
    #[arg(long, value_name = "STYLE")]
    log: Option<String>,
    /// The filter for diagnostics; info by default.
    #[arg(long, value_name = "FILTER")]
    trace: Option<String>,
}

impl ServeArgs {
    /// Merges the flags with the environment and the settings file.
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

/// Reads an environment variable. An empty one counts as unset, because unit files leave it so.
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

/// Runs a node until it is stopped, ends by itself, or `beside` fails; then stops it.
pub(super) async fn until_stopped(
    ended: impl Future<Output = Ending>,
    stop: impl Future<Output = ()>,
    beside: impl Future<Output = Failure>,
) -> Result<(), Failure> {
    let words =
        |error: std::io::Error| Failure::Words(format!("cannot listen for signals: {error}"));
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
            tracing::warn!("the node exits although some of its tasks are still running");
        }
    }
    match ending? {
        Ending::Asked => Ok(()),
        Ending::JournalStopped => Err(Failure::Words(
            "the journal cannot confirm its last write, so the node has stopped; check the \
             disk, then start it again"
                .to_owned(),
        )),
    }
}

/// Nothing acknowledged is lost: it is on disk.
fn asked_twice() -> Failure {
    Failure::Words("the node received a second stop signal and exited at once".to_owned())
}
