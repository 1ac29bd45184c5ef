//! The tables of rights and gates, as text for review beside the procedure (`tests/golden/rights.txt` and
//! `tests/golden/gates.txt`) and as tables for the screens in `web/src/lib/wire/`. `BLESS=1` writes them.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use proto::{
    command::Command,
    gate::Gate,
    id::MemberId,
    member::{self, Actor},
    nouns::{Fact, Plan},
    refusal::Code,
    role::{Ceiling, Role},
};
use serde::Serialize;

use super::{
    samples::samples,
    scene::{LEAD, Scene, profile, uuid_of},
};
use crate::{nouns, rights::COUNTS_ONLY, tables};

/// The member whose roles vary.
const TRIED: MemberId = MemberId(uuid_of(60));

/// Returns a value's wire encoding.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::String(word) => word,
        other => panic!("{other} is no word"),
    }
}

/// Compares a text with the file at this path, or writes the file.
#[expect(clippy::disallowed_methods, reason = "a generated file is on the disk")]
fn golden(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == text, "{path} is stale: `cargo xtask bless` writes it\n{text}");
}

/// Returns a room with a member who has one role, or none.
fn with(role: Option<Role>) -> Scene {
    let mut scene = Scene::with_people(1);
    let profile = profile("Tried Out", role.into_iter().collect());
    let ceiling = Ceiling::Staff;
    scene.set_up(Command::from(member::Plan::Admit { member: TRIED, profile, ceiling }));
    scene
}

/// Every role, and none.
fn roles() -> Vec<Option<Role>> {
    let all = Role::ALL.into_iter().map(Some);
    std::iter::once(None).chain(all).collect()
}

const CEILINGS: [Ceiling; 3] = [Ceiling::Staff, Ceiling::Code, Ceiling::Link];

/// Returns the permitted roles, by the index of the sample and the ceiling.
fn tried(samples: &[(String, Command)]) -> BTreeMap<(usize, &'static str), Vec<String>> {
    let mut may: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
    for role in roles() {
        let mut scene = with(role);
        let said = role.as_ref().map_or_else(|| "none".to_owned(), word);
        for (at, (_, command)) in samples.iter().enumerate() {
            for (ceiling, name) in CEILINGS.into_iter().zip(["staff", "code", "link"]) {
                let mut context = scene.context(Actor::Member(TRIED));
                context.ceiling = Some(ceiling);
                if scene.room.allow(&context, command).is_ok() {
                    may.entry((at, name)).or_default().push(said.clone());
                }
            }
        }
    }
    may
}

#[test]
fn rights_match_the_table() {
    let samples = samples();
    let may = tried(&samples);
    let of = |at, ceiling| may.get(&(at, ceiling)).cloned().unwrap_or_default();
    let mut text = "kind\tneeds\tceiling\troles\n".to_owned();
    for (at, (name, command)) in samples.iter().enumerate() {
        let needs = match command {
            Command::Plan(plan) => {
                let needs = nouns::needs(plan);
                let classes: Vec<String> = needs.classes.iter().map(word).collect();
                format!("{:?} {}", needs.verb, classes.join(" ")).to_lowercase()
            }
            Command::Fact(_) => "fact".to_owned(),
        };
        let mut lines: Vec<(String, Vec<String>)> = Vec::new();
        for ceiling in ["staff", "code", "link"] {
            let roles = of(at, ceiling);
            match lines.last_mut() {
                Some((ceilings, same)) if *same == roles => {
                    ceilings.push(' ');
                    ceilings.push_str(ceiling);
                }
                _ => lines.push((ceiling.to_owned(), roles)),
            }
        }
        for (ceilings, roles) in lines {
            let roles =
                if roles.len() == roles_count() { "all".to_owned() } else { roles.join(" ") };
            let roles = if roles.is_empty() { "-" } else { &roles };
            text.push_str(&[name, &needs, &ceilings, roles].join("\t"));
            text.push('\n');
        }
    }
    golden("tests/golden/rights.txt", &text);
    let lines = samples.iter().enumerate();
    let lines = lines.map(|(at, (name, _))| {
        let (staff, code) = (of(at, "staff"), of(at, "code"));
        assert_eq!(code, of(at, "link"), "the screens' table does not tell a code from a link");
        assert!(code == staff || code.is_empty(), "by a code, some of the roles may: {name}");
        Right { asked: name, is_by_staff: code != staff, roles: staff }
    });
    golden("web/src/lib/wire/rights.ts", &rights_of_screens(&lines.collect::<Vec<_>>()));
}

/// Who may submit a command.
struct Right<'a> {
    asked: &'a str,
    roles: Vec<String>,
    /// Only with a staff login.
    is_by_staff: bool,
}

/// Returns the words quoted and separated by commas.
fn quoted<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let quoted = words.into_iter().map(|word| format!("\"{}\"", word.as_ref()));
    quoted.collect::<Vec<_>>().join(", ")
}

