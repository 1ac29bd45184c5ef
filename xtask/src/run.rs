//! `cargo xtask run`: builds everything and runs `muster demo`.

use std::process::{Command, ExitCode};

use crate::shell::{become_it, cargo, must, root, target};
use crate::{Failure, dist, setup};

/// Builds the screens and the server, then runs the demo in the foreground. `--release` is for xtask; every
/// other flag goes to the demo.
pub(crate) fn run(mut flags: Vec<String>) -> Result<ExitCode, Failure> {
    let release = flags.iter().any(|flag| flag == "--release");
    flags.retain(|flag| flag != "--release");
    let tools = setup::to_run()?;
    dist::build(&tools)?;
    println!("xtask: building the server");
    let mut build = cargo(["build", "--package", "muster"]);
    if release {
        build.arg("--release");
    }
    must(build)?;
    let folder = if release { "release" } else { "debug" };
    let mut demo = Command::new(target().join(folder).join("muster"));
    demo.arg("demo").args(flags).current_dir(root());
    become_it(demo)
}
