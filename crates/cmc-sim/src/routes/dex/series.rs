//! Pools of v4 over time: running candles, finished candles, trades.

use crate::json::Json;
use crate::market::Market;
use crate::market::dex::networks::NETWORKS;
use crate::market::dex::swaps::{Event, Tape};
use crate::market::noise;
use crate::market::quote::Currency;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::dex;
use crate::routes::dex::candles::{Candle, Interval};
use crate::routes::dex::pairs::{self, View};
use crate::routes::{v5, write};
use crate::time::{self, DAY, HOUR, MINUTE, Millis};

const COUNT: usize = 10;
const TRADES: usize = 100;
const MONDAY: Millis = 4 * DAY;

/// v4: the running day.
pub(crate) fn running<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let pairs = pairs::named(ask, false)?;
    let (n_items, n_converts) = (pairs.len(), currencies.len());
    let write = move |json: &mut Json| {
        let view = View::of(ask);
        let open_ms = ask.now_ms.div_euclid(DAY) * DAY;
        write::rows(json, pairs, |json, at| {
            pairs::identity(json, ask, at, &view);
            json.text("last_updated", &ask.moment.updated);
            json.text("time_open", &time::iso(open_ms));
            json.maybe_text("time_close", None);
            let candle = candle(ask, at, &view, (open_ms, ask.now_ms));
            quotes(json, &ask.moment.updated, &candle, at_share(ask, at), &currencies);
        });
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v4: finished candles, oldest first.
pub(crate) fn finished<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let pairs = pairs::named(ask, false)?;
    let period = interval(ask.params.get("time_period").unwrap_or("daily"))?;
    let edges = edges(ask, period)?;
    let born = move |at: usize| period.start(ask.market.dex.pairs[at].created_ms);
    let (n_items, n_converts) = (pairs.len() * edges.len(), currencies.len());
    let write = move |json: &mut Json| {
        let view = View::of(ask);
        write::rows(json, pairs, |json, at| {
            pairs::identity(json, ask, at, &view);
            json.text("last_updated", &ask.moment.updated);
            let since = edges.iter().filter(|edge| **edge >= born(at));
            write::list(json, "quotes", since, |json, edge| {
                let end = period.next(*edge);
                let close = time::iso(end - 1);
                json.text("time_open", &time::iso(*edge));
                json.text("time_close", &close);
                let candle = candle(ask, at, &view, (*edge, end));
                quotes(json, &close, &candle, at_share(ask, at), &currencies);
            });
        });
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v4: the last trades, newest first.
pub(crate) fn trades<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let pairs = pairs::named(ask, true)?;
    let (n_items, n_converts) = (pairs.len(), currencies.len());
    let write = move |json: &mut Json| {
        let view = View::of(ask);
        write::rows(json, pairs, |json, at| {
            pairs::identity(json, ask, at, &view);
            write::list(json, "trades", events(ask, at), |json, event| {
                trade(json, ask, (at, &event), &view, &currencies);
            });
        });
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// A pool's part of its token's volume.
fn at_share(ask: &Ask<'_>, at: usize) -> f64 {
    ask.market.dex.pairs[at].share
}

/// The candle of the token that stands first.
fn candle(ask: &Ask<'_>, at: usize, view: &View<'_>, span: (Millis, Millis)) -> Candle {
    let (base, _) = view.sides(&ask.market.dex.pairs[at]);
    Candle::of(ask.market, &ask.market.dex.tokens[base], span)
}

fn quotes(json: &mut Json, updated: &str, candle: &Candle, share: f64, currencies: &[Currency]) {
    write::list(json, "quote", currencies, |json, currency| {
        json.text("convert_id", &currency.id.to_string());
        json.maybe("open", Some(v5::price(currency, candle.open)));
        json.maybe("high", Some(v5::price(currency, candle.high)));
        json.maybe("low", Some(v5::price(currency, candle.low)));
        json.maybe("close", Some(v5::price(currency, candle.close)));
        json.maybe("volume", Some(v5::money(currency, candle.volume * share)));
        json.text("last_updated", updated);
    });
}

/// The words of v4; here `1m` is a minute.
fn interval(word: &str) -> Result<Interval, Refusal> {
    let length = match word {
        "1m" => MINUTE,
        "5m" => 5 * MINUTE,
        "15m" => 15 * MINUTE,
        "30m" => 30 * MINUTE,
        "hourly" | "1h" => HOUR,
        "4h" => 4 * HOUR,
        "8h" => 8 * HOUR,
        "12h" => 12 * HOUR,
        "daily" | "1d" => DAY,
        "3d" => 3 * DAY,
        "weekly" | "7d" => return Ok(Interval::Fixed(7 * DAY, MONDAY)),
        "monthly" => return Ok(Interval::Month),
        _ => return Err(dex::nothing("interval")),
    };
    Ok(Interval::Fixed(length, 0))
}

/// Where candles open: after `time_start`, by `time_end`, and finished by now.
fn edges(ask: &Ask<'_>, period: Interval) -> Result<Vec<Millis>, Refusal> {
    let stride = interval(ask.params.get("interval").unwrap_or("daily"))?;
    let pace = |at: Millis| period.start(at).min(stride.start(at));
    let after = instant(ask, "time_start")?.unwrap_or(0);
    let by = instant(ask, "time_end")?.unwrap_or(ask.now_ms).min(ask.now_ms);
    let count = ask.params.count("count").unwrap_or(COUNT);
    let mut edges = Vec::new();
    let mut edge = pace(by);
    while edge > after && edges.len() < count {
        if period.next(edge) <= ask.now_ms {
            edges.push(edge);
        }
        edge = pace(edge - 1);
    }
    edges.reverse();
    Ok(edges)
}

/// ISO-8601 or Unix seconds.
fn instant(ask: &Ask<'_>, name: &str) -> Result<Option<Millis>, Refusal> {
    let Some(text) = ask.params.get(name) else {
        return Ok(None);
    };
    let seconds = text.parse::<i32>().ok().map(|seconds| i64::from(seconds) * 1_000);
    seconds.or_else(|| time::parse_iso(text)).map(Some).ok_or_else(|| dex::nothing("instant"))
}

/// The last swaps of a token that went through this pool.
fn events(ask: &Ask<'_>, at: usize) -> Vec<Event> {
    let all = &ask.market.dex;
    let pair = &all.pairs[at];
    let pools = all.pools(pair.base);
    let span = (ask.now_ms - Tape::Swaps.reach(), ask.now_ms);
    Market::event_ids(Tape::Swaps, span)
        .rev()
        .map(|id| ask.market.event(Tape::Swaps, &all.tokens[pair.base], id))
        .filter(|event| pools[event.pool % pools.len()] == at)
        .take(TRADES)
        .collect()
}

fn trade(
    json: &mut Json,
    ask: &Ask<'_>,
    (at, event): (usize, &Event),
    view: &View<'_>,
    currencies: &[Currency],
) {
    let network = &NETWORKS[ask.market.dex.network_of(at)];
    json.text("date", &time::iso(event.at_ms));
    json.text("type", if event.is_in { "buy" } else { "sell" });
    write::list(json, "quote", currencies, |json, currency| {
        json.text("convert_id", &currency.id.to_string());
        json.maybe("price", Some(v5::price(currency, event.price)));
        json.maybe("amount_base_asset", Some(noise::significant(event.worth / event.price, 10)));
        json.maybe("total", Some(v5::money(currency, event.worth)));
    });
    if view.has("transaction_hash") {
        json.text("transaction_hash", &event.hash);
    }
    if view.has("blockchain_explorer_link") {
        json.text("blockchain_explorer_link", &format!("{}/tx/{}", network.explorer, event.hash));
    }
}
