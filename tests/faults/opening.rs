//! Files that cannot be opened are refused in plain words (E4, E26, E29).

use std::path::Path;

use journal::{Error, Journal, Sqlite};
use proto::id::Seq;

use crate::{
    history::History,
    ledger::{Ledger, judge},
    rig::{Rig, Work},
};

fn refusal(path: &Path) -> String {
    match Sqlite::open(path) {
        Err(Error::Unreadable(words)) => {
            assert!(words.contains(&path.display().to_string()), "does not name the file: {words}");
            words
        }
        other => panic!("{other:?}"),
    }
}

/// E29: within a process, and from another one.
#[tokio::test]
async fn a_second_process_on_the_same_database_is_refused() {
    let rig = Rig::new();
    let store = Sqlite::open(&rig.database()).unwrap();
    assert!(matches!(Sqlite::open(&rig.database()), Err(Error::Locked(_))));
    let work = Work { rooms: 1, writes: 1, synchronous: "full", checkpoint_bytes: 1, waits: false };
    let writer = rig.command(work, &rig.ledger()).status().unwrap();
    assert!(writer.success());
    let told = Ledger::read(&rig.ledger());
    assert!(told.acks.is_empty());
    assert!(told.lines[0].contains("another process is using"), "{told:?}");
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    drop(store);
    rig.command(work, &rig.ledger()).status().unwrap();
    let told = Ledger::read(&rig.ledger());
    assert_eq!(told.acks.len(), 1, "the lock ends with its holder");
    judge(&rig.database(), &told).await.unwrap();
}

/// I-2, I-5: everything acknowledged is there when the store is opened again.
#[tokio::test]
async fn a_reopened_store_holds_the_same_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    let mut history = History::of(1);
    for round in 0..3 {
        let store = Sqlite::open(&path).unwrap();
        let expected = (round > 0).then(|| history.head());
        assert_eq!(store.head(history.room).await.unwrap(), expected);
        store.append(history.write(2, &round.to_string())).await.unwrap();
    }
}

/// Moves the entries back into the table of releases before the third version.
const AS_BEFORE: &str = "
    CREATE TABLE before (
        room BLOB NOT NULL, seq INTEGER NOT NULL, chain BLOB NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO before SELECT room, seq, chain, body FROM entries;
    DROP TABLE entries;
    ALTER TABLE before RENAME TO entries;
    PRAGMA user_version = 2;
";

/// Returns the size of a closed database.
fn folded_bytes(path: &Path) -> u64 {
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(other);
    std::fs::metadata(path).unwrap().len()
}

/// E26, I-3: everything an earlier release wrote is there, and the history continues.
#[tokio::test]
async fn entries_of_an_earlier_release_are_migrated_completely() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    let store = Sqlite::open(&path).unwrap();
    let mut rooms = [History::of(1), History::of(2)];
    for round in 0..20 {
        let words = "x".repeat(1_000 + 10 * round);
        for history in &mut rooms {
            store.append(history.write(3, &words)).await.unwrap();
        }
    }
    let mut written = Vec::new();
    for history in &rooms {
        written.push(store.read(history.room, Seq(1), usize::MAX).await.unwrap());
    }
    drop(store);
    let earlier = rusqlite::Connection::open(&path).unwrap();
    earlier.execute_batch(AS_BEFORE).unwrap();
    drop(earlier);
    let before = journal::verify::verify(&path).unwrap();
    let large = folded_bytes(&path);
    let store = Sqlite::open(&path).unwrap();
    for (history, written) in rooms.iter_mut().zip(written) {
        assert_eq!(store.read(history.room, Seq(1), usize::MAX).await.unwrap(), written);
        store.append(history.write(1, "")).await.unwrap();
        assert_eq!(store.head(history.room).await.unwrap(), Some(history.head()));
    }
    drop(store);
    let after = journal::verify::verify(&path).unwrap();
    assert_eq!((after.rooms, after.entries), (2, before.entries + 2));
    let small = folded_bytes(&path);
    assert!(2 * small < large, "{small} bytes of {large}");
}

#[test]
fn a_database_of_a_later_release_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    drop(Sqlite::open(&path).unwrap());
    let other = rusqlite::Connection::open(&path).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    drop(other);
    let words = refusal(&path);
    assert!(words.contains("later release"), "{words}");
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')")
        .unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    let words = refusal(&path);
    assert!(words.contains("another program"), "{words}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_that_is_not_a_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    for len in [1, 100, 4096, 20_000] {
        let bytes: Vec<u8> = (0..len).map(|_| rand::random()).collect();
        std::fs::write(&path, &bytes).unwrap();
        let words = refusal(&path);
        assert!(words.contains("is not a database"), "{words}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let words = refusal(&folder.path().join("nowhere/muster.db"));
    assert!(words.contains("folder"), "{words}");
}

/// E27: a power cut during creation leaves a database that opens.
#[tokio::test]
async fn a_power_cut_while_creating_a_database_leaves_one_that_opens() {
    let rig = Rig::new();
    let work = Work { rooms: 1, writes: 1, synchronous: "full", checkpoint_bytes: 1, waits: false };
    rig.run(work, 1, None);
    let cuts = rig.cuts();
    assert!(cuts.len() >= 4, "only {} cuts", cuts.len());
    for cut in cuts {
        for kind in ["strict", "torn"] {
            let database = cut.join(kind).join("muster.db");
            let store = Sqlite::open(&database).unwrap();
            let mut history = History::of(9);
            store.append(history.write(1, "")).await.unwrap();
        }
    }
}

/// The database and its side files are readable by the node's account alone: they hold personal
/// data.
#[tokio::test]
async fn a_new_database_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    let store = Sqlite::open(&path).unwrap();
    store.append(History::of(1).write(1, "")).await.unwrap();
    for name in ["muster.db", "muster.db-wal", "muster.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
    }
}
