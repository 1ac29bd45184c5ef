//! The contract of the memory: one suite, the same for every store that keeps a journal and a registry.
//! Another store joins by a line in `stores.rs` and a line at the end of the suite below.

#[path = "contract/appending.rs"]
mod appending;
#[path = "contract/history.rs"]
mod history;
#[path = "contract/letting_in.rs"]
mod letting_in;
#[path = "contract/outcomes.rs"]
mod outcomes;
#[path = "contract/reading.rs"]
mod reading;
#[path = "contract/stores.rs"]
mod stores;

/// Runs every case against one kind of store.
macro_rules! suite {
    ($kind:ident: $($file:ident::$case:ident)*) => {
        mod $kind {$(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let opened = crate::stores::$kind().await;
                crate::$file::$case(opened.store).await;
            }
        )*}
    };
}

/// The cases, and the stores they hold for.
macro_rules! contract {
    ($($kind:ident)*) => {$(
        suite! { $kind:
            appending::entries_are_numbered_from_1_without_a_gap
            appending::a_batch_decided_on_an_old_head_is_refused_with_the_real_one
            appending::a_batch_for_another_history_is_refused_at_the_same_number
            appending::of_many_who_write_on_the_same_head_one_wins
            appending::a_batch_with_a_gap_or_a_torn_chain_writes_nothing
            appending::a_batch_is_there_whole_or_not_at_all
            appending::a_refused_batch_leaves_those_beside_it_be
            appending::many_rooms_write_at_once_and_each_stays_dense
            outcomes::outcomes_are_kept_for_ever_refusals_too
            outcomes::an_outcome_is_never_overwritten
            outcomes::of_many_outcomes_for_one_command_one_is_kept
            outcomes::a_command_is_known_in_its_own_room_only
            outcomes::refusals_alone_make_no_entry
            outcomes::an_outcome_that_names_no_entry_is_refused
            reading::an_entry_reads_the_same_for_ever
            reading::a_reader_gets_what_it_asked_for_and_no_more
            reading::a_history_that_was_read_can_be_written_on
            reading::a_room_exists_by_its_first_entry
            reading::the_heads_of_many_rooms_are_read_at_once
            letting_in::an_invite_lets_in_as_often_as_it_may
            letting_in::a_hundred_redeem_one_use_at_once_and_one_gets_in
            letting_in::an_invite_without_limit_lets_everybody_in
            letting_in::an_invite_that_has_expired_or_never_was_lets_nobody_in
            letting_in::a_failed_redemption_costs_no_use
            letting_in::a_login_ends_when_it_expires_and_lives_on_when_extended
            letting_in::a_revoked_login_stays_revoked
            letting_in::of_many_devices_those_let_in_no_more_are_named
            letting_in::every_login_of_a_room_is_listed
            letting_in::who_read_a_card_is_on_record
            letting_in::a_document_is_replaced_whole_and_found_again
            letting_in::what_many_count_at_once_is_counted_whole_and_ends_with_its_window
            letting_in::of_many_who_take_a_document_away_one_is_told_so
        }
    )*};
}

contract! { memory sqlite postgres }
