//! ARCHITECTURE.md is a map: what is there is on it, and what is on it is there.

use std::collections::BTreeSet;

use crate::tree::{File, between, text_of};

const MAP: &str = "ARCHITECTURE.md";

/// Written by a build and kept by nobody, yet worth a word on the map.
const BUILT: [&str; 3] = ["web/dist", "web/node_modules", "target"];

/// Endings that make a word without any `/` the name of a source file.
const SOURCES: [&str; 4] = [".rs", ".ts", ".svelte", ".css"];

/// Returns the crates and the folders of the root that the map does not name.
pub fn unnamed(files: &[File]) -> Vec<String> {
    let map = match text_of(files, MAP) {
        Ok(map) => map,
        Err(missing) => return vec![missing],
    };
    let crates = files.iter().filter_map(|file| file.path.strip_suffix("/Cargo.toml"));
    let folders = files.iter().filter_map(|file| file.path.split_once('/')).map(|(top, _)| top);
    let wanted: BTreeSet<&str> =
        crates.chain(folders.filter(|folder| !folder.starts_with('.'))).collect();
    wanted
        .into_iter()
        .filter(|folder| {
            !map.contains(&format!("{folder}/")) && !map.contains(&format!("`{folder}`"))
        })
        .map(|folder| format!("{MAP} does not name {folder}"))
        .collect()
}

/// Returns the paths in backticks on the map that lead nowhere.
pub fn dangling(files: &[File]) -> Vec<String> {
    let map = match text_of(files, MAP) {
        Ok(map) => map,
        Err(missing) => return vec![missing],
    };
    let mut in_block = false;
    let mut complaints = Vec::new();
    for (at, line) in map.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            let words = line.split('`').skip(1).step_by(2);
            let lost = words.filter(|word| leads_nowhere(word, files));
            complaints.extend(lost.map(|word| format!("{MAP}:{}: no {word}", at + 1)));
        }
    }
    complaints
}

/// Says whether a word looks like a path of this repository and is none. `*` and `{` stand for any
/// name, so only what precedes them is held against the tree.
fn leads_nowhere(word: &str, files: &[File]) -> bool {
    let is_source =
        SOURCES.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending));
    if word.contains(|letter: char| letter.is_whitespace() || "()<>:?=\"".contains(letter)) {
        return false;
    }
    let plain = word.split(['*', '{']).next().unwrap_or(word);
    let path = if plain == word {
        word.trim_end_matches('/')
    } else {
        plain.rsplit_once('/').map_or("", |(folder, _)| folder)
    };
    let Some((top, _)) = path.split_once('/') else {
        return is_source && plain == word && !files.iter().any(|file| file.name() == path);
    };
    let is_ours = files.iter().any(|file| file.path.split('/').next() == Some(top));
    (is_ours || is_source) && !exists(path, files)
}

fn exists(path: &str, files: &[File]) -> bool {
    let folder = format!("{path}/");
    BUILT.iter().any(|built| path == *built || path.starts_with(&format!("{built}/")))
        || files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
}

/// Returns the crates whose manifests are in the tree, as (folder, name).
pub fn crates(files: &[File]) -> Vec<(&str, &str)> {
    files
        .iter()
        .filter_map(|file| Some((file.path.strip_suffix("/Cargo.toml")?, file.text.as_deref()?)))
        .filter_map(|(folder, text)| {
            let line = text.lines().find(|line| line.starts_with("name = "))?;
            Some((folder, *between(line, "\"", '"').first()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    fn tree(map: &str) -> Vec<File> {
        vec![
            file(MAP, map),
            file("server/hub/Cargo.toml", "[package]\nname = \"hub\"\n"),
            file("server/hub/src/live.rs", ""),
            file("web/src/lib/link.ts", ""),
        ]
    }

    #[test]
    fn a_crate_and_a_folder_that_the_map_forgets_are_told() {
        assert_eq!(
            unnamed(&tree("`server/` and `web`")),
            [format!("{MAP} does not name server/hub")]
        );
        assert_eq!(unnamed(&tree("`server/hub/`, server/")), [format!("{MAP} does not name web")]);
        assert!(unnamed(&tree("server/hub/ web/")).is_empty());
        assert_eq!(unnamed(&[]).len(), 1);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told() {
        for lost in ["server/hub/src/gone.rs", "hub/src/live.rs", "gone.rs", "web/src/ui/"] {
            assert_eq!(dangling(&tree(&format!("see `{lost}`"))).len(), 1, "{lost}");
        }
        assert_eq!(dangling(&[]).len(), 1);
    }

    #[test]
    fn what_exists_and_what_is_no_path_pass() {
        for fine in [
            "server/hub/src/live.rs",
            "live.rs",
            "web/src/lib/",
            "server/hub/src/*.rs",
            "web/src/lib/{link,rows}.ts",
            "web/dist/",
            "/api/rooms/{id}/commands",
            "application/json",
            "decide(&Room, &Command)",
        ] {
            assert_eq!(dangling(&tree(&format!("see `{fine}`"))), Vec::<String>::new());
        }
        assert!(dangling(&tree("```\n`gone.rs`\n```")).is_empty(), "blocks are examples");
    }

    #[test]
    fn crates_are_found_by_their_manifests() {
        assert_eq!(crates(&tree("")), [("server/hub", "hub")]);
    }
}
