//! Ranked lists of tokens by POST: trending, new, gainers and losers, memes.

use crate::market::dex::{Dex, Token};
use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::dex::body::{self, Body};
use crate::routes::dex::{self, rows};
use crate::routes::write;

const PAGE: usize = 20;
const PAGE_MAX: usize = 100;
/// The trend changes with every ten minutes.
const TREND_STEPS: i64 = 10;
/// Days for which a token counts as new.
const NEW_MS: i64 = 400 * crate::time::DAY;
/// Swaps of a day below which a gain means nothing.
const LIVELY: u64 = 5;

/// A number to filter by.
type Metric = fn(&rows::Row) -> f64;
/// A number to rank by.
type Rank = fn(&Ask<'_>, &Body, &rows::Row) -> f64;

/// v1, POST.
pub(crate) fn trending<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    list(
        ask,
        |_, _| true,
        |ask, _, row| {
            let lane = ask.market.dex.tokens[row.0].lane;
            let turn = ask.moment.step.div_euclid(TREND_STEPS).unsigned_abs();
            row.1.volume.max(1.0).ln() * noise::unit(noise::mix2(lane, turn))
        },
    )
}

/// v1, POST: the youngest first.
pub(crate) fn new<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let is_new = |ask: &Ask<'_>, row: &rows::Row| {
        ask.now_ms - ask.market.dex.tokens[row.0].created_ms < NEW_MS
    };
    list(ask, is_new, |ask, _, row| ask.market.dex.tokens[row.0].created_ms as f64)
}

/// v1, POST: `sortType` `desc` for gainers, `asc` for losers.
pub(crate) fn movers<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let is_lively = |_: &Ask<'_>, row: &rows::Row| row.1.n_swaps >= LIVELY;
    list(ask, is_lively, |_, body, row| change(body, row))
}

/// v1, POST.
pub(crate) fn memes<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let is_meme = |ask: &Ask<'_>, row: &rows::Row| ask.market.dex.tokens[row.0].is_meme;
    list(ask, is_meme, |_, _, row| row.1.volume)
}

fn list<'a>(
    ask: &'a Ask<'a>,
    is_wanted: fn(&Ask<'_>, &rows::Row) -> bool,
    rank: Rank,
) -> Result<Prepared<'a>, Refusal> {
    let body = Body::read(ask)?;
    let page = body.count("nextPageIndex", 1, usize::MAX)?;
    let size = body.count("pageSize", PAGE, PAGE_MAX)?;
    let mut found = filtered(ask, &body)?;
    found.retain(|row| is_wanted(ask, row));
    sort(ask, &body, &mut found, rank)?;
    let total = found.len();
    let from = (page - 1).saturating_mul(size);
    let rows: Vec<rows::Row> = found.into_iter().skip(from).take(size).collect();
    let next = (from.saturating_add(rows.len()) < total).then_some(page as u64 + 1);
    Ok(Prepared::new(rows.len(), move |json| {
        json.open_object();
        write::list(json, "tks", rows, |json, row| rows::token(json, ask, &row));
        json.count("total", total as u64);
        json.maybe_count("nextPageIndex", next);
        json.close_object();
    }))
}

/// The change over the interval of the call.
fn change(body: &Body, row: &rows::Row) -> f64 {
    let interval = body.text("interval").ok().flatten().unwrap_or_default();
    let at = match interval.as_str() {
        "1h" => 0,
        "7d" => 2,
        _ => 1,
    };
    row.1.changes[at].unwrap_or(0.0)
}

fn sort(ask: &Ask<'_>, body: &Body, found: &mut [rows::Row], rank: Rank) -> Result<(), Refusal> {
    let key: Rank = match body.text("sortBy")?.as_deref() {
        None | Some("") => rank,
        Some("volume24h" | "volume") => |_, _, row| row.1.volume,
        Some("liquidity") => |_, _, row| row.1.liquidity,
        Some("marketCap") => |_, _, row| row.1.cap,
        Some("price") => |_, _, row| row.1.price,
        Some("holders") => |_, _, row| row.1.holders as f64,
        Some("txns" | "transactions") => |_, _, row| row.1.n_swaps as f64,
        Some("priceChange") => |_, body, row| change(body, row),
        Some("createdTime") => |ask, _, row| ask.market.dex.tokens[row.0].created_ms as f64,
        Some(_) => return Err(dex::nothing("order")),
    };
    let is_down = match body.text("sortType")?.as_deref() {
        None | Some("" | "desc") => true,
        Some("asc") => false,
        Some(_) => return Err(dex::nothing("direction")),
    };
    found.sort_by(|a, b| {
        let order = key(ask, body, a).total_cmp(&key(ask, body, b));
        if is_down { order.reverse() } else { order }
    });
    Ok(())
}

/// The tokens of the chains that pass `filter`.
fn filtered(ask: &Ask<'_>, body: &Body) -> Result<Vec<rows::Row>, Refusal> {
    let mut networks = Vec::new();
    for word in body.list("platformIds", PAGE_MAX)? {
        let word = body::text_of("platformIds", word)?;
        networks.push(Dex::network(&word).ok_or_else(|| dex::nothing("chain"))?);
    }
    let filter = body.within("filter")?;
    let mut bounds = Vec::new();
    for (name, of) in METRICS {
        let least = filter.number(&format!("{name}Min"))?;
        let most = filter.number(&format!("{name}Max"))?;
        bounds.push((least, most, of));
    }
    let is_on = |token: &Token| networks.is_empty() || networks.contains(&token.network);
    let passes = |row: &rows::Row| {
        bounds.iter().all(|(least, most, of)| {
            let value = of(row);
            least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most)
        })
    };
    let all = ask.market.dex.tokens.iter().enumerate();
    let on_chain = all.filter(|(_, token)| is_on(token)).map(|(at, _)| rows::row(ask, at));
    Ok(on_chain.filter(passes).collect())
}

/// What `filter` bounds from both sides.
const METRICS: [(&str, Metric); 5] = [
    ("liquidity", |row| row.1.liquidity),
    ("volume24h", |row| row.1.volume),
    ("marketCap", |row| row.1.cap),
    ("holders", |row| row.1.holders as f64),
    ("price", |row| row.1.price),
];
