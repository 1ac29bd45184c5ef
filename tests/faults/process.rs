//! The whole program under faults: the messages of `muster`, and what it loses (nothing
//! acknowledged).

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proof::{cast, child::Node, device::Door};
use proto::role::{Audience, Role};

use crate::rig::shim;

/// Returns the program, which is built beside these tests.
pub fn muster() -> Command {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap().join("muster");
    assert!(built.exists(), "no {}: run `cargo build -p muster` first", built.display());
    let mut muster = Command::new(built);
    muster.stdin(Stdio::null()).env_remove("MUSTER_DATA").env_remove("MUSTER_DATABASE");
    muster
}

/// Runs the program to its end.
pub fn ran(args: &[&str]) -> Output {
    muster().args(args).output().unwrap()
}

/// Returns the program's message when it refuses to start.
pub fn refusal(args: &[&str]) -> String {
    let ended = ran(args);
    let words = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{words}");
    assert!(!words.contains("panicked"), "{words}");
    words
}

/// A running node.
pub struct Serving {
    pub child: Child,
}

impl Serving {
    /// Starts a node in a folder and waits until it is ready.
    pub fn start(folder: &Path, configure: impl FnOnce(&mut Command)) -> Self {
        let mut command = muster();
        command.args(["serve", "--listen", "127.0.0.1:0", "--log", "json", "--data"]);
        command.arg(folder).stderr(Stdio::piped());
        configure(&mut command);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
        let ready = lines.any(|line| line.unwrap().contains("the node is ready"));
        assert!(ready, "the node ended before it was ready");
        Self { child }
    }

    /// Waits for its end; returns its exit code and its output.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let mut words = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        (self.child.wait().unwrap().code(), words)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Opens a room on the running node; returns its id, or the error message.
pub fn open_room(data: &str) -> Result<String, String> {
    let cause = "owner-closure";
    let ended = ran(&["open", "--data", data, "--title", "Larkfield", "--cause", cause]);
    if ended.status.success() {
        return Ok(String::from_utf8(ended.stdout).unwrap().trim().to_owned());
    }
    Err(String::from_utf8(ended.stderr).unwrap())
}

/// Returns the rooms that have an entry, read from the file itself.
fn rooms(folder: &Path) -> Vec<String> {
    let file = rusqlite::Connection::open(folder.join("muster.db")).unwrap();
    let mut rows = file.prepare("SELECT DISTINCT room FROM entries").unwrap();
    let ids = rows.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    ids.map(|id| uuid::Uuid::from_slice(&id.unwrap()).unwrap().to_string()).collect()
}

/// Gives a node a failing disk; `fault` is the shim's `kind:how:first:times`.
pub fn fails(command: &mut Command, folder: &Path, copies: &Path, fault: &str) {
    std::fs::create_dir(copies.join("durable")).unwrap();
    command.env("LD_PRELOAD", shim()).env("MUSTER_SHIM_DIR", folder);
    command.env("MUSTER_SHIM_OUT", copies).env("MUSTER_SHIM_FAIL", fault);
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// E29.
#[test]
fn a_second_node_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Serving::start(folder.path(), |_| {});
    let words = refusal(&["serve", "--listen", "127.0.0.1:0", "--data", text(folder.path())]);
    assert!(words.contains("another process is using"), "{words}");
    assert!(open_room(text(folder.path())).is_ok(), "the first goes on");
    drop(first);
}

#[test]
fn an_unreadable_or_newer_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database: PathBuf = folder.path().join("muster.db");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", text(folder.path())];
    std::fs::write(&database, [7; 9_000]).unwrap();
    assert!(refusal(&serve).contains("is not a database"));
    assert_eq!(std::fs::read(&database).unwrap(), [7; 9_000]);
    std::fs::remove_file(&database).unwrap();
    drop(Serving::start(folder.path(), |_| {}));
    let file = rusqlite::Connection::open(&database).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    assert!(refusal(&serve).contains("later release"));
}

#[test]
fn a_public_listener_without_a_certificate_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    let words = refusal(&["serve", "--listen", "0.0.0.0:0", "--data", data]);
    assert!(words.contains("--behind-proxy --public-url"), "{words}");
    let proxied = ["serve", "--behind-proxy", "--listen", "127.0.0.1:0", "--data", data];
    let words = refusal(&proxied);
    assert!(words.contains("public-url"), "{words}");
}

#[test]
fn an_operator_command_needs_a_running_node() {
    let folder = tempfile::tempdir().unwrap();
    let words = open_room(text(folder.path())).unwrap_err();
    assert!(words.contains("muster serve"), "{words}");
}

