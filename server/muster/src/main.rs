//! The `muster` binary: the command line and the code behind each command.
//!
//! Invariant of this crate: it contains no domain logic. It parses arguments, starts the work and reports the
//! result in a sentence.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

mod backup;
mod config;
mod database;
mod demo;
mod duty;
mod export;
mod failure;
mod import;
mod invite;
mod moving;
mod open;
mod ready;
mod restore;
mod serve;
mod verify;

use failure::Failure;
use node::{client::Client, operator::Access, trace};

/// The live incident room for care home closures.
#[derive(Debug, Parser)]
#[command(name = "muster", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a node.
    Serve(serve::ServeArgs),
    /// Check whether the node on this machine accepts commands.
    Ready(ready::ReadyArgs),
    /// Check or show the configuration of a node.
    Config(config::ConfigArgs),
    /// Run a node with a fictional home, Harbour Rise, on this machine only.
    Demo(demo::DemoArgs),
    /// Open a room on the running node; prints its id.
    Open(open::OpenArgs),
    /// Make or revoke the links with which duty managers open rooms.
    Duty(duty::DutyArgs),
    /// Make an invite link; it is printed once.
    Invite(invite::InviteArgs),
    /// Import a provider's list into a room, or files of homes into the directory.
    Import(import::ImportArgs),
    /// Export a room's people, movements or log to a file.
    Export(export::ExportArgs),
    /// Verify that every journal entry is exactly what was written.
    Verify(verify::VerifyArgs),
    /// Back up everything to one encrypted file while the node runs.
    Backup(backup::BackupArgs),
    /// Make the key pair that backups are made and opened with.
    BackupKey(backup::KeyArgs),
    /// Restore a backup into an empty folder or database.
    Restore(restore::RestoreArgs),
    /// Move everything from a folder to a database, or back.
    Move(moving::MoveArgs),
}

/// Where a node stores its data.
#[derive(Debug, Args)]
struct Data {
    /// The node's folder.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: PathBuf,
}

impl Data {
    /// Returns a client for the node that runs on this folder, authenticated as its operator.
    fn node(&self) -> Result<Client, Failure> {
        let access = Access::read(&self.folder)?;
        Ok(Client::new(&access.url).operator(&access.token))
    }
}

/// Runs the command. Prints a failure as a sentence.
fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(cli.command));
            // Blocking work that is still running must not delay the exit.
            runtime.shutdown_background();
            done
        }
        Err(error) => Err(Failure::Words(format!("cannot start the program: {error}"))),
    };
    let code = if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    trace::end(done.err().map(|failure| failure.to_string()));
    code
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Ready(args) => ready::run(&args).await,
        Command::Config(args) => config::run(&args),
        Command::Demo(args) => demo::run(args).await,
        Command::Open(args) => open::run(args).await,
        Command::Duty(args) => duty::run(args).await,
        Command::Invite(args) => invite::run(args).await,
        Command::Import(args) => import::run(args).await,
        Command::Export(args) => export::run(args).await,
        Command::Verify(args) => verify::run(&args).await,
        Command::Backup(args) => backup::run(args).await,
        Command::BackupKey(args) => backup::make_key(&args),
        Command::Restore(args) => restore::run(args).await,
        Command::Move(args) => moving::run(args).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_definition_is_valid() {
        Cli::command().debug_assert();
    }
}
