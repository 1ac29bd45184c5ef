//! Output for a person at the terminal.

use std::io::Write;

/// Writes a line to standard output. A closed pipe is not an error.
pub fn line(words: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{words}").and_then(|()| out.flush()));
}

/// Writes a line to standard error.
pub(crate) fn complaint(words: &str) {
    let mut out = std::io::stderr().lock();
    drop(writeln!(out, "muster: {words}").and_then(|()| out.flush()));
}
