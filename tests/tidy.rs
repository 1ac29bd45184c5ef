//! The tree held against its own rules. Each check is a plain function over the files, which stands
//! in `tidy/` with tests that show it can fail; here it reads the real tree.

#[path = "tidy/arrow.rs"]
mod arrow;
#[path = "tidy/container.rs"]
mod container;
#[path = "tidy/deploy.rs"]
mod deploy;
#[path = "tidy/entry.rs"]
mod entry;
#[path = "tidy/import.rs"]
mod import;
#[path = "tidy/map.rs"]
mod map;
#[path = "tidy/name.rs"]
mod name;
#[path = "tidy/plant.rs"]
mod plant;
#[path = "tidy/private.rs"]
mod private;
#[path = "tidy/rule.rs"]
mod rule;
#[path = "tidy/size.rs"]
mod size;
#[path = "tidy/tree.rs"]
mod tree;
#[path = "tidy/word.rs"]
mod word;

use tree::File;

/// Runs a check over the real tree and fails with everything it has to say.
fn holds(check: impl Fn(&[File]) -> Vec<String>) {
    let complaints = check(&tree::read());
    assert!(complaints.is_empty(), "\n  {}\n", complaints.join("\n  "));
}

#[test]
fn no_file_is_too_long() {
    holds(size::too_long);
}

#[test]
fn the_root_holds_only_its_twelve_entries() {
    holds(entry::strangers_at_the_root);
}

#[test]
fn every_entry_of_the_root_is_there() {
    holds(entry::missing_at_the_root);
}

#[test]
fn there_are_at_most_six_integration_binaries() {
    holds(entry::too_many_binaries);
}

#[test]
fn the_architecture_names_every_crate_and_folder() {
    holds(map::unnamed);
}

#[test]
fn every_path_the_architecture_names_exists() {
    holds(map::dangling);
}

#[test]
fn crates_see_only_those_below_them() {
    holds(arrow::forbidden_dependencies);
}

#[test]
fn the_node_names_journal_and_bus_only_where_it_may() {
    holds(arrow::journal_or_bus_named);
}

#[test]
fn the_container_is_built_from_what_is_there() {
    holds(container::disagreements);
}

#[test]
fn screens_import_ui_and_lib_and_nothing_imports_screens() {
    holds(import::forbidden_imports);
}

#[test]
fn no_file_is_named_after_nothing() {
    holds(name::empty_names);
}

#[test]
fn lints_are_expected_and_never_allowed() {
    holds(word::allowed_lints);
}

#[test]
fn nothing_is_left_for_later() {
    holds(word::left_for_later);
}

#[test]
fn the_language_and_the_rules_name_every_variant() {
    holds(word::variants_left_out);
}

#[test]
fn no_test_is_skipped() {
    holds(word::skipped_tests);
}

#[test]
fn every_rule_of_the_protocol_is_cited_by_a_test() {
    holds(rule::uncited_rules);
}

#[test]
fn every_invariant_is_cited_by_a_test() {
    holds(rule::uncited_invariants);
}

#[test]
fn every_rule_and_invariant_that_a_test_cites_exists() {
    holds(rule::unknown_citations);
}

#[test]
fn planted_bugs_and_their_table_agree() {
    holds(plant::disagreements);
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    holds(private::machine_paths);
}

#[test]
fn no_file_holds_a_real_address_or_telephone_number() {
    holds(private::contacts);
}
