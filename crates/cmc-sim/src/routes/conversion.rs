//! `tools/price-conversion`: an amount of one thing in other things, at the latest prices.

use crate::json::Json;
use crate::market::quote::{Currency, Quote};
use crate::market::{Subject, noise};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::simple;

/// v1 and v2.
pub(crate) fn convert<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    if ask.params.get("time").is_some() {
        return Err(Refusal::invalid("Your plan is limited to latest price conversions"));
    }
    let currencies = resolve::currencies(ask)?;
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
            one(json, ask, *subject, amount, &currencies);
        }
        if is_listed {
            json.close_array();
        }
    };
    Ok(Prepared::new(1, write).converted(n_converts))
}

fn one(json: &mut Json, ask: &Ask<'_>, subject: Subject, amount: f64, currencies: &[Currency]) {
    let (id, symbol) = ask.market.name_of(subject);
    let updated = simple::updated(ask, subject);
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
        let price = Quote::of(ask.market, ask.moment, subject, currency).price;
        json.key(&currency.key);
        json.open_object();
        json.maybe("price", price.map(|price| noise::significant(amount * price, 14)));
        json.text("last_updated", updated);
        json.close_object();
    }
    json.close_object();
    json.close_object();
}
