//! `quotes/historical`: snapshots of what `quotes/latest` said.

use crate::json::Json;
use crate::market::coin::Status;
use crate::market::moment::{self, LOOKBACKS, Live};
use crate::market::quote::{self, Currency};
use crate::market::{Market, Subject, noise, path};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::keyed::Keyed;
use crate::routes::window::{Shot, Window};
use crate::time;

/// Convert options of one call.
pub(crate) const MOST_CONVERTS: usize = 3;
const AUX: &str =
    "price,volume,market_cap,circulating_supply,total_supply,quote_timestamp,is_active,is_fiat";
/// Changes that v3 tells.
const SPANS: [&str; 4] =
    ["percent_change_1h", "percent_change_24h", "percent_change_7d", "percent_change_30d"];

/// v1, v2 and v3.
pub(crate) fn historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies_within(ask, MOST_CONVERTS)?;
    let window = Window::of(ask, "5m")?;
    let series = Keyed::or_bare(ask, resolve::identify(ask, true))?.map(|subject| {
        let record = path::record(ask.market, subject);
        let shots = record.map(|record| window.snapshots(ask.now_ms, record));
        (subject, shots.unwrap_or_default())
    });
    let n_points = series.objects().map(|(_, shots)| shots.len()).sum();
    let n_converts = currencies.len();
    let writer =
        Writer { market: ask.market, version: ask.version, aux: ask.params.aux(AUX), currencies };
    let write = move |json: &mut Json| {
        series.write(json, |json, (subject, shots)| writer.object(json, *subject, shots));
    };
    Ok(Prepared::new(n_points, write).converted(n_converts))
}

struct Writer<'a> {
    market: &'a Market,
    version: u8,
    aux: Vec<&'a str>,
    currencies: Vec<Currency>,
}

impl Writer<'_> {
    fn has(&self, word: &str) -> bool {
        self.aux.contains(&word)
    }

    fn object(&self, json: &mut Json, subject: Subject, shots: &[Shot]) {
        let (id, symbol) = self.market.name_of(subject);
        let (name, is_active) = match subject {
            Subject::Coin(at) => {
                let coin = &self.market.coins[at];
                (coin.name.as_str(), coin.status == Status::Active)
            }
            Subject::Fiat(at) => (self.market.fiats[at].name, true),
        };
        json.open_object();
        json.key("quotes");
        json.open_array();
        shots.iter().for_each(|shot| self.point(json, subject, *shot));
        json.close_array();
        json.count("id", u64::from(id));
        json.text("name", name);
        json.text("symbol", symbol);
        if self.has("is_active") {
            json.flag("is_active", is_active);
        }
        if self.has("is_fiat") {
            json.flag("is_fiat", matches!(subject, Subject::Fiat(_)));
        }
        json.close_object();
    }

    fn point(&self, json: &mut Json, subject: Subject, shot: Shot) {
        let timestamp = time::iso(shot.taken);
        json.open_object();
        json.text("timestamp", &timestamp);
        if self.has("search_interval") {
            json.text("search_interval", &time::iso(shot.asked));
        }
        json.key("quote");
        json.open_object();
        let step = path::step_of(shot.taken);
        for currency in &self.currencies {
            json.key(&currency.key);
            json.open_object();
            self.quote(json, subject, currency, step);
            if self.has("quote_timestamp") {
                json.text("timestamp", &timestamp);
            }
            json.close_object();
        }
        json.close_object();
        json.close_object();
    }

    fn quote(&self, json: &mut Json, subject: Subject, currency: &Currency, step: i64) {
        let (live, supplies) = spot(self.market, subject, step);
        let rate = path::price(self.market, currency.subject, step);
        if self.version == 3 {
            let worth = |step| {
                path::price(self.market, subject, step)
                    / path::price(self.market, currency.subject, step)
            };
            for (name, back) in SPANS.iter().zip(LOOKBACKS) {
                json.maybe(name, quote::change(live.price / rate, worth(step - back)));
            }
        }
        let values = [
            ("price", "price", noise::significant(live.price / rate, 10)),
            ("volume", "volume_24h", noise::significant(live.volume / rate, 12)),
            ("market_cap", "market_cap", noise::significant(live.cap / rate, 14)),
            ("total_supply", "total_supply", supplies.1),
            ("circulating_supply", "circulating_supply", supplies.0),
        ];
        for (word, name, value) in values {
            if self.has(word) {
                json.maybe(name, Some(value));
            }
        }
    }
}

/// What something is worth in a step, and its circulating and total supply.
fn spot(market: &Market, subject: Subject, step: i64) -> (Live, (f64, f64)) {
    match subject {
        Subject::Coin(at) => {
            let coin = &market.coins[at];
            (moment::spot(market.seed, coin, step), (coin.circulating, coin.total))
        }
        Subject::Fiat(at) => {
            let price = market.fiats[at].rate(market.seed, step);
            (Live { price, ..Live::default() }, (0.0, 0.0))
        }
    }
}
