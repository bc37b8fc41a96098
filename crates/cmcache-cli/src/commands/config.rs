use std::process::ExitCode;

use crate::{args::ConfigAction, failure::Failure, print, setup};

pub(crate) fn run(action: &ConfigAction) -> Result<ExitCode, Failure> {
    match action {
        ConfigAction::Check(settings) => {
            setup::config(settings, &[])?;
            print::line("the configuration can run");
        }
        ConfigAction::Show(settings) => {
            let config = setup::config(settings, &[])?;
            let rows = config.shown().into_iter();
            let rows = rows.map(|row| vec![row.key, row.value, row.origin.to_string()]);
            print::table(&["setting", "value", "from"], rows.collect());
        }
    }
    Ok(ExitCode::SUCCESS)
}
