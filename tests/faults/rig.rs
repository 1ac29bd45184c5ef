//! Runs the writer on a disk that loses power or fails.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// Returns a count for this run: small in a test, `MUSTER_SOAK` times as much in a soak.
pub fn soaked(count: u32) -> u32 {
    let times = std::env::var("MUSTER_SOAK").ok().and_then(|times| times.parse().ok());
    count * times.unwrap_or(1)
}

/// The writer's task.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    pub rooms: u32,
    pub writes: u32,
    pub synchronous: &'static str,
    pub checkpoint_bytes: u32,
    /// Whether it waits, on a full disk, until there is space again.
    pub waits: bool,
}

/// One run of the writer and all its output.
pub struct Rig {
    folder: TempDir,
}

impl Rig {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["disk", "out", "out/durable"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("disk/muster.db")
    }

    /// Returns the files as a power cut at the very end would leave them.
    pub fn durable(&self) -> PathBuf {
        self.folder.path().join("out/durable/muster.db")
    }

    pub fn ledger(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    /// Returns the recorded cuts, in order.
    pub fn cuts(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join("out")).unwrap();
        let mut cuts: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        cuts.retain(|path| !path.ends_with("durable") && !path.ends_with("counts"));
        cuts.sort();
        cuts
    }

    /// Returns the command that runs the writer without a shim.
    pub fn command(&self, work: Work, ledger: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_journal-writer"));
        command.arg(self.database()).arg(ledger);
        command.args([work.rooms, work.writes].map(|number| number.to_string()));
        command.arg(work.synchronous).arg(work.checkpoint_bytes.to_string());
        if work.waits {
            command.env("MUSTER_WRITER_WAITS", "1");
        }
        command
    }

    /// Runs the writer to its end on the shim's disk. `fault` is the shim's `kind:how:first:times`.
    pub fn run(&self, work: Work, cut_every: u32, fault: Option<&str>) {
        let out = self.folder.path().join("out");
        let mut command = self.command(work, &self.ledger());
        command
            .env("LD_PRELOAD", shim())
            .env("MUSTER_SHIM_DIR", self.folder.path().join("disk"))
            .env("MUSTER_SHIM_COUNTS", out.join("counts"))
            .env("MUSTER_SHIM_OUT", out)
            .env("MUSTER_SHIM_LEDGER", self.ledger())
            .env("MUSTER_SHIM_EVERY", cut_every.to_string());
        if let Some(fault) = fault {
            command.env("MUSTER_SHIM_FAIL", fault);
        }
        let ended = command.stdin(Stdio::null()).output().unwrap();
        let words = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "the writer failed under {fault:?}: {words}");
    }

    /// Returns how many calls of a kind the shim counted.
    pub fn calls(&self, kind: &str) -> u32 {
        let counts = std::fs::read_to_string(self.folder.path().join("out/counts")).unwrap();
        let line = counts.lines().find_map(|line| line.strip_prefix(kind)).unwrap();
        line.trim().parse().unwrap()
    }
}

/// Returns the shim of a disk that loses power or fails.
pub fn shim() -> PathBuf {
    proof::shim::library("powercut")
}
