//! `muster verify`: the whole journal, read beside a running node or without one; or a log taken away.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, database::PlaceArgs};
use crate::{operator, say};

/// What `muster verify` takes.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The node's folder.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
    /// A `log.jsonl` that was taken away: read instead of a folder.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

pub(super) async fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let words = match &args.export {
        Some(file) => operator::verify_export(file),
        None => match args.place.place(args.folder.as_ref())? {
            Some(place) => place.verify().await,
            None => Err("say --data, --database, or --export with a file".to_owned()),
        },
    };
    say::line(&words.map_err(Failure::Words)?);
    Ok(())
}
