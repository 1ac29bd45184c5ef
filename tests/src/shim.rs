//! Small C libraries preloaded between a process and its system, and the number by which a test
//! controls them.

use std::{
    collections::BTreeMap,
    fs::{File, Permissions},
    os::unix::fs::{FileExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

/// Builds the library of this name once per test process, and returns its path.
///
/// # Panics
///
/// When there is no compiler: without it these tests prove nothing.
pub fn library(name: &'static str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built.entry(name).or_insert_with(|| build(name)).clone()
}

fn build(name: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("shim/{name}.c"));
    let here = std::env::current_exe().unwrap();
    let folder = here.parent().unwrap();
    let library = folder.join(format!("shim-{name}.so"));
    let fresh = folder.join(format!("shim-{name}-{}.so", std::process::id()));
    let mut gcc = Command::new("gcc");
    gcc.args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"]);
    let built = gcc.arg(&fresh).arg(source).arg("-ldl").output().unwrap_or_else(|error| {
        panic!("gcc is needed for these tests ({error}): apt-get install gcc libc6-dev")
    });
    let words = String::from_utf8_lossy(&built.stderr);
    assert!(
        built.status.success(),
        "gcc cannot build the shim {name}; are the packages gcc and libc6-dev there?\n{words}"
    );
    std::fs::rename(fresh, &library).unwrap();
    library
}

/// A number shared between a test and the processes it has started.
#[derive(Debug)]
pub struct Dial {
    file: File,
    path: PathBuf,
}

impl Dial {
    /// Creates one at a path, readable by the processes' account.
    pub fn at(path: &Path, number: i64) -> Self {
        let mut open = File::options();
        let file = open.read(true).write(true).create_new(true).open(path).unwrap();
        file.set_permissions(Permissions::from_mode(0o666)).unwrap();
        let dial = Self { file, path: path.to_owned() };
        dial.turn(number);
        dial
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Sets it; the processes see it at once.
    pub fn turn(&self, number: i64) {
        self.file.write_all_at(&number.to_ne_bytes(), 0).unwrap();
    }

    /// Returns the environment in which it controls a hanging disk for this folder: 1 hangs syncs,
    /// 2 reads as well.
    pub fn as_hung(&self, folder: &Path) -> [(&'static str, String); 3] {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        [
            ("LD_PRELOAD", text(&library("hungdisk"))),
            ("MUSTER_HUNG_DIR", text(folder)),
            ("MUSTER_HUNG", text(&self.path)),
        ]
    }

    /// Returns the environment in which it is the number of milliseconds that the clock is ahead.
    pub fn as_clock(&self) -> [(&'static str, String); 2] {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        [("LD_PRELOAD", text(&library("clock"))), ("MUSTER_CLOCK_AHEAD", text(&self.path))]
    }
}
