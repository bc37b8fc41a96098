//! Families beyond quotes: enough of each to tell one answer from another.

use clock::Clock;
use cmc_api::{ApiError, Call, Charge, UpstreamError, UpstreamErrorKind, scripted::Scripted};

use super::{Market, ids, number, parameter, price};

/// Exchanges that exist: ids 270 and 271, by slug too.
const EXCHANGES: [(&str, &str); 2] = [("270", "binance"), ("271", "other")];

impl Market {
    /// The `data` and the price of the answer to `call`.
    pub(super) fn others(&self, call: &Call) -> Result<(String, u64), Box<Scripted>> {
        let converts = ids(call, "convert_id");
        let currency = converts.first().copied().unwrap_or(2781);
        Ok(match call.path() {
            "/v2/cryptocurrency/ohlcv/latest" => {
                let asked = ids(call, "id");
                let one = |id: &u32| {
                    format!(
                        r#""{id}":{{"id":{id},"odd":1.0,"time_close":null,"quote":{{"{currency}":{{"open":{id}.{currency}0}}}}}}"#
                    )
                };
                (map(asked.iter().map(one)), price(asked.len(), &converts))
            }
            "/v2/cryptocurrency/price-performance-stats/latest" => {
                let asked = ids(call, "id");
                let one = |id: &u32| {
                    let period = |name: &str| {
                        format!(
                            r#""{name}":{{"x":"{name}","quote":{{"{currency}":{{"open":{id}.{currency}}}}}}}"#
                        )
                    };
                    let periods = [period("all_time"), period("24h")].join(",");
                    format!(r#""{id}":{{"id":{id},"periods":{{{periods}}}}}"#)
                };
                (map(asked.iter().map(one)), price(asked.len(), &converts))
            }
            "/v1/exchange/info" => (exchanges(call)?, 1),
            "/v1/global-metrics/quotes/latest" => {
                let one = |id: &u32| format!(r#""{id}":{{"cap":{id}.50}}"#);
                let quotes: Vec<String> = converts.iter().map(one).collect();
                let totals = format!(r#"{{"active":7,"quote":{{{}}}}}"#, quotes.join(","));
                (totals, converts.len().max(1) as u64)
            }
            "/v1/cryptocurrency/trending/latest" => (trending(call), 1),
            "/v1/cryptocurrency/category" => (
                format!(r#"{{"id":"c1","title":"T","coins":{},"new_key":2.0}}"#, trending(call)),
                1,
            ),
            "/v2/cryptocurrency/market-pairs/latest" => {
                let rows = (number(call, "start")..).take(number(call, "limit") as usize);
                let rows: Vec<_> = rows.map(|n| format!(r#"{{"market_id":{n},"category":"spot","market_url":"u","a":{{"market_url":"v"}}}}"#)).collect();
                (
                    format!(
                        r#"{{"id":1,"num_market_pairs":9,"market_pairs":[{}]}}"#,
                        rows.join(",")
                    ),
                    1,
                )
            }
            "/v1/fiat/map" => {
                let rows: Vec<_> = (1..=90).map(|n| format!(r#"{{"id":{n}}}"#)).collect();
                (format!("[{}]", rows.join(",")), 1)
            }
            _ => (format!("{{\"read_at\":{}}}", self.0.clock.now().as_millis()), 1),
        })
    }
}

/// Coins 5 4 3 … as upstream lists them, in its own shape.
fn trending(call: &Call) -> String {
    let all: Vec<u32> = (1..=5).rev().collect();
    let start = number(call, "start").max(1) as usize;
    let page = all.iter().skip(start - 1).take(number(call, "limit") as usize);
    let rows: Vec<_> =
        page.map(|id| format!(r#"{{"id":{id},"quote":{{"USD":{{"price":1}}}}}}"#)).collect();
    format!("[{}]", rows.join(","))
}

fn exchanges(call: &Call) -> Result<String, Box<Scripted>> {
    let by_slug = parameter(call, "slug").is_some();
    let name = if by_slug { "slug" } else { "id" };
    let asked = parameter(call, name).unwrap_or_default();
    let find = |word: &str| EXCHANGES.iter().find(|it| if by_slug { it.1 } else { it.0 } == word);
    let unknown: Vec<_> = asked.split(',').filter(|word| find(word).is_none()).collect();
    if !unknown.is_empty() {
        let plural = if unknown.len() > 1 { "s" } else { "" };
        let message = format!("Invalid value{plural} for \"{name}\": \"{}\"", unknown.join(","));
        let answer = ApiError { http_status: 400, code: 400, message };
        let error = UpstreamError::new(UpstreamErrorKind::Refused, Charge::Nothing);
        return Err(Box::new(Err(error.with_answer(answer))));
    }
    let one = |word: &str| {
        let (id, slug) = find(word).expect("just looked for");
        format!(r#""{word}":{{"id":{id},"slug":"{slug}","logo":"l","notice":"n","new":1E3}}"#)
    };
    Ok(map(asked.split(',').map(one)))
}

fn map(members: impl Iterator<Item = String>) -> String {
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}
