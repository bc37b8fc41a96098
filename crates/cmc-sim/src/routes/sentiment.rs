//! `fear-and-greed`: one number per day; the latest is told every fifteen minutes.

use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::listings;
use crate::time::{self, DAY, MINUTE};

/// The first day of the record.
const FIRST: (i16, i8, i8) = (2018, 2, 1);
const DEFAULT_LIMIT: usize = 50;

/// v3.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let value = value(ask.market.seed, ask.now_ms.div_euclid(DAY));
    let updated = ask.now_ms.div_euclid(15 * MINUTE) * 15 * MINUTE;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        json.count("value", value);
        json.text("value_classification", classification(value));
        json.text("update_time", &time::iso(updated));
        json.close_object();
    }))
}

/// v3: newest first, the time as seconds in a text.
pub(crate) fn historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (year, month, first) = FIRST;
    let first = time::midnight(year, month, first).div_euclid(DAY);
    let days: Vec<i64> = (first..=ask.now_ms.div_euclid(DAY)).rev().collect();
    let page = listings::page(ask, days, DEFAULT_LIMIT);
    Ok(Prepared::new(page.len(), move |json| {
        json.open_array();
        for day in page {
            let value = value(ask.market.seed, day);
            json.open_object();
            json.text("timestamp", &(day * DAY / 1_000).to_string());
            json.count("value", value);
            json.text("value_classification", classification(value));
            json.close_object();
        }
        json.close_array();
    }))
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to 5..=95")]
#[expect(clippy::cast_sign_loss, reason = "clamped to 5..=95")]
fn value(seed: u64, day: i64) -> u64 {
    let mood = noise::walk(noise::mix2(seed, 0xFEA2), day * 1_440);
    (50.0 + 60.0 * mood).clamp(5.0, 95.0) as u64
}

const fn classification(value: u64) -> &'static str {
    match value {
        0..20 => "Extreme fear",
        20..40 => "Fear",
        40..60 => "Neutral",
        60..80 => "Greed",
        _ => "Extreme greed",
    }
}
