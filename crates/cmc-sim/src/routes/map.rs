//! `cryptocurrency/map`: who exists, under which id.

use crate::json::Json;
use crate::market::coin::{Coin, Status};
use crate::operations::{Ask, Prepared};
use crate::quirks::Unranked;
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin;

const DEFAULT_AUX: &str = "platform,first_historical_data,last_historical_data,is_active";

/// v1.
pub(crate) fn map<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let rows = match ask.params.get("symbol") {
        Some(symbols) => by_symbol(ask, symbols)?,
        None => paged(ask),
    };
    let aux: Vec<&str> = ask.params.get("aux").unwrap_or(DEFAULT_AUX).split(',').collect();
    Ok(Prepared::new(rows.len(), move |json| {
        json.open_array();
        rows.iter().for_each(|at| row(json, ask, *at, &aux));
        json.close_array();
    }))
}

/// Every coin with one of the symbols, whatever its status, by id; other options do not count.
fn by_symbol(ask: &Ask<'_>, symbols: &str) -> Result<Vec<usize>, Refusal> {
    let mut rows: Vec<usize> = Vec::new();
    let mut asked: Vec<String> = Vec::new();
    for symbol in resolve::words(symbols) {
        let symbol = symbol.to_uppercase();
        rows.extend(ask.market.coins_by_symbol(&symbol));
        if !asked.contains(&symbol) {
            asked.push(symbol);
        }
    }
    if rows.is_empty() {
        return Err(Refusal::unresolved("symbol", &asked));
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}

fn paged(ask: &Ask<'_>) -> Vec<usize> {
    let wanted: Vec<&str> =
        ask.params.get("listing_status").unwrap_or("active").split(',').collect();
    let is_wanted = |at: &usize| wanted.contains(&ask.market.coins[*at].status.word());
    let mut rows: Vec<usize> = (0..ask.market.coins.len()).filter(is_wanted).collect();
    if ask.params.get("sort") == Some("cmc_rank") {
        // Unranked ones carry rank 0 and go last; the sort is stable, so they stay by id.
        rows.sort_by_key(|at| ask.moment.live[*at].rank.wrapping_sub(1));
    }
    let start = ask.params.count("start").unwrap_or(1) - 1;
    let limit = ask.params.count("limit").unwrap_or(usize::MAX);
    rows.into_iter().skip(start).take(limit).collect()
}

fn row(json: &mut Json, ask: &Ask<'_>, at: usize, aux: &[&str]) {
    let coin = &ask.market.coins[at];
    let rank = ask.moment.live[at].rank;
    json.open_object();
    json.count("id", u64::from(coin.id));
    match (rank, ask.quirks.map_rank) {
        (0, Unranked::Null) => json.maybe_count("rank", None),
        (0, Unranked::Absent) => {}
        _ => json.count("rank", u64::from(rank)),
    }
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
    json.text("slug", &coin.slug);
    if aux.contains(&"is_active") {
        json.flag("is_active", coin.status == Status::Active);
    }
    if aux.contains(&"status") {
        json.text("status", coin.status.word());
    }
    if aux.contains(&"first_historical_data") {
        json.maybe_text("first_historical_data", coin.first_data.as_deref());
    }
    if aux.contains(&"last_historical_data") {
        json.maybe_text("last_historical_data", last_data(ask, coin));
    }
    if aux.contains(&"platform") {
        json.key("platform");
        coin::platform(json, coin.platform.as_ref(), false);
    }
    json.close_object();
}

fn last_data<'a>(ask: &Ask<'a>, coin: &'a Coin) -> Option<&'a str> {
    match coin.status {
        Status::Active => Some(&ask.moment.last_data),
        Status::Inactive | Status::Untracked => coin.last_data.as_deref(),
    }
}
