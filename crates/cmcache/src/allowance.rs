use credits::{MeterError, Usage, Window};

use crate::{
    books,
    clients::{Caller, Listed},
    cmcache::Cmcache,
    status::{ClientStatus, MinuteStatus, WindowStatus},
};

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

    /// What may still be spent by a client: its own quota and what it used, where it has one; else
    /// what holds for all.
    ///
    /// # Errors
    ///
    /// The meter does not answer.
    pub async fn allowance_of(&self, caller: &Caller) -> Result<Allowance, MeterError> {
        let all = self.allowance().await?;
        let (quota, account) = (caller.client().quota(), caller.client().account());
        let usage = caller.client().usage().await?;
        let now = self.now();
        let own = |window| books::window(account, window, &usage, now);
        Ok(Allowance {
            month: if quota.month.is_some() { own(Window::Month) } else { all.month },
            day: if quota.day.is_some() { own(Window::Day) } else { all.day },
            rate_limit_minute: quota.minute.or(all.rate_limit_minute),
        })
    }

    /// Every client that is known by a token, with what it used.
    pub async fn client_statuses(&self) -> Vec<ClientStatus> {
        let now = self.now();
        let mut all = Vec::new();
        for (name, listed, caller) in self.inner().roster.all() {
            let client = caller.client();
            // While nobody counts, what was counted last is better than nothing.
            let usage: Usage = client.usage().await.unwrap_or_else(|_| client.seen());
            let quota = client.quota();
            all.push(ClientStatus {
                name,
                listed: match listed {
                    Listed::Config => "config",
                    Listed::File => "file",
                },
                priority: quota.priority,
                reserved: quota.reserved,
                month: books::window(client.account(), Window::Month, &usage, now),
                day: books::window(client.account(), Window::Day, &usage, now),
                minute: MinuteStatus { limit: quota.minute, used: caller.n_requests(now) },
            });
        }
        all
    }
}
