//! What is spent, what for, and what is to be expected: from a running gateway, else from the books
//! it left.

mod coins;
mod ledger;
mod report;
mod source;
mod status;
mod what_if;

use std::process::ExitCode;

use crate::{
    args::{Credits, CreditsWhat},
    failure::Failure,
    setup,
};
use source::Source;

pub(crate) async fn run(args: &Credits) -> Result<ExitCode, Failure> {
    if let Some(CreditsWhat::WhatIf(of)) = &args.what {
        what_if::what_if(&args.at, of).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = setup::config(&args.at.settings, &[])?;
    if let Some(CreditsWhat::Coins(of)) = &args.what {
        coins::coins(&args.at, of, &config).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut source = Source::new(&args.at, &config);
    let told = match &args.what {
        None | Some(CreditsWhat::Status) => status::status(&mut source, args.at.json).await,
        Some(CreditsWhat::Report(of)) => report::report(&mut source, of, args.at.json).await,
        Some(CreditsWhat::Ledger(of)) => ledger::ledger(&mut source, of, args.at.json).await,
        // Answered above: these do not ask the books.
        Some(CreditsWhat::WhatIf(_) | CreditsWhat::Coins(_)) => Ok(()),
        Some(CreditsWhat::Forecast) => report::forecast(&mut source, args.at.json).await,
    };
    source.close().await;
    told.map(|()| ExitCode::SUCCESS)
}
