use bytes::Bytes;
use cache_tiers::{Entry, Flags, Meta};
use cmc_api::{Charge, CoinId, UpstreamError, UpstreamErrorKind};

use super::*;
use crate::entity::Entity;

const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

fn held(age: u64, flags: Flags) -> Arc<Held> {
    let fetched_at = NOW.before(Duration::from_secs(age));
    let meta = Meta {
        fetched_at,
        fresh_until: fetched_at.after(Duration::from_secs(60)),
        usable_until: fetched_at.after(Duration::from_secs(600)),
        flags,
        ..Meta::default()
    };
    let entity = Entity::Info { coin: CoinId::new(1) };
    Arc::new(Held::decode(&entity, &Entry { body: Bytes::new(), meta }, None).unwrap())
}

fn demand(max_age: u64) -> Demand {
    Demand {
        revalidate: Duration::ZERO,
        max_age: Duration::from_secs(max_age),
        ages: None,
        max_stale: None,
        only_if_cached: false,
        patience: Duration::ZERO,
    }
}

fn upstream(kind: UpstreamErrorKind) -> FlightError {
    FlightError::Upstream(Box::new(UpstreamError::new(kind, Charge::Nothing)))
}

#[test]
fn a_value_is_fresh_until_the_askers_age_and_not_a_moment_longer() {
    // Breaks at the edge: an age that is equal is too old.
    assert!(demand(60).accepts(&held(59, Flags::NONE), NOW));
    assert!(!demand(60).accepts(&held(60, Flags::NONE), NOW));
    assert!(demand(300).accepts(&held(299, Flags::NONE), NOW), "the asker decides, not the value");
    assert!(!demand(0).accepts(&held(0, Flags::NONE), NOW), "no-cache accepts nothing");
}

#[test]
fn an_absence_is_believed_for_its_own_time_and_the_askers() {
    // Breaks if "there is no such coin" lives as long as metadata: a day.
    assert!(demand(86_400).accepts(&held(59, Flags::NEGATIVE), NOW));
    assert!(!demand(86_400).accepts(&held(60, Flags::NEGATIVE), NOW));
    assert!(!demand(10).accepts(&held(30, Flags::NEGATIVE), NOW));
}

#[test]
fn a_value_from_the_future_has_no_age() {
    // Breaks if a clock that was set back makes every value young.
    let fetched_at = NOW.after(Duration::from_secs(60));
    let meta = Meta { fetched_at, ..held(0, Flags::NONE).meta };
    let entity = Entity::Info { coin: CoinId::new(1) };
    let held = Held::decode(&entity, &Entry { body: Bytes::new(), meta }, None).unwrap();
    assert!(!demand(60).accepts(&held, NOW));
}

#[test]
fn outages_are_bridged_and_refusals_are_not() {
    // Breaks if a wrong query is answered with an old value, or an outage with an error.
    let old = held(120, Flags::NONE);
    for kind in UpstreamErrorKind::ALL {
        let accepted = demand(60).accepts_instead(&old, &upstream(kind), NOW);
        assert_eq!(accepted, kind.is_outage(), "{kind:?}");
    }
    for (error, bridged) in [
        (FlightError::Deadline, true),
        (FlightError::Overloaded, true),
        (FlightError::Lost, true),
        (FlightError::Unreadable("quotes"), true),
        (FlightError::Unsendable(String::new()), false),
    ] {
        assert_eq!(demand(60).accepts_instead(&old, &error, NOW), bridged, "{error}");
    }
}

#[test]
fn staleness_ends_with_the_value_and_with_the_askers_patience_for_it() {
    // Breaks if grace has no end, or the client's max-stale is ignored.
    let instead = |age, max_stale: Option<u64>| {
        let demand = Demand { max_stale: max_stale.map(Duration::from_secs), ..demand(60) };
        demand.accepts_instead(&held(age, Flags::NONE), &FlightError::Deadline, NOW)
    };
    assert!(instead(599, None));
    assert!(!instead(600, None));
    assert!(instead(89, Some(30)));
    assert!(!instead(90, Some(30)));
    assert!(!instead(60, Some(0)));
}

#[test]
fn what_was_fetched_wins_and_the_error_is_told_if_nothing_else_is_left() {
    // Breaks if staleness is not marked.
    let (new, old) = (held(0, Flags::NONE), held(120, Flags::NONE));
    let (chosen, stale) =
        demand(60).choose(Ok(Arc::clone(&new)), Some(Arc::clone(&old)), NOW).unwrap();
    assert!(Arc::ptr_eq(&chosen, &new) && !stale);
    let failed = || Err(FlightError::Deadline);
    let (chosen, stale) = demand(60).choose(failed(), Some(Arc::clone(&old)), NOW).unwrap();
    assert!(Arc::ptr_eq(&chosen, &old) && stale);
    assert!(matches!(demand(60).choose(failed(), None, NOW), Err(FlightError::Deadline)));
}
