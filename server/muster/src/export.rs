//! `muster export`: writes a room to a file, with or without a running node.

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

/// What to export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// The people, one per row.
    People,
    /// Every recorded movement of every person.
    Movements,
    /// The log.
    Log,
}

/// The file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated, for spreadsheets and programs.
    Csv,
    /// A spreadsheet; people only.
    Xlsx,
    /// One log entry per line as the journal stores it, with its hash chain; log only.
    Jsonl,
}

/// Arguments of `muster export`.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// What to export.
    #[arg(value_enum)]
    what: What,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    place: PlaceArgs,
    /// The room.
    #[arg(long)]
    room: RoomId,
    /// The file format.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to write; readable only by its owner.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The reason for the export, recorded in the room's log.
    #[arg(long, value_parser = Line::parse, value_name = "WORDS")]
    why: Line,
    /// Overwrite an existing file.
    #[arg(long)]
    force: bool,
    /// Export even if the room's log cannot record it.
    #[arg(long)]
    without_record: bool,
}

pub(super) async fn run(args: ExportArgs) -> Result<(), Failure> {
    let export = chosen(args.what, args.format)?;
    let words = |error: &dyn std::fmt::Display| Failure::Words(error.to_string());
    let file = PrivateFile::create(&args.out, args.force).map_err(|error| words(&error))?;
    let place = args.place.place(Some(&args.data.folder))?;
    let place = place.ok_or_else(|| Failure::Words("give --data or --database".to_owned()))?;
    let entry = match record(&args, &place, export).await {
        Ok(entry) => Some(entry),
        Err(failure) if !args.without_record => {
            return Err(Failure::Words(format!(
                "{failure}\nNothing was exported, because the room's log could not record it. If you \
                 must have the file anyway, add --without-record"
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
        Some(entry) => format!("The room's log records it in entry {entry}."),
        None => "The room's log does not record it.".to_owned(),
    };
    say::line(&format!("{} is in {}. {recorded}", capital(export.called()), args.out.display()));
    Ok(())
}

/// Returns the export for a combination of content and format, if it exists.
fn chosen(what: What, format: Format) -> Result<Export, Failure> {
    match (what, format) {
        (What::People, Format::Csv) => Ok(Export::PeopleCsv),
        (What::People, Format::Xlsx) => Ok(Export::PeopleXlsx),
        (What::Movements, Format::Csv) => Ok(Export::MovementsCsv),
        (What::Log, Format::Csv) => Ok(Export::LogCsv),
        (What::Log, Format::Jsonl) => Ok(Export::LogJsonl),
        (What::People | What::Movements, Format::Jsonl) => Err(Failure::Words(
            "only the log can be jsonl; use csv for people and movements".to_owned(),
        )),
        (What::Movements | What::Log, Format::Xlsx) => Err(Failure::Words(
            "only people can be xlsx; use csv for movements and the log".to_owned(),
        )),
    }
}

/// Records the export in the room's log: through the node that runs on the folder, or directly through the
/// database writer if none runs.
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
        // No node runs here, or one was killed and left its file behind; the folder's lock settles which.
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
    fn only_supported_formats_can_be_exported() {
        assert_eq!(chosen(What::People, Format::Xlsx).unwrap(), Export::PeopleXlsx);
        assert_eq!(chosen(What::Log, Format::Jsonl).unwrap(), Export::LogJsonl);
        let words = chosen(What::Movements, Format::Xlsx).err().unwrap().to_string();
        assert!(words.contains("csv"), "{words}");
        assert!(chosen(What::People, Format::Jsonl).is_err());
    }
}
