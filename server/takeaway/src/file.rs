//! A file for its owner alone, which is there whole or not at all.

use std::{
    fs::File,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// A file being written under a name of its own; it takes its place once it is whole.
#[derive(Debug)]
pub struct PrivateFile {
    file: File,
    fresh: PathBuf,
    path: PathBuf,
    over: bool,
    is_whole: bool,
}

/// Why the file is not written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something is there already.
    #[error("{0} is there already; name another file, or say --force to write over it")]
    There(String),
    /// The system said no.
    #[error("{path} cannot be written: {source}")]
    System {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl PrivateFile {
    /// Begins a file; one that is there is written over only if that was said.
    pub fn create(path: &Path, over: bool) -> Result<Self, FileError> {
        if !over && path.symlink_metadata().is_ok() {
            return Err(FileError::There(path.display().to_string()));
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let fresh = path.with_file_name(name);
        let made = File::options().write(true).create_new(true).mode(0o600).open(&fresh);
        let file = made.map_err(|source| failed(path, source))?;
        Ok(Self { file, fresh, path: path.to_owned(), over, is_whole: false })
    }

    /// Writes more.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.file.write_all(bytes).map_err(|source| failed(&self.path, source))
    }

    /// Puts the file in its place once the disk has it.
    pub fn finish(mut self) -> Result<(), FileError> {
        let failed = |source| failed(&self.path, source);
        self.file.sync_all().map_err(failed)?;
        if self.over {
            std::fs::rename(&self.fresh, &self.path).map_err(failed)?;
            self.is_whole = true;
            return Ok(());
        }
        // A link is refused where a file has appeared meanwhile; a rename would write over it.
        std::fs::hard_link(&self.fresh, &self.path).map_err(|source| {
            if source.kind() == std::io::ErrorKind::AlreadyExists {
                FileError::There(self.path.display().to_string())
            } else {
                failed(source)
            }
        })
    }
}

impl Write for PrivateFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for PrivateFile {
    /// Takes the part away: what was given up, or the second name of what is whole.
    fn drop(&mut self) {
        if !self.is_whole {
            drop(std::fs::remove_file(&self.fresh));
        }
    }
}

fn failed(path: &Path, source: std::io::Error) -> FileError {
    FileError::System { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn write(path: &Path, over: bool, text: &str) -> Result<(), FileError> {
        let mut file = PrivateFile::create(path, over)?;
        file.write(text.as_bytes())?;
        file.finish()
    }

    #[test]
    fn a_file_is_for_its_owner_alone_and_is_not_written_over_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people.csv");
        write(&path, false, "one").unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        let words = write(&path, false, "two").unwrap_err().to_string();
        assert!(words.contains("--force"), "{words}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        write(&path, true, "three").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_appeared_meanwhile_is_left_alone_and_no_part_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.csv");
        let file = PrivateFile::create(&path, false).unwrap();
        std::fs::write(&path, "theirs").unwrap();
        assert!(matches!(file.finish(), Err(FileError::There(_))));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "theirs");
        drop(PrivateFile::create(&folder.path().join("gone.csv"), false).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_in_words() {
        let words = write(Path::new("/nowhere/at/all.csv"), false, "").unwrap_err().to_string();
        assert!(words.starts_with("/nowhere/at/all.csv cannot be written"), "{words}");
    }
}
