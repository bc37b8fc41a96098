//! Which fields of an operation people look for first.

use super::{
    fit::Table,
    records::{Cell, Record},
};

/// Columns of lists of coins with prices.
const COINS: &[&str] = &[
    "cmc_rank",
    "id",
    "symbol",
    "name",
    "currency",
    "price",
    "percent_change_24h",
    "market_cap",
    "volume_24h",
    "percent_change_7d",
    "last_updated",
];
const MAP: &[&str] = &["id", "rank", "symbol", "name", "slug", "is_active"];
const CANDLES: &[&str] =
    &["time_open", "id", "symbol", "currency", "open", "high", "low", "close", "volume"];
const HISTORY: &[&str] =
    &["timestamp", "id", "symbol", "currency", "price", "volume_24h", "market_cap"];
const TOTALS: &[&str] =
    &["timestamp", "currency", "total_market_cap", "total_volume_24h", "btc_dominance"];
const EXCHANGES: &[&str] = &[
    "id",
    "name",
    "currency",
    "volume_24h",
    "percent_change_volume_24h",
    "num_market_pairs",
    "last_updated",
];
const PAIRS: &[&str] = &[
    "market_pair",
    "exchange.name",
    "category",
    "currency",
    "price",
    "volume_24h",
    "market_pair_base.currency_symbol",
    "market_pair_quote.currency_symbol",
];
const CATEGORIES: &[&str] =
    &["id", "name", "num_tokens", "market_cap", "volume", "avg_price_change", "market_cap_change"];
const INFO: &[&str] = &["id", "symbol", "name", "slug", "category", "date_added", "description"];
const CONVERSION: &[&str] = &["amount", "symbol", "name", "currency", "price", "last_updated"];
const INDEX: &[&str] = &["id", "symbol", "name", "weight", "value", "last_update", "update_time"];

/// By what a path contains; the first that fits.
const BY_PATH: [(&str, &[&str]); 18] = [
    ("/cryptocurrency/quotes/historical", HISTORY),
    ("/exchange/quotes/historical", HISTORY),
    ("/global-metrics/quotes/historical", TOTALS),
    ("/cryptocurrency/quotes/", COINS),
    ("/cryptocurrency/listings/", COINS),
    ("/cryptocurrency/trending/", COINS),
    ("/cryptocurrency/category", COINS),
    ("/simple/price", COINS),
    ("/cryptocurrency/map", MAP),
    ("/exchange/map", MAP),
    ("/cryptocurrency/info", INFO),
    ("/cryptocurrency/ohlcv/", CANDLES),
    ("/exchange/listings/", EXCHANGES),
    ("/exchange/quotes/", EXCHANGES),
    ("/market-pairs/latest", PAIRS),
    ("/cryptocurrency/categories", CATEGORIES),
    ("/tools/price-conversion", CONVERSION),
    ("/v3/index/", INDEX),
];

/// `records` as a table: a row per object and currency; a single object that nobody knows better
/// as name and value.
pub(super) fn table(records: Vec<Record>, path: &str) -> Table {
    let is_one = records.len() == 1;
    let rows: Vec<Record> = match known(path) {
        Some(_) => records.iter().flat_map(by_currency).collect(),
        None => records,
    };
    let has = |column: &&str| rows.iter().any(|row| row.iter().any(|(name, _)| name == column));
    let columns: Vec<String> = match known(path) {
        Some(columns) => columns.iter().copied().filter(has).map(str::to_owned).collect(),
        None => Vec::new(),
    };
    match columns.is_empty() {
        false => Table::of(columns, &rows),
        true if is_one => upright(rows),
        true => Table::of(all(&rows), &rows),
    }
}

fn known(path: &str) -> Option<&'static [&'static str]> {
    let fits = |(part, _): &&(&str, &[&str])| match *part {
        "/cryptocurrency/category" => path.ends_with("/category"),
        part => path.contains(part),
    };
    BY_PATH.iter().find(fits).map(|(_, columns)| *columns)
}

/// The names of all fields, as they come.
fn all(rows: &[Record]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Field and value.
fn upright(rows: Vec<Record>) -> Table {
    let pair = |(name, cell): (String, Cell)| {
        vec![
            ("field".to_owned(), Cell { text: name, is_number: false }),
            ("value".to_owned(), Cell { is_number: false, ..cell }),
        ]
    };
    let rows: Vec<Record> = rows.into_iter().flatten().map(pair).collect();
    Table::of(vec!["field".to_owned(), "value".to_owned()], &rows)
}

/// A row per currency, its prices under their own names.
fn by_currency(record: &Record) -> Vec<Record> {
    let split = |name: &str| -> Option<(String, String)> {
        let (currency, field) = name.strip_prefix("quote.")?.split_once('.')?;
        (currency != "exchange_reported").then(|| (currency.to_owned(), field.to_owned()))
    };
    let mut currencies: Vec<String> = Vec::new();
    for (currency, _) in record.iter().filter_map(|(name, _)| split(name)) {
        if !currencies.contains(&currency) {
            currencies.push(currency);
        }
    }
    if currencies.is_empty() {
        return vec![record.clone()];
    }
    let row = |currency: String| {
        let mut row = Record::new();
        for (name, cell) in record {
            match split(name) {
                Some((of, field)) if of == currency => {
                    row.retain(|(known, _)| *known != field);
                    row.push((field, cell.clone()));
                }
                Some(_) => {}
                None => row.push((name.clone(), cell.clone())),
            }
        }
        row.push(("currency".to_owned(), Cell { text: currency, is_number: false }));
        row
    };
    currencies.into_iter().map(row).collect()
}
