//! Prices of tokens over time: candles and points, from one second to one month.

use crate::json::Json;
use crate::market::Market;
use crate::market::dex::Token;
use crate::market::dex::networks::NETWORKS;
use crate::market::moment::STEP;
use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::dex::{self, rows};
use crate::time::{self, DAY, HOUR, MINUTE, Millis};

const PAGE: usize = 100;
/// Instants looked at for the extremes of a candle longer than so many minutes.
const SAMPLES: i64 = 30;
/// Unix times from here on are milliseconds.
const LATEST_S: f64 = 1e11;
/// The first Monday since 1970.
const MONDAY: Millis = 4 * DAY;

/// The length of a candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interval {
    /// Milliseconds, from the first of them since an anchor.
    Fixed(Millis, Millis),
    Month,
}

impl Interval {
    /// Where the candle around an instant begins.
    pub(crate) fn start(self, at: Millis) -> Millis {
        match self {
            Self::Fixed(length, anchor) => (at - anchor).div_euclid(length) * length + anchor,
            Self::Month => time::month_window(at, 1, 0).0,
        }
    }

    /// Where the candle after the one that begins at `start` begins.
    pub(crate) fn next(self, start: Millis) -> Millis {
        match self {
            Self::Fixed(length, _) => start + length,
            Self::Month => time::month_window(start, 1, 0).1,
        }
    }
}

/// The words of v1; `1m` is a month here.
pub(crate) fn interval(word: &str) -> Result<Interval, Refusal> {
    let number = word.trim_end_matches(char::is_alphabetic);
    let length = match &word[number.len()..] {
        "s" => 1_000,
        "min" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" if number == "1" => return Ok(Interval::Fixed(7 * DAY, MONDAY)),
        "m" if number == "1" => return Ok(Interval::Month),
        _ => return Err(dex::nothing("interval")),
    };
    let is_known = match length {
        1_000 => ["1", "5", "30"].contains(&number),
        MINUTE => ["1", "3", "5", "15", "30"].contains(&number),
        HOUR => ["1", "2", "4", "6", "8", "12"].contains(&number),
        _ => ["1", "3"].contains(&number),
    };
    let count: Option<Millis> = number.parse().ok().filter(|_| is_known);
    count.map(|count| Interval::Fixed(count * length, 0)).ok_or_else(|| dex::nothing("interval"))
}

/// A Unix time in seconds, or in milliseconds.
pub(crate) fn instant(ask: &Ask<'_>, name: &str) -> Result<Option<Millis>, Refusal> {
    let Some(text) = ask.params.get(name) else {
        return Ok(None);
    };
    let number = ask.params.number(name).ok_or_else(|| dex::nothing(text))?;
    let factor = if number.abs() < LATEST_S { 1_000.0 } else { 1.0 };
    #[expect(clippy::cast_possible_truncation, reason = "the tables bound it")]
    Ok(Some((number * factor) as Millis))
}

/// One candle in USD.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candle {
    pub(crate) open_ms: Millis,
    pub(crate) open: f64,
    pub(crate) high: f64,
    pub(crate) low: f64,
    pub(crate) close: f64,
    pub(crate) volume: f64,
}

impl Candle {
    /// From `open_ms` until `end_ms`: opens and closes at the prices told at those instants.
    pub(crate) fn of(market: &Market, token: &Token, (open_ms, end_ms): (Millis, Millis)) -> Self {
        let price = |at: Millis| market.coin_price_at(token.coin, at.div_euclid(STEP));
        let (open, close) = (price(open_ms), price(end_ms));
        let length = end_ms - open_ms;
        let pace = if length <= SAMPLES * MINUTE { MINUTE } else { length / SAMPLES };
        let mut candle =
            Self { open_ms, open, high: open.max(close), low: open.min(close), close, volume: 0.0 };
        let mut at = open_ms + pace;
        while at < end_ms {
            let here = price(at);
            candle.high = candle.high.max(here);
            candle.low = candle.low.min(here);
            at += pace;
        }
        let bustle = 0.5 + noise::unit(noise::mix2(token.lane, open_ms.unsigned_abs()));
        let a_day = market.token_volume_at(token, open_ms.div_euclid(STEP));
        let part = length as f64 / DAY as f64;
        candle.volume = noise::significant(a_day * part * bustle, 10);
        candle
    }
}

