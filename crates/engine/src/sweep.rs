//! Whether one deep page of the ranking, in several currencies at once, is cheaper than buying
//! what is missed block by block; and how deep. Pure.
//!
//! A block of 250 places costs a credit, however it is bought, but the second and every further
//! currency of a call costs one credit, *however many blocks the call has*. So blocks that are
//! wanted in several currencies are cheap together and dear apart. A block that is asked for at
//! rate `r` and lives for `T` is bought every `T + 1/r` when it is bought at its first miss: in
//! one life that costs `rT / (1 + rT)` credits. A page of `d` blocks in `k` currencies costs
//! `d + k - 1` every life. The page is as deep as makes the sum of both the least
//! (docs/adr/0010).

use cache_tiers::Key;
use cmc_api::{CoinId, Ranking};

use crate::{
    forecast::{Forecast, Outlook},
    limits,
    pack::{Load, LoadKind, cover::Currencies},
    ranks::Ranks,
};

mod log;

pub(crate) use log::{Scene, SweepLog};

/// What one call is worth beside its credits: of equally dear plans the one with fewer calls wins,
/// and plans that burst the minute's limit do not come up.
const CALL_CREDITS: f64 = 0.05;
/// The same where the minute's limit comes near.
const SCARCE_CALL_CREDITS: f64 = 0.5;
/// Of all calls that the plan allows, those that may go into misses.
const CALLS_SHARE: f64 = 0.5;

/// A page of the ranking from the first place on, to be bought whenever it has grown old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// The currencies, the most wanted first; never none.
    pub currencies: Currencies,
    /// How many blocks; never none.
    pub depth: u32,
}

/// What limits the pages.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long what is bought stays fresh, in seconds.
    pub life_s: f64,
    /// Most currencies in a call.
    pub converts_max: usize,
    /// How many blocks the ranking has.
    pub n_blocks: u32,
    /// Calls that the plan allows in a minute.
    pub calls_per_minute: f64,
}

/// The sweeps that make the demand cheapest, and the credits that they save in one life.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepPlan {
    /// What is swept; the rest is bought at its first miss.
    pub sweeps: Vec<Sweep>,
    /// Credits that one life costs with these sweeps.
    pub cost: f64,
    /// Credits that it would cost without.
    pub cost_without: f64,
}

impl Sweep {
    /// Whether it brings the quote of `coin` in `currency`.
    #[must_use]
    pub fn covers(&self, coin: CoinId, currency: CoinId, ranks: &Ranks) -> bool {
        self.currencies.contains(&currency)
            && ranks.block(coin).is_some_and(|block| block < self.depth)
    }

    /// Under what instances agree on who buys it. They may see demand differently, and so choose
    /// other depths and currencies; where they agree on the first currency, one page is enough.
    #[must_use]
    pub fn key(&self, namespace: &str) -> Key {
        let first = self.currencies.first().map_or(0, |currency| currency.get());
        Key::new(&format!("{namespace}{}:{first}", limits::PAGE_KEY))
    }

    /// A key by which other instances are told that it was bought. [`Sweep::read`] reads it.
    #[must_use]
    pub fn told(&self, namespace: &str) -> Key {
        let ids: Vec<String> = self.currencies.iter().map(CoinId::to_string).collect();
        let ids = ids.join(",");
        Key::new(&format!("{namespace}{}:{ids}:{}", limits::PAGE_KEY, self.depth))
    }

    /// The page that a key tells of; `None` if it is another key.
    #[must_use]
    pub fn read(key: &Key, namespace: &str) -> Option<Self> {
        let own = key.as_str().strip_prefix(namespace)?.strip_prefix(limits::PAGE_KEY)?;
        let (ids, depth) = own.strip_prefix(':')?.split_once(':')?;
        let depth = depth.parse().ok().filter(|depth| *depth > 0)?;
        let ids = ids.split(',').map(|id| id.parse().ok().map(CoinId::new));
        Some(Self { currencies: ids.collect::<Option<_>>()?, depth })
    }

