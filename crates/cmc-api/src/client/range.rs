//! Series of any length, in calls of bounded size.

use std::{collections::HashSet, future::ready, marker::PhantomData, time::Duration};

use clock::Timestamp;
use futures_util::TryStreamExt;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Client,
    pages::{Pager, Stream, stream},
    request::Request,
    words::{CandleSize, Interval},
};
use crate::{
    CoinId,
    types::{Candle, CandleSeries, Coin, Items, Keyed, MapEntry, QuotePoint, QuoteSeries},
};

/// Points per call: a multiple of what one credit buys, and few enough to hold in memory.
const POINTS: u32 = 1_000;
/// Coins per page of listings: a multiple of what one credit buys.
const LISTINGS_PAGE: u64 = 1_000;
/// Coins per page of the map, which costs nothing.
const MAP_PAGE: u64 = 5_000;
/// Points of one call at most, for series whose steps have no fixed length.
const POINTS_MAX: u32 = 10_000;
/// A millisecond, the smallest distance of two instants.
const TICK: Duration = Duration::from_millis(1);

impl Client {
    /// Every ranked coin, best rank first, in US dollars; each once. Pages are
    /// asked for one by one, so a coin that climbs past a page's border meanwhile may be missed.
    #[must_use]
    pub fn listings_all(&self) -> Stream<Coin> {
        let mut seen = HashSet::new();
        let coins = self.listings_latest().pages(LISTINGS_PAGE);
        Box::pin(coins.try_filter(move |coin| ready(seen.insert(coin.id))))
    }

    /// Every active coin of the map, by id.
    #[must_use]
    pub fn map_all(&self) -> Stream<MapEntry> {
        self.map().pages(MAP_PAGE)
    }

    /// The daily candles of a coin in US dollars whose days begin in `from..=to`.
    ///
    /// For other sizes and currencies see
    /// [`OhlcvHistorical::range`](super::series::OhlcvHistoricalRequest::range).
    #[must_use]
    pub fn ohlcv_range(&self, coin: CoinId, from: Timestamp, to: Timestamp) -> Stream<Candle> {
        self.ohlcv_historical().ids([coin]).range(CandleSize::Daily, from, to)
    }

    /// The quotes of a coin in US dollars in `from..=to`, `interval` apart.
    ///
    /// For other currencies see
    /// [`QuotesHistorical::range`](super::series::QuotesHistoricalRequest::range).
    #[must_use]
    pub fn quotes_range(
        &self,
        coin: CoinId,
        interval: Interval,
        from: Timestamp,
        to: Timestamp,
    ) -> Stream<QuotePoint> {
        self.quotes_historical().ids([coin]).range(interval, from, to)
    }
}

/// A window in time, cut into parts.
#[derive(Debug)]
struct Windows {
    /// Where the next part begins; `None` at the end.
    next: Option<Timestamp>,
    /// The last instant.
    end: Timestamp,
    /// The length of the first part.
    first: Duration,
    part: Duration,
    /// Points in a part.
    count: u32,
}

impl Windows {
    fn new(from: Timestamp, to: Timestamp, step: Option<Duration>) -> Self {
        let next = (from <= to).then_some(from);
        let (part, count) = match step {
            Some(step) => (step.saturating_mul(POINTS), POINTS),
            None => (to.since(from).saturating_add(TICK), POINTS_MAX),
        };
        Self { next, end: to, first: part, part, count }
    }

    /// The first and the last instant of the next part.
    fn current(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.next?;
        Some((first, first.after(self.first).before(TICK).min(self.end)))
    }

    fn advance(&mut self) {
        let next = self.next.map(|first| first.after(self.first));
        self.next = next.filter(|next| *next <= self.end);
        self.first = self.part;
    }
}

/// The start of the step that holds `at`, counted from the epoch.
fn floor(at: Timestamp, step: Duration) -> Timestamp {
    let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
    Timestamp::from_millis(at.as_millis().div_euclid(step).saturating_mul(step))
}

/// An answer that is a series of one coin.
trait Series {
    type Point: Send;

    /// Its points, each with its instant.
    fn into_points(self) -> Vec<Self::Point>;

    /// What orders the points; upstream writes all alike.
    fn instant(point: &Self::Point) -> &str;
}

impl Series for CandleSeries {
    type Point = Candle;

