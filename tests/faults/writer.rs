//! The process that the fault tests kill and whose disk they fail: it appends to a journal and
//! records each result in a ledger after the journal has answered.
//!
//! `journal-writer <database> <ledger> <rooms> <writes for each> <full | normal> <checkpoint
//! bytes>`

use std::{
    fs::File,
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use history::History;
use journal::{
    Error, Health, Journal, Sqlite,
    sqlite::{Options, Synchronous},
};
use proto::id::Seq;

#[path = "../contract/history.rs"]
mod history;

/// Appends tried after the first failure: none may succeed if a commit failed.
const TRIES_AFTER: u32 = 3;

type Ledger = Arc<Mutex<File>>;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, database, ledger, rooms, writes, synchronous, checkpoint] = &args[..] else {
        panic!("six arguments are needed");
    };
    let options = Options {
        synchronous: match synchronous.as_str() {
            "normal" => Synchronous::Normal,
            _ => Synchronous::Full,
        },
        checkpoint_bytes: checkpoint.parse().unwrap(),
    };
    let file = File::options().create(true).append(true).open(ledger).unwrap();
    let ledger: Ledger = Arc::new(Mutex::new(file));
    let store = match Sqlite::open_with(Path::new(database), options) {
        Ok(store) => Arc::new(store),
        Err(error) => return note(&ledger, &format!("closed {error}")),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(write_rooms(&store, &ledger, rooms.parse().unwrap(), writes.parse().unwrap()));
}

async fn write_rooms(store: &Arc<Sqlite>, ledger: &Ledger, rooms: u128, writes: u32) {
    let rooms: Vec<_> = (1..=rooms)
        .map(|room| tokio::spawn(write_room(Arc::clone(store), Arc::clone(ledger), room, writes)))
        .collect();
    for room in rooms {
        room.await.unwrap();
    }
}

async fn write_room(store: Arc<Sqlite>, ledger: Ledger, room: u128, writes: u32) {
    let room = History::of(room).room;
    let mut history = match whole(&*store, room).await {
        Ok(entries) => History::after(room, entries.last()),
        Err(error) => return note(&ledger, &format!("unread {error}")),
    };
    // Two runs never use the same command id, whatever the first one left behind.
    let salt = uuid::Uuid::new_v4().to_string();
    let mut tries = TRIES_AFTER;
    for _ in 0..writes {
        let mut next = history.clone();
        let entries = 1 + history.head().seq.0 % 2;
        note(&ledger, &format!("try {room}"));
        match store.append(next.write(entries, &salt)).await {
            Ok(head) => {
                note(&ledger, &format!("ack {room} {} {}", head.seq, head.tag));
                history = next;
                continue;
            }
            Err(Error::Full(_)) => {
                note(&ledger, "full");
                wait_for_room(&store, &ledger).await;
            }
            Err(Error::Unknown(_)) => note(&ledger, "unknown"),
            Err(Error::Stopped(_)) => note(&ledger, "stopped"),
            Err(error) => note(&ledger, &format!("failed {error}")),
        }
        tries -= 1;
        if tries == 0 {
            break;
        }
    }
    match whole(&*store, room).await {
        Ok(entries) => note(&ledger, &format!("read {room} {}", entries.len())),
        Err(error) => note(&ledger, &format!("unread {error}")),
    }
}

/// If asked to, waits for the store to notice on its own that the disk has space again.
async fn wait_for_room(store: &Sqlite, ledger: &Ledger) {
    if std::env::var_os("MUSTER_WRITER_WAITS").is_none() {
        return;
    }
    let mut health = store.health();
    let writable = health.wait_for(|health| *health == Health::Writable);
    match tokio::time::timeout(Duration::from_secs(20), writable).await {
        Ok(Ok(_)) => note(ledger, "room again"),
        Ok(Err(_)) | Err(_) => note(ledger, "failed to find room again"),
    }
}

async fn whole(
    store: &dyn Journal,
    room: proto::id::RoomId,
) -> Result<Vec<journal::Stored>, Error> {
    store.read(room, Seq(1), usize::MAX).await
}

fn note(ledger: &Ledger, line: &str) {
    ledger.lock().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
}
