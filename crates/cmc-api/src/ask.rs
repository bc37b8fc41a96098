//! What a query asks for, once its family is known: typed, deduplicated, defaults filled in.

use std::sync::Arc;

use crate::{
    aux::{Aux, InfoAux, MapAux},
    bridge::{CoinForm, Fields},
    convert::Converts,
    operation::V,
    part::Part,
    query::Query,
    ranking::Ranking,
    selector::Selector,
};

/// What a query asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Latest quotes of named coins.
    Quotes(QuotesAsk),
    /// A page of ranked coins.
    Listings(ListingsAsk),
    /// Latest prices of named coins, briefly.
    Simple(SimpleAsk),
    /// Metadata of named coins.
    Info(InfoAsk),
    /// Rows of the map.
    Map(MapAsk),
    /// Objects that are kept one by one.
    Parts(PartsAsk),
    /// Coins in an order that upstream keeps: their ids, then their quotes.
    CoinList(CoinListAsk),
    /// What one of something is worth.
    Conversion(ConversionAsk),
    /// Rows of a longer answer.
    View(View),
    /// Something that only upstream can compose.
    Whole,
}

/// Latest quotes of named coins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotesAsk {
    /// The version to answer in.
    pub version: V,
    /// Which coins.
    pub selector: Selector,
    /// In which currencies.
    pub converts: Converts,
    /// With which supplemental fields.
    pub aux: Aux,
    /// Whether unknown coins are left out instead of failing the whole.
    pub skip_invalid: bool,
}

/// A page of ranked coins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingsAsk {
    /// The version to answer in.
    pub version: V,
    /// Which order, over which coins.
    pub ranking: Ranking,
    /// The first place, from 1.
    pub start: u32,
    /// Most coins.
    pub limit: u32,
    /// In which currencies.
    pub converts: Converts,
    /// With which supplemental fields.
    pub aux: Aux,
}

/// Latest prices of named coins, briefly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleAsk {
    /// The version to answer in, v1 or v2.
    pub version: V,
    /// Which coins.
    pub selector: Selector,
    /// In which currencies; v1 knows US dollars only.
    pub converts: Converts,
    /// With which fields beside the price.
    pub fields: SimpleFields,
    /// Whether unknown coins are left out instead of failing the whole.
    pub skip_invalid: bool,
}

/// Fields of simple/price beside the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "four independent flags of the wire")]
pub struct SimpleFields {
    /// `include_market_cap`
    pub market_cap: bool,
    /// `include_24h_volume`, v1 `include_volume_24h`
    pub volume: bool,
    /// `include_24h_change`, v1 `include_percent_change_24h`
    pub change: bool,
    /// `include_last_updated`
    pub last_updated: bool,
}

/// Metadata of named coins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InfoAsk {
    /// The version to answer in, v1 or v2.
    pub version: V,
    /// Which coins.
    pub selector: Selector,
    /// With which supplemental fields.
    pub aux: InfoAux,
    /// Whether unknown coins are left out instead of failing the whole.
    pub skip_invalid: bool,
}

/// Rows of the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapAsk {
    /// Coins of which status (`active`, `inactive`, `untracked`); never empty, each once.
    pub statuses: Vec<Arc<str>>,
    /// The first row, from 1.
    pub start: u32,
    /// Most rows; `None` for all.
    pub limit: Option<u32>,
    /// In which order.
    pub sort: MapSort,
    /// Rows of these symbols; if given, everything but `aux` is ignored.
    pub symbols: Option<Vec<Arc<str>>>,
    /// With which supplemental fields.
    pub aux: MapAux,
}

/// The order of the map's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MapSort {
    /// By id.
    Id,
    /// By rank, the unranked last.
    CmcRank,
}

/// Objects that are kept one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartsAsk {
    /// The version to answer in, v1 or v2.
    pub version: V,
    /// Which kind.
    pub part: Part,
    /// Whose; `None` for the whole market's.
    pub selector: Option<Selector>,
    /// In which currencies; US dollars where there are no quotes.
    pub converts: Converts,
    /// With which optional members.
    pub fields: Fields,
    /// Over which periods, where there are any.
    pub periods: Vec<Arc<str>>,
    /// Whether unknown subjects are left out instead of failing the whole.
    pub skip_invalid: bool,
}

/// Coins in an order that upstream keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct CoinListAsk {
    /// The query whose answer tells the order.
    pub source: Arc<Query>,
    /// The member of its `data` that holds the coins; `None` if `data` is the list.
    pub inside: Option<&'static str>,
    /// How many of its coins come before the page.
    pub skip: usize,
    /// Most coins.
    pub take: usize,
    /// What a coin looks like.
    pub form: CoinForm,
    /// In which currencies.
    pub converts: Converts,
}

/// What one of something is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversionAsk {
    /// The version to answer in, v1 or v2.
    pub version: V,
    /// Of what: one name.
    pub selector: Selector,
    /// In which currencies.
    pub converts: Converts,
}

/// Rows of a longer answer.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The query whose answer holds all the rows.
    pub source: Arc<Query>,
    /// The member of its `data` that holds the rows; `None` if `data` is the list.
    pub inside: Option<&'static str>,
    /// Which rows count.
    pub filter: RowFilter,
    /// How many of them come before the page.
    pub skip: usize,
    /// Most rows; `None` for all.
    pub take: Option<usize>,
    /// With which optional members.
    pub fields: Fields,
}

/// Which rows count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFilter {
    /// All of them.
    All,
    /// Those of one of these statuses.
    Statuses(Vec<Arc<str>>),
    /// Those with one of these slugs; if there is none, the query is refused.
    Slugs(Vec<Arc<str>>),
}
