//! `muster backup`, `restore` and `move` from an operator's view: beside a running node, with the
//! right key and the wrong one, and with altered or truncated files.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::{
    process::{Serving, fails, muster, open_room, ran, refusal, text},
    rig::soaked,
};

/// A node with a room on it, and a folder for backups with a key.
struct Kept {
    data: tempfile::TempDir,
    out: tempfile::TempDir,
}

impl Kept {
    /// Runs a node, opens a room on it, makes a backup while it runs, and stops it.
    fn new() -> Self {
        let kept = Self::unsaved();
        let node = Serving::start(kept.data.path(), |_| {});
        open_room(text(kept.data.path())).unwrap();
        says(&kept.backup("backup.age"));
        drop(node);
        kept
    }

    fn unsaved() -> Self {
        let kept = Self { data: tempfile::tempdir().unwrap(), out: tempfile::tempdir().unwrap() };
        says(&["backup-key", "--out", &kept.at("key")]);
        kept
    }

    fn at(&self, name: &str) -> String {
        text(&self.out.path().join(name)).to_owned()
    }

    fn backup(&self, name: &str) -> Vec<String> {
        let data = text(self.data.path());
        let words =
            ["backup", "--data", data, "--to", &self.at(name), "--key-file", &self.at("key.pub")];
        words.map(str::to_owned).to_vec()
    }

    fn restore(&self, file: &str, key: &str, into: &Path) -> Vec<String> {
        let (file, key) = (self.at(file), self.at(key));
        let words = ["restore", "--from", &file, "--key-file", &key, "--data", text(into)];
        words.map(str::to_owned).to_vec()
    }

    fn verify(&self, file: &str) -> Vec<String> {
        let (file, key) = (self.at(file), self.at("key"));
        ["verify", "--backup", &file, "--key-file", &key].map(str::to_owned).to_vec()
    }

