//! What a report is to be about, as words: the same ones in a URL and on the command line.

use std::{sync::Arc, time::Duration};

use clock::Timestamp;
use credits::{Cursor, Filter, Page, Tally, TallyBy, TallyFilter};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::config::Length;

/// How far back a report goes unless it is said.
pub const REPORT_DEFAULT: Duration = Duration::from_secs(7 * 86_400);
/// Postings of a page unless it is said.
const PAGE: usize = 200;

/// Names and values of a query string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<(String, String)>);

impl Words {
    /// Reads what follows the `?`.
    #[must_use]
    pub fn of(raw_query: &str) -> Self {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
        };
        let pairs = raw_query.split('&').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        Self(pairs.map(pair).collect())
    }

    /// With one more, unless there is no value.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<impl ToString>) -> Self {
        self.0.extend(value.map(|value| (name.to_owned(), value.to_string())));
        self
    }

    /// As what follows the `?`.
    #[must_use]
    pub fn to_query(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs = self.0.iter();
        let pairs: Vec<_> =
            pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect();
        pairs.join("&")
    }

    /// The value of `name`, if it is there and says something.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value);
        value.filter(|value| !value.is_empty())
    }

    /// Refuses names that mean nothing here: a filter with a typo would answer for everybody.
    fn only(&self, names: &[&str]) -> Result<(), String> {
        match self.0.iter().find(|(name, _)| !names.contains(&&**name)) {
            Some((name, _)) => Err(format!("`{name}` means nothing here: {}", names.join(", "))),
            None => Ok(()),
        }
    }

    fn word(&self, name: &str) -> Option<Arc<str>> {
        self.get(name).map(Arc::from)
    }

    fn instant(&self, name: &str, now: Timestamp) -> Result<Option<Timestamp>, String> {
        self.get(name).map(|text| instant(name, text, now)).transpose()
    }

    /// Whether comma-separated values are wanted.
    ///
    /// # Errors
    ///
    /// Another format.
    pub fn is_csv(&self) -> Result<bool, String> {
        match self.get("format") {
            None | Some("json") => Ok(false),
            Some("csv") => Ok(true),
            Some(other) => Err(format!("format `{other}`: it must be json or csv")),
        }
    }
}

/// An instant, or how long before `now` it was.
fn instant(name: &str, text: &str, now: Timestamp) -> Result<Timestamp, String> {
    if let Ok(length) = text.parse::<Length>() {
        return Ok(now.before(length.get()));
    }
    Timestamp::parse(text).ok_or_else(|| {
        format!(
            "{name} `{text}`: it must be a length before now, such as 7d, or an instant, such as \
             2026-10-05T09:00:00Z"
        )
    })
}

/// What a report is to be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportAsk {
    /// From the hour that this lies in.
    pub from: Timestamp,
    /// Up to the hour that this lies in, which is part of it.
    pub until: Timestamp,
    /// The lines.
    pub by: TallyBy,
}

impl ReportAsk {
    /// The last `length` before `now`.
    #[must_use]
    pub fn since(now: Timestamp, length: Duration, by: TallyBy) -> Self {
        Self { from: now.before(length), until: now, by }
    }

    /// As `words` say it; by operation, unless they say otherwise.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn read(words: &Words, now: Timestamp) -> Result<Self, String> {
        words.only(&["since", "until", "by", "format"])?;
        let by = match words.get("by") {
            None | Some("operation") => TallyBy::Operation,
            Some("client") => TallyBy::Client,
            Some("day") => TallyBy::Day,
            Some("hour") => TallyBy::Hour,
            Some(other) => {
                return Err(format!("by `{other}`: it must be operation, client, day or hour"));
            }
        };
        let until = words.instant("until", now)?.unwrap_or(now);
        let from = words.instant("since", now)?.unwrap_or_else(|| until.before(REPORT_DEFAULT));
        if from > until {
            return Err("the span ends before it begins".to_owned());
        }
        Ok(Self { from, until, by })
    }

    /// Whole hours: the first instant, and the first after the last.
    #[must_use]
    pub fn span(&self) -> (Timestamp, Timestamp) {
        let after = Tally::hour_of(self.until).after(Duration::from_secs(3_600));
        (Tally::hour_of(self.from), after)
    }

    pub(super) fn postings(&self, account: &Arc<str>) -> Filter {
        let (from, until) = self.span();
        let account = Some(Arc::clone(account));
        Filter { from: Some(from), until: Some(until), account, ..Filter::default() }
    }

    pub(super) fn tallies(&self, account: &Arc<str>) -> TallyFilter {
        let (from, until) = self.span();
        let account = Some(Arc::clone(account));
        TallyFilter { from: Some(from), until: Some(until), account, ..TallyFilter::default() }
    }
}

/// Which postings are to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerAsk {
    /// Which of them; its account is the name of a client, whose shares are meant.
    pub filter: Filter,
    /// Which page.
    pub page: Page,
}

impl LedgerAsk {
    /// As `words` say it; the newest of all, unless they say otherwise.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn read(words: &Words, now: Timestamp) -> Result<Self, String> {
        words.only(&[
            "since",
            "until",
            "client",
            "operation",
            "outcome",
            "assumed",
            "limit",
            "after",
            "format",
        ])?;
        let assumed = match words.get("assumed") {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(other) => return Err(format!("assumed `{other}`: it must be true or false")),
        };
        let n_max = match words.get("limit") {
            None => PAGE,
            Some(text) => {
                text.parse().map_err(|_| format!("limit `{text}`: it must be a number"))?
            }
        };
        let after = words.get("after").map(cursor).transpose()?;
        let filter = Filter {
            from: words.instant("since", now)?,
            until: words.instant("until", now)?,
            account: words.word("client"),
            operation: words.word("operation"),
            outcome: words.word("outcome"),
            assumed,
        };
        Ok(Self { filter, page: Page { n_max, after } })
    }
}

/// Where the next page begins, as a word.
#[must_use]
pub fn cursor_text(cursor: Cursor) -> String {
    format!("{}.{}", cursor.at.as_millis(), cursor.id)
}

fn cursor(text: &str) -> Result<Cursor, String> {
    let read = || {
        let (millis, id) = text.split_once('.')?;
        Some(Cursor { at: Timestamp::from_millis(millis.parse().ok()?), id: id.parse().ok()? })
    };
    read().ok_or_else(|| format!("after `{text}`: it must be what the page before said was next"))
}
