//! A private network for a test: machines with their own addresses on one bridge, between which
//! packets can be dropped silently, one way or both (E8). It has no route to the outside.

use std::{
    net::Ipv4Addr,
    path::Path,
    process::{Command, Output},
};

/// The network's address.
const NETWORK: [u8; 3] = [10, 77, 0];
/// The bridge, which connects this machine.
const BRIDGE: &str = "bridge0";
/// The first machine's last octet.
const FIRST: u8 = 11;
/// Nobody's: what is sent there is taken by nobody.
const NOBODY: &str = "02:00:00:00:00:01";
/// Additional folders for programs that configure networks, beside `PATH`.
const SBIN: &str = "/usr/sbin:/sbin";

/// The network. It ends with its process.
#[derive(Debug)]
pub struct Lan {
    machines: u8,
}

/// A place to run something: here, or on a separate machine.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Its network namespace; none for this machine itself.
    name: Option<String>,
    addr: Ipv4Addr,
}

/// Which packets between two machines are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those from the first to the second.
    There,
    /// Those from the second to the first.
    Back,
    /// All.
    Both,
}

impl Lan {
    /// Creates the network around this process, which must be in an empty network namespace.
    ///
    /// # Panics
    ///
    /// When the system does not permit it; the message says what is missing.
    pub fn make() -> Self {
        let mut mount = Command::new("mount");
        // Holds the names of network namespaces; nobody else's are touched.
        ran(mount.args(["-t", "tmpfs", "tmpfs", "/run"]), "mount");
        ip(&["link", "set", "lo", "up"]);
        ip(&["link", "add", BRIDGE, "type", "bridge"]);
        let here = format!("{}/24", Self::here().addr);
        ip(&["addr", "add", &here, "dev", BRIDGE]);
        ip(&["link", "set", BRIDGE, "up"]);
        Self { machines: 0 }
    }

    /// Returns this machine, as the others reach it.
    pub fn here() -> Machine {
        Machine { name: None, addr: numbered(1) }
    }

    /// Adds a machine.
    pub fn machine(&mut self) -> Machine {
        let name = format!("machine{}", self.machines);
        let addr = numbered(FIRST + self.machines);
        self.machines += 1;
        let (plug, at) = (format!("plug{}", self.machines), format!("{addr}/24"));
        ip(&["netns", "add", &name]);
        ip(&["link", "add", &plug, "type", "veth", "peer", "name", "eth0", "netns", &name]);
        ip(&["link", "set", &plug, "master", BRIDGE, "up"]);
        ip(&["-n", &name, "addr", "add", &at, "dev", "eth0"]);
        ip(&["-n", &name, "link", "set", "eth0", "up"]);
        ip(&["-n", &name, "link", "set", "lo", "up"]);
        Machine { name: Some(name), addr }
    }
}

impl Machine {
    /// Returns this machine on its loopback address.
    pub const fn own() -> Self {
        Self { name: None, addr: Ipv4Addr::LOCALHOST }
    }

    pub const fn addr(&self) -> Ipv4Addr {
        self.addr
    }

    /// Returns whether it is this machine.
    pub const fn is_here(&self) -> bool {
        self.name.is_none()
    }

    /// Returns a command that runs a program on it.
    pub fn runs(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        self.runs_as(program, None)
    }

    /// Returns a command that runs a program on it under another account.
    pub fn runs_as(
        &self,
        program: impl AsRef<std::ffi::OsStr>,
        whom: Option<(u32, u32)>,
    ) -> Command {
        use std::os::unix::process::CommandExt;
        let Some(name) = &self.name else {
            let mut command = Command::new(program);
            if let Some((user, group)) = whom {
                command.uid(user).gid(group);
            }
            return command;
        };
        // Entering the namespace takes root; the account changes afterwards.
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/run/netns/{name}"));
        if let Some((user, group)) = whom {
            command.arg(format!("--setuid={user}")).arg(format!("--setgid={group}"));
        }
        command.arg(program);
        command
    }

    /// Drops packets between this machine and another one. Connections stay open, and nobody is
    /// notified.
    pub fn parts(&self, from: &Self, which: Part) {
        if which != Part::Back {
            self.says_nothing_to(from, true);
        }
        if which != Part::There {
            from.says_nothing_to(self, true);
        }
    }

    /// Lets packets between this machine and another one through again.
    pub fn joins(&self, with: &Self, which: Part) {
        if which != Part::Back {
            self.says_nothing_to(with, false);
        }
        if which != Part::There {
            with.says_nothing_to(self, false);
        }
    }

    /// Drops one in so many of the packets that reach this machine, at random (E9).
    pub fn loses_one_in(&self, packets: u8) {
        let share = format!("{:.4}", 1.0 / f64::from(packets));
        let chance = ["-m", "statistic", "--mode", "random", "--probability", &share];
        self.iptables(&[&["-A", "INPUT"], &chance[..], &["-j", "DROP"]].concat());
    }

    /// Returns how many packets it has dropped this way.
    pub fn lost(&self) -> u64 {
        let said = self.iptables(&["-nvxL", "INPUT"]);
        let rules = said.lines().filter(|line| line.contains("DROP"));
        rules.filter_map(|rule| rule.split_whitespace().next()?.parse::<u64>().ok()).sum()
    }

    /// Ends the packet loss.
    pub fn loses_nothing(&self) {
        self.iptables(&["-F", "INPUT"]);
    }

    /// Limits this machine's outgoing bandwidth (E10).
    pub fn takes_at_most(&self, kbit_per_s: u32) {
        let rate = format!("{kbit_per_s}kbit");
        let line = ["qdisc", "add", "dev", "eth0", "root", "tbf", "rate", &rate];
        let mut command = self.runs(in_sbin("tc"));
        ran(command.args(line).args(["burst", "4kb", "latency", "2s"]), "iproute2");
    }

    fn iptables(&self, words: &[&str]) -> String {
        let mut command = self.runs(in_sbin("iptables"));
        let output = ran(command.args(words).arg("-w"), "iptables");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Sends this machine's packets for another one to an unused address.
    fn says_nothing_to(&self, other: &Self, it_is: bool) {
        let (addr, way) = (other.addr.to_string(), if self.is_here() { BRIDGE } else { "eth0" });
        let on = self.name.iter().flat_map(|name| ["-n", name]);
        let words: Vec<&str> = if it_is {
            let told =
                ["neigh", "replace", &addr, "lladdr", NOBODY, "nud", "permanent", "dev", way];
            on.chain(told).collect()
        } else {
            on.chain(["neigh", "del", &addr, "dev", way]).collect()
        };
        ip(&words);
    }
}

fn numbered(last: u8) -> Ipv4Addr {
    let [one, two, three] = NETWORK;
    Ipv4Addr::new(one, two, three, last)
}

fn ip(words: &[&str]) {
    ran(Command::new(in_sbin("ip")).args(words), "iproute2");
}

/// Returns the path of such a program: on Debian it is outside the default `PATH`.
fn in_sbin(program: &str) -> String {
    let places = SBIN.split(':').map(|folder| format!("{folder}/{program}"));
    places.into_iter().find(|path| Path::new(path).exists()).unwrap_or_else(|| program.to_owned())
}

/// Runs a command that configures the network, from this package.
fn ran(command: &mut Command, package: &str) -> Output {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{command:?}: {error}; install it with: apt-get install {package}")
    });
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cannot create a network for a test: {command:?}: {words}");
    output
}
