//! A Redis for tests, which can be killed, paused, emptied and restarted.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use bus::{Address, Bus, Key, Redis};
use uuid::Uuid;

use crate::{
    certificate::{Authority, Certificate},
    lan::Machine,
};

/// The nodes' bus key in tests.
pub const KEY: &str = "a key that the nodes of one test share";
/// The manual, which has the ACL of the nodes.
const MANUAL: &str = include_str!("../../deploy/REDIS.md");
/// The password of the nodes, and of the administrator.
const PASSWORD: &str = "pass@word";
/// The longest time a server takes to start.
const START: Duration = Duration::from_secs(20);
/// Attempts to start a server on another port after it found its port taken.
const TRIES: u32 = 5;

/// A Redis, or a Sentinel.
#[derive(Debug)]
pub struct Server {
    /// The machine it runs on.
    machine: Machine,
    port: u16,
    folder: tempfile::TempDir,
    child: Option<Child>,
    trusted: Option<String>,
    is_sentinel: bool,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Server {
    /// Starts a server with passwords.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub fn start() -> Self {
        Self::with(&[], false)
    }

    /// Starts a server that accepts TLS alone, with its own authority.
    pub fn tls() -> (Self, Authority) {
        let authority = Authority::new();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), authority.pem()).unwrap();
        let mut server = Self::at(folder);
        server.trusted = Some(authority.pem().to_owned());
        server.holds(&authority.vouches_here());
        server.begin(&[]);
        (server, authority)
    }

    /// Replaces its certificate, as an operator does. Open connections continue.
    pub fn shows(&self, certificate: &Certificate) {
        self.holds(certificate);
        let file = self.folder.path().join("cert.pem");
        let said = self.ask(&["CONFIG", "SET", "tls-cert-file", file.to_str().unwrap()]);
        assert_eq!(said.trim(), "OK", "{}", self.log());
    }

    fn holds(&self, certificate: &Certificate) {
        std::fs::write(self.folder.path().join("cert.pem"), &certificate.pem).unwrap();
        std::fs::write(self.folder.path().join("key.pem"), &certificate.key).unwrap();
    }

    /// Starts a replica of this server, which Sentinel can promote.
    pub fn replica(&self) -> Self {
        let of = format!("replicaof 127.0.0.1 {}", self.port);
        Self::with(&[&of], false)
    }

    /// Starts a Sentinel that watches this server as `rooms`.
    pub fn sentinel(&self) -> Self {
        let watch = format!("sentinel monitor rooms 127.0.0.1 {} 1", self.port);
        let word = format!("sentinel auth-pass rooms {PASSWORD}");
        let lines = [
            &watch,
            "sentinel auth-user rooms admin",
            &word,
            "sentinel down-after-milliseconds rooms 500",
            "sentinel failover-timeout rooms 2000",
        ];
        Self::with(&lines, true)
    }

    fn with(lines: &[&str], is_sentinel: bool) -> Self {
        let mut server = Self::at(tempfile::tempdir().unwrap());
        server.is_sentinel = is_sentinel;
        server.begin(lines);
        server
    }

    /// Starts a server on this machine, open to its network.
    pub fn on(machine: &Machine) -> Self {
        let mut server = Self::at(tempfile::tempdir().unwrap());
        server.machine = machine.clone();
        server.begin(&[]);
        server
    }

    fn at(folder: tempfile::TempDir) -> Self {
        let machine = Machine::own();
        Self { machine, port: 0, folder, child: None, trusted: None, is_sentinel: false }
    }

    /// Writes its settings and starts it on a free port.
    fn begin(&mut self, lines: &[&str]) {
        for _ in 0..TRIES {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            self.port = free.local_addr().unwrap().port();
            drop(free);
            std::fs::write(self.settings_file(), self.settings(lines)).unwrap();
            if self.spawn() {
                return;
            }
        }
        panic!("redis-server does not start: {}", self.log());
    }

    fn settings(&self, lines: &[&str]) -> String {
        let mut settings = vec![
            format!("bind {}", self.machine.addr()),
            "daemonize no".to_owned(),
            format!("dir {}", self.folder.path().display()),
            format!("user admin on >{PASSWORD} ~* &* +@all"),
            "user default off".to_owned(),
        ];
        if self.trusted.is_some() {
            settings.push(format!("port 0\ntls-port {}\ntls-auth-clients no", self.port));
            for (word, file) in
                [("cert-file", "cert.pem"), ("key-file", "key.pem"), ("ca-cert-file", "ca.pem")]
            {
                settings.push(format!("tls-{word} {}", self.folder.path().join(file).display()));
            }
        } else {
            settings.push(format!("port {}", self.port));
        }
        if !self.is_sentinel {
            let line = MANUAL.lines().find(|line| line.starts_with("user muster on"));
            let line = line.expect("the manual has the ACL of a node");
            settings.push(line.replace("PASSWORD", PASSWORD));
            settings.push("save \"\"\nappendonly no\nrepl-diskless-sync-delay 0".to_owned());
            settings.push(format!("masteruser admin\nmasterauth {PASSWORD}"));
        }
        settings.extend(lines.iter().map(|line| (*line).to_owned()));
        settings.join("\n") + "\n"
    }

    /// Starts it; returns whether it answers.
    fn spawn(&mut self) -> bool {
        let log = std::fs::File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = self.machine.runs("redis-server");
        command.arg(self.settings_file()).stdin(Stdio::null()).stderr(Stdio::null()).stdout(log);
        if self.is_sentinel {
            command.arg("--sentinel");
        }
        let child = command.spawn();
        self.child = Some(child.expect("redis-server is there: apt-get install redis-server"));
        let begun = Instant::now();
        while begun.elapsed() < START {
            if self.ask(&["PING"]).trim() == "PONG" {
                return true;
            }
            if self.child.as_mut().unwrap().try_wait().unwrap().is_some() {
                self.child = None;
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.kill();
        false
    }

    /// Starts it again where it was, with nothing in it.
    pub fn again(&mut self) {
        assert!(self.child.is_none(), "it is running");
        assert!(self.spawn(), "redis-server does not start again: {}", self.log());
    }

    /// Kills it at once.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Pauses it: its connections stay open, and nothing answers.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Resumes it.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let pid = self.child.as_ref().expect("it is running").id();
        let told = Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status();
        assert!(told.unwrap().success(), "redis-server is not there");
    }

    /// Runs a command as the administrator, and returns the reply.
    pub fn ask(&self, words: &[&str]) -> String {
        self.ask_as("admin", words)
    }

    /// Runs a command as a node would, and returns the reply.
    pub fn ask_as_node(&self, words: &[&str]) -> String {
        self.ask_as("muster", words)
    }

    fn ask_as(&self, user: &str, words: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        command.args(["-h", &self.machine.addr().to_string(), "-p", &self.port.to_string()]);
        command.args(["--user", user, "--no-auth-warning"]);
        if self.trusted.is_some() {
            // Any certificate it presents is the test's own.
            command.args(["--tls", "--insecure"]);
        }
        let said = command.env("REDISCLI_AUTH", PASSWORD).args(words).output().unwrap();
        String::from_utf8_lossy(&said.stdout).into_owned()
    }

    /// Returns the certificates that verify it.
    pub fn trusted(&self) -> Option<String> {
        self.trusted.clone()
    }

    /// Returns its URL, as an operator would configure it.
    pub fn url(&self) -> String {
        let scheme = if self.trusted.is_some() { "rediss" } else { "redis" };
        let word = PASSWORD.replace('@', "%40");
        format!("{scheme}://muster:{word}@{}:{}", self.machine.addr(), self.port)
    }

    /// Returns the URL of the master that this Sentinel watches.
    pub fn watched_url(&self) -> String {
        let word = PASSWORD.replace('@', "%40");
        let port = self.port;
        format!(
            "redis+sentinel://muster:{word}@127.0.0.1:{port}/rooms?sentinel_user=admin&sentinel_password={word}"
        )
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns its address.
    pub fn addr(&self) -> SocketAddr {
        SocketAddr::from((self.machine.addr(), self.port))
    }

    /// Returns its process id, if it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    fn settings_file(&self) -> PathBuf {
        self.folder.path().join("redis.conf")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }
}

/// Returns the bus settings for this URL.
pub fn set(url: &str) -> Redis {
    Redis {
        address: Address::parse(url).and_then(Address::closed).unwrap(),
        key: Key::parse(KEY).unwrap(),
        trust: None,
        may_be_open: false,
    }
}

/// Returns the bus of a node that uses this server, on any machine.
pub fn far_node(server: &Server, node: u128) -> Bus {
    let address = Address::parse(&server.url()).unwrap();
    let key = Key::parse(KEY).unwrap();
    let set = Redis { address, key, trust: None, may_be_open: true };
    Bus::redis(set, Uuid::from_u128(node)).unwrap()
}

/// Returns the bus of a node at this URL.
pub fn node(url: &str, node: u128) -> Bus {
    Bus::redis(set(url), Uuid::from_u128(node)).unwrap()
}
