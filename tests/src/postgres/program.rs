//! The programs of `PostgreSQL`: where they are, under which account they run, and on which
//! machine.

use std::{path::PathBuf, process::Command};

use crate::lan::Machine;

/// Where Debian installs the programs of each release.
const RELEASES: &str = "/usr/lib/postgresql";

pub(super) const NEEDED: &str =
    "PostgreSQL is needed for these tests; install it with: apt-get install postgresql";

/// The account of the server: it refuses to run as root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Creates a folder for a server.
pub(super) fn server_folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("muster-postgres-").tempdir().unwrap().keep();
    if let Some(account) = account() {
        std::os::unix::fs::chown(&folder, Some(account.uid), Some(account.gid)).unwrap();
    }
    folder
}

/// Returns a program of the newest release installed.
pub(super) fn binary(name: &str) -> PathBuf {
    let folders = std::fs::read_dir(RELEASES).into_iter().flatten().filter_map(Result::ok);
    let releases = folders.filter_map(|entry| {
        let release: u32 = entry.file_name().to_str()?.parse().ok()?;
        let program = entry.path().join("bin").join(name);
        program.is_file().then_some((release, program))
    });
    releases.max().map_or_else(|| PathBuf::from(name), |(_, program)| program)
}

/// Returns a command that runs one of them here.
pub(super) fn program(name: &str) -> Command {
    as_account(&Machine::own(), binary(name))
}

/// Returns a command that runs a program on a machine, under the server's account.
pub(super) fn as_account(on: &Machine, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let whom = account().map(|account| (account.uid, account.gid));
    let mut command = on.runs_as(program, whom);
    command.current_dir("/");
    command
}

/// Returns the account to change to, when the tests run as root.
pub(super) fn account() -> Option<Account> {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        let uid = fields.next()?.parse().ok()?;
        Some(Account { uid, gid: fields.next()?.parse().ok()? })
    };
    Some(find("postgres").or_else(|| find("nobody")).expect("an account that is not root's"))
}
