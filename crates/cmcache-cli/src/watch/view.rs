//! What was said last, as words, shares and curves. Pure: what the gateway did not say is `–`.

use std::{collections::VecDeque, time::Duration};

use serde_json::Value;

use super::{Heard, Looked};

/// Events kept on the screen.
const EVENTS_MAX: usize = 100;

/// What the screen shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    pub(crate) url: String,
    looked: Option<Looked>,
    events: VecDeque<Heard>,
    lost: Option<(String, Duration)>,
    pub(crate) is_paused: bool,
}

/// A share of a limit: both, and the words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Share {
    pub(crate) ratio: f64,
    pub(crate) words: String,
}

impl View {
    pub(crate) fn of(url: &str) -> Self {
        Self { url: url.to_owned(), ..Self::default() }
    }

    /// A look that succeeded: whatever was wrong is over.
    pub(crate) fn saw(&mut self, looked: Looked) {
        self.looked = Some(looked);
        self.lost = None;
    }

    /// A look that failed: what was seen before stays, and the screen says how old it is.
    pub(crate) fn missed(&mut self, why: String, after: Duration) {
        let since = self.lost.take().map_or(Duration::ZERO, |(_, since)| since);
        self.lost = Some((why, since + after));
    }

    pub(crate) fn heard(&mut self, event: Heard) {
        if self.events.len() == EVENTS_MAX {
            self.events.pop_back();
        }
        self.events.push_front(event);
    }

    /// Why nothing new comes, and for how long.
    pub(crate) fn lost(&self) -> Option<String> {
        let (why, since) = self.lost.as_ref()?;
        Some(format!("no answer for {} s, trying again: {why}", since.as_secs()))
    }

    fn said(&self, of: impl Fn(&Looked) -> &Value) -> &Value {
        self.looked.as_ref().map_or(&Value::Null, of)
    }

    pub(crate) fn title(&self) -> String {
        let status = self.said(|looked| &looked.status);
        let up = Duration::from_secs(status["uptime_s"].as_u64().unwrap_or_default());
        let (hours, minutes) = (up.as_secs() / 3_600, up.as_secs() / 60 % 60);
        let version = text(&status["version"]);
        format!(
            "{} · {version} · up {hours} h {minutes} min · before {}",
            self.url,
            text(&status["upstream"])
        )
    }

    /// `pass`, `warn`, `fail`, or unknown.
    pub(crate) fn health(&self) -> String {
        text(&self.said(|looked| &looked.health)["status"])
    }

    pub(crate) fn checks(&self) -> Vec<[String; 3]> {
        let checks = self.said(|looked| &looked.health)["checks"].as_object();
        let each = checks.into_iter().flatten().flat_map(|(name, found)| {
            let found = found.as_array().into_iter().flatten();
            found.map(|one| [name.clone(), text(&one["status"]), text_or(&one["output"], "")])
        });
        each.collect()
    }

    /// The month's credits against their limit.
    pub(crate) fn credits(&self) -> Share {
        let month = &self.said(|looked| &looked.credits)["month"];
        let used = month["used"].as_u64();
        let limit = month["limit"].as_u64();
        let reset = text(&month["reset"]);
        let reset = reset.get(..10).unwrap_or("–");
        match (used, limit) {
            (Some(used), Some(limit)) => Share {
                ratio: ratio(used, limit),
                words: format!("{used} of {limit} credits, until {reset}{}", self.forecast()),
            },
            (Some(used), None) => {
                Share { ratio: 0.0, words: format!("{used} credits, no limit known") }
            }
            _ => Share { ratio: 0.0, words: "–".to_owned() },
        }
    }

    fn forecast(&self) -> String {
        let forecast = self.looked.as_ref().and_then(|looked| looked.forecast.as_ref());
        let band = forecast.map(|told| &told["forecast"]["used_at_reset"]);
        match band.and_then(|band| band["mid"].as_u64()) {
            Some(mid) => format!("; {mid} expected by then"),
            None => String::new(),
        }
    }

    fn moments(&self) -> &[Value] {
        let moments = self.said(|looked| &looked.timeline)["moments"].as_array();
        moments.map(Vec::as_slice).unwrap_or_default()
    }

    /// Requests a second, oldest first, in tenths: a curve of whole numbers.
    pub(crate) fn rates(&self) -> Vec<u64> {
        self.moments().iter().map(|moment| tenths(total(moment), moment)).collect()
    }

    /// Requests a second and the share that was wholly cached, over the last minute.
    pub(crate) fn rate(&self) -> String {
        let moments = self.moments();
        let lately = &moments[moments.len().saturating_sub(12)..];
        let all: u64 = lately.iter().map(total).sum();
        let full = |moment: &Value| moment["requests"]["full"].as_u64().unwrap_or_default();
        let full: u64 = lately.iter().map(full).sum();
        let seconds: f64 = lately.iter().filter_map(|moment| moment["seconds"].as_f64()).sum();
        if seconds <= 0.0 {
            return "–".to_owned();
        }
        let rate = float(all) / seconds;
        format!("{rate:.1}/s, {:.1} % wholly cached", 100.0 * ratio(full, all))
    }

    /// Latencies of the last minute: of hits, and of everything else.
    pub(crate) fn latencies(&self) -> Vec<[String; 4]> {
        let latest = self.moments().last().map_or(&Value::Null, |moment| &moment["latencies"]);
        let row = |name: &str| {
            let ms = |quantile: &str| match latest[name][quantile].as_f64() {
                Some(ms) => format!("{ms:.2}"),
                None => "–".to_owned(),
            };
            [name.to_owned(), ms("p50_ms"), ms("p95_ms"), ms("p99_ms")]
        };
        vec![row("hit"), row("other")]
    }

