//! A file readable only by its owner, written completely or not at all.

use std::{
    fs::File,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// A file being written under a temporary name; it takes its final name once complete.
#[derive(Debug)]
pub struct PrivateFile {
    file: File,
    fresh: PathBuf,
    path: PathBuf,
    over: bool,
    is_whole: bool,
}

/// Why the file was not written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file already exists.
    #[error("{0} already exists; choose another file, or add --force to overwrite it")]
    There(String),
    /// An operating system error.
    #[error("{path} cannot be written: {source}")]
    System {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
}

impl PrivateFile {
    /// Creates a file; overwrites an existing one only if asked.
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

    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.file.write_all(bytes).map_err(|source| failed(&self.path, source))
    }

    /// Moves the file to its final name once it is durable.
    pub fn finish(mut self) -> Result<(), FileError> {
        let failed = |source| failed(&self.path, source);
        self.file.sync_all().map_err(failed)?;
        if self.over {
            std::fs::rename(&self.fresh, &self.path).map_err(failed)?;
            self.is_whole = true;
            return Ok(());
        }
        // A hard link fails if a file has appeared meanwhile; a rename would overwrite it.
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
    /// Removes the temporary name: an abandoned part, or the second name of a complete file.
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
    fn a_file_is_private_and_is_not_overwritten_unless_asked() {
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
    fn a_file_that_appeared_meanwhile_is_kept_and_no_part_is_left() {
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
    fn a_missing_folder_is_reported_in_words() {
        let words = write(Path::new("/nowhere/at/all.csv"), false, "").unwrap_err().to_string();
        assert!(words.starts_with("/nowhere/at/all.csv cannot be written"), "{words}");
    }
}
