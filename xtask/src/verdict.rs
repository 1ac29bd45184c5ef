//! Parses from a test program's output whether one named test passed, failed or never ran.

use crate::tally::{self, Tally};

/// The result of the named test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It ran and passed.
    Green,
    /// It ran and failed.
    Red,
    /// It did not complete: it was not found, did not compile, or timed out.
    DidNotRun,
}

/// Parses the output of `cargo test ... -- --exact <test>`.
pub(crate) fn cargo(output: &str, test: &str) -> Verdict {
    // A passing test has its own line; a failing one appears again in the list of failures, where the test's
    // own output cannot interfere.
    let in_list = output.lines().any(|line| line.trim() == test);
    let passed_line = format!("test {test} ... ok");
    match tally::cargo(output) {
        Tally { passed: 0, failed: 1 } if in_list => Verdict::Red,
        Tally { passed: 1, failed: 0 } if output.lines().any(|line| line == passed_line) => {
            Verdict::Green
        }
        _ => Verdict::DidNotRun,
    }
}

/// Parses the output of `vitest run <file> -t <test>`.
pub(crate) fn vitest(output: &str, test: &str) -> Verdict {
    let failed_by_name =
        output.lines().any(|line| line.trim_start().starts_with("FAIL ") && line.contains(test));
    match tally::vitest(output) {
        Tally { failed: 1.., .. } if failed_by_name => Verdict::Red,
        Tally { passed: 1.., failed: 0 } => Verdict::Green,
        _ => Verdict::DidNotRun,
    }
}

/// Escapes a test's title as a regular expression that matches exactly it.
pub(crate) fn escape(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len());
    for letter in words.chars() {
        if r"\^$.|?*+()[]{}".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "live::tests::an_outcome_waits";

    #[test]
    fn a_failed_test_is_red() {
        let output = "running 1 test\n\
            test live::tests::an_outcome_waits ... FAILED\n\
            \nfailures:\n    live::tests::an_outcome_waits\n\n\
            test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 30 filtered out\n";
        assert_eq!(cargo(output, NAME), Verdict::Red);
    }

    #[test]
    fn a_passed_test_is_green() {
        let output = "running 1 test\n\
            test live::tests::an_outcome_waits ... ok\n\n\
            test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 30 filtered out\n";
        assert_eq!(cargo(output, NAME), Verdict::Green);
    }

    #[test]
    fn neither_a_compile_error_nor_a_missing_test_is_red() {
        let none = "running 0 tests\n\
            test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 31 filtered out\n";
        assert_eq!(cargo(none, NAME), Verdict::DidNotRun);
        let broken = "error[E0425]: cannot find `x`\nerror: could not compile `hub`\n";
        assert_eq!(cargo(broken, NAME), Verdict::DidNotRun);
        let other =
            "test result: FAILED. 0 passed; 1 failed\nfailures:\n    live::tests::another\n";
        assert_eq!(cargo(other, NAME), Verdict::DidNotRun);
    }

    #[test]
    fn web_tests_are_parsed_too() {
        let red = " FAIL  src/lib/link.test.ts > link > a gap is seen\n\
            AssertionError\n      Tests  1 failed | 4 skipped (5)\n";
        assert_eq!(vitest(red, "a gap is seen"), Verdict::Red);
        let green = " Test Files  1 passed (1)\n      Tests  1 passed | 4 skipped (5)\n";
        assert_eq!(vitest(green, "a gap is seen"), Verdict::Green);
        let absent = " Test Files  1 skipped (1)\n      Tests  5 skipped (5)\n";
        assert_eq!(vitest(absent, "a gap is seen"), Verdict::DidNotRun);
        let broken =
            " FAIL  src/lib/link.test.ts [ src/lib/link.test.ts ]\n      Tests  no tests\n";
        assert_eq!(vitest(broken, "a gap is seen"), Verdict::DidNotRun);
    }

    #[test]
    fn a_title_is_matched_literally() {
        assert_eq!(escape("shows 1 (of 2)?"), r"shows 1 \(of 2\)\?");
    }
}
