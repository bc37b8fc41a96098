//! `price-performance-stats/latest`: one candle for each period that ends now.

use crate::json::Json;
use crate::market::candle::{self, Candle, Drawer, Mark};
use crate::market::coin::Status;
use crate::market::moment::STEP;
use crate::market::quote::{self, Currency};
use crate::market::{Subject, noise, path};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve::{self, words};
use crate::routes::coin;
use crate::routes::keyed::Keyed;
use crate::time::{self, DAY};

const STEPS_PER_DAY: i64 = DAY / STEP;
/// Days back that are looked at closely; before them only midnights and the starts of periods are.
const CLOSE_DAYS: i64 = 7;
/// Days of each period that has a length.
const LENGTHS: [(&str, i64); 5] = [("24h", 1), ("7d", 7), ("30d", 30), ("90d", 90), ("365d", 365)];

/// v1 and v2.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let found = Keyed::always(ask, resolve::identify_coins(ask))?;
    let (n_items, n_converts) = (found.objects().count(), currencies.len());
    let mut periods: Vec<&str> = Vec::new();
    for period in words(ask.params.get("time_period").unwrap_or("all_time")) {
        if !periods.contains(&period) {
            periods.push(period);
        }
    }
    let write = move |json: &mut Json| {
        found.write(json, |json, subject| object(json, ask, *subject, &periods, &currencies));
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

fn object(
    json: &mut Json,
    ask: &Ask<'_>,
    subject: Subject,
    periods: &[&str],
    currencies: &[Currency],
) {
    let Subject::Coin(at) = subject else {
        return json.null();
    };
    let coin = &ask.market.coins[at];
    let is_live = coin.status == Status::Active;
    json.open_object();
    json.count("id", u64::from(coin.id));
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
    json.text("slug", &coin.slug);
    json.text("last_updated", coin::last_updated(ask.moment, coin, is_live));
    json.key("periods");
    json.open_object();
    for period in periods {
        let candles: Vec<Option<Candle>> = currencies
            .iter()
            .map(|currency| is_live.then(|| draw(ask, subject, currency.subject, period)))
            .collect();
        json.key(period);
        json.open_object();
        timestamps(json, candles.first().copied().flatten());
        json.key("quote");
        json.open_object();
        for (currency, candle) in currencies.iter().zip(candles) {
            json.key(&currency.key);
            quote(json, candle);
        }
        json.close_object();
        json.close_object();
    }
    json.close_object();
    json.close_object();
}

/// The candle of one period. What a short period looks at, a longer one looks at too.
fn draw(ask: &Ask<'_>, subject: Subject, currency: Subject, period: &str) -> Candle {
    let mut drawer = Drawer::new(ask.market, subject, currency);
    let now = ask.moment.step;
    let today = now.div_euclid(STEPS_PER_DAY) * STEPS_PER_DAY;
    if period == "yesterday" {
        return drawer.candle(today - STEPS_PER_DAY, today - 1);
    }
    let joined = path::record(ask.market, subject).map_or(now, |record| path::step_of(record.0));
    let length = LENGTHS.iter().find(|length| length.0 == period);
    let from = length.map_or(joined, |length| now - length.1 * STEPS_PER_DAY).max(joined).min(now);
    let close_from = (now - CLOSE_DAYS * STEPS_PER_DAY).max(from);
    let first_midnight = (from + STEPS_PER_DAY - 1).div_euclid(STEPS_PER_DAY);
    let midnights = (first_midnight..=now.div_euclid(STEPS_PER_DAY)).map(|day| day * STEPS_PER_DAY);
    let starts = LENGTHS.iter().rev().map(|length| now - length.1 * STEPS_PER_DAY);
    let starts = starts.filter(|step| *step >= from);
    drawer.over(from, now, midnights.chain(starts).chain(candle::looks(close_from, now)))
}

fn marks(candle: Option<Candle>) -> [(&'static str, Option<Mark>); 4] {
    [
        ("open", candle.map(|it| it.open)),
        ("high", candle.map(|it| it.high)),
        ("low", candle.map(|it| it.low)),
        ("close", candle.map(|it| it.close)),
    ]
}

fn timestamps(json: &mut Json, candle: Option<Candle>) {
    for (name, mark) in marks(candle) {
        let text = mark.map(|mark| time::iso(mark.ms()));
        json.maybe_text(&format!("{name}_timestamp"), text.as_deref());
    }
}

fn quote(json: &mut Json, candle: Option<Candle>) {
    json.open_object();
    for (name, mark) in marks(candle) {
        json.maybe(name, mark.map(|mark| mark.value));
        let text = mark.map(|mark| time::iso(mark.ms()));
        json.maybe_text(&format!("{name}_timestamp"), text.as_deref());
    }
    let change = candle.and_then(|it| quote::change(it.close.value, it.open.value));
    json.maybe("percent_change", change);
    let change = candle.map(|it| noise::significant(it.close.value - it.open.value, 10));
    json.maybe("price_change", change);
    json.close_object();
}
