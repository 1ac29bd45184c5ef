//! `cargo xtask soak`: storms, seed after seed, for as long as told. Every count is small in `test`; here
//! it is as large as the time given.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::shell::{Outcome, capture, cargo, must};

/// Storms of one round, between two looks at the clock.
const ROUND: u64 = 500;
/// How long one round may take before it counts as hung.
const LIMIT: Duration = Duration::from_secs(30 * 60);
/// The storms, and how many seeds of a round each gets: a killed node takes seconds, a simulated one none.
const STORMS: [(&str, u64); 3] = [
    ("raised::nothing_is_told_that_the_journal_does_not_hold", ROUND),
    ("raised::several_nodes_are_one_room", ROUND),
    ("raised::whoever_keeps_trying_loses_nothing_while_the_node_is_killed", 4),
];

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    minutes: u64,
    from: u64,
}

/// Raises storms until the time is up; prints how many, and every seed in which something did not hold.
pub(crate) fn run(words: &[String]) -> Result<ExitCode, Failure> {
    let Asked { minutes, mut from } = asked(words)?;
    must(cargo(["build", "--release", "--package", "node", "--bin", "muster"]))?;
    must(cargo(["test", "--release", "--package", "proof", "--test", "storm", "--no-run"]))?;
    let began = Instant::now();
    let (mut raised, mut failed) = (0, Vec::new());
    while began.elapsed() < Duration::from_secs(minutes * 60) {
        for (storm, count) in STORMS {
            let outcome = round(storm, from, from + count);
            let seeds = failing(&outcome.output);
            if !outcome.ok && seeds.is_empty() {
                return Err(format!("the storms did not run:\n{}", outcome.output));
            }
            failed.extend(seeds.into_iter().map(|seed| format!("{storm} MUSTER_SEEDS={seed}")));
            raised += count;
        }
        from += ROUND;
        println!("{raised} seeds in {} s, {} failed", began.elapsed().as_secs(), failed.len());
    }
    failed.iter().for_each(|seed| println!("FAILED {seed}"));
    println!("next: --from {from}");
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn round(storm: &str, first: u64, end: u64) -> Outcome {
    let words = ["test", "--release", "--package", "proof", "--test", "storm", "--", "--exact"];
    let mut command = cargo(words.into_iter().chain([storm]));
    command.env("MUSTER_SEEDS", format!("{first}..{end}")).env("RUST_BACKTRACE", "0");
    capture(command, false, Instant::now() + LIMIT)
}

/// Returns the seeds that a round named, as `MUSTER_SEEDS` takes them, each once.
fn failing(output: &str) -> Vec<String> {
    let named = output.split("MUSTER_SEEDS=").skip(1);
    let mut seeds: Vec<String> = named
        .filter(|rest| rest.contains("raises it"))
        .filter_map(|rest| rest.split_whitespace().next())
        .map(str::to_owned)
        .collect();
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
    use super::*;

    fn said(words: &str) -> Result<Asked, Failure> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        asked(&words)
    }

    #[test]
    fn time_and_seed_are_taken_and_nothing_else() {
        assert_eq!(said(""), Ok(Asked { minutes: 10, from: 1 }));
        assert_eq!(said("--from 7 --minutes 600"), Ok(Asked { minutes: 600, from: 7 }));
        assert!(said("--minutes").is_err() && said("--minutes soon").is_err());
        assert!(said("600").unwrap_err().contains("not `600`"));
    }

    #[test]
    fn every_seed_that_failed_is_told_once() {
        let output = "panicked at raised.rs:60:9:\nMUSTER_SEEDS=41..42 raises it\nMUSTER_SEEDS=7..8 \
                      raises it: lost\nMUSTER_SEEDS=7..8 raises it: lost\n";
        assert_eq!(failing(output), ["41..42", "7..8"]);
        assert!(failing("test result: ok").is_empty());
    }
}
