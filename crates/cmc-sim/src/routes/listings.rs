//! `listings/latest`: filter, sort, page.

use std::cmp::Ordering;

use crate::market::Subject;
use crate::market::coin::Coin;
use crate::market::moment::{DAY_AGO, Live};
use crate::market::quote::{self, Currency, Quote};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin::{self, CoinWriter, Shape};

pub(crate) const DEFAULT_LIMIT: usize = 100;

/// v1 and v3.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let mut chosen = filtered(ask);
    sort(ask, &mut chosen);
    let page = page(ask, chosen, DEFAULT_LIMIT);
    let (n_items, n_converts) = (page.len(), currencies.len());
    let coins = CoinWriter::new(ask, Shape::listings(ask), currencies);
    let write = move |json: &mut crate::json::Json| {
        json.open_array();
        page.iter().for_each(|at| coins.write(json, Subject::Coin(*at)));
        json.close_array();
    };
    let mut prepared = Prepared::new(n_items, write).converted(n_converts);
    prepared.total_count = (ask.version == 1).then_some(ask.market.n_active);
    Ok(prepared)
}

/// The active coins that pass every filter, by rank.
fn filtered(ask: &Ask<'_>) -> Vec<usize> {
    let filters = filters(ask);
    let tag = ask.params.get("tag").filter(|tag| *tag != "all");
    let ranked = ask.moment.ranked.iter().map(|at| *at as usize);
    let passes = |at: &usize| {
        let coin = &ask.market.coins[*at];
        tag.is_none_or(|tag| coin.tags.iter().any(|own| own.slug == tag))
            && is_wanted_type(ask, coin)
            && filters.iter().all(|filter| filter.passes(ask, *at))
    };
    ranked.filter(passes).collect()
}

/// Whether a coin passes `cryptocurrency_type`.
pub(crate) fn is_wanted_type(ask: &Ask<'_>, coin: &Coin) -> bool {
    match ask.params.get("cryptocurrency_type") {
        Some("coins") => coin.platform.is_none(),
        Some("tokens") => coin.platform.is_some(),
        _ => true,
    }
}

/// The rows of a list that a request asks for.
pub(crate) fn page<T>(ask: &Ask<'_>, rows: Vec<T>, limit: usize) -> Vec<T> {
    let start = ask.params.count("start").unwrap_or(1) - 1;
    let limit = ask.params.count("limit").unwrap_or(limit);
    rows.into_iter().skip(start).take(limit).collect()
}

