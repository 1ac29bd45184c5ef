//! `cargo xtask bench`: builds the load program for release and runs it.

use std::process::{Command, ExitCode};

use crate::shell::{become_it, cargo, must, target};
use crate::{Failure, dist, setup};

/// The open files that the load program needs: two per connection, and a margin.
const OPEN_FILES: u64 = 20_000;

/// Builds the load program and replaces this process with it, passing on the flags.
pub(crate) fn run(flags: Vec<String>) -> Result<ExitCode, Failure> {
    let is_all = flags.iter().all(|flag| flag.starts_with("--"));
    let is_wanted =
        |sections: &[&str]| is_all || flags.iter().any(|flag| sections.contains(&flag.as_str()));
    // The web benchmark needs a browser, and several nodes need their stores.
    let tools = if is_wanted(&["web"]) {
        let tools = setup::to_test()?;
        tools.web_packages()?;
        tools
    } else {
        setup::to_run()?
    };
    if is_wanted(&["nodes", "rooms", "lost"]) {
        setup::stores()?;
    }
    if is_wanted(&["peers"]) {
        tools.peers();
    }
    // A release build embeds the screens, so they are built first.
    dist::build(&tools)?;
    // Both in one command: the load program starts the node beside it.
    let packages =
        ["--package", "muster", "--bin", "muster", "--package", "proof", "--bin", "load"];
    must(cargo(["build", "--release"].into_iter().chain(packages)))?;
    let mut load = Command::new(target().join("release/load"));
    load.args(flags).env("PATH", tools.path());
    let limit = open_files();
    if limit.is_none_or(|limit| limit >= OPEN_FILES) {
        return become_it(load);
    }
    println!(
        "xtask: only {} open files are allowed here; asking for {OPEN_FILES}",
        limit.unwrap_or(0)
    );
    become_it(with_more_files(&load))
}

/// Wraps a command in a shell that first raises the limit, and warns if it cannot.
fn with_more_files(command: &Command) -> Command {
    let script = format!(
        "ulimit -n {OPEN_FILES} 2>/dev/null || ulimit -n \"$(ulimit -H -n)\"; \
         [ \"$(ulimit -n)\" -ge {OPEN_FILES} ] || echo \"xtask: the limit stays at $(ulimit -n); \
         raise it (as root: ulimit -n {OPEN_FILES}) for a full run\" >&2; exec \"$@\""
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, "sh"]).arg(command.get_program()).args(command.get_args());
    shell.current_dir(crate::shell::root());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}

/// Returns the limit of open files; none if unlimited or unknown.
fn open_files() -> Option<u64> {
    soft_limit(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

fn soft_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_read() {
        let limits =
            "Limit  Soft Limit  Hard Limit  Units\nMax open files   1024   524288   files\n";
        assert_eq!(soft_limit(limits), Some(1024));
        assert_eq!(soft_limit("Max open files   unlimited   unlimited   files"), None);
    }

    #[test]
    fn a_wrapped_command_runs_with_its_own_arguments() {
        let mut echo = Command::new("echo");
        echo.args(["one two", "three"]);
        let output = with_more_files(&echo).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "one two three\n");
    }
}
