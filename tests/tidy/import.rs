//! The web's layers: screens import ui and lib, ui imports lib, and nothing imports a screen.

use crate::tree::{File, GENERATED, between};

const SOURCES: &str = "web/src/";

/// Returns the imports that go up, and a complaint when there is nothing to read.
pub fn forbidden_imports(files: &[File]) -> Vec<String> {
    let sources: Vec<&File> = files
        .iter()
        .filter(|file| file.is_in(SOURCES) && !file.is_in(GENERATED))
        .filter(|file| ["ts", "svelte"].contains(&file.extension()))
        .collect();
    if sources.is_empty() {
        return vec![format!("{SOURCES} is missing")];
    }
    let mut complaints = Vec::new();
    for file in sources {
        for (at, line) in file.lines() {
            for specifier in imported(line) {
                if let Some(target) = resolve(&file.path, specifier)
                    && !may_import(&file.path, &target)
                {
                    complaints.push(format!("{}:{at}: must not import {target}", file.path));
                }
            }
        }
    }
    complaints
}

/// Returns what a line imports or exports from. The last line of a longer statement holds it.
fn imported(line: &str) -> Vec<&str> {
    let line = line.trim_start();
    if line.starts_with("//") || line.starts_with('*') {
        return Vec::new();
    }
    ["from '", "from \"", "import '", "import \"", "import('", "import(\""]
        .iter()
        .flat_map(|open| between(line, open, if open.ends_with('"') { '"' } else { '\'' }))
        .collect()
}

/// Returns the path an import leads to, from `web/src/`; none for a package.
fn resolve(importer: &str, specifier: &str) -> Option<String> {
    for (alias, folder) in
        [("$lib/", "lib/"), ("$ui/", "ui/"), ("$screens/", "screens/"), ("@/", ""), ("/src/", "")]
    {
        if let Some(rest) = specifier.strip_prefix(alias) {
            return Some(format!("{folder}{rest}"));
        }
    }
    if !specifier.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = importer.strip_prefix(SOURCES)?.split('/').collect();
    parts.pop();
    for part in specifier.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Says whether a file may import another, given from `web/src/`. A screen is a folder of its own
/// in `screens/`, and imports itself; an entry stands directly in `web/src/`, and opens screens.
fn may_import(importer: &str, target: &str) -> bool {
    let importer = importer.strip_prefix(SOURCES).unwrap_or(importer);
    let layer = |path: &str| path.split_once('/').map_or("", |(top, _)| top).to_owned();
    match (layer(importer).as_str(), layer(target).as_str()) {
        ("", _) | ("lib", "lib") | ("ui", "ui" | "lib") | ("screens", "ui" | "lib") => true,
        ("screens", "screens") => screen(importer) == screen(target),
        ("lib" | "ui", "ui" | "screens") => false,
        // A style sheet, a picture or a font is in no layer.
        (_, other) => other != "screens",
    }
}

fn screen(path: &str) -> Option<&str> {
    path.split('/').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    fn told(path: &str, line: &str) -> usize {
        forbidden_imports(&[file(path, line)]).len()
    }

    #[test]
    fn an_import_that_goes_up_is_told() {
        assert_eq!(told("web/src/lib/a.ts", "import { x } from '../ui/Tag.svelte';"), 1);
        assert_eq!(told("web/src/lib/a.ts", "export * from '$screens/wall/x';"), 1);
        assert_eq!(
            told("web/src/ui/Tag.svelte", "  import X from \"../screens/wall/X.svelte\";"),
            1
        );
        assert_eq!(told("web/src/ui/a.ts", "const x = await import('../screens/wall/x');"), 1);
        assert_eq!(told("web/src/screens/wall/a.ts", "import '../desk/x';"), 1);
    }

    #[test]
    fn an_import_that_goes_down_passes() {
        assert_eq!(
            told("web/src/screens/wall/Wall.svelte", "import X from '../../ui/X.svelte';"),
            0
        );
        assert_eq!(told("web/src/screens/wall/Wall.svelte", "import X from './X.svelte';"), 0);
        assert_eq!(told("web/src/ui/X.svelte", "import { y } from '../lib/y';"), 0);
        assert_eq!(told("web/src/lib/deep/y.ts", "import { z } from '../z'; import 'idb';"), 0);
        assert_eq!(told("web/src/wall.ts", "import Wall from './screens/wall/Wall.svelte';"), 0);
        assert_eq!(told("web/src/lib/y.ts", "// import x from '../screens/wall/x'"), 0);
    }

    #[test]
    fn no_sources_are_a_complaint() {
        assert_eq!(forbidden_imports(&[]).len(), 1);
    }
}
