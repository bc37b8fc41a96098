//! Single tokens: all about them, their price, their pools, and how they are found.

use crate::json::Json;
use crate::market::dex::Dex;
use crate::market::dex::value;
use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::dex::body::{self, Body};
use crate::routes::dex::{self, rows};
use crate::routes::write;

/// Tokens in one batch.
const BATCH_MAX: usize = 100;
const PAGE: usize = 20;

/// v1.
pub(crate) fn token<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, _) = dex::token(ask, "platform", "address")?;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        detail(json, ask, at);
        json.close_object();
    }))
}

/// v1: nothing but the price and what belongs to it.
pub(crate) fn price<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, _) = dex::token(ask, "platform", "address")?;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        rows::price(json, ask, &rows::row(ask, at));
        json.close_object();
    }))
}

/// v1, POST: prices of several; unknown ones fall away.
pub(crate) fn prices<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let body = Body::read(ask)?;
    let mut found = Vec::new();
    let wanted = body.list("tokens", BATCH_MAX)?;
    for word in wanted {
        let member = |name: &str| word.get(name).ok_or_else(|| dex::missing(name));
        let platform = body::text_of("platform", member("platform")?)?;
        let address = body::text_of("address", member("address")?)?;
        let network = Dex::network(&platform).ok_or_else(|| dex::nothing("chain"))?;
        found.extend(ask.market.dex.token(network, &address));
    }
    if wanted.is_empty() {
        return Err(dex::missing("tokens"));
    }
    Ok(Prepared::new(found.len(), move |json| {
        write::rows(json, found, |json, at| rows::price(json, ask, &rows::row(ask, at)));
    }))
}

/// v1, POST: several of one chain; unknown ones fall away.
pub(crate) fn batch<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let body = Body::read(ask)?;
    let network = Dex::network(&body.required("platform")?).ok_or_else(|| dex::nothing("chain"))?;
    let wanted = body.list("addresses", BATCH_MAX)?;
    if wanted.is_empty() {
        return Err(dex::missing("addresses"));
    }
    let mut found: Vec<usize> = Vec::new();
    for address in wanted {
        let address = body::text_of("addresses", address)?;
        found.extend(ask.market.dex.token(network, &address));
    }
    Ok(Prepared::new(found.len(), move |json| {
        write::rows(json, found, |json, at| rows::token(json, ask, &rows::row(ask, at)));
    }))
}

/// v1: the pools of a token, the largest first.
pub(crate) fn pools<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, _) = dex::token(ask, "platform", "address")?;
    let size = ask.params.count("size").unwrap_or(PAGE);
    let pools: Vec<usize> = ask.market.dex.pools(at).iter().copied().take(size).collect();
    Ok(Prepared::new(pools.len(), move |json| {
        write::rows(json, pools, |json, pair| rows::pool(json, ask, pair));
    }))
}

/// v1: tokens whose name, symbol or address has it.
pub(crate) fn search<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let words = ask.params.get("q").ok_or_else(|| dex::missing("q"))?.to_lowercase();
    let network = ask.params.get("platform").map(|_| dex::network(ask, "platform")).transpose()?;
    let all = ask.market.dex.tokens.iter().enumerate();
    let mut found: Vec<rows::Row> = all
        .filter(|(_, token)| network.is_none_or(|network| network == token.network))
        .filter(|(_, token)| {
            token.symbol.to_lowercase().contains(&words)
                || token.name.to_lowercase().contains(&words)
                || token.address.eq_ignore_ascii_case(&words)
        })
        .map(|(at, _)| rows::row(ask, at))
        .collect();
    let by = ask.params.get("sort").unwrap_or("volume24h");
    found.sort_by(|a, b| {
        let key = |row: &rows::Row| match by {
            "liquidity" => row.1.liquidity,
            "marketCap" => row.1.cap,
            _ => row.1.volume,
        };
        key(b).total_cmp(&key(a))
    });
    let total = found.len() as u64;
    found.truncate(ask.params.count("limit").unwrap_or(PAGE));
    Ok(Prepared::new(found.len(), move |json| {
        json.open_object();
        json.count("total", total);
        write::list(json, "tks", found, |json, row| rows::token(json, ask, &row));
        json.close_object();
    }))
}

fn detail(json: &mut Json, ask: &Ask<'_>, at: usize) {
    let row = rows::row(ask, at);
    let (own, worth) = (&ask.market.dex.tokens[at], row.1);
    let coin = &ask.market.coins[own.coin];
    rows::token(json, ask, &row);
    write::amount(json, "ts", worth.supply);
    write::amount(json, "cs", worth.circulating);
    json.count("cid", u64::from(coin.id));
    json.text(
        "lg",
        &format!("https://s2.coinmarketcap.com/static/img/coins/64x64/{}.png", coin.id),
    );
    json.text("web", &format!("https://www.{}.example/", coin.slug));
    write::list(json, "sts", [("1h", 24), ("4h", 6), ("24h", 1)], |json, (period, part)| {
        stats(json, (period, part), &worth);
    });
    let pools = ask.market.dex.pools(at).iter().copied();
    write::list(json, "pls", pools, |json, pair| rows::pool(json, ask, pair));
    let venues = ask.market.exchanges.iter().filter(|venue| venue.lists(coin.id)).take(5);
    write::list(json, "cexs", venues, |json, venue| {
        json.count("id", u64::from(venue.id));
        json.text("n", &venue.name);
        json.text("s", &venue.slug);
    });
}

/// What happened within a period, which is a part of a day.
fn stats(json: &mut Json, (period, part): (&str, u64), worth: &value::Value) {
    let (n_swaps, n_buys) = (worth.n_swaps / part, worth.n_buys / part);
    let volume = worth.volume / part as f64;
    let bought = volume * n_buys as f64 / n_swaps.max(1) as f64;
    json.text("tp", period);
    json.count("tx", n_swaps);
    json.count("b", n_buys);
    json.count("s", n_swaps - n_buys);
    write::amount(json, "vu", noise::significant(volume, 12));
    write::amount(json, "bvu", noise::significant(bought, 12));
    write::amount(json, "svu", noise::significant(volume - bought, 12));
    json.count("ut", value::portion(n_swaps, 0.6));
}
