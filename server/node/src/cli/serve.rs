//! `muster serve`: a node, until it is asked to stop.

use std::{net::SocketAddr, time::Duration};

use clap::Args;
use proto::limit;
use tokio::signal::unix::{SignalKind, signal};

use super::{Data, Failure};
use crate::{
    config::Config,
    stop::Ending,
    trace::{self, LogStyle},
    wiring::{self, Running, Setup},
};

/// What `muster serve` takes.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    data: Data,
    /// The address to listen on.
    #[arg(long, env = "MUSTER_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// A proxy with a certificate stands in front, and its word for where a request comes from counts.
    #[arg(long, env = "MUSTER_BEHIND_PROXY")]
    behind_proxy: bool,
    /// The https address that people type.
    #[arg(long, env = "MUSTER_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// How diagnostics are written to standard error.
    #[arg(long, env = "MUSTER_LOG", value_enum, default_value_t = LogStyle::Human)]
    log: LogStyle,
}

pub(super) async fn run(args: ServeArgs) -> Result<(), Failure> {
    let url = args.public_url.as_deref();
    let config = Config::parse(args.listen, args.behind_proxy, url)?;
    trace::begin(args.log, "info");
    let running = wiring::start(Setup::folder(config, &args.data.folder)).await?;
    until_stopped(running, std::future::pending()).await
}

/// Runs a node until somebody or its journal stops it, or what runs beside it fails.
pub(super) async fn until_stopped(
    running: Running,
    beside: impl Future<Output = Failure>,
) -> Result<(), Failure> {
    let words = |error: std::io::Error| Failure::Words(format!("signals cannot be heard: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(words)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(words)?;
    let ending = tokio::select! {
        _ = interrupt.recv() => Ok(Ending::Asked),
        _ = terminate.recv() => Ok(Ending::Asked),
        ending = running.ended() => Ok(ending),
        failure = beside => Err(failure),
    };
    tokio::select! {
        () = running.stop() => {}
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
