//! The monitor's own numbers as text for scraping.

use std::fmt::Write;
use std::time::Duration;

use crate::monitor::Monitor;
#[cfg(feature = "prometheus")]
use crate::operation::Series;
use crate::window::Window;

const QUANTILES: [f64; 5] = [0.5, 0.9, 0.95, 0.99, 0.999];
/// Longer windows are for reports: a scraper keeps its own history.
const WINDOWS: [Window; 2] = [Window::FiveMinutes, Window::OneHour];

/// All families, each name starting with `prefix`.
pub(crate) fn render(monitor: &Monitor, prefix: &str, now: Duration) -> String {
    let mut page = Page { prefix, text: String::new() };
    render_totals(&mut page, monitor);
    render_quantiles(&mut page, monitor, now);
    render_vitals(&mut page, monitor, now);
    page.text
}

fn render_totals(page: &mut Page<'_>, monitor: &Monitor) {
    let lifetimes = monitor.lifetimes();
    page.family("operations_total", "counter", "Operations by how they ended.");
    for (series, count, _) in &lifetimes {
        let labels = labels(&series.operation, &series.outcome);
        page.line("operations_total", &labels, *count);
    }
    page.family("operation_seconds_total", "counter", "Time spent in operations.");
    for (series, _, sum) in &lifetimes {
        let labels = labels(&series.operation, &series.outcome);
        page.line("operation_seconds_total", &labels, sum.as_secs_f64());
    }
    page.family("operation_overflow_total", "counter", "Names that no longer fitted.");
    page.line("operation_overflow_total", "", monitor.overflowed());
}

/// How the line of the time that was spent there begins.
#[cfg(feature = "prometheus")]
pub(crate) fn line_of_seconds(prefix: &str, series: &Series) -> String {
    let labels = labels(&series.operation, &series.outcome);
    format!("{prefix}_operation_seconds_total{{{labels}}}")
}

fn render_quantiles(page: &mut Page<'_>, monitor: &Monitor, now: Duration) {
    let name = "operation_quantile_seconds";
    page.family(name, "gauge", "Quantiles of operation time over a rolling window.");
    for window in WINDOWS {
        for (operation, outcome, sketch) in monitor.snapshot(now, window).iter() {
            let labels = labels(operation, outcome);
            for quantile in QUANTILES {
                let window = window.as_str();
                let labels = format!("{labels},window=\"{window}\",quantile=\"{quantile}\"");
                page.line(name, &labels, sketch.quantile(quantile).as_secs_f64());
            }
        }
    }
}

fn render_vitals(page: &mut Page<'_>, monitor: &Monitor, now: Duration) {
    let vitals = monitor.vitals(now);
    if let Some(bytes) = vitals.resident_bytes {
        page.family("resident_bytes", "gauge", "Resident memory.");
        page.line("resident_bytes", "", bytes);
    }
    if let Some(bytes) = vitals.peak_resident_bytes {
        page.family("peak_resident_bytes", "gauge", "The most resident memory there ever was.");
        page.line("peak_resident_bytes", "", bytes);
    }
    page.family("uptime_seconds", "gauge", "Time since the start.");
    page.line("uptime_seconds", "", vitals.uptime_seconds);
}

struct Page<'a> {
    prefix: &'a str,
    text: String,
}

impl Page<'_> {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let prefix = self.prefix;
        self.write(format_args!("# HELP {prefix}_{name} {help}\n# TYPE {prefix}_{name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let prefix = self.prefix;
        if labels.is_empty() {
            self.write(format_args!("{prefix}_{name} {value}\n"));
        } else {
            self.write(format_args!("{prefix}_{name}{{{labels}}} {value}\n"));
        }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        self.text.write_fmt(text).expect("writing to a String cannot fail");
    }
}

fn labels(operation: &str, outcome: &str) -> String {
    format!("operation=\"{}\",outcome=\"{}\"", escaped(operation), escaped(outcome))
}

pub(crate) fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests;
