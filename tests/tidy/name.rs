//! File names are nouns of the domain, and say something.

use crate::tree::{File, GENERATED};

/// Last words of a name that would fit any file, and so say nothing of this one.
const EMPTY: [&str; 10] = [
    "manager", "managers", "service", "services", "helper", "helpers", "util", "utils", "common",
    "misc",
];

/// Returns the files and folders whose name says nothing.
pub fn empty_names(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| !file.is_in(GENERATED))
        .filter(|file| file.name() == "mod.rs" || file.path.split('/').any(says_nothing))
        .map(|file| format!("{}: name it after what it holds", file.path))
        .collect()
}

/// Says whether the last word of a name, up to its first dot, says nothing. `service_user` is a
/// noun of ours; `room_service` is not.
fn says_nothing(name: &str) -> bool {
    let stem = name.trim_start_matches('.').split('.').next().unwrap_or(name);
    let start = stem.rfind(|letter: char| letter.is_uppercase() || letter == '_' || letter == '-');
    let last = start.map_or(stem, |at| stem[at..].trim_start_matches(['_', '-']));
    EMPTY.contains(&last.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    #[test]
    fn names_that_say_nothing_are_told() {
        for path in [
            "server/hub/src/util.rs",
            "server/hub/src/room_manager.rs",
            "web/src/lib/common/link.ts",
            "web/src/ui/RoomHelper.svelte",
            "web/src/lib/test-utils.test.ts",
            "server/room/src/transfer/mod.rs",
        ] {
            assert_eq!(empty_names(&[file(path, "")]).len(), 1, "{path}");
        }
    }

    #[test]
    fn nouns_pass() {
        for path in [
            "server/room/src/service_user.rs",
            "web/src/screens/desk/ServiceUser.svelte",
            "web/src/service-worker.ts",
            "deploy/muster.service",
            "server/room/src/commons_notice.rs",
            "web/src/lib/wire/helper.ts",
        ] {
            assert_eq!(empty_names(&[file(path, "")]).len(), 0, "{path}");
        }
    }
}
