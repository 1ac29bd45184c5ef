//! `muster backup` and `muster backup-key`: writes everything to one encrypted file while the node runs.

use std::path::{Path, PathBuf};

use clap::Args;
use node::{
    operator::{backup, whole},
    say,
};

use super::{Failure, database::PlaceArgs};

/// Arguments of `muster backup`.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The node's folder.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
    /// The file to write; readable only by its owner.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The file with the public keys that can open the backup, one per line.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// Overwrite an existing file.
    #[arg(long)]
    force: bool,
}

/// Arguments of `muster backup-key`.
#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    /// The file for the secret key; the public key goes into FILE.pub beside it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) async fn run(args: BackupArgs) -> Result<(), Failure> {
    let place = args.place.place(args.folder.as_ref())?;
    let place = place.ok_or_else(|| Failure::Words("give --data or --database".to_owned()))?;
    let done = whole::back_up(&place, &args.to, args.force, &args.key_file).await;
    let sum = done.map_err(Failure::Words)?;
    say::line(&format!(
        "The backup is in {}: {sum}. Keep it on another machine; only the secret \
         key opens it.",
        args.to.display()
    ));
    Ok(())
}

pub(super) fn make_key(args: &KeyArgs) -> Result<(), Failure> {
    let mut beside = args.out.as_os_str().to_owned();
    beside.push(".pub");
    let beside = Path::new(&beside);
    let public = backup::make(&args.out, beside).map_err(Failure::Words)?;
    say::line(&format!(
        "The secret key is in {}: move it off this machine, to a place that two people can reach in an emergency; \
         no backup can be read without it. The public key is {public}, in {}: use it to make backups.",
        args.out.display(),
        beside.display()
    ));
    Ok(())
}
