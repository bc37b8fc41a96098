//! A demand that was recorded: an access log, read into requests.
//!
//! Three forms, line by line, may be mixed: a simulator's recording (`{"at":…,"path":…}`), the
//! common log format of web servers, and `INSTANT [METHOD] PATH?QUERY`. What is no GET, was not
//! answered, or cannot be read is counted and left out.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use cmcache::clock::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::{
    coins::Coins,
    request::{Ask, CURRENCIES, Notation, Request},
};

/// Requests at most: what fits into memory.
const REQUESTS_MAX: usize = 5_000_000;
/// Names of months, as web servers write them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What a log held.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// In order; the first one at zero.
    pub(crate) requests: Vec<Request>,
    /// Lines that tell of no request that could be asked again.
    pub(crate) n_left_out: u64,
}

/// A line of a simulator's recording, as far as it matters.
#[derive(Deserialize)]
struct Line {
    at: String,
    path: String,
    #[serde(default)]
    query: String,
    #[serde(default = "get")]
    method: String,
}

fn get() -> String {
    "GET".to_owned()
}

impl Recorded {
    /// Reads a log.
    ///
    /// # Errors
    ///
    /// No line of it is a request, or there are too many.
    pub(crate) fn read(log: &str, coins: &Coins) -> anyhow::Result<Self> {
        let mut n_left_out = 0;
        let mut read: Vec<(Timestamp, String, bool)> = Vec::new();
        for line in log.lines().filter(|line| !line.trim().is_empty()) {
            match read_line(line.trim()) {
                Some(found) => read.push(found),
                None => n_left_out += 1,
            }
        }
        if read.len() > REQUESTS_MAX {
            bail!("{} requests; at most {REQUESTS_MAX} can be replayed", read.len());
        }
        read.sort_by_key(|(at, ..)| *at);
        spread(&mut read);
        let first = read.first().context("no line of it is a request that could be asked")?.0;
        let requests =
            read.into_iter().map(|(at, target, _)| request(at.since(first), &target, coins));
        Ok(Self { requests: requests.collect(), n_left_out })
    }

    /// From the first request to the last.
    pub(crate) fn length(&self) -> Duration {
        self.requests.last().map_or(Duration::ZERO, |request| request.at)
    }
}

/// Logs that tell whole seconds only: what came in one is spread over it.
fn spread(read: &mut [(Timestamp, String, bool)]) {
    let mut from = 0;
    while from < read.len() {
        let (at, _, is_whole) = read[from];
        let same = read[from..].iter().take_while(|(other, ..)| *other == at).count();
        if is_whole {
            let step = 1_000 / u64::try_from(same).unwrap_or(1_000).max(1);
            for (n, line) in (0u64..).zip(&mut read[from..from + same]) {
                line.0 = at.after(Duration::from_millis(n * step));
            }
        }
        from += same;
    }
}

/// When, what, and whether the instant is a whole second for want of a finer one.
fn read_line(line: &str) -> Option<(Timestamp, String, bool)> {
    if line.starts_with('{') {
        let line: Line = serde_json::from_str(line).ok()?;
        let mark = if line.query.is_empty() { "" } else { "?" };
        let target = format!("{}{mark}{}", line.path, line.query);
        return (line.method == "GET").then_some((Timestamp::parse(&line.at)?, target, false));
    }
    if let Some((_, rest)) = line.split_once('[') {
        let (at, rest) = rest.split_once(']')?;
        let (_, rest) = rest.split_once('"')?;
        let mut words = rest.split_once('"')?.0.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let is_asked = method == "GET" && target.starts_with('/');
        return is_asked.then_some((common_instant(at)?, target.to_owned(), true));
    }
    let mut words = line.split_whitespace();
    let at = Timestamp::parse(words.next()?)?;
    let target = words.next_back()?;
    let is_get = words.next().is_none_or(|method| method == "GET");
    (is_get && target.starts_with('/')).then_some((at, target.to_owned(), false))
}

