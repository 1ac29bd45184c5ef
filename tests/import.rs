//! Tests the import with the acceptance day's list, and with the files that people really send.

#[path = "import/day.rs"]
mod day;
#[path = "import/file.rs"]
mod file;
#[path = "import/harbour_rise.rs"]
mod harbour_rise;
#[path = "import/hostile.rs"]
mod hostile;
#[path = "import/open_row.rs"]
mod open_row;
#[path = "import/opening.rs"]
mod opening;
#[path = "import/register.rs"]
mod register;
#[path = "import/spreadsheet.rs"]
mod spreadsheet;
#[path = "import/workbook.rs"]
mod workbook;

use intake::{
    Error,
    people::{Fate, Kind},
    plan::{Plan, RowReport, Sources},
};
use proto::{details::PersonChange, id::RoomId, register::OpenQuestion};

/// The room of these tests.
fn room() -> RoomId {
    RoomId("00000000-0000-7000-8000-000000000001".parse().unwrap())
}

/// Plans a list alone.
fn plan(people: &[u8]) -> Result<Plan, Error> {
    Plan::read(room(), &Sources { file_name: "list.csv", people, ..Sources::default() })
}

/// Plans a list with decisions.
fn decided(people: &str, decisions: &str) -> Result<Plan, Error> {
    let decisions = format!("file = \"list.csv\"\n{decisions}");
    Plan::read(
        room(),
        &Sources {
            file_name: "list.csv",
            people: people.as_bytes(),
            decisions: Some(decisions.as_bytes()),
            ..Sources::default()
        },
    )
}

/// Returns a row's report.
fn row(plan: &Plan, row: usize) -> &RowReport {
    plan.rows.iter().find(|report| report.row == row).unwrap()
}

/// Returns the values taken from a row.
fn details(plan: &Plan, at: usize) -> &PersonChange {
    match &row(plan, at).fate {
        Fate::Taken { details, .. } | Fate::Merged { details, .. } => details,
        Fate::NotAPerson { why } => panic!("row {at} {why}"),
    }
}

/// Returns the open questions of a row.
fn questions(plan: &Plan, at: usize) -> &[OpenQuestion] {
    match &row(plan, at).fate {
        Fate::Taken { questions, .. } | Fate::Merged { questions, .. } => questions,
        Fate::NotAPerson { why } => panic!("row {at} {why}"),
    }
}

/// Returns the rows with a kind of fault.
fn rows_with(plan: &Plan, kind: Kind) -> Vec<usize> {
    plan.faults().filter(|(_, fault)| fault.kind == kind).map(|(row, _)| row.row).collect()
}
