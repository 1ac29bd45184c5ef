//! A real `PostgreSQL` server for tests, in its own folder, removed with them.

use std::{
    fs::Permissions,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{
    LOST_MS,
    certificate::{Authority, Certificate},
    dice::Dice,
    disk::Disk,
    lan::Machine,
};

mod archive;
mod program;
mod standby;

use program::{NEEDED, account, as_account, binary, program, server_folder};

/// Milliseconds between checks of whether the server is ready.
const LOOK_MS: u64 = 5;
/// The certificate and key of a server with TLS, named after the settings.
const CERTIFICATE: &str = "ssl_cert_file";
const KEY: &str = "ssl_key_file";
/// The server's user; there are no passwords.
const USER: &str = "muster";

/// Runs the server beside a pipe: when the tests end, however they do, the pipe is closed, and the
/// server and its folder are removed.
const WATCH: &str = r#"
    "$@" >>"$0/log" 2>&1 </dev/null &
    echo $!
    read -r word
    case "$word" in
        stop) kill -INT $! 2>/dev/null; wait $! ;;
        *) kill -QUIT $! 2>/dev/null; wait $!; rm -rf "$0" ;;
    esac
"#;

/// A server.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    /// The machine it runs on.
    machine: Machine,
    port: u16,
    settings: Vec<String>,
    /// Its disk, if a test can fill it.
    disk: Option<Disk>,
    running: Option<Running>,
}

/// Its process, and its supervisor.
#[derive(Debug)]
struct Running {
    watch: Child,
    pid: u32,
}

/// Returns the server shared by all tests of this process.
pub fn shared() -> &'static Server {
    static SHARED: OnceLock<Server> = OnceLock::new();
    SHARED.get_or_init(Server::start)
}

impl Server {
    /// Starts a server and returns once it answers.
    ///
    /// # Panics
    ///
    /// When it cannot be started: without it these tests prove nothing.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// Starts a server with these settings.
    pub fn with(settings: &[&str]) -> Self {
        let mut server = Self::make();
        server.settings.extend(settings.iter().map(|&setting| setting.to_owned()));
        server.run();
        server
    }

    /// Starts a server with this part of its folder on a disk that can be filled.
    pub fn on_disk(part: &str) -> Self {
        let mut server = Self::make();
        server.disk = Some(Disk::under(&server.folder.join("data").join(part), &server.folder));
        server.run();
        server
    }

    /// Starts a server on this machine, open to its network.
    pub fn on(machine: &Machine) -> Self {
        let mut server = Self::make();
        server.machine = machine.clone();
        let known =
            std::fs::File::options().append(true).open(server.folder.join("data/pg_hba.conf"));
        known.unwrap().write_all(b"host all all samenet trust\n").unwrap();
        server.run();
        server
    }

    /// Returns the disk.
    pub fn disk(&self) -> &Disk {
        self.disk.as_ref().expect("it was started on a test disk")
    }

    /// Starts a server with TLS; also returns its authority.
    pub fn over_tls() -> (Self, Authority) {
        let mut server = Self::make();
        let authority = Authority::new();
        server.holds(&authority.vouches_here());
        for file in [CERTIFICATE, KEY] {
            server.settings.push(format!("{file}={}", server.folder.join(file).display()));
        }
        server.settings.push("ssl=on".to_owned());
        server.run();
        (server, authority)
    }

    /// Replaces its certificate as an administrator does: installs the file and reloads. Open
    /// connections continue.
    pub async fn shows(&self, certificate: &Certificate) {
        let url = self.url("postgres");
        let read_at = async || -> String {
            let sql = "SELECT pg_conf_load_time()::text";
            self.client(&url).await.query_one(sql, &[]).await.unwrap().get(0)
        };
        let before = read_at().await;
        self.holds(certificate);
        send("HUP", &[self.pid()]);
        crate::soon("a certificate that was read", async {
            while read_at().await == before {
                tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
            }
        })
        .await;
    }

    /// Installs a certificate.
    fn holds(&self, certificate: &Certificate) {
        for (file, text) in [(CERTIFICATE, &certificate.pem), (KEY, &certificate.key)] {
            let file = self.folder.join(file);
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
            if let Some(account) = account() {
                std::os::unix::fs::chown(&file, Some(account.uid), Some(account.gid)).unwrap();
            }
        }
    }

