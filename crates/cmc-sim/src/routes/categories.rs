//! `categories` and `category`: the coins of each tag, and their sums in USD.

use crate::json::Json;
use crate::market::moment::DAY_AGO;
use crate::market::tags::{TAGS, Tag};
use crate::market::{Subject, category, moment, noise, quote};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin::{CoinWriter, Shape};
use crate::routes::listings::{self, DEFAULT_LIMIT};

/// v1: all, or those of some coins.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let mut rows: Vec<&Tag> = TAGS.iter().collect();
    if ["id", "slug", "symbol"].iter().any(|name| ask.params.get(name).is_some()) {
        let found = resolve::identify(ask, false).or_refuse(false)?;
        let wanted: Vec<Subject> = found.into_iter().flat_map(|found| found.subjects).collect();
        rows.retain(|tag| wanted.iter().any(|subject| carries(ask, *subject, tag)));
    }
    let page = listings::page(ask, rows, usize::MAX);
    Ok(Prepared::new(page.len(), move |json| {
        json.open_array();
        for tag in page {
            json.open_object();
            head(json, ask, tag, &category::members(ask.market, ask.moment, tag));
            json.close_object();
        }
        json.close_array();
    }))
}

fn carries(ask: &Ask<'_>, subject: Subject, tag: &Tag) -> bool {
    match subject {
        Subject::Coin(at) => ask.market.coins[at].tags.iter().any(|own| own.slug == tag.slug),
        Subject::Fiat(_) => false,
    }
}

/// v1: one of them with its coins.
pub(crate) fn one<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let id = ask.params.get("id").unwrap_or_default();
    let tag = category::by_id(id).ok_or_else(|| Refusal::unresolved("id", &[id]))?;
    let members = category::members(ask.market, ask.moment, tag);
    let page = listings::page(ask, members.clone(), DEFAULT_LIMIT);
    let (n_items, n_converts) = (page.len(), currencies.len());
    let coins = CoinWriter::new(ask, Shape::listings(ask), currencies);
    let write = move |json: &mut Json| {
        json.open_object();
        head(json, ask, tag, &members);
        json.key("coins");
        coins.list(json, &page);
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// What is said of a category; sums over no coins are null.
fn head(json: &mut Json, ask: &Ask<'_>, tag: &Tag, members: &[usize]) {
    let sums = Sums::of(ask, members);
    let some = |value: f64| (!members.is_empty()).then_some(value);
    json.text("id", &category::id_of(tag));
    json.text("name", tag.name);
    json.text("title", tag.name);
    json.text("description", &format!("Coins of the category {}.", tag.name));
    json.count("num_tokens", members.len() as u64);
    let average = sums.changes / (members.len().max(1) as f64);
    json.maybe("avg_price_change", some(noise::decimals(average, 8)));
    json.maybe("market_cap", some(noise::significant(sums.cap, 14)));
    json.maybe("market_cap_change", quote::change(sums.cap, sums.old_cap));
    json.maybe("volume", some(noise::significant(sums.volume, 14)));
    json.maybe("volume_change", quote::change(sums.volume, sums.old_volume));
    json.text("last_updated", &ask.moment.updated);
}

/// Now and a day ago.
#[derive(Default)]
struct Sums {
    cap: f64,
    old_cap: f64,
    volume: f64,
    old_volume: f64,
    changes: f64,
}

impl Sums {
    fn of(ask: &Ask<'_>, members: &[usize]) -> Self {
        let mut sums = Self::default();
        for at in members {
            let (coin, live) = (&ask.market.coins[*at], ask.moment.live[*at]);
            let old_price = ask.moment.past_price(coin, DAY_AGO);
            sums.cap += live.cap;
            sums.old_cap += moment::cap(coin, old_price);
            sums.volume += live.volume;
            sums.old_volume += ask.moment.past_volume(coin);
            sums.changes += quote::change(live.price, old_price).unwrap_or(0.0);
        }
        sums
    }
}
