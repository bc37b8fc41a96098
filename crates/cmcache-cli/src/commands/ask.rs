//! `get` and `price`: one question, through the same engine as the gateway's.

use std::{process::ExitCode, sync::Arc};

use bytes::Bytes;
use cmcache::{
    cmc_api::{Query, envelope},
    engine::{Answer, Terms},
};

use super::table;
use crate::{
    args::{Asked, Get, Price},
    failure::Failure,
    print, setup,
};

pub(crate) async fn get(args: &Get) -> Result<ExitCode, Failure> {
    let target = target(&args.asked)?;
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
    let target = target(&args.asked)?;
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

/// What a friendly name stands for, and the parameters that its words are, in their order.
type Friendly = (&'static str, &'static str, &'static [&'static str]);

/// Each stands for the newest version of its operation.
const FRIENDLY: [Friendly; 6] = [
    ("quotes", "/v3/cryptocurrency/quotes/latest", &["symbol", "convert"]),
    ("listings", "/v3/cryptocurrency/listings/latest", &["limit", "convert"]),
    ("info", "/v2/cryptocurrency/info", &["symbol"]),
    ("map", "/v1/cryptocurrency/map", &["symbol"]),
    ("global", "/v1/global-metrics/quotes/latest", &["convert"]),
    ("convert", "/v2/tools/price-conversion", &["amount", "symbol", "convert"]),
];

/// A path and query from what was typed.
fn target(asked: &Asked) -> Result<String, Failure> {
    let what = asked.what.as_str();
    let friendly = FRIENDLY.iter().find(|(name, ..)| *name == what);
    let (path, words) = match friendly {
        Some((_, path, words)) => (*path, *words),
        None if what.starts_with('/') => (what, &[][..]),
        None => {
            let names: Vec<_> = FRIENDLY.iter().map(|(name, ..)| *name).collect();
            return Err(Failure::usage(format!(
                "`{what}`: it must be {}, or a path that starts with /",
                names.join(", ")
            )));
        }
    };
    let mut query = parameters(&asked.parameters, words)?;
    let options = [
        ("id", &asked.id),
        ("symbol", &asked.symbol),
        ("slug", &asked.slug),
        ("convert", &asked.convert),
        ("limit", &asked.limit),
    ];
    let given = options.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    query.extend(given.map(|(name, value)| format!("{name}={}", encode(value))));
    let join = if path.contains('?') { "&" } else { "?" };
    let join = if query.is_empty() { "" } else { join };
    Ok(format!("{path}{join}{}", query.join("&")))
}

/// `name=value` as it is; bare words are the operation's own parameters in their order.
fn parameters(typed: &[String], words: &[&str]) -> Result<Vec<String>, Failure> {
    let mut words = words.iter();
    let parameters = typed.iter().map(|typed| match typed.split_once('=') {
        Some((name, value)) => Ok(format!("{name}={}", encode(value))),
        None => match words.next() {
            Some(&name) => Ok(format!("{}={}", or_id(name, typed), encode(typed))),
            None => Err(Failure::usage(format!("`{typed}`: write it as name=value"))),
        },
    });
    parameters.collect()
}

/// Numbers are no symbols: who types 1,1027 means ids.
fn or_id<'a>(name: &'a str, value: &str) -> &'a str {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if name == "symbol" && value.split(',').all(is_number) { "id" } else { name }
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
mod tests;