    /// Creates a server's data in its own folder.
    fn make() -> Self {
        let folder = server_folder();
        let made = program("initdb")
            .args(["--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username"])
            .arg(USER)
            .arg("--pgdata")
            .arg(folder.join("data"))
            .output()
            .unwrap_or_else(|error| panic!("{NEEDED} ({error})"));
        let words = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "PostgreSQL cannot create a database: {words}\n{NEEDED}");
        Self::at(folder)
    }

    /// Returns the server of a folder.
    fn at(folder: PathBuf) -> Self {
        let (machine, port) = (Machine::own(), free_port());
        Self { folder, machine, port, settings: Vec::new(), disk: None, running: None }
    }

    /// Starts it again after it was stopped or killed.
    pub fn run(&mut self) {
        assert!(self.running.is_none(), "it is already running");
        let mut command = as_account(&self.machine, "sh");
        command.args(["-c", WATCH]).arg(&self.folder).arg(binary("postgres"));
        command.arg("-D").arg(self.folder.join("data")).args(["-p", &self.port.to_string()]);
        let listens = format!("listen_addresses={}", self.machine.addr());
        let socket = format!("unix_socket_directories={}", self.folder.display());
        for setting in [&listens, "max_connections=200", "shared_buffers=32MB", &socket] {
            command.args(["-c", setting]);
        }
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        command.envs(self.disk.iter().flat_map(Disk::settings));
        // A signal to the tests, such as an interrupt, must not reach the server: the pipe ends it.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut watch = command.spawn().unwrap();
        let mut pid = String::new();
        BufReader::new(watch.stdout.as_mut().unwrap()).read_line(&mut pid).unwrap();
        self.running = Some(Running { watch, pid: pid.trim().parse().unwrap() });
        self.wait_until_ready();
    }

    fn wait_until_ready(&mut self) {
        let begun = Instant::now();
        let running = self.running.as_mut().unwrap();
        let (told, own) = (self.folder.join("data/postmaster.pid"), running.pid.to_string());
        loop {
            let lines = std::fs::read_to_string(&told).unwrap_or_default();
            let is_own = lines.lines().next() == Some(&own);
            let state = lines.lines().nth(7).unwrap_or_default().trim();
            if is_own && ["ready", "standby"].contains(&state) {
                return;
            }
            let is_gone = !Path::new(&format!("/proc/{}", running.pid)).exists();
            let is_late = begun.elapsed() > Duration::from_millis(LOST_MS);
            if is_gone || is_late {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("PostgreSQL does not start: {log}");
            }
            std::thread::sleep(Duration::from_millis(LOOK_MS));
        }
    }

    /// Creates a database and returns its URL.
    pub async fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("room{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0");
        self.client(&self.url("postgres")).await.batch_execute(&sql).await.unwrap();
        self.url(&name)
    }

    /// Returns a connection for the test's own statements.
    pub async fn client(&self, url: &str) -> tokio_postgres::Client {
        let (client, connection) =
            tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(async move { drop(connection.await) });
        client
    }

    /// Returns its main process, the parent of all others.
    ///
    /// # Panics
    ///
    /// When it is not running.
    pub fn pid(&self) -> u32 {
        self.running.as_ref().expect("it is running").pid
    }

    /// Returns the port that it listens on.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Returns the address of a database on it.
    pub fn url(&self, database: &str) -> String {
        let closed = if self.machine.is_here() { "" } else { "?sslmode=disable" };
        format!("postgres://{USER}@{}:{}/{database}{closed}", self.machine.addr(), self.port)
    }

    /// Stops it as an administrator would: all connections are closed.
    pub fn stop(&mut self) {
        let mut running = self.running.take().expect("it is running");
        running.watch.stdin.take().unwrap().write_all(b"stop\n").unwrap();
        running.watch.wait().unwrap();
    }

    /// Stops it and starts it again.
    pub fn restart(&mut self) {
        self.stop();
        self.run();
    }

    /// Kills it at once, with all its child processes.
    pub fn kill(&mut self) {
        // Paused first, so that it starts no process while its children are listed.
        let pid = self.running.as_ref().expect("it is running").pid;
        send("STOP", &[pid]);
        let mut pids = children(pid);
        pids.push(pid);
        send("KILL", &pids);
        let mut running = self.running.take().expect("it is running");
        running.watch.stdin.take().unwrap().write_all(b"stop\n").unwrap();
        running.watch.wait().unwrap();
        let begun = Instant::now();
        while pids.iter().any(|pid| Path::new(&format!("/proc/{pid}")).exists()) {
            assert!(begun.elapsed() < Duration::from_millis(LOST_MS), "it cannot be killed");
            std::thread::sleep(Duration::from_millis(LOOK_MS));
        }
    }

    /// Pauses it, connections included.
    pub fn pause(&self) {
        send("STOP", &self.all());
    }

    /// Resumes it.
    pub fn resume(&self) {
        send("CONT", &self.all());
    }

    fn all(&self) -> Vec<u32> {
        family(self.running.as_ref().expect("it is running").pid)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            // A paused process handles no signal.
            send("CONT", &family(running.pid));
            drop(running.watch.stdin.take());
            running.watch.wait().ok();
        }
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

fn send(signal: &str, pids: &[u32]) {
    let pids = pids.iter().map(ToString::to_string);
    let sent = Command::new("kill").arg(format!("-{signal}")).args(pids).output().unwrap();
    // One of its workers may just have exited.
    let words = String::from_utf8_lossy(&sent.stderr);
    assert!(sent.status.success() || words.contains("No such process"), "{words}");
}

/// Returns a process and its descendants.
fn family(pid: u32) -> Vec<u32> {
    let mut pids = vec![pid];
    pids.extend(children(pid));
    pids
}

/// Returns a process's children.
fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        after_name.split_whitespace().nth(1) == Some(&parent.to_string())
    })
    .collect()
}

/// Returns a free port that the system does not hand out for outgoing connections.
pub fn free_port() -> u16 {
    let mut dice =
        Dice::new(u64::from(std::process::id()) << 32 | u64::from(rand::random::<u32>()));
    let free = (0..1_000).find_map(|_| {
        let port = 20_000 + u16::try_from(dice.below(12_000)).unwrap();
        TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()
    });
    free.expect("a port is free").local_addr().unwrap().port()
}
