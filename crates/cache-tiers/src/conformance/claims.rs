//! Times stay as they are, and a tier is what it says that it is.

use std::time::Duration;

use clock::Timestamp;

use super::Case;
use crate::{Flags, Freshness, Tier, freshness};

/// All of it: body, version, times, price, class, flags.
pub async fn an_entry_comes_back_unchanged(tier: &dyn Tier) {
    let case = Case::new(tier, "unchanged");
    let key = case.key("k");
    let mut entry = case.entry(9, "body");
    entry.meta.flags.insert(Flags::NEGATIVE);
    case.put(&[(key.clone(), entry.clone())]).await;
    assert_eq!(case.one(&key).await, Some(entry));
}

/// Stale is what saves the day when the upstream is down: a store may only forget what is expired.
pub async fn a_stale_entry_is_still_held(tier: &dyn Tier) {
    let case = Case::new(tier, "stale");
    let key = case.key("k");
    let mut entry = case.entry(1, "body");
    entry.meta.fetched_at = case.now.before(Duration::from_secs(120));
    entry.meta.fresh_until = case.now.before(Duration::from_secs(60));
    case.put(&[(key.clone(), entry.clone())]).await;
    let held = case.one(&key).await;
    assert_eq!(held.as_ref(), Some(&entry));
    assert_eq!(freshness::of(&entry.meta, case.now), Freshness::Stale);
}

/// An expired entry may be gone or come back; what comes back still says that it is expired.
pub async fn no_life_is_ever_longer_than_it_was(tier: &dyn Tier) {
    let case = Case::new(tier, "expired");
    let key = case.key("k");
    let mut entry = case.entry(1, "body");
    entry.meta.fetched_at = case.now.before(Duration::from_secs(300));
    entry.meta = entry.meta.cut(case.now.before(Duration::from_secs(60)));
    case.put(&[(key.clone(), entry.clone())]).await;
    if let Some(held) = case.one(&key).await {
        assert_eq!(held, entry);
        assert_eq!(freshness::of(&held.meta, case.now), Freshness::Expired);
    }
}

/// Lives over 30 days are dates to some stores, and over 68 years an overflow.
pub async fn an_immutable_entry_is_held(tier: &dyn Tier) {
    let case = Case::new(tier, "immutable");
    for (index, end) in [
        case.now.after(Duration::from_secs(31 * 86_400)),
        case.now.after(Duration::from_secs(80 * 366 * 86_400)),
        Timestamp::MAX,
    ]
    .into_iter()
    .enumerate()
    {
        let (key, mut entry) = (case.key(index), case.entry(1, "body"));
        entry.meta.fresh_until = end;
        entry.meta.usable_until = end;
        case.put(&[(key.clone(), entry.clone())]).await;
        assert_eq!(case.one(&key).await, Some(entry), "until {end}");
    }
}

/// Rounded down to whole seconds it would be no life at all, or, in some stores, one for ever.
pub async fn a_life_below_a_second_is_held(tier: &dyn Tier) {
    let case = Case::new(tier, "short");
    let (key, mut entry) = (case.key("k"), case.entry(1, "body"));
    entry.meta = entry.meta.cut(case.now.after(Duration::from_millis(900)));
    case.put(&[(key.clone(), entry.clone())]).await;
    assert_eq!(case.one(&key).await, Some(entry));
}

/// A local tier answers at once what it answers when asked; another has nothing to say at once.
pub async fn peek_says_what_get_says(tier: &dyn Tier) {
    let case = Case::new(tier, "peek");
    let (key, entry) = (case.key("k"), case.entry(1, "body"));
    assert_eq!(tier.peek(&key), None);
    case.put(&[(key.clone(), entry.clone())]).await;
    let expected = tier.capability().local.then_some(entry);
    assert_eq!(tier.peek(&key), expected);
    tier.remove_many(std::slice::from_ref(&key)).await.expect("a remove works");
    assert_eq!(tier.peek(&key), None);
}

/// The name goes into metrics, headers and answers, and must not change under them.
pub async fn the_name_is_fit_for_a_label(tier: &dyn Tier) {
    let (name, capability) = (tier.name().to_owned(), tier.capability());
    let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    assert!(!name.is_empty() && name.len() <= 32 && name.chars().all(is_fit), "{name:?}");
    let case = Case::new(tier, "name");
    case.put(&[(case.key("k"), case.entry(1, "body"))]).await;
    assert_eq!((tier.name(), tier.capability()), (name.as_str(), capability));
}
