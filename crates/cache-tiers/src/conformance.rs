//! The exam that every tier has to pass (feature `conformance`).
//!
//! ```no_run
//! cache_tiers::tier_conformance!(cache_tiers::MemoryTier::new("memory", 64 << 20));
//! ```
//!
//! One line gives one named test per property. Properties that a tier does not claim in its
//! [`Capability`](crate::Capability) are skipped by what it says there, never by its name.

#![expect(clippy::missing_panics_doc, reason = "a property panics where it does not hold")]

mod claims;
mod life;
mod limits;
mod order;
mod store;
mod tombstones;
mod writes;

use std::time::Duration;

use bytes::Bytes;
use clock::{Clock, SystemClock, Timestamp};

use crate::{Entry, Flags, Key, Meta, Tier, Version};

pub use claims::*;
pub use life::*;
pub use limits::*;
pub use order::*;
pub use store::*;
pub use tombstones::*;
pub use writes::*;

/// One property's keys and entries: apart from those of others and of earlier runs.
struct Case<'a> {
    tier: &'a dyn Tier,
    property: &'static str,
    now: Timestamp,
}

impl<'a> Case<'a> {
    /// Stores with an expiry of their own go by the system's clock, and so does the exam.
    fn new(tier: &'a dyn Tier, property: &'static str) -> Self {
        Self { tier, property, now: SystemClock.now() }
    }

    fn key(&self, name: impl std::fmt::Display) -> Key {
        Key::new(&format!("exam:{}:{}:{name}", self.now.as_millis(), self.property))
    }

    /// The `counter`th version, fresh for a minute and usable for an hour.
    fn entry(&self, counter: u16, body: impl Into<Bytes>) -> Entry {
        let meta = Meta {
            version: Version::at(self.now, counter),
            data_at: self.now.before(Duration::from_secs(7)),
            fetched_at: self.now,
            fresh_until: self.now.after(Duration::from_secs(60)),
            usable_until: self.now.after(Duration::from_secs(3_600)),
            load: Duration::from_micros(123_456),
            cost_milli: 10,
            class: 3,
            flags: Flags::FILLER,
        };
        Entry { body: body.into(), meta }
    }

    async fn put(&self, items: &[(Key, Entry)]) {
        self.tier.put_many(items).await.expect("a put works");
    }

    async fn get(&self, keys: &[Key]) -> Vec<Option<Entry>> {
        let held = self.tier.get_many(keys).await.expect("a get works");
        assert_eq!(held.len(), keys.len(), "one outcome per key");
        held
    }

    async fn one(&self, key: &Key) -> Option<Entry> {
        self.get(std::slice::from_ref(key)).await.remove(0)
    }
}

/// Bytes that may lie in a store under a key of ours and are no entry: each has to be a miss.
#[must_use]
pub fn corrupt_bytes() -> Vec<Bytes> {
    let good = Entry { body: Bytes::from_static(b"body"), meta: Meta::default() }.encode();
    let cut = good.slice(..good.len() - 1);
    let flipped = |index: usize| {
        let mut bytes = good.to_vec();
        bytes[index] ^= 0x40;
        Bytes::from(bytes)
    };
    let ends = [Bytes::new(), Bytes::from_static(b"null"), cut];
    ends.into_iter().chain((0..good.len()).map(flipped)).collect()
}

/// One named `#[tokio::test]` per property, on a new tier each: `tier_conformance!(expression)`,
/// which may await. The crate that uses it needs `tokio` with its macros among its
/// dev-dependencies, and this crate with the feature `conformance`.
#[macro_export]
macro_rules! tier_conformance {
    ($make:expr $(,)?) => {
        $crate::tier_conformance! { @each $make;
            an_empty_batch_is_fine
            the_order_of_the_keys_is_kept
            hits_and_misses_mix
            a_key_asked_twice_is_answered_twice
            a_batch_of_a_thousand_comes_back
            an_entry_comes_back_unchanged
            a_stale_entry_is_still_held
            no_life_is_ever_longer_than_it_was
            an_immutable_entry_is_held
            a_life_below_a_second_is_held
            remaining_lives_are_what_they_were
            what_is_held_expires_by_its_own_times
            a_newer_entry_replaces_an_older
            an_older_entry_never_replaces_a_newer
            the_same_version_replaces_itself
            the_newest_of_one_batch_stays
            of_concurrent_writers_the_newest_stays
            a_tombstone_replaces_an_older_entry
            a_tombstone_never_replaces_a_newer_entry
            a_tombstone_gives_way_to_newer_entries_only
            a_removed_key_is_gone
            removing_what_is_not_there_is_fine
            a_dropped_put_happens_whole_or_not
            odd_keys_are_kept_apart
            keys_of_any_length_work
            binary_bodies_come_back
            an_empty_body_is_no_miss
            an_oversize_entry_is_skipped_alone
            a_large_entry_fits_as_claimed
            the_longest_key_fits_as_claimed
            peek_says_what_get_says
            the_name_is_fit_for_a_label
        }
    };
    (@each $make:expr; $($property:ident)+) => {
        mod tier_conformance {
            use super::*;
            $(
                #[tokio::test]
                async fn $property() {
                    let tier = $make;
                    $crate::conformance::$property(&tier).await;
                }
            )+
        }
    };
}
