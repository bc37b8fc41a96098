//! The properties of a [`Ledger`].

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use clock::Timestamp;

use crate::{Credits, Filter, GroupBy, Ledger, Page, Posting, PostingId, Total};

/// Noon of 2026-10-05.
const NOON_MS: i64 = 1_791_201_600_000;
const HOUR_MS: i64 = 3_600_000;

/// A posting with every field derived from `number`, an hour after the one before.
fn posting(number: u32) -> Posting {
    let at = Timestamp::from_millis(NOON_MS + i64::from(number / 2) * HOUR_MS);
    let word = |words: [&str; 3]| Arc::from(words[number as usize % 3]);
    Posting {
        id: PostingId::new(at),
        at,
        account: if number.is_multiple_of(2) { "upstream".into() } else { "client:ève".into() },
        operation: word(["quotes", "listings", "map"]),
        n_keys: u32::MAX - number,
        reserved: Credits::new(u64::from(number) * 3),
        charged: Credits::new(u64::from(number) * 2_000_000_000),
        assumed: number.is_multiple_of(5),
        elapsed_ms: u32::MAX - number,
        outcome: word(["ok", "timed_out", "lost"]),
    }
}

fn postings(count: u32) -> Vec<Posting> {
    (0..count).map(posting).collect()
}

fn newest_first(mut postings: Vec<Posting>) -> Vec<Posting> {
    postings.sort_by_key(|posting| std::cmp::Reverse((posting.at, posting.id)));
    postings
}

async fn all_of<L: Ledger>(ledger: &L, filter: &Filter, size: usize) -> Vec<Posting> {
    let mut found = Vec::new();
    let mut page = Page::first(size);
    loop {
        let next = ledger.query(filter, page).await.unwrap();
        assert!(next.items.len() <= size);
        found.extend(next.items);
        match next.next {
            Some(cursor) => page.after = Some(cursor),
            None => return found,
        }
    }
}

/// A field that is cut or mixed up would falsify the books.
pub async fn what_is_posted_is_found_again_in_every_field<L: Ledger>(ledger: &L) {
    let posted = postings(3);
    ledger.post(&posted).await.unwrap();
    let found = all_of(ledger, &Filter::default(), 10).await;
    assert_eq!(found, newest_first(posted));
}

/// After a crash nobody knows what was posted: all of it is posted again.
pub async fn an_id_is_booked_once<L: Ledger>(ledger: &L) {
    let posted = postings(4);
    let twice: Vec<_> = posted[..2].iter().chain(&posted[..2]).cloned().collect();
    ledger.post(&twice).await.unwrap();
    ledger.post(&posted).await.unwrap();
    ledger.post(&[]).await.unwrap();
    assert_eq!(all_of(ledger, &Filter::default(), 10).await, newest_first(posted));
}

/// A reader that pages must see each posting once, also those of the same instant.
pub async fn pages_are_newest_first_and_complete<L: Ledger>(ledger: &L) {
    let posted = postings(23);
    ledger.post(&posted).await.unwrap();
    let expected = newest_first(posted);
    for size in [1, 2, 7, 22, 23, 24] {
        assert_eq!(all_of(ledger, &Filter::default(), size).await, expected, "pages of {size}");
    }
}

/// A filter that is forgotten answers for somebody else.
pub async fn every_filter_narrows<L: Ledger>(ledger: &L) {
    let posted = postings(20);
    ledger.post(&posted).await.unwrap();
    let from = Some(posted[4].at);
    let until = Some(posted[12].at);
    let account = Some(Arc::clone(&posted[1].account));
    let operation = Some(Arc::clone(&posted[1].operation));
    let outcome = Some(Arc::clone(&posted[2].outcome));
    let any = Filter::default;
    let filters = [
        Filter { from, ..any() },
        Filter { until, ..any() },
        Filter { account: account.clone(), ..any() },
        Filter { operation: operation.clone(), ..any() },
        Filter { outcome, ..any() },
        Filter { assumed: Some(true), ..any() },
        Filter { assumed: Some(false), ..any() },
        Filter { from, until, account, operation, assumed: Some(false), outcome: None },
    ];
    for filter in filters {
        let mut expected = newest_first(posted.clone());
        expected.retain(|posting| filter.matches(posting));
        assert!(!expected.is_empty() && expected.len() < posted.len(), "{filter:?} is no test");
        assert_eq!(all_of(ledger, &filter, 6).await, expected, "{filter:?}");
        let totals = ledger.totals(&filter, GroupBy::All).await.unwrap();
        assert_eq!(totals, sums(&expected, GroupBy::All), "{filter:?}");
    }
}

/// Reports are made of these.
pub async fn totals_are_the_sums_of_the_postings<L: Ledger>(ledger: &L) {
    let posted = postings(60);
    ledger.post(&posted).await.unwrap();
    let groups = [
        GroupBy::All,
        GroupBy::Account,
        GroupBy::Operation,
        GroupBy::Outcome,
        GroupBy::Day,
        GroupBy::Month,
        GroupBy::Hour,
    ];
    for by in groups {
        let totals = ledger.totals(&Filter::default(), by).await.unwrap();
        assert_eq!(totals, sums(&posted, by), "{by:?}");
    }
}

/// A start with empty books must read as zero, not as an error.
pub async fn totals_of_nothing_are_one_zero_or_none<L: Ledger>(ledger: &L) {
    let all = ledger.totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(all, [Total::default()]);
    assert_eq!(ledger.totals(&Filter::default(), GroupBy::Day).await.unwrap(), []);
    assert_eq!(all_of(ledger, &Filter::default(), 5).await, []);
}

/// What waited for a dead ledger comes all at once.
pub async fn thousands_are_posted_at_once<L: Ledger>(ledger: &L) {
    let posted = postings(5_000);
    ledger.post(&posted).await.unwrap();
    let totals = ledger.totals(&Filter::default(), GroupBy::All).await.unwrap();
    assert_eq!(totals, sums(&posted, GroupBy::All));
}

fn sums(postings: &[Posting], by: GroupBy) -> Vec<Total> {
    let mut groups = BTreeMap::<String, Total>::new();
    for posting in postings {
        let key = by.key(posting);
        let total = groups.entry(key.clone()).or_default();
        total.key = key;
        total.credits = total.credits.saturating_add(posting.charged);
        total.calls += 1;
        if posting.assumed {
            total.assumed = total.assumed.saturating_add(posting.charged);
        }
        total.elapsed += Duration::from_millis(posting.elapsed_ms.into());
    }
    Total::ranked(groups.into_values().collect())
}
