//! `tools/price-conversion`: an amount of one thing in other things, now or at another time.

use crate::depth::Depth;
use crate::json::Json;
use crate::market::quote::{Currency, Quote};
use crate::market::{Subject, noise, path};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::simple;
use crate::routes::window::SNAPSHOT;
use crate::time::{self, Millis};

/// v1 and v2.
pub(crate) fn convert<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let then = ask.params.time("time");
    Depth::Conversion.check(ask, then)?;
    let named = resolve::identify(ask, true);
    let is_listed = named.parameter == "symbol" && ask.version == 2;
    let found = named.or_refuse(false)?;
    let subjects: Vec<Subject> = found.into_iter().flat_map(|found| found.subjects).collect();
    let amount = ask.params.number("amount").unwrap_or(1.0);
    let n_converts = currencies.len();
    let write = move |json: &mut Json| {
        let shown = if is_listed { subjects.len() } else { 1 };
        if is_listed {
            json.open_array();
        }
        for subject in subjects.iter().take(shown) {
            one(json, ask, *subject, amount, (&currencies, then));
        }
        if is_listed {
            json.close_array();
        }
    };
    Ok(Prepared::new(1, write).converted(n_converts))
}

fn one(
    json: &mut Json,
    ask: &Ask<'_>,
    subject: Subject,
    amount: f64,
    (currencies, then): (&[Currency], Option<Millis>),
) {
    let (id, symbol) = ask.market.name_of(subject);
    let shot = then.map(|then| then.div_euclid(SNAPSHOT) * SNAPSHOT);
    let past = shot.map(time::iso);
    let updated = past.as_deref().unwrap_or_else(|| simple::updated(ask, subject));
    json.open_object();
    json.count("id", u64::from(id));
    json.text("symbol", symbol);
    match subject {
        Subject::Coin(at) => json.text("name", &ask.market.coins[at].name),
        Subject::Fiat(at) => json.text("name", ask.market.fiats[at].name),
    }
    json.maybe("amount", Some(amount));
    json.text("last_updated", updated);
    json.key("quote");
    json.open_object();
    for currency in currencies {
        let price = match shot {
            Some(shot) => past_price(ask, subject, currency, shot),
            None => Quote::of(ask.market, ask.moment, subject, currency).price,
        };
        json.key(&currency.key);
        json.open_object();
        json.maybe("price", price.map(|price| noise::significant(amount * price, 14)));
        json.text("last_updated", updated);
        json.close_object();
    }
    json.close_object();
    json.close_object();
}

/// The price in a snapshot, if it was recorded.
fn past_price(ask: &Ask<'_>, subject: Subject, currency: &Currency, at: Millis) -> Option<f64> {
    let (first, last) = path::record(ask.market, subject)?;
    let is_recorded = (first..=last).contains(&at) && at <= ask.now_ms;
    let price = || path::price_in(ask.market, subject, currency.subject, path::step_of(at));
    is_recorded.then(price)
}
