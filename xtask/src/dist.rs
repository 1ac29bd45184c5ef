//! Builds the screens, `web/dist`, if they are older than their sources.

use std::path::Path;
use std::time::SystemTime;

use crate::Failure;
use crate::setup::Toolbox;
use crate::shell::{must, root};

/// Entries of `web/` that are not sources of the screens.
const NOT_SOURCES: [&str; 5] = ["node_modules", "dist", "tests", "bench", "test-results"];

/// Builds the screens, unless they are newer than everything they are built from.
pub(crate) fn build(tools: &Toolbox) -> Result<(), Failure> {
    let web = root().join("web");
    if is_fresh(&web) {
        return Ok(());
    }
    tools.web_packages()?;
    println!("xtask: building the screens (npm run build in web/)");
    must(tools.npm(&["run", "build"]))
}

/// Returns the modification time of a file.
pub(crate) fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|meta| meta.modified()).ok()
}

fn is_fresh(web: &Path) -> bool {
    let built = newest(&web.join("dist"), &[]);
    built.is_some() && newest(web, &NOT_SOURCES) <= built
}

/// Returns the newest modification time below a folder, ignoring `except`.
fn newest(folder: &Path, except: &[&str]) -> Option<SystemTime> {
    let entries = std::fs::read_dir(folder).ok()?;
    entries
        .flatten()
        .filter(|entry| !except.iter().any(|name| entry.file_name() == *name))
        .filter_map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => newest(&entry.path(), &[]),
            _ => modified(&entry.path()),
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{File, create_dir_all, remove_dir_all};
    use std::time::Duration;

    fn file(path: &Path, age_s: u64) {
        create_dir_all(path.parent().unwrap()).unwrap();
        let file = File::create(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age_s)).unwrap();
    }

    #[test]
    fn screens_are_rebuilt_only_if_a_source_is_newer() {
        let web = std::env::temp_dir().join(format!("xtask-dist-{}", std::process::id()));
        file(&web.join("src/lib/link.ts"), 100);
        assert!(!is_fresh(&web), "nothing is built yet");
        file(&web.join("dist/wall.html"), 50);
        assert!(is_fresh(&web));
        file(&web.join("node_modules/x/index.js"), 10);
        assert!(is_fresh(&web), "packages are no sources");
        file(&web.join("src/lib/rows.ts"), 10);
        assert!(!is_fresh(&web));
        remove_dir_all(&web).unwrap();
    }
}
