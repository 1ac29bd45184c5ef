//! `muster import`: imports a provider's list into a room (a dry run unless committed), and the regulator's
//! files into the directory of homes.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Args, Subcommand};
use hub::Clock;
use intake::{
    plan::{Plan, Sources},
    table::Layout,
    year,
};
use node::{
    batch,
    client::{Client, ClientError},
    clock::SystemClock,
    say,
};
use proto::{command::Envelope, directory::FileKind, id::RoomId, limit, outcome::Fate};

use super::{Data, Failure};

/// Arguments of `muster import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Import the people on a provider's list. Without --commit, nothing is sent.
    People(PeopleArgs),
    /// Import the regulator's files of homes as downloaded: CSV, ODS or XLSX.
    Homes(HomesArgs),
}

#[derive(Debug, Args)]
struct HomesArgs {
    #[command(flatten)]
    data: Data,
    /// The files. Each replaces an earlier file of the same kind.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The date of the data, if neither the files nor their names give it: 16/09/2026.
    #[arg(long)]
    day: Option<String>,
}

#[derive(Debug, Args)]
struct PeopleArgs {
    #[command(flatten)]
    data: Data,
    /// The list: a spreadsheet (.xlsx, .ods) or CSV.
    file: PathBuf,
    /// The room.
    #[arg(long)]
    room: RoomId,
    /// The file of decisions about the list.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// The council's own records, as CSV.
    #[arg(long, value_name = "FILE")]
    council_records: Option<PathBuf>,
    /// Maps a column to a field: "Column=field".
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    maps: Vec<String>,
    /// The sheet that holds the list.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The header row.
    #[arg(long, value_name = "ROW")]
    header_row: Option<usize>,
    /// Include rows that are hidden in the spreadsheet.
    #[arg(long)]
    hidden_rows: bool,
    /// Send the commands in the report.
    #[arg(long)]
    commit: bool,
}

/// Outcomes of the commands.
#[derive(Debug, Default)]
struct Tally {
    done: usize,
    known: usize,
    refused: usize,
}

pub(super) async fn run(args: ImportArgs) -> Result<(), Failure> {
    match args.what {
        What::People(args) => people(args).await,
        What::Homes(args) => homes(args).await,
    }
}

async fn homes(args: HomesArgs) -> Result<(), Failure> {
    let node = args.data.node()?;
    for file in &args.files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let taken = node.import_homes(&name, args.day.as_deref(), read(file)?).await?;
        say::line(&format!(
            "{name}: {} of {}; {} homes and home care agencies out of {} rows.",
            spoken(taken.kind),
            taken.day,
            taken.places,
            taken.rows
        ));
        for note in &taken.notes {
            say::line(&format!("  {}", note.as_str()));
        }
    }
    Ok(())
}

/// Returns the display name of a file kind.
const fn spoken(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Directory => "the CQC care directory",
        FileKind::Filters => "the CQC care directory with filters",
        FileKind::Ratings => "the CQC latest ratings",
        FileKind::Deactivated => "the CQC deactivated locations",
        FileKind::Local => "a local list of homes",
    }
}

async fn people(args: PeopleArgs) -> Result<(), Failure> {
    let list = read(&args.file)?;
    let decisions = args.decisions.as_ref().map(read).transpose()?;
    let council = args.council_records.as_ref().map(read).transpose()?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let plan = Plan::read(
        args.room,
        &Sources {
            file_name: name.as_deref().unwrap_or_default(),
            people: &list,
            decisions: decisions.as_deref(),
            council: council.as_deref(),
            maps: &args.maps,
            deciders: BTreeMap::new(),
            layout: Layout {
                sheet: args.sheet.clone(),
                header_row: args.header_row,
                take_hidden: args.hidden_rows,
            },
            this_year: year(SystemClock.now()),
        },
    )?;
    say::line(&plan.report());
    if !args.commit {
        say::line("Nothing was sent. Add --commit to send it.");
        return Ok(());
    }
    let node = args.data.node()?;
    let mut tally = Tally::default();
    for batch in plan.commands.chunks(limit::COMMANDS_MAX) {
        send(&node, args.room, batch, &mut tally).await?;
    }
    say::line(&format!(
        "Sent: {} done, {} already done, {} refused.",
        tally.done, tally.known, tally.refused
    ));
    if tally.refused == 0 {
        Ok(())
    } else {
        Err(Failure::Words("some commands were refused".to_owned()))
    }
}

/// Sends a batch, and retries in order whatever a busy room left undecided.
async fn send(
    node: &Client,
    room: RoomId,
    commands: &[Envelope],
    tally: &mut Tally,
) -> Result<(), Failure> {
    let import = async |left| Ok::<_, ClientError>(node.import(room, left).await?.fates);
    let all = batch::send(commands, import, |_, fate| match fate {
        Fate::Ok { .. } => tally.done += 1,
        Fate::Dup { .. } => tally.known += 1,
        Fate::Refused(no) => {
            tally.refused += 1;
            say::line(&format!("Refused: {}", no.words));
        }
        Fate::Retry { .. } => {}
    });
    let busy = "the room is still busy; run the command again, nothing is done twice";
    if all.await? { Ok(()) } else { Err(Failure::Words(busy.to_owned())) }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::Words(format!("cannot read {}: {error}", path.display())))
}
