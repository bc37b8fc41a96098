//! Warming as a job: priced, within its share of what is left, by one instance at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clock::Timestamp;
use credits::{Credits, Window};
use engine::{AnswerError, Choice, Warmed};
use serde::Serialize;

use crate::{
    books,
    cmcache::{Cmcache, Inner},
};

/// Hours in which less than this part of the mean is asked are not warmed for.
const BUSY_MIN: f64 = 0.1;

/// What is to be warmed.
#[derive(Clone, Debug, PartialEq)]
pub struct WarmOrder {
    /// Which coins.
    pub choice: Choice,
    /// In which currencies, as codes.
    pub converts: Vec<String>,
    /// How much of what is left of a window it may take.
    pub share: f64,
}

/// What a warming has come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WarmStatus {
    /// `running`, `done`, `failed`, or `elsewhere`: another instance is at it.
    pub state: &'static str,
    /// When it began.
    pub began: String,
    /// Quotes that were chosen.
    pub chosen: usize,
    /// Those that were fresh already.
    pub fresh: usize,
    /// Those that were fetched so far.
    pub fetched: usize,
    /// Those that were left out, because they could not be had or were too dear.
    pub left: usize,
    /// What it took so far.
    pub credits: u64,
}

/// What is asked for most.
#[derive(Clone, Debug, Serialize)]
pub struct Popularity {
    /// The coin's id.
    pub id: u32,
    /// Its symbol, while the map of all coins is there.
    pub symbol: Option<Arc<str>>,
    /// The currency's id.
    pub convert_id: u32,
    /// Its symbol.
    pub convert: Option<Arc<str>>,
    /// Askings a minute, of late and of all instances.
    pub per_minute: f64,
}

/// The last warming, if there was one.
#[derive(Debug, Default)]
pub(crate) struct Warming(Mutex<Option<WarmStatus>>);

impl Warming {
    fn last(&self) -> MutexGuard<'_, Option<WarmStatus>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WarmStatus {
    fn of(state: &'static str, began: Timestamp, warmed: Warmed) -> Self {
        let Warmed { chosen, fresh, fetched, left, charged } = warmed;
        let (began, credits) = (began.to_string(), charged.get());
        Self { state, began, chosen, fresh, fetched, left, credits }
    }
}

impl Cmcache {
    /// Warms what `order` says, as far as its share allows. A warming that is asked for while one
    /// is running here or at another instance leaves it at that.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]: the map of all coins cannot be had, or a currency does not exist.
    pub async fn warm(&self, order: &WarmOrder) -> Result<WarmStatus, AnswerError> {
        self.inner().warm(order).await
    }

    /// What it would cost now.
    ///
    /// # Errors
    ///
    /// As [`Cmcache::warm`].
    pub async fn price_of_warming(&self, order: &WarmOrder) -> Result<Credits, AnswerError> {
        let engine = self.engine();
        let currencies = engine.currencies(&order.converts).await?;
        let entities = engine.choose(&order.choice, &currencies).await?;
        Ok(engine.price_of_warming(&entities).await)
    }

    /// The last warming, or the one that is running.
    #[must_use]
    pub fn warming(&self) -> Option<WarmStatus> {
        self.inner().warming.last().clone()
    }

    /// What is asked for most, the most wanted first.
    #[must_use]
    pub fn popularity(&self, n: usize) -> Vec<Popularity> {
        let popular = self.engine().popular(n).into_iter();
        let rounded = |rate: f64| (rate * 1_000.0).round() / 1_000.0;
        popular
            .map(|popular| Popularity {
                id: popular.coin.get(),
                symbol: popular.symbol,
                convert_id: popular.currency.get(),
                convert: popular.convert,
                per_minute: rounded(popular.per_minute),
            })
            .collect()
    }
}

impl Inner {
    /// Whether this hour of the week is worth a warming.
    pub(crate) fn is_busy_hour(&self) -> bool {
        self.engine.busyness(self.clock.now()) >= BUSY_MIN
    }

    pub(crate) async fn warm_as_configured(&self) {
        let warm = &self.config.warm;
        let Some(choice) = warm.choice() else { return };
        // What others know of popularity, and what was known before the start.
        self.engine.sync_popularity().await;
        let order = WarmOrder { choice, converts: warm.converts.clone(), share: warm.share };
        match self.warm(&order).await {
            Ok(status) => tracing::info!(?status, "warmed"),
            Err(error) => tracing::warn!(%error, "nothing could be warmed"),
        }
    }

    async fn warm(&self, order: &WarmOrder) -> Result<WarmStatus, AnswerError> {
        let began = self.clock.now();
        {
            let mut last = self.warming.last();
            if let Some(running) = last.as_ref().filter(|last| last.state == "running") {
                return Ok(running.clone());
            }
            *last = Some(WarmStatus::of("running", began, Warmed::default()));
        }
        let running = Running(self);
        let done = self.warm_alone(order, began).await;
        drop(running);
        let status = match done {
            Ok(Some(warmed)) => WarmStatus::of("done", began, warmed),
            Ok(None) => WarmStatus::of("elsewhere", began, Warmed::default()),
            Err(error) => {
                *self.warming.last() = Some(WarmStatus::of("failed", began, Warmed::default()));
                return Err(error);
            }
        };
        *self.warming.last() = Some(status.clone());
        Ok(status)
    }

    async fn warm_alone(
        &self,
        order: &WarmOrder,
        began: Timestamp,
    ) -> Result<Option<Warmed>, AnswerError> {
        let currencies = self.engine.currencies(&order.converts).await?;
        let entities = self.engine.choose(&order.choice, &currencies).await?;
        let progress = |warmed| {
            *self.warming.last() = Some(WarmStatus::of("running", began, warmed));
        };
        let most = self.share_of_rest(order.share).await;
        let work = self.engine.warm(&entities, most, progress);
        Ok(self.engine.alone(engine::limits::WARMER, work).await)
    }

    /// The share of what is left of the day or of the month, whichever is less; `None` if neither
    /// has a limit. Where nobody counts, nothing is spent before somebody asks.
    async fn share_of_rest(&self, share: f64) -> Option<Credits> {
        let account = self.engine.account();
        let Ok(usage) = account.usage().await else { return Some(Credits::ZERO) };
        let now = self.clock.now();
        let windows = [Window::Day, Window::Month].into_iter();
        let left =
            windows.filter_map(|window| books::window(account, window, &usage, now).available);
        // In thousandths: credits are whole numbers.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1,000")]
        let permille = (share.clamp(0.0, 1.0) * 1_000.0).round() as u64;
        left.min().map(|left| Credits::new(left.saturating_mul(permille) / 1_000))
    }
}

/// A warming that is dropped is not running any more.
struct Running<'a>(&'a Inner);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut last = self.0.warming.last();
        if let Some(status) = last.as_mut().filter(|last| last.state == "running") {
            status.state = "failed";
        }
    }
}

#[cfg(test)]
mod tests;
