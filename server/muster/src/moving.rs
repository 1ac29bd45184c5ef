//! `muster move`: everything from a folder into a database, or from a database into a folder.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use node::{
    operator::{Place, whole},
    say,
};

use super::{Failure, database::PlaceArgs};

/// Where everything goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// From the folder into the database.
    IntoDatabase,
    /// From the database into the folder.
    IntoFolder,
}

/// What `muster move` takes.
#[derive(Debug, Args)]
pub(super) struct MoveArgs {
    /// Where everything goes.
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
        return Err(Failure::Words("say both, --data and --database".to_owned()));
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
        "Everything in {from} is in {to}, and was read back whole: {sum}. Go on with {start}. {from} was left as \
         it is: start no node on it again, or there are two histories."
    ));
    Ok(())
}