    /// Where coins were found: the breaker, how many, and how long it took to ask there.
    pub(crate) fn tiers(&self) -> Vec<[String; 4]> {
        let status = self.said(|looked| &looked.status);
        let memory = status["hot"]["hits"].as_u64().unwrap_or_default()
            + status["ready_answers"].as_u64().unwrap_or_default();
        let tiers = status["tiers"].as_array().into_iter().flatten();
        let rows = tiers.map(|tier| {
            let took = self.took(&tier["name"]);
            [text(&tier["name"]), text(&tier["breaker"]), text(&tier["hits"]), took]
        });
        let closed = "closed".to_owned();
        let first = ["decoded".to_owned(), closed, memory.to_string(), String::new()];
        let fetched = text(&status["fetched"]);
        let upstream = ["upstream".to_owned(), self.breakers(), fetched, String::new()];
        std::iter::once(first).chain(rows).chain([upstream]).collect()
    }

    /// Half of the last minute's looks into a tier, and 99 % of them, took at most so long.
    fn took(&self, tier: &Value) -> String {
        let latest = self.moments().last().map_or(&Value::Null, |moment| &moment["tiers"]);
        let mut told = latest.as_array().into_iter().flatten();
        let told = told.find(|told| told["name"] == *tier);
        let ms = |told: &Value, quantile: &str| told[quantile].as_f64().map(fine);
        let both = told.and_then(|told| Some((ms(told, "p50_ms")?, ms(told, "p99_ms")?)));
        both.map_or_else(|| "–".to_owned(), |(half, most)| format!("{half} / {most}"))
    }

    fn breakers(&self) -> String {
        let open = self.said(|looked| &looked.status)["breakers"].as_array().map_or(0, Vec::len);
        if open == 0 { "closed".to_owned() } else { format!("{open} open") }
    }

    /// The latest calls: when, what, how many keys for how many credits, how long.
    pub(crate) fn calls(&self) -> Vec<[String; 5]> {
        let ledger = self.said(|looked| &looked.ledger);
        let rows = ledger["items"].as_array().or_else(|| ledger.as_array());
        let row = |posting: &Value| {
            let at = posting["at"].as_i64().map_or_else(|| "–".to_owned(), clock);
            let keys = format!("{} keys", text(&posting["n_keys"]));
            let charged = format!("{} cr", text(&posting["charged"]));
            let took = format!("{} ms {}", text(&posting["elapsed_ms"]), text(&posting["outcome"]));
            [at, text(&posting["operation"]), keys, charged, took]
        };
        rows.into_iter().flatten().map(row).collect()
    }

    pub(crate) fn slow(&self) -> Vec<[String; 3]> {
        let rows = self.said(|looked| &looked.slow).as_array().into_iter().flatten();
        let row = |slow: &Value| {
            let ms = slow["elapsed_ms"].as_f64().unwrap_or_default();
            let took = [Some(format!("{ms:.0} ms")), largest(&slow["cause"])];
            let took = took.into_iter().flatten().collect::<Vec<_>>().join(", ");
            [text(&slow["operation"]), text(&slow["outcome"]), took]
        };
        rows.map(row).collect()
    }

    /// Newest first.
    pub(crate) fn events(&self) -> Vec<String> {
        self.events.iter().map(event).collect()
    }
}

fn event(heard: &Heard) -> String {
    let at = heard.told["at"].as_str().and_then(|at| at.get(11..19)).unwrap_or_default();
    let told = heard.told["told"].as_object().into_iter().flatten();
    let shown = told.filter(|(_, value)| !value.is_null());
    let words: Vec<String> = shown.map(|(name, value)| format!("{name} {}", text(value))).collect();
    format!("{at} {} {}", heard.kind, words.join(", ")).trim().to_owned()
}

/// Milliseconds as exactly as they matter: memory takes less than a microsecond.
fn fine(ms: f64) -> String {
    match ms {
        ms if ms < 0.095 => format!("{ms:.4}"),
        ms if ms < 9.95 => format!("{ms:.2}"),
        ms => format!("{ms:.0}"),
    }
}

/// Hour, minute and second of an instant in UTC.
fn clock(millis: i64) -> String {
    let seconds = millis.div_euclid(1_000).rem_euclid(86_400);
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

fn total(moment: &Value) -> u64 {
    let requests = moment["requests"].as_object().into_iter().flatten();
    requests.filter_map(|(_, n)| n.as_u64()).sum()
}

fn tenths(n: u64, moment: &Value) -> u64 {
    let millis = (moment["seconds"].as_f64().unwrap_or(1.0) * 1_000.0).max(1.0);
    let rate = float(n) * 10_000.0 / millis;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    let rate = rate as u64;
    rate
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (float(part) / float(whole)).min(1.0) }
}

#[expect(clippy::cast_precision_loss, reason = "for curves and shares only")]
const fn float(n: u64) -> f64 {
    n as f64
}

/// What most of the time went into, if that is known: `wait 1900`.
fn largest(cause: &Value) -> Option<String> {
    let parts = cause.as_object()?.iter();
    let parts = parts.filter_map(|(name, ms)| Some((name.strip_suffix("_ms")?, ms.as_f64()?)));
    let (name, ms) = parts.max_by(|one, other| one.1.total_cmp(&other.1))?;
    Some(format!("{name} {ms:.0}"))
}

fn text(value: &Value) -> String {
    text_or(value, "–")
}

fn text_or(value: &Value, nothing: &str) -> String {
    match value {
        Value::Null => nothing.to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
