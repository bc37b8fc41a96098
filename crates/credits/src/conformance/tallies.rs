//! The properties of a [`TallyBook`].

use std::{collections::BTreeMap, sync::Arc};

use clock::Timestamp;

use crate::{Figure, Figures, Tally, TallyBook, TallyBy, TallyFilter};

/// Noon of 2026-10-05.
const NOON_MS: i64 = 1_791_201_600_000;
const HOUR_MS: i64 = 3_600_000;

/// A tally with every word and figure derived from `number`; no two have one place.
fn tally(number: u32) -> Tally {
    let word = |words: [&str; 3]| Arc::from(words[number as usize % 3]);
    let mut figures = Figures::ZERO;
    for (index, figure) in (1..).zip(Figure::ALL) {
        figures.add(figure, u64::from(number) * 1_000_000_007 * index);
    }
    Tally {
        hour: Timestamp::from_millis(NOON_MS + i64::from(number / 4) * HOUR_MS),
        account: if number.is_multiple_of(2) { "upstream".into() } else { "other".into() },
        instance: format!("instance-{}", number % 4).into(),
        operation: word(["/v3/quotes", "/v3/listings", "/v1/map"]),
        client: if number.is_multiple_of(5) { "ève".into() } else { "".into() },
        figures,
    }
}

fn tallies(count: u32) -> Vec<Tally> {
    (0..count).map(tally).collect()
}

const GROUPS: [TallyBy; 4] = [TallyBy::Operation, TallyBy::Client, TallyBy::Day, TallyBy::Hour];

fn sums(tallies: &[Tally], filter: &TallyFilter, by: TallyBy) -> Vec<(String, Figures)> {
    let mut sums = BTreeMap::<String, Figures>::new();
    for tally in tallies.iter().filter(|tally| filter.matches(tally)) {
        sums.entry(by.key(tally)).or_default().absorb(&tally.figures);
    }
    sums.into_iter().collect()
}

/// Reports are made of these.
pub async fn every_group_sums_every_figure<B: TallyBook>(book: &B) {
    let kept = tallies(120);
    book.keep(&kept).await.unwrap();
    for by in GROUPS {
        let any = TallyFilter::default();
        assert_eq!(book.sums(&any, by).await.unwrap(), sums(&kept, &any, by), "{by:?}");
    }
}

/// After a cut connection nobody knows what was written: all of it is written again.
pub async fn a_tally_written_again_replaces_itself<B: TallyBook>(book: &B) {
    let mut kept = tallies(12);
    book.keep(&kept).await.unwrap();
    book.keep(&kept).await.unwrap();
    kept[3].figures.add(Figure::Full, 17);
    book.keep(&kept[2..5]).await.unwrap();
    book.keep(&[]).await.unwrap();
    let any = TallyFilter::default();
    let found = book.sums(&any, TallyBy::Operation).await.unwrap();
    assert_eq!(found, sums(&kept, &any, TallyBy::Operation));
}

/// A filter that is forgotten answers for somebody else.
pub async fn every_filter_of_tallies_narrows<B: TallyBook>(book: &B) {
    let kept = tallies(40);
    book.keep(&kept).await.unwrap();
    let any = TallyFilter::default;
    let filters = [
        TallyFilter { from: Some(kept[9].hour), ..any() },
        TallyFilter { until: Some(kept[20].hour), ..any() },
        TallyFilter { account: Some(Arc::clone(&kept[1].account)), ..any() },
        TallyFilter { operation: Some(Arc::clone(&kept[2].operation)), ..any() },
        TallyFilter { client: Some(Arc::clone(&kept[5].client)), ..any() },
        TallyFilter { client: Some("".into()), ..any() },
    ];
    for filter in filters {
        let expected = sums(&kept, &filter, TallyBy::Hour);
        assert_ne!(expected, sums(&kept, &any(), TallyBy::Hour), "{filter:?} is no test");
        assert_eq!(book.sums(&filter, TallyBy::Hour).await.unwrap(), expected, "{filter:?}");
    }
}

/// A start with an empty book must read as nothing, not as an error.
pub async fn sums_of_nothing_are_none<B: TallyBook>(book: &B) {
    for by in GROUPS {
        assert_eq!(book.sums(&TallyFilter::default(), by).await.unwrap(), []);
    }
}
