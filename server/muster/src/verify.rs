//! `muster verify`: checks the whole journal, with or without a running node; or an exported log, or a
//! backup.

use std::path::{Path, PathBuf};

use clap::Args;
use node::{
    operator::{self, whole},
    say,
};
use takeaway::When;

use super::{Failure, database::PlaceArgs};

/// Arguments of `muster verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The node's folder.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
    /// An exported `log.jsonl` to check instead of a folder.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
    /// A backup to check instead of a folder; it is read to the end, and nothing is written.
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
            None => Err("give --data, --database, or --export with a file".to_owned()),
        },
    };
    say::line(&words.map_err(Failure::Words)?);
    Ok(())
}

async fn verify_backup(file: &Path, key: &Path) -> Result<(), Failure> {
    let (sum, begun) = whole::read_through(file, key).await.map_err(Failure::Words)?;
    say::line(&format!(
        "{} is complete and was made at {}: {sum}.",
        file.display(),
        When::london().iso(begun)
    ));
    Ok(())
}
