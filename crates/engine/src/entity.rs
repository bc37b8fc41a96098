//! What is cached on its own, and what is wanted of it.

use std::{fmt, sync::Arc};

use cache_tiers::Key;
use cmc_api::{CoinId, Part, Query, Ranking, Whose};
use smallvec::SmallVec;

/// The smallest thing cached on its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// One coin's quote in one currency, with the coin's own fields.
    Quote {
        /// The coin (or fiat) that is priced.
        coin: CoinId,
        /// The currency it is priced in.
        currency: CoinId,
    },
    /// The ids of one block of 250 places of a ranking.
    Block {
        /// Sort order and filters.
        ranking: Ranking,
        /// The currency the block was bought with.
        currency: CoinId,
        /// Block 0 holds the places 1 to 250.
        block: u32,
    },
    /// One coin's metadata.
    Info {
        /// The coin.
        coin: CoinId,
    },
    /// An object of another kind: a candle, an exchange's volumes, the market's totals.
    Part {
        /// Which kind.
        part: Part,
        /// Whose it is.
        whose: Whose,
        /// The currency of its quotes; US dollars where it has none.
        currency: CoinId,
    },
    /// The map of all coins.
    Map,
    /// An answer without an entity shape, under its canonical query.
    Whole {
        /// The canonical query.
        canonical: Arc<str>,
    },
}

impl Entity {
    /// What the entity is stored under in every tier. `namespace` tells one upstream's data from
    /// another's: simulated prices must never answer for real ones.
    #[must_use]
    pub fn key(&self, namespace: &str) -> Key {
        Key::new(&format!("{namespace}{self}"))
    }

    /// Whether [`Entity::read`] reads it from its key; the others are remembered by theirs.
    pub(crate) const fn is_in_its_key(&self) -> bool {
        matches!(self, Self::Quote { .. } | Self::Info { .. } | Self::Map)
    }

    /// Reads the key of a quote, of metadata or of the map, without its namespace.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let id = |text: &str| text.parse().ok().map(CoinId::new);
        match text.split_once(':') {
            None => (text == "m").then_some(Self::Map),
            Some(("q", rest)) => {
                let (coin, currency) = rest.split_once(':')?;
                Some(Self::Quote { coin: id(coin)?, currency: id(currency)? })
            }
            Some(("i", coin)) => Some(Self::Info { coin: id(coin)? }),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quote { coin, currency } => write!(f, "q:{coin}:{currency}"),
            Self::Block { ranking, currency, block } => {
                write!(f, "r:{currency}:{block}:{}", ranking.as_str())
            }
            Self::Info { coin } => write!(f, "i:{coin}"),
            Self::Part { part, whose, currency } => {
                let kind = if matches!(whose, Whose::Slug(_)) { "s" } else { "i" };
                write!(f, "p:{}:{currency}:{kind}:{whose}", part.name())
            }
            Self::Map => f.write_str("m"),
            Self::Whole { canonical } => write!(f, "w:{canonical}"),
        }
    }
}

/// An entity together with what a call for it must know beyond its name.
#[derive(Clone, Debug)]
pub struct Want {
    /// What is wanted.
    pub entity: Entity,
    /// What else shapes the call.
    pub how: How,
}

/// What shapes the call for a [`Want`].
#[derive(Clone, Debug)]
pub enum How {
    /// The entity says it all.
    Named,
    /// A block of a ranking is bought with these currencies at once.
    InCurrencies(SmallVec<[CoinId; 2]>),
    /// The query is sent as it is.
    AsAsked(Arc<Query>),
    /// By its own name: pages of a ranking do not have all of it.
    Detailed,
}

impl Want {
    /// Wants what `entity` names.
    #[must_use]
    pub const fn of(entity: Entity) -> Self {
        Self { entity, how: How::Named }
    }

    /// Wants what `entity` names, and not out of a page of a ranking.
    #[must_use]
    pub const fn detailed(entity: Entity) -> Self {
        Self { entity, how: How::Detailed }
    }

    /// Wants the whole answer of `query`.
    #[must_use]
    pub fn whole(query: &Arc<Query>) -> Self {
        let canonical = Arc::from(query.canonical());
        Self { entity: Entity::Whole { canonical }, how: How::AsAsked(Arc::clone(query)) }
    }
}
