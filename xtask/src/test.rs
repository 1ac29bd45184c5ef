//! `cargo xtask test`: runs everything that CI runs, the web side in parallel with the Rust side.

use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::setup::{self, Toolbox};
use crate::shell::{Outcome, capture, cargo, spell, target};
use crate::tally::{self, Tally};
use crate::{Failure, no_arguments};

/// CI's time budget on two cores from a clean clone. Anything still running then fails.
const LIMIT: Duration = Duration::from_secs(45 * 60);

/// The optional features: the node's tracing.
pub(crate) const ALL: &str = "node/otel";

/// A command of the run, and how to count the tests in its output.
struct Step {
    name: &'static str,
    command: Command,
    /// Counts its tests; none for a check that simply passes or fails.
    count: Option<fn(&str) -> Tally>,
    /// Whether to print its lines as they arrive, or only on failure.
    echo: bool,
}

/// A run: its deadline, and its failures so far.
struct Run {
    deadline: Instant,
    failed: Mutex<Vec<String>>,
}

/// The result of a step or of one side of the run.
#[derive(Clone, Copy)]
struct Verdict {
    tally: Tally,
    ok: bool,
}

/// Runs everything, and ends with the line `N passed, N failed`.
pub(crate) fn run(rest: &[String]) -> Result<ExitCode, Failure> {
    no_arguments("test", rest)?;
    let sum = match setup::to_test() {
        Ok(tools) => {
            let run = Run { deadline: Instant::now() + LIMIT, failed: Mutex::default() };
            let sum = run.everything(&tools);
            run.tell_again();
            sum
        }
        Err(words) => {
            println!("FAIL  setup\n{words}");
            Tally { passed: 0, failed: 1 }
        }
    };
    println!("{} passed, {} failed", sum.passed, sum.failed);
    Ok(if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Run {
    fn everything(&self, tools: &Toolbox) -> Tally {
        let (web, rust) = thread::scope(|scope| {
            let web = scope.spawn(|| self.web_side(tools));
            let rust = self.rust_side();
            // A side that panicked counts as failed.
            (web.join().unwrap_or_else(|_| self.none_of("the web side")), rust)
        });
        let mut sum = Tally::default();
        sum += web.tally;
        sum += rust.tally;
        let browser = if web.ok && target().join("debug/muster").is_file() {
            self.take(Step {
                name: "browser tests",
                command: tools.npm(&["run", "browser"]),
                count: Some(tally::browser),
                echo: false,
            })
        } else {
            self.none_of("browser tests (the screens or the server did not build)")
        };
        sum += browser.tally;
        sum
    }

    /// Installs, checks, tests and builds the screens; `ok` is whether they were built.
    fn web_side(&self, tools: &Toolbox) -> Verdict {
        let mut sum = Tally::default();
        if !setup::packages_are_fresh() {
            let install = self.take(check("npm ci", tools.install()));
            sum += install.tally;
            if !install.ok {
                sum += self.none_of("web check, web tests, web build (no packages)").tally;
                return Verdict { tally: sum, ok: false };
            }
        }
        // Built first: the server's tests read the screens from disk.
        let build = self.take(check("web build", tools.npm(&["run", "build"])));
        sum += build.tally;
        sum += self.take(check("web check", tools.npm(&["run", "check"]))).tally;
        let tests = Step {
            name: "web tests",
            command: tools.npm(&["run", "test"]),
            count: Some(tally::vitest),
            echo: false,
        };
        sum += self.take(tests).tally;
        Verdict { tally: sum, ok: build.ok }
    }

    fn rust_side(&self) -> Verdict {
        let mut sum = Tally::default();
        // Optional features are tested too; that the rest compiles without them is checked.
        let clippy =
            ["clippy", "--workspace", "--all-targets", "--features", ALL, "--", "-D", "warnings"];
        let plain = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        // This builds every binary that a test starts; `cargo test` alone omits some.
        let build = ["build", "--workspace", "--all-targets", "--features", ALL];
        let tests = ["test", "--workspace", "--no-fail-fast", "--features", ALL];
        sum += self.take(loud("cargo fmt", &["fmt", "--all", "--check"])).tally;
        sum += self.take(loud("cargo clippy", &clippy)).tally;
        sum += self.take(loud("cargo clippy without features", &plain)).tally;
        let built = self.take(loud("cargo build", &build));
        sum += built.tally;
        if built.ok {
            let step = Step { count: Some(tally::cargo), ..loud("cargo test", &tests) };
            sum += self.take(step).tally;
        } else {
            sum += self.none_of("cargo test (the workspace did not build)").tally;
        }
        Verdict { tally: sum, ok: built.ok }
    }

    /// Runs a step and prints its result; on failure, prints its output unless already shown.
    fn take(&self, step: Step) -> Verdict {
        let line = spell(&step.command);
        let began = Instant::now();
        println!("start {} ({line})", step.name);
        let outcome = capture(step.command, step.echo, self.deadline);
        let verdict = judge(&outcome, step.count);
        if !verdict.ok {
            // Lines already shown have scrolled away; repeat the failures.
            for line in outcome.output.lines().filter(|line| !step.echo || names_a_failure(line)) {
                println!("    | {line}");
            }
            self.note(step.name, &outcome.output);
        }
        let word = if verdict.ok { "ok   " } else { "FAIL " };
        println!("{word} {} ({} s)", step.name, began.elapsed().as_secs());
        verdict
    }

    /// A step that could not run has failed.
    fn none_of(&self, what: &str) -> Verdict {
        println!("FAIL  not run: {what}");
        self.note(what, "");
        Verdict { tally: Tally { passed: 0, failed: 1 }, ok: false }
    }

    /// Records the failure lines of a failed step.
    fn note(&self, step: &str, output: &str) {
        let named = output.lines().filter(|line| names_a_failure(line));
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.push(format!("FAIL  {step}"));
        failed.extend(named.map(|line| format!("      {}", line.trim_start())));
    }

    /// Repeats the failures at the end, where a reader of the log looks first.
    fn tell_again(&self) {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.iter().for_each(|line| println!("{line}"));
    }
}

fn check(name: &'static str, command: Command) -> Step {
    Step { name, command, count: None, echo: false }
}

fn loud(name: &'static str, words: &[&str]) -> Step {
    Step { name, command: cargo(words.iter().copied()), count: None, echo: true }
}

fn names_a_failure(line: &str) -> bool {
    let starts = ["error", "xtask: ", "FAILED  ", " FAIL  "];
    line.ends_with("... FAILED") || starts.iter().any(|start| line.starts_with(start))
}

/// Counts the tests of a step. A step that failed without naming a test counts as one failure, and so does a
/// test step that ran no test: no tests is never a success.
fn judge(outcome: &Outcome, count: Option<fn(&str) -> Tally>) -> Verdict {
    let mut tally = count.map(|count| count(&outcome.output)).unwrap_or_default();
    let ran = count.is_none() || tally.passed + tally.failed > 0;
    let ok = outcome.ok && ran && tally.failed == 0;
    if !ok && tally.failed == 0 {
        tally.failed = 1;
    }
    Verdict { tally, ok }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally_of(ok: bool, output: &str) -> Tally {
        judge(&Outcome { ok, output: output.to_owned() }, Some(tally::cargo)).tally
    }

    #[test]
    fn a_test_step_without_a_single_test_has_failed() {
        assert_eq!(tally_of(true, "nothing to run"), Tally { passed: 0, failed: 1 });
    }

    #[test]
    fn a_step_that_fails_without_naming_a_test_is_one_failure() {
        let green = "test result: ok. 5 passed; 0 failed; 0 ignored";
        assert_eq!(tally_of(true, green), Tally { passed: 5, failed: 0 });
        assert_eq!(tally_of(false, green), Tally { passed: 5, failed: 1 });
        assert_eq!(tally_of(false, "error[E0425]"), Tally { passed: 0, failed: 1 });
    }

    #[test]
    fn a_failed_test_is_counted_once() {
        let red = "test result: FAILED. 5 passed; 2 failed; 0 ignored";
        assert_eq!(tally_of(false, red), Tally { passed: 5, failed: 2 });
    }

    #[test]
    fn a_check_counts_only_when_it_fails() {
        let verdict = |ok| judge(&Outcome { ok, output: String::new() }, None).tally;
        assert_eq!(verdict(true), Tally::default());
        assert_eq!(verdict(false), Tally { passed: 0, failed: 1 });
    }
}
