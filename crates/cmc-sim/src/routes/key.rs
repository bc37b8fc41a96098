//! `key/info`: the account as the meter sees it at this moment, this request included.

use crate::json::Json;
use crate::meter::Usage;
use crate::operations::{Ask, Prepared};
use crate::refusal::{self, Refusal};
use crate::time::{self, Millis};

/// v1.
pub(crate) fn info<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let usage = ask.meter.usage(&ask.payer.account, ask.now_ms).ok_or(refusal::KEY_INVALID)?;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        plan(json, &usage, ask.now_ms);
        consumption(json, &usage);
        json.close_object();
    }))
}

fn plan(json: &mut Json, usage: &Usage, now: Millis) {
    json.key("plan");
    json.open_object();
    if let Some(limit) = usage.daily_limit {
        json.count("credit_limit_daily", limit);
        json.text("credit_limit_daily_reset", &time::until(now, usage.day_end));
        json.text("credit_limit_daily_reset_timestamp", &time::iso(usage.day_end));
    }
    json.count("credit_limit_monthly", usage.monthly_limit);
    json.text("credit_limit_monthly_reset", &time::until(now, usage.month_end));
    json.text("credit_limit_monthly_reset_timestamp", &time::iso(usage.month_end));
    json.count("rate_limit_minute", usage.rpm);
    json.close_object();
}

fn consumption(json: &mut Json, usage: &Usage) {
    json.key("usage");
    json.open_object();
    json.key("current_minute");
    json.open_object();
    json.count("requests_made", usage.minute_used);
    json.count("requests_left", usage.rpm.saturating_sub(usage.minute_used));
    json.close_object();
    json.key("current_day");
    json.open_object();
    json.count("credits_used", usage.day_used);
    if let Some(limit) = usage.daily_limit {
        json.count("credits_left", limit.saturating_sub(usage.day_used));
    }
    json.close_object();
    json.key("current_month");
    json.open_object();
    json.count("credits_used", usage.month_used);
    json.count("credits_left", usage.monthly_limit.saturating_sub(usage.month_used));
    json.close_object();
    json.close_object();
}
