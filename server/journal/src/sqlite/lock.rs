//! The lock that keeps a second process out (E29).

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use crate::Error;

/// A lock beside the database, held until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock of the database at this path, or fails when another process has it.
    pub(super) fn take(database: &Path) -> Result<Self, Error> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let path = Path::new(&name);
        let opened = File::options().create(true).truncate(false).write(true).open(path);
        let file = opened.map_err(|error| {
            let at = path.display();
            Error::Unreadable(format!(
                "cannot make the lock file {at}; does its folder exist, and is it writable? ({error})"
            ))
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked(database.display().to_string())),
            Err(TryLockError::Error(error)) => {
                Err(Error::Unreadable(format!("cannot lock {}: {error}", path.display())))
            }
        }
    }
}

impl Drop for Lock {
    /// Unlocks explicitly: a child process being spawned may have inherited the open file.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the database's lock could not be released");
        }
    }
}
