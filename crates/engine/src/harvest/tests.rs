use std::{num::NonZeroU32, sync::Arc};

use cmc_api::{Call, Catalogue, Method, PriceRule, Query, Ranking, scripted};

use super::*;
use crate::limits::ABSENT_TTL;

const STARTED: Timestamp = Timestamp::from_millis(1_000_000_000);

fn coin(id: u32) -> CoinId {
    CoinId::new(id)
}

fn quote(id: u32, currency: u32) -> Entity {
    Entity::Quote { coin: coin(id), currency: coin(currency) }
}

fn load(kind: LoadKind, carries: Vec<Entity>) -> Load {
    let call = Call::quotes(&[coin(1)], &[CoinId::USD]).unwrap();
    Load { call, kind, price: Credits::new(1), alone: Credits::new(1), carries }
}

fn blocks(first: u32, n_blocks: u32) -> LoadKind {
    let currencies = std::iter::once(CoinId::USD).collect();
    LoadKind::Blocks { ranking: Ranking::by_rank(), first, n_blocks, currencies }
}

/// Reads `data` as the reply of `load`; absences added.
fn reap(load: &Load, data: &str, tags: &TagBook) -> Option<Harvest> {
    let reply = scripted::reply(data, 1);
    let crop = Crop {
        load,
        data: &reply.data,
        body: &reply.body,
        started: STARTED,
        version: Version::from_bits(7),
        elapsed: Duration::from_millis(30),
        charged: Credits::new(3),
    };
    let mut harvest = harvest(&crop, &Lives(Freshness::default()), tags)?;
    add_absent(&mut harvest.entries, &load.carries, &crop);
    Some(harvest)
}

fn body<'a>(harvest: &'a Harvest, entity: &Entity) -> &'a str {
    let (_, entry) = harvest.entries.iter().find(|(known, _)| known == entity).unwrap();
    std::str::from_utf8(&entry.body).unwrap()
}

