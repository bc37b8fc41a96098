//! `fiat/map`: the currencies, and the metals if wanted.

use crate::market::fiats::Fiat;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;

/// v1.
pub(crate) fn map<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let has_metals = ask.params.is_true("include_metals", false);
    let mut rows: Vec<&Fiat> =
        ask.market.fiats.iter().filter(|fiat| has_metals || !fiat.is_metal()).collect();
    if ask.params.get("sort") == Some("name") {
        rows.sort_by_key(|fiat| fiat.name);
    }
    let start = ask.params.count("start").unwrap_or(1) - 1;
    let limit = ask.params.count("limit").unwrap_or(usize::MAX);
    let page: Vec<&Fiat> = rows.into_iter().skip(start).take(limit).collect();
    Ok(Prepared::new(page.len(), move |json| {
        json.open_array();
        for fiat in page {
            json.open_object();
            json.count("id", u64::from(fiat.id));
            json.text("name", fiat.name);
            json.text("sign", fiat.sign);
            json.text("symbol", fiat.symbol);
            json.close_object();
        }
        json.close_array();
    }))
}
