//! `index/cmc100` and `index/cmc20`: the largest coins that are not pegged, as one number.

use crate::json::Json;
use crate::market::totals;
use crate::market::{moment, noise, path, quote};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::window::{Interval, SNAPSHOT, Window};
use crate::time::{self, DAY, Millis};

/// The first day of the record.
const FIRST: (i16, i8, i8) = (2023, 1, 1);
/// The index on an average day.
const BASE: f64 = 200.0;
const DEFAULT_COUNT: usize = 5;
/// What stands for something else.
const LEFT_OUT: [&str; 3] = ["stablecoin", "wrapped-tokens", "liquid-staking"];

/// CMC100.
pub(crate) fn hundred<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    latest(ask, 100)
}

/// CMC20.
pub(crate) fn twenty<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    latest(ask, 20)
}

/// CMC100 over time.
pub(crate) fn hundred_historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    historical(ask, 100)
}

/// CMC20 over time.
pub(crate) fn twenty_historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    historical(ask, 20)
}

fn latest<'a>(ask: &'a Ask<'a>, size: usize) -> Result<Prepared<'a>, Refusal> {
    let updated = ask.now_ms.div_euclid(SNAPSHOT) * SNAPSHOT;
    Ok(Prepared::new(1, move |json: &mut Json| {
        let index = Index::of(ask, size);
        let value = index.value(updated);
        json.open_object();
        json.maybe("value", Some(value));
        let change = quote::change(value, index.value(updated - DAY));
        json.maybe("value_24h_percentage_change", change);
        json.text("last_update", &time::iso(updated));
        json.text("next_update", &time::iso(updated + SNAPSHOT));
        index.constituents(json, updated);
        json.close_object();
    }))
}

fn historical<'a>(ask: &'a Ask<'a>, size: usize) -> Result<Prepared<'a>, Refusal> {
    let interval = Interval::parse(ask.params.get("interval").unwrap_or("5m"));
    let mut window = Window::unlimited(ask, interval, DEFAULT_COUNT);
    window.count = ask.params.count("count").unwrap_or(DEFAULT_COUNT);
    let (year, month, day) = FIRST;
    let record = (time::midnight(year, month, day), Millis::MAX);
    let shots = window.snapshots(ask.now_ms, record);
    Ok(Prepared::new(1, move |json: &mut Json| {
        let index = Index::of(ask, size);
        json.open_array();
        for shot in shots {
            json.open_object();
            json.text("update_time", &time::iso(shot.taken));
            json.maybe("value", Some(index.value(shot.taken)));
            index.constituents(json, shot.taken);
            json.close_object();
        }
        json.close_array();
    }))
}

/// The members stay the same, the weights do not.
struct Index<'a> {
    ask: &'a Ask<'a>,
    members: Vec<usize>,
    /// CMC20 tells more of its members.
    is_detailed: bool,
}

impl<'a> Index<'a> {
    fn of(ask: &'a Ask<'a>, size: usize) -> Self {
        let coins = &ask.market.coins;
        let is_member =
            |at: &usize| !coins[*at].tags.iter().any(|tag| LEFT_OUT.contains(&tag.slug));
        let usual = |at: &usize| totals::usual_cap(&coins[*at]);
        let ranked = ask.market.totals.active.iter().copied();
        let members: Vec<usize> = ranked.filter(is_member).take(size).collect();
        debug_assert!(members.is_sorted_by(|a, b| usual(a) >= usual(b)));
        Self { ask, members, is_detailed: size == 20 }
    }

    fn caps(&self, at: Millis) -> (Vec<(usize, f64, f64)>, f64) {
        let market = self.ask.market;
        let cap = |coin: &usize| {
            let live = moment::spot(market.seed, &market.coins[*coin], path::step_of(at));
            (*coin, live.price, live.cap)
        };
        let caps: Vec<(usize, f64, f64)> = self.members.iter().map(cap).collect();
        let sum = caps.iter().map(|it| it.2).sum();
        (caps, sum)
    }

    /// Dollars of market cap for one point.
    fn divisor(&self) -> f64 {
        let coins = &self.ask.market.coins;
        self.members.iter().map(|at| totals::usual_cap(&coins[*at])).sum::<f64>() / BASE
    }

    fn value(&self, at: Millis) -> f64 {
        noise::significant(self.caps(at).1 / self.divisor(), 10)
    }

    fn constituents(&self, json: &mut Json, at: Millis) {
        let (caps, sum) = self.caps(at);
        json.key("constituents");
        json.open_array();
        for (at, price, cap) in caps {
            let coin = &self.ask.market.coins[at];
            json.open_object();
            json.count("id", u64::from(coin.id));
            json.text("name", &coin.name);
            json.text("symbol", &coin.symbol);
            json.text("url", &format!("https://coinmarketcap.com/currencies/{}/", coin.slug));
            json.maybe("weight", Some(noise::decimals(100.0 * cap / sum, 6)));
            if self.is_detailed {
                json.maybe("priceUsd", Some(price));
                let units = coin.circulating / self.divisor();
                json.maybe("units", Some(noise::significant(units, 10)));
            }
            json.close_object();
        }
        json.close_array();
    }
}
