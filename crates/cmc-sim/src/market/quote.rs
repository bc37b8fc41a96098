//! What one coin is worth in one currency: every number an answer can show, rounded once.

use crate::market::coin::{Coin, Status};
use crate::market::fiats::Fiat;
use crate::market::moment::{LOOKBACKS, Moment};
use crate::market::{Market, Subject, noise};

/// A currency that answers are converted into.
#[derive(Debug, Clone)]
pub(crate) struct Currency {
    /// The key under which its quotes appear.
    pub(crate) key: String,
    pub(crate) id: u32,
    pub(crate) symbol: String,
    pub(crate) subject: Subject,
    /// Dollars for one unit, now and at each lookback.
    rate: f64,
    past: [f64; LOOKBACKS.len()],
}

impl Currency {
    /// `None` for a coin that has no price.
    pub(crate) fn of(
        market: &Market,
        moment: &Moment,
        key: &str,
        subject: Subject,
    ) -> Option<Self> {
        let worth = Worth::of(market, moment, subject)?;
        let (id, symbol) = market.name_of(subject);
        Some(Self {
            key: key.to_owned(),
            id,
            symbol: symbol.to_owned(),
            subject,
            rate: worth.price,
            past: worth.past,
        })
    }

    /// The same currency at another time.
    pub(crate) fn then(&self, market: &Market, moment: &Moment) -> Self {
        Self::of(market, moment, &self.key, self.subject).unwrap_or_else(|| self.clone())
    }

    /// An amount of dollars in this currency.
    pub(crate) fn of_usd(&self, dollars: f64) -> f64 {
        dollars / self.rate
    }

    /// An amount of dollars a day ago, at the rate of a day ago.
    pub(crate) fn of_usd_yesterday(&self, dollars: f64) -> f64 {
        dollars / self.past[crate::market::moment::DAY_AGO]
    }
}

/// The quote of one subject in one currency; `None` is null.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quote {
    pub(crate) price: Option<f64>,
    pub(crate) volume_24h: f64,
    pub(crate) volume_change_24h: Option<f64>,
    pub(crate) cex_volume_24h: f64,
    pub(crate) dex_volume_24h: f64,
    pub(crate) volume_24h_reported: f64,
    pub(crate) volume_7d: f64,
    pub(crate) volume_7d_reported: f64,
    pub(crate) volume_30d: f64,
    pub(crate) volume_30d_reported: f64,
    pub(crate) changes: [Option<f64>; LOOKBACKS.len()],
    pub(crate) market_cap: Option<f64>,
    pub(crate) dominance: Option<f64>,
    pub(crate) fully_diluted: Option<f64>,
    pub(crate) minted: Option<f64>,
    pub(crate) by_total_supply: Option<f64>,
    pub(crate) locked: Option<f64>,
}

impl Quote {
    pub(crate) fn of(market: &Market, moment: &Moment, subject: Subject, in_: &Currency) -> Self {
        match subject {
            Subject::Coin(at) => Self::of_coin(market, moment, at, in_),
            Subject::Fiat(_) => Self::of_fiat(market, moment, subject, in_),
        }
    }

    fn of_coin(market: &Market, moment: &Moment, at: usize, in_: &Currency) -> Self {
        let coin = &market.coins[at];
        match coin.status {
            Status::Active => Self::of_live(market, moment, at, in_),
            Status::Inactive => Self {
                volume_change_24h: Some(0.0),
                changes: [Some(0.0); LOOKBACKS.len()],
                market_cap: Some(0.0),
                dominance: Some(0.0),
                fully_diluted: Some(0.0),
                minted: Some(0.0),
                by_total_supply: Some(0.0),
                ..Self::default()
            },
            Status::Untracked => Self::default(),
        }
    }

