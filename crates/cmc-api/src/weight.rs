//! How much a query weighs: an upper bound of the items that upstream may charge for.

use crate::{
    limits::{COINS_PER_SYMBOL_MAX, PAGE_ITEMS_MAX, POINTS_MAX},
    operation::Family,
    query::Query,
};

/// Parameters that name the subjects of an answer, one element each.
const NAMES: [&str; 9] = [
    "id",
    "ids",
    "slug",
    "crypto_id",
    "crypto_slug",
    "exchange_id",
    "exchange_slug",
    "rwa_id",
    "rwa_slug",
];

/// Most items that `query` may be charged for.
pub(crate) fn n_items(query: &Query) -> u64 {
    let takes = |name: &str| query.operation.param(name).is_some();
    if takes("count") {
        return subjects(query).saturating_mul(points(query));
    }
    if takes("limit") {
        return number(query, "limit").unwrap_or(PAGE_ITEMS_MAX);
    }
    subjects(query)
}

/// A window with a start is cut by `count` only if that was asked for.
fn points(query: &Query) -> u64 {
    match (query.given("count"), query.given("time_start")) {
        (None, Some(_)) => POINTS_MAX,
        _ => number(query, "count").unwrap_or(POINTS_MAX),
    }
}

/// How many coins, exchanges or assets are named; one symbol may stand for several coins, but not
/// in simple/price.
fn subjects(query: &Query) -> u64 {
    let elements = |list: &str| list.split(',').count() as u64;
    let is_simple = matches!(query.operation.family, Family::SimplePrice(_));
    let named = NAMES.iter().find_map(|name| query.get(name));
    match (named, query.get("symbol")) {
        (Some(list), _) => elements(list),
        (None, Some(list)) if is_simple => elements(list),
        (None, Some(list)) => elements(list).saturating_mul(COINS_PER_SYMBOL_MAX),
        (None, None) => 1,
    }
}

fn number(query: &Query, name: &str) -> Option<u64> {
    query.get(name)?.parse().ok()
}