/// I-5, I-13, E3: after a failed sync the node answers nothing more, says why and exits; restarted
/// on a working disk, it has every acknowledged room.
#[test]
fn a_node_whose_disk_fails_a_sync_exits_and_loses_nothing_acknowledged() {
    let (folder, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = text(folder.path()).to_owned();
    // The first opening of the store has its own syncs, which are not under test.
    drop(Serving::start(folder.path(), |_| {}));
    let node = Serving::start(folder.path(), |command| {
        fails(command, folder.path(), copies.path(), "sync:EIO:14:0");
    });
    let mut acknowledged = Vec::new();
    let refused = loop {
        match open_room(&data) {
            Ok(room) => acknowledged.push(room),
            Err(words) => break words,
        }
        assert!(acknowledged.len() < 50, "the disk never failed");
    };
    assert!(!refused.contains("panicked"), "{refused}");
    let (code, words) = node.ended();
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("check the disk, then start it again"), "{words}");
    assert!(!acknowledged.is_empty(), "nothing was acknowledged before the fault");
    let kept = rooms(folder.path());
    for room in &acknowledged {
        assert!(kept.contains(room), "{room} was acknowledged and is lost");
    }
    let again = Serving::start(folder.path(), |_| {});
    assert!(ran(&["verify", "--data", &data]).status.success());
    drop(again);
}

/// I-5, E5: on a full disk nothing is acknowledged and nothing is lost; when there is space again
/// the same node continues.
#[test]
fn a_node_on_a_full_disk_acknowledges_nothing_and_recovers_without_a_restart() {
    let (folder, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = text(folder.path()).to_owned();
    drop(Serving::start(folder.path(), |_| {}));
    let node = Serving::start(folder.path(), |command| {
        fails(command, folder.path(), copies.path(), "write:ENOSPC:30:6");
    });
    let (mut acknowledged, mut refusals) = (Vec::new(), Vec::new());
    while acknowledged.len() < 12 {
        match open_room(&data) {
            Ok(room) => acknowledged.push(room),
            Err(words) => refusals.push(words),
        }
        assert!(refusals.len() < 100, "it never recovered: {:?}", refusals.last());
    }
    assert!(!refusals.is_empty(), "the disk was never full");
    assert!(refusals.iter().all(|words| !words.contains("panicked")), "{refusals:?}");
    let kept = rooms(folder.path());
    for room in &acknowledged {
        assert!(kept.contains(room), "{room} was acknowledged and is lost");
    }
    drop(node);
}

#[test]
fn verify_names_the_first_entry_that_was_altered() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path()).to_owned();
    let node = Serving::start(folder.path(), |_| {});
    let room = open_room(&data).unwrap();
    drop(node);
    assert!(ran(&["verify", "--data", &data]).status.success());
    let file = rusqlite::Connection::open(folder.path().join("muster.db")).unwrap();
    let altered = "CAST(replace(CAST(body AS TEXT), 'Larkfield', 'Larkfeild') AS BLOB)";
    file.execute(&format!("UPDATE entries SET body = {altered} WHERE seq = 1"), []).unwrap();
    drop(file);
    let words = refusal(&["verify", "--data", &data]);
    assert!(words.contains(&room) && words.contains("entry 1"), "{words}");
}

/// A settings file works as flags do, and `config show` prints each value with its source.
#[test]
fn a_node_reads_a_settings_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("muster.toml");
    let said = format!("data = {:?}\nlisten = \"127.0.0.1:0\"\nlog = \"json\"\n", text(&data));
    std::fs::write(&file, said).unwrap();
    let mut command = muster();
    command.args(["serve", "--config", text(&file)]).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    let is_ready = lines.any(|line| line.unwrap().contains("the node is ready"));
    let node = Serving { child };
    assert!(is_ready && open_room(text(&data)).is_ok());
    drop(node);
    let shown = muster()
        .args(["config", "show", "--log", "human"])
        .env("MUSTER_CONFIG", &file)
        .env("MUSTER_LISTEN", "127.0.0.1:7")
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    for line in [
        "listen = \"127.0.0.1:7\"  # from the environment, MUSTER_LISTEN",
        "log = \"human\"  # from --log",
        "behind_proxy = false  # from the default",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{shown}");
    }
    assert!(ran(&["config", "check", "--config", text(&file)]).status.success());
    std::fs::write(&file, "data = \"d\"\nbehind-proxy = true\n").unwrap();
    let words = refusal(&["config", "check", "--config", text(&file)]);
    assert!(words.contains("line 2") && words.contains("did you mean `behind_proxy`?"), "{words}");
    assert_eq!(refusal(&["serve", "--config", text(&file)]), words);
}

/// SECURITY F2: the disk holds no secret of a link and no token of a login, in any form.
#[tokio::test]
async fn no_login_secret_is_on_the_disk() {
    const LINE: &str = "somebody was here";
    let mut node = Node::new();
    node.start().await;
    let room = node.door().open_room(1).await;
    let asked = Door::asks_for(room, Audience::Desk, &[Role::Lead]);
    let (unused, used) = (node.door().invite(&asked).await, node.door().invite(&asked).await);
    let desk = node.door().let_in(&used).await;
    desk.does(cast::line(LINE)).await;
    let token = desk.cookie.split_once('=').unwrap().1.to_owned();
    node.kill();
    let mut looked = 0;
    for file in std::fs::read_dir(node.data()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in [&unused.secret, &used.secret, &token] {
            let raw = URL_SAFE_NO_PAD.decode(secret).unwrap();
            for form in [secret.as_bytes(), &raw] {
                let is_there = bytes.windows(form.len()).any(|window| window == form);
                assert!(!is_there, "{} holds a secret", path.display());
            }
        }
        looked += usize::from(bytes.windows(LINE.len()).any(|window| window == LINE.as_bytes()));
    }
    assert!(looked > 0, "the log line is found");
}
