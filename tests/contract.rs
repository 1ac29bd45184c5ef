//! The contract of the journal and the registry: one suite for every store. Another store joins by
//! a line in `stores.rs` and a line at the end of the suite below.

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
            appending::a_batch_decided_on_a_stale_head_conflicts_with_the_current_one
            appending::a_batch_of_another_history_conflicts_even_at_the_same_number
            appending::of_many_writers_on_one_head_one_wins
            appending::a_batch_with_a_gap_or_a_broken_chain_writes_nothing
            appending::a_batch_is_atomic
            appending::a_refused_batch_does_not_affect_others_in_its_commit
            appending::concurrent_writes_to_many_rooms_keep_each_dense
            outcomes::outcomes_are_permanent_refusals_included
            outcomes::an_outcome_is_never_overwritten
            outcomes::of_many_outcomes_for_one_command_one_is_stored
            outcomes::a_command_is_known_in_its_own_room_only
            outcomes::refusals_alone_create_no_entry
            outcomes::an_outcome_that_names_a_missing_entry_is_refused
            reading::an_entry_is_immutable
            reading::a_read_is_bounded_by_its_range_and_limit
            reading::a_history_continues_from_its_entries_alone
            reading::a_room_exists_by_its_first_entry
            reading::the_heads_of_many_rooms_are_read_in_one_query
            letting_in::an_invite_admits_as_many_devices_as_it_has_uses
            letting_in::of_a_hundred_concurrent_redemptions_of_one_use_one_succeeds
            letting_in::an_unlimited_invite_admits_everybody
            letting_in::an_expired_or_unknown_invite_admits_nobody
            letting_in::a_failed_redemption_consumes_no_use
            letting_in::a_login_expires_unless_it_is_extended
            letting_in::a_revoked_login_stays_revoked
            letting_in::of_many_devices_those_without_a_live_login_are_returned
            letting_in::every_login_of_a_room_is_listed
            letting_in::card_readings_are_recorded
            letting_in::a_document_is_replaced_as_a_whole
            letting_in::concurrent_increments_are_all_counted_until_the_window_ends
            letting_in::of_many_concurrent_discards_one_succeeds
        }
    )*};
}

contract! { memory sqlite postgres }
