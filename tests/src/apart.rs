//! Isolated tests: each in its own process and its own network, which no other test sees.

use std::process::{Command, Output};

use crate::lan::Lan;

/// Marks the isolated process.
const APART: &str = "MUSTER_APART";
/// What the machine must allow.
const NEEDED: &str = "A network of its own is needed for this test: run it as root, or let everybody have one \
    (the kernel's user namespaces: sysctl kernel.unprivileged_userns_clone=1, or on Ubuntu \
    kernel.apparmor_restrict_unprivileged_userns=0)";

/// Runs this test, by its name with its modules, in its own network.
///
/// # Panics
///
/// When it fails there, with its whole output, or when no such network can be created.
pub fn run<Test: Future<Output = ()>>(test: &str, body: impl FnOnce(Lan) -> Test) {
    if std::env::var_os(APART).is_some() {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(body(Lan::make()));
    }
    let Output { status, stdout, stderr } = again(test).output().unwrap_or_else(|error| {
        panic!("unshare cannot be run ({error}); install it with: apt-get install util-linux")
    });
    let said = [stdout, stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    let has_run = said[0].lines().any(|line| line.starts_with("test result: ok. 1 passed"));
    if status.success() && has_run {
        return;
    }
    let is_there = said[0].contains("running 1 test");
    let why = if is_there { "it failed in its network" } else { NEEDED };
    // Indented, so that a counter of tests does not count this one twice.
    let said: Vec<String> =
        said.iter().flat_map(|said| said.lines()).map(|line| format!("    | {line}")).collect();
    panic!("{why} ({status}):\n{}", said.join("\n"));
}

/// Returns the command that runs this test again, where no other network is visible.
fn again(test: &str) -> Command {
    let mut command = Command::new("unshare");
    if !is_root() {
        command.args(["--user", "--map-current-user", "--keep-caps"]);
    }
    command.args(["--net", "--mount"]).arg(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]).env(APART, "1");
    command
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}
