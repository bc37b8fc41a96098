//! Pools of v4: named by address, written in full.

use crate::json::Json;
use crate::market::dex::networks::NETWORKS;
use crate::market::dex::value::{self, Value};
use crate::market::dex::{Dex, Pair, Token};
use crate::market::noise;
use crate::market::quote::Currency;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::dex;
use crate::routes::dex::rows;
use crate::routes::{v5, write};
use crate::time;

/// v4: `[pair, …]`.
pub(crate) fn quotes<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let pairs = named(ask, false)?;
    let (n_items, n_converts) = (pairs.len(), currencies.len());
    let write = move |json: &mut Json| {
        let view = View::of(ask);
        write::rows(json, pairs, |json, at| pair(json, ask, at, &view, &currencies));
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// The pools of a call, in its order, each once.
pub(super) fn named(ask: &Ask<'_>, skips_by_default: bool) -> Result<Vec<usize>, Refusal> {
    let word = ask.params.get("network_id").or_else(|| ask.params.get("network_slug"));
    let network = word.and_then(Dex::network).ok_or_else(|| dex::nothing("network"))?;
    let skips = ask.params.is_true("skip_invalid", skips_by_default);
    let mut found: Vec<usize> = Vec::new();
    for address in resolve::words(ask.params.get("contract_address").unwrap_or_default()) {
        match ask.market.dex.pair(network, address) {
            Some(at) if !found.contains(&at) => found.push(at),
            None if !skips => return Err(dex::nothing("pool")),
            Some(_) | None => {}
        }
    }
    Ok(found)
}

/// How a call wants its pools.
#[derive(Debug)]
pub(super) struct View<'a> {
    aux: Vec<&'a str>,
    /// The quote token comes first.
    is_reversed: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(ask: &'a Ask<'_>) -> Self {
        Self {
            aux: resolve::words(ask.params.get("aux").unwrap_or_default()).collect(),
            is_reversed: ask.params.is_true("reverse_order", false),
        }
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.aux.contains(&word)
    }

    /// Base and quote as told.
    pub(super) const fn sides(&self, pair: &Pair) -> (usize, usize) {
        if self.is_reversed { (pair.quote, pair.base) } else { (pair.base, pair.quote) }
    }
}

/// The fields of one pool.
pub(super) fn pair(
    json: &mut Json,
    ask: &Ask<'_>,
    at: usize,
    view: &View<'_>,
    currencies: &[Currency],
) {
    let own = &ask.market.dex.pairs[at];
    identity(json, ask, at, view);
    json.text("last_updated", &ask.moment.updated);
    json.text("created_at", &time::iso(own.created_ms));
    supplements(json, ask, own, view);
    write::list(json, "quote", currencies, |json, currency| {
        quote(json, ask, own, view, currency);
    });
}

/// Address, sides, exchange and network.
pub(super) fn identity(json: &mut Json, ask: &Ask<'_>, at: usize, view: &View<'_>) {
    let all = &ask.market.dex;
    let own = &all.pairs[at];
    let (base, quote) = view.sides(own);
    let network = &NETWORKS[all.network_of(at)];
    let name = format!("{}/{}", all.tokens[base].symbol, all.tokens[quote].symbol);
    json.text("contract_address", &own.address);
    json.text("name", &name);
    side(json, ask, "base", base);
    side(json, ask, "quote", quote);
    json.text("dex_id", &(own.venue + 1).to_string());
    json.text("dex_slug", all.venue(at).slug);
    json.text("network_id", &network.id.to_string());
    json.text("network_slug", network.slug);
}

/// The id of a token as v4 tells it; some have none.
pub(super) fn asset_id(token: &Token, at: usize) -> Option<String> {
    (!token.lane.is_multiple_of(9)).then(|| (at + 1).to_string())
}

