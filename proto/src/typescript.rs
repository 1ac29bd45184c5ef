//! Writes the types and tables for the screens, and fails when what lies in `web/` differs.

use std::path::{Path, PathBuf};

use ts_rs::{Config, TS};

mod table;

/// Tables in the same folder that the rules write: `server/room/src/proof/matrix.rs`.
const OF_THE_RULES: [&str; 2] = ["gates.ts", "rights.ts"];

/// Returns every generated file in `dir` but those of the rules, by name.
fn files(dir: &Path) -> std::collections::BTreeMap<PathBuf, String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return std::collections::BTreeMap::default() };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let named = paths.map(|path| (PathBuf::from(path.file_name().unwrap_or_default()), path));
    named
        .filter(|(name, _)| !OF_THE_RULES.iter().any(|rules| name == Path::new(rules)))
        .map(|(name, path)| (name, std::fs::read_to_string(&path).unwrap()))
        .collect()
}

#[test]
fn the_types_of_the_screens_are_those_of_the_server() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/lib/wire");
    let made = std::env::temp_dir().join(format!("muster-types-{}", std::process::id()));
    std::fs::create_dir_all(&made).unwrap();
    let config = Config::new().with_out_dir(&made).with_large_int("number");
    crate::command::Envelope::export_all(&config).unwrap();
    crate::frame::ClientFrame::export_all(&config).unwrap();
    crate::frame::ServerFrame::export_all(&config).unwrap();
    crate::http::CommandsRequest::export_all(&config).unwrap();
    crate::http::CommandsAnswer::export_all(&config).unwrap();
    crate::http::RedeemRequest::export_all(&config).unwrap();
    crate::http::Me::export_all(&config).unwrap();
    crate::http::ErrorAnswer::export_all(&config).unwrap();
    crate::person::card::Card::export_all(&config).unwrap();
    crate::entrance::LinkRequest::export_all(&config).unwrap();
    crate::entrance::LinkAnswer::export_all(&config).unwrap();
    crate::entrance::DoorRequest::export_all(&config).unwrap();
    crate::entrance::DoorAnswer::export_all(&config).unwrap();
    crate::entrance::AskRequest::export_all(&config).unwrap();
    crate::entrance::AtDoor::export_all(&config).unwrap();
    crate::entrance::DutyEnter::export_all(&config).unwrap();
    crate::entrance::DutyManager::export_all(&config).unwrap();
    crate::entrance::DutyOpen::export_all(&config).unwrap();
    crate::export::ExportRequest::export_all(&config).unwrap();
    crate::intake::IntakeAsked::export_all(&config).unwrap();
    crate::intake::IntakePreview::export_all(&config).unwrap();
    crate::intake::IntakeDone::export_all(&config).unwrap();
    crate::directory::HomesAnswer::export_all(&config).unwrap();
    crate::directory::FileTaken::export_all(&config).unwrap();
    crate::directory::VacanciesTaken::export_all(&config).unwrap();
    let mut fresh = files(&made);
    fresh.extend(table::all());
    std::fs::remove_dir_all(&made).unwrap();
    assert!(fresh.len() > 10, "only {} files were made", fresh.len());
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(&kept).unwrap();
        for name in files(&kept).keys() {
            std::fs::remove_file(kept.join(name)).unwrap();
        }
        for (name, text) in &fresh {
            std::fs::write(kept.join(name), text).unwrap();
        }
    }
    assert!(files(&kept) == fresh, "web/src/lib/wire is stale: run `cargo xtask bless`");
}
