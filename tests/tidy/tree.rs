//! The files of the tree, as every check sees them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One file of the tree.
#[derive(Clone)]
pub struct File {
    /// Its path from the root, with `/`.
    pub path: String,
    /// What it says; none for a picture or a font.
    pub text: Option<String>,
}

impl File {
    /// Returns the file's lines, numbered from 1; none for a picture or a font.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.iter().flat_map(|text| text.lines()).enumerate().map(|(at, line)| (at + 1, line))
    }

    /// Returns the last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Returns what follows the last dot of the name.
    pub fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Returns whether the file is in a folder, given with its `/`.
    pub fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

/// Types written by a program from the Rust ones.
pub const GENERATED: &str = "web/src/lib/wire/";

/// Reads every file that git keeps or would keep, as it is in the working copy.
///
/// # Panics
///
/// When git does not answer: a check that reads nothing would hold for ever.
pub fn read() -> Vec<File> {
    let root = root();
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let paths = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let files: Vec<File> = paths
        .split_terminator('\0')
        .filter_map(|path| {
            // A file that was removed and not yet committed is gone.
            let bytes = std::fs::read(root.join(path)).ok()?;
            Some(File { path: path.to_owned(), text: String::from_utf8(bytes).ok() })
        })
        .collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "the tree was not read");
    files
}

/// Returns a file's words, or the complaint that it is missing.
pub fn text_of<'a>(files: &'a [File], path: &str) -> Result<&'a str, String> {
    files
        .iter()
        .find(|file| file.path == path)
        .and_then(|file| file.text.as_deref())
        .ok_or_else(|| format!("{path} is missing"))
}

/// Returns the text between each `open` and the next `close`, within one line.
pub fn between<'a>(line: &'a str, open: &str, close: char) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once(open) {
        let Some((text, further)) = after.split_once(close) else { break };
        found.push(text);
        rest = further;
    }
    found
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the tests stand in a folder of the root").to_path_buf()
}

/// Returns a file for a check's own tests.
#[cfg(test)]
pub fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: Some(text.to_owned()) }
}

#[test]
fn a_missing_file_is_a_complaint() {
    assert_eq!(text_of(&[], "PROTOCOL.md").unwrap_err(), "PROTOCOL.md is missing");
}

#[test]
fn quoted_words_are_found() {
    assert_eq!(between("a `b` c `d` `e", "`", '`'), ["b", "d"]);
    assert_eq!(between("x = \"y\"", "= \"", '"'), ["y"]);
}
