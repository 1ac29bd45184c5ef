//! `cargo xtask beside <revision>`: runs nodes of an older revision and of this tree in one room, and
//! replaces them one by one.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::shell::{capture, cargo, must, root, target};
use crate::verdict::{self, Verdict};
use crate::{Failure, setup, test};

/// The test that is run with both programs.
const TEST: &str = "raised::a_rolling_upgrade_loses_nothing";
/// How long it may take, its own build included, before it counts as hung.
const LIMIT: Duration = Duration::from_secs(30 * 60);
/// A file that exists in every revision whose nodes can share a room.
const SHARED: &str = "server/journal/src/postgres.rs";

/// Builds the program of a revision, and tests that this tree's takes over from it.
pub(crate) fn run(words: &[String]) -> Result<ExitCode, Failure> {
    let [asked] = words else {
        return Err(
            "`beside` takes one revision: cargo xtask beside <tag, branch or commit>".into()
        );
    };
    let revision = revision(asked)?;
    setup::stores()?;
    let before = program(asked, &revision)?;
    let program = ["build", "--package", "muster", "--features", test::ALL];
    must(cargo(program))?;
    let words = ["test", "--package", "proof", "--test", "storm", "--features", test::ALL];
    let mut command = cargo(words.into_iter().chain(["--", "--exact", TEST]));
    command.env("MUSTER_BEFORE", &before).env_remove("MUSTER_PLANT");
    let outcome = capture(command, true, Instant::now() + LIMIT);
    match verdict::cargo(&outcome.output, TEST) {
        Verdict::Green if outcome.ok => {
            println!("ok    this tree takes over from {asked} ({revision})");
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Green | Verdict::Red => {
            println!("FAIL  this tree does not take over from {asked} ({revision})");
            Ok(ExitCode::FAILURE)
        }
        Verdict::DidNotRun => Err(format!("the test did not run: {TEST}")),
    }
}

/// Resolves a revision to its commit, if its nodes can share a room with others.
fn revision(asked: &str) -> Result<String, Failure> {
    let named = format!("{asked}^{{commit}}");
    let words = ["rev-parse", "--verify", "--quiet", "--end-of-options", &named];
    let commit = said(git(&words))?.ok_or_else(|| {
        format!(
            "there is no revision `{asked}` here; `git log --oneline` lists those that exist, and \
             `git fetch --unshallow` brings the rest of a shallow clone"
        )
    })?;
    let object = format!("{commit}:{SHARED}");
    said(git(&["cat-file", "-e", &object]))?.ok_or_else(|| {
        format!("`{asked}` has no PostgreSQL support: its nodes cannot share a room with others")
    })?;
    Ok(commit)
}

/// Builds the program of a commit in a separate folder, once, and returns its path.
fn program(asked: &str, commit: &str) -> Result<PathBuf, Failure> {
    let folder = target().join("beside");
    let kept = folder.join(format!("muster-{commit}"));
    if kept.is_file() {
        println!("xtask: {asked} was built before: {}", kept.display());
        return Ok(kept);
    }
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let tree = folder.join("tree");
    // A worktree may be left over from an interrupted run.
    clear(&tree);
    println!("xtask: building {asked} ({commit}) in {}", folder.display());
    let mut add = git(&["worktree", "add", "--quiet", "--detach", "--force"]);
    add.arg(&tree).arg(commit);
    must(add)?;
    let built = build(&tree, &folder.join("build"));
    clear(&tree);
    let built =
        built.map_err(|words| format!("{asked} does not build on this machine: {words}"))?;
    // Renamed only when complete.
    let fresh = folder.join("fresh");
    let copied = std::fs::copy(built, &fresh).and_then(|_| std::fs::rename(&fresh, &kept));
    copied.map_err(|error| format!("{}: {error}", kept.display()))?;
    Ok(kept)
}

/// Builds the program of a worktree with its own lock file, and returns its path.
fn build(tree: &Path, into: &Path) -> Result<PathBuf, Failure> {
    // Without --package: in older revisions the program is in another package.
    let mut command = cargo(["build", "--locked", "--bin", "muster"]);
    command.arg("--target-dir").arg(into).current_dir(tree).env_remove("MUSTER_PLANT");
    must(command)?;
    Ok(into.join("debug/muster"))
}

/// Removes a worktree, including git's record of it.
fn clear(tree: &Path) {
    let mut remove = git(&["worktree", "remove", "--force", "--force"]);
    // A missing worktree is not an error; `git worktree add` reports one that could not be removed.
    let _ = remove.arg(tree).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn git(words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(words).current_dir(root());
    command
}

/// Returns the output of a command; none if it fails.
fn said(mut command: Command) -> Result<Option<String>, Failure> {
    let output = command.output().map_err(|error| format!("git is needed for this: {error}"))?;
    let words = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(output.status.success().then_some(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_revision_is_required() {
        for words in [vec![], vec!["one".to_owned(), "two".to_owned()]] {
            assert!(run(&words).unwrap_err().contains("takes one revision"));
        }
    }

    #[test]
    fn a_revision_resolves_to_its_commit() {
        let commit = revision("HEAD").unwrap();
        assert!(commit.len() >= 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{commit}");
        assert_eq!(revision(&commit), Ok(commit));
    }

    #[test]
    fn a_missing_revision_is_reported_by_name() {
        for asked in ["no-such-revision", "", "--all", "HEAD:README.md"] {
            let words = revision(asked).unwrap_err();
            assert!(words.contains(&format!("there is no revision `{asked}`")), "{words}");
        }
    }

    #[test]
    fn a_tree_that_does_not_build_is_a_failure() {
        let empty = target().join("beside-nothing");
        std::fs::create_dir_all(&empty).unwrap();
        std::fs::write(empty.join("Cargo.toml"), "no manifest").unwrap();
        assert!(build(&empty, &empty.join("build")).unwrap_err().contains("failed"));
    }
}
