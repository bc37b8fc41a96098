use std::process::ExitCode;

use serde_json::Value;

use super::remote;
use crate::{
    args::{Credits, CreditsWhat},
    failure::Failure,
    print,
};

pub(crate) async fn run(args: &Credits) -> Result<ExitCode, Failure> {
    let (status, body) = remote::get(&args.at, "/_cmcache/api/v1/credits").await?;
    if status != 200 {
        return Err(Failure::unavailable(format!("the gateway answers HTTP {status}: {body}")));
    }
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

fn state(body: &Value) {
    let row = |name: &str, window: &Value| {
        vec![
            name.to_owned(),
            text(&window["used"]),
            text(&window["limit"]),
            text(&window["available"]),
            text(&window["reset"]),
        ]
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
