//! Chains and exchanges as v4 lists them.

use crate::json::Json;
use crate::market::dex::networks::{NETWORKS, Network, VENUES};
use crate::market::dex::value::{self, Value};
use crate::market::noise;
use crate::market::quote::Currency;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::dex;
use crate::routes::{v5, write};
use crate::time;

const PAGE: usize = 50;

/// v4.
pub(crate) fn networks<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let mut rows: Vec<&Network> = NETWORKS.iter().collect();
    match ask.params.get("sort") {
        Some("name") => rows.sort_by_key(|network| network.name.to_lowercase()),
        _ => rows.sort_by_key(|network| network.id),
    }
    if v5::is_descending(ask, true) {
        rows.reverse();
    }
    let rows = page(ask, rows);
    let aux: Vec<&str> = resolve::words(ask.params.get("aux").unwrap_or_default()).collect();
    Ok(Prepared::new(rows.len(), move |json| {
        write::rows(json, rows, |json, network| network_row(json, ask, network, &aux));
    }))
}

/// v4: what exchanges turn over.
pub(crate) fn quotes<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let mut rows = turnovers(ask);
    let kind = ask.params.get("type").unwrap_or("all");
    rows.retain(|row| kind == "all" || kind == row.kind());
    sort(ask, &mut rows);
    let rows = page(ask, rows);
    let (n_items, n_converts) = (rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        write::rows(json, rows, |json, row| turnover(json, ask, &row, &currencies));
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

fn sort(ask: &Ask<'_>, rows: &mut [Turnover]) {
    let is_down = v5::is_descending(ask, true);
    match ask.params.get("sort") {
        Some("name") => {
            rows.sort_by_key(|row| VENUES[row.at].name.to_lowercase());
            if is_down {
                rows.reverse();
            }
        }
        Some("num_market_pairs") => v5::sort_by_number(rows, is_down, |row| row.n_pairs),
        _ => v5::sort_by_number(rows, is_down, |row| row.volume),
    }
}

fn turnover(json: &mut Json, ask: &Ask<'_>, row: &Turnover, currencies: &[Currency]) {
    identity(json, row.at);
    json.text("type", row.kind());
    json.maybe("num_market_pairs", Some(row.n_pairs));
    json.maybe("market_share", Some(noise::decimals(row.share, 8)));
    if ask.params.get("aux") == Some("date_launched") {
        json.text("date_launched", &launched(row.at));
    }
    json.text("last_updated", &ask.moment.updated);
    write::list(json, "quote", currencies, |json, currency| {
        json.text("convert_id", &currency.id.to_string());
        json.maybe("volume_24h", Some(v5::money(currency, row.volume)));
        json.maybe("num_transactions_24h", Some(row.n_swaps));
        json.text("last_updated", &ask.moment.updated);
    });
}

/// v4: what stands about exchanges.
pub(crate) fn info<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let mut found: Vec<usize> = Vec::new();
    for word in resolve::words(ask.params.get("id").unwrap_or_default()) {
        let number: Option<usize> = word.parse().ok();
        let at = number.and_then(|number| number.checked_sub(1)).filter(|at| *at < VENUES.len());
        let at = at.ok_or_else(|| dex::nothing("exchange"))?;
        if !found.contains(&at) {
            found.push(at);
        }
    }
    let aux: Vec<&str> = resolve::words(ask.params.get("aux").unwrap_or_default()).collect();
    Ok(Prepared::new(found.len(), move |json| {
        write::rows(json, found, |json, at| portrait(json, at, &aux));
    }))
}

/// What one exchange turns over.
struct Turnover {
    at: usize,
    n_pairs: f64,
    n_swaps: f64,
    volume: f64,
    share: f64,
}

impl Turnover {
    const fn kind(&self) -> &'static str {
        if self.at % 13 == 12 { "aggregator" } else { "swap" }
    }
}

fn turnovers(ask: &Ask<'_>) -> Vec<Turnover> {
    let all = &ask.market.dex;
    let empty = |at| Turnover { at, n_pairs: 0.0, n_swaps: 0.0, volume: 0.0, share: 0.0 };
    let mut rows: Vec<Turnover> = (0..VENUES.len()).map(empty).collect();
    let value_of = |token| Value::of(ask.market, ask.moment, token);
    let values: Vec<Value> = all.tokens.iter().map(value_of).collect();
    for pair in &all.pairs {
        let (row, value) = (&mut rows[pair.venue], &values[pair.base]);
        row.n_pairs += 1.0;
        row.volume += value.volume * pair.share;
        row.n_swaps += value::portion(value.n_swaps, pair.share) as f64;
    }
    let whole: f64 = rows.iter().map(|row| row.volume).sum();
    for row in &mut rows {
        row.share = row.volume / whole.max(1.0);
    }
    rows
}

fn page<T>(ask: &Ask<'_>, rows: Vec<T>) -> Vec<T> {
    let start = ask.params.count("start").unwrap_or(1) - 1;
    rows.into_iter().skip(start).take(ask.params.count("limit").unwrap_or(PAGE)).collect()
}

fn identity(json: &mut Json, at: usize) {
    json.text("id", &(at + 1).to_string());
    json.text("name", VENUES[at].name);
    json.text("slug", VENUES[at].slug);
    json.text("status", "active");
}

fn launched(at: usize) -> String {
    let days = i64::try_from(noise::mix(at as u64) % 1_500).unwrap_or(0);
    time::iso(time::midnight(2020, 5, 1) + days * time::DAY)
}

fn portrait(json: &mut Json, at: usize, aux: &[&str]) {
    let (venue, has) = (&VENUES[at], |word: &str| aux.contains(&word));
    identity(json, at);
    if has("logo") {
        let logo = format!("https://s2.coinmarketcap.com/static/img/dex/64x64/{}.png", at + 1);
        json.text("logo", &logo);
    }
    if has("description") {
        json.text("description", &format!("{} is an exchange on a chain.", venue.name));
    }
    if has("date_launched") {
        json.text("date_launched", &launched(at));
    }
    if has("notice") {
        json.text("notice", "");
    }
    if has("urls") {
        let website = format!("https://www.{}.example/", venue.slug);
        write::object(json, "urls", |json| json.texts("website", [website.as_str()]));
    }
}

fn network_row(json: &mut Json, ask: &Ask<'_>, network: &Network, aux: &[&str]) {
    let native = ask.market.coin_by_id(&network.native.to_string());
    let slug = native.map(|at| ask.market.coins[at].slug.as_str());
    let wrapped = ask.market.dex.tokens.iter().position(|it| NETWORKS[it.network].id == network.id);
    let wrapped = wrapped.map(|at| ((at + 1).to_string(), &ask.market.dex.tokens[at].address));
    let link = |kind: &str| format!("{}/{kind}/%s", network.explorer);
    json.text("id", &network.id.to_string());
    json.text("name", network.name);
    json.text("network_slug", network.slug);
    for word in aux {
        match *word {
            "alternativeName" => json.text(word, network.name),
            "cryptocurrencyId" => json.text(word, &network.native.to_string()),
            "cryptocurrencySlug" => json.maybe_text(word, slug),
            "wrappedTokenId" => {
                json.maybe_text(word, wrapped.as_ref().map(|it| it.0.as_str()));
            }
            "wrappedTokenSlug" => {
                json.maybe_text(word, wrapped.as_ref().map(|it| it.1.as_str()));
            }
            "tokenExplorerUrl" => json.text(word, &link("token")),
            "poolExplorerUrl" => json.text(word, &link("address")),
            _ => json.text(word, &link("tx")),
        }
    }
}
