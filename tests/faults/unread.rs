//! An unread log (E32): standard error is a full pipe, and its reader is stuck.

use std::{
    io::{BufRead, BufReader},
    process::Command,
    sync::mpsc,
    time::Duration,
};

use futures_util::future::join_all;
use hyper::Method;
use node::client::Client;
use proof::{postgres::free_port, soon, web::Web};
use proto::limit;
use serde_json::Value;

use crate::process::{Serving, fails, open_room, text};

/// The longest time for an answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A node that logs everything, and whose log is not read once it is ready.
struct Unread {
    node: Serving,
    data: String,
    web: Web,
    figures: Web,
}

impl Unread {
    fn start(folder: &tempfile::TempDir, configure: impl FnOnce(&mut Command)) -> Self {
        let figures = std::net::SocketAddr::from(([127, 0, 0, 1], free_port()));
        let node = Serving::start(folder.path(), |command| {
            command
                .env("MUSTER_TRACE", "info,node=debug")
                .args(["--metrics", &figures.to_string()]);
            configure(command);
        });
        let access = std::fs::read(folder.path().join("operator.json")).unwrap();
        let access: Value = serde_json::from_slice(&access).unwrap();
        let addr = access["url"].as_str().unwrap().strip_prefix("http://").unwrap();
        let web = Web::new(addr.parse().unwrap());
        Self { node, data: text(folder.path()).to_owned(), web, figures: Web::new(figures) }
    }

    /// Sends a request that must be answered although the log is unread.
    async fn answers(&self, path: &str) {
        let answer = tokio::time::timeout(PATIENCE, self.web.get(path).try_send()).await;
        let answer = answer.unwrap_or_else(|_| panic!("{path} was not answered")).unwrap();
        assert_eq!(answer.status.as_u16(), 200, "{path}");
    }

    /// Returns the number of lost lines, from the metrics.
    async fn lost(&self) -> f64 {
        let told = self.figures.figure("muster_log_lines_lost_total");
        tokio::time::timeout(PATIENCE, told).await.expect("the figures were not answered")
    }

    /// Sends logged requests until the pipe and the queue behind it are full.
    async fn fill(&self) {
        assert!(self.lost().await < 0.5);
        let client = Client::new(&format!("http://{}", self.web.addr()));
        for _ in 0..limit::LOG_LINES_MAX {
            let asked = (0..8).map(|_| client.ask(Method::POST, "/health", None));
            let answers = tokio::time::timeout(PATIENCE, join_all(asked)).await;
            for answer in answers.expect("/health was not answered") {
                assert_eq!(answer.unwrap().status.as_u16(), 405);
            }
            if self.lost().await > 99.0 {
                return;
            }
        }
        panic!("it never filled");
    }

    /// Opens a room as an operator does; returns its id, or the error message.
    async fn opens(&self) -> Result<String, String> {
        let data = self.data.clone();
        let opened = tokio::task::spawn_blocking(move || open_room(&data));
        soon("the operator's command", opened).await.unwrap()
    }

    fn signal(&self, name: &str) {
        let told = Command::new("kill").args([name, &self.node.child.id().to_string()]).status();
        assert!(told.unwrap().success());
    }

    /// Waits until it has exited; returns its exit code.
    async fn ended(&mut self) -> Option<i32> {
        let ended = async {
            loop {
                if let Some(ended) = self.node.child.try_wait().unwrap() {
                    return ended.code();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("it must end")
    }
}

/// Reads a log from here on, line by line.
fn read(node: &mut Serving) -> mpsc::Receiver<Value> {
    let (tell, lines) = mpsc::channel();
    let log = node.child.stderr.take().unwrap();
    std::thread::spawn(move || {
        // The first may be the rest of a line.
        for line in BufReader::new(log).lines().skip(1) {
            let line = line.unwrap();
            let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Reads until a line matches.
fn until(lines: &mpsc::Receiver<Value>, is_so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let line = lines.recv_timeout(PATIENCE).expect("the line never came");
        if is_so(&line) {
            return line;
        }
    }
}

/// E32: and any loss is recorded in the log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_with_an_unread_log_continues_and_counts_lost_lines() {
    let folder = tempfile::tempdir().unwrap();
    let mut unread = Unread::start(&folder, |_| {});
    unread.fill().await;
    unread.answers("/health").await;
    unread.answers("/ready").await;
    unread.opens().await.expect("a room is opened although the log is unread");
    let before = unread.lost().await;

    let lines = read(&mut unread.node);
    let is_loss =
        |line: &Value| line["message"].as_str().is_some_and(|words| words.contains("were dropped"));
    let told = until(&lines, is_loss)["lost"].as_f64().unwrap();
    assert!(told >= before, "{told} of {before} are told");
    let room = unread.opens().await.unwrap();
    until(&lines, |line| line["message"] == "a room was opened" && line["room"] == room.as_str());
    let after = unread.lost().await;
    assert!((after - told).abs() < 0.5, "a reader loses nothing: {told}, {after}");

    unread.signal("-TERM");
    until(&lines, |line| line["message"] == "the node has stopped");
    assert_eq!(unread.ended().await, Some(0));
}

/// E32, E3: a node that must exit does, although its log is unread, so that its supervisor restarts
/// it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_with_an_unread_log_can_still_exit() {
    let (folder, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    drop(Serving::start(folder.path(), |_| {}));
    let mut failing = Unread::start(&folder, |command| {
        fails(command, folder.path(), copies.path(), "sync:EIO:14:0");
    });
    failing.fill().await;
    let mut opened = 0;
    while failing.opens().await.is_ok() {
        opened += 1;
        assert!(opened < 50, "the disk never failed");
    }
    assert_eq!(failing.ended().await, Some(1));
    let mut asked = Unread::start(&folder, |_| {});
    asked.fill().await;
    asked.signal("-TERM");
    assert_eq!(asked.ended().await, Some(0));
}
