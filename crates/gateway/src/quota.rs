//! `key/info` for clients of the gateway: what is left for them, in the API's shape.

use bytes::Bytes;
use cmcache::{
    Allowance,
    clock::Timestamp,
    cmc_api::{
        Style,
        envelope::{self, Status},
        json,
    },
    credits::Credits,
    status::WindowStatus,
};
use http::StatusCode;
use serde_json::{Map, Value};

use crate::respond::{self, Reply};

/// The path that is answered here when clients are configured: the plan behind the gateway's own
/// key is not theirs.
pub(crate) const PATH: &str = "/v1/key/info";

/// The answer for a client that has made `requests_made` requests in this minute; `None` while no
/// limit is known, because the shape has no way to say so.
pub(crate) fn answer(allowance: &Allowance, requests_made: u64, at: Timestamp) -> Option<Reply> {
    let text = document(allowance, requests_made, at)?.to_string();
    let timestamp = at.to_string();
    let status = Status {
        style: Style::Classic,
        timestamp: &timestamp,
        elapsed: 0,
        credit_count: Credits::ZERO,
        total_count: None,
    };
    let mut out = Vec::with_capacity(1_024);
    envelope::success_head(&mut out, &status);
    json::write_pretty(&mut out, &text, 1);
    envelope::success_tail(&mut out, &status);
    Some(respond::json(StatusCode::OK, Bytes::from(out)))
}

fn document(allowance: &Allowance, requests_made: u64, at: Timestamp) -> Option<Value> {
    let month_limit = allowance.month.limit?;
    let mut plan = Map::new();
    let mut day = Map::from_iter([("credits_used".to_owned(), allowance.day.used.into())]);
    if let Some(limit) = allowance.day.limit {
        limits_of(&mut plan, "daily", limit, &allowance.day, at);
        day.insert("credits_left".to_owned(), left(&allowance.day).into());
    }
    limits_of(&mut plan, "monthly", month_limit, &allowance.month, at);
    let mut minute = Map::from_iter([("requests_made".to_owned(), requests_made.into())]);
    if let Some(limit) = allowance.rate_limit_minute {
        plan.insert("rate_limit_minute".to_owned(), limit.into());
        let left = u64::from(limit).saturating_sub(requests_made);
        minute.insert("requests_left".to_owned(), left.into());
    }
    Some(serde_json::json!({
        "plan": plan,
        "usage": {
            "current_minute": minute,
            "current_day": day,
            "current_month": {
                "credits_used": allowance.month.used,
                "credits_left": left(&allowance.month),
            },
        },
    }))
}

fn limits_of(
    plan: &mut Map<String, Value>,
    period: &str,
    limit: u64,
    window: &WindowStatus,
    at: Timestamp,
) {
    let name = format!("credit_limit_{period}");
    let reset = Timestamp::parse(&window.reset).map_or_else(String::new, |end| until(at, end));
    plan.insert(format!("{name}_reset"), reset.into());
    plan.insert(format!("{name}_reset_timestamp"), window.reset.clone().into());
    plan.insert(name, limit.into());
}

fn left(window: &WindowStatus) -> u64 {
    window.available.unwrap_or_default()
}

/// `In 3 days, 19 hours, 56 minutes`
fn until(now: Timestamp, end: Timestamp) -> String {
    let minutes = end.since(now).as_secs() / 60;
    let parts = [("day", minutes / 1_440), ("hour", minutes / 60 % 24), ("minute", minutes % 60)];
    let mut text = "In ".to_owned();
    let shown = parts.iter().skip_while(|(unit, n)| *n == 0 && *unit != "minute");
    for (index, (unit, n)) in shown.enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        let plural = if *n == 1 { "" } else { "s" };
        text.push_str(&format!("{comma}{n} {unit}{plural}"));
    }
    text
}

#[cfg(test)]
mod tests;