fn side(json: &mut Json, ask: &Ask<'_>, name: &str, at: usize) {
    let token = &ask.market.dex.tokens[at];
    let ucid = ask.market.coins[token.coin].id.to_string();
    json.maybe_text(&format!("{name}_asset_id"), asset_id(token, at).as_deref());
    json.text(&format!("{name}_asset_ucid"), &ucid);
    json.text(&format!("{name}_asset_name"), &token.name);
    json.text(&format!("{name}_asset_symbol"), &token.symbol);
    json.text(&format!("{name}_asset_contract_address"), &token.address);
}

fn supplements(json: &mut Json, ask: &Ask<'_>, own: &Pair, view: &View<'_>) {
    let numbers = numbers(ask, own, view);
    for (name, number) in numbers.into_iter().filter(|(name, _)| view.has(name)) {
        json.maybe(name, Some(number));
    }
    if view.has("pool_created") {
        json.text("pool_created", &time::iso(own.created_ms));
    }
    if view.has("security_scan") {
        let has_tax = tax(ask, view.sides(own).0) > 0.0;
        write::list(json, "security_scan", [()], |json, ()| {
            write::truth(json, "is_honeypot", false);
            write::truth(json, "has_tax", has_tax);
        });
    }
}

/// Every supplement that is a number.
fn numbers(ask: &Ask<'_>, own: &Pair, view: &View<'_>) -> [(&'static str, f64); 12] {
    let (base, quote) = view.sides(own);
    let (_, mine) = rows::row(ask, own.base);
    let ((_, first), (_, other)) = (rows::row(ask, base), rows::row(ask, quote));
    let n_swaps = value::portion(mine.n_swaps, own.share);
    let n_buys = value::portion(mine.n_buys, own.share);
    let half = mine.liquidity * own.share / 2.0;
    let shown = |value: f64| noise::significant(value, 10);
    [
        ("num_transactions_24h", n_swaps as f64),
        ("holders", first.holders as f64),
        ("24h_no_of_buys", n_buys as f64),
        ("24h_no_of_sells", (n_swaps - n_buys.min(n_swaps)) as f64),
        ("buy_tax", tax(ask, base)),
        ("sell_tax", tax(ask, base)),
        ("pool_base_asset", shown(half / first.price)),
        ("pool_quote_asset", shown(half / other.price)),
        ("percent_pooled_base_asset", pooled(half, &first)),
        ("24h_volume_quote_asset", shown(mine.volume * own.share / other.price)),
        ("total_supply_base_asset", first.supply),
        ("total_supply_quote_asset", other.supply),
    ]
}

/// Percent that a few tokens keep of each swap.
fn tax(ask: &Ask<'_>, token: usize) -> f64 {
    if ask.market.dex.tokens[token].lane.is_multiple_of(23) { 5.0 } else { 0.0 }
}

fn pooled(half: f64, value: &Value) -> f64 {
    noise::decimals(100.0 * half / value.cap.max(1.0), 6)
}

fn quote(json: &mut Json, ask: &Ask<'_>, own: &Pair, view: &View<'_>, currency: &Currency) {
    let (base, other) = view.sides(own);
    let (_, mine) = rows::row(ask, own.base);
    let ((_, first), (_, second)) = (rows::row(ask, base), rows::row(ask, other));
    let money = |dollars: f64| Some(v5::money(currency, dollars));
    let rate = noise::significant(first.price / second.price, 10);
    let volume = mine.volume * own.share;
    let bought = volume * mine.n_buys as f64 / mine.n_swaps.max(1) as f64;
    json.text("convert_id", &currency.id.to_string());
    json.maybe("price", Some(v5::price(currency, first.price)));
    json.maybe("price_by_quote_asset", Some(rate));
    json.text("last_updated", &ask.moment.updated);
    json.maybe("volume_24h", money(volume));
    json.maybe("percent_change_price_1h", first.changes[0]);
    json.maybe("percent_change_price_24h", first.changes[1]);
    json.maybe("liquidity", money(mine.liquidity * own.share));
    json.maybe("fully_diluted_value", money(first.fully_diluted));
    if view.has("24h_buy_volume") {
        json.maybe("24h_buy_volume", money(bought));
    }
    if view.has("24h_sell_volume") {
        json.maybe("24h_sell_volume", money(volume - bought));
    }
}
