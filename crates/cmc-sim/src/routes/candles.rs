//! `ohlcv/latest` and `ohlcv/historical`.

use crate::depth::Depth;
use crate::json::Json;
use crate::market::candle::{Candle, Drawer};
use crate::market::coin::Status;
use crate::market::moment::{self, STEP};
use crate::market::quote::Currency;
use crate::market::{Market, Subject, noise, path};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin;
use crate::routes::keyed::Keyed;
use crate::routes::quote_series::MOST_CONVERTS;
use crate::routes::window::{Interval, Window};
use crate::time::{self, DAY, HOUR, Millis};

/// Volumes of hours are known from this day on.
const HOURLY_VOLUME_FROM: (i16, i8, i8) = (2020, 9, 22);
const DEFAULT_COUNT: usize = 10;

/// v1 and v2: the running day.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let found = Keyed::always(ask, resolve::identify_coins(ask))?;
    let (n_items, n_converts) = (found.objects().count(), currencies.len());
    let write = move |json: &mut Json| {
        found.write(json, |json, subject| today(json, ask, *subject, &currencies));
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

fn today(json: &mut Json, ask: &Ask<'_>, subject: Subject, currencies: &[Currency]) {
    let Subject::Coin(at) = subject else {
        return json.null();
    };
    let coin = &ask.market.coins[at];
    let is_live = coin.status == Status::Active;
    let (now, midnight) = (ask.moment.step, ask.now_ms.div_euclid(DAY) * DAY);
    let draw = |currency: &Currency| {
        let mut drawer = Drawer::new(ask.market, subject, currency.subject);
        is_live.then(|| drawer.candle(path::step_of(midnight), now))
    };
    let candles: Vec<Option<Candle>> = currencies.iter().map(draw).collect();
    let first = candles.first().copied().flatten();
    let when = |of: fn(Candle) -> Millis| first.map(|candle| time::iso(of(candle)));
    let updated = coin::last_updated(ask.moment, coin, is_live);
    json.open_object();
    identity(json, ask.market, at);
    json.text("last_updated", updated);
    json.maybe_text("time_open", when(|candle| candle.open.ms()).as_deref());
    json.maybe_text("time_high", when(|candle| candle.high.ms()).as_deref());
    json.maybe_text("time_low", when(|candle| candle.low.ms()).as_deref());
    json.maybe_text("time_close", None);
    json.key("quote");
    json.open_object();
    for (currency, candle) in currencies.iter().zip(candles) {
        let volume = |_| noise::significant(currency.of_usd(ask.moment.live[at].volume), 12);
        json.key(&currency.key);
        json.open_object();
        prices(json, candle);
        json.maybe("volume", candle.map(volume));
        json.text("last_updated", updated);
        json.close_object();
    }
    json.close_object();
    json.close_object();
}

fn prices(json: &mut Json, candle: Option<Candle>) {
    json.maybe("open", candle.map(|it| it.open.value));
    json.maybe("high", candle.map(|it| it.high.value));
    json.maybe("low", candle.map(|it| it.low.value));
    json.maybe("close", candle.map(|it| it.close.value));
}

fn identity(json: &mut Json, market: &Market, at: usize) {
    let coin = &market.coins[at];
    json.count("id", u64::from(coin.id));
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
}

/// v1 and v2: whole days or hours of the past.
pub(crate) fn historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies_within(ask, MOST_CONVERTS)?;
    let is_hourly = ask.params.get("time_period") == Some("hourly");
    let (length, depth) = if is_hourly { (HOUR, Depth::Intraday) } else { (DAY, Depth::Daily) };
    depth.check(ask, ask.params.time("time_start"))?;
    let periods = periods(ask, length);
    let series = Keyed::or_bare(ask, resolve::identify_coins(ask))?.map(|subject| {
        let (first, last) = path::record(ask.market, subject).unwrap_or((Millis::MAX, 0));
        let is_recorded = |from: &Millis| from + length > first && *from <= last;
        let own: Vec<Millis> = periods.iter().copied().filter(is_recorded).collect();
        (subject, own)
    });
    let n_points = series.objects().map(|(_, periods)| periods.len()).sum();
    let n_converts = currencies.len();
    let write = move |json: &mut Json| {
        series.write(json, |json, (subject, periods)| {
            let Subject::Coin(at) = *subject else {
                return json.null();
            };
            let mut series = Series::new(ask.market, at, length, &currencies);
            json.open_object();
            identity(json, ask.market, at);
            json.key("quotes");
            json.open_array();
            periods.iter().for_each(|from| series.point(json, *from));
            json.close_array();
            json.close_object();
        });
    };
    Ok(Prepared::new(n_points, write).converted(n_converts))
}

/// The starts of the periods asked for, rising; the running one is counted but not among them.
fn periods(ask: &Ask<'_>, length: Millis) -> Vec<Millis> {
    let interval = Interval::parse(ask.params.get("interval").unwrap_or("daily"));
    let window = Window::unlimited(ask, interval.at_least(length), DEFAULT_COUNT);
    let floor = |ms: Millis| ms.div_euclid(length) * length;
    let end = floor(ask.params.time("time_end").unwrap_or(ask.now_ms).min(ask.now_ms));
    let mut periods = match window.start {
        Some(start) => window.interval.forward(floor(start) + length, end, window.count),
        None => window.interval.backward(end, window.count),
    };
    periods.retain(|from| from + length <= ask.now_ms);
    periods
}

/// Draws the candles of one coin in all currencies.
struct Series<'a> {
    market: &'a Market,
    at: usize,
    length: Millis,
    drawers: Vec<(&'a Currency, Drawer<'a>)>,
}

impl<'a> Series<'a> {
    fn new(market: &'a Market, at: usize, length: Millis, currencies: &'a [Currency]) -> Self {
        let drawer = |currency: &'a Currency| {
            (currency, Drawer::new(market, Subject::Coin(at), currency.subject))
        };
        Self { market, at, length, drawers: currencies.iter().map(drawer).collect() }
    }

    fn point(&mut self, json: &mut Json, from: Millis) {
        let (first, last) = (path::step_of(from), path::step_of(from + self.length) - 1);
        let candles: Vec<(&Currency, Candle)> =
            self.drawers.iter_mut().map(|it| (it.0, it.1.candle(first, last))).collect();
        let close = time::iso(from + self.length - 1);
        json.open_object();
        json.text("time_open", &time::iso(from));
        json.text("time_close", &close);
        if let Some((_, candle)) = candles.first() {
            json.text("time_high", &time::iso(candle.high.ms()));
            json.text("time_low", &time::iso(candle.low.ms()));
        }
        json.key("quote");
        json.open_object();
        for (currency, candle) in candles {
            json.key(&currency.key);
            json.open_object();
            prices(json, Some(candle));
            self.worth(json, currency, last);
            json.text("timestamp", &close);
            json.close_object();
        }
        json.close_object();
        json.close_object();
    }

    /// Volume and market cap as the last quote of the period tells them.
    fn worth(&self, json: &mut Json, currency: &Currency, last: i64) {
        let live = moment::spot(self.market.seed, &self.market.coins[self.at], last);
        let rate = path::price(self.market, currency.subject, last);
        let (year, month, day) = HOURLY_VOLUME_FROM;
        let volume = match self.length {
            DAY => Some(live.volume),
            _ if last * STEP < time::midnight(year, month, day) => None,
            _ => Some(live.volume / 24.0),
        };
        json.maybe("volume", volume.map(|volume| noise::significant(volume / rate, 12)));
        json.maybe("market_cap", Some(noise::significant(live.cap / rate, 14)));
    }
}
