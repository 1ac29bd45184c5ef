//! `muster ready`: whether the node on this machine takes commands, or at least lives.

use std::time::Duration;

use clap::Args;
use node::{client::Client, say, wiring::local_url};

use super::{Failure, serve::ServeArgs};

/// How long a node may take to answer.
const ANSWER: Duration = Duration::from_secs(4);

/// What `muster ready` takes.
#[derive(Debug, Args)]
pub(super) struct ReadyArgs {
    /// Ask only whether it lives: one whose disk is full can still be read.
    #[arg(long)]
    alive: bool,
    #[command(flatten)]
    node: ServeArgs,
}

/// Asks the node that these settings are for. It fails when the answer is no, or there is none.
pub(super) async fn run(args: &ReadyArgs) -> Result<(), Failure> {
    let url = local_url(args.node.settings()?.chosen()?.config.listen);
    let path = if args.alive { "/health" } else { "/ready" };
    let late = || Failure::Words(format!("the node at {url} does not answer in time"));
    let answer = tokio::time::timeout(ANSWER, Client::new(&url).get(path)).await;
    let answer = answer.map_err(|_| late())??;
    if !answer.status.is_success() {
        return Err(Failure::Words(format!("the node at {url} runs, and takes no commands")));
    }
    say::line(if args.alive { "The node lives." } else { "The node takes commands." });
    Ok(())
}
