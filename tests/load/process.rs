//! The servers that are measured, each a process of its own, and what the kernel says of them.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Clock ticks in a second, as `/proc` counts processor time on Linux.
const TICKS_PER_S: f64 = 100.0;
/// How long a server has to start.
const START: Duration = Duration::from_secs(20);

/// A running server; it is ended when this is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub addr: SocketAddr,
    /// The operator's token, of a Muster node.
    pub token: String,
    /// Removed when the server has ended.
    folder: Option<tempfile::TempDir>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already is no failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the folder of this program; the node is built beside it.
fn beside() -> PathBuf {
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
    let folder = tempfile::tempdir_in(beside()).expect("a folder for the database");
    muster_on(folder, "127.0.0.1:0")
}

/// Starts `muster serve` on a folder.
fn muster_on(folder: tempfile::TempDir, listen: &str) -> Server {
    let log = std::fs::File::create(folder.path().join("log")).expect("a file for diagnostics");
    let child = Command::new(beside().join("muster"))
        .args(["serve", "--listen", listen, "--data"])
        .arg(folder.path())
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
        assert!(begun.elapsed() < START, "the node did not start");
        std::thread::sleep(Duration::from_millis(10));
    };
    let word =
        |name: &str| access[name].as_str().expect("a word of the operator's file").to_owned();
    let addr = word("url").trim_start_matches("http://").parse().expect("an address");
    Server { child, addr, token: word("token"), folder: Some(folder) }
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
    Server { child, addr, token: String::new(), folder: None }
}

impl Server {
    /// Kills the node and starts it again, on the same folder and at the same address.
    pub fn again(mut self) -> Self {
        let folder = self.folder.take().expect("a node has a folder");
        let listen = self.addr.to_string();
        drop(self);
        std::fs::remove_file(folder.path().join("operator.json")).expect("the node left its file");
        muster_on(folder, &listen)
    }

    /// Returns the bytes of the database.
    pub fn database_bytes(&self) -> u64 {
        let folder = self.folder.as_ref().expect("a node has a folder").path();
        let files = ["muster.db", "muster.db-wal"].map(|name| folder.join(name).metadata());
        files.into_iter().flatten().map(|file| file.len()).sum()
    }

    /// Returns the processor time used so far, in seconds: its own and the kernel's on its behalf.
    pub fn cpu_s(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.expect("the server runs");
        // The name stands in brackets and may itself hold spaces and brackets.
        let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
        let ticks =
            |at: usize| fields.split_whitespace().nth(at).and_then(|n| n.parse::<f64>().ok());
        (ticks(11).expect("user time") + ticks(12).expect("system time")) / TICKS_PER_S
    }

    /// Returns the resident memory in KiB.
    pub fn resident_kib(&self) -> f64 {
        self.memory_kib("VmRSS:")
    }

    /// Returns the most memory that was ever resident, in KiB.
    pub fn most_kib(&self) -> f64 {
        self.memory_kib("VmHWM:")
    }

    fn memory_kib(&self, which: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.expect("the server runs");
        let line = status.lines().find_map(|line| line.strip_prefix(which)).expect("its memory");
        line.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number")
    }
}

/// Returns how many files this process may open, and where it may raise that to.
pub fn open_files() -> Option<(u64, u64)> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let mut words = line.split_whitespace().map(|word| word.parse().unwrap_or(u64::MAX));
    Some((words.next()?, words.next()?))
}

/// Returns what is measured on, in a line: processors, their model, the kernel, and what else runs.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']).to_owned();
    let count = info.lines().filter(|line| line.starts_with("processor")).count();
    let kernel = read("/proc/sys/kernel/osrelease");
    let loaded = read("/proc/loadavg");
    let loaded = loaded.split(' ').next().unwrap_or_default();
    format!("{count} processors ({model}), Linux {}, load before: {loaded}", kernel.trim())
}