    fn of_live(market: &Market, moment: &Moment, at: usize, in_: &Currency) -> Self {
        let (coin, live) = (&market.coins[at], moment.live[at]);
        let Some(worth) = Worth::of(market, moment, Subject::Coin(at)) else {
            return Self::default();
        };
        let money = |dollars: f64| noise::significant(in_.of_usd(dollars), 14);
        let volume = |dollars: f64| noise::significant(in_.of_usd(dollars), 12);
        let swing = 1.0 + 0.1 * noise::quick_walk(coin.tempo.lane ^ 3, moment.step / 60);
        let dex_share =
            noise::unit(coin.tempo.lane) * if coin.platform.is_some() { 0.5 } else { 0.02 };
        let dex = volume(live.volume * dex_share);
        let total = volume(live.volume);
        Self {
            price: Some(noise::significant(in_.of_usd(live.price), 10)),
            volume_24h: total,
            volume_change_24h: change(live.volume, moment.past_volume(coin)),
            cex_volume_24h: noise::significant(total - dex, 12),
            dex_volume_24h: dex,
            volume_24h_reported: volume(live.volume * 1.31),
            volume_7d: volume(live.volume * 6.8 * swing),
            volume_7d_reported: volume(live.volume * 9.1 * swing),
            volume_30d: volume(live.volume * 28.9 * swing),
            volume_30d_reported: volume(live.volume * 38.7 * swing),
            changes: changes(&worth, in_),
            market_cap: Some(money(live.cap)),
            dominance: Some(noise::decimals(100.0 * live.cap / moment.total_cap, 4)),
            fully_diluted: Some(money(coin.max.unwrap_or(coin.total) * live.price)),
            minted: Some(money(coin.total * live.price)),
            by_total_supply: Some(money(coin.total * live.price)),
            locked: locked_usd(coin, moment.step).map(money),
        }
    }

    fn of_fiat(market: &Market, moment: &Moment, subject: Subject, in_: &Currency) -> Self {
        let Some(worth) = Worth::of(market, moment, subject) else {
            return Self::default();
        };
        Self {
            price: Some(noise::significant(in_.of_usd(worth.price), 10)),
            volume_change_24h: Some(0.0),
            changes: changes(&worth, in_),
            market_cap: Some(0.0),
            dominance: Some(0.0),
            fully_diluted: Some(0.0),
            minted: Some(0.0),
            by_total_supply: Some(0.0),
            ..Self::default()
        }
    }
}

/// Dollars locked in a protocol.
pub(crate) fn locked_usd(coin: &Coin, step: i64) -> Option<f64> {
    let mood = noise::quick_walk(coin.tempo.lane ^ 7, step / 60);
    coin.locked.map(|locked| noise::significant(locked * (0.3 * mood).exp(), 12))
}

/// `100 × (now / then − 1)`, rounded as shown.
pub(crate) fn change(now: f64, then: f64) -> Option<f64> {
    (then > 0.0).then(|| noise::decimals(100.0 * (now / then - 1.0), 8))
}

/// Dollars for one unit, now and then.
struct Worth {
    price: f64,
    past: [f64; LOOKBACKS.len()],
}

impl Worth {
    fn of(market: &Market, moment: &Moment, subject: Subject) -> Option<Self> {
        match subject {
            Subject::Coin(at) => {
                let coin = &market.coins[at];
                (coin.status == Status::Active).then(|| Self {
                    price: moment.live[at].price,
                    past: std::array::from_fn(|lookback| moment.past_price(coin, lookback)),
                })
            }
            Subject::Fiat(at) => {
                let fiat: &Fiat = &market.fiats[at];
                Some(Self {
                    price: fiat.rate(market.seed, moment.step),
                    past: LOOKBACKS.map(|back| fiat.rate(market.seed, moment.step - back)),
                })
            }
        }
    }
}

fn changes(worth: &Worth, in_: &Currency) -> [Option<f64>; LOOKBACKS.len()] {
    let now = worth.price / in_.rate;
    std::array::from_fn(|at| change(now, worth.past[at] / in_.past[at]))
}
