//! `warm` and `popularity`: what is fetched before anybody asks, and what that is decided by.

use std::process::ExitCode;

use anyhow::Context;
use cmcache::{Config, WarmOrder, config::WarmBy};
use serde_json::{Value, json};

use super::remote;
use crate::{
    args::{Popularity, Warm},
    failure::Failure,
    print, setup,
};

const WARM: (&str, &str) = ("/_cmcache/api/v1/warm", "warm");
const POPULARITY: &str = "/_cmcache/api/v1/popularity";

pub(crate) async fn run(args: &Warm) -> Result<ExitCode, Failure> {
    let mut config = setup::config(&args.at.settings, &[])?;
    take(args, &mut config);
    config.warm.check()?;
    let choice = config.warm.choice();
    let choice = choice.ok_or_else(|| Failure::usage("what? Name coins, or say --coins N"))?;
    let (converts, share) = (config.warm.converts.clone(), config.warm.share);
    let order = WarmOrder { choice, converts, share };
    let url = args.at.url.clone().unwrap_or_else(|| remote::configured(config.listen));
    let told = match args.dry_run {
        true => here(config, &order, true).await?,
        false => match remote::act(&url, WARM, &config, &said(&config)).await {
            Ok((200, told)) => told,
            Ok((status, told)) => {
                return Err(Failure::unavailable(format!("{url}: HTTP {status}: {told}")));
            }
            Err(nobody) if args.at.url.is_some() => return Err(nobody),
            Err(_) => here(config, &order, false).await?,
        },
    };
    if args.at.json {
        print::line(&told.to_string());
    } else {
        show(&told);
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn popularity(args: &Popularity) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.at.settings, &[])?;
    let url = args.at.url.clone().unwrap_or_else(|| remote::configured(config.listen));
    let (status, told) = remote::get(&url, POPULARITY, &config).await?;
    if status != 200 {
        return Err(Failure::unavailable(format!("{url}: HTTP {status}: {told}")));
    }
    if args.at.json {
        print::line(&told.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    let rows = told.as_array().into_iter().flatten().map(|row| {
        let named = |symbol: &str, id: &str| match row[symbol].as_str() {
            Some(symbol) => symbol.to_owned(),
            None => row[id].to_string(),
        };
        let asked = row["per_minute"].to_string();
        vec![named("symbol", "id"), row["id"].to_string(), named("convert", "convert_id"), asked]
    });
    print::table(&["coin", "id", "currency", "a minute"], rows.collect());
    Ok(ExitCode::SUCCESS)
}

/// What was typed wins over what is configured.
fn take(args: &Warm, config: &mut Config) {
    let warm = &mut config.warm;
    if let Some(coins) = args.coins {
        (warm.coins, warm.names) = (coins, Vec::new());
    }
    if !args.names.is_empty() {
        warm.names.clone_from(&args.names);
    }
    if !args.convert.is_empty() {
        warm.converts.clone_from(&args.convert);
    }
    match args.by.as_deref() {
        Some("rank") => warm.by = WarmBy::Rank,
        Some(_) => warm.by = WarmBy::Popularity,
        None => {}
    }
    warm.share = args.share.unwrap_or(warm.share);
}

/// The same for a gateway.
fn said(config: &Config) -> Value {
    let warm = &config.warm;
    json!({
        "coins": warm.coins,
        "by": warm.by.name(),
        "names": warm.names,
        "converts": warm.converts,
        "share": warm.share,
    })
}

/// Into the configured stores, where no gateway runs.
async fn here(config: Config, order: &WarmOrder, dry_run: bool) -> Result<Value, Failure> {
    let running = setup::start(config).await?;
    let told = async {
        if dry_run {
            let price = running.cmcache.price_of_warming(order).await?;
            return Ok(json!({ "state": "priced", "credits": price.get() }));
        }
        let status = running.cmcache.warm(order).await?;
        Ok(serde_json::to_value(status).context("a status as JSON")?)
    };
    let told = told.await;
    running.end().await;
    told
}

fn show(told: &Value) {
    let number = |name: &str| told[name].as_u64().unwrap_or(0);
    let state = told["state"].as_str().unwrap_or("unknown");
    match state {
        "priced" => print::line(&format!("it would take {} credits now", number("credits"))),
        "elsewhere" => print::line("another instance is warming; it is left to it"),
        _ => print::line(&format!(
            "{state}: {} quotes, {} were fresh, {} fetched, {} left out, {} credits",
            number("chosen"),
            number("fresh"),
            number("fetched"),
            number("left"),
            number("credits"),
        )),
    }
}
