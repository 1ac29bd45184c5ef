//! The table of planted bugs, each with the test that must notice it.

/// The `package` of a bug that is planted in the screens; its `test_binary` is then the test's file
/// in `web/`, and its `test` the words of the test.
pub(crate) const WEB: &str = "web";
/// The `test_binary` of a test that stands in the library itself.
pub(crate) const LIB: &str = "lib";

/// One known bug, and the test that must notice it.
pub(crate) struct Plant {
    /// What the code calls it.
    pub(crate) name: &'static str,
    /// The package that holds the test.
    pub(crate) package: &'static str,
    /// The test binary within the package.
    pub(crate) test_binary: &'static str,
    /// The test, with its modules.
    pub(crate) test: &'static str,
    /// What goes wrong with it planted.
    pub(crate) breaks: &'static str,
}

/// Every planted bug. `tests/tidy.rs` holds this table against the code, both ways.
pub(crate) const PLANTS: &[Plant] = &[
    Plant {
        name: "outcome_before_commit",
        package: "proof",
        test_binary: "storm",
        test: "kept::an_outcome_waits_for_the_commit",
        breaks: "the outcome leaves before the journal's commit returned (I-5)",
    },
    Plant {
        name: "normal_sync",
        package: "proof",
        test_binary: "faults",
        test: "powercut::a_power_cut_loses_nothing_that_was_acknowledged",
        breaks: "SQLite runs with synchronous=NORMAL, and a power cut loses what was acknowledged",
    },
    Plant {
        name: "conflict_unchecked",
        package: "proof",
        test_binary: "contract",
        test: "sqlite::a_batch_decided_on_an_old_head_is_refused_with_the_real_one",
        breaks: "a batch decided on an old head is written all the same",
    },
    Plant {
        name: "stale_shown",
        package: "proof",
        test_binary: "storm",
        test: "raised::several_nodes_are_one_room",
        breaks: "a node shows less than another node told was done (I-22)",
    },
    Plant {
        name: "older_shown",
        package: "proof",
        test_binary: "storm",
        test: "unsure::a_node_that_cannot_read_shows_nobody_less_than_they_were_told",
        breaks: "a node without its database shows rows from before what was told (I-22)",
    },
    Plant {
        name: "last_ring_lost",
        package: "proof",
        test_binary: "storm",
        test: "raised::several_nodes_are_one_room",
        breaks: "a room whose last ring was lost stays behind for ever (I-23)",
    },
    Plant {
        name: "unwell_unhurried",
        package: "proof",
        test_binary: "storm",
        test: "unheard::a_node_that_does_not_hear_its_bell_looks_five_times_a_second",
        breaks: "a node whose bell is silent looks no more often than one that hears it (I-23, I-30)",
    },
    Plant {
        name: "failed_look_kept",
        package: "proof",
        test_binary: "storm",
        test: "unheard::what_could_not_be_read_when_it_was_seen_is_read_at_the_next_look",
        breaks: "a room that could not be read when it had moved stays behind until somebody writes again (I-23)",
    },
    Plant {
        name: "late_batch_kept",
        package: "proof",
        test_binary: "storm",
        test: "raised::several_nodes_are_one_room",
        breaks: "what was decided too late is shown although it was not written (I-4)",
    },
    Plant {
        name: "unknown_taken_for_ok",
        package: "proof",
        test_binary: "faults",
        test: "cut::a_commit_whose_connection_breaks_at_any_message_is_in_once",
        breaks: "a commit whose connection was lost is acknowledged although nobody knows (I-13)",
    },
    Plant {
        name: "postgres_answers_early",
        package: "proof",
        test_binary: "faults",
        test: "tables::a_commit_is_answered_when_it_is_durable_whatever_the_server_is_set_to",
        breaks: "PostgreSQL answers before the disk has it, and a kill loses what was acknowledged (I-5)",
    },
    Plant {
        name: "gap_check_off",
        package: WEB,
        test_binary: "src/lib/storm.test.ts",
        test: "I-19 I-20 I-24 I-25: shows the room as it was at its cursor, and each tap once",
        breaks: "a frame that does not follow the cursor is shown all the same (I-20)",
    },
    Plant {
        name: "fault_spreads",
        package: "hub",
        test_binary: LIB,
        test: "poison::tests::a_command_on_which_the_rules_fail_is_refused_and_blocks_nobody",
        breaks: "a command on which the rules fail takes its room along (I-11)",
    },
    Plant {
        name: "duplicate_check_off",
        package: "proof",
        test_binary: "protocol",
        test: "commands::a_command_sent_again_is_told_the_same_for_ever",
        breaks: "a command sent twice is decided twice (I-7)",
    },
    Plant {
        name: "intake_unlooked",
        package: "proof",
        test_binary: "protocol",
        test: "intake::a_list_taken_in_twice_adds_nobody_twice",
        breaks: "a list is taken in although it is not what somebody looked at (P-74)",
    },
    Plant {
        name: "origin_check_off",
        package: "proof",
        test_binary: "protocol",
        test: "upgrade::only_our_own_pages_open_a_socket",
        breaks: "a foreign page may open a socket and send commands",
    },
    Plant {
        name: "wall_row_leaks_name",
        package: "room",
        test_binary: LIB,
        test: "proof::property::nothing_the_wall_or_directors_receive_names_anybody",
        breaks: "the wall receives a service user's name",
    },
    Plant {
        name: "name_known_later_stays",
        package: "room",
        test_binary: LIB,
        test: "proof::names::no_board_ever_names_anybody_by_the_register_as_it_is",
        breaks: "a line stays on the wall although its name is known by now (I-17, P-111)",
    },
    Plant {
        name: "protected_told",
        package: "room",
        test_binary: LIB,
        test: "proof::elsewhere::where_protected_people_go_makes_no_difference_to_anybody_who_may_not_know",
        breaks: "rows say where somebody goes whose destination is protected (R35, I-17, P-94)",
    },
    Plant {
        name: "stale_tag_accepted",
        package: "proof",
        test_binary: "protocol",
        test: "subs::a_cursor_of_another_history_or_ahead_harms_nobody_else",
        breaks: "a screen goes on from a history that was lost in a restore (I-21)",
    },
    Plant {
        name: "log_waited_for",
        package: "proof",
        test_binary: "faults",
        test: "unread::a_node_whose_log_nobody_reads_goes_on_and_tells_how_much_of_it_is_lost",
        breaks: "a log that nobody reads stops the whole node (E32)",
    },
    Plant {
        name: "restore_unverified",
        package: "proof",
        test_binary: "faults",
        test: "whole::what_is_not_what_was_written_fills_nothing",
        breaks: "a restore takes entries that do not fit their chain (I-3)",
    },
    Plant {
        name: "backup_of_many_moments",
        package: "proof",
        test_binary: "faults",
        test: "whole::a_backup_of_a_file_beside_heavy_writes_is_of_one_moment",
        breaks: "a backup holds outcomes of entries that it does not hold (E28)",
    },
    Plant {
        name: "register_shrinks",
        package: "room",
        test_binary: LIB,
        test: "proof::property::at_every_entry_the_screens_and_the_register_agree",
        breaks: "somebody disappears from the register, and the census no longer adds up",
    },
    Plant {
        name: "wishes_granted",
        package: "room",
        test_binary: LIB,
        test: "proof::help::a_batch_at_the_door_is_let_in_with_the_roles_given_and_no_others",
        breaks: "whoever asks at the door gets the roles they ask for (P-89)",
    },
    Plant {
        name: "code_lets_in",
        package: "room",
        test_binary: LIB,
        test: "proof::help::whoever_came_by_the_code_reads_no_money_and_lets_nobody_in",
        breaks: "somebody who came in by the door code gives roles and lets others in (P-89)",
    },
    Plant {
        name: "cover_never_ends",
        package: "room",
        test_binary: LIB,
        test: "proof::help::a_cover_gives_the_covered_roles_at_once_and_until_it_ends",
        breaks: "a cover that ended goes on giving its roles (R43, P-88)",
    },
    Plant {
        name: "ring_unchecked",
        package: "bus",
        test_binary: LIB,
        test: "message::tests::a_message_with_one_bit_changed_is_nobodys",
        breaks: "whoever can write to Redis rings as if it were a node (I-30)",
    },
    Plant {
        name: "revoked_stays",
        package: "proof",
        test_binary: "faults",
        test: "nodes::a_login_that_is_ended_on_one_node_is_over_on_every_node",
        breaks: "a login that was ended elsewhere keeps its screens (I-18, F8)",
    },
    Plant {
        name: "full_by_turns",
        package: "proof",
        test_binary: "faults",
        test: "full::two_nodes_whose_database_has_a_full_disk_are_read_and_go_on_by_themselves",
        breaks: "screens are told by turns that a full disk takes writes and that it does not (E5, P-34)",
    },
    Plant {
        name: "nodes_own_clocks",
        package: "proof",
        test_binary: "faults",
        test: "clocks::a_login_ends_when_it_should_on_a_node_whose_clock_is_a_day_wrong",
        breaks: "each node goes by its own clock, and ends logins early or late by it (E16, I-31)",
    },
    Plant {
        name: "room_time_stands",
        package: "proof",
        test_binary: "storm",
        test: "clocks::somebody_is_missed_in_time_although_the_clock_was_a_day_ahead_and_was_set_right",
        breaks: "after a clock that was ahead nobody is missed for as long as it was (I-31)",
    },
    Plant {
        name: "replaced_server_used",
        package: "proof",
        test_binary: "faults",
        test: "standby::a_standby_that_nobody_waited_for_lacks_what_was_answered_and_that_is_noticed",
        breaks: "a server that was replaced is written when it comes back (E17)",
    },
    Plant {
        name: "unfollowed_told",
        package: "proof",
        test_binary: "faults",
        test: "standby::what_no_standby_has_is_promised_to_nobody_although_the_server_shows_it",
        breaks: "what the standby does not have is told as done, and is lost with the server (I-5, E17)",
    },
    Plant {
        name: "rest_unread",
        package: "proof",
        test_binary: "protocol",
        test: "bodies::a_refusal_reaches_whoever_sends_everything_before_reading",
        breaks: "a refusal that comes early is lost, and the proxy says 502 in its place (P-66)",
    },
    Plant {
        name: "back_at_once",
        package: "proof",
        test_binary: "faults",
        test: "rolling::screens_of_a_node_that_stops_are_live_on_the_other_within_ten_seconds",
        breaks: "a node that stops sends all its screens to the others in one moment (I-33)",
    },
    Plant {
        name: "ghost_presence",
        package: "hub",
        test_binary: LIB,
        test: "presence::tests::who_was_on_a_node_that_died_is_gone_within_fifteen_seconds",
        breaks: "whoever was on a node that died is shown as connected for ever (I-34)",
    },
    Plant {
        name: "nobody_believed",
        package: "proof",
        test_binary: "faults",
        test: "gone::whoever_was_shown_a_room_may_load_it_again_while_its_database_is_gone",
        breaks: "whoever loads a page while the database is gone is shown nothing (P-9)",
    },
    Plant {
        name: "unread_passed_over",
        package: "proof",
        test_binary: "faults",
        test: "later::a_room_that_a_later_release_has_written_is_not_served_and_every_other_room_is",
        breaks: "what a later release wrote is passed over as if it had not happened (I-4)",
    },
];
