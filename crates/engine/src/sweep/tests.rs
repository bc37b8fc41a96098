use super::*;
use crate::forecast::{Expected, UNLISTED};

const LIFE_S: f64 = 60.0;

/// A demand by Zipf's law over `n` ranked coins, `rate` askings a second in each currency.
fn zipf(n: u32, exponent: f64, rates: &[f64]) -> Forecast {
    let weights: Vec<f64> = (1..=n).map(|rank| f64::from(rank).powf(-exponent)).collect();
    let sum: f64 = weights.iter().sum();
    let outlook = |(place, rate): (usize, &f64)| {
        let coins = weights.iter().zip(0..).map(|(weight, place)| Expected {
            coin: CoinId::new(place + 1),
            rate: rate * weight / sum,
            block: place / limits::BLOCK_PLACES,
            apart: 1.0,
        });
        let currency = CoinId::new(2_781 + u32::try_from(place).unwrap());
        Outlook { currency, rate: *rate, questions: *rate, coins: coins.collect() }
    };
    let outlooks = rates.iter().enumerate().map(outlook).collect();
    Forecast { outlooks, n_asked: 1e6, ..Forecast::default() }
}

fn bounds(converts_max: usize) -> Bounds {
    Bounds { life_s: LIFE_S, converts_max, n_blocks: 20, calls_per_minute: 1_600.0 }
}

#[test]
fn a_busy_demand_in_three_currencies_is_one_page_of_everything() {
    // Breaks if what costs 22 credits is bought for 60.
    let plan = choose(&zipf(5_000, 1.0, &[1_000.0, 400.0, 200.0]), bounds(120));
    assert_eq!(plan.sweeps.len(), 1);
    assert_eq!((plan.sweeps[0].depth, plan.sweeps[0].credits()), (20, 22));
    assert!(plan.cost < 22.2 && plan.cost_without > 55.0, "{plan:?}");
}

#[test]
fn a_steep_demand_is_swept_at_the_top_and_bought_one_by_one_below() {
    // Breaks if the depth is not found between nothing and everything.
    let plan = choose(&zipf(5_000, 1.6, &[8.0, 4.0, 3.0]), bounds(120));
    let depth = plan.sweeps[0].depth;
    assert!((1..=10).contains(&depth), "{depth}");
    assert!(plan.cost < plan.cost_without, "{plan:?}");
}

#[test]
fn a_quiet_demand_is_not_swept() {
    // Breaks if a page is bought for a handful of askers.
    let plan = choose(&zipf(5_000, 1.0, &[0.01, 0.005]), bounds(120));
    assert!(plan.sweeps.is_empty(), "{plan:?}");
    assert!((plan.cost - plan.cost_without).abs() < 1e-9);
}

#[test]
fn one_currency_saves_calls_but_no_credits() {
    // Breaks if the minute's limit is burst by calls that one page replaces, or if the page is
    // deeper than the demand.
    let busy = choose(&zipf(5_000, 1.0, &[1_000.0]), bounds(120));
    assert_eq!(busy.sweeps[0].depth, 20);
    let quiet = choose(&zipf(5_000, 1.0, &[5.0]), bounds(120));
    assert!(quiet.sweeps.iter().all(|sweep| sweep.depth < 10), "{quiet:?}");
}

#[test]
fn where_the_plan_allows_one_currency_each_has_its_own_page() {
    // Breaks if the smallest plan gets refusals instead of pages.
    let plan = choose(&zipf(5_000, 1.0, &[1_000.0, 400.0]), bounds(1));
    assert_eq!(plan.sweeps.len(), 2);
    assert!(plan.sweeps.iter().all(|sweep| sweep.currencies.len() == 1), "{plan:?}");
}

#[test]
fn where_calls_are_scarce_pages_are_bought_though_they_save_no_credits() {
    // Breaks if the smallest plan's fifty calls a minute are used up by misses.
    let forecast = zipf(5_000, 1.0, &[30.0, 20.0, 15.0]);
    let calls = |calls_per_minute: f64| {
        let plan = choose(&forecast, Bounds { calls_per_minute, ..bounds(1) });
        let swept = plan.sweeps.iter().map(|sweep| sweep.depth).sum::<u32>();
        plan.cost_without - f64::from(swept)
    };
    assert!(calls(50.0) < calls(1_600.0), "{} of {}", calls(50.0), calls(1_600.0));
}

#[test]
fn a_currency_that_is_hardly_wanted_stays_out_of_the_page() {
    // Breaks if every page pays a credit for a currency that nobody asks for.
    let plan = choose(&zipf(5_000, 1.0, &[1_000.0, 400.0, 0.000_1]), bounds(120));
    assert_eq!(plan.sweeps[0].currencies.len(), 2);
}

#[test]
fn coins_without_a_place_are_bought_one_by_one_whatever_is_swept() {
    // Breaks if a page is believed to bring what is in no ranking.
    let mut forecast = zipf(5_000, 1.0, &[1_000.0, 400.0]);
    let dead = Expected { coin: CoinId::new(9_999), rate: 10.0, block: UNLISTED, apart: 1.0 };
    forecast.outlooks[0].coins.insert(0, dead);
    let plan = choose(&forecast, bounds(120));
    assert!(plan.cost > 22.0, "{plan:?}");
    let ranks = Ranks::in_order((1..=5_000).map(CoinId::new).collect(), Vec::new());
    assert!(plan.sweeps[0].covers(CoinId::new(5_000), CoinId::USD, &ranks));
    assert!(!plan.sweeps[0].covers(CoinId::new(9_999), CoinId::USD, &ranks));
}

#[test]
fn what_is_asked_for_together_is_missed_together() {
    // Breaks if one question for a hundred coins is taken for a hundred misses: a page would be
    // bought for a single client.
    let mut forecast = zipf(5_000, 1.0, &[0.5, 0.2]);
    let apart = choose(&forecast, bounds(120)).cost_without;
    let coins = forecast.outlooks.iter_mut().flat_map(|outlook| &mut outlook.coins);
    coins.for_each(|expected| expected.apart = 0.01);
    let together = choose(&forecast, bounds(120)).cost_without;
    assert!(together < apart / 2.0, "{together} of {apart}");
}

#[test]
fn what_lives_shortly_or_has_no_ranks_is_not_swept() {
    // Breaks if a page is bought that is old when it arrives, or before the map is there.
    let forecast = zipf(5_000, 1.0, &[1_000.0, 400.0]);
    assert!(choose(&forecast, Bounds { life_s: 1.0, ..bounds(120) }).sweeps.is_empty());
    assert!(choose(&forecast, Bounds { n_blocks: 0, ..bounds(120) }).sweeps.is_empty());
}

#[test]
fn a_page_that_is_told_of_is_read_as_it_was() {
    // Breaks if another instance takes a page for deeper than it is, or any key for a page.
    let sweep =
        Sweep { currencies: [CoinId::USD, CoinId::new(1)].into_iter().collect(), depth: 20 };
    assert_eq!(Sweep::read(&sweep.told("live:"), "live:"), Some(sweep.clone()));
    assert_eq!(Sweep::read(&sweep.told("live:"), "sim:"), None);
    assert_eq!(Sweep::read(&sweep.key("live:"), "live:"), None);
    for odd in ["live:!page:2781,x:20", "live:!page::20", "live:!page:2781:0", "live:q:1:2781"] {
        assert_eq!(Sweep::read(&Key::new(odd), "live:"), None, "{odd}");
    }
}
