//! `altcoin-season-index`: one number per day, told every fifteen minutes.

use crate::json::Json;
use crate::market::{moment, noise, path};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::global;
use crate::time::{self, DAY, MINUTE, Millis};

/// Days of the year that highs and lows are told of.
const YEAR: i64 = 365;

/// v1.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let today = ask.now_ms.div_euclid(DAY);
    let snapshot = ask.now_ms.div_euclid(15 * MINUTE) * 15 * MINUTE;
    Ok(Prepared::new(1, move |json| {
        let day = |day: i64| (index(ask.market.seed, day), day);
        let year = || (today - YEAR + 1..=today).map(day);
        let high = year().max_by_key(|it| it.0).unwrap_or((0, today));
        let low = year().min_by_key(|it| it.0).unwrap_or((0, today));
        json.open_object();
        json.count("altcoin_index", index(ask.market.seed, today));
        json.maybe("altcoin_marketcap", Some(alt_cap(ask, snapshot)));
        json.text("snapshot_time", &time::iso(snapshot));
        for (name, (value, day)) in [("yearly_high", high), ("yearly_low", low)] {
            json.count(name, value);
            json.text(&format!("{name}_date"), &time::iso(day * DAY));
        }
        json.close_object();
    }))
}

/// v1: the days of a time frame, rising.
pub(crate) fn historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let timeframe = ask.params.get("timeframe").unwrap_or("7d");
    let n_days: i64 = timeframe.trim_end_matches('d').parse().unwrap_or(7);
    let today = ask.now_ms.div_euclid(DAY);
    Ok(Prepared::new(1, move |json: &mut Json| {
        json.open_object();
        json.text("timeframe", timeframe);
        json.key("points");
        json.open_array();
        for day in today - n_days + 1..=today {
            json.open_object();
            json.text("timestamp", &time::iso(day * DAY));
            json.count("altcoin_index", index(ask.market.seed, day));
            json.maybe("altcoin_marketcap", Some(alt_cap(ask, day * DAY)));
            json.close_object();
        }
        json.close_array();
        json.close_object();
    }))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to 1..=99")]
#[expect(clippy::cast_sign_loss, reason = "clamped to 1..=99")]
fn index(seed: u64, day: i64) -> u64 {
    let mood = noise::walk(noise::mix2(seed, 0xA17C), day * 1_440);
    (45.0 + 60.0 * mood).clamp(1.0, 99.0) as u64
}

/// Everything but Bitcoin, in USD.
fn alt_cap(ask: &Ask<'_>, at: Millis) -> f64 {
    let (market, step) = (ask.market, path::step_of(at));
    let bitcoin = market
        .coin_by_id(global::BTC)
        .map_or(0.0, |at| moment::spot(market.seed, &market.coins[at], step).cap);
    global::shown(market.totals.at(market, step).0 - bitcoin)
}
