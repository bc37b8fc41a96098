//! `listings/historical`: the market at the end of a day.

use crate::depth::Depth;
use crate::json::Json;
use crate::market::moment::{Moment, STEP};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin::{CoinWriter, Shape};
use crate::routes::listings::{self, DEFAULT_LIMIT};
use crate::time::{self, DAY, MINUTE, Millis};

/// The first day of the record.
const FIRST: (i16, i8, i8) = (2013, 4, 28);
/// A day is there so long after it has ended.
const DELAY: Millis = 30 * MINUTE;

/// v1.
pub(crate) fn historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let day = ask.params.time("date").unwrap_or(0).div_euclid(DAY) * DAY;
    Depth::Listings.check(ask, Some(day))?;
    let moment = Moment::recorded(ask.market, (day + DAY) / STEP - 1);
    let page = if is_recorded(ask, day) { page(ask, &moment) } else { Vec::new() };
    let (n_items, n_converts) = (page.len(), currencies.len());
    let currencies = currencies.iter().map(|it| it.then(ask.market, &moment)).collect();
    let write = move |json: &mut Json| {
        CoinWriter::over(ask.market, &moment, Shape::past(ask), currencies).list(json, &page);
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

fn is_recorded(ask: &Ask<'_>, day: Millis) -> bool {
    let (year, month, first) = FIRST;
    day >= time::midnight(year, month, first) && day + DAY + DELAY <= ask.now_ms
}

fn page(ask: &Ask<'_>, moment: &Moment) -> Vec<usize> {
    let then = Ask { moment, params: ask.params.clone(), ..*ask };
    let ranked = moment.ranked.iter().map(|at| *at as usize);
    let is_wanted = |at: &usize| listings::is_wanted_type(ask, &ask.market.coins[*at]);
    let mut chosen: Vec<usize> = ranked.filter(is_wanted).collect();
    match ask.params.get("sort").unwrap_or("cmc_rank") {
        "cmc_rank" if listings::is_rising(ask, true) => {}
        "cmc_rank" => chosen.reverse(),
        field => {
            let is_rising = listings::is_rising(ask, matches!(field, "name" | "symbol"));
            listings::sort_by(&then, &mut chosen, field, is_rising);
        }
    }
    listings::page(ask, chosen, DEFAULT_LIMIT)
}
