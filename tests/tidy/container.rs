//! Compares the container's file with the tree, so that its build misses nothing: what it copies exists, and what the
//! build reads is copied.

use crate::tree::{File, between, text_of};

const FILE: &str = "deploy/Containerfile";
/// The folders compiled into the program, or part of its workspace.
const CRATES: [&str; 2] = ["proto/", "server/"];
/// Files that change cargo's behaviour, in any folder.
const CARGO: [&str; 3] = ["rust-toolchain.toml", "rust-toolchain", "Cargo.lock"];

/// Returns copied paths that do not exist, files that the build reads but the container does not copy, and differing
/// versions.
pub fn disagreements(files: &[File]) -> Vec<String> {
    let stages = match text_of(files, FILE) {
        Ok(text) => stages(text),
        Err(missing) => return vec![missing],
    };
    let copied = |stage: &str| {
        let found = stages.iter().find(|(name, _)| *name == stage);
        found.map(|(_, copied)| copied.clone()).unwrap_or_default()
    };
    let (screens, program) = (copied("screens"), copied("program"));
    let mut complaints = Vec::new();
    for source in screens.iter().chain(&program).filter(|source| **source != BUILT) {
        if !files.iter().any(|file| covers(source, &file.path)) {
            complaints.push(format!("{FILE}: {source} is not there"));
        }
    }
    for (reader, path) in read_by_cargo(files) {
        if !program.iter().any(|source| covers(source, &path)) {
            complaints.push(format!("{FILE}: {path}, which {reader} asks for, is not copied"));
        }
    }
    for (reader, path) in read_by_vite(files) {
        if !screens.iter().any(|source| covers(source, &path)) {
            complaints.push(format!("{FILE}: {path}, which {reader} asks for, is not copied"));
        }
    }
    complaints.extend(other_rust(files));
    complaints
}

/// The folder where the screens' stage leaves the built screens.
const BUILT: &str = "web/dist";

/// Returns the paths each stage copies, by the stage's name; a path from another stage by its destination.
fn stages(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut stages = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["FROM", _, "AS", name] => stages.push((name, Vec::new())),
            ["FROM", ..] => stages.push(("", Vec::new())),
            ["COPY", ref sources @ .., target] => {
                let Some((_, copied)) = stages.last_mut() else { continue };
                if sources.first().is_some_and(|first| first.starts_with("--from")) {
                    copied.push(target);
                } else {
                    copied.extend_from_slice(sources);
                }
            }
            _ => {}
        }
    }
    stages
}

/// Returns whether a path equals a copied path, is within it, or matches its wildcard.
fn covers(source: &str, path: &str) -> bool {
    match source.split_once('*') {
        Some((before, after)) => {
            let middle = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            middle.is_some_and(|middle| !middle.contains('/'))
        }
        None => {
            path == source || path.strip_prefix(source).is_some_and(|rest| rest.starts_with('/'))
        }
    }
}

/// Returns each file that the program's build reads, with the file that refers to it.
fn read_by_cargo(files: &[File]) -> Vec<(String, String)> {
    let mut read = vec![("cargo".to_owned(), "Cargo.toml".to_owned())];
    for name in CARGO.iter().filter(|name| files.iter().any(|file| file.path == **name)) {
        read.push(("cargo".to_owned(), (*name).to_owned()));
    }
    let members = text_of(files, "Cargo.toml").unwrap_or_default();
    let members = members.lines().filter(|line| line.starts_with("members = "));
    for member in members.flat_map(|line| between(line, "\"", '"')) {
        read.push(("the workspace".to_owned(), format!("{member}/Cargo.toml")));
    }
    for file in files.iter().filter(|file| CRATES.iter().any(|folder| file.is_in(folder))) {
        let text = file.text.as_deref().unwrap_or_default();
        let asked = match file.name() {
            "Cargo.toml" => between(text, "build = \"", '"'),
            name if name.ends_with(".rs") => {
                // Files that only tests read are not compiled into the program.
                let code = text.split_once("#[cfg(test)]").map_or(text, |(code, _)| code);
                let asks =
                    ["include_str!(\"", "include_bytes!(\"", "#[folder = \"$CARGO_MANIFEST_DIR/"];
                asks.iter().flat_map(|ask| between(code, ask, '"')).collect()
            }
            _ => Vec::new(),
        };
        for path in asked {
            let is_folder = text.contains(&format!("$CARGO_MANIFEST_DIR/{path}"));
            let from = if is_folder { crate_of(&file.path) } else { folder_of(&file.path) };
            read.push((file.path.clone(), resolved(from, path)));
        }
    }
    read
}

