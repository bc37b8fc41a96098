//! `global-metrics/quotes/historical`: the sums that `global-metrics/quotes/latest` told.

use crate::json::Json;
use crate::market::moment::{self, Live};
use crate::market::quote::Currency;
use crate::market::{noise, path};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::global;
use crate::routes::quote_series::MOST_CONVERTS;
use crate::routes::window::{Shot, Window};
use crate::time::{self, Millis};

/// The first day of the record.
const FIRST: (i16, i8, i8) = (2013, 4, 28);
const AUX: &str = "btc_dominance,eth_dominance,active_cryptocurrencies,active_exchanges,\
    active_market_pairs,total_volume_24h,total_volume_24h_reported,altcoin_market_cap,\
    altcoin_volume_24h,altcoin_volume_24h_reported";

/// v1.
pub(crate) fn historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies_within(ask, MOST_CONVERTS)?;
    let window = Window::of(ask, "1d")?;
    let (year, month, day) = FIRST;
    let record = (time::midnight(year, month, day), Millis::MAX);
    let shots = window.snapshots(ask.now_ms, record);
    let (n_points, n_converts) = (shots.len(), currencies.len());
    let writer = Writer { ask, aux: ask.params.aux(AUX), currencies };
    let write = move |json: &mut Json| {
        json.open_object();
        json.key("quotes");
        json.open_array();
        shots.iter().for_each(|shot| writer.point(json, *shot));
        json.close_array();
        json.close_object();
    };
    Ok(Prepared::new(n_points, write).converted(n_converts))
}

struct Writer<'a> {
    ask: &'a Ask<'a>,
    aux: Vec<&'a str>,
    currencies: Vec<Currency>,
}

impl Writer<'_> {
    fn has(&self, word: &str) -> bool {
        self.aux.contains(&word)
    }

    fn point(&self, json: &mut Json, shot: Shot) {
        let market = self.ask.market;
        let (step, timestamp) = (path::step_of(shot.taken), time::iso(shot.taken));
        let (cap, volume) = market.totals.at(market, step);
        let live = |id: &str| {
            let at = market.coin_by_id(id);
            at.map_or_else(Live::default, |at| moment::spot(market.seed, &market.coins[at], step))
        };
        let bitcoin = live(global::BTC);
        json.open_object();
        json.text("timestamp", &timestamp);
        if self.has("search_interval") {
            json.text("search_interval", &time::iso(shot.asked));
        }
        let share = |own: f64| Some(noise::decimals(100.0 * own / cap, 8));
        if self.has("btc_dominance") {
            json.maybe("btc_dominance", share(bitcoin.cap));
        }
        if self.has("eth_dominance") {
            json.maybe("eth_dominance", share(live(global::ETH).cap));
        }
        let counts = global::Counts::of(market);
        for (name, count) in [
            ("active_cryptocurrencies", market.n_active),
            ("active_exchanges", counts.active_exchanges),
            ("active_market_pairs", counts.market_pairs),
        ] {
            if self.has(name) {
                json.count(name, count);
            }
        }
        json.key("quote");
        json.open_object();
        for currency in &self.currencies {
            let rate = path::price(market, currency.subject, step);
            json.key(&currency.key);
            json.open_object();
            self.sums(json, rate, (cap, volume), bitcoin);
            json.text("timestamp", &timestamp);
            json.close_object();
        }
        json.close_object();
        json.close_object();
    }

    fn sums(&self, json: &mut Json, rate: f64, (cap, volume): (f64, f64), bitcoin: Live) {
        let alt_volume = volume - bitcoin.volume;
        let shown = |dollars: f64| Some(global::shown(dollars / rate));
        json.maybe("total_market_cap", shown(cap));
        for (name, dollars) in [
            ("total_volume_24h", volume),
            ("total_volume_24h_reported", volume * global::REPORTED),
            ("altcoin_market_cap", cap - bitcoin.cap),
            ("altcoin_volume_24h", alt_volume),
            ("altcoin_volume_24h_reported", alt_volume * global::ALT_REPORTED),
        ] {
            if self.has(name) {
                json.maybe(name, shown(dollars));
            }
        }
    }
}
