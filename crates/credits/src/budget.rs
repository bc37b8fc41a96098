use clock::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BillingAnchor, Credits, Window};

/// The limits of an account. `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Calls in a calendar minute.
    pub minute_calls: Option<u64>,
    /// Credits in a day.
    pub day: Option<Credits>,
    /// Credits in a billing month.
    pub month: Option<Credits>,
    /// Where the billing month begins.
    pub anchor: BillingAnchor,
}

/// What an account has used of the windows that the present instant lies in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Calls begun in this minute.
    pub minute_calls: u64,
    /// Credits booked in this day.
    pub day: Credits,
    /// Credits booked in this billing month.
    pub month: Credits,
    /// Credits held by open reservations. They count in every window: whichever window their
    /// charge falls into, there must be room for it.
    pub reserved: Credits,
    /// The number of open reservations.
    pub n_open: u64,
}

/// The answer to an ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// The price is held.
    Granted,
    /// Nothing is held.
    Refused(Refusal),
}

/// Why a price does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The window that is full. Of several, the one that opens last.
    pub window: Window,
    /// Its limit, in credits; in calls for the minute. So are the three amounts that follow.
    pub limit: u64,
    /// Booked in it.
    pub used: u64,
    /// Held by open reservations.
    pub reserved: u64,
    /// What was asked for.
    pub asked: u64,
    /// When the window begins anew; `None` when the price is above the limit itself.
    #[serde(skip)]
    pub retry_at: Option<Timestamp>,
    /// In one word.
    pub reason: Reason,
}

/// The kinds of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The window is used up until it begins anew.
    Exhausted,
    /// The rest of the window is held by calls under way; some may give it back.
    Held,
    /// The price is above the limit: no waiting helps.
    TooBig,
}

/// How much of a budget is wanted ahead, at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Without so many credits, and one call, the block would be of no use.
    pub least: Credits,
    /// More credits are not needed.
    pub most: Credits,
    /// More calls are not needed.
    pub calls_most: u64,
    /// Beyond the least, no more than this part of what is left: a half, a third…
    pub share: u64,
}

/// Credits and calls held ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// So many credits.
    pub credits: Credits,
    /// For so many calls.
    pub calls: u64,
}

/// The answer to an ask for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Lease {
    /// It is held.
    Granted(Block),
    /// Nothing is held.
    Refused(Refusal),
}

impl Reason {
    /// As in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exhausted => "used up",
            Self::Held => "held by calls under way",
            Self::TooBig => "smaller than the price",
        }
    }
}

impl Budget {
    /// Whether anything is limited.
    #[must_use]
    pub const fn has_limits(&self) -> bool {
        self.minute_calls.is_some() || self.day.is_some() || self.month.is_some()
    }

    /// No limit at all: everything is booked, nothing refused.
    pub const UNLIMITED: Self =
        Self { minute_calls: None, day: None, month: None, anchor: BillingAnchor::FIRST };

    /// Whether one more call of `price` fits. Pure: the meter calls it under its lock.
    pub fn decide(&self, usage: &Usage, price: Credits, now: Timestamp) -> Decision {
        let calls = Ask { used: usage.minute_calls, reserved: 0, asked: 1 };
        let credits = |used: Credits| Ask {
            used: used.get(),
            reserved: usage.reserved.get(),
            asked: price.get(),
        };
        let month = self.month.map(Credits::get);
        let day = self.day.map(Credits::get);
        let refusals = [
            self.refusal(Window::Month, month, &credits(usage.month), now),
            self.refusal(Window::Day, day, &credits(usage.day), now),
            self.refusal(Window::Minute, self.minute_calls, &calls, now),
        ];
        refusals
            .into_iter()
            .flatten()
            .max_by_key(|refusal| refusal.retry_at.unwrap_or(Timestamp::MAX))
            .map_or(Decision::Granted, Decision::Refused)
    }

    /// How large a block is granted. Pure, as [`Budget::decide`].
    ///
    /// Blocks shrink as the budget does: whoever has one can sit on a small part of the rest only.
    pub fn lease(&self, usage: &Usage, wanted: &Wanted, now: Timestamp) -> Lease {
        if let Decision::Refused(refusal) = self.decide(usage, wanted.least, now) {
            return Lease::Refused(refusal);
        }
        let part = |left: u64| left / wanted.share.max(1);
        let credits = self.available(usage).map_or(wanted.most.get(), |left| part(left.get()));
        let credits = credits.min(wanted.most.get()).max(wanted.least.get());
        let calls_left = self.minute_calls.map(|limit| limit.saturating_sub(usage.minute_calls));
        let calls = calls_left.map_or(wanted.calls_most, part).min(wanted.calls_most).max(1);
        Lease::Granted(Block { credits: Credits::new(credits), calls })
    }

    /// What could be reserved now, had nobody else the same idea. `None` is no limit.
    #[must_use]
    pub fn available(&self, usage: &Usage) -> Option<Credits> {
        let left = |limit: Option<Credits>, used: Credits| {
            limit.map(|limit| limit.saturating_sub(used).saturating_sub(usage.reserved))
        };
        [left(self.day, usage.day), left(self.month, usage.month)].into_iter().flatten().min()
    }

    fn refusal(
        &self,
        window: Window,
        limit: Option<u64>,
        ask: &Ask,
        now: Timestamp,
    ) -> Option<Refusal> {
        let limit = limit?;
        let Ask { used, reserved, asked } = *ask;
        // A free call always fits, also into a window that upstream has overdrawn.
        if asked == 0 || used.saturating_add(reserved).saturating_add(asked) <= limit {
            return None;
        }
        let reason = match asked {
            _ if asked > limit => Reason::TooBig,
            _ if used.saturating_add(asked) > limit => Reason::Exhausted,
            _ => Reason::Held,
        };
        let retry_at = (reason != Reason::TooBig).then(|| window.reset(now, self.anchor));
        Some(Refusal { window, limit, used, reserved, asked, retry_at, reason })
    }
}

struct Ask {
    used: u64,
    reserved: u64,
    asked: u64,
}

#[cfg(test)]
mod tests;
