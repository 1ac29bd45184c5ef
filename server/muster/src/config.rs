//! `muster config`: checks or shows the settings of a node, and where each one comes from.

use clap::{Args, Subcommand};
use node::say;

use super::{Failure, serve::ServeArgs};

/// Arguments of `muster config`.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check the settings without starting a node.
    Check(ServeArgs),
    /// Print every setting in effect and where it comes from.
    Show(ServeArgs),
}

pub(super) fn run(args: &ConfigArgs) -> Result<(), Failure> {
    match &args.what {
        What::Check(args) => {
            args.settings()?.chosen()?;
            say::line("The configuration is valid.");
        }
        // Invalid settings are shown too: that is when people look.
        What::Show(args) => say::line(&args.settings()?.show()),
    }
    Ok(())
}
