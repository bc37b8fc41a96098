//! `simple/price`: little more than the price.

use crate::json::Json;
use crate::market::moment::DAY_AGO;
use crate::market::quote::{Currency, Quote};
use crate::market::{Subject, noise};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin;

/// More decimals than any number has.
const MOST_DECIMALS: usize = 22;

/// v1: flat, USD, unknown ids fall away.
pub(crate) fn plain<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let usd = resolve::currencies(ask)?;
    let ids = ask.params.get("ids").unwrap_or_default();
    let found = resolve::by_id(ask, "ids", ids, true).found;
    let extras = Extras {
        has_cap: ask.params.is_true("include_market_cap", false),
        has_volume: ask.params.is_true("include_volume_24h", false),
        has_change: ask.params.is_true("include_percent_change_24h", false),
        has_updated: ask.params.is_true("include_last_updated", false),
        precision: None,
    };
    Ok(Prepared::new(found.len(), move |json| {
        json.open_array();
        for subject in found.into_iter().flat_map(|found| found.subjects) {
            json.open_object();
            json.count("id", u64::from(ask.market.name_of(subject).0));
            extras.write(json, ask, subject, &usd[0]);
            json.close_object();
        }
        json.close_array();
    }))
}

/// v2: by any identifier, one coin per symbol, quotes in an array.
pub(crate) fn converted<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let skips = ask.params.is_true("skip_invalid", true);
    let found = resolve::identify(ask, true).or_refuse(skips)?;
    let subjects: Vec<Subject> = found.into_iter().map(|found| found.subjects[0]).collect();
    let has =
        |name: &str| ask.params.is_true(name, false) || ask.params.is_true("include_all", false);
    let extras = Extras {
        has_cap: has("include_market_cap"),
        has_volume: has("include_24h_volume"),
        has_change: has("include_24h_change"),
        has_updated: has("include_last_updated"),
        precision: ask.params.count("precision").map(|digits| digits.min(MOST_DECIMALS)),
    };
    let (n_items, n_converts) = (subjects.len(), currencies.len());
    let write = move |json: &mut Json| {
        json.open_array();
        for subject in subjects {
            json.open_object();
            identity(json, ask, subject);
            json.key("quotes");
            json.open_array();
            for currency in &currencies {
                json.open_object();
                json.text("symbol", &currency.symbol);
                extras.write(json, ask, subject, currency);
                json.close_object();
            }
            json.close_array();
            json.close_object();
        }
        json.close_array();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

fn identity(json: &mut Json, ask: &Ask<'_>, subject: Subject) {
    let (id, symbol) = ask.market.name_of(subject);
    json.count("id", u64::from(id));
    match subject {
        Subject::Coin(at) => {
            let coin = &ask.market.coins[at];
            json.text("name", &coin.name);
            json.text("symbol", symbol);
            json.text("slug", &coin.slug);
        }
        Subject::Fiat(at) => {
            json.text("name", ask.market.fiats[at].name);
            json.text("symbol", symbol);
            json.text("slug", &ask.market.fiats[at].slug());
        }
    }
}

/// What was asked for besides the price.
struct Extras {
    has_cap: bool,
    has_volume: bool,
    has_change: bool,
    has_updated: bool,
    precision: Option<usize>,
}

impl Extras {
    fn write(&self, json: &mut Json, ask: &Ask<'_>, subject: Subject, currency: &Currency) {
        let quote = Quote::of(ask.market, ask.moment, subject, currency);
        json.maybe("price", self.round(quote.price));
        if self.has_cap {
            json.maybe("market_cap", self.round(quote.market_cap));
        }
        if self.has_volume {
            json.maybe("volume_24h", self.round(Some(quote.volume_24h)));
        }
        if self.has_change {
            json.maybe("percent_change_24h", self.round(quote.changes[DAY_AGO]));
        }
        if self.has_updated {
            json.text("last_updated", updated(ask, subject));
        }
    }

    fn round(&self, value: Option<f64>) -> Option<f64> {
        let Some(places) = self.precision else {
            return value;
        };
        value.map(|value| noise::decimals(value, i32::try_from(places).unwrap_or(0)))
    }
}

/// When a subject last moved.
pub(crate) fn updated<'a>(ask: &'a Ask<'a>, subject: Subject) -> &'a str {
    match subject {
        Subject::Coin(at) => {
            let is_active = ask.moment.live[at].rank > 0;
            coin::last_updated(ask.moment, &ask.market.coins[at], is_active)
        }
        Subject::Fiat(_) => &ask.moment.updated,
    }
}
