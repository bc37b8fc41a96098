//! Who pays: keys and their windows, the limits of their plans, and what every call costs.

use std::sync::Mutex;

use indexmap::IndexMap;
use serde::Serialize;

use crate::bill::Bill;
use crate::config::{KeyConfig, KeyState, Plan};
use crate::market::noise;
use crate::quirks::{OverLimit, Quirks};
use crate::refusal::{self, Refusal};
use crate::time::{self, Millis};

/// Addresses without a key that get an account of their own; the rest share one.
const N_ADDRESSES: usize = 1_000;
/// Who is billed for answers from a recording.
pub(crate) const REPLAYED: &str = "replay";
/// In changes: all keys.
pub(crate) const EVERY_KEY: &str = "*";
/// Who is billed when no account is known.
pub(crate) const NOBODY: &str = "none";

/// All accounts and the bill, behind one lock held for a few lines at a time.
#[derive(Debug)]
pub(crate) struct Meter {
    books: Mutex<Books>,
    keyless_rpm: u64,
}

#[derive(Debug)]
struct Books {
    rules: Rules,
    accounts: IndexMap<String, Account>,
    addresses: IndexMap<String, Counter>,
    bill: Bill,
}

/// The quirks of keeping books.
#[derive(Debug, Clone, Copy)]
struct Rules {
    counts_rejected: bool,
    shares_account: bool,
    serves_free: bool,
    over_limit: OverLimit,
}

impl Rules {
    const fn of(quirks: &Quirks) -> Self {
        Self {
            counts_rejected: quirks.count_rejected_requests,
            shares_account: quirks.keys_share_account,
            serves_free: quirks.free_when_exhausted,
            over_limit: quirks.over_limit,
        }
    }
}

/// Where an admitted request's credits go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payer {
    /// The key, or `ip:…`.
    pub(crate) account: String,
    pub(crate) plan: Plan,
    pub(crate) is_keyless: bool,
}

/// What `key/info` tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    pub(crate) monthly_limit: u64,
    pub(crate) daily_limit: Option<u64>,
    pub(crate) rpm: u64,
    pub(crate) month_used: u64,
    pub(crate) day_used: u64,
    pub(crate) minute_used: u64,
    pub(crate) month_end: Millis,
    pub(crate) day_end: Millis,
}

/// One key as control prints it.
#[derive(Debug, Serialize)]
pub(crate) struct KeyView {
    key: String,
    plan: Plan,
    state: KeyState,
    credits: u64,
    rpm: u64,
    used: u64,
}

/// A change made to one key while running.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct KeyChange {
    pub(crate) state: Option<KeyState>,
    pub(crate) plan: Option<Plan>,
    pub(crate) credits: Option<u64>,
    pub(crate) rpm: Option<u64>,
    pub(crate) used: Option<u64>,
}

impl Meter {
    pub(crate) fn new(keys: &[KeyConfig], keyless_rpm: u64, quirks: &Quirks) -> Self {
        let rules = Rules::of(quirks);
        let accounts = keys.iter().map(|key| (key.key.clone(), Account::new(key))).collect();
        let books = Books { rules, accounts, addresses: IndexMap::new(), bill: Bill::default() };
        Self { books: Mutex::new(books), keyless_rpm }
    }

    /// Keeps the books by other rules from now on.
    pub(crate) fn obey(&self, quirks: &Quirks) {
        self.lock().rules = Rules::of(quirks);
    }

    /// Lets a request with this key in, and counts it in its minute.
    pub(crate) fn admit(&self, key: Option<&str>, now: Millis) -> Result<Payer, Refusal> {
        let key = key.ok_or(refusal::KEY_MISSING)?;
        let mut books = self.lock();
        let rules = books.rules;
        let account = books.accounts.get(key).ok_or(refusal::KEY_INVALID)?;
        let plan = account.plan;
        match account.state {
            KeyState::Active => {}
            KeyState::Disabled => return Err(refusal::DISABLED),
            KeyState::Unpaid => return Err(refusal::UNPAID),
            KeyState::Expired => return Err(refusal::EXPIRED),
        }
        let account = books.purse(key).ok_or(refusal::KEY_INVALID)?;
        if !account.minute.admits(now, account.rpm, rules) {
            return Err(refusal::MINUTE_LIMIT);
        }
        Ok(Payer { account: key.to_owned(), plan, is_keyless: false })
    }

