//! Altered and damaged files (E4): `verify` names the first bad entry, and no reader is served a
//! wrong one.

use std::path::{Path, PathBuf};

use journal::{
    Journal, Sqlite, Stored,
    verify::{Fault, Report, verify},
};
use proto::id::{RoomId, Seq};
use rusqlite::Connection;

use crate::{history::History, rig::soaked};

const ROOMS: u128 = 3;
const ENTRIES: u64 = 20;

struct Archive {
    folder: tempfile::TempDir,
}

impl Archive {
    async fn new() -> Self {
        let archive = Self { folder: tempfile::tempdir().unwrap() };
        let store = Sqlite::open(&archive.path()).unwrap();
        for room in 1..=ROOMS {
            store.append(History::of(room).write(ENTRIES, "a nonce")).await.unwrap();
        }
        drop(store);
        archive
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("muster.db")
    }

    /// Alters a copy by SQL and returns the result of `verify`.
    fn altered(&self, sql: &str) -> Result<Report, Fault> {
        let copy = self.folder.path().join("copy.db");
        std::fs::copy(self.path(), &copy).unwrap();
        let altering = Connection::open(&copy).unwrap();
        altering.execute_batch(sql).unwrap();
        assert!(altering.total_changes() > 0, "altered nothing: {sql}");
        drop(altering);
        verify(&copy)
    }

