//! `muster restore`: everything of a backup into a place where nothing is.

use std::path::PathBuf;

use clap::Args;
use node::{operator::whole, say};
use takeaway::When;

use super::{Failure, database::PlaceArgs};

/// What `muster restore` takes.
#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The backup.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The file with the secret key.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// The folder for the node that is to run on it; made if it is not there.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) async fn run(args: RestoreArgs) -> Result<(), Failure> {
    let place = args.place.place(args.folder.as_ref())?;
    let place = place.ok_or_else(|| Failure::Words("say --data or --database".to_owned()))?;
    let done = whole::restore(&args.from, &args.key_file, &place).await;
    let (sum, begun) = done.map_err(Failure::Words)?;
    say::line(&format!(
        "Everything in {} is in {place}, and was read back whole: {sum}. The backup was made at {}; what was \
         written after that is not in it. Every screen that had shown more says so and starts afresh.",
        args.from.display(),
        When::london().iso(begun)
    ));
    Ok(())
}
