//! `pause` and `resume`: whether a running gateway may make paid calls.

use std::process::ExitCode;

use serde_json::json;

use super::remote;
use crate::{args::Pause, failure::Failure, print, setup};

const PAUSE: (&str, &str) = ("/_cmcache/api/v1/pause", "pause");

pub(crate) async fn run(args: &Pause, paused: bool) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.at.settings, &[])?;
    let url = args.at.url.clone().unwrap_or_else(|| remote::configured(config.listen));
    let (status, told) = remote::act(&url, PAUSE, &config, &json!({ "paused": paused })).await?;
    if status != 200 {
        let why = told["status"]["error_message"].as_str().unwrap_or("no reason given");
        return Err(Failure::unavailable(format!("{url}: HTTP {status}: {why}")));
    }
    if args.at.json {
        print::line(&told.to_string());
    } else if paused {
        print::line("paid calls are paused: only what is cached is served, until `cmcache resume`");
    } else {
        print::line("paid calls go out again");
    }
    Ok(ExitCode::SUCCESS)
}
