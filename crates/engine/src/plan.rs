//! Query → Plan: which entities an answer is composed of, and in which shape. Pure.

use std::{ops::Range, sync::Arc};

use cmc_api::{
    Ask, Aux, CacheClass, CoinId, Converts, InfoAsk, ListingsAsk, MapAsk, Part, Query, QueryError,
    QuotesAsk, Selector, SimpleAsk, Style, V, View,
    bridge::{CoinForm, SimpleForm},
    fiat,
};

use crate::{
    catalog::Catalog,
    entity::{Entity, How, Want},
    limits::BLOCK_PLACES,
};

mod families;
mod resolve;

pub use families::{Base, Conversions, Parts};
use resolve::{Group, Names};
pub use resolve::{Strict, Unresolved};

/// What an answer is composed of.
#[derive(Debug)]
pub struct Plan {
    /// Whose freshness rules hold.
    pub class: CacheClass,
    /// The wire style of the answer.
    pub style: Style,
    /// Every entity of the answer, in the order that [`Shape`] counts them.
    pub wants: Vec<Want>,
    /// How they are put together.
    pub shape: Shape,
    /// `status.total_count`, where the operation sends it.
    pub total_count: Option<u64>,
}

/// How the entities of a plan are put together.
#[derive(Debug)]
pub enum Shape {
    /// Coins with quotes.
    Coins(Coins),
    /// Coins' metadata.
    Infos(Infos),
    /// Rows of the map.
    Map(MapAsk),
    /// Objects that are kept one by one.
    Parts(Parts),
    /// What one of something is worth.
    Conversions(Conversions),
    /// Rows of one entity.
    View(View),
    /// One entity is the whole answer.
    Whole,
}

/// Coins with quotes: for each coin of each group one want per currency, in that order.
#[derive(Debug)]
pub struct Coins {
    /// What one coin looks like.
    pub piece: Piece,
    /// What holds the coins.
    pub container: Container,
    /// The currencies and the names that they have in the answer.
    pub currencies: Vec<Currency>,
    /// The coins under one name of the request: places in the list of all coins.
    pub groups: Vec<(Arc<str>, Range<usize>)>,
    /// Whether only the coin with the highest market cap of each group is answered.
    pub first_of_group: bool,
    /// Names that must all mean something.
    pub strict: Option<Strict>,
    /// What is said if upstream turns out to have none of them.
    pub if_none: Option<Box<QueryError>>,
    /// Whether all of them stand in a list that upstream keeps.
    pub is_list: bool,
    /// The object that the coins stand in: its raw text, and the member that they are.
    pub head: Option<(Arc<str>, &'static str)>,
}

/// Coins' metadata: one want per coin.
#[derive(Debug)]
pub struct Infos {
    /// Fields that were asked for.
    pub aux: cmc_api::InfoAux,
    /// What holds the coins.
    pub container: Container,
    /// The coins under one name of the request.
    pub groups: Vec<(Arc<str>, Range<usize>)>,
    /// Names that must all mean something.
    pub strict: Option<Strict>,
}

/// What one coin looks like.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// As in quotes or listings.
    Coin(CoinForm, Aux),
    /// As in simple/price.
    Simple(SimpleForm),
}

/// What holds the coins of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `[coin, …]`
    List,
    /// `{"1": coin, …}`
    Keyed,
    /// `{"BTC": [coin, …], …}`
    KeyedLists,
}

/// A currency and the name that it has in the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Its id.
    pub id: CoinId,
    /// What the client called it.
    pub name: Arc<str>,
}

/// What must be known before the rest can be planned: the blocks of a ranking that a page lies in,
/// in order, or the list that upstream keeps; empty for any other ask.
///
/// # Errors
///
/// A currency that does not exist.
pub fn blocks(ask: &Ask, query: &Query, names: Option<&Catalog>) -> Result<Vec<Want>, Unresolved> {
    let ask = match ask {
        Ask::Listings(ask) => ask,
        Ask::CoinList(ask) => return Ok(vec![Want::whole(&ask.source)]),
        _ => return Ok(Vec::new()),
    };
    let currencies = Names(names).currencies(&ask.converts, query)?;
    let first = ask.start.saturating_sub(1) / BLOCK_PLACES;
    let last = (ask.start.saturating_sub(1) + ask.limit.max(1) - 1) / BLOCK_PLACES;
    let currency = currencies[0].id;
    let in_currencies = How::InCurrencies(currencies.iter().map(|currency| currency.id).collect());
    Ok((first..=last)
        .map(|block| Want {
            entity: Entity::Block { ranking: ask.ranking.clone(), currency, block },
            how: in_currencies.clone(),
        })
        .collect())
}

