//! A coin: what does not move with the market.

use crate::market::tags::Tag;
use crate::time::Millis;

/// Whether a coin is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Active,
    Inactive,
    Untracked,
}

impl Status {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Untracked => "untracked",
        }
    }
}

/// The chain a token lives on.
#[derive(Debug, Clone)]
pub(crate) struct Platform {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
    pub(crate) symbol: &'static str,
    pub(crate) slug: &'static str,
    pub(crate) token_address: String,
}

/// The standing facts of one coin, and the constants its price is computed from.
#[derive(Debug, Clone)]
pub(crate) struct Coin {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) slug: String,
    pub(crate) status: Status,
    pub(crate) platform: Option<Platform>,
    pub(crate) tags: Vec<&'static Tag>,
    pub(crate) added_ms: Millis,
    /// [`Coin::added_ms`] as text.
    pub(crate) date_added: String,
    pub(crate) first_data: Option<String>,
    /// Where the record of a dead coin ends.
    pub(crate) last_data: Option<String>,
    pub(crate) n_pairs: u64,
    pub(crate) circulating: f64,
    pub(crate) total: f64,
    pub(crate) max: Option<f64>,
    pub(crate) is_infinite: bool,
    pub(crate) self_reported: Option<f64>,
    /// Of a lending or trading protocol: value locked in USD on an average day.
    pub(crate) locked: Option<f64>,
    pub(crate) tempo: Tempo,
}

/// The constants of a coin's walk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tempo {
    pub(crate) price: f64,
    /// How much it follows the market, and how much its own mind.
    pub(crate) beta: f64,
    pub(crate) volatility: f64,
    /// Volume of a day over market cap.
    pub(crate) turnover: f64,
    pub(crate) lane: u64,
}
