//! The tables of the database of several nodes: created, migrated, refused (E26, E27).

use journal::{
    Error, Journal, Postgres,
    postgres::{Beside, verify},
};
use proof::{
    postgres::{Server, shared},
    proxy::{Break, Cut, From, Proxy},
};

use crate::{cut::address, history::History};

async fn refusal(url: &str) -> String {
    match Postgres::open(address(url)).await {
        Err(Error::Unreadable(words)) => words,
        other => panic!("{other:?}"),
    }
}

/// E27: the tables exist or they do not, at whichever message their creation is interrupted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_migration_is_complete_or_absent() {
    let server = shared();
    let proxy = Proxy::start(server.port()).await;
    let mut cut_off = 0;
    // The server's messages reveal little of its progress, so the client's are cut, one by one.
    for (from, step) in [(From::Client, 1), (From::Server, 7)] {
        for message in (0..).step_by(step) {
            let url = server.database().await;
            proxy.cut(&[Cut { from, message, how: Break::Before }]);
            let opened = Postgres::open(address(&proxy.on_the_way(&url, server.port()))).await;
            drop(opened);
            let is_through = proxy.is_through();
            let watching = server.client(&url).await;
            let sql = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
            let tables: i64 = watching.query_one(sql, &[]).await.unwrap().get(0);
            assert!([0, 9].contains(&tables), "{tables} tables at {from:?} {message}");
            let store = Postgres::open(address(&url)).await.unwrap();
            let mut history = History::of(1);
            store.append(history.write(1, "")).await.unwrap();
            cut_off += usize::from(is_through);
            if !is_through {
                break;
            }
        }
    }
    assert!(cut_off > 12, "only {cut_off} messages");
}

/// E27: nodes that start together create the tables once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_migrate_once() {
    let url = shared().database().await;
    let opening = (0..6).map(|_| Postgres::open(address(&url)));
    for opened in futures_util::future::join_all(opening).await {
        opened.unwrap();
    }
    let sql = "SELECT count(*) FROM muster_tables";
    let steps: i64 = shared().client(&url).await.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(steps, 1);
}

/// E26: tables to which a later release has only added are used; changed ones are left alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_of_a_later_release_are_used_only_if_it_allows_that() {
    let url = shared().database().await;
    drop(Postgres::open(address(&url)).await.unwrap());
    let later = shared().client(&url).await;
    let added = "ALTER TABLE heads ADD COLUMN later text;
        INSERT INTO muster_tables (version, oldest) VALUES (98, 1)";
    later.batch_execute(added).await.unwrap();
    let store = Postgres::open(address(&url)).await.unwrap();
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    let changed = "INSERT INTO muster_tables (version, oldest) VALUES (99, 99)";
    later.batch_execute(changed).await.unwrap();
    let words = refusal(&url).await;
    assert!(words.contains("later release"), "{words}");
    assert!(matches!(Beside::open(address(&url)).await, Err(Error::Unreadable(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_another_program_is_refused_and_left_alone() {
    let url = shared().database().await;
    let other = shared().client(&url).await;
    other.batch_execute("CREATE TABLE entries (recipe text)").await.unwrap();
    let words = refusal(&url).await;
    assert!(words.contains("another program"), "{words}");
    let sql = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let tables: i64 = other.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(tables, 1);
}

/// I-5: a server that is not durable is not written to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_durable_is_refused() {
    let server = Server::with(&["fsync=off"]);
    let words = refusal(&server.database().await).await;
    assert!(words.contains("fsync"), "{words}");
}

/// I-5: a server that acknowledges early by its own settings, and would lose the last ten seconds
/// when killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_durable_whatever_the_server_is_configured_to_do() {
    let mut server = Server::with(&["synchronous_commit=off", "wal_writer_delay=10000ms"]);
    let url = server.database().await;
    let store = Postgres::open(address(&url)).await.unwrap();
    let control = server.client(&url).await;
    control.batch_execute("CREATE TABLE control (written text); CHECKPOINT").await.unwrap();
    let mut history = History::of(1);
    for _ in 0..5 {
        store.append(history.write(1, "")).await.unwrap();
    }
    control.batch_execute("INSERT INTO control VALUES ('early')").await.unwrap();
    tokio::task::block_in_place(|| {
        server.kill();
        server.run();
    });
    let store = Postgres::open(address(&url)).await.unwrap();
    assert_eq!(store.head(history.room).await.unwrap(), Some(history.head()));
    let control = server.client(&url).await;
    let kept: i64 = control.query_one("SELECT count(*) FROM control", &[]).await.unwrap().get(0);
    assert_eq!(kept, 0, "the server keeps everything, so this proves nothing");
}

/// I-2, I-3: altered entries are named, and truncated ones too, although the remaining entries are
/// sound.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn altered_or_truncated_data_is_named() {
    for (altering, words) in [
        ("UPDATE entries SET body = overlay(body PLACING 'x' FROM 9) WHERE seq = 2", "entry 2"),
        ("DELETE FROM entries WHERE seq = 2", "entry 2"),
        ("DELETE FROM entries WHERE seq > 2", "entry 2: is the last entry"),
        ("DELETE FROM entries; DELETE FROM heads", "no head"),
        ("UPDATE heads SET seq = 2", "entry 4: is the last entry"),
        ("UPDATE outcomes SET outcome = '{}'", "cannot be read"),
    ] {
        let url = shared().database().await;
        let store = Postgres::open(address(&url)).await.unwrap();
        let mut history = History::of(1);
        store.append(history.write(4, "")).await.unwrap();
        assert_eq!(verify(&address(&url)).await.unwrap().entries, 4);
        shared().client(&url).await.batch_execute(altering).await.unwrap();
        let told = verify(&address(&url)).await.unwrap_err().to_string();
        assert!(told.contains(words), "{altering}: {told}");
    }
    let url = shared().database().await;
    let store = Postgres::open(address(&url)).await.unwrap();
    store.append(History::of(1).write(3, "")).await.unwrap();
    let altering = "UPDATE entries SET body = overlay(body PLACING 'x' FROM 9) WHERE seq = 2";
    shared().client(&url).await.batch_execute(altering).await.unwrap();
    let served = store.read(History::of(1).room, proto::id::Seq(1), 10).await.unwrap_err();
    assert!(served.to_string().contains("does not follow"), "what is damaged is not served");
}
