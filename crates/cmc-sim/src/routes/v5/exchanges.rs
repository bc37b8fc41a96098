//! Exchanges with contracts, and the contracts of one of them.

use crate::json::Json;
use crate::market::exchanges::Exchange;
use crate::market::noise;
use crate::market::quote::Currency;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::v5::{self, derivatives};
use crate::routes::write;

/// An exchange and the sums over its contracts.
struct Venue<'a> {
    exchange: &'a Exchange,
    n_pairs: u64,
    volume: f64,
    open_interest: f64,
    rank: u64,
}

/// v5: all of them.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let mut venues = venues(ask);
    v5::sort_by_number(&mut venues, true, |venue| venue.volume);
    for (rank, venue) in (1u64..).zip(&mut venues) {
        venue.rank = rank;
    }
    sort(ask, &mut venues);
    let page = v5::Page::of(ask, venues);
    let (n_items, n_converts) = (page.rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        page.write(json, "exchanges", |json, venue| row(json, ask, &venue, &currencies));
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v5: the contracts of one.
pub(crate) fn pairs<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let found = v5::named::exchanges(ask)?.unwrap_or_default();
    let &[at, ..] = found.as_slice() else {
        return Err(Refusal::invalid("no such exchange"));
    };
    let exchange = &ask.market.exchanges[at];
    let rows = derivatives::rows(ask, ask.market.contracts_of_exchange(at));
    let n_pairs = rows.len() as u64;
    let page = v5::Page::of(ask, rows);
    let (n_items, n_converts) = (page.rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        json.open_object();
        name(json, exchange);
        json.count("num_market_pairs", n_pairs);
        page.fields(json, "market_pairs", |json, row| {
            derivatives::pair(json, ask, &row, &currencies, false);
        });
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

fn venues<'a>(ask: &Ask<'a>) -> Vec<Venue<'a>> {
    let mut venues = Vec::new();
    for (at, exchange) in ask.market.exchanges.iter().enumerate() {
        let contracts = ask.market.contracts_of_exchange(at);
        if contracts.is_empty() {
            continue;
        }
        let n_pairs = contracts.len() as u64;
        let mut venue = Venue { exchange, n_pairs, volume: 0.0, open_interest: 0.0, rank: 0 };
        for contract in contracts {
            let terms = contract.terms(ask.market, ask.moment);
            venue.volume += terms.volume;
            venue.open_interest += terms.open_interest;
        }
        venues.push(venue);
    }
    venues
}

fn sort(ask: &Ask<'_>, venues: &mut [Venue<'_>]) {
    let by = ask.params.get("sort").unwrap_or("volume_24h");
    if by == "name" {
        venues.sort_by_key(|venue| venue.exchange.name.to_lowercase());
        if v5::is_descending(ask, false) {
            venues.reverse();
        }
    } else if !v5::is_descending(ask, true) {
        venues.reverse();
    }
}

pub(super) fn name(json: &mut Json, exchange: &Exchange) {
    json.count("exchange_id", u64::from(exchange.id));
    json.text("exchange_name", &exchange.name);
    json.text("exchange_slug", &exchange.slug);
}

fn row(json: &mut Json, ask: &Ask<'_>, venue: &Venue<'_>, currencies: &[Currency]) {
    let exchange = venue.exchange;
    let lane = noise::mix2(ask.market.seed ^ 0xE7, u64::from(exchange.id));
    let score = noise::decimals(100.0 * noise::unit(lane), 1);
    name(json, exchange);
    json.count("num_market_pairs", venue.n_pairs);
    json.texts("fiats", exchange.fiats.iter().copied());
    json.maybe("traffic_score", exchange.weekly_visits.map(|_| score));
    json.count("rank", venue.rank);
    json.maybe("exchange_score", None);
    json.maybe("liquidity_score", Some(noise::decimals(score * 8.0, 1)));
    json.text("last_updated", &ask.moment.updated);
    write::list(json, "quotes", currencies, |json, currency| {
        v5::in_currency(json, currency);
        json.maybe("open_interest", Some(v5::money(currency, venue.open_interest)));
        json.maybe("open_interest_usd", Some(noise::significant(venue.open_interest, 12)));
        json.maybe("derivative_volume", Some(v5::money(currency, venue.volume)));
        json.maybe("derivative_volume_usd", Some(noise::significant(venue.volume, 12)));
        json.maybe("maker_fees", Some(exchange.fees.0));
        json.maybe("taker_fees", Some(exchange.fees.1));
        json.text("last_updated", &ask.moment.updated);
    });
}