/// Makes the plan of `query`.
///
/// `names` is the map of all coins, `None` while it cannot be had: then ids are taken at their
/// word. `base` is what the [`blocks`] tell.
///
/// # Errors
///
/// What the API itself would say of names that do not exist.
pub fn plan(
    query: &Arc<Query>,
    ask: &Ask,
    names: Option<&Catalog>,
    base: &Base,
) -> Result<Plan, Unresolved> {
    let style = query.operation.style;
    let class = query.operation.class;
    let (wants, shape) = match ask {
        Ask::Quotes(ask) => quotes(ask, query, names)?,
        Ask::Simple(ask) => simple(ask, query, names)?,
        Ask::Listings(ask) => listings(ask, query, names, &base.places)?,
        Ask::Info(ask) => info(ask, query, names)?,
        Ask::Map(ask) => (vec![Want::of(Entity::Map)], Shape::Map(ask.clone())),
        Ask::Parts(ask) => families::parts(ask, query, names)?,
        Ask::CoinList(ask) => families::coin_list(ask, query, names, base)?,
        Ask::Conversion(ask) => families::conversion(ask, query, names)?,
        Ask::View(view) => (vec![Want::whole(&view.source)], Shape::View(view.clone())),
        Ask::Whole => (vec![Want::whole(query)], Shape::Whole),
    };
    let counts = matches!(ask, Ask::Listings(ask) if ask.version == V::V1);
    let total_count = if counts { names.map(Catalog::n_active) } else { None };
    Ok(Plan { class, style, wants, shape, total_count })
}

type Planned = Result<(Vec<Want>, Shape), Unresolved>;

fn quotes(ask: &QuotesAsk, query: &Query, names: Option<&Catalog>) -> Planned {
    let names = Names(names);
    let currencies = names.currencies(&ask.converts, query)?;
    let (mut groups, missing) = names.groups(&ask.selector, true);
    let none_is_error = ask.version != V::V3;
    resolve::check(&groups, &missing, ask.skip_invalid, none_is_error, query)?;
    let by_symbol = matches!(ask.selector, Selector::Symbols(_));
    let first_of_group = by_symbol && ask.version == V::V1;
    if first_of_group {
        names.firsts(&mut groups);
    }
    let (form, container) = match ask.version {
        V::V1 => (CoinForm::QuotesV1, Container::Keyed),
        V::V2 if by_symbol => (CoinForm::QuotesV2, Container::KeyedLists),
        V::V2 => (CoinForm::QuotesV2, Container::Keyed),
        V::V3 => (CoinForm::QuotesV3, Container::List),
    };
    let strict = Strict::unless(ask.skip_invalid, &groups, query);
    let if_none = none_is_error.then(|| resolve::none_of(&ask.selector, query));
    Ok(coins(
        groups,
        currencies,
        Outline { piece: Piece::Coin(form, ask.aux), container, first_of_group, strict, if_none },
    ))
}

fn simple(ask: &SimpleAsk, query: &Query, names: Option<&Catalog>) -> Planned {
    let names = Names(names);
    let currencies = names.currencies(&ask.converts, query)?;
    let (mut groups, missing) = names.groups(&ask.selector, true);
    resolve::check(&groups, &missing, ask.skip_invalid, false, query)?;
    let first_of_group = matches!(ask.selector, Selector::Symbols(_));
    if first_of_group {
        names.firsts(&mut groups);
    }
    let strict = Strict::unless(ask.skip_invalid, &groups, query);
    let form = SimpleForm {
        flat: ask.version == V::V1,
        market_cap: ask.fields.market_cap,
        volume: ask.fields.volume,
        change: ask.fields.change,
        last_updated: ask.fields.last_updated,
    };
    Ok(coins(
        groups,
        currencies,
        Outline {
            piece: Piece::Simple(form),
            container: Container::List,
            first_of_group,
            strict,
            if_none: None,
        },
    ))
}

