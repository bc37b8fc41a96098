//! `fear-and-greed/latest`: one number per day, told every fifteen minutes.

use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::time::{self, DAY, MINUTE};

/// v3.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let day = ask.now_ms.div_euclid(DAY);
    let mood = noise::walk(noise::mix2(ask.market.seed, 0xFEA2), day * 1_440);
    #[expect(clippy::cast_possible_truncation, reason = "clamped to 5..=95")]
    #[expect(clippy::cast_sign_loss, reason = "clamped to 5..=95")]
    let value = (50.0 + 60.0 * mood).clamp(5.0, 95.0) as u64;
    let updated = ask.now_ms.div_euclid(15 * MINUTE) * 15 * MINUTE;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        json.count("value", value);
        json.text("value_classification", classification(value));
        json.text("update_time", &time::iso(updated));
        json.close_object();
    }))
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
