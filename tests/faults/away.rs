//! The database is killed, paused, closes all connections, or is read-only (E12, E17, E18).

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use journal::{Error, Health, Journal, Postgres, postgres::verify};
use proof::postgres::{Server, shared};
use proto::id::{CommandId, Cursor, RoomId, Seq};

use crate::{cut::address, history::History, rig::soaked};

/// The answers to one writer.
#[derive(Debug, Default)]
struct Told {
    acks: Vec<(Cursor, CommandId)>,
    unknown: u32,
    away: u32,
}

/// Writes into a room until stopped, and continues from the actual head after each failure, as a
/// hub does: a command is never sent again under another id.
async fn write(store: Arc<Postgres>, room: RoomId, writer: u32, stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    let mut history = History::after(room, None);
    let mut number = 0_u32;
    while !stop.load(Ordering::SeqCst) {
        let mut next = history.clone();
        number += 1;
        let batch = next.write(1, &format!("{writer} {number}"));
        let id = batch.outcomes[0].id;
        match store.append(batch).await {
            Ok(head) => {
                told.acks.push((head, id));
                history = next;
                continue;
            }
            Err(Error::Conflict(_)) => {}
            Err(Error::Unknown(_)) => told.unknown += 1,
            Err(Error::Away(_)) => told.away += 1,
            Err(error) => panic!("{error}"),
        }
        history = loop {
            let known = Seq(history.head().seq.0.max(1));
            match store.read(room, known, usize::MAX).await {
                Ok(entries) if entries.is_empty() => break History::after(room, None),
                Ok(entries) => break History::after(room, entries.last()),
                Err(Error::Away(_)) => {
                    let mut health = store.health();
                    let well = health.wait_for(|health| *health == Health::Writable);
                    proof::soon("the database", well).await.unwrap();
                }
                Err(error) => panic!("{error}"),
            }
        };
    }
    told
}

/// Checks that nothing acknowledged is lost or duplicated.
async fn judge(url: &str, told: &BTreeMap<RoomId, Vec<Told>>) {
    verify(&address(url)).await.unwrap();
    let store = Postgres::open(address(url)).await.unwrap();
    for (room, writers) in told {
        let entries = store.read(*room, Seq(1), usize::MAX).await.unwrap();
        for (head, id) in writers.iter().flat_map(|told| &told.acks) {
            let place = usize::try_from(head.seq.0).unwrap() - 1;
            let kept = entries.get(place).map(|entry| entry.chain.tag());
            assert_eq!(kept, Some(head.tag), "entry {} of {room} was acknowledged", head.seq);
            assert_eq!(store.outcomes(*room, &[*id]).await.unwrap().len(), 1);
        }
        // Unacknowledged writes may be in as well, each once.
        let acks: usize = writers.iter().map(|told| told.acks.len()).sum();
        let unsure: u32 = writers.iter().map(|told| told.unknown).sum();
        let more = entries.len() - acks;
        assert!(
            more <= usize::try_from(unsure).unwrap(),
            "{more} entries in {room} are from no writer"
        );
    }
}

/// Lets two nodes write three rooms while something happens to the database.
async fn under_load<T>(url: &str, during: impl Future<Output = T>) -> T {
    let stop = Arc::new(AtomicBool::new(false));
    let mut writing = Vec::new();
    for node in 0..2 {
        let store = Arc::new(Postgres::open(address(url)).await.unwrap());
        for room in 1..=3 {
            let room = History::of(room).room;
            let writer = write(Arc::clone(&store), room, node, Arc::clone(&stop));
            writing.push((room, tokio::spawn(writer)));
        }
    }
    let done = during.await;
    stop.store(true, Ordering::SeqCst);
    let mut told: BTreeMap<RoomId, Vec<Told>> = BTreeMap::new();
    for (room, writer) in writing {
        let ended = proof::soon("a writer's end", writer).await.unwrap();
        told.entry(room).or_default().push(ended);
    }
    judge(url, &told).await;
    let acks: usize = told.values().flatten().map(|told| told.acks.len()).sum();
    assert!(acks > 0, "nothing was acknowledged: {told:?}");
    done
}

