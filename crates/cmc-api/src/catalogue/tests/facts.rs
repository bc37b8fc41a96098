//! The catalogue against the bare facts that were collected from the documentation.

use std::collections::HashSet;

use serde_json::Value;

use super::*;
use crate::{WireType, validate};

const FACTS: &str = include_str!("facts-2026-10.json");

/// Defaults that the bare facts leave open or that we read in another way: path, name, default.
const READINGS: [(&str, &str, Option<&str>); 7] = [
    ("/v3/cryptocurrency/quotes/latest", "aux", Some(QUOTES_AUX)),
    ("/v3/cryptocurrency/quotes/latest", "skip_invalid", Some("true")),
    // The natural direction follows from `sort`.
    ("/v3/cryptocurrency/listings/latest", "sort_dir", None),
    ("/v1/cryptocurrency/listings/new", "sort_dir", Some("desc")),
    ("/v1/cryptocurrency/trending/gainers-losers", "sort_dir", Some("desc")),
    ("/v3/index/cmc100-historical", "count", Some("5")),
    ("/v3/index/cmc20-historical", "count", Some("5")),
];

const QUOTES_AUX: &str = "num_market_pairs,cmc_rank,date_added,tags,platform,max_supply,\
    circulating_supply,total_supply,is_active,is_fiat";

fn facts() -> Vec<(Value, Arc<Operation>)> {
    let facts: Value = serde_json::from_str(FACTS).unwrap();
    let catalogue = Catalogue::embedded();
    let entries = facts["operations"].as_array().unwrap().iter();
    let with_operation = entries.map(|entry| {
        let method = Method::parse(entry["method"].as_str().unwrap()).unwrap();
        let path = entry["path"].as_str().unwrap();
        (entry.clone(), Arc::clone(catalogue.find(method, path).expect(path)))
    });
    with_operation.collect()
}

#[test]
fn plans_cadences_and_flags_are_those_of_the_facts() {
    // The gate by plan and every age are made of them.
    for (entry, operation) in facts() {
        let path = &*operation.path;
        assert_eq!(operation.keyless, entry["keyless"].as_bool().unwrap(), "{path}");
        assert_eq!(operation.deprecated, entry["deprecated"].as_bool().unwrap(), "{path}");
        let cadence = operation.cadence.map(|cadence| cadence.as_secs());
        assert_eq!(cadence, entry["cadence_s"].as_u64(), "{path}");
        let plan = entry["min_plan"].as_str().map(|name| crate::Plan::parse(name).unwrap());
        assert_eq!(operation.min_plan, plan, "{path}");
    }
    assert_eq!(facts().len(), Catalogue::embedded().operations().len());
}

#[test]
fn prices_are_those_of_the_facts() {
    // The budget is reserved by them.
    for (entry, operation) in facts() {
        let (path, price) = (&*operation.path, &entry["price"]);
        let number = |name: &str| u32::try_from(price[name].as_u64().unwrap_or(0)).unwrap();
        let convert = price["convert"].as_bool().unwrap_or(false);
        let expected = match price["model"].as_str() {
            Some("free") => PriceRule::Free,
            Some("flat") => PriceRule::Flat { credits: number("credits"), convert },
            Some("batch") => PriceRule::Batch {
                per: number("per").try_into().unwrap(),
                base: number("base"),
                convert,
            },
            Some("item") => PriceRule::Item,
            other => {
                assert_eq!(other, None);
                PriceRule::Unknown
            }
        };
        assert_eq!(operation.price, expected, "{path}");
        let billing = operation.billing;
        assert_eq!(billing.unit.map(|unit| unit.name()), price["unit"].as_str(), "{path}");
        let stated = price["stated"].as_bool().unwrap_or(expected != PriceRule::Unknown);
        assert_eq!(billing.stated, stated, "{path}");
        assert_eq!(billing.repeats_free, price["repeats_free"].as_bool().unwrap_or(false));
    }
}

#[test]
fn parameters_are_those_of_the_facts() {
    // Whoever sends the documented ones must be understood, and defaults fill the keys.
    let mut read = HashSet::new();
    for (entry, operation) in facts() {
        let path = &*operation.path;
        let listed = entry["params"].as_array().unwrap();
        assert_eq!(operation.params.len(), listed.len(), "{path}");
        for (fact, param) in listed.iter().zip(&operation.params) {
            let name = fact["name"].as_str().unwrap();
            assert_eq!(&*param.name, name, "{path}");
            assert_eq!(
                param.required,
                fact["required"].as_bool().unwrap_or(false),
                "{path} {name}"
            );
            let wire = match fact["type"].as_str().unwrap() {
                "enum" => WireType::String.name(),
                other => other,
            };
            assert_eq!(param.wire.name(), wire, "{path} {name}");
            let reading = READINGS.iter().find(|(at, of, _)| (*at, *of) == (path, name));
            read.extend(reading.map(|reading| (reading.0, reading.1)));
            let told = fact["default"].as_str().filter(|text| !text.is_empty());
            let expected = match (reading, told) {
                (Some((_, _, default)), _) => default.map(str::to_owned),
                (None, None) if name == "convert" => Some("USD".to_owned()),
                (None, told) => told.map(|text| validate::check(param, text).unwrap().into_owned()),
            };
            assert_eq!(param.default.as_deref(), expected.as_deref(), "{path} {name}");
        }
    }
    assert_eq!(read.len(), READINGS.len());
}