    fn into_points(self) -> Vec<Candle> {
        self.quotes
    }

    fn instant(candle: &Candle) -> &str {
        &candle.time_open
    }
}

impl Series for QuoteSeries {
    type Point = QuotePoint;

    fn into_points(self) -> Vec<QuotePoint> {
        self.quotes
    }

    fn instant(point: &QuotePoint) -> &str {
        &point.timestamp
    }
}

/// The series of the first coin: a range is asked for one.
#[derive(Deserialize)]
#[serde(transparent, bound = "S: DeserializeOwned")]
struct First<S>(Keyed<S>);

impl<S: Series> Items for First<S> {
    type Item = S::Point;

    fn into_items(self) -> Vec<S::Point> {
        self.0.into_vec().into_iter().next().map_or_else(Vec::new, S::into_points)
    }
}

/// Asks for a series part by part, and yields each point once.
struct Ranger<S> {
    request: Request,
    windows: Windows,
    /// The point that was yielded last.
    last: String,
    /// Whether upstream leaves out what lies at `time_start` itself.
    is_start_excluded: bool,
    series: PhantomData<fn() -> S>,
}

impl<S: Series + DeserializeOwned + Send + 'static> Pager for Ranger<S> {
    type Reply = First<S>;

    fn next(&self) -> Option<Request> {
        let (first, last) = self.windows.current()?;
        let start = if self.is_start_excluded { first.before(TICK) } else { first };
        let mut request = self.request.clone();
        request.set("time_start", start);
        request.set("time_end", last);
        request.set("count", self.windows.count);
        Some(request)
    }

    fn take(&mut self, reply: First<S>) -> Vec<S::Point> {
        self.windows.advance();
        let mut points = reply.into_items();
        // One form, one length: texts are ordered as instants are.
        points.retain(|point| S::instant(point) > self.last.as_str());
        if let Some(point) = points.last() {
            S::instant(point).clone_into(&mut self.last);
        }
        points
    }
}

impl super::series::OhlcvHistoricalRequest {
    /// The candles of one coin, from the one that holds `from` to the one that holds `to`, oldest
    /// first, each once, in calls of a thousand.
    pub fn range(mut self, size: CandleSize, from: Timestamp, to: Timestamp) -> Stream<Candle> {
        let hours = if size == CandleSize::Hourly { 1 } else { 24 };
        let step = Duration::from_secs(hours * 3_600);
        self.request.set("time_period", size);
        self.request.set("interval", size);
        let windows = Windows::new(floor(from, step), to, Some(step));
        ranger::<CandleSeries>(self.request, windows, true)
    }
}

impl super::series::QuotesHistoricalRequest {
    /// The quotes of one coin in `from..=to`, oldest first, each once, in calls of a thousand.
    pub fn range(
        mut self,
        interval: Interval,
        from: Timestamp,
        to: Timestamp,
    ) -> Stream<QuotePoint> {
        self.request.set("interval", interval);
        ranger::<QuoteSeries>(self.request, windows(interval, from, to), false)
    }
}

fn ranger<S>(request: Request, windows: Windows, is_start_excluded: bool) -> Stream<S::Point>
where
    S: Series + DeserializeOwned + Send + 'static,
{
    let (last, series) = (String::new(), PhantomData);
    stream(Ranger::<S> { request, windows, last, is_start_excluded, series })
}

/// Steps of the calendar begin where the calendar says, so that no part begins within a period; the
/// others step from `from`.
fn windows(interval: Interval, from: Timestamp, to: Timestamp) -> Windows {
    let step = match interval {
        Interval::Weekly | Interval::Monthly | Interval::Yearly => None,
        Interval::Daily => length("1d"),
        Interval::Hourly => length("1h"),
        relative => length(relative.as_str()),
    };
    let mut windows = Windows::new(from, to, step);
    if let (Interval::Daily | Interval::Hourly, Some(step)) = (interval, step) {
        let shift = from.since(floor(from, step));
        windows.first = windows.part.saturating_sub(shift);
    }
    windows
}

/// The length of `5m`, `12h`, `365d`.
fn length(word: &str) -> Option<Duration> {
    let (number, unit) = word.split_at_checked(word.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.parse::<u64>().ok().map(|number| Duration::from_secs(number * seconds))
}

#[cfg(test)]
mod tests;
