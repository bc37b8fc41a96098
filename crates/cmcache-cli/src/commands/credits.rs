//! What is spent and what may be: from a running gateway, else from the books it left.

use std::{process::ExitCode, sync::Arc};

use anyhow::Context;
use cmcache::{Books, Config, StartError, clock::SystemClock};
use serde_json::Value;

use super::remote;
use crate::{
    args::{Credits, CreditsWhat},
    failure::Failure,
    print, setup,
};

const PATH: &str = "/_cmcache/api/v1/credits";

pub(crate) async fn run(args: &Credits) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.at.settings, &[])?;
    let body = match &args.at.url {
        Some(url) => asked(url, &config).await?,
        None => match asked(&remote::configured(config.listen), &config).await {
            Ok(body) => body,
            Err(nobody) => read(&config, nobody).await?,
        },
    };
    if args.at.json {
        print::line(&body.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    match args.what {
        CreditsWhat::Status => state(&body),
        CreditsWhat::Report => report(&body),
    }
    Ok(ExitCode::SUCCESS)
}

/// As the gateway at `url` tells it.
async fn asked(url: &str, config: &Config) -> Result<Value, Failure> {
    let (status, body) = remote::get(url, PATH, config).await?;
    match status {
        200 => Ok(body),
        _ => Err(Failure::unavailable(format!("{url}: the gateway answers HTTP {status}: {body}"))),
    }
}

/// As the books tell it: where nobody listens, nobody has them open.
async fn read(config: &Config, nobody: Failure) -> Result<Value, Failure> {
    let books = match Books::open(config, Arc::new(SystemClock)).await {
        Ok(books) => books,
        Err(StartError::DataDir { .. }) => return Err(nobody),
        Err(error) => return Err(error.into()),
    };
    let credits = books.credits().await;
    books.close().await;
    Ok(serde_json::to_value(credits).context("the books as JSON")?)
}

fn state(body: &Value) {
    let row = |name: &str, window: &Value| {
        let columns = ["used", "limit", "available", "reset"];
        let mut row = vec![name.to_owned()];
        row.extend(columns.iter().map(|column| text(&window[column])));
        row
    };
    let rows = vec![row("billing month", &body["month"]), row("day", &body["day"])];
    print::table(&["credits", "used", "limit", "left", "resets"], rows);
    let ledger = &body["ledger"];
    print::line(&format!(
        "\non record: {} credits in {} calls, {} of them assumed",
        text(&ledger["credits"]),
        text(&ledger["calls"]),
        text(&ledger["assumed"])
    ));
    if body["plan"].is_null() {
        print::line("the plan's own limits are known to a running gateway only");
    }
}

fn report(body: &Value) {
    let rows = body["by_operation"].as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let rows = rows.map(|row| {
        let columns = ["operation", "credits", "calls", "assumed", "mean_ms"];
        columns.iter().map(|column| text(&row[column])).collect()
    });
    print::table(&["operation", "credits", "calls", "assumed", "mean ms"], rows.collect());
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
