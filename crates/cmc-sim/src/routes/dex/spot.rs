//! `spot-pairs/latest`: all pools of v4, filtered, ranked and scrolled through.

use crate::json::Json;
use crate::market::dex::Pair;
use crate::market::dex::networks::{NETWORKS, VENUES};
use crate::market::dex::value::{self, Value};
use crate::market::moment::{Moment, STEP};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::dex;
use crate::routes::dex::pairs::{self, View};
use crate::routes::write;

const PAGE: usize = 50;
/// Steps for which a cursor is good.
const CURSOR_STEPS: i64 = 1_440;

/// v4: each row carries the cursor of the page after it.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let cursor = Cursor::of(ask)?;
    let moment = ask.market.at(cursor.step * STEP);
    let found = ranked(ask, &moment);
    let limit = ask.params.count("limit").unwrap_or(PAGE);
    let rows: Vec<(usize, usize)> =
        (cursor.at + 1..).zip(found.into_iter().skip(cursor.at)).take(limit).collect();
    let (n_items, n_converts) = (rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        let view = View::of(ask);
        write::rows(json, rows, |json, (next, at)| {
            json.text("scroll_id", &Cursor { step: cursor.step, at: next }.text());
            pairs::pair(json, ask, at, &view, &currencies);
        });
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// The step that the ranking is of, and how many rows have been seen: later pages follow the
/// ranking of the first one, so that no row comes twice.
#[derive(Debug, Clone, Copy)]
struct Cursor {
    step: i64,
    at: usize,
}

impl Cursor {
    fn of(ask: &Ask<'_>) -> Result<Self, Refusal> {
        let now = ask.moment.step;
        let Some(text) = ask.params.get("scroll_id") else {
            return Ok(Self { step: now, at: 0 });
        };
        let read = text.split_once('-').and_then(|(step, at)| {
            Some(Self { step: i64::from_str_radix(step, 16).ok()?, at: at.parse().ok()? })
        });
        read.filter(|it| (now - CURSOR_STEPS..=now).contains(&it.step))
            .ok_or_else(|| dex::nothing("cursor"))
    }

    fn text(self) -> String {
        format!("{:x}-{}", self.step, self.at)
    }
}

/// The numbers of a pool that are filtered and sorted by.
struct Figures {
    volume: f64,
    liquidity: f64,
    n_swaps: f64,
    change: f64,
}

impl Figures {
    fn of(pair: &Pair, value: &Value) -> Self {
        Self {
            volume: value.volume * pair.share,
            liquidity: value.liquidity * pair.share,
            n_swaps: value::portion(value.n_swaps, pair.share) as f64,
            change: value.changes[1].unwrap_or(0.0),
        }
    }

    const fn of_name(&self, name: &str) -> f64 {
        match name.as_bytes() {
            b"liquidity" => self.liquidity,
            b"no_of_transactions_24h" => self.n_swaps,
            b"percent_change_24h" => self.change,
            _ => self.volume,
        }
    }
}

fn ranked(ask: &Ask<'_>, moment: &Moment) -> Vec<usize> {
    let all = &ask.market.dex;
    let mut found: Vec<(usize, Figures)> = Vec::new();
    for (at, pair) in all.pairs.iter().enumerate().filter(|(at, _)| is_named(ask, *at)) {
        let value = Value::of(ask.market, moment, &all.tokens[pair.base]);
        let figures = Figures::of(pair, &value);
        if is_within(ask, &figures) {
            found.push((at, figures));
        }
    }
    let by = ask.params.get("sort").unwrap_or("volume_24h");
    let is_down = ask.params.get("sort_dir") != Some("asc");
    found.sort_by(|a, b| {
        let order = a.1.of_name(by).total_cmp(&b.1.of_name(by));
        if is_down { order.reverse() } else { order }
    });
    found.into_iter().map(|it| it.0).collect()
}

fn is_within(ask: &Ask<'_>, figures: &Figures) -> bool {
    ["volume_24h", "liquidity", "no_of_transactions_24h", "percent_change_24h"].iter().all(|name| {
        let figure = figures.of_name(name);
        let bound = |end: &str| ask.params.number(&format!("{name}_{end}"));
        bound("min").is_none_or(|least| figure >= least)
            && bound("max").is_none_or(|most| figure <= most)
    })
}

/// Whether a pool is of the networks, exchanges and assets of the call.
fn is_named(ask: &Ask<'_>, at: usize) -> bool {
    let all = &ask.market.dex;
    let (pair, network) = (&all.pairs[at], &NETWORKS[all.network_of(at)]);
    let is = |name: &str, own: &str| {
        let list = ask.params.get(name);
        list.is_none_or(|list| resolve::words(list).any(|word| word.eq_ignore_ascii_case(own)))
    };
    let is_asset = |side: &str, token: usize| {
        let own = &all.tokens[token];
        let id = pairs::asset_id(own, token).unwrap_or_default();
        is(&format!("{side}_asset_id"), &id)
            && is(&format!("{side}_asset_symbol"), &own.symbol)
            && is(&format!("{side}_asset_contract_address"), &own.address)
            && is(&format!("{side}_asset_ucid"), &ask.market.coins[own.coin].id.to_string())
    };
    is("network_id", &network.id.to_string())
        && is("network_slug", network.slug)
        && is("dex_id", &(pair.venue + 1).to_string())
        && is("dex_slug", VENUES[pair.venue].slug)
        && is_asset("base", pair.base)
        && is_asset("quote", pair.quote)
}
