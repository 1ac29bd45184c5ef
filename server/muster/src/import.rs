//! `muster import`: a provider's list into a room, first as a report, then for good; and the regulator's
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

/// What `muster import` takes.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The people on a provider's list. Without --commit, nothing is sent.
    People(PeopleArgs),
    /// The regulator's files of homes, as they were downloaded: CSV, ODS or XLSX.
    Homes(HomesArgs),
}

#[derive(Debug, Args)]
struct HomesArgs {
    #[command(flatten)]
    data: Data,
    /// The files. Each takes the place of an earlier one of its kind.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The day of which they tell, where neither they nor their names say: 16/09/2026.
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
    /// What people decided about the list.
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// The council's own records, as CSV.
    #[arg(long, value_name = "FILE")]
    council_records: Option<PathBuf>,
    /// Says which field a column fills: "Column=field".
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    maps: Vec<String>,
    /// The sheet that holds the list.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The row with the column names.
    #[arg(long, value_name = "ROW")]
    header_row: Option<usize>,
    /// Take also the rows that the spreadsheet hides.
    #[arg(long)]
    hidden_rows: bool,
    /// Send what the report says.
    #[arg(long)]
    commit: bool,
}

/// What became of the commands.
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

/// Returns what a file is, as people call it.
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
        say::line("Nothing was sent. Say --commit to send it.");
        return Ok(());
    }
    let node = args.data.node()?;
    let mut tally = Tally::default();
    for batch in plan.commands.chunks(limit::COMMANDS_MAX) {
        send(&node, args.room, batch, &mut tally).await?;
    }
    say::line(&format!(
        "Sent: {} done, {} done before, {} refused.",
        tally.done, tally.known, tally.refused
    ));
    if tally.refused == 0 { Ok(()) } else { Err(Failure::Words("some were refused".to_owned())) }
}

/// Sends a batch; what the busy room left undecided is sent again, in order.
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
    let busy = "the room stayed busy; say it again, nothing is done twice";
    if all.await? { Ok(()) } else { Err(Failure::Words(busy.to_owned())) }
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::Words(format!("{} cannot be read: {error}", path.display())))
}
