//! The text for scraping, rewritten as OpenMetrics 1.0, which has room for exemplars.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::exemplar::Exemplar;

const TOTAL: &str = "_total";

/// `text` in the older format, with the exemplars of its lines: each is found by all that stands
/// before the value.
pub(crate) fn rewritten(text: &str, exemplars: &BTreeMap<String, Exemplar>) -> String {
    let is_counter = |line: &'_ str| line.ends_with(" counter");
    let types = text.lines().filter(|line| is_counter(line));
    let counters: BTreeSet<&str> =
        types.filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let mut open = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            write_comment(&mut open, comment, &counters);
        } else if let Some((series, value)) = line.rsplit_once(' ') {
            write(&mut open, format_args!("{} {value}", canonical(series)));
            match exemplars.get(series) {
                Some(exemplar) => write(&mut open, format_args!(" # {exemplar}\n")),
                None => open.push('\n'),
            }
        }
    }
    open.push_str("# EOF\n");
    open
}

/// What a family is, under its own name: that of a counter is without `_total`.
fn write_comment(open: &mut String, comment: &str, counters: &BTreeSet<&str>) {
    let mut words = comment.splitn(3, ' ');
    let (Some(what), Some(name)) = (words.next(), words.next()) else { return };
    let rest = words.next().unwrap_or_default();
    let family = counters.get(name).and_then(|name| name.strip_suffix(TOTAL));
    let rest: Cow<'_, str> = match (what, rest) {
        ("TYPE", "untyped") => "unknown".into(),
        // Its samples would lack the ending that OpenMetrics demands.
        ("TYPE", "counter") if family.is_none() => "unknown".into(),
        ("TYPE", kind) => kind.into(),
        ("HELP", help) => help.replace('"', "\\\"").into(),
        _ => return,
    };
    write(open, format_args!("# {what} {} {rest}\n", family.unwrap_or(name)));
}

/// Bounds and quantiles are numbers, written in one way only.
fn canonical(series: &str) -> Cow<'_, str> {
    for label in ["le=\"", "quantile=\""] {
        let Some(at) = series.rfind(label) else { continue };
        let is_name = series[..at].ends_with(['{', ',']);
        let (head, tail) = series.split_at(at + label.len());
        if let Some(number) = tail.strip_suffix("\"}").filter(|_| is_name) {
            return format!("{head}{}\"}}", number_of(number)).into();
        }
    }
    series.into()
}

/// As Go writes it: `1.0`, `0.0001`, `1e-05`. Bounds of a million or more are not ours.
fn number_of(text: &str) -> Cow<'_, str> {
    let Ok(number) = text.parse::<f64>() else { return text.into() };
    if !number.is_finite() {
        return text.into();
    }
    if number != 0.0 && number.abs() < 1e-4 {
        let scientific = format!("{number:e}");
        let (mantissa, exponent) = scientific.split_once("e-").unwrap_or((&scientific, "0"));
        return format!("{mantissa}e-{exponent:0>2}").into();
    }
    // With a fraction, even where it is zero.
    format!("{number:?}").into()
}

fn write(open: &mut String, text: std::fmt::Arguments<'_>) {
    open.write_fmt(text).expect("writing to a String cannot fail");
}

#[cfg(test)]
mod tests;
