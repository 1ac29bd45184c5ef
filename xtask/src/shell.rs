//! Runs other programs: in the foreground, in our place, or captured line by line.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Failure, tree};

/// The polling interval of a running step.
const LOOK: Duration = Duration::from_millis(100);
/// How long to wait for the last lines of a finished step. A server left behind by a test keeps the pipe open
/// for ever, and must not block us.
const LAST_LINES: Duration = Duration::from_secs(5);

/// The result of a captured program.
pub(crate) struct Outcome {
    /// Whether it started, ended by itself and succeeded.
    pub(crate) ok: bool,
    /// Both output streams in order, without colours.
    pub(crate) output: String,
}

/// Returns the root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Returns cargo's target folder.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Returns a cargo command at the root of the repository.
pub(crate) fn cargo<'a>(words: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(root());
    command
}

/// Runs a command in the foreground; anything but success is an error that names it.
pub(crate) fn must(mut command: Command) -> Result<(), Failure> {
    let line = spell(&command);
    let status = command.status().map_err(|error| format!("`{line}` did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Replaces this process with a command, so that Ctrl-C and the exit code are its own.
#[cfg(unix)]
pub(crate) fn become_it(mut command: Command) -> Result<ExitCode, Failure> {
    use std::os::unix::process::CommandExt;
    let line = spell(&command);
    let error = command.exec();
    Err(format!("`{line}` did not start: {error}"))
}

/// Runs a command and waits; on this platform it shares our console and gets Ctrl-C too.
#[cfg(not(unix))]
pub(crate) fn become_it(command: Command) -> Result<ExitCode, Failure> {
    must(command).map(|()| ExitCode::SUCCESS)
}

/// Runs a command to its end or the deadline, and returns its output; `echo` prints the lines as they arrive.
pub(crate) fn capture(mut command: Command, echo: bool, deadline: Instant) -> Outcome {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let line = spell(&command);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            return Outcome { ok: false, output: format!("`{line}` did not start: {error}\n") };
        }
    };
    let (sender, lines) = channel();
    pump(child.stdout.take(), sender.clone());
    pump(child.stderr.take(), sender);
    let mut output = String::new();
    let ok = follow(&mut child, &lines, deadline, |text| {
        let text = without_colours(text);
        if echo {
            println!("{text}");
        }
        output.push_str(&text);
        output.push('\n');
    });
    Outcome { ok, output }
}

/// Returns the command line as a person would type it, without folder and environment.
pub(crate) fn spell(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Forwards the child's lines until it has ended and all are read; returns whether it succeeded.
fn follow(
    child: &mut Child,
    lines: &Receiver<String>,
    deadline: Instant,
    mut take: impl FnMut(&str),
) -> bool {
    let mut ended: Option<(bool, Instant)> = None;
    loop {
        match lines.recv_timeout(LOOK) {
            Ok(line) => take(&line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                // Both streams are closed, so only the exit code is missing.
                if let Some((ok, _)) = ended {
                    return ok;
                }
                thread::sleep(LOOK);
            }
        }
        let now = Instant::now();
        match ended {
            Some((ok, at)) if now.duration_since(at) > LAST_LINES => return ok,
            Some(_) => {}
            None => match child.try_wait() {
                Ok(Some(status)) => ended = Some((status.success(), now)),
                Ok(None) if now > deadline => {
                    take("xtask: stopped, it ran past the time limit");
                    tree::kill(child);
                    ended = Some((false, now));
                }
                Ok(None) => {}
                Err(_) => ended = Some((false, now)),
            },
        }
    }
}

fn pump(stream: Option<impl Read + Send + 'static>, sender: Sender<String>) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n') {
            let Ok(line) = line else { return };
            if sender.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                return;
            }
        }
    });
}

/// Removes terminal colours, which some tools write to a pipe if the environment requests it.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().skip(1).find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> Outcome {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        capture(command, false, Instant::now() + limit)
    }

    #[test]
    fn both_streams_are_captured_and_failure_is_reported() {
        let outcome = sh("echo out; echo err >&2; exit 3", Duration::from_secs(60));
        assert!(!outcome.ok);
        assert!(outcome.output.contains("out\n") && outcome.output.contains("err\n"));
        assert!(sh("true", Duration::from_secs(60)).ok);
    }

    #[test]
    fn a_step_past_its_time_limit_is_killed_with_all_its_children() {
        let outcome = sh("sleep 600 & sleep 600; true", Duration::from_millis(200));
        assert!(!outcome.ok);
        assert!(outcome.output.contains("time limit"));
    }

    #[test]
    fn a_missing_program_is_a_failure_and_not_a_panic() {
        let outcome = capture(Command::new("no-such-program"), false, Instant::now());
        assert!(!outcome.ok && outcome.output.contains("did not start"));
    }

    #[test]
    fn colours_are_removed() {
        assert_eq!(without_colours("\u{1b}[1m\u{1b}[32m3 passed\u{1b}[39m (3)"), "3 passed (3)");
    }
}
