//! The planted bugs in the code, and the table that says which test notices each.

use std::collections::BTreeSet;

use crate::tree::{File, between, text_of};

const TABLE: &str = "xtask/src/plant.rs";

/// Returns the bugs that stand in the code or in the table alone, and tests that are not there.
pub fn disagreements(files: &[File]) -> Vec<String> {
    let table = match text_of(files, TABLE) {
        Ok(table) => table,
        Err(missing) => return vec![missing],
    };
    let listed: BTreeSet<&str> = fields(table, "name: \"").collect();
    let planted: BTreeSet<&str> = files.iter().flat_map(planted_in).collect();
    let unlisted = planted.difference(&listed).map(|name| format!("{TABLE} does not list {name}"));
    let unplanted =
        listed.difference(&planted).map(|name| format!("{TABLE}: no code has {name} planted"));
    let untested = fields(table, "test: \"")
        .filter(|test| !test_exists(test, files))
        .map(|test| format!("{TABLE}: there is no test `{test}`"));
    let mut complaints: Vec<String> = unlisted.chain(unplanted).chain(untested).collect();
    if listed.is_empty() {
        complaints.push(format!("{TABLE} lists no planted bugs"));
    }
    complaints
}

/// Returns a field of every entry of the table.
fn fields<'a>(table: &'a str, field: &'a str) -> impl Iterator<Item = &'a str> {
    table
        .lines()
        .filter_map(move |line| line.trim_start().strip_prefix(field)?.split_once('"'))
        .map(|(value, _)| value)
}

/// Returns the names of the bugs planted in a file: in Rust `plant = "name"`, on the web
/// `__PLANT__ === 'name'`.
fn planted_in(file: &File) -> Vec<&str> {
    let is_product = file.is_in("proto/") || file.is_in("server/") || file.is_in("web/src/");
    if !is_product {
        return Vec::new();
    }
    let code = || file.lines().map(|(_, line)| line).filter(|x| !x.trim_start().starts_with("//"));
    match file.extension() {
        "rs" => code().flat_map(|line| between(line, "plant = \"", '"')).collect(),
        "ts" | "svelte" => code()
            .flat_map(|line| {
                let single = between(line, "__PLANT__ === '", '\'');
                let inverse = between(line, "__PLANT__ !== '", '\'');
                single.into_iter().chain(inverse)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns whether a test of that name exists anywhere: a function in Rust, or a quoted sentence on the
/// web.
fn test_exists(test: &str, files: &[File]) -> bool {
    let last = test.rsplit("::").next().unwrap_or(test);
    let function = format!("fn {last}(");
    files.iter().any(|file| {
        let text = file.text.as_deref().unwrap_or_default();
        match file.extension() {
            "rs" => text.contains(&function),
            "ts" => file.name().contains(".test.") && text.contains(test),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    fn tree(rust: &str, web: &str) -> Vec<File> {
        let table = "Plant {\n    name: \"gap\",\n    test: \"live::tests::a_gap\",\n},\n\
            Plant {\n    name: \"sync\",\n    test: \"a sync is seen\",\n},\n";
        vec![
            file(TABLE, table),
            file("server/hub/src/live.rs", rust),
            file("web/src/lib/link.ts", web),
            file("server/hub/src/seen.rs", "fn a_gap() {}"),
            file("web/src/lib/link.test.ts", "test('a sync is seen', () => {})"),
        ]
    }

    #[test]
    fn code_and_table_that_agree_pass() {
        let agreed = tree("if !cfg!(plant = \"gap\") {}", "if (__PLANT__ !== 'sync') {}");
        assert_eq!(disagreements(&agreed), Vec::<String>::new());
    }

    #[test]
    fn a_bug_on_one_side_only_is_told() {
        let told = disagreements(&tree("#[cfg(plant = \"gap\")]\n#[cfg(plant = \"more\")]", ""));
        assert_eq!(
            told,
            [format!("{TABLE} does not list more"), format!("{TABLE}: no code has sync planted")]
        );
        assert_eq!(disagreements(&tree("// plant = \"gap\"", "__PLANT__ === 'sync'")).len(), 1);
    }

    #[test]
    fn a_bug_whose_test_is_gone_is_told() {
        let mut files = tree("cfg!(plant = \"gap\")", "__PLANT__ === 'sync'");
        files.truncate(3);
        assert_eq!(disagreements(&files).len(), 2);
        assert_eq!(disagreements(&[]).len(), 1);
    }
}
