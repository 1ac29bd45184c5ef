//! `cargo xtask soak`: scales every count that is small in `test` to the time given: seeds of storms, cases
//! of the rules, kills and network cuts of the faults, storms of the screens.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::setup::{self, Toolbox};
use crate::shell::{Outcome, capture, cargo, must};
use crate::tally::{self, Tally};

/// Seeds per round, between two checks of the clock.
const ROUND: u64 = 500;
/// The time limit of one part of a round, before it counts as hung.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// How a test's count is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    /// Seeds per round (`MUSTER_SEEDS`): a killed node takes seconds, a simulated one no time.
    Seeds(u64),
    /// Seeds of the screens' storms (`MUSTER_STORM_FIRST`, `MUSTER_STORM_SEEDS`).
    Screens(u64),
    /// Random cases, drawn again each time (`MUSTER_CASES`).
    Cases(u64),
    /// A multiple of the test's own count (`MUSTER_SOAK`).
    Times(u64),
}

/// A test with an adjustable count.
#[derive(Debug)]
struct Part {
    package: &'static str,
    /// The test binary; none for tests inside the library.
    binary: Option<&'static str>,
    tests: &'static str,
    count: Count,
}

const fn storm(tests: &'static str, seeds: u64) -> Part {
    Part { package: "proof", binary: Some("storm"), tests, count: Count::Seeds(seeds) }
}

const fn fault(tests: &'static str, times: u64) -> Part {
    Part { package: "proof", binary: Some("faults"), tests, count: Count::Times(times) }
}

const fn rules(tests: &'static str, cases: u64) -> Part {
    Part { package: "room", binary: None, tests, count: Count::Cases(cases) }
}

/// The parts of a round. A test checks that every adjustable count is listed.
const PARTS: [Part; 18] = [
    storm("raised::nothing_is_acknowledged_that_the_journal_does_not_hold", ROUND),
    storm("raised::several_nodes_are_one_room", ROUND),
    storm("raised::a_seed_reproduces_its_storm", 50),
    storm("raised::retrying_clients_lose_nothing_while_the_node_is_killed", 4),
    storm("raised::several_nodes_lose_nothing_whatever_is_killed", 3),
    storm("raised::several_nodes_lose_nothing_under_two_faults_at_once", 2),
    storm("raised::a_rolling_upgrade_loses_nothing", 1),
    Part {
        package: "proof",
        binary: Some("protocol"),
        tests: "mangled::",
        count: Count::Seeds(20),
    },
    rules("proof::property::", 2_000),
    rules("proof::names::", 2_000),
    rules("proof::oracle::", 500),
    rules("proof::elsewhere::", 2_000),
    fault("kill::", 5),
    fault("powercut::", 3),
    fault("away::", 2),
    fault("backup::", 3),
    fault("damage::", 10),
    Part { package: "web", binary: None, tests: SCREENS, count: Count::Screens(ROUND) },
];
/// The storms of the screens.
const SCREENS: &str = "src/lib/storm.test.ts";

/// The parsed arguments.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    minutes: u64,
    from: u64,
}

/// Runs rounds until the time is up; prints the totals, and every failed seed.
pub(crate) fn run(words: &[String]) -> Result<ExitCode, Failure> {
    let Asked { minutes, mut from } = asked(words)?;
    let tools = setup::to_test()?;
    tools.web_packages()?;
    let began = Instant::now();
    must(cargo(["build", "--release", "--package", "muster"]))?;
    // The tests start programs built with them.
    must(cargo(["build", "--release", "--package", "proof", "--all-targets"]))?;
    let (mut raised, mut failed) = ([0; PARTS.len()], Vec::new());
    'time: loop {
        for (part, raised) in PARTS.iter().zip(&mut raised) {
            let outcome = part.attempt(from, &tools);
            match part.read(&outcome, from) {
                Ok(count) => *raised += count,
                Err(named) => failed.extend(named),
            }
            if began.elapsed() >= Duration::from_secs(minutes * 60) {
                from += ROUND;
                break 'time;
            }
        }
        from += ROUND;
        println!("{} s, {} failed", began.elapsed().as_secs(), failed.len());
    }
    for (part, raised) in PARTS.iter().zip(raised) {
        println!("{raised:>9}  {}", part.tests);
    }
    failed.iter().for_each(|seed| println!("FAILED {seed}"));
    println!("next: --from {from}");
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Count {
    /// Returns the environment variables of a run from this seed on.
    fn settings(self, from: u64) -> Vec<(&'static str, String)> {
        match self {
            Self::Seeds(count) => vec![("MUSTER_SEEDS", format!("{from}..{}", from + count))],
            Self::Screens(count) => vec![
                ("MUSTER_STORM_FIRST", from.to_string()),
                ("MUSTER_STORM_SEEDS", count.to_string()),
            ],
            Self::Cases(count) => vec![("MUSTER_CASES", count.to_string())],
            Self::Times(times) => vec![("MUSTER_SOAK", times.to_string())],
        }
    }

    const fn number(self) -> u64 {
        match self {
            Self::Seeds(n) | Self::Screens(n) | Self::Cases(n) | Self::Times(n) => n,
        }
    }
}

