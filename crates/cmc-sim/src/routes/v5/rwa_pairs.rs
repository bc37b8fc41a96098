//! Where the tokens of an asset are traded.

use crate::json::Json;
use crate::market::exchanges::Exchange;
use crate::market::noise;
use crate::market::quote::Currency;
use crate::market::rwa::{AssetToken, Worth};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::v5::{self, rwa};
use crate::routes::write;

/// A token on an exchange, and what it is worth there.
struct Pair<'a> {
    token: &'a AssetToken,
    exchange: &'a Exchange,
    worth: Worth,
}

/// v5: the pairs of the first asset named.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let found = rwa::named(ask)?.unwrap_or_default();
    let &[at, ..] = found.as_slice() else {
        return Err(Refusal::invalid("no such asset"));
    };
    let mut pairs = pairs(ask, at);
    let is_down = v5::is_descending(ask, true);
    if ask.params.get("sort") == Some("price") {
        v5::sort_by_number(&mut pairs, is_down, |pair| pair.worth.price);
    } else {
        v5::sort_by_number(&mut pairs, is_down, |pair| pair.worth.volume);
    }
    let n_pairs = pairs.len() as u64;
    let page = v5::Page::of(ask, pairs);
    let (n_items, n_converts) = (page.rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        json.open_object();
        rwa::identity(json, &ask.market.real.assets[at]);
        json.count("num_market_pairs", n_pairs);
        page.fields(json, "market_pairs", |json, pair| row(json, ask, &pair, &currencies));
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// Each token is traded on one exchange in twenty or so, and surely on one.
fn pairs<'a>(ask: &Ask<'a>, at: usize) -> Vec<Pair<'a>> {
    let asset = &ask.market.real.assets[at];
    let mut pairs = Vec::new();
    for token in &asset.tokens {
        let whole = token.worth(asset, ask.moment.step);
        let lane =
            |exchange: &Exchange| noise::mix2(u64::from(token.crypto_id), u64::from(exchange.id));
        let venues: Vec<&Exchange> = ask
            .market
            .exchanges
            .iter()
            .filter(|exchange| exchange.is_active)
            .filter(|exchange| exchange.id == 270 || lane(exchange).is_multiple_of(19))
            .collect();
        let n_venues = venues.len() as f64;
        pairs.extend(venues.into_iter().map(|exchange| {
            let share = (0.5 + noise::unit(lane(exchange))) / n_venues;
            let volume = noise::significant(whole.volume * share, 12);
            Pair { token, exchange, worth: Worth { volume, ..whole } }
        }));
    }
    pairs
}

fn row(json: &mut Json, ask: &Ask<'_>, pair: &Pair<'_>, currencies: &[Currency]) {
    let Pair { token, exchange, worth } = pair;
    let market_id = u64::from(exchange.id) * 1_000_000 + u64::from(token.crypto_id);
    json.count("market_id", market_id);
    json.text("market_pair_symbol", &format!("{}/USDT", token.symbol));
    json.text("category", "spot");
    json.text("fee_type", "percentage");
    write::object(json, "exchange", |json| v5::exchanges::name(json, exchange));
    write::object(json, "market_pair_base", |json| {
        json.count("crypto_id", u64::from(token.crypto_id));
        json.text("symbol", &token.symbol);
    });
    write::object(json, "market_pair_quote", |json| {
        json.count("crypto_id", 825);
        json.text("symbol", "USDT");
    });
    write::list(json, "quotes", currencies, |json, currency| {
        v5::in_currency(json, currency);
        json.maybe("price", Some(v5::price(currency, worth.price)));
        json.maybe("volume_24h", Some(v5::money(currency, worth.volume)));
        json.text("last_updated", &ask.moment.updated);
    });
}
