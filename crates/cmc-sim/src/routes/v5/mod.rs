//! The families of v5: pages of rows under a plural, whom a call names, and its currencies.

pub(crate) mod ai;
pub(crate) mod derivatives;
pub(crate) mod exchanges;
pub(crate) mod liquidations;
pub(crate) mod named;
pub(crate) mod rwa;
pub(crate) mod rwa_issuers;
pub(crate) mod rwa_pairs;
#[cfg(test)]
mod tests;

use crate::json::Json;
use crate::market::noise;
use crate::market::quote::Currency;
use crate::operations::Ask;
use crate::routes::write;

/// Rows of one page unless the call says otherwise.
const PAGE: usize = 100;

/// One page of a list, and what is known about the rest.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    total: usize,
    has_more: bool,
}

impl<T> Page<T> {
    /// What `start` and `limit` leave of a list.
    pub(crate) fn of(ask: &Ask<'_>, all: Vec<T>) -> Self {
        let total = all.len();
        let start = ask.params.count("start").unwrap_or(1).saturating_sub(1);
        let limit = ask.params.count("limit").unwrap_or(PAGE);
        let rows: Vec<T> = all.into_iter().skip(start).take(limit).collect();
        let has_more = start.saturating_add(rows.len()) < total;
        Self { rows, total, has_more }
    }

    /// `{<plural>: […], total_size, has_more}`.
    pub(crate) fn write(self, json: &mut Json, plural: &str, row: impl FnMut(&mut Json, T)) {
        json.open_object();
        self.fields(json, plural, row);
        json.close_object();
    }

    /// The same inside of an object that is open already.
    pub(crate) fn fields(self, json: &mut Json, plural: &str, row: impl FnMut(&mut Json, T)) {
        write::list(json, plural, self.rows, row);
        json.count("total_size", self.total as u64);
        write::truth(json, "has_more", self.has_more);
    }
}

/// Whether a list goes down, which is the direction of numbers.
pub(crate) fn is_descending(ask: &Ask<'_>, default: bool) -> bool {
    ask.params.get("sort_dir").map_or(default, |direction| direction == "desc")
}

/// Puts `rows` in order of `value`; equal ones stay as they are, whatever the direction.
pub(crate) fn sort_by_number<T>(rows: &mut [T], is_down: bool, value: impl Fn(&T) -> f64) {
    rows.sort_by(|a, b| {
        let order = value(a).total_cmp(&value(b));
        if is_down { order.reverse() } else { order }
    });
}

/// Dollars in a currency, as shown.
pub(crate) fn money(currency: &Currency, dollars: f64) -> f64 {
    noise::significant(currency.of_usd(dollars), 12)
}

/// A price in a currency, as shown: with the digits of the classic quotes.
pub(crate) fn price(currency: &Currency, dollars: f64) -> f64 {
    noise::significant(currency.of_usd(dollars), 10)
}

/// The currency of a quote.
pub(crate) fn in_currency(json: &mut Json, currency: &Currency) {
    json.count("convert_id", u64::from(currency.id));
    json.text("convert_symbol", &currency.symbol);
}
