//! `muster restore`: restores a backup into an empty folder or database.

use std::path::PathBuf;

use clap::Args;
use node::{operator::whole, say};
use takeaway::When;

use super::{Failure, database::PlaceArgs};

/// Arguments of `muster restore`.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The backup.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The file with the secret key.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// The folder for the restored node; created if missing.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) async fn run(args: RestoreArgs) -> Result<(), Failure> {
    let place = args.place.place(args.folder.as_ref())?;
    let place = place.ok_or_else(|| Failure::Words("give --data or --database".to_owned()))?;
    let done = whole::restore(&args.from, &args.key_file, &place).await;
    let (sum, begun) = done.map_err(Failure::Words)?;
    say::line(&format!(
        "Everything in {} was restored to {place} and verified: {sum}. The backup was made at {}; anything \
         written later is not in it. Every screen that has shown newer data says so and starts afresh.",
        args.from.display(),
        When::london().iso(begun)
    ));
    Ok(())
}
