//! Installs what a fresh Debian machine lacks, if permitted; otherwise prints the command and stops.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{must, root, target};
use crate::{Failure, dist};

/// The minimum Node version for building the screens.
const NODE_MIN: (u32, u32) = (20, 19);
/// The Node installed from npm if the machine's own is too old. Debian 12 has 18.
const NODE_PACKAGE: &str = "node@20.20.2";
/// The folder of Debian's `PostgreSQL` programs, one subfolder per release; not in `PATH`.
const POSTGRESQL: &str = "/usr/lib/postgresql";
/// The folder of Debian's server programs, in `PATH` only for root.
const SERVERS: &str = "/usr/sbin";
/// The path of Debian's nchan, and the packages that install it.
const NCHAN: (&str, &str) =
    ("/usr/lib/nginx/modules/ngx_nchan_module.so", "nginx-light libnginx-mod-nchan redis-server");
/// Other fan-out servers, with their own packages.
const PEERS: &str = "tests/load/peers";
/// The install folder of that Node: outside the tree, deleted with the build.
const NODE_FOLDER: &str = "node";

/// A prepared machine, with the path of its Node.
pub(crate) struct Toolbox {
    path: OsString,
}

impl Toolbox {
    /// Returns an `npm` command in `web/`, running on the checked Node.
    pub(crate) fn npm(&self, words: &[&str]) -> Command {
        let mut command = Command::new("npm");
        command.args(words).current_dir(root().join("web")).env("PATH", &self.path);
        command.env("NO_COLOR", "1").env_remove("FORCE_COLOR");
        command
    }

    /// Returns the `PATH`, with the checked Node first.
    pub(crate) fn path(&self) -> &OsString {
        &self.path
    }

    /// Installs the packages of `web/` if the lock file is newer than they are.
    pub(crate) fn web_packages(&self) -> Result<(), Failure> {
        if packages_are_fresh() {
            return Ok(());
        }
        println!("xtask: installing the web packages (npm ci in web/)");
        must(self.install())
    }

    /// Installs the servers that Muster is benchmarked against. A missing one is reported here and in its
    /// line of the table; the others are still measured.
    pub(crate) fn peers(&self) {
        let (module, packages) = NCHAN;
        if !Path::new(module).exists()
            && let Err(words) = debian_install(packages)
        {
            println!("xtask: nginx with nchan is not measured: {words}");
        }
        if !are_fresh(&root().join(PEERS)) {
            println!("xtask: installing the packages of {PEERS} (npm ci)");
            let mut command = self.install();
            command.current_dir(root().join(PEERS));
            if let Err(words) = must(command) {
                println!("xtask: what comes from npm is not measured: {words}");
            }
        }
    }

    /// Returns the command that installs the packages of `web/`.
    pub(crate) fn install(&self) -> Command {
        self.npm(&["ci", "--no-audit", "--no-fund"])
    }
}

/// Prepares the machine to build and run.
pub(crate) fn to_run() -> Result<Toolbox, Failure> {
    debian_packages(&[("cc", &["gcc", "libc6-dev"])])?;
    node()
}

/// Prepares the machine to test: also a browser, the servers that Muster works with, checkers for their
/// files, network namespaces, git, and the two cargo commands.
pub(crate) fn to_test() -> Result<Toolbox, Failure> {
    let needed: [(&str, &[&str]); 13] = [
        ("cc", &["gcc", "libc6-dev"]),
        ("git", &["git"]),
        ("chromium", &["chromium"]),
        ("initdb", &["postgresql"]),
        ("redis-server", &["redis-server"]),
        ("nginx", &["nginx-light"]),
        ("caddy", &["caddy"]),
        ("promtool", &["prometheus"]),
        ("openssl", &["openssl"]),
        ("ip", &["iproute2"]),
        ("iptables", &["iptables"]),
        ("unshare", &["util-linux"]),
        ("mount", &["mount"]),
    ];
    debian_packages(&needed)?;
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !answers(Command::new("cargo").args([tool, "--version"])) {
            return Err(format!(
                "cargo {tool} is missing; install it with\n\n    rustup component add {component}"
            ));
        }
    }
    node()
}

/// Installs the stores of several nodes.
pub(crate) fn stores() -> Result<(), Failure> {
    debian_packages(&[("initdb", &["postgresql"]), ("redis-server", &["redis-server"])])
}

