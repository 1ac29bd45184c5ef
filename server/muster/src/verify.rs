//! `muster verify`: the whole journal, read beside a running node or without one; or a log or backup taken away.

use std::path::{Path, PathBuf};

use clap::Args;
use node::{
    operator::{self, whole},
    say,
};
use takeaway::When;

use super::{Failure, database::PlaceArgs};

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
    /// A backup: read to its end instead of a folder, and nothing of it is written anywhere.
    #[arg(long, value_name = "FILE", requires = "key_file", conflicts_with = "export")]
    backup: Option<PathBuf>,
    /// The file with the secret key that opens the backup.
    #[arg(long, value_name = "FILE", requires = "backup")]
    key_file: Option<PathBuf>,
}

pub(super) async fn run(args: &VerifyArgs) -> Result<(), Failure> {
    if let (Some(file), Some(key)) = (&args.backup, &args.key_file) {
        return verify_backup(file, key).await;
    }
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

async fn verify_backup(file: &Path, key: &Path) -> Result<(), Failure> {
    let (sum, begun) = whole::read_through(file, key).await.map_err(Failure::Words)?;
    say::line(&format!(
        "{} is whole, and was made at {}: {sum}.",
        file.display(),
        When::london().iso(begun)
    ));
    Ok(())
}
