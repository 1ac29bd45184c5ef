//! The servers that are measured, each a process of its own.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::kernel;

/// How long a server has to start.
const START: Duration = Duration::from_secs(20);

/// What a node's environment says.
pub type Settings = Vec<(&'static str, String)>;

/// A running server; it is ended when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub addr: SocketAddr,
    /// The operator's token, of a Muster node.
    pub token: String,
    /// Removed when the server has ended.
    folder: Option<tempfile::TempDir>,
    settings: Settings,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Returns the folder of this program; the node is built beside it.
pub fn beside() -> PathBuf {
    let here = std::env::current_exe().expect("a program knows its own file");
    here.parent().expect("a file is in a folder").to_path_buf()
}

/// Returns words for people when the node was not built.
pub fn missing() -> Option<String> {
    let muster = beside().join("muster");
    (!muster.exists()).then(|| "the node is not built; run this by `cargo xtask bench`".to_owned())
}

/// Starts `muster serve` on an empty database, on the disk that the build is on.
pub fn muster() -> Server {
    muster_with(Settings::new())
}

/// Starts `muster serve` on an empty folder, with these settings in its environment.
pub fn muster_with(settings: Settings) -> Server {
    let folder = tempfile::tempdir_in(beside()).expect("a folder for the database");
    muster_on(folder, "127.0.0.1:0", settings)
}

/// Starts `muster serve` on a folder.
fn muster_on(folder: tempfile::TempDir, listen: &str, settings: Settings) -> Server {
    let log = std::fs::File::create(folder.path().join("log")).expect("a file for diagnostics");
    let child = Command::new(beside().join("muster"))
        .args(["serve", "--listen", listen, "--data"])
        .arg(folder.path())
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the node starts");
    let begun = Instant::now();
    let access = loop {
        let text = std::fs::read(folder.path().join("operator.json")).unwrap_or_default();
        if let Ok(access) = serde_json::from_slice::<serde_json::Value>(&text) {
            break access;
        }
        let log = || std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        assert!(begun.elapsed() < START, "the node did not start: {}", log());
        std::thread::sleep(Duration::from_millis(10));
    };
    let word =
        |name: &str| access[name].as_str().expect("a word of the operator's file").to_owned();
    let addr = word("url").trim_start_matches("http://").parse().expect("an address");
    Server { child, addr, token: word("token"), folder: Some(folder), settings }
}

/// Starts the floor: this program again, as the bare loop.
pub fn floor() -> Server {
    let mut child = Command::new(std::env::current_exe().expect("a program knows its own file"))
        .arg("floor-server")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the floor starts");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it was piped");
    BufReader::new(stdout).read_line(&mut line).expect("the floor says where it listens");
    let addr = line.trim().parse().expect("an address");
    Server::of(child, addr)
}

impl Server {
    /// Returns a process that serves at an address.
    pub fn of(child: Child, addr: SocketAddr) -> Self {
        Self { child, addr, token: String::new(), folder: None, settings: Settings::new() }
    }

    /// Kills it where it stands, and all it has started: no goodbye, no flush.
    pub fn kill(&mut self) {
        let started = kernel::tree(self.child.id());
        // One that has ended already is no failure.
        let _ = self.child.kill();
        for pid in started.into_iter().skip(1) {
            let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).status();
        }
        let _ = self.child.wait();
    }

    /// Asks it to end.
    pub fn is_to_end(&self) -> bool {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().is_ok_and(|asked| asked.success())
    }

    /// Asks it to end, so that it ends what it has started itself, and waits until it has.
    pub fn ask_to_end(&mut self) {
        let asked = self.is_to_end();
        let begun = Instant::now();
        while asked && matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < START {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills the node and starts it again, on the same folder and at the same address.
    pub fn again(mut self) -> Self {
        let folder = self.folder.take().expect("a node has a folder");
        let listen = self.addr.to_string();
        let settings = std::mem::take(&mut self.settings);
        drop(self);
        std::fs::remove_file(folder.path().join("operator.json")).expect("the node left its file");
        muster_on(folder, &listen, settings)
    }

    /// Returns the bytes of the database.
    pub fn database_bytes(&self) -> u64 {
        let folder = self.folder.as_ref().expect("a node has a folder").path();
        let files = ["muster.db", "muster.db-wal"].map(|name| folder.join(name).metadata());
        files.into_iter().flatten().map(|file| file.len()).sum()
    }

    /// Returns the processor time used so far, in seconds: its own and the kernel's on its behalf.
    pub fn cpu_s(&self) -> f64 {
        kernel::cpu_s(self.child.id())
    }

    /// Returns the resident memory in KiB.
    pub fn resident_kib(&self) -> f64 {
        kernel::resident_kib(self.child.id())
    }

    /// Returns the memory of it and all it has started, in KiB: what several share is counted once.
    pub fn shared_out_kib(&self) -> f64 {
        kernel::shared_out_kib(self.child.id())
    }

    /// Returns the most memory that was ever resident, in KiB.
    pub fn most_kib(&self) -> f64 {
        kernel::most_kib(self.child.id())
    }
}