#[test]
fn a_coin_in_several_currencies_becomes_an_entry_each_and_numbers_keep_their_text() {
    // Breaks if a number passes through a float, or a quote is stored under the wrong currency.
    let data = r#"[{"id":1,"tags":[],"n":12345678901234567,"quote":[{"id":2781,"price":1.0},{"id":2790,"price":1E-10}],"z":0.10}]"#;
    let load = load(LoadKind::Quotes, vec![quote(1, 2_781)]);
    let harvest = reap(&load, data, &TagBook::default()).unwrap();
    let head = r#"{"id":1,"tags":[],"n":12345678901234567,"z":0.10,"quote":["#;
    assert_eq!(body(&harvest, &quote(1, 2_781)), format!(r#"{head}{{"id":2781,"price":1.0}}]}}"#));
    assert_eq!(
        body(&harvest, &quote(1, 2_790)),
        format!(r#"{head}{{"id":2790,"price":1E-10}}]}}"#)
    );
    assert_eq!((harvest.entries.len(), harvest.n_unreadable), (2, 0));
}

#[test]
fn the_times_of_an_entry_count_from_the_start_of_its_call() {
    // Breaks if a slow reply looks younger than it is, or the price is booked to one key alone.
    let data = r#"[{"id":1,"quote":[{"id":2781}]}]"#;
    let load = load(LoadKind::Quotes, vec![quote(1, 2_781), quote(2, 2_781)]);
    let harvest = reap(&load, data, &TagBook::default()).unwrap();
    let meta = harvest.entries[0].1.meta;
    assert_eq!((meta.fetched_at, meta.version), (STARTED, Version::from_bits(7)));
    assert_eq!(meta.fresh_until, STARTED.after(Duration::from_secs(60)));
    assert_eq!(meta.usable_until, STARTED.after(Duration::from_secs(60 + 86_400)));
    assert_eq!((meta.load, meta.cost_milli), (Duration::from_millis(30), 1_500));
}

#[test]
fn what_was_asked_for_and_did_not_come_is_absent_for_a_short_while() {
    // Breaks if an unknown coin costs a credit each time, or is unknown for a day.
    let data = r#"[{"id":1,"quote":[{"id":2781}]}]"#;
    let load = load(LoadKind::Quotes, vec![quote(1, 2_781), quote(2, 2_781)]);
    let harvest = reap(&load, data, &TagBook::default()).unwrap();
    let (entity, absent) = &harvest.entries[1];
    assert_eq!(*entity, quote(2, 2_781));
    assert!(absent.meta.is_negative());
    assert_eq!(absent.meta.fresh_until, STARTED.after(ABSENT_TTL));
    assert_eq!(absent.meta.usable_until, absent.meta.fresh_until, "an absence has no grace");
}

#[test]
fn a_page_becomes_its_coins_and_the_order_of_each_block() {
    // Breaks at the seam of two blocks, and where the ranking ends within one.
    let rows: Vec<_> =
        (1..=252).rev().map(|id| format!(r#"{{"id":{id},"quote":[{{"id":2781}}]}}"#)).collect();
    let load = load(blocks(4, 3), Vec::new());
    let harvest = reap(&load, &format!("[{}]", rows.join(",")), &TagBook::default()).unwrap();
    let block = |block| Entity::Block { ranking: Ranking::by_rank(), currency: CoinId::USD, block };
    assert!(body(&harvest, &block(4)).starts_with("252,251,"));
    assert_eq!(body(&harvest, &block(4)).split(',').count(), 250);
    assert_eq!(body(&harvest, &block(5)), "2,1");
    assert_eq!(body(&harvest, &block(6)), "", "beyond the end is known, too");
    assert_eq!(harvest.entries.len(), 252 + 3);
}

#[test]
fn tags_of_a_page_become_objects_once_all_of_them_were_described() {
    // Breaks if a description is invented, or a known one is not used.
    let tags = TagBook::default();
    let page = r#"[{"id":1,"tags":["pow","new"],"quote":[{"id":2781}]},{"id":2,"tags":["pow"],"quote":[{"id":2781}]}]"#;
    let of_page = load(blocks(0, 1), Vec::new());
    let before = reap(&of_page, page, &tags).unwrap();
    assert!(body(&before, &quote(2, 2_781)).contains(r#""tags":["pow"]"#));
    let described = r#"[{"id":3,"tags":[{"slug":"pow","name":"PoW"}],"quote":[{"id":2781}]}]"#;
    reap(&load(LoadKind::Quotes, Vec::new()), described, &tags).unwrap();
    let after = reap(&of_page, page, &tags).unwrap();
    assert!(body(&after, &quote(1, 2_781)).contains(r#""tags":["pow","new"]"#));
    assert!(body(&after, &quote(2, 2_781)).contains(r#""tags":[{"slug":"pow","name":"PoW"}]"#));
}

#[test]
fn metadata_comes_as_a_map_and_ids_may_be_strings() {
    // Breaks if rows are found by position, or one odd row costs the others.
    let data = r#"{"1":{"id":1,"a":1.0},"2":{"id":"2"},"x":17}"#;
    let harvest = reap(&load(LoadKind::Infos, Vec::new()), data, &TagBook::default()).unwrap();
    assert_eq!(body(&harvest, &Entity::Info { coin: coin(1) }), r#"{"id":1,"a":1.0}"#);
    assert_eq!((harvest.entries.len(), harvest.n_unreadable), (2, 1));
}

#[test]
fn a_reply_of_another_shape_is_none() {
    // Breaks if nonsense is stored, or panics.
    for kind in [LoadKind::Quotes, blocks(0, 1), LoadKind::Infos, LoadKind::Map] {
        for data in ["17", "null", "\"x\""] {
            assert!(reap(&load(kind.clone(), Vec::new()), data, &TagBook::default()).is_none());
        }
    }
    let odd = r#"[{"id":1},{"quote":[{"id":2781}]},{"id":2,"quote":{}},{"id":3,"quote":[]}]"#;
    let harvest = reap(&load(LoadKind::Quotes, Vec::new()), odd, &TagBook::default()).unwrap();
    assert_eq!((harvest.entries.len(), harvest.n_unreadable), (0, 4));
}

#[test]
fn whole_answers_live_as_long_as_their_own_operation_says() {
    // Breaks if an answer that is good for a day is bought every ten minutes, or a live one kept.
    let life = |path: &str| {
        let query = Query::parse(&Catalogue::embedded(), "GET", path, "", Bytes::new()).unwrap();
        let call = Call::whole(&query).unwrap();
        let entity = Entity::Whole { canonical: Arc::from(query.canonical()) };
        let load = Load { call, ..load(LoadKind::Whole, vec![entity]) };
        let meta = reap(&load, "{}", &TagBook::default()).unwrap().entries[0].1.meta;
        (meta.fresh_until.since(STARTED).as_secs(), meta.usable_until > meta.fresh_until)
    };
    let catalogue = Catalogue::embedded();
    let path = "/v1/cryptocurrency/trending/most-visited";
    let cadence = catalogue.find(Method::Get, path).unwrap().cadence.unwrap().as_secs();
    assert_eq!(life(path), (cadence, true));
    assert_eq!(life("/v1/key/info"), (0, false));
}

#[test]
fn the_price_rule_of_the_tests_is_the_one_of_the_catalogue() {
    // These tests share costs by a call's keys; they mean little if a block has another size.
    let catalogue = Catalogue::embedded();
    let quotes = catalogue.find(Method::Get, "/v3/cryptocurrency/quotes/latest").unwrap();
    let per = NonZeroU32::new(250).unwrap();
    assert_eq!(quotes.price, PriceRule::Batch { per, base: 0, convert: true });
}

#[test]
fn jitter_shortens_lives_apart_and_never_lengthens_one() {
    // Breaks if coins that were bought together are missed together, or outlive their age.
    let rows: Vec<String> =
        (1..=40).map(|id| format!(r#"{{"id":{id},"quote":[{{"id":2781}}]}}"#)).collect();
    let reply = scripted::reply(&format!("[{}]", rows.join(",")), 1);
    let of_page = load(LoadKind::Quotes, Vec::new());
    let crop = Crop {
        load: &of_page,
        data: &reply.data,
        body: &reply.body,
        started: STARTED,
        version: Version::from_bits(7),
        elapsed: Duration::ZERO,
        charged: Credits::ZERO,
    };
    let lives = Lives(Freshness { jitter: Duration::from_secs(6), ..Freshness::default() });
    let harvest = harvest(&crop, &lives, &TagBook::default()).unwrap();
    let lives: std::collections::BTreeSet<_> =
        harvest.entries.iter().map(|(_, entry)| entry.meta.fresh_until).collect();
    assert!(lives.len() > 20, "{} different lives", lives.len());
    let (least, most) = (lives.first().unwrap(), lives.last().unwrap());
    assert!(*least >= STARTED.after(Duration::from_secs(54)), "{least}");
    assert!(*most <= STARTED.after(Duration::from_secs(60)), "{most}");
}