impl Part {
    fn attempt(&self, from: u64, tools: &Toolbox) -> Outcome {
        let mut command = match self.count {
            Count::Screens(_) => tools.npm(&["exec", "--no", "--", "vitest", "run", self.tests]),
            Count::Seeds(_) | Count::Cases(_) | Count::Times(_) => self.rust(),
        };
        command.envs(self.count.settings(from)).env("RUST_BACKTRACE", "0");
        capture(command, false, Instant::now() + LIMIT)
    }

    fn rust(&self) -> Command {
        let mut command = cargo(["test", "--release", "--package", self.package]);
        match self.binary {
            Some(binary) => command.args(["--test", binary]),
            None => command.arg("--lib"),
        };
        command.args(["--", self.tests]);
        command
    }

    /// Returns how much was run, or what failed. A failed run may have been cut short, and does not count.
    fn read(&self, outcome: &Outcome, from: u64) -> Result<u64, Vec<String>> {
        let Tally { passed, failed } = match self.count {
            Count::Screens(_) => tally::vitest(&outcome.output),
            Count::Seeds(_) | Count::Cases(_) | Count::Times(_) => tally::cargo(&outcome.output),
        };
        if outcome.ok && passed > 0 && failed == 0 {
            return Ok(self.count.number());
        }
        outcome.output.lines().for_each(|line| println!("    | {line}"));
        let named = failing(&outcome.output);
        if named.is_empty() {
            let settings = self.count.settings(from);
            let settings: Vec<String> =
                settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
            return Err(vec![format!("{} {}", self.tests, settings.join(" "))]);
        }
        Err(named.into_iter().map(|seed| format!("{} {seed}", self.tests)).collect())
    }
}

/// Returns the failed seeds of a round, as commands that reproduce them, without repeats.
fn failing(output: &str) -> Vec<String> {
    let lines = output.lines().filter(|line| line.contains("raises it"));
    let named = lines.filter_map(|line| {
        let begin = line.find("MUSTER_")?;
        let words = line.get(begin..)?.split_whitespace();
        let words: Vec<&str> = words.take_while(|word| word.starts_with("MUSTER_")).collect();
        Some(words.join(" "))
    });
    let mut seeds: Vec<String> = named.collect();
    seeds.sort();
    seeds.dedup();
    seeds
}

