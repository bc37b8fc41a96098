//! An arrival, what is known about it, and the parts of its answer that depend on nothing else.

use std::sync::Arc;
use std::time::Duration;

use super::Arrival;
use crate::envelope::{self, Status, Style};
use crate::faults::FaultKind;
use crate::json::Gaps;
use crate::market::noise;
use crate::meter::{self, Meter};
use crate::operations::{Operation, Prepared, Route};
use crate::params::Params;
use crate::query::RawQuery;
use crate::quirks::{KeyPlace, NullKeys, Quirks, RateLimitHeaders};
use crate::refusal::{self, Refusal};
use crate::reply::{Ending, Reply};
use crate::settings::Opening;
use crate::time::{self, Millis};

/// Before the path of a call without a key; the second one is older.
const KEYLESS_PREFIXES: [&str; 2] = ["/public-api", "/trial-pro-api"];
const MARKET_PAIRS: &str = "/v2/cryptocurrency/market-pairs/latest";
const PLEASE_RETRY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// Why an arrival gets no data.
pub(super) enum Failure {
    Refused(Refusal),
    Broken(Reply),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// An arrival, and what is known about it.
pub(super) struct Visit<'a> {
    pub(super) arrival: Arrival<'a>,
    pub(super) path: &'a str,
    pub(super) is_keyless: bool,
    query: RawQuery,
    /// Who is billed so far.
    pub(super) account: String,
    pub(super) now: Millis,
    /// The instant that the answer tells.
    pub(super) told: Millis,
    /// Beside a fault.
    pub(super) retry_after_s: Option<u64>,
    pub(super) elapsed_ms: u64,
    pub(super) n_call: u64,
    pub(super) quirks: Arc<Quirks>,
    pub(super) delay: Duration,
}

impl<'a> Visit<'a> {
    pub(super) fn new(
        arrival: Arrival<'a>,
        open: impl FnOnce(&str) -> Opening,
        n_call: u64,
        now: Millis,
    ) -> Self {
        let stripped = KEYLESS_PREFIXES.iter().find_map(|prefix| {
            arrival.path.strip_prefix(prefix).filter(|path| path.starts_with('/'))
        });
        let path = stripped.unwrap_or(arrival.path);
        let opening = open(path);
        Self {
            arrival,
            path,
            is_keyless: stripped.is_some(),
            query: RawQuery::parse(arrival.query),
            account: meter::NOBODY.to_owned(),
            now,
            told: now.saturating_add(opening.skew_ms),
            retry_after_s: None,
            elapsed_ms: 3 + noise::mix(n_call) % 58,
            n_call,
            quirks: opening.quirks,
            delay: opening.delay,
        }
    }

    /// The key, wherever it stands.
    pub(super) fn key(&self) -> Option<&str> {
        let (header, query) = (self.arrival.key, self.query.key.as_deref());
        let key = match self.quirks.key_wins {
            KeyPlace::Header => header.or(query),
            KeyPlace::Query => query.or(header),
        };
        key.filter(|key| !key.is_empty())
    }

    /// The parameters, if they are in order.
    pub(super) fn params(&self, operation: &'static Operation) -> Result<Params, Refusal> {
        let stack = Route::Served(operation).judge(&self.quirks);
        let params = Params::check(&self.query, operation.spec, stack)?;
        let most = self.quirks.ids_max;
        let is_long =
            |name: &&&str| params.get(name).is_some_and(|list| list.split(',').count() > most);
        match ["id", "ids", "slug", "symbol"].iter().find(is_long).filter(|_| most > 0) {
            Some(name) => {
                let text = format!("\"{name}\" must contain less than or equal to {most} items");
                Err(Refusal::invalid(text))
            }
            None => Ok(params),
        }
    }

    /// The body of an answer.
    pub(super) fn success(
        &self,
        operation: &'static Operation,
        params: &Params,
        prepared: Prepared<'_>,
        credits: Option<u64>,
    ) -> Vec<u8> {
        let Prepared { write, total_count, .. } = prepared;
        let stack = Route::Served(operation).stack(&self.quirks);
        let status =
            Status { now_ms: self.told, elapsed_ms: self.elapsed_ms, credits, total_count };
        let is_wrapped = self.quirks.market_pairs_symbol_array
            && operation.path == MARKET_PAIRS
            && params.get("symbol").is_some();
        envelope::success(Style::of(stack, &self.quirks), status, self.gaps(operation), |json| {
            if is_wrapped {
                json.open_array();
            }
            write(json);
            if is_wrapped {
                json.close_array();
            }
        })
    }

    /// Writes what scenarios add to the head of an answer.
    pub(super) fn mark(&self, reply: &mut Reply) {
        if let Some(seconds) = self.retry_after_s {
            reply.headers.retain(|header| header.0 != "retry-after");
            reply.headers.push(("retry-after", seconds.to_string()));
        }
        if self.told != self.now {
            reply.headers.push(("date", time::http_date(self.told)));
        }
    }

    fn gaps(&self, operation: &Operation) -> Gaps {
        let omits_nulls = match self.quirks.omit_null_keys {
            NullKeys::Never => false,
            NullKeys::Info => operation.path.ends_with("/cryptocurrency/info"),
            NullKeys::Always => true,
        };
        Gaps { omits_nulls, nulls: self.quirks.null_storms, seed: self.n_call }
    }

    /// What stands beside a 429.
    pub(super) fn rate_limit_headers(
        &self,
        meter: &Meter,
        code: u32,
    ) -> Vec<(&'static str, String)> {
        let wanted = self.quirks.rate_limit_headers;
        if wanted == RateLimitHeaders::Off {
            return Vec::new();
        }
        let next_minute = (self.now.div_euclid(time::MINUTE) + 1) * time::MINUTE;
        let usage = meter.usage(&self.account, self.now);
        let reset = match (code, usage) {
            (1009, Some(usage)) => usage.day_end,
            (1010, Some(usage)) => usage.month_end,
            _ => next_minute,
        };
        let seconds = ((reset - self.now).max(0) + 999) / 1_000;
        let mut headers = Vec::new();
        if wanted != RateLimitHeaders::Reset {
            headers.push(("retry-after", seconds.to_string()));
        }
        if wanted != RateLimitHeaders::RetryAfter {
            headers.push(("x-ratelimit-reset", (reset / 1_000).to_string()));
        }
        headers
    }
}

/// What a fault does instead of serving; a truncated answer is served first.
pub(super) fn failure_of(kind: FaultKind) -> Option<Failure> {
    Some(match kind {
        FaultKind::Error500 => Failure::Refused(refusal::INTERNAL),
        FaultKind::Busy200 => Failure::Refused(refusal::BUSY),
        FaultKind::Rate1008 => Failure::Refused(refusal::MINUTE_LIMIT),
        FaultKind::Rate1011 => Failure::Refused(refusal::IP_LIMIT),
        FaultKind::Html502 => Failure::Broken(Reply::html(502, PLEASE_RETRY)),
        FaultKind::Empty503 => Failure::Broken(Reply::html(503, "")),
        FaultKind::Reset => Failure::Broken(Reply::ended(Ending::Reset)),
        FaultKind::Hang => Failure::Broken(Reply::ended(Ending::Never)),
        FaultKind::Empty200 => Failure::Broken(Reply::json(200, Vec::new())),
        FaultKind::Html200 => Failure::Broken(Reply::html(200, PLEASE_RETRY)),
        FaultKind::Truncated | FaultKind::Drip => return None,
    })
}
