//! `quotes/latest`: objects by key in v1 and v2, one flat array in v3.

use crate::market::Subject;
use crate::operations::{Ask, Prepared};
use crate::quirks::Unresolved;
use crate::refusal::Refusal;
use crate::resolve::{self, Found};
use crate::routes::coin::{CoinWriter, Shape};

/// v1 and v2.
pub(crate) fn keyed<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let named = resolve::identify(ask, true);
    let skips = ask.skips(&named, true);
    let is_listed = named.parameter == "symbol" && ask.version == 2;
    let mut found = named.or_refuse(skips)?;
    if !is_listed {
        found.iter_mut().for_each(|found| found.subjects.truncate(1));
    }
    let n_converts = currencies.len();
    let n_items = found.iter().map(|found| found.subjects.len()).sum();
    let coins = CoinWriter::new(ask, Shape::quotes(ask), currencies);
    let write = move |json: &mut crate::json::Json| {
        json.open_object();
        for Found { key, subjects } in found {
            json.key(&key);
            if is_listed {
                json.open_array();
                subjects.iter().for_each(|subject| coins.write(json, *subject));
                json.close_array();
            } else {
                coins.write(json, subjects[0]);
            }
        }
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v3.
pub(crate) fn flat<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let skips_by_default = ask.quirks.v3_unknown_identifier == Unresolved::Empty;
    let skips = ask.params.is_true("skip_invalid", skips_by_default);
    let found = resolve::identify(ask, true).or_refuse(skips)?;
    let subjects: Vec<Subject> = found.into_iter().flat_map(|found| found.subjects).collect();
    let n_converts = currencies.len();
    let coins = CoinWriter::new(ask, Shape::quotes(ask), currencies);
    let n_items = subjects.len();
    let write = move |json: &mut crate::json::Json| {
        json.open_array();
        subjects.iter().for_each(|subject| coins.write(json, *subject));
        json.close_array();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}