/// v1: `[[open, high, low, close, volume, seconds, traders], …]`, oldest first.
pub(crate) fn candles<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let chart = Chart::of(ask)?;
    Ok(Prepared::new(chart.edges.len(), move |json| {
        json.open_array();
        for edge in &chart.edges {
            let (candle, rate) = chart.candle(ask, *edge);
            json.open_array();
            for price in [candle.open, candle.high, candle.low, candle.close] {
                json.number(noise::significant(price * rate, 10));
            }
            json.number(candle.volume);
            json.integer(rows::seconds(candle.open_ms));
            traders(json, chart.token, &candle, chart.interval);
            json.close_array();
        }
        json.close_array();
    }))
}

/// v1: `[[price, volume, seconds], …]`, oldest first.
pub(crate) fn points<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let chart = Chart::of(ask)?;
    Ok(Prepared::new(chart.edges.len(), move |json| {
        json.open_array();
        for edge in &chart.edges {
            let (candle, rate) = chart.candle(ask, *edge);
            json.open_array();
            json.number(noise::significant(candle.close * rate, 10));
            json.number(candle.volume);
            json.integer(rows::seconds(candle.open_ms));
            json.close_array();
        }
        json.close_array();
    }))
}

/// Nobody counts traders of less than a minute.
fn traders(json: &mut Json, token: &Token, candle: &Candle, interval: Interval) {
    match interval {
        Interval::Fixed(length, _) if length < MINUTE => json.null(),
        Interval::Fixed(..) | Interval::Month => {
            let hash = noise::mix2(token.lane ^ 5, candle.open_ms.unsigned_abs());
            json.integer(1 + hash % 40);
        }
    }
}

/// What one call wants to see.
struct Chart<'a> {
    token: &'a Token,
    /// The token whose price divides; none for dollars.
    unit: Option<usize>,
    /// What multiplies: the supply for market caps.
    factor: f64,
    interval: Interval,
    edges: Vec<Millis>,
}

impl<'a> Chart<'a> {
    fn of(ask: &'a Ask<'a>) -> Result<Self, Refusal> {
        let (at, token) = subject(ask)?;
        let word = ask.params.get("interval").ok_or_else(|| dex::missing("interval"))?;
        let interval = interval(word)?;
        Ok(Self {
            token,
            unit: unit(ask, at, token),
            factor: match ask.params.get("pm") {
                Some("m") => rows::row(ask, at).1.circulating,
                _ => 1.0,
            },
            interval,
            edges: edges(ask, interval, token)?,
        })
    }

    /// The candle at an edge, as far as it has come, and what its prices are multiplied by.
    fn candle(&self, ask: &Ask<'_>, edge: Millis) -> (Candle, f64) {
        let end = self.interval.next(edge).min(ask.now_ms);
        let candle = Candle::of(ask.market, self.token, (edge, end));
        let divisor =
            self.unit.map_or(1.0, |coin| ask.market.coin_price_at(coin, end.div_euclid(STEP)));
        (candle, self.factor / divisor)
    }
}

/// A token, or the base token of a pool.
fn subject<'a>(ask: &Ask<'a>) -> Result<(usize, &'a Token), Refusal> {
    let network = dex::network(ask, "platform")?;
    let address = ask.params.get("address").ok_or_else(|| dex::missing("address"))?;
    let all = &ask.market.dex;
    let by_pair = || all.pair(network, address).map(|pair| all.pairs[pair].base);
    let at = all.token(network, address).or_else(by_pair).ok_or_else(|| dex::nothing("token"))?;
    Ok((at, &all.tokens[at]))
}

/// The coin that prices are told in.
fn unit(ask: &Ask<'_>, at: usize, token: &Token) -> Option<usize> {
    let all = &ask.market.dex;
    match ask.params.get("unit") {
        Some("native") => ask.market.coin_by_id(&NETWORKS[token.network].native.to_string()),
        Some("quote") => {
            let pool = all.pools(at).first()?;
            Some(all.tokens[all.pairs[*pool].quote].coin)
        }
        _ => None,
    }
}

/// The newest candles of the window, oldest first; the last one may still run. Before a token
/// was there it has none.
fn edges(ask: &Ask<'_>, interval: Interval, token: &Token) -> Result<Vec<Millis>, Refusal> {
    let limit = ask.params.count("limit").unwrap_or(PAGE);
    let from = instant(ask, "from")?.unwrap_or(0).max(interval.start(token.created_ms));
    let to = instant(ask, "to")?.unwrap_or(ask.now_ms).min(ask.now_ms);
    let mut edges = Vec::new();
    let mut edge = interval.start(to);
    while edge >= from && edges.len() < limit {
        edges.push(edge);
        edge = interval.start(edge - 1);
    }
    edges.reverse();
    Ok(edges)
}
