//! `muster export`: a room as a file, read beside a running node or without one.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use intake::cell::capital;
use node::{
    client::ClientError,
    clock::{SystemClock, fresh_id},
    operator::{AccessError, Place},
    say,
};
use proto::{
    command::{Command, Envelope},
    export::{self, Export, Reader},
    id::{CommandId, RoomId, Seq},
    outcome::Fate,
    text::Line,
};
use takeaway::{Taken, Taking, file::PrivateFile};

use super::{Data, Failure, database::PlaceArgs};

/// What is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// The people, one a row.
    People,
    /// Every recorded movement of anybody.
    Movements,
    /// The log.
    Log,
}

/// As what kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Commas and quotes, for spreadsheets and programs.
    Csv,
    /// A spreadsheet; the people alone.
    Xlsx,
    /// One entry a line, as the journal keeps it, with its chain; the log alone.
    Jsonl,
}

/// What `muster export` takes.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// What to take away.
    #[arg(value_enum)]
    what: What,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    place: PlaceArgs,
    /// The room.
    #[arg(long)]
    room: RoomId,
    /// The kind of file.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to write; readable by its owner alone.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What it is for; the room's log says it.
    #[arg(long, value_parser = Line::parse, value_name = "WORDS")]
    why: Line,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
    /// Go on although the room's log cannot say that this was taken away.
    #[arg(long)]
    without_record: bool,
}

pub(super) async fn run(args: ExportArgs) -> Result<(), Failure> {
    let export = chosen(args.what, args.format)?;
    let words = |error: &dyn std::fmt::Display| Failure::Words(error.to_string());
    let file = PrivateFile::create(&args.out, args.force).map_err(|error| words(&error))?;
    let place = args.place.place(Some(&args.data.folder))?;
    let place = place.ok_or_else(|| Failure::Words("say --data or --database".to_owned()))?;
    let entry = match record(&args, &place, export).await {
        Ok(entry) => Some(entry),
        Err(failure) if !args.without_record => {
            return Err(Failure::Words(format!(
                "{failure}\nNothing was taken away, because the room's log could not say so. If it \
                 must be, say --without-record"
            )));
        }
        Err(_) => None,
    };
    let up_to = entry.unwrap_or(Seq(u64::MAX));
    let archive = place.archive(args.room, up_to).await.map_err(|error| words(&error))?;
    let taken = Taken {
        export,
        reader: Reader::Operator,
        by: "the operator, at the machine itself".to_owned(),
        why: args.why,
        at: hub::Clock::now(&SystemClock),
        entry,
    };
    let mut taking = Taking::begin(&taken, archive).await.map_err(|error| words(&error))?;
    let mut file = file;
    while let Some(page) = taking.page().await.map_err(|error| words(&error))? {
        file.write(&page).map_err(|error| words(&error))?;
    }
    file.finish().map_err(|error| words(&error))?;
    let recorded = match entry {
        Some(entry) => format!("The room's log says so in entry {entry}."),
        None => "It is not in the room's log.".to_owned(),
    };
    say::line(&format!("{} is in {}. {recorded}", capital(export.called()), args.out.display()));
    Ok(())
}

/// Returns what is asked for, if there is such a file.
fn chosen(what: What, format: Format) -> Result<Export, Failure> {
    match (what, format) {
        (What::People, Format::Csv) => Ok(Export::PeopleCsv),
        (What::People, Format::Xlsx) => Ok(Export::PeopleXlsx),
        (What::Movements, Format::Csv) => Ok(Export::MovementsCsv),
        (What::Log, Format::Csv) => Ok(Export::LogCsv),
        (What::Log, Format::Jsonl) => Ok(Export::LogJsonl),
        (What::People | What::Movements, Format::Jsonl) => Err(Failure::Words(
            "jsonl is a form of the log; people and movements are csv".to_owned(),
        )),
        (What::Movements | What::Log, Format::Xlsx) => Err(Failure::Words(
            "xlsx is a form of the people; movements and log are csv".to_owned(),
        )),
    }
}

/// Puts the export on record: by the node that runs on the folder, or without one by the database's own
/// writer, as a node would.
async fn record(args: &ExportArgs, place: &Place, export: Export) -> Result<Seq, Failure> {
    let command = Envelope {
        id: CommandId(fresh_id(&SystemClock)),
        based_on: None,
        happened_at: None,
        late_reason: None,
        command: Command::from(export::Plan::Record { export, why: args.why.clone() }),
    };
    let told = match args.data.node() {
        Ok(node) => node.import(args.room, vec![command.clone()]).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    let fates = match told {
        Ok(answer) => answer.fates,
        // No node runs here, or one was killed and left its file behind; the folder's lock knows.
        Err(
            Failure::Access(AccessError::NotRunning(_))
            | Failure::Client(ClientError::NoAnswer { .. }),
        ) => place.write(args.room, command).await.map_err(Failure::Words)?,
        Err(other) => return Err(other),
    };
    match fates.into_iter().next().map(|told| told.fate) {
        Some(Fate::Ok { seq } | Fate::Dup { seq }) => Ok(seq),
        Some(Fate::Refused(no)) => Err(Failure::Words(no.words)),
        Some(Fate::Retry { words, .. }) => Err(Failure::Words(words)),
        None => Err(Failure::Words("the room did not answer".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_file_is_taken_away_as_what_it_can_be() {
        assert_eq!(chosen(What::People, Format::Xlsx).unwrap(), Export::PeopleXlsx);
        assert_eq!(chosen(What::Log, Format::Jsonl).unwrap(), Export::LogJsonl);
        let words = chosen(What::Movements, Format::Xlsx).err().unwrap().to_string();
        assert!(words.contains("csv"), "{words}");
        assert!(chosen(What::People, Format::Jsonl).is_err());
    }
}