/// Returns the rights as TypeScript.
fn rights_of_screens(rights: &[Right<'_>]) -> String {
    let works = |role: &Role| !COUNTS_ONLY.contains(role);
    let working: Vec<String> = Role::ALL.iter().filter(|role| works(role)).map(word).collect();
    let mut text = RIGHTS_HEAD.replace("WORKING", &quoted(&working));
    for Right { asked, roles, .. } in rights.iter().filter(|right| !VARIED.contains(&right.asked)) {
        let who = match roles {
            all if all.len() == roles_count() => "\"member\"".to_owned(),
            all if *all == working => "working".to_owned(),
            some => format!("[{}]", quoted(some)),
        };
        writeln!(text, "  \"{asked}\": {who},").unwrap();
    }
    let by_staff = rights.iter().filter(|right| right.is_by_staff).map(|right| right.asked);
    text.push_str(&RIGHTS_FOOT.replace("BY_STAFF", &quoted(by_staff)));
    text
}

/// Kinds whose right depends on their subject.
const VARIED: [&str; 2] = ["pass_gate", "record_export"];

const RIGHTS_HEAD: &str = r#"// This file was generated from the rules of server/room by `cargo xtask bless`. Do not edit it.
import type { Command } from "./command";
import type { Export } from "./export";
import type { Gate } from "./gate";
import type { Role } from "./role";

/** What is asked: the kind, and what it is about where the right depends on that. */
export type Asked =
  | Exclude<Command["kind"], "pass_gate" | "record_export">
  | `pass_gate ${Gate}`
  | `record_export ${Export}`;

/** The roles of which one is needed, or every member. */
export type Who = "member" | readonly Role[];

/** Every role but those that only read counts. */
export const working: readonly Role[] = [WORKING];

/** Who may ask for it; nobody who logs in where no role is named. */
export const rights: Readonly<Record<Asked, Who>> = {
"#;

const RIGHTS_FOOT: &str = r"};

/** What a login by a door code or from outside does not carry, whatever the roles. */
export const byStaff: ReadonlySet<string> = new Set<Asked>([BY_STAFF]);
";

fn roles_count() -> usize {
    Role::ALL.len() + 1
}

#[test]
fn gates_match_the_table() {
    let mut text = "gate\tasked by\tH/S\titem\tmay pass\towner\tparagraph\n".to_owned();
    for line in tables::gates() {
        let passers: Vec<String> = line.may_pass.iter().map(word).collect();
        let cells = [
            word(&line.gate),
            line.asked_by.to_owned(),
            if line.is_hard { "H" } else { "S" }.to_owned(),
            line.item.as_ref().map_or_else(|| "-".to_owned(), word),
            passers.join(" "),
            word(&line.owner),
            line.paragraph.to_owned(),
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    let plans: Vec<&str> = Plan::KINDS.iter().flat_map(|(_, kinds)| *kinds).copied().collect();
    for line in tables::gates() {
        assert!(plans.contains(&line.asked_by), "{line:?}");
    }
    golden("tests/golden/gates.txt", &text);
    golden("web/src/lib/wire/gates.ts", &gates_of_screens());
}

/// Returns the gates as TypeScript. Who may pass one is a right; each breach names its accountable role.
fn gates_of_screens() -> String {
    let mut text = GATES_HEAD.to_owned();
    for gate in Gate::ALL {
        let asks = tables::gates().into_iter().filter(|line| line.gate == gate);
        let plans: Vec<&str> = asks.map(|line| line.asked_by).collect();
        writeln!(text, "  {}: [{}],", word(&gate), quoted(plans)).unwrap();
    }
    text.push_str("};\n");
    text
}

const GATES_HEAD: &str = r#"// This file was generated from the rules of server/room by `cargo xtask bless`. Do not edit it.
import type { Plan } from "./command";
import type { Gate } from "./gate";

/** The gates in the order of the procedure, each with the plans that ask it. */
export const gates: Readonly<Record<Gate, readonly Plan["kind"][]>> = {
"#;

/// A member without a role may call for help and sign on and off, and nothing else; all others keep their rights.
#[test]
fn a_member_without_a_role_may_call_for_help_and_sign_on_and_off() {
    let mut scene = with(None);
    for (name, command) in samples() {
        let context = scene.context(Actor::Member(TRIED));
        let may = scene.room.allow(&context, &command).is_ok();
        let is_safety = matches!(command, Command::Fact(Fact::Help(_)))
            || ["sign_on", "check_in", "sign_off"].contains(&command.kind());
        assert_eq!(may, is_safety, "{name}");
        if !may {
            let refused = scene.room.allow(&context, &command).unwrap_err();
            assert_eq!(refused.code, Code::NotYours, "{name}");
        }
    }
    assert!(scene.room.members.contains_key(&LEAD));
}

#[test]
fn every_kind_of_command_is_tested() {
    let tried: Vec<&str> = samples().iter().map(|(_, command)| command.kind()).collect();
    let kinds = Plan::KINDS.iter().chain(Fact::KINDS).flat_map(|(_, kinds)| *kinds);
    for kind in kinds {
        assert!(tried.contains(kind), "no sample of {kind}");
    }
}
