//! Every example of the reference parses into its type, and loses nothing.

use std::{cell::RefCell, collections::BTreeMap};

use crate::compare;
use cmc_api::types::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

#[derive(serde::Deserialize)]
struct Body {
    data: Box<RawValue>,
}

/// The examples, by section and place; values are invented.
struct Examples(RefCell<BTreeMap<String, Body>>);

impl Examples {
    #[track_caller]
    fn read<T: DeserializeOwned + Serialize>(&self, place: &str) -> T {
        let body = self.0.borrow_mut().remove(place).expect("an example is read once");
        let typed: T = serde_json::from_str(body.data.get()).unwrap();
        compare::assert_lossless(place, body.data.get().as_bytes(), &typed);
        typed
    }
}

#[test]
fn every_example_of_the_reference_is_read_without_loss() {
    // Breaks: an answer as documented would be an error, or lose a figure.
    let examples =
        Examples(RefCell::new(serde_json::from_str(include_str!("examples.json")).unwrap()));
    let coins: Vec<Coin> = examples.read("8.1.1");
    assert_eq!(coins[1].quote.get("2781").unwrap().price.as_ref().unwrap(), &"1.0002");
    let named: Keyed<Coin> = examples.read("8.2.1");
    assert_eq!(named.get("ABC").len(), 2);
    examples.read::<Keyed<Coin>>("8.2.2");
    examples.read::<Vec<Coin>>("8.3.1");
    examples.read::<Vec<Coin>>("8.3.2");
    examples.read::<Vec<MapEntry>>("8.4.1");
    let info: Keyed<CoinInfo> = examples.read("8.5.1");
    assert_eq!(info.first().unwrap().tag_names, ["Stablecoin"]);
    let series: Keyed<QuoteSeries> = examples.read("8.6.1");
    let volume = series.first().unwrap().quotes[0].quote.get("USD").unwrap().volume_24h.clone();
    assert_eq!(volume.unwrap().as_decimal().unwrap().to_string(), "38902000000");
    let candles: Keyed<CandleSeries> = examples.read("8.7.1");
    assert_eq!(candles.first().unwrap().quotes.len(), 1);
    examples.read::<Keyed<RunningCandle>>("8.7.2");
    examples.read::<OneOrMany<Conversion>>("8.8.1");
    examples.read::<OneOrMany<Conversion>>("8.8.2");
    examples.read::<GlobalMetrics>("8.9.1");
    examples.read::<KeyReport>("8.10.1");
    examples.read::<Vec<SimplePrice>>("8.11.1");
    examples.read::<Keyed<ExchangeInfo>>("8.11.2");
    examples.read::<Vec<Wallet>>("8.11.3");
    examples.read::<FearAndGreed>("8.11.4");
    examples.read::<Vec<FearAndGreedPoint>>("8.11.5");
    let pair: MarketPair = examples.read("8.12.1");
    assert!(pair.reported().is_some());
    let performance: Keyed<Performance> = examples.read("8.12.2");
    assert!(performance.first().unwrap().periods["24h"].quote.get("USD").is_some());
    examples.read::<CoinLiquidationList>("8.12.3");
    assert!(examples.0.borrow().is_empty(), "{:?}", examples.0.borrow().keys());
}

#[test]
fn the_comparison_finds_what_is_lost_changed_or_invented() {
    // Breaks: the examinations here would pass whatever the types do.
    let raw = r#"{"a":[{"price":2.10}],"b":null,"c":"x"}"#;
    for typed in [
        r#"{"a":[{"price":2.1}],"c":"x"}"#,
        r#"{"a":[{}],"c":"x"}"#,
        r#"{"a":[],"c":"x"}"#,
        r#"{"a":[{"price":2.10}],"c":"x","d":0}"#,
    ] {
        assert_eq!(compare::differences(raw, typed).len(), 1, "{typed}");
    }
    assert!(compare::differences(raw, r#"{"a":[{"price":"2.10"}],"c":"x"}"#).is_empty());
}
