//! How a running gateway is: 0 if it passes or warns, 1 if it fails, 4 if nobody is there.

use std::process::ExitCode;

use super::remote;
use crate::{args::Health, failure::Failure, print, setup};

pub(crate) async fn run(args: &Health) -> Result<ExitCode, Failure> {
    let config = setup::config(&args.at.settings, &[])?;
    let url = args.at.url.clone().unwrap_or_else(|| remote::configured(config.listen));
    let (_, body) = remote::get(&url, &format!("/healthz?group={}", args.group), &config).await?;
    let status = body["status"].as_str().unwrap_or("fail").to_owned();
    if args.at.json {
        print::line(&body.to_string());
    } else {
        let checks = body["checks"].as_object().into_iter().flatten();
        let rows = checks.flat_map(|(name, findings)| {
            let findings = findings.as_array().map(Vec::as_slice).unwrap_or_default().iter();
            findings.map(|finding| {
                let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
                vec![name.clone(), text("status"), text("output")]
            })
        });
        print::table(&["check", "status", "what it says"], rows.collect());
        print::line("");
        print::state(&status);
    }
    Ok(if status == "fail" { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
