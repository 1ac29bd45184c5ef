//! Other servers that fan out: how each is started, and which framing its sockets speak.

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use proof::postgres::free_port;

use crate::{crowd::Door, frame, kernel, process::Server};

/// How long a server has to start.
const START: Duration = Duration::from_secs(20);
/// Where Debian puts nchan.
const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// A server that is measured beside Muster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// nginx with nchan, messages in its own memory.
    Nchan,
    /// The same, messages by Redis.
    NchanRedis,
    /// socket.io, one process.
    SocketIo,
    /// socket.io, two processes with the adapter for Redis.
    SocketIoRedis,
    /// Node's `ws` and a loop.
    Ws,
    /// Bun's own server.
    Bun,
}

/// One that runs.
pub struct Peer {
    /// Its processes that sockets come to.
    pub servers: Vec<Server>,
    /// What stands beside it: its processor time is not its own.
    _redis: Option<Server>,
    _folder: Option<tempfile::TempDir>,
    kind: Kind,
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] =
        [Self::Bun, Self::Nchan, Self::NchanRedis, Self::Ws, Self::SocketIo, Self::SocketIoRedis];

    /// Returns words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Nchan => "nginx + nchan",
            Self::NchanRedis => "nginx + nchan on Redis",
            Self::SocketIo => "socket.io",
            Self::SocketIoRedis => "socket.io, two processes, Redis adapter",
            Self::Ws => "node ws",
            Self::Bun => "Bun",
        }
    }

    /// Starts it, or says why that cannot be.
    pub fn start(self) -> Result<Peer, String> {
        let mut peer = Peer { servers: Vec::new(), _redis: None, _folder: None, kind: self };
        let mut url = None;
        if matches!(self, Self::NchanRedis | Self::SocketIoRedis) {
            let (redis, at) = redis()?;
            (peer._redis, url) = (Some(redis), Some(at));
        }
        match self {
            Self::Nchan | Self::NchanRedis => {
                let (server, folder) = nginx(url.as_deref())?;
                peer.servers.push(server);
                peer._folder = Some(folder);
            }
            Self::Ws => peer.servers.push(script("node", "ws.mjs", None)?),
            Self::SocketIo => peer.servers.push(script("node", "socketio.mjs", None)?),
            Self::SocketIoRedis => {
                for _ in 0..2 {
                    peer.servers.push(script("node", "socketio.mjs", url.as_deref())?);
                }
            }
            Self::Bun => {
                let bun = folder().join("node_modules/.bin/bun");
                if !bun.exists() {
                    return Err(NPM.to_owned());
                }
                peer.servers.push(script(&bun.display().to_string(), "bun.mjs", None)?);
            }
        }
        Ok(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.servers.iter_mut().for_each(Server::ask_to_end);
    }
}

impl Peer {
    /// Returns the way in for a socket.
    pub fn door(&self, number: usize) -> Door {
        let addr = self.servers[number % self.servers.len()].addr;
        let (path, greeting) = match self.kind {
            // Packet 4, message, of kind 0, connect: to the namespace that everybody is in.
            Kind::SocketIo | Kind::SocketIoRedis => {
                ("/socket.io/?EIO=4&transport=websocket", frame::masked("40"))
            }
            Kind::Nchan | Kind::NchanRedis | Kind::Ws | Kind::Bun => ("/ws", Vec::new()),
        };
        Door { addr, path, headers: String::new(), greeting, cursor: 0 }
    }

    /// Tells whether its sockets are told that they are in.
    pub fn welcomes(&self) -> bool {
        matches!(self.kind, Kind::SocketIo | Kind::SocketIoRedis)
    }

    /// Returns the processor time of all its processes, without Redis.
    pub fn cpu_s(&self) -> f64 {
        self.servers.iter().map(Server::cpu_s).sum()
    }

    /// Returns the memory of all its processes, without Redis.
    pub fn shared_out_kib(&self) -> f64 {
        self.servers.iter().map(Server::shared_out_kib).sum()
    }
}

/// What is missing when there is no program of npm's.
const NPM: &str = "not installed: npm ci --prefix tests/load/peers";

/// Returns where the servers of this folder are.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("load/peers")
}

/// Starts a server that tells its port once it listens.
fn script(program: &str, name: &str, word: Option<&str>) -> Result<Server, String> {
    if !folder().join("node_modules").is_dir() {
        return Err(NPM.to_owned());
    }
    let mut command = Command::new(program);
    command.arg(name).args(word).current_dir(folder());
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| format!("{program} does not start: {error}"))?;
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it was piped");
    let read = BufReader::new(stdout).read_line(&mut line);
    let port = line.trim().parse::<u16>();
    match (read, port) {
        (Ok(_), Ok(port)) => Ok(Server::of(child, (Ipv4Addr::LOCALHOST, port).into())),
        _ => {
            drop(Server::of(child, (Ipv4Addr::LOCALHOST, 0).into()));
            Err(format!("{name} ended before it listened"))
        }
    }
}

/// Starts nginx on a folder of its own.
fn nginx(redis: Option<&str>) -> Result<(Server, tempfile::TempDir), String> {
    let has_nginx = kernel::has_program("nginx");
    if !has_nginx || !Path::new(NCHAN).exists() {
        return Err("not installed: apt-get install nginx-light libnginx-mod-nchan".to_owned());
    }
    let folder = tempfile::tempdir().map_err(|error| format!("no folder for nginx: {error}"))?;
    let port = free_port();
    let (upstream, pass) = match redis {
        Some(url) => {
            (format!("upstream redis {{ nchan_redis_server {url}; }}"), "nchan_redis_pass redis;")
        }
        None => (String::new(), ""),
    };
    let user = std::process::Command::new("id").arg("-un").output();
    let user = user.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned());
    let settings = include_str!("peers/nginx.conf")
        .replace("MODULE", NCHAN)
        .replace("USER", &user.unwrap_or_default())
        .replace("FOLDER", &folder.path().display().to_string())
        .replace("UPSTREAM", &upstream)
        .replace("PASS", pass)
        .replace("PORT", &port.to_string());
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, settings).map_err(|error| format!("nginx's settings: {error}"))?;
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin";
    let mut command = Command::new("nginx");
    command.env("PATH", path).arg("-c").arg(&file).arg("-p").arg(folder.path());
    let server = listening(command, port).map_err(|words| {
        let log = std::fs::read_to_string(folder.path().join("error.log")).unwrap_or_default();
        format!("nginx {words} {}", log.lines().last().unwrap_or_default())
    })?;
    Ok((server, folder))
}

/// Starts a Redis that keeps nothing and asks for no password; returns its address.
fn redis() -> Result<(Server, String), String> {
    if !kernel::has_program("redis-server") {
        return Err("not installed: apt-get install redis-server".to_owned());
    }
    let port = free_port();
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""]);
    let server = listening(command, port).map_err(|words| format!("redis-server {words}"))?;
    Ok((server, format!("redis://127.0.0.1:{port}")))
}

/// Starts a server and waits until it listens.
fn listening(mut command: Command, port: u16) -> Result<Server, String> {
    let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let child: Child = command.spawn().map_err(|error| format!("does not start: {error}"))?;
    let server = Server::of(child, addr);
    let begun = Instant::now();
    while TcpStream::connect(addr).is_err() {
        if begun.elapsed() > START {
            return Err("does not listen.".to_owned());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(server)
}
