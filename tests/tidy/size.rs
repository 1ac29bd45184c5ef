//! Small files: one noun each.

use crate::tree::{File, GENERATED};

/// The first number of lines that is too many.
const LINES_TOO_MANY: usize = 600;

/// Returns our own sources that are too long.
pub fn too_long(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| ["rs", "ts", "svelte", "css"].contains(&file.extension()))
        .filter(|file| !file.is_in(GENERATED))
        .map(|file| (file, file.lines().count()))
        .filter(|(_, lines)| *lines >= LINES_TOO_MANY)
        .map(|(file, lines)| format!("{}: {lines} lines; look for the second noun", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    #[test]
    fn a_long_file_is_told_and_a_generated_one_is_not() {
        let long = "x\n".repeat(600);
        assert_eq!(too_long(&[file("web/src/app.css", &long)]).len(), 1);
        assert!(too_long(&[file("server/room/src/a.rs", &"x\n".repeat(599))]).is_empty());
        assert!(too_long(&[file("web/src/lib/wire/Row.ts", &long)]).is_empty());
        assert!(too_long(&[file("Cargo.lock", &long)]).is_empty());
    }
}
