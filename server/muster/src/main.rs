//! The `muster` binary: its command line, and what stands behind each command.
//!
//! Invariant of this crate: it decides nothing. It reads what was asked, starts what does it, and tells how
//! that ended in a sentence.

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
    /// Say whether the node on this machine takes commands.
    Ready(ready::ReadyArgs),
    /// Check or show the configuration of a node.
    Config(config::ConfigArgs),
    /// Run a node with an invented home, Harbour Rise, on this machine alone.
    Demo(demo::DemoArgs),
    /// Open a room on the running node; prints its id.
    Open(open::OpenArgs),
    /// Say who may open rooms from a page of their own.
    Duty(duty::DutyArgs),
    /// Make a link that lets somebody in; it is printed once.
    Invite(invite::InviteArgs),
    /// Bring a provider's list into a room.
    Import(import::ImportArgs),
    /// Take a room away as a file: people, movements or log.
    Export(export::ExportArgs),
    /// Read the whole journal and say whether every entry is what was written.
    Verify(verify::VerifyArgs),
    /// Put everything into one sealed file, while the node runs.
    Backup(backup::BackupArgs),
    /// Make the key that backups are made with and read with.
    BackupKey(backup::KeyArgs),
    /// Bring everything of a backup into a folder or database where nothing is.
    Restore(restore::RestoreArgs),
    /// Bring everything from a folder into a database, or from a database into a folder.
    Move(moving::MoveArgs),
}

/// Where a node keeps what it knows.
#[derive(Debug, Args)]
struct Data {
    /// The node's folder.
    #[arg(long = "data", env = "MUSTER_DATA", value_name = "DIR")]
    folder: PathBuf,
}

impl Data {
    /// Returns the way to the node that runs on this folder, as its operator.
    fn node(&self) -> Result<Client, Failure> {
        let access = Access::read(&self.folder)?;
        Ok(Client::new(&access.url).operator(&access.token))
    }
}

/// Does what the command line says. Failures are told in a sentence.
fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(cli.command));
            // What is still under way off the async threads must not hold up the end.
            runtime.shutdown_background();
            done
        }
        Err(error) => Err(Failure::Words(format!("the program cannot start: {error}"))),
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
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