fn asked(words: &[String]) -> Result<Asked, Failure> {
    let mut asked = Asked { minutes: 10, from: 1 };
    let mut words = words.iter();
    while let Some(flag) = words.next() {
        let value = match flag.as_str() {
            "--minutes" => &mut asked.minutes,
            "--from" => &mut asked.from,
            other => {
                return Err(format!("`soak` takes --minutes N and --from SEED, not `{other}`"));
            }
        };
        let number = words.next().and_then(|word| word.parse().ok());
        *value = number.ok_or_else(|| format!("{flag} takes a number"))?;
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::shell::root;

    fn said(words: &str) -> Result<Asked, Failure> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        asked(&words)
    }

    #[test]
    fn only_minutes_and_seed_are_accepted() {
        assert_eq!(said(""), Ok(Asked { minutes: 10, from: 1 }));
        assert_eq!(said("--from 7 --minutes 600"), Ok(Asked { minutes: 600, from: 7 }));
        assert!(said("--minutes").is_err() && said("--minutes soon").is_err());
        assert!(said("600").unwrap_err().contains("not `600`"));
    }

    #[test]
    fn every_failed_seed_is_reported_once() {
        let output = "panicked at raised.rs:60:9:\nMUSTER_SEEDS=41..42 raises it\nMUSTER_SEEDS=7..8 \
                      raises it: lost\nMUSTER_SEEDS=7..8 raises it: lost\n";
        assert_eq!(failing(output), ["MUSTER_SEEDS=41..42", "MUSTER_SEEDS=7..8"]);
        assert!(failing("test result: ok").is_empty());
        let screens = "Error: MUSTER_STORM_FIRST=9 MUSTER_STORM_SEEDS=1 raises it: a gap";
        assert_eq!(failing(screens), ["MUSTER_STORM_FIRST=9 MUSTER_STORM_SEEDS=1"]);
    }

    fn ended(ok: bool, output: &str) -> Outcome {
        Outcome { ok, output: output.to_owned() }
    }

    #[test]
    fn failed_and_missing_runs_do_not_count_and_are_reported() {
        let part = storm("raised::it", 3);
        let green = "test result: ok. 1 passed; 0 failed; 0 ignored";
        assert_eq!(part.read(&ended(true, green), 7), Ok(3));
        let none = "test result: ok. 0 passed; 0 failed; 0 ignored; 9 filtered out";
        let all = Err(vec!["raised::it MUSTER_SEEDS=7..10".to_owned()]);
        assert_eq!(part.read(&ended(true, none), 7), all, "no such test");
        assert_eq!(part.read(&ended(false, "stopped, it ran past the time limit"), 7), all);
        let hung = "MUSTER_SEEDS=8..9 raises it: it hangs\n";
        let one = Err(vec!["raised::it MUSTER_SEEDS=8..9".to_owned()]);
        assert_eq!(part.read(&ended(false, hung), 7), one);
    }

    /// Returns every file of tests with this extension below a folder.
    fn texts(folder: &Path, extension: &str) -> Vec<(PathBuf, String)> {
        let mut texts = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                texts.extend(self::texts(&path, extension));
            } else if path.to_string_lossy().ends_with(extension) {
                texts.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
        texts
    }

    #[test]
    fn every_adjustable_count_is_listed() {
        let is_there = |module: &str| PARTS.iter().any(|part| part.tests.contains(module));
        let mut counts = 0;
        for (folder, takes) in [
            ("tests/storm", "in seeds("),
            ("tests/storm", "for_each(seeds("),
            ("tests/protocol", "in seeds("),
            ("tests/faults", "soaked("),
            ("server/room/src/proof", "proptest_config(cases())"),
        ] {
            for (path, text) in texts(&root().join(folder), ".rs") {
                let is_own = text.contains("pub fn soaked") || text.contains("fn seeds(");
                if text.contains(takes) && !is_own {
                    let module = path.file_stem().unwrap().to_string_lossy().into_owned();
                    assert!(is_there(&format!("{module}::")), "{module} is in no soak");
                    counts += 1;
                }
            }
        }
        for (path, text) in texts(&root().join("web/src"), ".test.ts") {
            if text.contains("MUSTER_STORM_SEEDS") {
                assert!(path.ends_with(SCREENS), "{} is in no soak", path.display());
                counts += 1;
            }
        }
        assert!(counts >= 10, "{counts} counts were found");
    }

    #[test]
    fn every_storm_with_many_seeds_is_listed() {
        let (_, text) = texts(&root().join("tests/storm"), "raised.rs").remove(0);
        let mut test = "";
        for line in text.lines() {
            test = line.split_once("fn ").map_or(test, |(_, rest)| rest.split('(').next().unwrap());
            if line.contains("seeds(") && !line.trim_start().starts_with("fn ") {
                let name = format!("raised::{test}");
                assert!(PARTS.iter().any(|part| part.tests == name), "{name} is in no soak");
            }
        }
    }
}
