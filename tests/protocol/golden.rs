//! Golden files: every release can read what earlier releases wrote. `cargo xtask bless` writes those of this
//! version again; those of earlier versions never change.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use journal::{Chain, Stored};
use proof::fold;
use proto::{
    entry::Entry,
    frame::{ClientFrame, ServerFrame, VERSION},
    http::CommandsAnswer,
    key::Key,
    nouns::Event,
    role::Audience,
};
use serde_json::{Map, Value, json};

#[path = "script.rs"]
mod script;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

/// Locked while a file is written, so that no parallel test reads half of it.
static FILES: Mutex<()> = Mutex::new(());

/// Reads a golden file of a version; with BLESS=1, first writes that of the current version.
fn golden(name: &str, version: u32, fresh: impl FnOnce() -> String) -> String {
    let _held = FILES.lock();
    let file = path(name);
    if std::env::var_os("BLESS").is_some() && version == VERSION {
        std::fs::write(&file, fresh()).unwrap();
    }
    std::fs::read_to_string(file)
        .unwrap_or_else(|error| panic!("{name}: {error}; `cargo xtask bless` writes it"))
}

/// Returns every version with golden files.
fn versions() -> std::ops::RangeInclusive<u32> {
    1..=VERSION
}

/// Returns the entries of a journal as written, one per line.
fn journal(version: u32) -> Vec<Stored> {
    let text = golden(&format!("journal-{version}.jsonl"), version, || {
        let entries = script::played();
        entries.iter().map(|entry| format!("{entry}\n")).collect()
    });
    let mut chain = Chain::default();
    text.lines()
        .zip(1..)
        .map(|(line, seq)| {
            chain = chain.link(line.as_bytes());
            Stored { seq: proto::id::Seq(seq), chain, body: line.as_bytes().into() }
        })
        .collect()
}

/// Returns the rows of every audience after a journal, as readable text.
fn shown(entries: &[Stored]) -> String {
    let room = fold::fold(entries).0;
    let mut all = Map::new();
    for audience in Audience::ALL {
        let rows: Map<String, Value> = fold::rows(&room, audience)
            .iter()
            .map(|(key, row)| (key.to_string(), serde_json::to_value(row).unwrap()))
            .collect();
        all.insert(audience.word().to_owned(), Value::Object(rows));
    }
    let mut text = serde_json::to_string_pretty(&all).unwrap();
    text.push('\n');
    text
}

/// P-72: parsed to the byte, chained, and folded to the same rows (I-14).
#[test]
fn golden_journals_fold_to_golden_rows() {
    for version in versions() {
        let entries = journal(version);
        let fresh = shown(&entries);
        let rows = golden(&format!("rows-{version}.json"), version, || fresh.clone());
        assert_eq!(fresh, rows, "version {version}: an old journal shows something else");
    }
}

/// P-72: no kind of event can change without failing this test.
#[test]
fn the_golden_journal_holds_every_kind_of_event() {
    let kinds = Event::KINDS.iter().flat_map(|(_, kinds)| *kinds).copied();
    let texts: Vec<String> = versions()
        .flat_map(journal)
        .map(|stored| String::from_utf8(stored.body.to_vec()).unwrap())
        .collect();
    for kind in kinds {
        let (_, version) = kind.split_once('/').expect("a kind carries its version");
        assert!(version.parse::<u32>().is_ok(), "{kind}");
        let wanted = format!("\"kind\":\"{kind}\"");
        assert!(texts.iter().any(|text| text.contains(&wanted)), "no golden {kind}");
    }
}

/// What is not worth a line of the log by itself.
const UNSAID: [&str; 2] = ["checked_in/1", "edit_settled/1"];

/// Every noun has words for what happens to it.
#[test]
fn every_event_is_said_in_the_log() {
    let mut room = room::Room::default();
    for stored in journal(VERSION) {
        let entry = Entry::from_bytes(&stored.body).unwrap();
        room.apply(&entry);
        let is_worth_it = entry.events.iter().any(|event| !UNSAID.contains(&event.kind()));
        let said = room.row(Audience::Desk, Key::Log(entry.seq));
        assert_eq!(said.is_some(), is_worth_it, "{:?}", entry.events);
    }
}

/// Returns one frame or answer of each kind.
fn frames() -> String {
    let mut text = serde_json::to_string_pretty(&script::frames()).unwrap();
    text.push('\n');
    text
}

/// P-71: frames of every version parse, and serialise to the same bytes.
#[test]
fn golden_frames_round_trip() {
    for version in versions() {
        let text = golden(&format!("frames-{version}.json"), version, frames);
        let told: Value = serde_json::from_str(&text).unwrap();
        for frame in told["client"].as_array().unwrap() {
            let read: ClientFrame = serde_json::from_value(frame.clone()).unwrap();
            assert_eq!(&serde_json::to_value(&read).unwrap(), frame);
        }
        for frame in told["server"].as_array().unwrap() {
            let read: ServerFrame = serde_json::from_value(frame.clone()).unwrap();
            assert_eq!(&serde_json::to_value(&read).unwrap(), frame);
        }
        let answer: CommandsAnswer = serde_json::from_value(told["answer"].clone()).unwrap();
        assert_eq!(serde_json::to_value(&answer).unwrap(), told["answer"]);
    }
}

/// P-71: server frames may gain fields, client frames may not.
#[test]
fn server_frames_may_have_unknown_fields_and_client_frames_may_not() {
    let told = script::frames();
    for mut frame in told["server"].as_array().unwrap().clone() {
        frame["more"] = json!({"from": "a later release"});
        assert!(serde_json::from_value::<ServerFrame>(frame.clone()).is_ok(), "{frame}");
    }
    for mut frame in told["client"].as_array().unwrap().clone() {
        frame["more"] = json!(true);
        assert!(serde_json::from_value::<ClientFrame>(frame.clone()).is_err(), "{frame}");
    }
}
