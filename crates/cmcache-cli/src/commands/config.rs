use std::process::ExitCode;

use anyhow::Context;

use crate::{args::ConfigAction, exporting, failure::Failure, print, setup};

pub(crate) fn run(action: &ConfigAction) -> Result<ExitCode, Failure> {
    match action {
        ConfigAction::Check(args) => {
            let config = setup::config(&args.settings, &[])?;
            exporting::warn_if_missing(&config.otel);
            if args.json {
                print::line("{\"ok\":true}");
            } else {
                print::line("the configuration can run");
            }
            let upstream = &config.upstream;
            if upstream.key.is_none() && !upstream.is_keyless() && !setup::is_sim(&config) {
                print::error("cmcache: without a key, though: set CMC_PRO_API_KEY");
            }
        }
        ConfigAction::Show(args) => {
            let rows = setup::config(&args.settings, &[])?.shown();
            if args.json {
                print::line(&serde_json::to_string(&rows).context("the settings as JSON")?);
                return Ok(ExitCode::SUCCESS);
            }
            let rows = rows.into_iter().map(|row| vec![row.key, row.value, row.origin.to_string()]);
            print::table(&["setting", "value", "from"], rows.collect());
        }
    }
    Ok(ExitCode::SUCCESS)
}
