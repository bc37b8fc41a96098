//! The account and its ledger, read together.

use std::sync::Arc;

use clock::{Clock, Timestamp};
use cmc_api::{Catalogue, KeyInfo};
use credits::{
    Account, Credits, Filter, GroupBy, Ledger, LedgerError, Page, PageOf, Posting, Total, Usage,
    Window,
};

use crate::{
    config::Config,
    error::StartError,
    opening::Opening,
    reports::{self, Foresight, GuideReport, ReportAsk, UsageReport},
    status::{CreditsStatus, LedgerStatus, OperationStatus, PlanStatus, WindowStatus},
    wiring::{self, Kept},
};

/// The books of a data directory, opened without a gateway and without asking upstream.
///
/// Opening them is what a restart does: what an earlier run left open is booked as spent.
#[derive(Debug)]
pub struct Books {
    account: Account,
    kept: Kept,
    catalogue: Arc<Catalogue>,
    clock: Arc<dyn Clock>,
}

impl Books {
    /// Opens the books in the configured data directory, which must be there.
    ///
    /// # Errors
    ///
    /// [`StartError`]: no such folder, or a gateway keeps it open.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        if config.is_kept() || config.ledger.url.is_none() {
            let path = config.data_dir.display().to_string();
            std::fs::metadata(&config.data_dir)
                .map_err(|source| StartError::DataDir { path, source })?;
        }
        let kept = wiring::kept(config, &Opening::default()).await?;
        let name = wiring::name(&config.upstream.url);
        // Counted from the ledger alone: the plan is not known here, and a shared meter must not
        // be told of a billing month that may begin elsewhere.
        let named = (name, wiring::budget(config, None));
        let parts = wiring::account(config, named, (&kept, None), &clock);
        let account = Account::open(parts, &*kept.ledger).await?;
        let catalogue = config.catalogue()?;
        Ok(Self { account, kept, catalogue, clock })
    }

    /// What is spent. The plan is not known here: only upstream could tell it.
    pub async fn credits(&self) -> CreditsStatus {
        credits(&self.account, &self.kept, self.clock.now(), None).await
    }

    /// What was spent on what, and what was got for it.
    ///
    /// # Errors
    ///
    /// The books do not answer.
    pub async fn report(&self, ask: &ReportAsk) -> Result<UsageReport, LedgerError> {
        settle(&self.account, &*self.kept.ledger).await;
        reports::usage((self.account.name(), &self.kept), &self.catalogue, ask).await
    }

    /// The reports of the guide that this project grew from, by its own arithmetic.
    ///
    /// # Errors
    ///
    /// The books do not answer.
    pub async fn guide_report(&self, ask: &ReportAsk) -> Result<GuideReport, LedgerError> {
        reports::guide((self.account.name(), &self.kept), ask).await
    }

    /// What will have been spent at the reset, and how long the rest lasts. The plan's limits are
    /// not known here, only the operator's own.
    ///
    /// # Errors
    ///
    /// The books do not answer.
    pub async fn forecast(&self) -> Result<Foresight, LedgerError> {
        settle(&self.account, &*self.kept.ledger).await;
        reports::foresee(&self.account, &self.kept, self.clock.now()).await
    }

    /// A page of this upstream's charges, newest first; where `filter` has an account, that is the
    /// name of a client, whose shares are meant.
    ///
    /// # Errors
    ///
    /// The books do not answer.
    pub async fn ledger(
        &self,
        filter: &Filter,
        page: Page,
    ) -> Result<PageOf<Posting>, LedgerError> {
        self::page(&self.account, &self.kept, filter, page).await
    }

    /// The present instant, by the clock that they were opened with.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Closes them.
    pub async fn close(self) {
        self.kept.close().await;
    }
}

/// Writes waiting postings, so that sums over the ledger are whole.
pub(crate) async fn settle(account: &Account, ledger: &dyn Ledger) {
    account.sweep().await;
    if let Err(error) = account.catch_up(ledger).await {
        tracing::warn!(%error, "the ledger is away: the sums lack what waits for it");
    }
}

/// What is spent, and what may be.
pub(crate) async fn credits(
    account: &Account,
    kept: &Kept,
    now: Timestamp,
    plan: Option<KeyInfo>,
) -> CreditsStatus {
    settle(account, &*kept.ledger).await;
    let usage = account.usage().await.unwrap_or_default();
    let totals = kept.reports.totals(&own(account), GroupBy::Operation).await.unwrap_or_default();
    CreditsStatus {
        plan: plan.as_ref().map(plan_status),
        month: window(account, Window::Month, &usage, now),
        day: window(account, Window::Day, &usage, now),
        minute_calls: usage.minute_calls,
        reserved: usage.reserved.get(),
        ledger: totals.iter().fold(LedgerStatus::default(), LedgerStatus::and),
        by_operation: totals.iter().map(operation).collect(),
        waiting_postings: account.n_waiting(),
        reconciled: None,
        burning: Vec::new(),
        learned_prices: 0,
        pace: None,
    }
}

/// A page of the ledger, newest first; an account in `filter` is the name of a client, whose shares
/// are meant.
pub(crate) async fn page(
    account: &Account,
    kept: &Kept,
    filter: &Filter,
    page: Page,
) -> Result<PageOf<Posting>, LedgerError> {
    settle(account, &*kept.ledger).await;
    let of = match &filter.account {
        Some(client) => Some(credits::client_account(account.name(), client)),
        None => own(account).account,
    };
    kept.reports.query(&Filter { account: of, ..filter.clone() }, page).await
}

/// The postings of this upstream: others may have used the same data directory.
fn own(account: &Account) -> Filter {
    Filter { account: Some(Arc::clone(account.name())), ..Filter::default() }
}

/// One window of the budget.
pub(crate) fn window(
    account: &Account,
    window: Window,
    usage: &Usage,
    now: Timestamp,
) -> WindowStatus {
    let budget = account.budget();
    let (limit, used) = match window {
        Window::Day => (budget.day, usage.day),
        Window::Minute | Window::Month => (budget.month, usage.month),
    };
    let spent = used.saturating_add(usage.reserved);
    WindowStatus {
        limit: limit.map(Credits::get),
        used: used.get(),
        available: limit.map(|limit| limit.saturating_sub(spent).get()),
        reset: window.reset(now, budget.anchor).to_string(),
    }
}

impl LedgerStatus {
    fn and(self, total: &Total) -> Self {
        Self {
            credits: self.credits + total.credits.get(),
            calls: self.calls + total.calls,
            assumed: self.assumed + total.assumed.get(),
        }
    }
}

fn plan_status(key: &KeyInfo) -> PlanStatus {
    PlanStatus {
        credit_limit_monthly: key.plan.credit_limit_monthly.map(Credits::get),
        credit_limit_daily: key.plan.credit_limit_daily.map(Credits::get),
        rate_limit_minute: key.plan.rate_limit_minute,
        upstream_credits_used: key.usage.current_month.credits_used.get(),
    }
}

fn operation(total: &Total) -> OperationStatus {
    let calls = u32::try_from(total.calls.max(1)).unwrap_or(u32::MAX);
    let mean = total.elapsed / calls;
    OperationStatus {
        operation: total.key.clone(),
        credits: total.credits.get(),
        calls: total.calls,
        assumed: total.assumed.get(),
        mean_ms: u64::try_from(mean.as_millis()).unwrap_or(u64::MAX),
    }
}
