use credits::{MeterError, Window};

use crate::{books, cmcache::Cmcache, status::WindowStatus};

/// What may still be spent, at a glance: the budget that holds, whoever set it.
#[derive(Clone, Debug)]
pub struct Allowance {
    /// The billing month.
    pub month: WindowStatus,
    /// The day, UTC.
    pub day: WindowStatus,
    /// Calls a minute: the operator's limit, else the plan's.
    pub rate_limit_minute: Option<u32>,
}

impl Cmcache {
    /// What may still be spent. Unlike [`Cmcache::credits`] it reads no ledger.
    ///
    /// # Errors
    ///
    /// The meter does not answer.
    pub async fn allowance(&self) -> Result<Allowance, MeterError> {
        let inner = self.inner();
        let account = inner.engine.account();
        let usage = account.usage().await?;
        let now = inner.clock.now();
        let plan = inner.plan().and_then(|key| key.plan.rate_limit_minute);
        Ok(Allowance {
            month: books::window(account, Window::Month, &usage, now),
            day: books::window(account, Window::Day, &usage, now),
            rate_limit_minute: inner.config.budget.minute.or(plan),
        })
    }
}
