use std::{collections::HashMap, sync::Arc, time::Duration};

use clock::Timestamp;
use credits::{
    Account, Filter, Forecast, ForecastAsk, GroupBy, LedgerError, Tally, Window, forecast, limits,
};
use serde::{Deserialize, Serialize};

use super::FORM;
use crate::wiring::Kept;

const HOUR: Duration = Duration::from_secs(3_600);

/// What is spent, and what is to be expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Foresight {
    /// Of this form.
    pub form: u32,
    /// When it was made.
    pub at: String,
    /// Spent in the billing month, held credits included.
    pub used: u64,
    /// What may be spent in it; absent without a limit, or where it is not known.
    pub limit: Option<u64>,
    /// When it ends.
    pub reset: String,
    /// Absent while there is less than two days of history.
    pub forecast: Option<Forecast>,
}

/// Forecasts from the ledger. The same hour gives the same figures, whoever asks.
pub(crate) async fn foresee(
    account: &Account,
    kept: &Kept,
    now: Timestamp,
) -> Result<Foresight, LedgerError> {
    let hour = Tally::hour_of(now);
    let history = history(account.name(), kept, hour).await?;
    let usage = account.usage().await.unwrap_or_default();
    let budget = account.budget();
    let used = usage.month.saturating_add(usage.reserved);
    let reset = Window::Month.reset(now, budget.anchor);
    let seed = hour.as_millis().unsigned_abs();
    let ask = ForecastAsk { history: &history, now, reset, used, limit: budget.month, seed };
    Ok(Foresight {
        form: FORM,
        at: now.to_string(),
        used: used.get(),
        limit: budget.month.map(credits::Credits::get),
        reset: reset.to_string(),
        forecast: forecast(&ask),
    })
}

/// The credits of each whole hour up to `hour`, from the first one that anything is known of.
async fn history(
    account: &Arc<str>,
    kept: &Kept,
    hour: Timestamp,
) -> Result<Vec<u64>, LedgerError> {
    let hours = u32::try_from(limits::FORECAST_HOURS_MAX).unwrap_or(u32::MAX);
    let filter = Filter {
        from: Some(hour.before(HOUR * hours)),
        until: Some(hour),
        account: Some(Arc::clone(account)),
        ..Filter::default()
    };
    let totals = kept.reports.totals(&filter, GroupBy::Hour).await?;
    let spent: HashMap<&str, u64> =
        totals.iter().map(|total| (total.key.as_str(), total.credits.get())).collect();
    let key = |back: u32| hour.before(HOUR * back).to_string()[..13].to_owned();
    let known = (1..=hours).rev().skip_while(|back| !spent.contains_key(key(*back).as_str()));
    Ok(known.map(|back| spent.get(key(back).as_str()).copied().unwrap_or(0)).collect())
}