    fn assert_names(&self, seq: u64, sql: &str) {
        match self.altered(sql) {
            Err(Fault::Entry { room, seq: named, .. }) => {
                assert_eq!((room, named), (room_2(), Seq(seq)), "{sql}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
}

fn room_2() -> RoomId {
    History::of(2).room
}

/// Puts room 2's id into a statement.
fn sql(text: &str) -> String {
    text.replace("ROOM2", "x'00000000000000000000000000000002'")
}

#[tokio::test]
async fn an_intact_database_verifies_beside_a_running_node() {
    let archive = Archive::new().await;
    let report = Report { rooms: 3, entries: 60, outcomes: 60 };
    assert_eq!(verify(&archive.path()).unwrap(), report);
    let store = Sqlite::open(&archive.path()).unwrap();
    store.append(History::of(9).write(2, "")).await.unwrap();
    let report = Report { rooms: 4, entries: 62, outcomes: 62 };
    assert_eq!(verify(&archive.path()).unwrap(), report);
}

/// I-2, I-3.
#[tokio::test]
async fn an_altered_entry_is_named() {
    let archive = Archive::new().await;
    for seq in [1, 7, 20] {
        let at = format!("WHERE room = ROOM2 AND seq = {seq}");
        let alterations = [
            "UPDATE entries SET body = CAST(replace(body, 'nonce', 'n0nce') AS BLOB)",
            "UPDATE entries SET body = CAST(body || ' ' AS BLOB)",
            "UPDATE entries SET body = x''",
            "UPDATE entries SET chain = zeroblob(32)",
            "UPDATE entries SET chain = x'00'",
            "DELETE FROM entries",
        ];
        for alteration in alterations {
            archive.assert_names(seq, &sql(&format!("{alteration} {at}")));
        }
    }
}

/// I-1, I-3.
#[tokio::test]
async fn an_inserted_moved_or_truncated_entry_is_named() {
    let archive = Archive::new().await;
    archive.assert_names(21, &sql(
        "INSERT INTO entries SELECT room, 21, chain, body FROM entries WHERE room = ROOM2 AND seq = 20",
    ));
    archive.assert_names(1, &sql(
        "INSERT INTO entries SELECT room, 0, chain, body FROM entries WHERE room = ROOM2 AND seq = 20",
    ));
    archive.assert_names(
        4,
        &sql("UPDATE entries SET seq = -1 WHERE room = ROOM2 AND seq = 4;
         UPDATE entries SET seq = 4 WHERE room = ROOM2 AND seq = 5;
         UPDATE entries SET seq = 5 WHERE room = ROOM2 AND seq = -1;"),
    );
    archive.assert_names(15, &sql("DELETE FROM entries WHERE room = ROOM2 AND seq >= 15"));
    archive.assert_names(1, &sql("DELETE FROM entries WHERE room = ROOM2"));
    archive.assert_names(
        1,
        &sql("DELETE FROM entries WHERE room = ROOM2;
         INSERT INTO entries SELECT ROOM2, seq, chain, body FROM entries WHERE seq <= 20
         AND room = x'00000000000000000000000000000001'"),
    );
}

#[tokio::test]
async fn an_outcome_that_contradicts_the_entries_is_reported() {
    let archive = Archive::new().await;
    let torn = archive.altered("UPDATE outcomes SET outcome = '{\"is\":\"maybe\"}'");
    assert!(matches!(torn, Err(Fault::Outcome { .. })), "{torn:?}");
}

/// A chain recomputed from an altered entry on no longer ends in the tag that screens hold; the
/// entry's own number must still be right.
#[tokio::test]
async fn an_entry_with_the_wrong_number_is_named_although_its_chain_fits() {
    let archive = Archive::new().await;
    let database = Connection::open(archive.path()).unwrap();
    let body = br#"{"at":1,"room":"00000000-0000-0000-0000-000000000002","seq":8}"#;
    let chain = journal::Chain::default().link(body);
    let forge = "UPDATE entries SET body = ?1, chain = ?2 WHERE room = ?3 AND seq = 1";
    let room = room_2().0.into_bytes();
    database.execute(forge, (body.as_slice(), chain.0, room)).unwrap();
    drop(database);
    let fault = verify(&archive.path()).unwrap_err();
    assert!(matches!(fault, Fault::Entry { seq: Seq(1), .. }), "{fault}");
}

async fn read_all(path: &Path) -> Result<Vec<Stored>, journal::Error> {
    let store = Sqlite::open(path)?;
    let mut all = Vec::new();
    for room in 1..=ROOMS {
        all.extend(store.read(History::of(room).room, Seq(1), 100).await?);
    }
    Ok(all)
}

/// E4: for any bit of the file, either `verify` reports it or every entry is intact; and a store
/// that opens the file serves correct entries or an error.
#[tokio::test]
async fn a_flipped_bit_is_detected_or_harmless() {
    let archive = Archive::new().await;
    let good = std::fs::read(archive.path()).unwrap();
    let entries = read_all(&archive.path()).await.unwrap();
    let damaged = archive.folder.path().join("damaged.db");
    let (mut told, flips) = (0, soaked(300));
    for _ in 0..flips {
        let bit = rand::random_range(0..good.len() * 8);
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&damaged, &bytes).unwrap();
        let verdict = verify(&damaged);
        told += u32::from(verdict.is_err());
        if let Ok(read) = read_all(&damaged).await {
            let known = read.iter().all(|entry| entries.contains(entry));
            assert!(known, "bit {bit}: a wrong entry was served");
            if verdict.is_ok() {
                assert!(read == entries, "bit {bit}: verified, and not the same");
            }
        } else {
            assert!(verdict.is_err(), "bit {bit}: verified, and unreadable");
        }
        for ending in ["-wal", "-shm", ".lock"] {
            drop(std::fs::remove_file(archive.folder.path().join(format!("damaged.db{ending}"))));
        }
    }
    assert!(told > flips / 10, "only {told} of {flips} were noticed");
}

/// Every byte of an entry's row, located in the file by its content.
#[tokio::test]
async fn an_entry_with_any_byte_altered_in_the_file_is_named() {
    let archive = Archive::new().await;
    let entry = History::of(2).write(9, "a nonce").entries.remove(8);
    let good = std::fs::read(archive.path()).unwrap();
    let damaged = archive.folder.path().join("damaged.db");
    for part in [&entry.body[..], &entry.chain.0[..]] {
        let found = good.windows(part.len()).position(|window| window == part).unwrap();
        for place in found..found + part.len() {
            let mut bytes = good.clone();
            bytes[place] ^= 0x11;
            std::fs::write(&damaged, &bytes).unwrap();
            match verify(&damaged) {
                Err(Fault::Entry { room, seq, .. }) => assert_eq!((room, seq), (room_2(), Seq(9))),
                other => panic!("byte {place}: {other:?}"),
            }
        }
    }
}