/// `05/Oct/2026:09:00:00 +0000`
fn common_instant(text: &str) -> Option<Timestamp> {
    let (date, offset) = text.split_once(' ')?;
    let mut parts = date.splitn(2, ':');
    let mut day = parts.next()?.split('/');
    let (number, month, year) = (day.next()?, day.next()?, day.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let (hours, minutes) = offset.split_at_checked(3)?;
    let time = parts.next()?;
    Timestamp::parse(&format!("{year}-{month:02}-{number}T{time}{hours}:{minutes}"))
}

fn request(at: Duration, target: &str, coins: &Coins) -> Request {
    let target = target.strip_prefix("/public-api").unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parameters: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect();
    let read = Parameters { all: &parameters, coins };
    let (ask, currencies) = read.asked(path).unwrap_or((Ask::Other, 1));
    let version = path.as_bytes().get(2).map_or(1, |digit| digit.wrapping_sub(b'0'));
    Request {
        at,
        ask,
        version,
        notation: read.notation(),
        currencies,
        is_implicit: false,
        text: Some(Arc::from(target)),
    }
}

fn decoded(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

struct Parameters<'a> {
    all: &'a [(String, String)],
    coins: &'a Coins,
}

impl Parameters<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.all.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What is asked for, and in which currencies; `None` if it is nothing that models know.
    fn asked(&self, path: &str) -> Option<(Ask, u32)> {
        let known = path.get(3..).unwrap_or_default();
        let ask = match known {
            "/cryptocurrency/quotes/latest" => Ask::Quotes(self.places()?),
            "/cryptocurrency/listings/latest" => self.page()?,
            "/simple/price" => Ask::Simple(self.places()?),
            "/cryptocurrency/info" => Ask::Info(self.places()?),
            "/global-metrics/quotes/latest" => Ask::Global,
            "/fear-and-greed/latest" => Ask::Fear,
            "/cryptocurrency/map" => Ask::Map(0),
            _ => return None,
        };
        Some((ask, self.currencies()?))
    }

    fn currencies(&self) -> Option<u32> {
        if self.get("convert_id").is_some() {
            return None;
        }
        let names = self.get("convert").unwrap_or("USD").split(',');
        names.map(str::to_uppercase).try_fold(0, |mask, name| {
            let bit = CURRENCIES.iter().position(|known| *known == name)?;
            Some(mask | 1 << bit)
        })
    }

    /// How coins are named, if any are.
    fn notation(&self) -> Notation {
        if self.get("id").is_some() {
            Notation::Id
        } else if self.get("slug").is_some() {
            Notation::Slug
        } else {
            Notation::Symbol
        }
    }

    fn places(&self) -> Option<Vec<u16>> {
        let place_of = |name: &str| -> Option<u16> {
            if self.get("id").is_some() {
                return self.coins.place(name.parse().ok()?);
            }
            self.coins.find(|coin| match self.get("slug") {
                Some(_) => coin.slug == name,
                None => coin.symbol.eq_ignore_ascii_case(name),
            })
        };
        let named = ["id", "slug", "symbol"].iter().find_map(|name| self.get(name))?;
        let mut places: Vec<u16> = named.split(',').filter_map(place_of).collect();
        places.sort_unstable();
        places.dedup();
        (!places.is_empty()).then_some(places)
    }

    /// A page in the usual order.
    fn page(&self) -> Option<Ask> {
        let is_plain =
            self.all.iter().all(|(name, _)| ["start", "limit", "convert"].contains(&name.as_str()));
        let number = |name, default| self.get(name).map_or(Some(default), |text| text.parse().ok());
        let (start, limit): (u32, u32) = (number("start", 1)?, number("limit", 100)?);
        let is_page = is_plain && start > 0 && (1..=5_000).contains(&limit);
        is_page.then_some(Ask::Listing { start, limit })
    }
}

#[cfg(test)]
mod tests;