    /// Lets a request without a key in, and counts it in the minute of its address.
    pub(crate) fn admit_keyless(&self, account: &str, now: Millis) -> Result<Payer, Refusal> {
        let mut books = self.lock();
        let is_room = books.addresses.len() < N_ADDRESSES;
        let name =
            if is_room || books.addresses.contains_key(account) { account } else { "ip:others" };
        let rules = books.rules;
        let counter = books.addresses.entry(name.to_owned()).or_default();
        if !counter.admits(now, self.keyless_rpm, rules) {
            return Err(refusal::ANONYMOUS_LIMIT);
        }
        Ok(Payer { account: name.to_owned(), plan: Plan::Basic, is_keyless: true })
    }

    /// Books a served call, unless the account's credits are used up already.
    pub(crate) fn charge(
        &self,
        payer: &Payer,
        path: &str,
        credits: u64,
        now: Millis,
    ) -> Result<(), Refusal> {
        let mut books = self.lock();
        let rules = books.rules;
        if let Some(account) = books.purse(&payer.account).filter(|_| !payer.is_keyless) {
            account.turn(now);
            if credits > 0 || !rules.serves_free {
                account.check_credits(credits, rules)?;
            }
            account.month_used += credits;
            account.day_used += credits;
        }
        books.bill.served(path, &payer.account, credits);
        Ok(())
    }

    /// Books a call that was answered from a recording.
    pub(crate) fn charge_replayed(&self, path: &str, credits: u64) {
        self.lock().bill.served(path, REPLAYED, credits);
    }

    /// Books a refused call.
    pub(crate) fn refuse(&self, path: &str, account: &str) {
        self.lock().bill.refused(path, account);
    }

    pub(crate) fn usage(&self, key: &str, now: Millis) -> Option<Usage> {
        let mut books = self.lock();
        let account = books.purse(key)?;
        account.turn(now);
        Some(Usage {
            monthly_limit: account.monthly_limit,
            daily_limit: account.daily_limit,
            rpm: account.rpm,
            month_used: account.month_used,
            day_used: account.day_used,
            minute_used: account.minute.peek(now),
            month_end: account.month.1,
            day_end: account.day.1,
        })
    }

    /// Changes the key of that name, or every key.
    pub(crate) fn change(&self, key: &str, change: KeyChange, now: Millis) {
        let mut books = self.lock();
        let is_meant = |name: &String| key == EVERY_KEY || key == name;
        for (_, account) in books.accounts.iter_mut().filter(|it| is_meant(it.0)) {
            account.change(change, now);
        }
    }

    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.lock().accounts.contains_key(key)
    }

    pub(crate) fn keys(&self, now: Millis) -> Vec<KeyView> {
        let view = |(key, account): (&String, &mut Account)| {
            account.turn(now);
            KeyView {
                key: key.clone(),
                plan: account.plan,
                state: account.state,
                credits: account.monthly_limit,
                rpm: account.rpm,
                used: account.month_used,
            }
        };
        self.lock().accounts.iter_mut().map(view).collect()
    }

    pub(crate) fn bill(&self) -> Bill {
        self.lock().bill.clone()
    }

    pub(crate) fn reset_bill(&self) {
        self.lock().bill = Bill::default();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Books> {
        self.books.lock().expect("no bookkeeping panics")
    }
}

impl Books {
    /// The account that pays for a key.
    fn purse(&mut self, key: &str) -> Option<&mut Account> {
        if self.rules.shares_account {
            self.accounts.values_mut().next()
        } else {
            self.accounts.get_mut(key)
        }
    }
}

/// Requests in the current calendar minute.
#[derive(Debug, Default)]
struct Counter {
    minute: i64,
    n_requests: u64,
}

impl Counter {
    /// Counts a request, if it is within the limit or the rejected ones count too.
    fn admits(&mut self, now: Millis, most: u64, rules: Rules) -> bool {
        let minute = now.div_euclid(time::MINUTE);
        if minute != self.minute {
            *self = Self { minute, n_requests: 0 };
        }
        let is_within = self.n_requests < most;
        if is_within || rules.counts_rejected {
            self.n_requests += 1;
        }
        is_within
    }

