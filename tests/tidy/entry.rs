//! The entries of the root, and the integration binaries: both few, on purpose.

use std::collections::BTreeSet;

use crate::tree::{File, text_of};

/// What a visitor sees first, and all of it.
const ENTRIES: [&str; 12] = [
    "README.md",
    "ARCHITECTURE.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "Cargo.toml",
    "Cargo.lock",
    "proto",
    "server",
    "web",
    "tests",
    "deploy",
    "xtask",
];

/// The entry that may still be missing.
const NOT_YET: &str = "deploy";

/// Every integration binary links all six crates once more, which takes minutes on two cores.
const BINARIES_MAX: usize = 6;

/// Returns the visible entries of the root that are not among the twelve.
pub fn strangers_at_the_root(files: &[File]) -> Vec<String> {
    entries(files)
        .into_iter()
        .filter(|entry| !entry.starts_with('.') && !ENTRIES.contains(entry))
        .map(|entry| format!("{entry} stands at the root and is not one of its twelve entries"))
        .collect()
}

/// Returns those of the twelve entries that are missing.
pub fn missing_at_the_root(files: &[File]) -> Vec<String> {
    let there = entries(files);
    ENTRIES
        .iter()
        .filter(|entry| **entry != NOT_YET && !there.contains(*entry))
        .map(|entry| format!("{entry} is missing at the root"))
        .collect()
}

/// Returns a complaint when there are too many integration binaries.
pub fn too_many_binaries(files: &[File]) -> Vec<String> {
    match text_of(files, "tests/Cargo.toml") {
        Err(missing) => vec![missing],
        Ok(text) => {
            let count = text.lines().filter(|line| line.trim() == "[[test]]").count();
            let words = format!("tests/Cargo.toml: {count} integration binaries");
            (count == 0 || count > BINARIES_MAX).then_some(words).into_iter().collect()
        }
    }
}

fn entries(files: &[File]) -> BTreeSet<&str> {
    files.iter().map(|file| file.path.split('/').next().unwrap_or(&file.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    #[test]
    fn a_stranger_at_the_root_is_told() {
        let files = [file("notes/a.md", ""), file(".ci/run", ""), file("web/package.json", "")];
        assert_eq!(strangers_at_the_root(&files).len(), 1);
    }

    #[test]
    fn a_missing_entry_is_told_but_for_the_one_that_may_wait() {
        let all = |without: &str| -> Vec<File> {
            ENTRIES.iter().filter(|e| **e != without).map(|entry| file(entry, "")).collect()
        };
        assert_eq!(missing_at_the_root(&all("web")), ["web is missing at the root"]);
        assert!(missing_at_the_root(&all("deploy")).is_empty());
    }

    #[test]
    fn a_seventh_binary_is_told() {
        let manifest = |count| [file("tests/Cargo.toml", &"[[test]]\n".repeat(count))];
        assert!(too_many_binaries(&manifest(6)).is_empty());
        assert_eq!(too_many_binaries(&manifest(7)).len(), 1);
        assert_eq!(too_many_binaries(&[]).len(), 1);
    }
}
