//! `muster verify`: the whole journal, read beside a running node or without one; or a log taken away.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use crate::{operator, say};

/// What `muster verify` takes.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The node's folder.
    #[arg(
        long = "data",
        env = "MUSTER_DATA",
        value_name = "DIR",
        required_unless_present = "export"
    )]
    folder: Option<PathBuf>,
    /// A `log.jsonl` that was taken away: read instead of a folder.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

pub(super) fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let words = match (&args.export, &args.folder) {
        (Some(file), _) => operator::verify_export(file),
        (None, Some(folder)) => operator::verify(folder),
        (None, None) => Err("say --data, or --export with a file".to_owned()),
    };
    say::line(&words.map_err(Failure::Words)?);
    Ok(())
}
