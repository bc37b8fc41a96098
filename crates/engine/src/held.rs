//! A decoded entity and the pieces rendered from it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use cache_tiers::{Entry, Flags, Meta};
use cmc_api::{
    Aux, CoinId, Reply,
    bridge::{self, CoinForm, Rendered, SimpleForm},
    json::{Elements, Members},
};
use smallvec::SmallVec;

use crate::{catalog::Catalog, entity::Entity, limits, spending::Share};

/// What is held of an entity: its times, where it was found, and its content.
#[derive(Debug)]
pub struct Held {
    /// Times and version.
    pub meta: Meta,
    /// Which tier gave it; `None` if it came from upstream.
    pub tier: Option<usize>,
    /// The decoded content.
    pub content: Content,
    weight: usize,
    bought: Option<Share>,
}

/// The content of an entity, decoded as far as answers need it.
#[derive(Debug)]
pub enum Content {
    /// A coin with one quote.
    Coin(Coin),
    /// The ids of a block of a ranking, in its order.
    Block(Vec<CoinId>),
    /// A coin's metadata.
    Info(Bytes),
    /// An object of another kind.
    Part(Bytes),
    /// The map of all coins.
    Map(Catalog),
    /// The `data` of a whole answer, and the count that came with it.
    Whole {
        /// Raw JSON text.
        data: Bytes,
        /// `status.total_count`, where upstream sends one.
        total_count: Option<u64>,
    },
    /// Upstream says: there is no such thing.
    Absent,
    /// Upstream's reply could not be read as such a thing.
    Odd,
}

impl Held {
    /// Decodes what a tier holds or a reply brought. `None` if the body is not what `entity` names:
    /// to the caller that is a miss.
    #[must_use]
    pub fn decode(entity: &Entity, entry: &Entry, tier: Option<usize>) -> Option<Self> {
        let weight = entry.body.len() + 256;
        let body = &entry.body;
        let content = if entry.meta.flags.contains(Flags::NEGATIVE) {
            Content::Absent
        } else {
            match entity {
                Entity::Quote { .. } => Content::Coin(Coin::new(object(body, tier)?)),
                Entity::Block { .. } => Content::Block(ids_of(text_of(body)?)?),
                Entity::Info { .. } => Content::Info(object(body, tier)?),
                Entity::Part { .. } => Content::Part(object(body, tier)?),
                Entity::Map => Content::Map(Catalog::of(body)?),
                Entity::Whole { .. } => {
                    let reply = Reply::read(200, body.clone()).ok()?;
                    Content::Whole { data: reply.data, total_count: reply.status.total_count }
                }
            }
        };
        Some(Self { meta: entry.meta, tier, content, weight, bought: None })
    }

    /// As it is, but of a shape that nobody could read.
    #[must_use]
    pub(crate) fn odd(self) -> Self {
        Self { content: Content::Odd, ..self }
    }

    /// As it is, bought together with others.
    #[must_use]
    pub(crate) fn bought(self, share: Option<Share>) -> Self {
        Self { bought: share, ..self }
    }

    /// An answer is made of it.
    pub(crate) fn need(&self) {
        if let Some((bought, place)) = &self.bought {
            bought.need(*place);
        }
    }

    /// What it weighs against the bound of memory, in bytes.
    #[must_use]
    pub const fn weight(&self) -> usize {
        self.weight
    }

    /// The coin, if it is one that upstream has.
    #[must_use]
    pub const fn coin(&self) -> Option<&Coin> {
        match &self.content {
            Content::Coin(coin) => Some(coin),
            Content::Block(_)
            | Content::Info(_)
            | Content::Part(_)
            | Content::Map(_)
            | Content::Whole { .. }
            | Content::Absent
            | Content::Odd => None,
        }
    }
}

/// The body, if it is an object. What came from upstream was taken apart a moment ago.
fn object(body: &Bytes, tier: Option<usize>) -> Option<Bytes> {
    (tier.is_none() || Members::of(text_of(body)?).is_some()).then(|| body.clone())
}

fn text_of(body: &Bytes) -> Option<&str> {
    std::str::from_utf8(body).ok()
}

fn ids_of(text: &str) -> Option<Vec<CoinId>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(',').map(|id| id.parse().ok().map(CoinId::new)).collect()
}

/// A coin with one quote, and the shapes it was rendered in so far.
#[derive(Debug)]
pub struct Coin {
    body: Bytes,
    market_cap: OnceLock<f64>,
    renders: Mutex<Renders>,
}

type Renders = SmallVec<[(Form, Arc<Rendered>); 2]>;

/// A shape that a coin can be rendered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A quotes or listings coin, its `aux` fields, and the level of its members.
    Coin(CoinForm, Aux, usize),
    /// A simple price, and the level of its members.
    Simple(SimpleForm, usize),
}

impl Coin {
    const fn new(body: Bytes) -> Self {
        Self { body, market_cap: OnceLock::new(), renders: Mutex::new(SmallVec::new_const()) }
    }

    /// The raw object, as upstream told it.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        text_of(&self.body)
    }

    /// The pieces of this coin in `form`, rendered at most once while it is held.
    #[must_use]
    pub fn render(&self, form: Form) -> Option<Arc<Rendered>> {
        let lock = || self.renders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, done)) = lock().iter().find(|(known, _)| *known == form) {
            return Some(Arc::clone(done));
        }
        let body = text_of(&self.body)?;
        let fresh = Arc::new(match form {
            Form::Coin(shape, aux, depth) => bridge::render(body, shape, aux, depth)?,
            Form::Simple(shape, depth) => bridge::render_simple(body, shape, depth)?,
        });
        let mut renders = lock();
        if renders.len() >= limits::RENDERS_PER_COIN_MAX {
            renders.remove(0);
        }
        renders.push((form, Arc::clone(&fresh)));
        Some(fresh)
    }

    /// The market cap in its currency, for order only; 0 where there is none.
    #[must_use]
    pub fn market_cap(&self) -> f64 {
        *self.market_cap.get_or_init(|| market_cap_of(&self.body).unwrap_or(0.0))
    }
}

fn market_cap_of(body: &Bytes) -> Option<f64> {
    let coin = Members::of(text_of(body)?)?;
    let quotes = Elements::of(coin.get("quote")?)?;
    let quote = Members::of(quotes.0.first()?)?;
    quote.get("market_cap")?.parse().ok()
}

#[cfg(test)]
mod tests;