    const fn peek(&self, now: Millis) -> u64 {
        if now.div_euclid(time::MINUTE) == self.minute { self.n_requests } else { 0 }
    }
}

#[derive(Debug)]
struct Account {
    state: KeyState,
    plan: Plan,
    monthly_limit: u64,
    daily_limit: Option<u64>,
    rpm: u64,
    /// Day of the month and milliseconds of the day at which the billing windows turn.
    anchor: (i8, Millis),
    is_anchor_given: bool,
    month: (Millis, Millis),
    day: (Millis, Millis),
    month_used: u64,
    day_used: u64,
    minute: Counter,
}

impl Account {
    fn new(key: &KeyConfig) -> Self {
        let given = key.billing_anchor.map(|anchor| {
            let utc = anchor.to_zoned(jiff::tz::TimeZone::UTC);
            (utc.day().min(28), anchor.as_millisecond().rem_euclid(time::DAY))
        });
        Self {
            state: key.state,
            plan: key.plan,
            monthly_limit: key.credits_monthly,
            daily_limit: key.credits_daily,
            rpm: key.rpm,
            anchor: given.unwrap_or_else(|| anchor_of(&key.key, key.plan)),
            is_anchor_given: given.is_some(),
            month: (0, 0),
            day: (0, 0),
            month_used: key.used,
            day_used: 0,
            minute: Counter::default(),
        }
    }

    fn check_credits(&self, credits: u64, rules: Rules) -> Result<(), Refusal> {
        let is_over = |used: u64, limit: u64| match rules.over_limit {
            OverLimit::ServeCrossing => used >= limit,
            OverLimit::RefuseCrossing => used + credits.max(1) > limit,
        };
        if self.daily_limit.is_some_and(|limit| is_over(self.day_used, limit)) {
            return Err(refusal::DAILY_LIMIT);
        }
        if is_over(self.month_used, self.monthly_limit) {
            return Err(refusal::MONTHLY_LIMIT);
        }
        Ok(())
    }

    fn change(&mut self, change: KeyChange, now: Millis) {
        self.turn(now);
        self.state = change.state.unwrap_or(self.state);
        self.change_plan(change.plan);
        self.monthly_limit = change.credits.unwrap_or(self.monthly_limit);
        self.rpm = change.rpm.unwrap_or(self.rpm);
        self.month_used = change.used.unwrap_or(self.month_used);
    }

    fn change_plan(&mut self, plan: Option<Plan>) {
        let Some(plan) = plan else {
            return;
        };
        self.plan = plan;
        self.monthly_limit = plan.credits_monthly();
        self.rpm = plan.rpm();
        if !self.is_anchor_given && plan == Plan::Basic {
            self.anchor = (1, 0);
            self.month = (0, 0);
        }
    }

    /// Starts new windows when the old ones have ended; going back in time renews nothing.
    fn turn(&mut self, now: Millis) {
        let is_outside = |window: (Millis, Millis)| now < window.0 || now >= window.1;
        if is_outside(self.month) {
            let window = time::month_window(now, self.anchor.0, self.anchor.1);
            let is_next = self.month.1 != 0 && window.0 >= self.month.1;
            self.month_used = if is_next { 0 } else { self.month_used };
            self.month = window;
        }
        if is_outside(self.day) {
            let start = (now - self.anchor.1).div_euclid(time::DAY) * time::DAY + self.anchor.1;
            let is_next = self.day.1 != 0 && start >= self.day.1;
            self.day_used = if is_next { 0 } else { self.day_used };
            self.day = (start, start + time::DAY);
        }
    }
}

/// The 1st 00:00 on Basic; otherwise some instant that depends on the key alone.
fn anchor_of(key: &str, plan: Plan) -> (i8, Millis) {
    if plan == Plan::Basic {
        return (1, 0);
    }
    let seed = key.bytes().fold(7, |sum, byte| noise::mix2(sum, u64::from(byte)));
    let day = i8::try_from(1 + seed % 28).unwrap_or(1);
    (day, i64::try_from(noise::mix(seed) % 86_400).unwrap_or(0) * 1_000)
}

#[cfg(test)]
mod tests;
