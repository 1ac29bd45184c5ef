//! `cargo xtask plants`: plants known bugs one at a time; each must turn its named test red.
//!
//! A bug is in the code behind `cfg(plant = "name")`, or in the screens behind a comparison of the constant
//! `PLANT` with its name, and is compiled in by `MUSTER_PLANT=name`.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::plant::{LIB, PLANTS, Plant, WEB};
use crate::setup::{self, Toolbox};
use crate::shell::{Outcome, capture, cargo, target};
use crate::verdict::{self, Verdict};

/// The time limit of one test, including its build. A planted bug may make it hang.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Tests that start the program, which must contain the bug as well.
const WITH_PROGRAM: [&str; 3] = ["faults", "protocol", "storm"];

/// Plants every bug, or those named, and reports the uncaught ones.
pub(crate) fn run(names: &[String]) -> Result<ExitCode, Failure> {
    let chosen = choose(names)?;
    let tools = setup::to_test()?;
    if chosen.iter().any(|plant| plant.package == WEB) {
        tools.web_packages()?;
    }
    // Control runs come first, because they share one build.
    let healthy: Vec<bool> = chosen.iter().map(|plant| control(plant, &tools)).collect();
    let mut unnoticed = 0;
    for (plant, healthy) in chosen.iter().zip(healthy) {
        if !(healthy && noticed(plant, &tools)) {
            unnoticed += 1;
        }
    }
    println!("{} noticed, {unnoticed} not", chosen.len() - unnoticed);
    Ok(if unnoticed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn choose(names: &[String]) -> Result<Vec<&'static Plant>, Failure> {
    if names.is_empty() {
        return Ok(PLANTS.iter().collect());
    }
    let mut chosen = Vec::new();
    for name in names {
        chosen.push(PLANTS.iter().find(|plant| plant.name == name).ok_or_else(|| {
            let known: Vec<&str> = PLANTS.iter().map(|plant| plant.name).collect();
            format!("no planted bug is called `{name}`; there are\n\n    {}", known.join("\n    "))
        })?);
    }
    Ok(chosen)
}

/// Runs the test without the bug. It must pass, or its failure would prove nothing.
fn control(plant: &Plant, tools: &Toolbox) -> bool {
    let outcome = attempt(plant, tools, false);
    let green = read(plant, &outcome) == Verdict::Green;
    if !green {
        show(&outcome);
        println!("FAIL  {}: `{}` is not green without it", plant.name, plant.test);
    }
    green
}

/// Runs the test with the bug planted. It must fail.
fn noticed(plant: &Plant, tools: &Toolbox) -> bool {
    let outcome = attempt(plant, tools, true);
    let verdict = read(plant, &outcome);
    match verdict {
        Verdict::Red => println!("ok    {}: `{}` turned red", plant.name, plant.test),
        Verdict::Green => {
            println!("FAIL  {}: `{}` stayed green, though {}", plant.name, plant.test, plant.breaks)
        }
        Verdict::DidNotRun => {
            show(&outcome);
            println!("FAIL  {}: `{}` did not run", plant.name, plant.test);
        }
    }
    verdict == Verdict::Red
}

fn attempt(plant: &Plant, tools: &Toolbox, planted: bool) -> Outcome {
    println!("start {} ({})", plant.name, if planted { "planted" } else { "control" });
    let until = Instant::now() + LIMIT;
    let with = |mut command: Command| {
        command.env_remove("MUSTER_PLANT");
        if planted {
            command.env("MUSTER_PLANT", plant.name);
        }
        capture(command, false, until)
    };
    if WITH_PROGRAM.contains(&plant.test_binary) {
        let built = with(program());
        if !built.ok {
            return built;
        }
    }
    with(if plant.package == WEB { web(plant, tools) } else { rust(plant) })
}

/// Returns the command that builds the program beside the tests.
fn program() -> Command {
    let mut command = cargo(["build", "--package", "muster"]);
    command.arg("--target-dir").arg(target().join("plants"));
    command
}

fn rust(plant: &Plant) -> Command {
    let mut command = cargo(["test", "--package", plant.package]);
    match plant.test_binary {
        LIB => command.arg("--lib"),
        binary => command.args(["--test", binary]),
    };
    // A separate target folder, so that no planted bug ends up in a binary people might run.
    command.arg("--target-dir").arg(target().join("plants"));
    command.args(["--", "--exact", plant.test]);
    command
}

fn web(plant: &Plant, tools: &Toolbox) -> Command {
    let pattern = verdict::escape(plant.test);
    tools.npm(&["exec", "--no", "--", "vitest", "run", plant.test_binary, "-t", &pattern])
}

fn read(plant: &Plant, outcome: &Outcome) -> Verdict {
    if plant.package == WEB {
        verdict::vitest(&outcome.output, plant.test)
    } else {
        verdict::cargo(&outcome.output, plant.test)
    }
}

fn show(outcome: &Outcome) {
    for line in outcome.output.lines() {
        println!("    | {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_unique_and_every_bug_says_what_it_breaks() {
        for plant in PLANTS {
            assert_eq!(PLANTS.iter().filter(|other| other.name == plant.name).count(), 1);
            assert!(!plant.breaks.is_empty());
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_known_names() {
        let words = choose(&["no_such_bug".to_owned()]).err().unwrap();
        assert!(words.contains("no_such_bug") && words.contains(PLANTS[0].name));
        assert_eq!(choose(&[PLANTS[0].name.to_owned()]).unwrap().len(), 1);
        assert_eq!(choose(&[]).unwrap().len(), PLANTS.len());
    }
}
