use super::*;
use crate::market::moment::STEP;
use crate::testing::SHARED;
use crate::time::{self, DAY};

const BTC: &str = "1";

fn drawer() -> Drawer<'static> {
    let market = &SHARED.market;
    Drawer::new(market, market.subject_by_id(BTC).unwrap(), Subject::Fiat(0))
}

fn step(year: i16, month: i8, day: i8) -> i64 {
    time::midnight(year, month, day) / STEP
}

#[test]
fn a_day_contains_its_hours() {
    // Would break: hourly and daily candles told of different markets.
    let (from, to) = (step(2026, 9, 1), step(2026, 9, 2) - 1);
    let mut drawer = drawer();
    let day = drawer.candle(from, to);
    let hours: Vec<Candle> =
        (0..24).map(|hour| drawer.candle(from + hour * 60, from + hour * 60 + 59)).collect();
    let highest = hours.iter().map(|hour| hour.high.value).fold(f64::MIN, f64::max);
    let lowest = hours.iter().map(|hour| hour.low.value).fold(f64::MAX, f64::min);
    assert_eq!((day.high.value, day.low.value), (highest, lowest));
    assert_eq!((day.open, day.close), (hours[0].open, hours[23].close));
    assert!(hours.iter().all(|hour| hour.low.value <= hour.open.value.min(hour.close.value)));
}

#[test]
fn a_candle_is_made_of_prices_of_the_path() {
    // Would break: the agreement of candles with quotes.
    let market = &SHARED.market;
    let subject = market.subject_by_id(BTC).unwrap();
    let euro = market.subject_by_id("2790").unwrap();
    let candle = Drawer::new(market, subject, euro).candle(step(2020, 1, 1), step(2020, 1, 2));
    for mark in [candle.open, candle.high, candle.low, candle.close] {
        assert_eq!(mark.value, path::price_in(market, subject, euro, mark.step));
    }
    assert!(candle.high.value > candle.low.value);
}

#[test]
fn a_coin_in_itself_stands_still() {
    // Would break: converting into the subject itself.
    let market = &SHARED.market;
    let subject = market.subject_by_id(BTC).unwrap();
    let candle = Drawer::new(market, subject, subject).candle(0, DAY / STEP);
    assert_eq!((candle.high.value, candle.low.value), (1.0, 1.0));
}
