//! The arrows between crates: a new one is a change of the design.

use crate::map::crates;
use crate::tree::{File, between, text_of};

/// The permitted dependencies. The proof may depend on everything, and nothing may depend on the proof.
const ARROWS: &[(&str, &[&str])] = &[
    ("proto", &[]),
    ("room", &["proto", "old_proto", "old_room"]),
    ("journal", &["proto"]),
    ("bus", &["proto"]),
    ("hub", &["room", "journal", "bus", "proto"]),
    ("intake", &["proto"]),
    ("directory", &["intake", "proto"]),
    ("takeaway", &["hub", "proto"]),
    ("node", &["intake", "directory", "takeaway", "hub", "journal", "bus", "proto"]),
    ("demo", &["node", "intake", "hub", "proto"]),
    ("muster", &["node", "demo", "intake", "takeaway", "hub", "proto"]),
    ("proof", &["proto", "room", "journal", "bus", "hub", "intake", "node", "demo"]),
    ("xtask", &[]),
    ("old_proto", &[]),
    ("old_room", &["proto", "old_proto"]),
];

/// Where the node may name the journal and the bus: its wiring, its login and what an operator
/// runs. A folder ends with `/`.
const NODE_MAY_NAME: [&str; 7] = [
    "server/node/src/wiring.rs",
    "server/node/src/wiring/",
    "server/node/src/login.rs",
    "server/node/src/login/",
    "server/node/src/operator.rs",
    "server/node/src/operator/",
    "server/node/src/settings/redis.rs",
];

/// Returns the dependencies between our crates that no arrow allows, and crates without arrows.
pub fn forbidden_dependencies(files: &[File]) -> Vec<String> {
    let crates = crates(files);
    let mut complaints: Vec<String> = ARROWS
        .iter()
        .filter(|(name, _)| !crates.iter().any(|(_, there)| there == name))
        .map(|(name, _)| format!("there is no crate called {name}"))
        .collect();
    for (folder, name) in crates {
        let Some((_, may_see)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            complaints.push(format!("{folder}: {name} has no arrows in tests/tidy/arrow.rs"));
            continue;
        };
        let manifest = text_of(files, &format!("{folder}/Cargo.toml")).unwrap_or_default();
        let seen = dependencies(manifest);
        let ours = seen.iter().filter(|seen| ARROWS.iter().any(|(known, _)| known == *seen));
        let forbidden = ours.filter(|seen| !may_see.contains(seen));
        complaints.extend(forbidden.map(|seen| format!("{folder}: {name} must not see {seen}")));
    }
    complaints
}

/// Returns the lines of the node that name the journal or the bus where they must not.
pub fn journal_or_bus_named(files: &[File]) -> Vec<String> {
    let sources =
        files.iter().filter(|file| file.is_in("server/node/") && file.extension() == "rs");
    let others = sources.filter(|file| {
        !NODE_MAY_NAME
            .iter()
            .any(|may| file.path == *may || (may.ends_with('/') && file.path.starts_with(may)))
    });
    let mut complaints = Vec::new();
    for file in others {
        for (at, line) in file.lines().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let named = ["journal", "bus"].into_iter().filter(|name| names_crate(line, name));
            let words = |name| {
                format!("{}:{at}: {name} is for the wiring, login, operator, settings", file.path)
            };
            complaints.extend(named.map(words));
        }
    }
    complaints
}

/// Returns every crate that a manifest depends on, under its own name and its real one.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut in_dependencies = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let last = section.rsplit('.').next().unwrap_or(section);
            in_dependencies = last.ends_with("dependencies");
            // `[dependencies.room]` is a section for one crate.
            if section.contains("dependencies.") {
                names.push(last);
            }
        } else if in_dependencies && !line.starts_with('#') {
            names.extend(line.split(['.', ' ', '=']).next().filter(|name| !name.is_empty()));
        }
        names.extend(between(line, "package = \"", '"'));
    }
    names
}

/// Says whether a line of Rust has a path that begins with a crate's name.
fn names_crate(line: &str, name: &str) -> bool {
    let path = format!("{name}::");
    let starts = line.match_indices(&path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
            || line[..at].ends_with(" ::")
    });
    starts || line.trim() == format!("use {name};") || line.contains(&format!("use {name} as "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    fn workspace(but: &str, dependencies: &str) -> Vec<File> {
        ARROWS
            .iter()
            .map(|(name, _)| {
                let rest = if *name == but { dependencies } else { "" };
                let text = format!("[package]\nname = \"{name}\"\n{rest}");
                file(&format!("server/{name}/Cargo.toml"), &text)
            })
            .collect()
    }

    #[test]
    fn a_forbidden_arrow_is_told_however_it_is_written() {
        for forbidden in [
            "[dependencies]\nroom.workspace = true\n",
            "[dependencies]\nproto.workspace = true\nroom = { path = \"../room\" }\n",
            "[dependencies.room]\npath = \"../room\"\n",
            "[dev-dependencies]\nroom = { workspace = true }\n",
            "[dependencies]\nrules = { package = \"room\", path = \"../room\" }\n",
            "[target.'cfg(unix)'.dependencies]\nroom.workspace = true\n",
        ] {
            let told = forbidden_dependencies(&workspace("node", forbidden));
            assert_eq!(told, ["server/node: node must not see room"], "{forbidden}");
        }
        let proof = "[dev-dependencies]\nproof.workspace = true\n";
        assert_eq!(forbidden_dependencies(&workspace("hub", proof)).len(), 1);
    }

    #[test]
    fn allowed_arrows_pass_and_unknown_crates_do_not() {
        let fine = "[dependencies]\nroom.workspace = true\nserde.workspace = true\n";
        assert!(forbidden_dependencies(&workspace("hub", fine)).is_empty());
        let mut files = workspace("", "");
        files.push(file("server/extra/Cargo.toml", "[package]\nname = \"extra\"\n"));
        assert_eq!(forbidden_dependencies(&files).len(), 1);
        assert_eq!(forbidden_dependencies(&[]).len(), ARROWS.len());
    }

    #[test]
    fn the_journal_named_in_a_route_is_told() {
        let named = |line: &str| journal_or_bus_named(&[file("server/node/src/ws.rs", line)]);
        assert_eq!(named("use journal::Entry;").len(), 1);
        assert_eq!(named("let bus: ::bus::Local = todo;").len(), 1);
        assert_eq!(named("use journal as memory;").len(), 1);
        assert!(named("// see journal::Entry").is_empty());
        assert!(named("use crate::journal::x; let y = omnibus::z;").is_empty());
        let wiring = [file("server/node/src/wiring.rs", "use journal::Entry;")];
        assert!(journal_or_bus_named(&wiring).is_empty());
    }
}
