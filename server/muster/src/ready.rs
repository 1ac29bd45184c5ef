//! `muster ready`: checks whether the node on this machine is ready, or at least alive.

use std::time::Duration;

use clap::Args;
use node::{client::Client, say, wiring::local_url};

use super::{Failure, serve::ServeArgs};

/// How long to wait for the node's answer.
const ANSWER: Duration = Duration::from_secs(4);

/// Arguments of `muster ready`.
#[derive(Debug, Args)]
pub(super) struct ReadyArgs {
    /// Check liveness only: a node whose disk is full can still serve reads.
    #[arg(long)]
    alive: bool,
    #[command(flatten)]
    node: ServeArgs,
}

/// Queries the node that these settings describe. Fails if it is not ready or does not answer.
pub(super) async fn run(args: &ReadyArgs) -> Result<(), Failure> {
    let url = local_url(args.node.settings()?.chosen()?.config.listen);
    let path = if args.alive { "/health" } else { "/ready" };
    let late = || Failure::Words(format!("the node at {url} did not answer in time"));
    let answer = tokio::time::timeout(ANSWER, Client::new(&url).get(path)).await;
    let answer = answer.map_err(|_| late())??;
    if !answer.status.is_success() {
        return Err(Failure::Words(format!(
            "the node at {url} is running but does not accept commands"
        )));
    }
    say::line(if args.alive { "The node is alive." } else { "The node accepts commands." });
    Ok(())
}
