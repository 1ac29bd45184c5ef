//! Kills a program together with all its descendants.

use std::process::{Child, Command};

/// Kills a child and all its descendants by their ids. Killing only cargo would leave the hung test binary
/// running, still holding our pipe.
pub(crate) fn kill(child: &mut Child) {
    let mut doomed = vec![child.id()];
    let processes = parents();
    let mut next = 0;
    while let Some(&parent) = doomed.get(next) {
        doomed.extend(processes.iter().filter(|(_, p)| *p == parent).map(|(id, _)| *id));
        next += 1;
    }
    let ids = doomed.iter().skip(1).map(u32::to_string);
    // A process that has already exited is not an error, so the result is ignored.
    let _ = Command::new("kill").arg("-KILL").args(ids).output();
    let _ = child.kill();
    let _ = child.wait();
}

/// Returns (process, parent) of every process; empty without `/proc`.
fn parents() -> Vec<(u32, u32)> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            Some((id, parent_in(&stat)?))
        })
        .collect()
}

/// Parses the parent id from a line of `/proc/<id>/stat`. The program's name comes before it in brackets, and
/// may itself contain spaces and brackets.
fn parent_in(stat: &str) -> Option<u32> {
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_is_found_after_an_awkward_name() {
        assert_eq!(parent_in("71 (a (b) c) S 12 71 71 0"), Some(12));
        assert_eq!(parent_in("nonsense"), None);
    }
}
