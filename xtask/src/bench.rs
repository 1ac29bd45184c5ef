//! `cargo xtask bench`: the load program, built for release.

use std::process::{Command, ExitCode};

use crate::shell::{become_it, cargo, must, target};
use crate::{Failure, dist, setup};

/// Open files the load program may need: two for each of its connections, and some.
const OPEN_FILES: u64 = 20_000;

/// Builds what is measured and becomes the load program, with the flags given.
pub(crate) fn run(flags: Vec<String>) -> Result<ExitCode, Failure> {
    let is_all = flags.iter().all(|flag| flag.starts_with("--"));
    let is_wanted =
        |sections: &[&str]| is_all || flags.iter().any(|flag| sections.contains(&flag.as_str()));
    // The faces need a browser, and several nodes what they stand on.
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
    // A release build carries the screens inside it, so they must be there first.
    dist::build(&tools)?;
    // Both in one go: the load program starts the node that lies beside it.
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

/// Wraps a command in a shell that raises the limit first, and says so when it may not.
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

/// Returns how many files a process of ours may open; none when unlimited or not told.
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
    fn a_wrapped_command_runs_with_its_own_words() {
        let mut echo = Command::new("echo");
        echo.args(["one two", "three"]);
        let output = with_more_files(&echo).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "one two three\n");
    }
}
