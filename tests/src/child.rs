//! A node in its own process, which can be killed at any moment.

use std::{
    fs::Permissions,
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use node::client::Client;
use serde::Deserialize;

use crate::{LOST_MS, device::Door, dice::Dice, lan::Machine, web::Web};

/// Milliseconds between checks of whether the node answers.
const LOOK_MS: u64 = 5;

/// The node's file for its operator's commands.
#[derive(Debug, Deserialize)]
struct Access {
    token: String,
}

/// A `muster serve` on its own folder.
#[derive(Debug)]
pub struct Node {
    /// The machine it runs on.
    machine: Machine,
    addr: SocketAddr,
    folder: tempfile::TempDir,
    program: PathBuf,
    child: Option<Child>,
    /// Its environment.
    settings: Vec<(&'static str, String)>,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Default for Node {
    fn default() -> Self {
        Self::new()
    }
}

impl Node {
    /// Returns a stopped node with a reserved port: not one that the system hands out for outgoing
    /// connections while the node is down.
    pub fn new() -> Self {
        Self::on(&Machine::own())
    }

    /// Returns a stopped node on this machine.
    pub fn on(machine: &Machine) -> Self {
        let mut dice = Dice::new(u64::from(std::process::id()) << 32 | u64::from(next()));
        let free = (0..1_000).find_map(|_| {
            let port = 20_000 + u16::try_from(dice.below(12_000)).unwrap();
            // A machine of its own has every port free.
            let is_free = !machine.is_here() || TcpListener::bind((machine.addr(), port)).is_ok();
            is_free.then_some(port)
        });
        let addr = SocketAddr::from((machine.addr(), free.expect("a port is free")));
        let (machine, folder) = (machine.clone(), tempfile::tempdir().unwrap());
        Self { machine, addr, folder, program: binary(), child: None, settings: Vec::new() }
    }

    /// Returns a stopped node with these settings in its environment.
    pub fn with(settings: &[(&'static str, String)]) -> Self {
        let mut node = Self::new();
        node.settings = settings.to_vec();
        node
    }

    /// Adds to its environment, from its next start on.
    pub fn say(&mut self, settings: impl IntoIterator<Item = (&'static str, String)>) {
        self.settings.extend(settings);
    }

    /// Replaces its program from its next start on; folder and port stay.
    pub fn becomes(&mut self, program: &Path) {
        program.clone_into(&mut self.program);
    }

    /// Starts it through a shell from its next start on, after this command: to limit its
    /// resources.
    pub fn after(&mut self, words: &str) {
        let script = self.folder.path().join("within");
        let started = format!("#!/bin/sh\n{words}\nexec '{}' \"$@\"\n", self.program.display());
        std::fs::write(&script, started).unwrap();
        std::fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
        self.program = script;
    }

    /// Returns its process id, if it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Starts it and waits until it accepts commands.
    pub async fn start(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(self.log_path()).unwrap();
        let child = self
            .machine
            .runs(&self.program)
            .args(["serve", "--listen", &self.addr.to_string(), "--data"])
            .arg(self.data())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .env("MUSTER_TRACE", "info,node=trace,hub=trace,room=trace,journal=trace")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let web = Web::new(self.addr);
        let begun = tokio::time::Instant::now();
        loop {
            let answer = web.get("/ready").try_send().await;
            if answer.is_ok_and(|answer| answer.status.is_success()) {
                return;
            }
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            let is_late = begun.elapsed() > Duration::from_millis(LOST_MS);
            assert!(ended.is_none() && !is_late, "the node does not start: {}", self.log());
            tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
        }
    }

    /// Kills it at once: no goodbye, no flush.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Pauses it, sockets included.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Resumes it.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    /// Sends it the shutdown signal, as its operator would.
    pub fn ask_to_stop(&self) {
        self.signal("TERM");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.as_ref().expect("it is running").id();
        let told = Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status();
        assert!(told.unwrap().success(), "the node is not there to be signalled");
    }

    /// Waits until it has exited and returns its exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        let mut child = self.child.take().expect("it is running");
        let waiting = tokio::task::spawn_blocking(move || child.wait());
        crate::soon("the node's end", waiting).await.unwrap().unwrap().code()
    }

    /// Returns the entrance, as this machine's operator has it.
    pub fn door(&self) -> Door {
        let file = std::fs::read(self.data().join("operator.json")).unwrap();
        let access: Access = serde_json::from_slice(&file).unwrap();
        let origin = format!("http://{}", self.addr);
        let operator = Client::new(&origin).operator(&access.token);
        Door { web: Web::new(self.addr), origin, operator }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn database(&self) -> PathBuf {
        self.data().join("muster.db")
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Returns its log, over all restarts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }
}

/// Returns a different number each time.
fn next() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Returns the program of an older release that `MUSTER_BEFORE` names, if set.
///
/// # Panics
///
/// When there is no such program.
pub fn before() -> Option<PathBuf> {
    let program = PathBuf::from(std::env::var_os("MUSTER_BEFORE")?);
    assert!(program.is_file(), "MUSTER_BEFORE names no program: {}", program.display());
    Some(program)
}

/// Returns the program, which is built beside this test.
///
/// # Panics
///
/// When it was not built.
pub fn binary() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let folder = here.parent().and_then(Path::parent).unwrap();
    let program = folder.join("muster");
    assert!(
        program.is_file(),
        "{} is missing; build it with: cargo build --package muster",
        program.display()
    );
    program
}
