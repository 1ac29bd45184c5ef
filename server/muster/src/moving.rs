//! `muster move`: copies everything from a folder to a database, or back.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use node::{
    operator::{Place, whole},
    say,
};

use super::{Failure, database::PlaceArgs};

/// The direction of the move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// From the folder to the database.
    IntoDatabase,
    /// From the database to the folder.
    IntoFolder,
}

/// Arguments of `muster move`.
#[derive(Debug, Args)]
pub(super) struct MoveArgs {
    /// The direction of the move.
    #[arg(value_enum)]
    way: Way,
    /// The folder.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
}

pub(super) async fn run(args: MoveArgs) -> Result<(), Failure> {
    let (folder, database) = args.place.both(args.folder.as_ref())?;
    let (Some(folder), Some(database)) = (folder, database) else {
        return Err(Failure::Words("give both --data and --database".to_owned()));
    };
    let (from, to) = match args.way {
        Way::IntoDatabase => (folder, database),
        Way::IntoFolder => (database, folder),
    };
    let sum = whole::bring(&from, &to).await.map_err(Failure::Words)?;
    let start = match &to {
        Place::Folder(data) => format!("muster serve --data {}", data.display()),
        Place::Database(_) => "muster serve with this --database".to_owned(),
    };
    say::line(&format!(
        "Everything in {from} was copied to {to} and verified: {sum}. Continue with {start}. {from} is \
         unchanged: do not start a node on it again, or the two copies diverge."
    ));
    Ok(())
}