    /// Returns the names of the files beside the key.
    fn files(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.out.path()).unwrap();
        let mut names: Vec<_> =
            names.map(|at| at.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Returns the program's output after a success.
fn says(args: &[impl AsRef<str>]) -> String {
    let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
    let ended = ran(&args);
    let words = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
    assert!(ended.status.success(), "{args:?}: {words}");
    words
}

/// Returns the program's output after a refusal.
fn refuses(args: &[String]) -> String {
    refusal(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn database(folder: &Path) -> PathBuf {
    folder.join("muster.db")
}

/// D8, D9: the backup has everything acknowledged before it began, the restored folder verifies,
/// and a node runs on it.
#[test]
fn a_backup_made_beside_a_running_node_restores_completely() {
    let kept = Kept::unsaved();
    let node = Serving::start(kept.data.path(), |_| {});
    let first = open_room(text(kept.data.path())).unwrap();
    let told = says(&kept.backup("backup.age"));
    assert!(told.contains("1 room with 3 entries"), "{told}");
    let second = open_room(text(kept.data.path())).unwrap();
    drop(node);
    let mode = std::fs::metadata(kept.at("backup.age")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let told = says(&kept.verify("backup.age"));
    assert!(told.contains("is complete and was made at 20"), "{told}");
    let fresh = kept.out.path().join("fresh");
    let told = says(&kept.restore("backup.age", "key", &fresh));
    assert!(told.contains("verified: 1 room with 3 entries"), "{told}");
    for name in ["fresh", "fresh/muster.db"] {
        let mode = std::fs::metadata(kept.at(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
    }
    let told = says(&["verify", "--data", text(&fresh)]);
    assert!(told.contains("3 entries in 1 room"), "{told}");
    let again = Serving::start(&fresh, |_| {});
    assert_ne!(open_room(text(&fresh)).unwrap(), second);
    drop(again);
    let log = ["export", "log", "--data", text(&fresh), "--room", &first, "--why", "a test"];
    says(&[log.as_slice(), &["--format", "jsonl", "--out", &kept.at("log.jsonl")]].concat());
}

/// SECURITY 41: neither the stolen file nor the machine that made it is enough to read it.
#[test]
fn a_backup_decrypts_only_with_its_own_secret_key() {
    let kept = Kept::new();
    let sealed = std::fs::read(kept.at("backup.age")).unwrap();
    let log = std::fs::read(kept.data.path().join("muster.db-wal")).unwrap();
    assert!(log.windows(9).any(is_canary), "the canary is not in the database");
    assert!(!sealed.windows(9).any(is_canary), "the backup contains plain text");
    says(&["backup-key", "--out", &kept.at("other")]);
    let into = kept.out.path().join("stolen");
    let words = refuses(&kept.restore("backup.age", "other", &into));
    assert!(words.contains("cannot be opened with this key"), "{words}");
    let words = refuses(&kept.restore("backup.age", "key.pub", &into));
    assert!(words.contains("is the public key"), "{words}");
    assert!(!into.exists(), "nothing is left behind");
    let mut secret = kept.backup("second.age");
    secret.pop();
    secret.push(kept.at("key"));
    let words = refuses(&secret);
    assert!(words.contains("should not be on the machine"), "{words}");
    assert!(!Path::new(&kept.at("second.age")).exists());
}

fn is_canary(window: &[u8]) -> bool {
    window == b"Larkfield"
}

/// E4, E28: any altered byte, truncation or trailing data is refused, and leaves nothing behind.
#[test]
fn an_altered_or_truncated_backup_is_refused_and_leaves_nothing() {
    let kept = Kept::new();
    let good = std::fs::read(kept.at("backup.age")).unwrap();
    let into = kept.out.path().join("into");
    let mut spoilt: Vec<(String, Vec<u8>)> = Vec::new();
    for _ in 0..soaked(24) {
        let bit = rand::random_range(0..good.len() * 8);
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        spoilt.push((format!("bit {bit}"), bytes));
    }
    let cuts = (0..soaked(12)).map(|_| rand::random_range(0..good.len()));
    for length in cuts.chain([0, 1, 20, good.len() - 1, good.len() - 16]) {
        spoilt.push((format!("cut at {length}"), good[..length].to_vec()));
    }
    spoilt.push(("a byte more".to_owned(), [&good[..], b"\n"].concat()));
    spoilt.push(("twice".to_owned(), [&good[..], &good[..]].concat()));
    for (what, bytes) in spoilt {
        std::fs::write(kept.at("spoilt.age"), bytes).unwrap();
        let words = refuses(&kept.restore("spoilt.age", "key", &into));
        assert!(words.starts_with("muster: nothing was restored: "), "{what}: {words}");
        assert!(words.contains("spoilt.age") && !words.contains("Larkfield"), "{what}: {words}");
        assert!(!database(&into).exists(), "{what}");
        assert!(!Path::new(&kept.at("into/muster.db.fresh")).exists(), "{what}");
        refuses(&kept.verify("spoilt.age"));
    }
    std::fs::write(kept.at("spoilt.age"), "people, movements and log").unwrap();
    let words = refuses(&kept.restore("spoilt.age", "key", &into));
    assert!(words.contains("is not a backup of Muster"), "{words}");
    says(&kept.restore("backup.age", "key", &into));
}

/// E29: neither a node's folder nor a backup is overwritten by default.
#[test]
fn existing_files_are_not_overwritten() {
    let kept = Kept::new();
    let words = refuses(&kept.restore("backup.age", "key", kept.data.path()));
    assert!(words.contains("is there already"), "{words}");
    let node = Serving::start(kept.data.path(), |_| {});
    let words = refuses(&kept.restore("backup.age", "key", kept.data.path()));
    assert!(words.contains("another process is using"), "{words}");
    drop(node);
    let words = refuses(&kept.backup("backup.age"));
    assert!(words.contains("already exists") && words.contains("--force"), "{words}");
    says(&[kept.backup("backup.age"), vec!["--force".to_owned()]].concat());
    says(&kept.verify("backup.age"));
    let words = refuses(&["backup-key".to_owned(), "--out".to_owned(), kept.at("key")]);
    assert!(words.contains("already exists"), "{words}");
    says(&kept.verify("backup.age"));
}

/// E5: a partial backup is never taken for a backup.
#[test]
fn a_backup_that_fills_the_disk_leaves_no_file() {
    let kept = Kept::new();
    let before = kept.files();
    let copies = tempfile::tempdir().unwrap();
    let mut command = muster();
    command.args(kept.backup("second.age"));
    fails(&mut command, kept.out.path(), copies.path(), "write:ENOSPC:2:0");
    let ended = command.output().unwrap();
    let words = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{words}");
    assert!(words.contains("no backup was made") && words.contains("No space left"), "{words}");
    assert_eq!(kept.files(), before);
    says(&kept.backup("second.age"));
}

/// E5: a folder on a disk that is too full holds no partial database.
#[test]
fn a_restore_that_fills_the_disk_leaves_no_database() {
    let kept = Kept::new();
    let into = kept.out.path().join("into");
    std::fs::create_dir(&into).unwrap();
    for first in [1, 3, 8] {
        let copies = tempfile::tempdir().unwrap();
        let mut command = muster();
        command.args(kept.restore("backup.age", "key", &into));
        fails(&mut command, &into, copies.path(), &format!("write:ENOSPC:{first}:0"));
        let ended = command.output().unwrap();
        let words = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{words}");
        assert!(words.contains("nothing was restored"), "{words}");
        assert!(!database(&into).exists());
    }
    says(&kept.restore("backup.age", "key", &into));
}

/// From a folder into a database and back into another folder, without running nodes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_move_into_a_database_and_back_while_nodes_are_stopped() {
    let kept = Kept::unsaved();
    let url = proof::postgres::shared().database().await;
    let back = kept.out.path().join("back");
    let way = |way: &str, data: &Path| {
        ["move", way, "--data", text(data), "--database", &url].map(str::to_owned).to_vec()
    };
    let node = Serving::start(kept.data.path(), |_| {});
    let room = open_room(text(kept.data.path())).unwrap();
    let words = refuses(&way("into-database", kept.data.path()));
    assert!(words.contains("stop every node first"), "{words}");
    drop(node);
    let told = says(&way("into-database", kept.data.path()));
    assert!(
        told.contains("1 room with 3 entries") && told.contains("do not start a node on it"),
        "{told}"
    );
    let words = refuses(&way("into-database", kept.data.path()));
    assert!(words.contains("choose an empty database"), "{words}");
    let told = says(&["verify", "--database", &url]);
    assert!(told.contains("3 entries in 1 room"), "{told}");
    let serving = |command: &mut std::process::Command| {
        command.args(["--database", &url]);
    };
    let node = Serving::start(kept.data.path(), serving);
    open_room(text(kept.data.path())).unwrap();
    let words = refuses(&way("into-folder", &back));
    assert!(words.contains("stop every node first"), "{words}");
    let sealed = [kept.backup("backup.age"), vec!["--database".to_owned(), url.clone()]].concat();
    assert!(says(&sealed).contains("2 rooms with 6 entries"));
    drop(node);
    let told = says(&way("into-folder", &back));
    assert!(told.contains("2 rooms with 6 entries"), "{told}");
    let other = proof::postgres::shared().database().await;
    let restore = kept.restore("backup.age", "key", &kept.out.path().join("unused"));
    says(&[restore, vec!["--database".to_owned(), other.clone()]].concat());
    assert!(says(&["verify", "--database", &other]).contains("6 entries in 2 rooms"));
    let node = Serving::start(&back, |_| {});
    let log = ["export", "log", "--data", text(&back), "--room", &room, "--why", "a test"];
    says(&[log.as_slice(), &["--format", "jsonl", "--out", &kept.at("log.jsonl")]].concat());
    drop(node);
}
