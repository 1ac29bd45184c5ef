//! Counts tests in the output of test programs.

/// The numbers of passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Adds up cargo's lines, `test result: ok. 3 passed; 1 failed; ...`, one per binary.
pub(crate) fn cargo(output: &str) -> Tally {
    let mut sum = Tally::default();
    for line in output.lines().filter(|line| line.starts_with("test result: ")) {
        sum +=
            Tally { passed: number_before(line, "passed"), failed: number_before(line, "failed") };
    }
    sum
}

/// Parses vitest's last line of the form `Tests  1 failed | 2 passed (3)`.
pub(crate) fn vitest(output: &str) -> Tally {
    last(output, |line| line.trim_start().starts_with("Tests  "))
}

/// Parses the browser runner's last line, `2 passed, 1 failed`.
pub(crate) fn browser(output: &str) -> Tally {
    last(output, |line| line.ends_with(" failed") && line.contains(" passed, "))
}

fn last(output: &str, is_summary: impl Fn(&str) -> bool) -> Tally {
    match output.lines().rfind(|line| is_summary(line)) {
        Some(line) => {
            Tally { passed: number_before(line, "passed"), failed: number_before(line, "failed") }
        }
        None => Tally::default(),
    }
}

/// Returns the number before a word, or 0 if there is none.
fn number_before(line: &str, word: &str) -> u32 {
    let mut before = "";
    for part in line.split(|letter: char| !letter.is_alphanumeric()).filter(|p| !p.is_empty()) {
        if part == word {
            return before.parse().unwrap_or(0);
        }
        before = part;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cargo_binary_counts() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 40 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(cargo(output), Tally { passed: 42, failed: 3 });
        assert_eq!(cargo("error: could not compile `room`"), Tally::default());
    }

    #[test]
    fn vitest_counts_its_tests_and_not_its_files() {
        let output =
            " Test Files  1 failed | 1 passed (2)\n      Tests  1 failed | 12 passed (13)\n";
        assert_eq!(vitest(output), Tally { passed: 12, failed: 1 });
        assert_eq!(vitest("      Tests  9 passed (9)\n"), Tally { passed: 9, failed: 0 });
    }

    #[test]
    fn the_browser_runners_last_line_counts() {
        let output = "wall: 1 passed, 0 failed\n14 passed, 2 failed\n";
        assert_eq!(browser(output), Tally { passed: 14, failed: 2 });
        assert_eq!(browser("could not start"), Tally::default());
    }
}
