//! A disk that a test can fill, for one process and its children. It needs no privileges.

use std::path::{Path, PathBuf};

use crate::shim::{Dial, library};

/// The disk.
#[derive(Debug)]
pub struct Disk {
    left: Dial,
    library: PathBuf,
    folder: PathBuf,
}

impl Disk {
    /// Returns a disk with free space that holds this folder; its own files are in `kept`.
    pub fn under(folder: &Path, kept: &Path) -> Self {
        let copy = kept.join("fulldisk.so");
        // The process's account may not have access to the build folder.
        std::fs::copy(library("fulldisk"), &copy).unwrap();
        let left = Dial::at(&kept.join("disk-left"), -1);
        Self { left, library: copy, folder: folder.to_owned() }
    }

    /// Returns the process's environment.
    pub fn settings(&self) -> [(&'static str, String); 3] {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        [
            ("LD_PRELOAD", text(&self.library)),
            ("MUSTER_DISK_DIR", text(&self.folder)),
            ("MUSTER_DISK_LEFT", text(self.left.path())),
        ]
    }

    /// Limits the free space to so many bytes.
    pub fn has_left(&self, bytes: i64) {
        self.left.turn(bytes);
    }

    /// Ends the limit.
    pub fn has_room(&self) {
        self.left.turn(-1);
    }
}
