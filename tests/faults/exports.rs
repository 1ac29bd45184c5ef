//! Exporting a room on the machine itself: beside a running node, without one, and when refused.

use std::{os::unix::fs::PermissionsExt, path::Path};

use crate::process::{Serving, open_room, ran, refusal, text};

/// Returns the program's output after an export.
fn takes(data: &str, room: &str, what: [&str; 3]) -> String {
    let [what, format, out] = what;
    let ended = ran(&asked(data, room, [what, format, out]));
    let words = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
    assert!(ended.status.success(), "{words}");
    words
}

fn asked<'a>(data: &'a str, room: &'a str, [what, format, out]: [&'a str; 3]) -> Vec<&'a str> {
    let start = ["export", what, "--data", data, "--room", room, "--format", format];
    [start.as_slice(), &["--out", out, "--why", "end of the day"]].concat()
}

fn lines(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

/// P-81, P-84: beside a running node and without one; the room's log records both.
#[test]
fn a_room_is_exported_beside_a_running_node_and_without_one() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = text(folder.path()).to_owned();
    let node = Serving::start(folder.path(), |_| {});
    let room = open_room(&data).unwrap();
    let path = |name: &str| out.path().join(name);
    let (jsonl, csv, sheet) = (path("log.jsonl"), path("log.csv"), path("people.xlsx"));
    let told = takes(&data, &room, ["log", "jsonl", text(&jsonl)]);
    assert!(told.contains("The whole log with its chain") && told.contains("in entry "), "{told}");
    let mode = std::fs::metadata(&jsonl).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    takes(&data, &room, ["people", "xlsx", text(&sheet)]);
    takes(&data, &room, ["movements", "csv", text(&path("movements.csv"))]);
    drop(node);
    takes(&data, &room, ["people", "csv", text(&path("people.csv"))]);
    takes(&data, &room, ["log", "csv", text(&csv)]);
    let log = std::fs::read_to_string(&csv).unwrap();
    assert_eq!(log.matches("Taken away: ").count(), 5, "{log}");
    assert!(log.contains("end of the day") && log.contains("the operator"), "{log}");
    assert!(ran(&["verify", "--data", &data]).status.success());
    let verified = ran(&["verify", "--export", text(&jsonl)]);
    let words = String::from_utf8(verified.stdout).unwrap();
    let count = lines(&jsonl).len();
    assert!(words.contains(&format!("{count} entries of room {room}")), "{words}");
}

#[test]
fn an_exported_log_that_was_altered_is_refused_with_its_line() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = text(folder.path()).to_owned();
    let node = Serving::start(folder.path(), |_| {});
    let room = open_room(&data).unwrap();
    let file = out.path().join("log.jsonl");
    takes(&data, &room, ["log", "jsonl", text(&file)]);
    drop(node);
    let altered = std::fs::read_to_string(&file).unwrap().replacen("Larkfield", "Larkfeild", 1);
    std::fs::write(&file, altered).unwrap();
    let words = refusal(&["verify", "--export", text(&file)]);
    assert!(words.contains("line 1: does not match the chain"), "{words}");
    let words = refusal(&["verify", "--export", text(&out.path().join("none.jsonl"))]);
    assert!(words.contains("cannot be read"), "{words}");
}

#[test]
fn an_impossible_export_is_refused_and_leaves_no_file() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = text(folder.path()).to_owned();
    let node = Serving::start(folder.path(), |_| {});
    let room = open_room(&data).unwrap();
    let file = out.path().join("log.csv");
    let nobody = uuid::Uuid::new_v4().to_string();
    let words = refusal(&asked(&data, &nobody, ["log", "csv", text(&file)]));
    assert!(words.contains("Nothing was exported"), "{words}");
    let words = refusal(&asked(&data, &room, ["movements", "xlsx", text(&file)]));
    assert!(words.contains("use csv for movements and the log"), "{words}");
    assert!(!file.exists());
    takes(&data, &room, ["log", "csv", text(&file)]);
    let words = refusal(&asked(&data, &room, ["log", "csv", text(&file)]));
    assert!(words.contains("already exists") && words.contains("--force"), "{words}");
    let forced = [asked(&data, &room, ["log", "csv", text(&file)]), vec!["--force"]].concat();
    assert!(ran(&forced).status.success());
    drop(node);
    let nowhere = text(out.path());
    let words = refusal(&asked(nowhere, &room, ["log", "csv", text(&out.path().join("x.csv"))]));
    assert!(words.contains("holds no rooms"), "{words}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1, "no part is left behind");
}

/// E5: on a store that accepts no writes, an export needs an explicit flag.
#[test]
fn an_unrecorded_export_needs_an_explicit_flag() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = text(folder.path()).to_owned();
    let node = Serving::start(folder.path(), |_| {});
    let room = open_room(&data).unwrap();
    drop(node);
    // Another program holds the folder, and no node answers: nothing can be written.
    let holder = journal::Sqlite::open(&folder.path().join("muster.db")).unwrap();
    let file = out.path().join("log.jsonl");
    let words = refusal(&asked(&data, &room, ["log", "jsonl", text(&file)]));
    assert!(words.contains("--without-record"), "{words}");
    assert!(!file.exists());
    let said = [asked(&data, &room, ["log", "jsonl", text(&file)]), vec!["--without-record"]];
    let ended = ran(&said.concat());
    let words = String::from_utf8(ended.stdout).unwrap();
    assert!(words.contains("The room's log does not record it"), "{words}");
    assert!(ran(&["verify", "--export", text(&file)]).status.success());
    drop(holder);
}
