//! Tables for the screens, so that no screen repeats what is declared here.

use std::{fmt::Write, path::PathBuf};

use crate::{command::Command, key::Key, nouns::Fact, role::Audience};

/// Returns every table, by the name of its file.
pub(super) fn all() -> [(PathBuf, String); 3] {
    [("facts.ts".into(), facts()), ("rows.ts".into(), rows()), ("urgent.ts".into(), urgent())]
}

/// Returns the head of a file.
fn head(source: &str) -> String {
    format!("// This file was generated from {source} by `cargo xtask bless`. Do not edit it.\n")
}

/// Returns the name of a variant as the wire has it: `WallHelp` as `wall_help`.
fn tag(variant: &str) -> String {
    let mut tag = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !tag.is_empty() {
            tag.push('_');
        }
        tag.push(letter.to_ascii_lowercase());
    }
    tag
}

/// Returns a constant that holds these kinds.
fn set(name: &str, of: &str, kinds: &[&str]) -> String {
    let mut text =
        format!("export const {name}: ReadonlySet<string> = new Set<{of}[\"kind\"]>([\n");
    for kind in kinds {
        writeln!(text, "  \"{kind}\",").unwrap();
    }
    text.push_str("]);\n");
    text
}

/// Returns the kinds of facts.
fn facts() -> String {
    let kinds: Vec<&str> = Fact::KINDS.iter().flat_map(|(_, kinds)| *kinds).copied().collect();
    let mut text = head("proto/src/nouns.rs");
    text.push_str("import type { Fact } from \"./command\";\n\n/** The kinds of facts. The rules never refuse one (R34). */\n");
    text.push_str(&set("facts", "Fact", &kinds));
    text
}

/// Returns the kinds that go before others, and those that go along.
fn urgent() -> String {
    let mut text = head("proto/src/command.rs");
    text.push_str("import type { Command } from \"./command\";\n\n/** What goes before everything else that waits (P-50). */\n");
    text.push_str(&set("urgent", "Command", Command::URGENT));
    text.push_str("\n/** What goes along when it was made before: where a member is. */\n");
    text.push_str(&set("withUrgent", "Command", Command::WITH_URGENT));
    text
}

/// Returns the rows of each audience by the kind of their key, a constant for each: a face loads its own alone.
fn rows() -> String {
    let mut text = head("proto/src/key.rs");
    text.push_str("import type { Row } from \"./row\";\n\ntype Table = Readonly<Record<string, Row[\"row\"]>>;\n");
    for audience in Audience::ALL {
        let word = audience.word();
        writeln!(text, "\n/** The rows of the {word}, by the kind of their key. */").unwrap();
        writeln!(text, "export const {word}Rows = {{").unwrap();
        for (kind, rows) in Key::KINDS {
            for (_, row) in rows.iter().filter(|(whose, _)| *whose == audience) {
                writeln!(text, "  {kind}: \"{}\",", tag(row)).unwrap();
            }
        }
        text.push_str("} as const satisfies Table;\n");
    }
    text
}
