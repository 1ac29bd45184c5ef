//! Nodes as processes on one `PostgreSQL` database, and the operator's commands beside them.

use std::net::SocketAddr;

use journal::{
    Journal, Postgres,
    postgres::{Address, Asked},
};
use node::trust::{self, Trust};
use proof::{
    certificate::Authority,
    postgres::{Server, free_port, shared},
    web::Web,
};

use crate::{
    history::History,
    process::{Serving, muster, open_room, ran, refusal, text},
};

/// Starts a node on its own folder and a database.
fn serve(folder: &tempfile::TempDir, url: &str) -> Serving {
    Serving::start(folder.path(), |command| {
        command.env("MUSTER_DATABASE", url);
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_share_a_database_that_is_verified_and_exported_without_them() {
    let url = shared().database().await;
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let nodes: Vec<_> = folders.iter().map(|folder| serve(folder, &url)).collect();
    let rooms: Vec<_> =
        folders.iter().map(|folder| open_room(text(folder.path())).unwrap()).collect();
    assert_ne!(rooms[0], rooms[1]);
    let data = text(folders[0].path());
    let out = folders[0].path().join("log.csv");
    let export = |room: &str, node: &str| {
        let mut command = muster();
        command.args(["export", "log", "--data", node, "--database", &url, "--room", room]);
        command.args(["--force", "--why", "asked for", "--out", text(&out)]);
        let ended = command.output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        std::fs::read_to_string(&out).unwrap()
    };
    assert!(export(&rooms[0], data).contains("Larkfield"));
    // Each node knows the other's room: it is in the database and not in a folder.
    assert!(export(&rooms[1], data).contains("Larkfield"));
    drop(nodes);
    assert!(export(&rooms[0], data).contains("Larkfield"), "without a node as well");
    let told = ran(&["verify", "--database", &url]);
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains("in 2 rooms"), "{told}");
    assert!(!folders[0].path().join("muster.db").exists());
    shared().client(&url).await.batch_execute("UPDATE heads SET seq = 9").await.unwrap();
    let words = refusal(&["verify", "--database", &url]);
    assert!(words.contains("the room's head names entry 9"), "{words}");
}

/// The node's own folder stays small, so the size of the database is what fills a disk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metrics_report_the_size_of_the_database() {
    let url = shared().database().await;
    let client = shared().client(&url).await;
    let size = async || -> f64 {
        let sql = "SELECT pg_database_size(current_database())::float8";
        client.query_one(sql, &[]).await.unwrap().get(0)
    };
    let figures = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let folder = tempfile::tempdir().unwrap();
    let node = Serving::start(folder.path(), |command| {
        command.env("MUSTER_DATABASE", &url).env("MUSTER_METRICS", figures.to_string());
    });
    let figures = Web::new(figures);
    let first = size().await;
    let is_told = async |size: f64| {
        let is_near = |told: f64| (told - size).abs() < 0.1 * size;
        figures.figure_until("muster_database_bytes", is_near).await;
    };
    is_told(first).await;
    let grow =
        "CREATE TABLE filler AS SELECT repeat(md5(n::text), 20) FROM generate_series(1, 30000) n";
    client.batch_execute(grow).await.unwrap();
    let is = size().await;
    assert!(is > 2.0 * first, "{first} to {is}");
    is_told(is).await;
    drop(node);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreachable_database_is_reported_without_its_password() {
    let mut server = Server::start();
    let url = server.database().await;
    server.stop();
    let url = url.replace("muster@", "muster:hunter2@");
    let folder = tempfile::tempdir().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", text(folder.path())];
    let ended = muster().args(serve).env("MUSTER_DATABASE", &url).output().unwrap();
    let words = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{words}");
    assert!(words.contains("cannot be reached") && words.contains("refused"), "{words}");
    assert!(!words.contains("hunter2") && !words.contains("panicked"), "{words}");
    let flag = muster().args(serve).args(["--database", &url]).output().unwrap();
    let words = String::from_utf8(flag.stderr).unwrap();
    assert!(words.contains("MUSTER_DATABASE") && !words.contains("hunter2"), "{words}");
}

/// The server must prove its identity before anything is sent to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_a_database_needs_a_trusted_certificate() {
    let (server, authority) = Server::over_tls();
    let url = format!("{}?sslmode=verify-full", server.database().await);
    let folder = tempfile::tempdir().unwrap();
    let open = async |authority: &str| {
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, authority).unwrap();
        let trust = Trust::of(trust::Server::Database, Some(&file)).unwrap();
        let asked = Asked { url: url.clone(), trust: Some(trust), ..Asked::default() };
        Postgres::open(Address::parse(&asked).unwrap()).await
    };
    let store = open(authority.pem()).await.unwrap();
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    let plain = server.client(url.split_once('?').unwrap().0).await;
    let sql = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE application_name = 'muster' AND NOT ssl";
    let unsaid: i64 = plain.query_one(sql, &[]).await.unwrap().get(0);
    assert_eq!(unsaid, 0, "a connection of ours goes without TLS");
    let another = Authority::new();
    let refused = open(another.pem()).await.unwrap_err().to_string();
    assert!(refused.contains("certificate"), "{refused}");
}
