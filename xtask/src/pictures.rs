//! `cargo xtask pictures`: takes the README's pictures from the played day.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::shell::{cargo, must, target};
use crate::{Failure, dist, no_arguments, setup};

/// The tool that quantises pictures and assembles frames. Only this command installs it from npm: it brings
/// twenty megabytes of native code that no build or test needs.
const TOOL: &str = "sharp@0.35.5";
/// Its install folder: outside the tree, deleted with the build.
const FOLDER: &str = "pictures";

/// Builds everything, plays the day, and writes `.github/wall.png`, `faces.png` and `day.webp`.
pub(crate) fn run(rest: &[String]) -> Result<ExitCode, Failure> {
    no_arguments("pictures", rest)?;
    let tools = setup::to_test()?;
    dist::build(&tools)?;
    tools.web_packages()?;
    println!("xtask: building the server");
    must(cargo(["build", "--package", "muster"]))?;
    let folder = target().join(FOLDER);
    if !folder.join("node_modules").join("sharp").exists() {
        println!("xtask: installing {TOOL} into target/{FOLDER}");
        must(install(&folder, tools.npm(&["install", TOOL]))?)?;
    }
    println!("xtask: playing the day and taking pictures");
    let mut take = tools.npm(&["run", "pictures"]);
    take.env("MUSTER_PICTURE_TOOLS", &folder);
    must(take)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the command that installs the tool into its folder.
fn install(folder: &Path, mut npm: Command) -> Result<Command, Failure> {
    let why = |error| format!("{} cannot be made: {error}", folder.display());
    fs::create_dir_all(folder).map_err(why)?;
    fs::write(folder.join("package.json"), "{\"private\":true}\n").map_err(why)?;
    npm.args(["--no-audit", "--no-fund"]).current_dir(folder);
    Ok(npm)
}
