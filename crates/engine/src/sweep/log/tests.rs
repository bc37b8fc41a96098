use cmc_api::CoinId;

use super::*;
use crate::tally::Tally;

const START: Timestamp = Timestamp::from_millis(1_000_000_000);
const EUR: CoinId = CoinId::new(2_790);
const LIFE: Duration = Duration::from_secs(60);

fn at(seconds: u64) -> Timestamp {
    START.after(Duration::from_secs(seconds))
}

/// A busy market of 1,000 coins in two currencies, at that instant.
struct Market {
    ranks: Ranks,
    forecast: Forecast,
}

impl Market {
    fn new() -> Self {
        let ranks = Ranks::in_order((1..=1_000).map(CoinId::new).collect(), Vec::new());
        let mut tally = Tally::new(START);
        for second in 0..30 {
            for coin in 1..=1_000 {
                tally.add((CoinId::new(coin), CoinId::USD), 1.0, at(second));
                tally.add((CoinId::new(coin), EUR), 1.0, at(second));
            }
        }
        let forecast = Forecast::of(&tally, &ranks, &[], at(30));
        Self { ranks, forecast }
    }

    fn due(&self, log: &SweepLog, coin: u32, now: Timestamp) -> Vec<Sweep> {
        let Self { ranks, forecast } = self;
        let (converts_max, calls_per_minute, life) = (120, 1_600, LIFE);
        let scene = Scene { forecast, ranks, converts_max, calls_per_minute, life, now };
        log.due(&[(CoinId::new(coin), CoinId::USD)], scene)
    }
}

#[test]
fn the_first_page_is_flown_when_misses_have_cost_half_of_it() {
    // Breaks if one burst of askers buys the whole market.
    let (market, log) = (Market::new(), SweepLog::new());
    assert!(market.due(&log, 5, at(30)).is_empty());
    log.spent(3, at(30), LIFE);
    let due = market.due(&log, 5, at(30));
    assert_eq!(
        due.iter().map(|sweep| (sweep.depth, sweep.currencies.len())).collect::<Vec<_>>(),
        [(4, 2)]
    );
}

#[test]
fn the_more_a_page_saves_the_sooner_it_is_flown() {
    // Breaks if a crowd pays for half a page of misses although one look tells that it lasts.
    let (market, log) = (Market::new(), SweepLog::new());
    // It costs 5; without it a life would cost 8.
    log.spent(1, at(30), LIFE);
    assert!(market.due(&log, 5, at(30)).is_empty());
    log.spent(1, at(30), LIFE);
    assert_eq!(market.due(&log, 5, at(30)).len(), 1);
}

#[test]
fn nothing_is_swept_again_while_it_is_fresh_and_everything_when_it_is_not() {
    // Breaks if a coin that was not in the page makes it be bought again and again.
    let (market, log) = (Market::new(), SweepLog::new());
    log.spent(9, at(30), LIFE);
    assert_eq!(market.due(&log, 5, at(30)).len(), 1);
    assert!(market.due(&log, 5, at(89)).is_empty());
    assert_eq!(log.in_force(at(89), LIFE).len(), 1);
    assert!(log.in_force(at(90), LIFE).is_empty());
    assert_eq!(market.due(&log, 5, at(90)).len(), 1, "the series goes on without further misses");
}

#[test]
fn what_no_page_brings_does_not_make_one_fly() {
    // Breaks if a dead coin costs a page.
    let (market, log) = (Market::new(), SweepLog::new());
    log.spent(9, at(30), LIFE);
    assert!(market.due(&log, 5_555, at(30)).is_empty());
}

#[test]
fn after_a_failure_coins_are_bought_one_by_one_for_a_while() {
    // Breaks if a plan without listings is asked for them at each miss.
    let (market, log) = (Market::new(), SweepLog::new());
    log.spent(9, at(30), LIFE);
    assert_eq!(market.due(&log, 5, at(30)).len(), 1);
    log.failed(at(31));
    assert!(log.in_force(at(31), LIFE).is_empty());
    log.spent(9, at(32), LIFE);
    assert!(market.due(&log, 5, at(32)).is_empty());
    log.spent(9, at(92), LIFE);
    assert_eq!(market.due(&log, 5, at(92)).len(), 1);
}

#[test]
fn a_clock_that_is_set_back_makes_nothing_fresh_for_ever() {
    // Breaks if what was swept in the future counts as swept.
    let (market, log) = (Market::new(), SweepLog::new());
    log.spent(9, at(30), LIFE);
    assert_eq!(market.due(&log, 5, at(3_000)).len(), 0, "what was spent long ago does not count");
    log.spent(9, at(3_000), LIFE);
    assert_eq!(market.due(&log, 5, at(3_000)).len(), 1);
    assert!(log.in_force(at(40), LIFE).is_empty());
}

#[test]
fn what_another_instance_bought_is_not_bought_again_until_it_is_old() {
    // Breaks if each instance buys the page that one of them has, or if a clock that is ahead
    // elsewhere keeps the page closed here.
    let (market, log) = (Market::new(), SweepLog::new());
    let sweep = Sweep { currencies: [CoinId::USD, EUR].into_iter().collect(), depth: 4 };
    log.flown_elsewhere(sweep.clone(), at(3_600), at(30));
    log.spent(9, at(31), LIFE);
    assert!(market.due(&log, 5, at(31)).is_empty());
    assert_eq!(market.due(&log, 5, at(90)), [sweep]);
}
