//! `muster backup` and `muster backup-key`: everything in one sealed file, beside a running node.

use std::path::{Path, PathBuf};

use clap::Args;
use node::{
    operator::{backup, whole},
    say,
};

use super::{Failure, database::PlaceArgs};

/// What `muster backup` takes.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The node's folder.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
    /// The file to write; readable by its owner alone.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// The file with the public key, or several, one a line, of those who may read the backup.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
}

/// What `muster backup-key` takes.
#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    /// The file for the secret key; the public one goes beside it, into FILE.pub.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) async fn run(args: BackupArgs) -> Result<(), Failure> {
    let place = args.place.place(args.folder.as_ref())?;
    let place = place.ok_or_else(|| Failure::Words("say --data or --database".to_owned()))?;
    let done = whole::back_up(&place, &args.to, args.force, &args.key_file).await;
    let sum = done.map_err(Failure::Words)?;
    say::line(&format!(
        "Everything as it was at this moment is in {}: {sum}. Keep it away from this machine; only the secret \
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
        "The secret key is in {}: move it off this machine, to where two people find it in an emergency; \
         without it no backup can be read. The public key is {public}, in {}: backups are made with it.",
        args.out.display(),
        beside.display()
    ));
    Ok(())
}
