//! Swaps, changes of liquidity, and liquidity over time.

use std::ops::RangeInclusive;

use crate::json::Json;
use crate::market::Market;
use crate::market::dex::Token;
use crate::market::dex::swaps::{Event, Tape};
use crate::market::moment::STEP;
use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::dex::{self, candles, rows};
use crate::routes::write;

const PAGE: usize = 50;
/// Events looked at for one page, if filters are narrow.
const N_SCANNED: usize = 20_000;
const POINTS: usize = 24;

/// v1: `{swaps, lastId}`, newest first unless told otherwise; `lastId` is null at the end.
pub(crate) fn swaps<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, token) = dex::token(ask, "platform", "address")?;
    let (events, last) = page(ask, Tape::Swaps, token)?;
    Ok(Prepared::new(events.len(), move |json| {
        json.open_object();
        write::list(json, "swaps", events, |json, event| {
            head(json, ask, at, &event);
            write::amount(json, "a", noise::significant(event.worth / event.price, 10));
            write::amount(json, "v", event.worth);
            write::amount(json, "p", event.price);
        });
        json.maybe_text("lastId", last.as_deref());
        json.close_object();
    }))
}

/// v1: `{lcs, lastId, tlu, lpc}`: events, total liquidity in USD, number of pools.
pub(crate) fn deposits<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, token) = dex::token(ask, "platform", "address")?;
    let (events, last) = page(ask, Tape::Deposits, token)?;
    let (_, worth) = rows::row(ask, at);
    Ok(Prepared::new(events.len(), move |json| {
        json.open_object();
        write::list(json, "lcs", events, |json, event| {
            head(json, ask, at, &event);
            let half = noise::significant(event.worth / event.price / 2.0, 10);
            write::amount(json, "a0", half);
            write::amount(json, "v", event.worth);
        });
        json.maybe_text("lastId", last.as_deref());
        write::amount(json, "tlu", worth.liquidity);
        json.count("lpc", ask.market.dex.pools(at).len() as u64);
        json.close_object();
    }))
}

/// v1: `[{ts, l}]`, oldest first, at the ends of intervals; `needLatest` adds the value now.
pub(crate) fn liquidity<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, token) = dex::token(ask, "platform", "address")?;
    let interval = candles::interval(ask.params.get("interval").unwrap_or("1h"))?;
    let n_points = ask.params.count("limit").unwrap_or(POINTS);
    let to = candles::instant(ask, "to")?.unwrap_or(ask.now_ms).min(ask.now_ms);
    let mut edges: Vec<i64> = Vec::with_capacity(n_points);
    let mut edge = interval.start(to);
    for _ in 0..n_points {
        edges.push(edge);
        edge = interval.start(edge - 1);
    }
    edges.reverse();
    if ask.params.is_true("needLatest", false) {
        edges.push(ask.moment.step * STEP);
    }
    Ok(Prepared::new(edges.len(), move |json| {
        let now = rows::row(ask, at).1.liquidity / ask.moment.live[token.coin].price.max(1e-18);
        write::rows(json, edges, |json, edge| {
            let price = ask.market.coin_price_at(token.coin, edge.div_euclid(STEP));
            json.count("ts", rows::seconds(edge));
            write::amount(json, "l", noise::significant(now * price, 12));
        });
    }))
}

/// One page of a tape, and where the next one begins.
fn page(ask: &Ask<'_>, tape: Tape, token: &Token) -> Result<(Vec<Event>, Option<String>), Refusal> {
    let limit = ask.params.count("limit").unwrap_or(PAGE);
    let seen = ask.params.get("lastId").map(str::parse::<i64>).transpose();
    let seen = seen.map_err(|_| dex::nothing("cursor"))?;
    let oldest = ask.now_ms - tape.reach();
    let from = candles::instant(ask, "startTime")?.unwrap_or(oldest).max(oldest);
    let to = candles::instant(ask, "endTime")?.unwrap_or(ask.now_ms).min(ask.now_ms);
    let mut ids = ids(ask, Market::event_ids(tape, (from, to)), seen);
    let mut found: Vec<Event> = Vec::new();
    let mut last = None;
    for _ in 0..N_SCANNED {
        let Some(id) = ids.next() else {
            last = None;
            break;
        };
        let event = ask.market.event(tape, token, id);
        last = Some(id.to_string());
        if is_wanted(ask, &event) {
            found.push(event);
        }
        if found.len() == limit {
            break;
        }
    }
    Ok((found, last))
}

/// What lies behind the cursor: older events, or younger ones with `sortType=asc`.
fn ids(
    ask: &Ask<'_>,
    all: RangeInclusive<i64>,
    seen: Option<i64>,
) -> Box<dyn Iterator<Item = i64>> {
    let (first, last) = all.into_inner();
    match (ask.params.get("sortType"), seen) {
        (Some("asc"), seen) => Box::new(seen.map_or(first, |seen| first.max(seen + 1))..=last),
        (_, seen) => Box::new((first..=seen.map_or(last, |seen| last.min(seen - 1))).rev()),
    }
}

fn is_wanted(ask: &Ask<'_>, event: &Event) -> bool {
    let number = |name: &str| ask.params.number(name);
    let kind = if event.is_in { 1 } else { 2 };
    let kinds = ask.params.get("types").unwrap_or_default();
    let is_kind = |word: &str| word.trim().parse() == Ok(kind);
    ask.params.count("type").is_none_or(|wanted| wanted == kind)
        && (kinds.is_empty() || kinds.split(',').any(is_kind))
        && ask.params.get("maker").is_none_or(|maker| event.maker.eq_ignore_ascii_case(maker))
        && number("minVolume").is_none_or(|least| event.worth >= least)
        && number("maxVolume").is_none_or(|most| event.worth <= most)
}

fn head(json: &mut Json, ask: &Ask<'_>, at: usize, event: &Event) {
    let pools = ask.market.dex.pools(at);
    let pool = &ask.market.dex.pairs[pools[event.pool % pools.len()]];
    json.text("id", &event.id.to_string());
    json.count("t", if event.is_in { 1 } else { 2 });
    json.count("ts", rows::seconds(event.at_ms));
    json.text("tx", &event.hash);
    json.text("m", &event.maker);
    json.text("pa", &pool.address);
}
