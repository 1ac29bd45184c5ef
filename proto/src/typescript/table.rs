//! Tables for the screens, so that no screen repeats what is declared here.

use std::{fmt::Write, path::PathBuf};

use crate::{
    command::Command,
    details::PersonChange,
    key::Key,
    limit,
    nouns::Fact,
    role::Audience,
    text::{Line, PersonName, Short, Telephone},
};

/// Returns every table, by the name of its file.
pub(super) fn all() -> [(PathBuf, String); 5] {
    [
        ("facts.ts".into(), facts()),
        ("fields.ts".into(), fields()),
        ("limits.ts".into(), limits()),
        ("rows.ts".into(), rows()),
        ("urgent.ts".into(), urgent()),
    ]
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

/// Returns the fields of a person that rows show, each with its label, in the order of forms.
fn fields() -> String {
    let mut text = head("proto/src/noun/details.rs");
    text.push_str("import type { EditedDetails } from \"./details\";\n\n");
    text.push_str("/** What the fields of a person are called, as far as rows show them. */\n");
    text.push_str("export const fieldLabel: Readonly<Record<keyof EditedDetails, string>> = {\n");
    for field in PersonChange::FIELDS.iter().filter(|field| field.is_shown) {
        writeln!(text, "  {}: \"{}\",", field.name, field.label).unwrap();
    }
    text.push_str("};\n");
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

/// Returns the limits that a screen keeps to before the server does.
fn limits() -> String {
    let limits = [
        ("COMMANDS_MAX", limit::COMMANDS_MAX.to_string()),
        ("SILENCE_MS", limit::SILENCE_MS.to_string()),
        ("REQUEST_MS", limit::REQUEST_MS.to_string()),
        ("NAMED_MAX", limit::NAMED_MAX.to_string()),
        ("COVER_HOURS", limit::COVER_HOURS.to_string()),
        ("LATE_MS", limit::LATE_MS.to_string()),
        ("TIME_MIN", limit::TIME_MIN.0.to_string()),
        ("TIME_MAX", limit::TIME_MAX.0.to_string()),
        ("IMPORT_BYTES_MAX", limit::IMPORT_BYTES_MAX.to_string()),
        ("NAME_CHARS_MAX", PersonName::CHARS_MAX.to_string()),
        ("SHORT_CHARS_MAX", Short::CHARS_MAX.to_string()),
        ("LINE_CHARS_MAX", Line::CHARS_MAX.to_string()),
        ("TELEPHONE_CHARS_MAX", Telephone::CHARS_MAX.to_string()),
    ];
    let mut text = head("proto/src/limit.rs and proto/src/text.rs");
    for (name, limit) in limits {
        writeln!(text, "export const {name} = {limit};").unwrap();
    }
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
