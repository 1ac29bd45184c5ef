//! A disk that a test can fill, under one process and all that it starts. It needs no privileges.

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
    /// Returns a disk with room, which this folder is on; what it needs itself is kept elsewhere.
    pub fn under(folder: &Path, kept: &Path) -> Self {
        let copy = kept.join("fulldisk.so");
        // Whoever the process runs as may not be let into the folder that it was built in.
        std::fs::copy(library("fulldisk"), &copy).unwrap();
        let left = Dial::at(&kept.join("disk-left"), -1);
        Self { left, library: copy, folder: folder.to_owned() }
    }

    /// Returns what a process's environment must say.
    pub fn settings(&self) -> [(&'static str, String); 3] {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        [
            ("LD_PRELOAD", text(&self.library)),
            ("MUSTER_DISK_DIR", text(&self.folder)),
            ("MUSTER_DISK_LEFT", text(self.left.path())),
        ]
    }

    /// Lets so many bytes be left, and no more.
    pub fn has_left(&self, bytes: i64) {
        self.left.turn(bytes);
    }

    /// Lets there be room again.
    pub fn has_room(&self) {
        self.left.turn(-1);
    }
}
