//! Words that have no place in the code. They are put together here, so as not to find themselves.

use crate::tree::{File, GENERATED};

const ALLOW: [&str; 2] = [concat!("#[al", "low("), concat!("#![al", "low(")];
const LATER: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];
const SKIPPED: [&str; 6] = [
    concat!("#[ig", "nore"),
    concat!("it.sk", "ip("),
    concat!("test.sk", "ip("),
    concat!("describe.sk", "ip("),
    concat!("it.on", "ly("),
    concat!("test.on", "ly("),
];

/// How a match may leave variants of our own enums out.
const REST: [&str; 1] = [concat!("wildcard_enum_", "match_arm")];

/// Returns the matches in the language and the rules that leave variants out: adding one must show every place.
pub fn variants_left_out(files: &[File]) -> Vec<String> {
    let rules = files.iter().filter(|file| {
        (file.is_in("proto/src/") || file.is_in("server/room/src/"))
            && !file.path.starts_with("server/room/src/proof")
            && file.path != "server/room/src/lib.rs"
    });
    let rules: Vec<File> = rules.cloned().collect();
    lines_with(&rules, &["rs"], &REST, "name every variant")
}

/// Returns the lints that are silenced without a reason that the compiler holds us to.
pub fn allowed_lints(files: &[File]) -> Vec<String> {
    lines_with(files, &["rs"], &ALLOW, "expect the lint, with its reason")
}

/// Returns the work that was put off in a comment.
pub fn left_for_later(files: &[File]) -> Vec<String> {
    let endings = ["rs", "ts", "js", "svelte", "css", "html", "toml", "md", "sh", "yaml", "yml"];
    lines_with(files, &endings, &LATER, "do it, or open an issue")
}

/// Returns the tests that are there and do not run.
pub fn skipped_tests(files: &[File]) -> Vec<String> {
    lines_with(files, &["rs", "ts", "js"], &SKIPPED, "a test runs, or is taken out")
}

fn lines_with(files: &[File], endings: &[&str], words: &[&str], advice: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| endings.contains(&file.extension())) {
        if file.is_in(GENERATED) {
            continue;
        }
        for (at, line) in file.lines() {
            let found = words.iter().find(|word| line.contains(**word));
            complaints.extend(found.map(|word| format!("{}:{at}: {word}: {advice}", file.path)));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    #[test]
    fn each_word_is_found_with_its_line() {
        let bad = |word: &str| format!("fn a() {{}}\n// {word}x\n");
        for word in ALLOW {
            assert_eq!(allowed_lints(&[file("a.rs", &bad(word))]).len(), 1);
        }
        for word in LATER {
            let told = left_for_later(&[file("web/src/a.ts", &bad(word))]);
            assert!(told[0].starts_with("web/src/a.ts:2: "), "{told:?}");
        }
        for word in SKIPPED {
            assert_eq!(skipped_tests(&[file("web/src/a.test.ts", &bad(word))]).len(), 1);
        }
    }

    #[test]
    fn honest_lines_pass() {
        let files = [file("a.rs", "#[expect(dead_code, reason = \"x\")]\nrows.skip(1);\n")];
        assert!(allowed_lints(&files).is_empty());
        assert!(left_for_later(&files).is_empty());
        assert!(skipped_tests(&files).is_empty());
    }
}
