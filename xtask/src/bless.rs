//! `cargo xtask bless`: regenerates the generated files.

use std::process::ExitCode;

use crate::shell::{cargo, must};
use crate::{Failure, no_arguments};

/// The tests that write what they would otherwise compare, each as cargo's words. A generated file
/// is added here and nowhere else.
const GENERATORS: [&[&str]; 3] = [
    // The types and tables of the screens in web/src/lib/wire.
    &["test", "--package", "proto"],
    // The tables of rights and gates, in tests/golden and in web/src/lib/wire.
    &["test", "--package", "room", "matrix"],
    // The golden frames and journals.
    &["test", "--package", "proof", "--test", "protocol", "golden"],
];

/// Runs every generator with `BLESS=1`.
pub(crate) fn run(rest: &[String]) -> Result<ExitCode, Failure> {
    no_arguments("bless", rest)?;
    for words in GENERATORS {
        let mut command = cargo(words.iter().copied());
        command.env("BLESS", "1");
        must(command)?;
    }
    println!("xtask: the generated files are written; read the diff before you commit it");
    Ok(ExitCode::SUCCESS)
}
