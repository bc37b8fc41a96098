//! Liquidations by coin, by exchange and in all.

use crate::json::Json;
use crate::market::liquidations::{Liquidations, WINDOWS};
use crate::market::quote::Currency;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::v5::{self, exchanges};
use crate::routes::write;

/// A position in a table and what was closed there.
type Row = (usize, Liquidations);

/// The order of the windows in an answer, as positions in [`WINDOWS`].
const SHORTEST_FIRST: [usize; 3] = [2, 1, 0];

/// v5: by coin; those without liquidations are left out.
pub(crate) fn of_coins<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let named = v5::named::coins(ask, ["crypto_id", "crypto_slug", "symbol"])?;
    let subjects = named.unwrap_or_else(|| (0..ask.market.coins.len()).collect());
    let rows: Vec<Row> = subjects
        .into_iter()
        .filter_map(|at| Some((at, ask.market.liquidations_of_coin(ask.moment, at)?)))
        .collect();
    Ok(listed(ask, "cryptocurrencies", rows, currencies, |json, ask, at| {
        let coin = &ask.market.coins[at];
        json.count("crypto_id", u64::from(coin.id));
        json.text("name", &coin.name);
        json.text("symbol", &coin.symbol);
        json.text("slug", &coin.slug);
        json.count("cmc_rank", u64::from(ask.moment.live[at].rank));
    }))
}

/// v5: by exchange.
pub(crate) fn of_exchanges<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let named = v5::named::exchanges(ask)?;
    let mut rows = ask.market.liquidations_of_exchanges(ask.moment);
    rows.retain(|row| named.as_ref().is_none_or(|named| named.contains(&row.0)));
    Ok(listed(ask, "exchanges", rows, currencies, |json, ask, at| {
        exchanges::name(json, &ask.market.exchanges[at]);
    }))
}

/// v5: everything together.
pub(crate) fn total<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let all = ask.market.liquidations(ask.moment);
    let n_converts = currencies.len();
    let write = move |json: &mut Json| {
        json.open_object();
        quotes(json, ask, &all, &currencies);
        json.close_object();
    };
    Ok(Prepared::new(1, write).converted(n_converts))
}

fn listed<'a>(
    ask: &'a Ask<'a>,
    plural: &'static str,
    mut rows: Vec<Row>,
    currencies: Vec<Currency>,
    identity: fn(&mut Json, &Ask<'_>, usize),
) -> Prepared<'a> {
    let by = ask.params.get("sort").unwrap_or("total_liquidations_24h");
    let window = WINDOWS.iter().position(|name| by.ends_with(&format!("_{name}"))).unwrap_or(0);
    let is_down = v5::is_descending(ask, true);
    v5::sort_by_number(&mut rows, is_down, |row| row.1[window].total());
    let page = v5::Page::of(ask, rows);
    let (n_items, n_converts) = (page.rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        page.write(json, plural, |json, (at, closed)| {
            identity(json, ask, at);
            quotes(json, ask, &closed, &currencies);
        });
    };
    Prepared::new(n_items, write).converted(n_converts)
}

fn quotes(json: &mut Json, ask: &Ask<'_>, closed: &Liquidations, currencies: &[Currency]) {
    write::list(json, "quotes", currencies, |json, currency| {
        json.text("symbol", &currency.symbol);
        json.count("crypto_id", u64::from(currency.id));
        for at in SHORTEST_FIRST {
            let (name, one) = (WINDOWS[at], closed[at]);
            let mut tell = |kind: &str, dollars: f64| {
                let amount = v5::money(currency, dollars);
                json.maybe(&format!("{kind}_liquidations_{name}"), Some(amount));
            };
            tell("total", one.total());
            tell("long", one.long);
            tell("short", one.short);
        }
        json.text("last_updated", &ask.moment.updated);
    });
}
