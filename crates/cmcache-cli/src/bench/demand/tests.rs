use std::{collections::HashMap, sync::LazyLock};

use cmcache::clock::Timestamp;

use super::*;
use crate::bench::oracle::Oracle;

static COINS: LazyLock<Arc<Coins>> =
    LazyLock::new(|| Arc::new(Oracle::new(1).unwrap().coins(Timestamp::EPOCH).unwrap()));

fn terms() -> Terms {
    Terms {
        seed: 7,
        rate: 50.0,
        length: Duration::from_secs(600),
        zipf: 1.0,
        shifts: false,
        is_ranked: true,
        bursts: false,
        began_s: 9 * 3_600,
    }
}

fn played(terms: Terms) -> Vec<Request> {
    Demand::new(terms, Arc::clone(&COINS)).collect()
}

fn n_asked(requests: &[Request]) -> HashMap<u16, usize> {
    let mut asked = HashMap::new();
    for request in requests {
        if let Ask::Quotes(places) = &request.ask {
            places.iter().for_each(|place| *asked.entry(*place).or_default() += 1);
        }
    }
    asked
}

#[test]
fn the_same_terms_make_the_same_requests_and_another_seed_makes_others() {
    // All models are compared over one demand; each of them draws it anew.
    let first = played(terms());
    assert_eq!(first, played(terms()));
    assert_ne!(first, played(Terms { seed: 8, ..terms() }));
}

#[test]
fn so_many_are_asked_as_the_rate_says() {
    // Credits are told by request rate: 50 a second for ten minutes are 30,000.
    let n = played(terms()).len();
    assert!((29_000..31_000).contains(&n), "{n}");
}

#[test]
fn a_flat_demand_asks_for_more_coins_than_a_steep_one() {
    // The exponent must matter, or --zipf shows nothing.
    let flat = n_asked(&played(Terms { zipf: 0.8, ..terms() })).len();
    let steep = n_asked(&played(Terms { zipf: 1.6, ..terms() })).len();
    assert!(flat > 2 * steep, "{flat} and {steep}");
}

#[test]
fn a_prior_that_tells_nothing_leaves_rank_and_popularity_apart() {
    // A planner that believes in ranks must be punished by --prior none.
    let share = |is_ranked| {
        let asked = n_asked(&played(Terms { is_ranked, ..terms() }));
        let of_top: usize = (0..50).filter_map(|place| asked.get(&place)).sum();
        of_top as f64 / asked.values().sum::<usize>() as f64
    };
    assert!(share(true) > 0.3, "{}", share(true));
    assert!(share(false) < 0.1, "{}", share(false));
}

#[test]
fn a_shift_brings_other_coins_to_the_top() {
    // What was learned in the first three minutes must be wrong in the next.
    let requests = played(Terms { shifts: true, ..terms() });
    let top = |from: u64| {
        let span = Duration::from_secs(from)..Duration::from_secs(from + 170);
        let some: Vec<_> = requests.iter().filter(|it| span.contains(&it.at)).cloned().collect();
        let mut asked: Vec<_> = n_asked(&some).into_iter().collect();
        asked.sort_by_key(|(place, n)| (std::cmp::Reverse(*n), *place));
        asked.truncate(50);
        asked.into_iter().map(|(place, _)| place).collect::<std::collections::HashSet<_>>()
    };
    let kept = top(0).intersection(&top(185)).count();
    assert!(kept < 15, "{kept} of 50 stayed");
}

#[test]
fn a_burst_is_for_a_coin_that_nobody_asked_for_before() {
    // Otherwise it would be in the cache already.
    let requests = played(Terms { bursts: true, ..terms() });
    let newcomer = u16::try_from(UNIVERSE + 123).unwrap();
    let is_for = |request: &&Request| request.ask == Ask::Quotes(vec![newcomer]);
    let times: Vec<_> = requests.iter().filter(is_for).map(|it| it.at.as_secs()).collect();
    assert!(times.len() > 300, "{}", times.len());
    assert!(times.iter().all(|second| (300..=330).contains(second)));
}

#[test]
fn every_request_can_be_written_in_words_of_the_api() {
    // A request that the API would refuse is no demand.
    let catalogue = cmcache::cmc_api::Catalogue::embedded();
    for request in played(Terms { length: Duration::from_secs(60), ..terms() }) {
        let target = request.target(&COINS);
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let parsed =
            cmcache::cmc_api::Query::parse(&catalogue, "GET", path, query, Vec::new().into());
        assert!(parsed.is_ok(), "{target}: {:?}", parsed.err());
    }
}
