//! `muster config`: what a node would be run with, and where each setting comes from.

use clap::{Args, Subcommand};
use node::say;

use super::{Failure, serve::ServeArgs};

/// What `muster config` takes.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say whether a node could be run so.
    Check(ServeArgs),
    /// Print what holds, and where each setting comes from.
    Show(ServeArgs),
}

pub(super) fn run(args: &ConfigArgs) -> Result<(), Failure> {
    match &args.what {
        What::Check(args) => {
            args.settings()?.chosen()?;
            say::line("The configuration is sound.");
        }
        // What is wrong is shown too: that is when people look.
        What::Show(args) => say::line(&args.settings()?.show()),
    }
    Ok(())
}
