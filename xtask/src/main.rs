//! The project's commands, `cargo xtask <command>`. Std only, so that it builds in a second.

mod bench;
mod beside;
mod bless;
mod dist;
mod pictures;
mod plant;
mod plants;
mod run;
mod setup;
mod shell;
mod soak;
mod tally;
mod test;
mod tree;
mod verdict;

use std::process::ExitCode;

/// Why a command stopped, as a message for the user.
type Failure = String;

const HELP: &str = "\
cargo xtask <command>

  run [--release] [flags of `muster demo`]
                    build the screens and the server, then open a demo room;
                    --play [--until HH:MM] [--speed N] plays the day of the closure in it
  test              everything CI runs; ends with `N passed, N failed`
  bench [flags]     build for release and run the load program with those flags
  bless             write the generated files again (types, golden frames and journals)
  plants [name ...] plant each known bug and see its named test turn red
  soak [--minutes N] [--from SEED]
                    run storms seed after seed, and report every seed that fails
  beside REVISION   build that older revision, and replace its nodes one by one by this tree's while people work
  pictures          play the day and take the README's pictures from it
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let rest: Vec<String> = words.collect();
    let result = match command.as_str() {
        "run" => run::run(rest),
        "test" => test::run(&rest),
        "bench" => bench::run(rest),
        "bless" => bless::run(&rest),
        "plants" => plants::run(&rest),
        "soak" => soak::run(&rest),
        "beside" => beside::run(&rest),
        "pictures" => pictures::run(&rest),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            return if command.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
        other => Err(format!("there is no command `{other}`\n\n{HELP}")),
    };
    match result {
        Ok(code) => code,
        Err(words) => {
            eprintln!("xtask: {}", words.trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Rejects arguments that a command does not use, so that a mistyped flag is not ignored.
fn no_arguments(command: &str, rest: &[String]) -> Result<(), Failure> {
    match rest.first() {
        None => Ok(()),
        Some(word) => Err(format!("`{command}` takes no arguments; `{word}` was given")),
    }
}
