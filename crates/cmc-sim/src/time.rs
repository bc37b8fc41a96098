//! Instants as the API writes them, and the edges of days and billing months.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Milliseconds since 1970, UTC: the only form in which time travels inside this crate.
pub(crate) type Millis = i64;

pub(crate) const MINUTE: Millis = 60_000;
pub(crate) const HOUR: Millis = 60 * MINUTE;
pub(crate) const DAY: Millis = 24 * HOUR;

/// `2026-10-05T09:14:31.207Z`.
pub(crate) fn iso(ms: Millis) -> String {
    let stamp = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    stamp.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// `Mon, 05 Oct 2026 09:14:31 GMT`.
pub(crate) fn http_date(ms: Millis) -> String {
    let stamp = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    stamp.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads an ISO-8601 instant; a missing zone means UTC.
pub(crate) fn parse_iso(text: &str) -> Option<Millis> {
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Some(stamp.as_millisecond());
    }
    let civil = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// Reads an instant as parameters bring it: ISO-8601, or seconds since 1970.
pub(crate) fn parse_instant(text: &str) -> Option<Millis> {
    // Eight digits are a date in the basic format.
    if text.len() != 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds: i64 = text.parse().ok()?;
        return (seconds < 253_402_300_800).then_some(seconds * 1_000);
    }
    parse_iso(text)
}

/// The calendar day of an instant.
pub(crate) fn date(ms: Millis) -> Date {
    let stamp = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    stamp.to_zoned(TimeZone::UTC).date()
}

/// The first millisecond of a calendar day.
pub(crate) fn start_of(date: Date) -> Millis {
    edge(date)
}

/// The midnight (UTC) that lies so many months before `now`.
pub(crate) fn months_before(now: Millis, months: i64) -> Millis {
    date(now).checked_sub(months.months()).map_or(0, edge)
}

/// Midnight (UTC) of a calendar day.
pub(crate) fn midnight(year: i16, month: i8, day: i8) -> Millis {
    Date::new(year, month, day)
        .and_then(|date| date.to_zoned(TimeZone::UTC))
        .map_or(0, |zoned| zoned.timestamp().as_millisecond())
}

/// The month-long window around `now` whose edges fall on `day` of the month plus `offset` ms.
pub(crate) fn month_window(now: Millis, day: i8, offset: Millis) -> (Millis, Millis) {
    let today = Timestamp::from_millisecond(now - offset)
        .unwrap_or(Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::UTC)
        .date();
    let this_month = Date::new(today.year(), today.month(), day).unwrap_or(today);
    let start = if this_month <= today { this_month } else { back_one_month(this_month) };
    let end = start.checked_add(1.month()).unwrap_or(start);
    (edge(start) + offset, edge(end) + offset)
}

/// `In 3 days, 19 hours, 56 minutes`.
pub(crate) fn until(from: Millis, to: Millis) -> String {
    let left = (to - from).max(0);
    let parts =
        [(left / DAY, "day"), (left % DAY / HOUR, "hour"), (left % HOUR / MINUTE, "minute")];
    let words: Vec<String> = parts
        .iter()
        .filter(|(count, unit)| *count > 0 || *unit == "minute")
        .map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    format!("In {}", words.join(", "))
}

fn back_one_month(date: Date) -> Date {
    date.checked_sub(1.month()).unwrap_or(date)
}

fn edge(date: Date) -> Millis {
    midnight(date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests;
