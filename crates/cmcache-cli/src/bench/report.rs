//! The bench for people: a table per rate, one of all rates, and what must hold.

use super::{
    installed::Installed,
    summary::{Percentiles, Summary},
};

/// A table: its heading, and its rows.
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) heading: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// What else there is to say.
    pub(crate) lines: Vec<String>,
}

/// Everything, in the order of reading.
pub(crate) fn report(summaries: &[Summary], installed: Option<&Installed>) -> Vec<Table> {
    let mut tables: Vec<Table> = summaries.iter().map(of_rate).collect();
    if summaries.len() > 1 {
        tables.push(of_all(summaries));
    }
    tables.extend(installed.map(of_installed));
    tables
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn of_rate(summary: &Summary) -> Table {
    let bound = summary.bound.credits.max(1) as f64;
    let row = |name: &str, credits: u64, calls: Option<u64>| {
        let calls = calls.map_or_else(String::new, grouped);
        let ratio = format!("{:.2}", credits as f64 / bound);
        vec![name.to_owned(), grouped(credits), ratio, calls]
    };
    let schemes = summary.schemes.iter();
    let mut rows: Vec<_> =
        schemes.map(|scheme| row(&scheme.name, scheme.credits, Some(scheme.calls))).collect();
    let ours = &summary.cmcache;
    rows.push(row("cmcache", ours.credits, Some(ours.calls)));
    rows.push(row("lower bound of any schedule", summary.bound.credits, None));
    let many = if summary.seeds.len() > 1 { ", medians" } else { "" };
    Table {
        title: format!(
            "{} requests/s: {} requests; seeds {:?}{many}",
            summary.rate,
            grouped(summary.requests),
            summary.seeds
        ),
        heading: words(&["scheme", "credits", "× bound", "calls"]),
        rows,
        lines: facts(summary),
    }
}

fn facts(summary: &Summary) -> Vec<String> {
    let ours = &summary.cmcache;
    let Percentiles { p50, p95, p99, .. } = ours.hit_us;
    let mut lines = vec![
        format!("a hit takes p50 {p50:.0} µs, p95 {p95:.0} µs, p99 {p99:.0} µs in this process"),
        format!(
            "ages served: p50 {:.1} s, p99 {:.1} s, at most {:.3} s",
            ours.age_ms.p50 / 1_000.0,
            ours.age_ms.p99 / 1_000.0,
            ours.age_ms.max / 1_000.0
        ),
        format!(
            "{:.3} % of entities were there after the first minute; a miss waits {:.0} ms beyond \
             the call (p99 {:.0}, at most {:.0})",
            100.0 * ours.hit_rate,
            ours.added_wait_ms.p50,
            ours.added_wait_ms.p99,
            ours.added_wait_ms.max
        ),
        format!(
            "{} calls in the busiest minute, {:.1} in each after the first; {} failed, {} stale, \
             {} refused by upstream",
            ours.calls_in_busiest_minute,
            ours.calls_per_minute,
            ours.failed,
            ours.stale,
            ours.refused_by_upstream
        ),
        format!(
            "{} quotes compared with what upstream gave for that coin, currency and instant: {} \
             differ; {} answers older than they say",
            grouped(ours.compared),
            ours.wrong,
            ours.older_than_told
        ),
    ];
    if let Some(best) = &summary.best_rule {
        lines.push(format!(
            "the best simple rule is {:?} with {}: cmcache pays {:.2} times as much",
            best.name,
            grouped(best.credits),
            best.ours_over_it
        ));
    }
    lines
}

fn of_all(summaries: &[Summary]) -> Table {
    let rows = summaries.iter().map(|summary| {
        let best = summary.best_rule.as_ref();
        vec![
            format!("{}", summary.rate),
            grouped(summary.cmcache.credits),
            grouped(summary.bound.credits),
            format!("{:.2}", summary.over_bound),
            format!("1/{:.0}", summary.url_cache_over_ours()),
            best.map_or_else(String::new, |best| best.name.clone()),
            best.map_or_else(String::new, |best| grouped(best.credits)),
            best.map_or_else(String::new, |best| format!("{:.2}", best.ours_over_it)),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let worst = summaries
        .iter()
        .filter_map(|summary| Some((summary.best_rule.as_ref()?, summary.rate)))
        .max_by(|one, two| one.0.ours_over_it.total_cmp(&two.0.ours_over_it));
    let lines = worst.map(|(best, rate)| {
        format!(
            "worst beside a simple rule at {rate} requests/s: {:.2} times {:?}",
            best.ours_over_it, best.name
        )
    });
    Table {
        title: "all rates".to_owned(),
        heading: words(&[
            "requests/s",
            "cmcache",
            "bound",
            "× bound",
            "of URL cache",
            "best simple rule",
            "its credits",
            "× best rule",
        ]),
        rows,
        lines: lines.into_iter().collect(),
    }
}

fn of_installed(installed: &Installed) -> Table {
    let mut rows: Vec<Vec<String>> = installed
        .caches
        .iter()
        .map(|paid| {
            let failed = paid.failed.to_string();
            vec![paid.name.to_owned(), grouped(paid.credits), grouped(paid.calls), failed]
        })
        .collect();
    let modelled = grouped(installed.modelled);
    rows.push(vec!["cache by URL, modelled".to_owned(), modelled, String::new(), String::new()]);
    Table {
        title: format!(
            "the first {} seconds in real time, {} seconds as the maximum age",
            installed.seconds, installed.max_age_s
        ),
        heading: words(&["cache", "credits", "calls", "failed"]),
        rows,
        lines: Vec::new(),
    }
}

/// Thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