    /// What `load` buys, if that is a page from the first place on.
    #[must_use]
    pub fn of(load: &Load) -> Option<Self> {
        match &load.kind {
            LoadKind::Blocks { ranking, first: 0, n_blocks, currencies }
                if *ranking == Ranking::by_rank() =>
            {
                Some(Self { currencies: currencies.clone(), depth: *n_blocks })
            }
            _ => None,
        }
    }

    /// What it costs at most.
    #[must_use]
    pub fn credits(&self) -> u64 {
        u64::from(self.depth) + self.currencies.len() as u64 - 1
    }
}

/// Chooses the sweeps.
#[must_use]
pub fn choose(forecast: &Forecast, bounds: Bounds) -> SweepPlan {
    let mut plan = SweepPlan::default();
    if bounds.n_blocks == 0 || bounds.life_s < limits::SWEPT_LIFE_MIN.as_secs_f64() {
        return plan;
    }
    let apart = |outlook: &Outlook| apart(outlook, 0, bounds.life_s);
    let calls: f64 = forecast.outlooks.iter().map(apart).sum();
    let calls_max = CALLS_SHARE * bounds.calls_per_minute * bounds.life_s / 60.0;
    let per_call = if calls > calls_max { SCARCE_CALL_CREDITS } else { CALL_CREDITS };
    for group in forecast.outlooks.chunks(bounds.converts_max.max(1)) {
        let costs: Vec<Costs> =
            group.iter().map(|outlook| Costs::of(outlook, bounds, per_call)).collect();
        let without: f64 = costs.iter().map(|costs| costs.apart[0]).sum();
        let best = best(&costs, bounds.n_blocks, per_call);
        plan.cost_without += without;
        plan.cost += without.min(best.2);
        if best.2 < without {
            let currencies = group[..best.0].iter().map(|outlook| outlook.currency).collect();
            plan.sweeps.push(Sweep { currencies, depth: best.1 });
        }
    }
    plan
}

/// The number of currencies, the depth and the cost of the cheapest sweep.
fn best(costs: &[Costs], n_blocks: u32, per_call: f64) -> (usize, u32, f64) {
    let mut best = (0, 0, f64::INFINITY);
    for n_currencies in 1..=costs.len() {
        let most = limits::SWEPT_PAIRS_MAX / (n_currencies * limits::BLOCK_PLACES as usize);
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        for depth in 1..=n_blocks.min(limits::BLOCKS_PER_CALL_MAX).min(most) {
            let page = f64::from(depth) + (n_currencies - 1) as f64 + per_call;
            let swept = costs[..n_currencies].iter().map(|costs| costs.apart[depth as usize]);
            let others = costs[n_currencies..].iter().map(|costs| costs.apart[0]);
            let cost = page + swept.chain(others).sum::<f64>();
            if cost < best.2 {
                best = (n_currencies, depth, cost);
            }
        }
    }
    best
}

/// What one life costs in one currency, by how many blocks are swept, if the rest is bought block
/// by block at its first miss.
struct Costs {
    apart: Vec<f64>,
}

impl Costs {
    fn of(outlook: &Outlook, bounds: Bounds, per_call: f64) -> Self {
        let n = bounds.n_blocks.min(limits::BLOCKS_PER_CALL_MAX);
        let apart =
            (0..=n).map(|depth| (1.0 + per_call) * apart(outlook, depth, bounds.life_s)).collect();
        Self { apart }
    }
}

/// The coins beyond `depth` in blocks of 250, the most wanted together.
fn apart(outlook: &Outlook, depth: u32, life_s: f64) -> f64 {
    let (mut cost, mut asked, mut n) = (0.0, 0.0, 0);
    let bought = |asked: f64| asked / (1.0 + asked);
    for expected in outlook.coins.iter().filter(|expected| expected.block >= depth) {
        asked += expected.rate * expected.apart * life_s;
        n += 1;
        if n == limits::BLOCK_PLACES {
            cost += bought(asked);
            (asked, n) = (0.0, 0);
        }
    }
    cost += bought(asked);
    // No question costs more than one credit, in how many blocks its coins may lie.
    let questions = outlook.questions * life_s;
    if questions > 0.0 { cost * questions / (cost + questions) } else { cost }
}

#[cfg(test)]
mod tests;
