use anyhow::Context;
use cmcache::reports::Words;
use serde_json::Value;

use super::source::{self, Answerer, Source};
use crate::{failure::Failure, print};

const PATH: &str = "/_cmcache/api/v1/credits";

pub(super) async fn status(source: &mut Source<'_>, as_json: bool) -> Result<(), Failure> {
    let body: Value = match source.ask(PATH, &Words::default()).await? {
        Answerer::Gateway(told) => source::read(&told.text)?,
        Answerer::Books(books) => {
            serde_json::to_value(books.credits().await).context("the books as JSON")?
        }
    };
    if as_json {
        print::line(&body.to_string());
    } else {
        state(&body);
    }
    Ok(())
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

fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
