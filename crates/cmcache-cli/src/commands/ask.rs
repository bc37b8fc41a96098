//! `get` and `price`: one question, through the same engine as the gateway's.

use std::{process::ExitCode, sync::Arc};

use bytes::Bytes;
use cmcache::{
    cmc_api::{Query, envelope},
    engine::{Answer, Terms},
};

use super::table;
use crate::{
    args::{Get, Price},
    failure::Failure,
    print, setup,
};

pub(crate) async fn get(args: &Get) -> Result<ExitCode, Failure> {
    let target = target(&args.what, &args.parameters)?;
    let running = setup::start(setup::config(&args.settings, &[])?).await?;
    let answered = match parse(&running, &target) {
        Ok(query) => running.cmcache.answer(&query, &Terms::default()).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    running.end().await;
    let answer = answered?;
    if args.json {
        print::raw(&body(&answer));
    } else if !table::show(&answer.data, args.csv) {
        return Err(Failure::nothing_found());
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn price(args: &Price) -> Result<ExitCode, Failure> {
    let target = target(&args.what, &args.parameters)?;
    let running = setup::start(setup::config(&args.settings, &[])?).await?;
    let estimated = match parse(&running, &target) {
        Ok(query) => running.cmcache.estimate(&query).await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    running.end().await;
    let estimate = estimated?;
    if args.json {
        let calls = estimate
            .calls
            .iter()
            .map(|(call, credits)| serde_json::json!({ "call": call, "credits": credits.get() }));
        let json = serde_json::json!({
            "credits_with_cache": estimate.with_cache.get(),
            "credits_without_cache": estimate.without_cache.get(),
            "calls": calls.collect::<Vec<_>>(),
        });
        print::line(&json.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    print::line(&format!("now, with the cache:  {} credits", estimate.with_cache));
    print::line(&format!("without a cache:      {} credits", estimate.without_cache));
    for (call, credits) in &estimate.calls {
        let call: String = call.chars().take(100).collect();
        print::line(&format!("  {credits} for {call}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn parse(running: &setup::Running, target: &str) -> Result<Arc<Query>, Failure> {
    let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
    let query = running.cmcache.parse("GET", path, raw_query, Bytes::new());
    query.map_err(|error| cmcache::engine::AnswerError::Bad(Box::new(error)).into())
}

/// The body as the gateway would send it.
fn body(answer: &Answer) -> Vec<u8> {
    let timestamp = answer.at.to_string();
    let status = envelope::Status {
        style: answer.style,
        timestamp: &timestamp,
        elapsed: 0,
        credit_count: answer.charged,
        total_count: answer.total_count,
    };
    let mut out = Vec::with_capacity(answer.data.len() + 512);
    envelope::success_head(&mut out, &status);
    out.extend_from_slice(&answer.data);
    envelope::success_tail(&mut out, &status);
    out
}

/// A path and query from what was typed: friendly names stand for the newest version.
fn target(what: &str, parameters: &[String]) -> Result<String, Failure> {
    let (path, first) = match what {
        "quotes" => ("/v3/cryptocurrency/quotes/latest", "symbol"),
        "listings" => ("/v3/cryptocurrency/listings/latest", "limit"),
        "info" => ("/v2/cryptocurrency/info", "symbol"),
        "map" => ("/v1/cryptocurrency/map", "symbol"),
        "global" => ("/v1/global-metrics/quotes/latest", "convert"),
        "convert" => ("/v2/tools/price-conversion", "amount"),
        path if path.starts_with('/') => (path, ""),
        other => {
            return Err(Failure::usage(format!(
                "`{other}`: it must be quotes, listings, info, map, global, convert, or a path \
                 that starts with /"
            )));
        }
    };
    let mut query = Vec::new();
    for parameter in parameters {
        match parameter.split_once('=') {
            Some((name, value)) => query.push(format!("{name}={}", encode(value))),
            None if !first.is_empty() => query.push(format!("{first}={}", encode(parameter))),
            None => return Err(Failure::usage(format!("`{parameter}`: write it as name=value"))),
        }
    }
    let join = if path.contains('?') { "&" } else { "?" };
    let join = if query.is_empty() { "" } else { join };
    Ok(format!("{path}{join}{}", query.join("&")))
}

/// What would end a value in a query is written with a percent sign.
fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b',' | b'$' | b'@' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(what: &str, parameters: &[&str]) -> String {
        let parameters: Vec<String> = parameters.iter().map(|text| (*text).to_owned()).collect();
        target(what, &parameters).unwrap()
    }

    #[test]
    fn friendly_names_stand_for_the_newest_version() {
        // People type symbols, not paths.
        assert_eq!(
            typed("quotes", &["BTC,ETH", "convert=EUR"]),
            "/v3/cryptocurrency/quotes/latest?symbol=BTC,ETH&convert=EUR"
        );
        assert_eq!(typed("/v1/key/info", &[]), "/v1/key/info");
        assert_eq!(typed("/v1/x?a=1", &["b=2 3"]), "/v1/x?a=1&b=2%203");
        assert!(target("quote", &[]).is_err());
    }
}