/// Returns each file outside the screens' sources that their build reads, with the file that refers to it.
fn read_by_vite(files: &[File]) -> Vec<(String, String)> {
    let mut read: Vec<(String, String)> = ["package.json", "package-lock.json", "tsconfig.json"]
        .map(|name| ("npm".to_owned(), format!("web/{name}")))
        .into();
    // Those at the top build; within `src` nothing leads out of it, or the program would not be built from it.
    let builds =
        |file: &&File| file.path.starts_with("web/") && file.path.matches('/').count() == 1;
    for file in files.iter().filter(builds).filter(|file| file.extension() == "ts") {
        for (_, line) in file.lines() {
            let pages = between(line, "'", '\'').into_iter().filter(|word| word.ends_with(".html"));
            let parts = between(line, "from './", '\'');
            for path in pages.chain(parts).filter(|path| !path.contains(['*', '/', '$'])) {
                read.push((file.path.clone(), format!("web/{path}")));
            }
        }
    }
    for source in files.iter().filter(|file| file.is_in("web/src/")) {
        for (_, line) in source.lines() {
            for path in ["from '../", "import '../"].iter().flat_map(|ask| between(line, ask, '\''))
            {
                let path = resolved(folder_of(&source.path), &format!("../{path}"));
                if !path.starts_with("web/src/") {
                    read.push((source.path.clone(), path));
                }
            }
        }
    }
    read
}

/// Returns an error if the container's Rust differs from the crates' Rust.
fn other_rust(files: &[File]) -> Option<String> {
    let text = text_of(files, FILE).ok()?;
    let image = between(text, "/rust:", '-').into_iter().next().unwrap_or("none");
    let manifest = text_of(files, "Cargo.toml").ok()?;
    let asked = between(manifest, "rust-version = \"", '"').into_iter().next()?;
    (image != asked).then(|| format!("{FILE}: Rust is {image}, and the crates ask for {asked}"))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn crate_of(path: &str) -> &str {
    path.split_once("/src/").map_or(path, |(folder, _)| folder)
}

/// Resolves a path relative to a folder, from the root.
fn resolved(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    const CONTAINER: &str = "FROM x/node:22 AS screens\nCOPY web/package.json web/package-lock.json ./\n\
        COPY web/src src\nCOPY web/*.html web/*.ts web/tsconfig.json ./\nFROM x/rust:1.95-slim AS program\n\
        COPY Cargo.toml Cargo.lock ./\nCOPY server server\nCOPY --from=screens /src/web/dist web/dist\nFROM x/bare\n";

    /// A tree that the container's file fits.
    fn tree() -> Vec<File> {
        vec![
            file(FILE, CONTAINER),
            file("Cargo.toml", "members = [\"server/node\"]\nrust-version = \"1.95\"\n"),
            file("Cargo.lock", ""),
            file("server/node/Cargo.toml", "build = \"../plant.rs\"\n"),
            file("server/plant.rs", ""),
            file("server/node/src/a.rs", "#[folder = \"$CARGO_MANIFEST_DIR/../../web/dist\"]\n"),
            file("web/package.json", ""),
            file("web/package-lock.json", ""),
            file("web/tsconfig.json", ""),
            file("web/vite.config.ts", "import { a } from './shell.ts';\n  wall: 'wall.html',\n"),
            file("web/shell.ts", ""),
            file("web/wall.html", ""),
            file("web/src/main.ts", ""),
        ]
    }

    fn with(path: &str, text: &str) -> Vec<String> {
        let mut files = tree();
        files.retain(|file| file.path != path);
        files.push(file(path, text));
        disagreements(&files)
    }

    #[test]
    fn a_container_that_has_all_is_told_nothing() {
        assert_eq!(disagreements(&tree()), Vec::<String>::new());
    }

    #[test]
    fn what_is_copied_and_not_there_is_told() {
        let mut files = tree();
        files.retain(|file| !file.path.starts_with("web/src/"));
        assert_eq!(disagreements(&files), [format!("{FILE}: web/src is not there")]);
    }

    #[test]
    fn what_is_read_and_not_copied_is_told() {
        for (path, text, missing) in [
            (
                "Cargo.toml",
                "members = [\"tools/x\"]\nrust-version = \"1.95\"",
                "tools/x/Cargo.toml",
            ),
            ("rust-toolchain.toml", "", "rust-toolchain.toml"),
            ("server/node/Cargo.toml", "build = \"../../plant.rs\"", "plant.rs"),
            ("server/node/src/b.rs", "include_str!(\"../../../deploy/c.md\")", "deploy/c.md"),
            ("web/vite.config.ts", "import a from './a.js';", "web/a.js"),
            ("web/src/main.ts", "import a from '../../proto/a';", "proto/a"),
        ] {
            let told = with(path, text);
            assert_eq!(told.len(), 1, "{path}: {told:?}");
            assert!(told[0].contains(&format!(" {missing}, which")), "{told:?}");
        }
        let for_tests = "#[cfg(test)]\nmod tests { include_str!(\"../../../deploy/c.md\") }";
        assert_eq!(with("server/node/src/b.rs", for_tests), Vec::<String>::new());
    }

    #[test]
    fn another_rust_than_the_crates_ask_for_is_told() {
        let told = with("Cargo.toml", "members = [\"server/node\"]\nrust-version = \"1.96\"");
        assert_eq!(told, [format!("{FILE}: Rust is 1.95, and the crates ask for 1.96")]);
    }
}