/// Waits until something else was written.
async fn some_more(watching: &Postgres) {
    let room = History::of(1).room;
    let before = watching.head(room).await.ok().flatten().map_or(0, |head| head.seq.0);
    let more = async {
        loop {
            let head = watching.head(room).await.ok().flatten();
            if head.is_some_and(|head| head.seq.0 >= before + 5) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    proof::soon("something more in the room", more).await;
}

/// I-1, I-5, I-7: many nodes, one database, no leader.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_writing_the_same_rooms_lose_and_duplicate_nothing() {
    let url = shared().database().await;
    let watching = Postgres::open(address(&url)).await.unwrap();
    under_load(&url, async {
        for _ in 0..5 {
            some_more(&watching).await;
        }
    })
    .await;
}

/// I-5, I-7, I-13, D2.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_under_load_loses_no_acknowledged_commit() {
    let mut server = Server::start();
    let url = server.database().await;
    let watching = Postgres::open(address(&url)).await.unwrap();
    under_load(&url, async {
        for _ in 0..soaked(3) {
            some_more(&watching).await;
            tokio::task::block_in_place(|| {
                server.kill();
                server.run();
            });
        }
        some_more(&watching).await;
    })
    .await;
}

/// I-5, I-7, I-13: each statement may or may not have committed when its connection is terminated.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_terminated_under_load_lose_and_duplicate_nothing() {
    let url = shared().database().await;
    let watching = Postgres::open(address(&url)).await.unwrap();
    let administrator = shared().client(&url).await;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'muster' AND datname = current_database()";
    under_load(&url, async {
        for _ in 0..soaked(20) {
            administrator.query(end, &[]).await.unwrap();
            some_more(&watching).await;
        }
    })
    .await;
}

/// I-13, E12: nobody gets a false answer; when it resumes, everything sent is in once or not at
/// all, and the store accepts writes again without a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_database_is_away_until_it_resumes() {
    let server = Server::start();
    let url = server.database().await;
    let store = Postgres::open(address(&url)).await.unwrap();
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    server.pause();
    let mut next = history.clone();
    let asked = std::time::Instant::now();
    let unsure = store.append(next.write(1, "while it was paused")).await.unwrap_err();
    assert!(matches!(unsure, Error::Unknown(_)), "{unsure}");
    assert!(asked.elapsed().as_secs() < 25, "it took {:?}", asked.elapsed());
    assert_eq!(*store.health().borrow(), Health::Away);
    let asked = std::time::Instant::now();
    let away = store.append(history.clone().write(1, "refused at once")).await.unwrap_err();
    assert!(matches!(away, Error::Away(_)), "{away}");
    assert!(asked.elapsed().as_millis() < 500, "it took {:?}", asked.elapsed());
    assert!(matches!(store.head(history.room).await, Err(Error::Away(_))));
    server.resume();
    let mut health = store.health();
    let well = health.wait_for(|health| *health == Health::Writable);
    proof::soon("the database", well).await.unwrap();
    let head = store.head(history.room).await.unwrap().unwrap();
    assert!([history.head(), next.head()].contains(&head));
    let read = store.read(history.room, Seq(1), 10).await.unwrap();
    let mut history = History::after(history.room, read.last());
    store.append(history.write(1, "after it")).await.unwrap();
    verify(&address(&url)).await.unwrap();
}

/// A standby, or a primary that an administrator set read-only: rooms can be read, nothing is
/// written, and the store recovers on its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_database_serves_reads_and_recovers_without_a_restart() {
    let url = shared().database().await;
    let name = url.rsplit_once('/').unwrap().1;
    let store = Postgres::open(address(&url)).await.unwrap();
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    let administrator = shared().client(&url).await;
    let set = async |is_on: bool| {
        let set = format!("ALTER DATABASE {name} SET default_transaction_read_only = {is_on}");
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'muster' AND datname = current_database()";
        administrator.batch_execute("SET default_transaction_read_only = off").await.unwrap();
        administrator.batch_execute(&set).await.unwrap();
        administrator.batch_execute(end).await.unwrap();
    };
    set(true).await;
    // It may have been sent on the terminated connection, and then its result is unknown.
    let sent = store.append(history.clone().write(1, "sent")).await.unwrap_err();
    assert!(matches!(sent, Error::Away(_) | Error::Unknown(_)), "{sent}");
    let away = store.append(history.clone().write(1, "held")).await.unwrap_err();
    assert!(matches!(away, Error::Away(_)), "{away}");
    assert_eq!(store.head(history.room).await.unwrap(), Some(history.head()));
    assert_eq!(*store.health().borrow(), Health::Away);
    let late = Postgres::open(address(&url)).await.unwrap();
    assert!(!late.writable(), "a store opened meanwhile is not writable either");
    set(false).await;
    for store in [&store, &late] {
        let mut health = store.health();
        let well = health.wait_for(|health| *health == Health::Writable);
        proof::soon("the database", well).await.unwrap();
    }
    store.append(history.write(1, "again")).await.unwrap();
}