type Metric = fn(&Ask<'_>, usize) -> Option<f64>;

/// Bounds on one value in USD; a coin without the value does not pass.
struct Filter {
    metric: Metric,
    least: f64,
    most: f64,
}

impl Filter {
    fn passes(&self, ask: &Ask<'_>, at: usize) -> bool {
        (self.metric)(ask, at).is_some_and(|value| (self.least..=self.most).contains(&value))
    }
}

const METRICS: [(&str, Metric); 9] = [
    ("price", |ask, at| Some(live(ask, at).price)),
    ("market_cap", |ask, at| Some(live(ask, at).cap)),
    ("volume_24h", |ask, at| Some(live(ask, at).volume)),
    ("circulating_supply", |ask, at| Some(coin(ask, at).circulating)),
    ("percent_change_24h", |ask, at| change(ask, at, DAY_AGO)),
    ("self_reported_circulating_supply", |ask, at| coin(ask, at).self_reported),
    ("self_reported_market_cap", |ask, at| {
        coin::self_reported_cap(coin(ask, at), live(ask, at).price)
    }),
    // Nothing is locked in this market.
    ("unlocked_market_cap", |ask, at| Some(live(ask, at).cap)),
    ("unlocked_circulating_supply", |ask, at| Some(coin(ask, at).circulating)),
];

fn filters(ask: &Ask<'_>) -> Vec<Filter> {
    let bound = |name: &str, end: &str| ask.params.number(&format!("{name}_{end}"));
    let filter = |&(name, metric): &(&str, Metric)| {
        let (least, most) = (bound(name, "min"), bound(name, "max"));
        (least.is_some() || most.is_some()).then(|| Filter {
            metric,
            least: least.unwrap_or(f64::NEG_INFINITY),
            most: most.unwrap_or(f64::INFINITY),
        })
    };
    METRICS.iter().filter_map(filter).collect()
}

/// What a coin is sorted by.
enum SortKey {
    Number(Option<f64>),
    Text(String),
}

/// Stable, so that equals stay by rank.
fn sort(ask: &Ask<'_>, chosen: &mut [usize]) {
    let field = ask.params.get("sort").unwrap_or("market_cap");
    let is_rising = is_rising(ask, matches!(field, "name" | "symbol"));
    if field == "market_cap" {
        if is_rising {
            chosen.reverse();
        }
        return;
    }
    sort_by(ask, chosen, field, is_rising);
}

/// The direction of a request.
pub(crate) fn is_rising(ask: &Ask<'_>, default: bool) -> bool {
    ask.params.get("sort_dir").map_or(default, |direction| direction == "asc")
}

/// By any field but the rank.
pub(crate) fn sort_by(ask: &Ask<'_>, chosen: &mut [usize], field: &str, is_rising: bool) {
    let usd = Currency::of(ask.market, ask.moment, "USD", Subject::Fiat(0));
    chosen.sort_by_cached_key(|at| Sorted { key: key(ask, field, *at, usd.as_ref()), is_rising });
}

struct Sorted {
    key: SortKey,
    is_rising: bool,
}

impl Ord for Sorted {
    fn cmp(&self, other: &Self) -> Ordering {
        let turn = |order: Ordering| if self.is_rising { order } else { order.reverse() };
        match (&self.key, &other.key) {
            (SortKey::Text(a), SortKey::Text(b)) => turn(a.cmp(b)),
            (SortKey::Number(Some(a)), SortKey::Number(Some(b))) => turn(a.total_cmp(b)),
            // Nulls last, whatever the direction.
            (SortKey::Number(a), SortKey::Number(b)) => a.is_none().cmp(&b.is_none()),
            (SortKey::Number(_), SortKey::Text(_)) | (SortKey::Text(_), SortKey::Number(_)) => {
                Ordering::Equal
            }
        }
    }
}

impl PartialOrd for Sorted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Sorted {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Sorted {}

fn key(ask: &Ask<'_>, field: &str, at: usize, usd: Option<&Currency>) -> SortKey {
    let (coin, live) = (coin(ask, at), live(ask, at));
    let quote = || {
        usd.map(|usd| Quote::of(ask.market, ask.moment, Subject::Coin(at), usd)).unwrap_or_default()
    };
    SortKey::Number(match field {
        "name" => return SortKey::Text(coin.name.to_lowercase()),
        "symbol" => return SortKey::Text(coin.symbol.to_lowercase()),
        "date_added" => Some(coin.added_ms as f64),
        "price" => Some(live.price),
        "circulating_supply" => Some(coin.circulating),
        "total_supply" => Some(coin.total),
        "max_supply" => coin.max,
        "num_market_pairs" => Some(coin.n_pairs as f64),
        "volume_24h" => Some(live.volume),
        "volume_7d" => Some(quote().volume_7d),
        "volume_30d" => Some(quote().volume_30d),
        "percent_change_1h" => change(ask, at, 0),
        "percent_change_24h" => change(ask, at, DAY_AGO),
        "percent_change_7d" => change(ask, at, 2),
        "market_cap_by_total_supply_strict" => Some(coin.total * live.price),
        _ => Some(live.cap),
    })
}

fn coin<'a>(ask: &Ask<'a>, at: usize) -> &'a Coin {
    &ask.market.coins[at]
}

fn live(ask: &Ask<'_>, at: usize) -> Live {
    ask.moment.live[at]
}

fn change(ask: &Ask<'_>, at: usize, lookback: usize) -> Option<f64> {
    quote::change(live(ask, at).price, ask.moment.past_price(coin(ask, at), lookback))
}
