//! One request of a demand: when, what for, and its text.

use std::{sync::Arc, time::Duration};

use super::coins::Coins;

/// The currencies of the generated demand, by their bit.
pub(crate) const CURRENCIES: [&str; 3] = ["USD", "EUR", "BTC"];
/// Places of one credit's worth of a ranking.
pub(crate) const BLOCK: u32 = 250;

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Quotes of these coins, by place.
    Quotes(Vec<u16>),
    /// A page of the ranking, from 1.
    Listing { start: u32, limit: u32 },
    /// Prices alone.
    Simple(Vec<u16>),
    /// Metadata.
    Info(Vec<u16>),
    /// Totals of the market.
    Global,
    /// One value for the whole market.
    Fear,
    /// Free.
    Map(u16),
    /// Something else: one URL, one answer.
    Other,
}

/// How a client names coins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    Id,
    Slug,
    Symbol,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Since the demand began.
    pub(crate) at: Duration,
    pub(crate) ask: Ask,
    /// Of the API, 1 to 3.
    pub(crate) version: u8,
    pub(crate) notation: Notation,
    /// A bit for each currency.
    pub(crate) currencies: u32,
    /// Whether dollars are asked for by saying nothing.
    pub(crate) is_implicit: bool,
    /// The text, where it was recorded.
    pub(crate) text: Option<Arc<str>>,
}

impl Request {
    /// Path and query.
    pub(crate) fn target(&self, coins: &Coins) -> String {
        if let Some(text) = &self.text {
            return text.as_ref().to_owned();
        }
        let mut target = String::with_capacity(96);
        let version = self.version;
        match &self.ask {
            Ask::Quotes(places) => {
                target.push_str(&format!("/v{version}/cryptocurrency/quotes/latest?"));
                self.names(&mut target, coins, places);
            }
            Ask::Listing { start, limit } => target.push_str(&format!(
                "/v{version}/cryptocurrency/listings/latest?start={start}&limit={limit}"
            )),
            Ask::Simple(places) => {
                target.push_str("/v2/simple/price?include_24h_change=true&");
                self.names(&mut target, coins, places);
            }
            Ask::Info(places) => {
                target.push_str("/v2/cryptocurrency/info?");
                self.names(&mut target, coins, places);
                return target;
            }
            Ask::Map(place) => {
                let symbol = &coins.at(*place).symbol;
                return format!("/v1/cryptocurrency/map?symbol={symbol}");
            }
            Ask::Global => target.push_str("/v1/global-metrics/quotes/latest?"),
            Ask::Fear | Ask::Other => return "/v3/fear-and-greed/latest".to_owned(),
        }
        self.convert(&mut target);
        target
    }

    fn names(&self, target: &mut String, coins: &Coins, places: &[u16]) {
        target.push_str(match self.notation {
            Notation::Id => "id=",
            Notation::Slug => "slug=",
            Notation::Symbol => "symbol=",
        });
        for (n, place) in places.iter().enumerate() {
            let coin = coins.at(*place);
            let comma = if n == 0 { "" } else { "," };
            match self.notation {
                Notation::Id => target.push_str(&format!("{comma}{}", coin.id)),
                Notation::Slug => target.push_str(&format!("{comma}{}", coin.slug)),
                Notation::Symbol => target.push_str(&format!("{comma}{}", coin.symbol)),
            }
        }
    }

    fn convert(&self, target: &mut String) {
        if self.is_implicit {
            if target.ends_with('?') {
                target.pop();
            }
            return;
        }
        let names = (0..CURRENCIES.len()).filter(|bit| self.currencies & (1 << bit) != 0);
        let names: Vec<&str> = names.map(|bit| CURRENCIES[bit]).collect();
        let mark = if target.ends_with('?') { "" } else { "&" };
        target.push_str(mark);
        target.push_str("convert=");
        target.push_str(&names.join(","));
    }

    /// How many currencies it asks for.
    pub(crate) const fn n_currencies(&self) -> u32 {
        self.currencies.count_ones()
    }

    /// How many entities its answer is made of; a block of a ranking is one.
    pub(crate) fn n_entities(&self) -> u64 {
        let n = match &self.ask {
            Ask::Quotes(places) | Ask::Simple(places) => {
                places.len() * self.n_currencies() as usize
            }
            Ask::Listing { start, limit } => {
                let (first, last) = ((start - 1) / BLOCK, (start + limit - 2) / BLOCK);
                (last - first + 1) as usize * self.n_currencies() as usize
            }
            Ask::Info(places) => places.len(),
            Ask::Global | Ask::Fear | Ask::Map(_) | Ask::Other => 1,
        };
        n as u64
    }

    /// The coins that its answer holds besides those it names: a symbol stands for all coins that
    /// have it, the dead too, in all versions but the first.
    pub(crate) fn namesakes(&self, coins: &Coins) -> Vec<u16> {
        match &self.ask {
            Ask::Quotes(places) | Ask::Info(places)
                if self.notation == Notation::Symbol && self.version > 1 =>
            {
                places.iter().flat_map(|place| coins.namesakes(*place)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The places of the coins whose quotes it needs, ranks taken as they were at the beginning.
    pub(crate) fn quoted(&self) -> Quoted<'_> {
        match &self.ask {
            Ask::Quotes(places) | Ask::Simple(places) => Quoted::Named(places.iter()),
            Ask::Listing { start, limit } => {
                let clamp = |place: u32| u16::try_from(place).unwrap_or(u16::MAX);
                Quoted::Ranked(clamp(start - 1)..clamp(start - 1 + limit))
            }
            _ => Quoted::Named([].iter()),
        }
    }
}

/// Places, one by one.
#[derive(Clone, Debug)]
pub(crate) enum Quoted<'a> {
    Named(std::slice::Iter<'a, u16>),
    Ranked(std::ops::Range<u16>),
}

impl Iterator for Quoted<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        match self {
            Self::Named(places) => places.next().copied(),
            Self::Ranked(places) => places.next(),
        }
    }
}
