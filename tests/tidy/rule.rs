//! The numbered rules of the protocol and the invariants, and the tests that cite them.

use std::collections::BTreeSet;

use crate::tree::{File, text_of};

const PROTOCOL: &str = "proto/PROTOCOL.md";

/// The invariants are numbered from 1 to this.
const INVARIANTS: u32 = 36;

/// Returns the rules of the protocol that no test cites.
pub fn uncited_rules(files: &[File]) -> Vec<String> {
    let rules = match rules(files) {
        Ok(rules) => rules,
        Err(complaint) => return vec![complaint],
    };
    let cited: BTreeSet<u32> = citations(files, "P-").map(|(_, number)| number).collect();
    rules.difference(&cited).map(|rule| format!("{PROTOCOL}: no test cites P-{rule}")).collect()
}

/// Returns the invariants that no test cites. This tree keeps all of them: none is left out.
pub fn uncited_invariants(files: &[File]) -> Vec<String> {
    let cited: BTreeSet<u32> = citations(files, "I-").map(|(_, number)| number).collect();
    let uncited = (1..=INVARIANTS).filter(|number| !cited.contains(number));
    uncited.map(|number| format!("no test cites I-{number}")).collect()
}

/// Returns the citations in tests of rules and invariants that do not exist.
pub fn unknown_citations(files: &[File]) -> Vec<String> {
    let rules = match rules(files) {
        Ok(rules) => rules,
        Err(complaint) => return vec![complaint],
    };
    let lost_rules = citations(files, "P-")
        .filter(|(_, number)| !rules.contains(number))
        .map(|(path, number)| format!("{path}: there is no rule P-{number}"));
    let lost_invariants = citations(files, "I-")
        .filter(|(_, number)| !(1..=INVARIANTS).contains(number))
        .map(|(path, number)| format!("{path}: there is no invariant I-{number}"));
    lost_rules.chain(lost_invariants).collect()
}

/// Returns the numbers of the rules, each of which begins a line, as `**P-12**`.
fn rules(files: &[File]) -> Result<BTreeSet<u32>, String> {
    let rules: BTreeSet<u32> = text_of(files, PROTOCOL)?
        .lines()
        .filter_map(|line| line.strip_prefix("**P-")?.split_once("**")?.0.parse().ok())
        .collect();
    if rules.is_empty() { Err(format!("{PROTOCOL} holds no rules")) } else { Ok(rules) }
}

/// Returns every citation in a test, as (path, number).
fn citations<'a>(files: &'a [File], prefix: &'a str) -> impl Iterator<Item = (&'a str, u32)> {
    files.iter().flat_map(move |file| {
        numbers(test_part(file), prefix).into_iter().map(|number| (file.path.as_str(), number))
    })
}

/// Returns the part of a file that is a test: all of it, or what follows the first `cfg(test)`.
fn test_part(file: &File) -> &str {
    let text = file.text.as_deref().unwrap_or_default();
    // These very checks speak of rules without testing any.
    if file.is_in("tests/tidy") {
        return "";
    }
    let is_rust = file.extension() == "rs";
    let is_web = ["ts", "js", "mjs"].contains(&file.extension());
    let in_tests = file.is_in("tests/") || file.path.contains("/tests/");
    if (is_rust && (in_tests || file.name() == "tests.rs"))
        || (is_web && (in_tests || file.name().contains(".test.")))
    {
        text
    } else if is_rust {
        text.find("#[cfg(test)]").map_or("", |at| &text[at..])
    } else {
        ""
    }
}

/// Returns the numbers that follow a prefix which is not the end of another word.
fn numbers(text: &str, prefix: &str) -> Vec<u32> {
    text.match_indices(prefix)
        .filter(|(at, _)| {
            !text[..*at].chars().next_back().is_some_and(|x| x.is_alphanumeric() || x == '-')
        })
        .filter_map(|(at, _)| {
            let rest = &text[at + prefix.len()..];
            let end = rest.find(|x: char| !x.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse().ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    fn protocol(tests: Vec<File>) -> Vec<File> {
        let text = "# Rules\n\n**P-1** One way in.\n**P-12** One way out. See P-99.\n";
        std::iter::once(file(PROTOCOL, text)).chain(tests).collect()
    }

    #[test]
    fn a_rule_without_a_test_is_told() {
        let product = file("server/hub/src/a.rs", "// P-12\nfn a() {}\n#[cfg(test)]\n// P-1\n");
        assert_eq!(
            uncited_rules(&protocol(vec![product])),
            [format!("{PROTOCOL}: no test cites P-12")]
        );
    }

    #[test]
    fn a_rule_cited_by_any_kind_of_test_passes() {
        for test in ["tests/storm.rs", "web/tests/wall.ts", "web/src/lib/link.test.ts"] {
            assert!(uncited_rules(&protocol(vec![file(test, "// P-1, P-12: x")])).is_empty());
        }
        let near = vec![file("tests/storm.rs", "// P-123, MAP-1, P-1")];
        assert_eq!(uncited_rules(&protocol(near)).len(), 1);
    }

    #[test]
    fn an_invariant_without_a_test_is_told() {
        let cited = |numbers: std::ops::RangeInclusive<u32>| {
            let cites: String = numbers.map(|number| format!("// I-{number}\n")).collect();
            uncited_invariants(&[
                file("tests/storm.rs", &cites),
                file("server/hub/src/a.rs", "// I-36, a promise and no test of it\nfn a() {}\n"),
            ])
        };
        assert!(cited(1..=36).is_empty());
        assert_eq!(cited(1..=35), ["no test cites I-36"]);
        assert_eq!(cited(2..=36), ["no test cites I-1"]);
    }

    #[test]
    fn a_citation_of_nothing_is_told() {
        let tests = vec![file("tests/storm.rs", "// P-2, I-37, I-0, I-36, API-40")];
        assert_eq!(
            unknown_citations(&protocol(tests)),
            [
                "tests/storm.rs: there is no rule P-2",
                "tests/storm.rs: there is no invariant I-37",
                "tests/storm.rs: there is no invariant I-0",
            ]
        );
    }

    #[test]
    fn a_missing_or_empty_protocol_is_told() {
        assert_eq!(uncited_rules(&[]).len(), 1);
        assert_eq!(unknown_citations(&[file(PROTOCOL, "nothing")]).len(), 1);
    }
}