/// Returns whether the packages of `web/` match the lock file.
pub(crate) fn packages_are_fresh() -> bool {
    are_fresh(&root().join("web"))
}

/// Returns whether the packages of a folder match its lock file.
fn are_fresh(folder: &Path) -> bool {
    let wanted = dist::modified(&folder.join("package-lock.json"));
    let there = dist::modified(&folder.join("node_modules/.package-lock.json"));
    matches!((wanted, there), (Some(wanted), Some(there)) if there >= wanted)
}

fn node() -> Result<Toolbox, Failure> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if node_is_new_enough(&path) && find("npm").is_some() {
        return Ok(Toolbox { path });
    }
    debian_packages(&[("npm", &["npm"])])?;
    if node_is_new_enough(&path) {
        return Ok(Toolbox { path });
    }
    let folder = target().join(NODE_FOLDER);
    let with_ours = in_front(&folder.join("node_modules/.bin"), &path);
    if !node_is_new_enough(&with_ours) {
        println!("xtask: this machine's Node is too old; installing {NODE_PACKAGE} into target/");
        std::fs::create_dir_all(&folder).map_err(|error| format!("{NODE_FOLDER}/: {error}"))?;
        let mut command = Command::new("npm");
        command.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]);
        must({
            command.arg(&folder).arg(NODE_PACKAGE);
            command
        })?;
    }
    if node_is_new_enough(&with_ours) {
        return Ok(Toolbox { path: with_ours });
    }
    let (major, minor) = NODE_MIN;
    Err(format!("Node {major}.{minor} or newer is needed, and {NODE_PACKAGE} did not install"))
}

/// Installs the Debian packages of missing programs.
fn debian_packages(needed: &[(&str, &[&str])]) -> Result<(), Failure> {
    let missing: Vec<&str> = needed
        .iter()
        .filter(|(program, _)| find(program).is_none())
        .flat_map(|(_, packages)| packages.iter().copied())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian_install(&missing.join(" "))
}

/// Installs Debian packages, or returns an error with the command.
fn debian_install(names: &str) -> Result<(), Failure> {
    let line = format!("apt-get update && apt-get install --yes --no-install-recommends {names}");
    if !is_root() || find("apt-get").is_none() {
        return Err(format!("{names} missing; install with\n\n    sudo sh -c '{line}'"));
    }
    println!("xtask: installing {names} ({line})");
    let mut command = Command::new("sh");
    command.args(["-c", &line]).env("DEBIAN_FRONTEND", "noninteractive");
    must(command)
}

/// Returns the path of a program, from `PATH` and from Debian's folders of servers and `PostgreSQL`.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let releases = std::fs::read_dir(POSTGRESQL).into_iter().flatten().filter_map(Result::ok);
    let dirs = std::env::split_paths(&path).chain([PathBuf::from(SERVERS)]);
    let dirs = dirs.chain(releases.map(|dir| dir.path().join("bin")));
    dirs.map(|dir| dir.join(program)).find(|file| file.is_file())
}

fn in_front(dir: &Path, path: &OsString) -> OsString {
    let dirs = std::iter::once(dir.to_path_buf()).chain(std::env::split_paths(path));
    std::env::join_paths(dirs).unwrap_or_else(|_| path.clone())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn answers(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

fn node_is_new_enough(path: &OsString) -> bool {
    let output = Command::new("node").arg("--version").env("PATH", path).output();
    output.is_ok_and(|output| {
        version(&String::from_utf8_lossy(&output.stdout)).is_some_and(|found| found >= NODE_MIN)
    })
}

/// Parses the first two numbers of `v20.19.1`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debians_own_node_is_too_old() {
        assert!(version("v18.19.0\n").is_some_and(|found| found < NODE_MIN));
        assert!(version("v20.19.0\n").is_some_and(|found| found >= NODE_MIN));
        assert!(version("v22.3.1\n").is_some_and(|found| found >= NODE_MIN));
        assert_eq!(version("command not found"), None);
    }

    #[test]
    fn our_folder_is_searched_first() {
        let path = in_front(Path::new("/ours"), &"/bin:/usr/bin".into());
        assert_eq!(path, OsString::from("/ours:/bin:/usr/bin"));
    }
}