fn listings(
    ask: &ListingsAsk,
    query: &Query,
    names: Option<&Catalog>,
    places: &[CoinId],
) -> Planned {
    let currencies = Names(names).currencies(&ask.converts, query)?;
    let skipped = (ask.start.saturating_sub(1) % BLOCK_PLACES) as usize;
    let page: Vec<CoinId> = places.iter().skip(skipped).take(ask.limit as usize).copied().collect();
    let form = if ask.version == V::V1 { CoinForm::ListingsV1 } else { CoinForm::ListingsV3 };
    let groups = Group::unnamed(page);
    Ok(coins(
        groups,
        currencies,
        Outline {
            piece: Piece::Coin(form, ask.aux),
            container: Container::List,
            first_of_group: false,
            strict: None,
            if_none: None,
        },
    ))
}

fn info(ask: &InfoAsk, query: &Query, names: Option<&Catalog>) -> Planned {
    let (mut groups, missing) = Names(names).groups(&ask.selector, false);
    resolve::check(&groups, &missing, ask.skip_invalid, false, query)?;
    let by_symbol = matches!(ask.selector, Selector::Symbols(_));
    if by_symbol && ask.version == V::V1 {
        groups.iter_mut().for_each(|group| group.coins.truncate(1));
    }
    let lists = by_symbol && ask.version != V::V1;
    let container = if lists { Container::KeyedLists } else { Container::Keyed };
    let strict = Strict::unless(ask.skip_invalid, &groups, query);
    let (coins, groups) = flatten(groups);
    let wants = coins.into_iter().map(|coin| Want::of(Entity::Info { coin })).collect();
    Ok((wants, Shape::Infos(Infos { aux: ask.aux, container, groups, strict })))
}

/// What distinguishes the coin-shaped answers from each other.
struct Outline {
    piece: Piece,
    container: Container,
    first_of_group: bool,
    strict: Option<Strict>,
    if_none: Option<Box<QueryError>>,
}

fn coins(groups: Vec<Group>, currencies: Vec<Currency>, outline: Outline) -> (Vec<Want>, Shape) {
    let (coins, groups) = flatten(groups);
    let wants = coins
        .iter()
        .flat_map(|coin| currencies.iter().map(move |currency| (*coin, currency.id)))
        .map(|(coin, currency)| Want::of(Entity::Quote { coin, currency }))
        .collect();
    let Outline { piece, container, first_of_group, strict, if_none } = outline;
    let (is_list, head) = (false, None);
    let shape = Coins {
        piece,
        container,
        currencies,
        groups,
        first_of_group,
        strict,
        if_none,
        is_list,
        head,
    };
    (wants, Shape::Coins(shape))
}

type Flat = (Vec<CoinId>, Vec<(Arc<str>, Range<usize>)>);

fn flatten(groups: Vec<Group>) -> Flat {
    let mut coins = Vec::new();
    let mut ranges = Vec::with_capacity(groups.len());
    for group in groups {
        let start = coins.len();
        coins.extend(group.coins);
        ranges.push((group.name, start..coins.len()));
    }
    (coins, ranges)
}

/// Whether the ask cannot be planned without the map: it names coins or currencies by words.
#[must_use]
pub fn needs_names(ask: &Ask) -> bool {
    let by_words = |selector: &Selector| !matches!(selector, Selector::Ids(_));
    let odd = |converts: &Converts| match converts {
        Converts::Symbols(codes) => codes.iter().any(|code| fiat::by_code(code).is_none()),
        Converts::Ids(ids) => ids.iter().any(|id| fiat::by_id(*id).is_none()),
    };
    match ask {
        Ask::Quotes(ask) => by_words(&ask.selector) || odd(&ask.converts),
        Ask::Simple(ask) => by_words(&ask.selector) || odd(&ask.converts),
        Ask::Listings(ask) => odd(&ask.converts),
        Ask::Info(ask) => by_words(&ask.selector),
        Ask::Parts(ask) => match ask.part {
            Part::OhlcvLatest | Part::Performance => {
                ask.selector.as_ref().is_some_and(by_words) || odd(&ask.converts)
            }
            _ => odd(&ask.converts),
        },
        Ask::CoinList(ask) => odd(&ask.converts),
        Ask::Conversion(ask) => by_words(&ask.selector) || odd(&ask.converts),
        Ask::Map(_) | Ask::View(_) | Ask::Whole => false,
    }
}

/// Whether the map tells anything that the ask cares for.
#[must_use]
pub fn cares_for_names(ask: &Ask) -> bool {
    match ask {
        Ask::Whole | Ask::Map(_) | Ask::View(_) => false,
        Ask::Parts(ask) if ask.part.is_strict() || ask.part == Part::Global => {
            needs_names(&Ask::Parts(ask.clone()))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests;
