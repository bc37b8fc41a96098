//! `exchange/quotes/historical`: the volumes that `exchange/quotes/latest` told.

use crate::json::Json;
use crate::market::exchanges::Exchange;
use crate::market::quote::Currency;
use crate::market::{noise, path};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::exchanges;
use crate::routes::quote_series::MOST_CONVERTS;
use crate::routes::window::{Shot, Window};
use crate::time::{self, Millis};

/// The first day of the record.
const FIRST: (i16, i8, i8) = (2018, 4, 26);

/// v1: one exchange alone, several by what was passed.
pub(crate) fn historical<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies_within(ask, MOST_CONVERTS)?;
    let window = Window::of(ask, "5m")?;
    let found = exchanges::named(ask)?;
    let series: Vec<(&str, &Exchange, Vec<Shot>)> = found
        .into_iter()
        .map(|(word, exchange)| (word, exchange, window.snapshots(ask.now_ms, record(exchange))))
        .collect();
    let n_points = series.iter().map(|it| it.2.len()).sum();
    let n_converts = currencies.len();
    let write = move |json: &mut Json| {
        let is_alone = series.len() == 1;
        if !is_alone {
            json.open_object();
        }
        for (word, exchange, shots) in &series {
            if !is_alone {
                json.key(word);
            }
            object(json, ask, exchange, shots, &currencies);
        }
        if !is_alone {
            json.close_object();
        }
    };
    Ok(Prepared::new(n_points, write).converted(n_converts))
}

/// From when to when volumes are recorded.
fn record(exchange: &Exchange) -> (Millis, Millis) {
    let (year, month, day) = FIRST;
    let parse = |text: &Option<String>| text.as_deref().and_then(time::parse_iso);
    let first = time::midnight(year, month, day);
    let first = parse(&exchange.first_data).map_or(first, |own| own.max(first));
    (first, parse(&exchange.last_data).unwrap_or(Millis::MAX))
}

fn object(
    json: &mut Json,
    ask: &Ask<'_>,
    exchange: &Exchange,
    shots: &[Shot],
    currencies: &[Currency],
) {
    let at = ask.market.exchanges.iter().position(|it| it.id == exchange.id).unwrap_or(0);
    let n_pairs = ask.market.pair_counts()[at];
    json.open_object();
    json.count("id", u64::from(exchange.id));
    json.text("name", &exchange.name);
    json.text("slug", &exchange.slug);
    json.key("quotes");
    json.open_array();
    for shot in shots {
        let (step, timestamp) = (path::step_of(shot.taken), time::iso(shot.taken));
        json.open_object();
        json.text("timestamp", &timestamp);
        json.count("num_market_pairs", n_pairs);
        json.key("quote");
        json.open_object();
        for currency in currencies {
            let rate = path::price(ask.market, currency.subject, step);
            let volume = noise::significant(exchange.volume_at(step) / rate, 12);
            json.key(&currency.key);
            json.open_object();
            json.maybe("volume_24h", Some(volume));
            json.text("timestamp", &timestamp);
            json.close_object();
        }
        json.close_object();
        json.close_object();
    }
    json.close_array();
    json.close_object();
}
