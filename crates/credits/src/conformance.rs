//! The exams that every meter and every ledger has to pass, as one named test per property.
//!
//! A store calls the macro once in its tests, with an expression, which may await, for a new, empty
//! part and anything that has to live as long (a folder, a server):
//!
//! ```text
//! credits::ledger_conformance!(open_in_a_new_folder().await);
//! ```
#![expect(clippy::missing_panics_doc, reason = "an exam fails by panicking")]
#![expect(clippy::unwrap_used, reason = "an exam fails by panicking")]

pub mod ledger;
pub mod meter;
pub mod tallies;

#[doc(hidden)]
#[macro_export]
macro_rules! exam {
    ($exam:ident, $fresh:expr, $($property:ident)+) => {
        mod $exam {
            use super::*;

            $(
                #[tokio::test]
                async fn $property() {
                    let (part, _alive) = $fresh;
                    $crate::conformance::$exam::$property(&part).await;
                }
            )+
        }
    };
}

/// The exam of a [`Meter`](crate::Meter).
#[macro_export]
macro_rules! meter_conformance {
    ($fresh:expr) => {
        $crate::exam!(
            meter, $fresh,
            a_price_that_fits_is_held
            a_price_that_does_not_fit_holds_nothing
            settling_books_the_charge_and_ends_the_hold
            a_charge_above_the_price_is_booked_in_full
            releasing_gives_everything_back
            a_repeated_end_is_booked_once
            an_unknown_charge_is_booked_and_an_unknown_release_is_not
            what_is_held_counts_in_the_next_window_too
            a_lost_hold_is_booked_at_its_price_and_corrected_later
            accounts_do_not_mix
            raising_never_lowers
            many_at_once_never_exceed_the_budget
            a_block_is_held_and_what_it_charges_is_booked_when_told
            a_block_is_a_part_of_what_is_left_and_no_less_than_is_needed
            a_block_that_does_not_fit_holds_nothing
            calls_of_a_block_count_in_its_minute_and_go_back_unused
            a_report_that_comes_twice_or_late_books_nothing_twice
            the_last_word_of_a_block_gives_back_its_rest
            a_block_charged_above_its_ceiling_is_booked_in_full
            a_lost_block_is_booked_whole_and_revived_by_its_owner
            a_block_that_nobody_remembers_is_as_its_owner_says
            a_released_block_was_never_there
            many_blocks_at_once_never_exceed_the_budget
        );
    };
}

/// The exam of a [`Ledger`](crate::Ledger).
#[macro_export]
macro_rules! ledger_conformance {
    ($fresh:expr) => {
        $crate::exam!(
            ledger, $fresh,
            what_is_posted_is_found_again_in_every_field
            an_id_is_booked_once
            pages_are_newest_first_and_complete
            every_filter_narrows
            totals_are_the_sums_of_the_postings
            totals_of_nothing_are_one_zero_or_none
            thousands_are_posted_at_once
        );
    };
}

/// The exam of a [`TallyBook`](crate::TallyBook).
#[macro_export]
macro_rules! tally_conformance {
    ($fresh:expr) => {
        $crate::exam!(
            tallies, $fresh,
            every_group_sums_every_figure
            a_tally_written_again_replaces_itself
            every_filter_of_tallies_narrows
            sums_of_nothing_are_none
        );
    };
}
