//! Who holds a token.

use crate::json::Json;
use crate::market::dex::Token;
use crate::market::dex::swaps::wallet;
use crate::market::dex::value::Value;
use crate::market::noise::{self, Dice};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::dex::body::Body;
use crate::routes::dex::{self, candles, rows};
use crate::routes::write;

/// Holders that are known by name.
const N_SHOWN: usize = 100;
const POINTS: usize = 30;
const TAGS: [&str; 6] = ["whale", "smart_money", "sniper", "developer", "fresh_wallet", "exchange"];
/// A wallet of an exchange, known to everybody.
const KNOWN_WALLET: &str = "0x28c6c06298d514db089934071355e5743bf21d60";

/// One wallet and its part of the supply.
struct Holder {
    wallet: String,
    tag: &'static str,
    share: f64,
    since_ms: i64,
}

/// v1.
pub(crate) fn count<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, _) = dex::token(ask, "platform", "tokenAddress")?;
    let n_holders = rows::row(ask, at).1.holders;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        json.count("count", n_holders);
        json.close_object();
    }))
}

/// v1: how many of the shown ones carry each tag.
pub(crate) fn tags<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (_, token) = dex::token(ask, "platform", "tokenAddress")?;
    let holders = holders(ask, token);
    Ok(Prepared::new(TAGS.len(), move |json| {
        write::rows(json, TAGS, |json, tag| {
            let n_tagged = holders.iter().filter(|holder| holder.tag == tag).count();
            json.text("tag", tag);
            json.count("count", n_tagged as u64);
        });
    }))
}

/// v1: their number at the ends of intervals, oldest first.
pub(crate) fn trend<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (at, token) = dex::token(ask, "platform", "tokenAddress")?;
    let interval = candles::interval(ask.params.get("interval").unwrap_or("1d"))?;
    let from = candles::instant(ask, "from")?.unwrap_or(i64::MIN);
    let mut edge = interval.start(candles::instant(ask, "to")?.unwrap_or(ask.now_ms));
    let mut edges = Vec::new();
    for _ in 0..ask.params.count("limit").unwrap_or(POINTS) {
        if edge < from {
            break;
        }
        edges.push(edge);
        edge = interval.start(edge - 1);
    }
    edges.reverse();
    let now = rows::row(ask, at).1.holders as f64;
    Ok(Prepared::new(edges.len(), move |json| {
        write::rows(json, edges, |json, edge| {
            let age = (ask.now_ms - edge).max(0) as f64 / crate::time::DAY as f64;
            let wave = 0.02 * noise::quick_walk(token.lane, edge.div_euclid(60_000));
            let part = (1.0 - age / 2_000.0).max(0.1) * (1.0 + wave);
            json.count("ts", rows::seconds(edge));
            json.maybe("count", Some((now * part).round()));
        });
    }))
}

/// v1, POST: the largest, by page, perhaps of one tag only.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let body = Body::read(ask)?;
    let (at, token) = body.token(ask, "tokenAddress")?;
    let size = body.count("pageSize", N_SHOWN, N_SHOWN)?;
    let page = body.count("nextPageIndex", 1, usize::MAX)?;
    let tag = body.text("tag")?.filter(|tag| !tag.is_empty() && tag != "all");
    if tag.as_deref().is_some_and(|tag| !TAGS.contains(&tag)) {
        return Err(dex::nothing("tag"));
    }
    let mut holders = holders(ask, token);
    holders.retain(|holder| tag.as_deref().is_none_or(|tag| tag == holder.tag));
    let total = holders.len();
    let from = (page - 1).saturating_mul(size);
    let shown: Vec<Holder> = holders.into_iter().skip(from).take(size).collect();
    let next = (from.saturating_add(shown.len()) < total).then_some(page as u64 + 1);
    let worth = rows::row(ask, at).1;
    Ok(Prepared::new(shown.len(), move |json| {
        json.open_object();
        write::list(json, "holders", shown, |json, holder| write_holder(json, &holder, &worth));
        json.count("total", total as u64);
        json.maybe_count("nextPageIndex", next);
        json.close_object();
    }))
}

/// v1, POST: one of them; a wallet that holds none has a balance of 0.
pub(crate) fn detail<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let body = Body::read(ask)?;
    let (at, token) = body.token(ask, "tokenAddress")?;
    let wallet = body.required("walletAddress")?;
    let found = holders(ask, token).into_iter().find(|it| it.wallet.eq_ignore_ascii_case(&wallet));
    let since_ms = token.created_ms;
    let holder = found.unwrap_or(Holder { wallet, tag: "", share: 0.0, since_ms });
    let worth = rows::row(ask, at).1;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        write_holder(json, &holder, &worth);
        json.close_object();
    }))
}

/// The largest first.
fn holders(ask: &Ask<'_>, token: &Token) -> Vec<Holder> {
    let dice = Dice(noise::mix2(token.lane, 0x401D));
    let span = (ask.now_ms - token.created_ms).max(1).unsigned_abs();
    (0..N_SHOWN as u64)
        .map(|number| Holder {
            wallet: match number {
                0 => KNOWN_WALLET.to_owned(),
                _ => wallet(1_000 + dice.below(3, 1_000) * 100 + number),
            },
            tag: if number == 0 { "exchange" } else { dice.pick(10 + number, &TAGS) },
            share: 0.1 / (1.0 + number as f64).powf(1.3),
            since_ms: token.created_ms + i64::try_from(dice.below(200 + number, span)).unwrap_or(0),
        })
        .collect()
}

fn write_holder(json: &mut Json, holder: &Holder, worth: &Value) {
    let balance = noise::significant(worth.circulating * holder.share, 12);
    json.text("walletAddress", &holder.wallet);
    json.text("tag", holder.tag);
    write::amount(json, "balance", balance);
    write::amount(json, "balanceUsd", noise::significant(balance * worth.price, 12));
    write::amount(json, "percent", noise::decimals(100.0 * holder.share, 6));
    json.count("firstTime", rows::seconds(holder.since_ms));
}
