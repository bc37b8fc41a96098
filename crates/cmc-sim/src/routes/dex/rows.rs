//! Tokens and pools under the abbreviated keys of v1.

use crate::json::Json;
use crate::market::dex::networks::NETWORKS;
use crate::market::dex::value::Value;
use crate::market::noise;
use crate::operations::Ask;
use crate::routes::write;

/// A position and what is there worth.
pub(crate) type Row = (usize, Value);

/// The worth of a token now.
pub(crate) fn row(ask: &Ask<'_>, at: usize) -> Row {
    (at, Value::of(ask.market, ask.moment, &ask.market.dex.tokens[at]))
}

/// Name, symbol, address and chain.
pub(crate) fn identity(json: &mut Json, ask: &Ask<'_>, at: usize) {
    let token = &ask.market.dex.tokens[at];
    let network = &NETWORKS[token.network];
    json.text("n", &token.name);
    json.text("sym", &token.symbol);
    json.text("addr", &token.address);
    json.text("plt", network.slug);
    json.count("pid", u64::from(network.id));
}

/// A token in a list.
pub(crate) fn token(json: &mut Json, ask: &Ask<'_>, (at, value): &Row) {
    let created = ask.market.dex.tokens[*at].created_ms;
    identity(json, ask, *at);
    json.count("dec", decimals(ask, *at));
    write::amount(json, "p", value.price);
    changes(json, value);
    write::amount(json, "v24h", value.volume);
    write::amount(json, "liqUsd", value.liquidity);
    write::amount(json, "mcap", value.cap);
    write::amount(json, "fdv", value.fully_diluted);
    json.count("hld", value.holders);
    json.count("tx24h", value.n_swaps);
    json.count("ct", seconds(created));
}

/// Percent against 1 h, 24 h and 7 d ago.
pub(crate) fn changes(json: &mut Json, value: &Value) {
    for (name, change) in ["pc1h", "pc24h", "pc7d"].into_iter().zip(value.changes) {
        json.maybe(name, change);
    }
}

/// A price alone.
pub(crate) fn price(json: &mut Json, ask: &Ask<'_>, (at, value): &Row) {
    let token = &ask.market.dex.tokens[*at];
    json.count("pid", u64::from(NETWORKS[token.network].id));
    json.text("a", &token.address);
    json.text("n", &token.name);
    json.text("sym", &token.symbol);
    write::amount(json, "p", value.price);
    changes(json, value);
    write::amount(json, "v24h", value.volume);
    write::amount(json, "l", value.liquidity);
    write::amount(json, "mc", value.cap);
    json.count("ts", seconds(ask.moment.step * 60_000));
}

/// A pool of a token.
pub(crate) fn pool(json: &mut Json, ask: &Ask<'_>, pair: usize) {
    let all = &ask.market.dex;
    let (own, venue) = (&all.pairs[pair], all.venue(pair));
    let (_, value) = row(ask, own.base);
    let quote = &all.tokens[own.quote];
    json.text("addr", &own.address);
    json.text("exn", venue.name);
    json.text("exs", venue.slug);
    write::object(json, "t0", |json| identity(json, ask, own.base));
    write::object(json, "t1", |json| identity(json, ask, own.quote));
    write::amount(json, "p", value.price);
    let rate = value.price / ask.moment.live[quote.coin].price;
    write::amount(json, "pq", noise::significant(rate, 10));
    write::amount(json, "liqUsd", noise::significant(value.liquidity * own.share, 12));
    write::amount(json, "v24h", noise::significant(value.volume * own.share, 12));
    json.count("ct", seconds(own.created_ms));
}

/// How many decimals its amounts have on the chain.
pub(crate) fn decimals(ask: &Ask<'_>, at: usize) -> u64 {
    let token = &ask.market.dex.tokens[at];
    let is_short = matches!(ask.market.coins[token.coin].id, 825 | 3408);
    match NETWORKS[token.network].slug {
        _ if is_short => 6,
        "solana" | "ton" | "sui" => 9,
        "aptos" => 8,
        "tron" => 6,
        _ => 18,
    }
}

/// Unix seconds.
pub(crate) fn seconds(ms: i64) -> u64 {
    u64::try_from(ms.div_euclid(1_000)).unwrap_or(0)
}
