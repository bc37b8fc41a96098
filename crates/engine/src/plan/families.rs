//! Parts, lists of coins and conversions.

use std::{ops::Range, sync::Arc};

use cmc_api::{
    Ask, Aux, CoinId, CoinListAsk, ConversionAsk, Part, PartsAsk, Query, QueryError, Selector, V,
    Whose,
    bridge::Fields,
    json::{self, Elements, Members},
};

use super::{
    Container, Currency, Outline, Piece, Planned, Shape, coins, flatten,
    resolve::{self, Group, Names, Strict},
};
use crate::{
    catalog::Catalog,
    entity::{Entity, Want},
    held::{Content, Held},
};

/// What the entities that were gathered first tell the plan.
#[derive(Debug, Default)]
pub struct Base {
    /// The coins of a page, or of the blocks around it, in order.
    pub places: Vec<CoinId>,
    /// The object that the coins of a list stand in, as raw text.
    pub head: Option<Arc<str>>,
}

/// Objects that are kept one by one: for each subject of each group one want per currency.
#[derive(Debug)]
pub struct Parts {
    /// With which optional members.
    pub fields: Fields,
    /// Over which periods, where there are any.
    pub periods: Vec<Arc<str>>,
    /// What holds the objects; `None` if there is just one.
    pub container: Option<Container>,
    /// The currencies and the names that they have in the answer.
    pub currencies: Vec<Currency>,
    /// The subjects under one name of the request: places in the list of all subjects.
    pub groups: Vec<(Arc<str>, Range<usize>)>,
    /// Names that must all mean something.
    pub strict: Option<Strict>,
    /// What is said if upstream turns out to have none of them.
    pub if_none: Option<Box<QueryError>>,
}

/// What one of something is worth: one want per coin and currency.
#[derive(Debug)]
pub struct Conversions {
    /// The currencies and the names that they have in the answer.
    pub currencies: Vec<Currency>,
    /// How many coins carry the name.
    pub n_coins: usize,
    /// Whether all of them are answered, or only the one with the highest market cap.
    pub all: bool,
}

impl Base {
    /// Reads what was gathered first for `ask`; `None` if it is not what upstream should have sent.
    #[must_use]
    pub fn of(ask: &Ask, held: &[Arc<Held>]) -> Option<Self> {
        let Ask::CoinList(ask) = ask else {
            let places = held.iter().flat_map(|held| match &held.content {
                Content::Block(ids) => ids.as_slice(),
                _ => &[],
            });
            return Some(Self { places: places.copied().collect(), head: None });
        };
        let Content::Whole { data, .. } = &held.first()?.content else { return None };
        let data = std::str::from_utf8(data).ok()?;
        let rows = match ask.inside {
            Some(inside) => Members::of(data)?.get(inside)?,
            None => data,
        };
        let rows = Elements::of(rows)?.0.into_iter().skip(ask.skip).take(ask.take);
        let places = rows.map(id_of).collect::<Option<_>>()?;
        Some(Self { places, head: ask.inside.map(|_| Arc::from(data)) })
    }
}

fn id_of(row: &str) -> Option<CoinId> {
    let raw = Members::of(row)?.get("id")?;
    let digits = if raw.starts_with('"') { json::text(raw)? } else { raw.to_owned() };
    CoinId::parse(&digits)
}

pub(super) fn coin_list(
    ask: &CoinListAsk,
    query: &Query,
    names: Option<&Catalog>,
    base: &Base,
) -> Planned {
    let currencies = Names(names).currencies(&ask.converts, query)?;
    let groups = Group::unnamed(base.places.clone());
    let outline = Outline {
        piece: Piece::Coin(ask.form, Aux::LISTINGS_DEFAULT),
        container: Container::List,
        first_of_group: false,
        strict: None,
        if_none: None,
    };
    let (wants, mut shape) = coins(groups, currencies, outline);
    if let Shape::Coins(coins) = &mut shape {
        coins.is_list = true;
        coins.head = base.head.clone().zip(ask.inside);
    }
    Ok((wants, shape))
}

pub(super) fn conversion(ask: &ConversionAsk, query: &Query, names: Option<&Catalog>) -> Planned {
    let names = Names(names);
    let currencies = names.currencies(&ask.converts, query)?;
    let (groups, missing) = names.groups(&ask.selector, true);
    resolve::check(&groups, &missing, false, true, query)?;
    let (coins, _) = flatten(groups);
    let n_coins = coins.len();
    let wants =
        per_currency(&coins, &currencies, |coin, currency| Entity::Quote { coin: *coin, currency });
    let all = ask.version == V::V2 && matches!(ask.selector, Selector::Symbols(_));
    Ok((wants, Shape::Conversions(Conversions { currencies, n_coins, all })))
}

pub(super) fn parts(ask: &PartsAsk, query: &Query, names: Option<&Catalog>) -> Planned {
    let names = Names(names);
    let currencies = match ask.part.has_quotes() {
        true => names.currencies(&ask.converts, query)?,
        false => vec![Currency { id: CoinId::USD, name: Arc::from("USD") }],
    };
    let Subjects { whose, groups, container, strict, if_none } = match ask.part {
        Part::Global => market(),
        part if part.is_strict() => exchanges(ask),
        _ => coins_of(ask, query, &names)?,
    };
    let part = ask.part;
    let wants = per_currency(&whose, &currencies, |whose, currency| Entity::Part {
        part,
        whose: whose.clone(),
        currency,
    });
    let shape = Parts {
        fields: ask.fields.clone(),
        periods: ask.periods.clone(),
        container,
        currencies,
        groups,
        strict,
        if_none,
    };
    Ok((wants, Shape::Parts(shape)))
}

/// Whose parts are wanted, and under which names.
struct Subjects {
    whose: Vec<Whose>,
    groups: Vec<(Arc<str>, Range<usize>)>,
    container: Option<Container>,
    strict: Option<Strict>,
    if_none: Option<Box<QueryError>>,
}

fn market() -> Subjects {
    let groups = vec![(Arc::from(""), 0..1)];
    let whose = vec![Whose::Market];
    Subjects { whose, groups, container: None, strict: None, if_none: None }
}

/// Exchanges, keyed by what was passed; only upstream knows which there are.
fn exchanges(ask: &PartsAsk) -> Subjects {
    let named: Vec<(Arc<str>, Whose)> = match &ask.selector {
        Some(Selector::Ids(ids)) => {
            // An id beyond any exchange is one that upstream does not know either.
            let id = |id: &cmc_api::IdText| id.id.unwrap_or(CoinId::new(u32::MAX));
            ids.iter().map(|text| (Arc::clone(&text.text), Whose::Id(id(text)))).collect()
        }
        Some(Selector::Slugs(slugs)) => {
            slugs.iter().map(|slug| (Arc::clone(slug), Whose::Slug(Arc::clone(slug)))).collect()
        }
        _ => Vec::new(),
    };
    let texts = named.iter().map(|(name, _)| Arc::clone(name)).collect();
    let parameter = ask.selector.as_ref().map_or("id", Selector::name);
    let strict = Some(Strict { parameter, texts });
    let groups = named.iter().enumerate();
    let groups = groups.map(|(at, (name, _))| (Arc::clone(name), at..at + 1)).collect();
    let whose = named.into_iter().map(|(_, whose)| whose).collect();
    Subjects { whose, groups, container: Some(Container::Keyed), strict, if_none: None }
}

fn coins_of(
    ask: &PartsAsk,
    query: &Query,
    names: &Names<'_>,
) -> Result<Subjects, super::Unresolved> {
    let Some(selector) = &ask.selector else { return Ok(market()) };
    let (mut groups, missing) = names.groups(selector, false);
    resolve::check(&groups, &missing, ask.skip_invalid, true, query)?;
    let by_symbol = matches!(selector, Selector::Symbols(_));
    let lists = by_symbol && ask.version != V::V1;
    if by_symbol && !lists {
        groups.iter_mut().for_each(|group| group.coins.truncate(1));
    }
    let container = if lists { Container::KeyedLists } else { Container::Keyed };
    let strict = Strict::unless(ask.skip_invalid, &groups, query);
    let (coins, groups) = flatten(groups);
    Ok(Subjects {
        whose: coins.into_iter().map(Whose::Id).collect(),
        groups,
        container: Some(container),
        strict,
        if_none: Some(resolve::none_of(selector, query)),
    })
}

fn per_currency<T>(
    subjects: &[T],
    currencies: &[Currency],
    entity: impl Fn(&T, CoinId) -> Entity,
) -> Vec<Want> {
    let mut wants = Vec::with_capacity(subjects.len() * currencies.len());
    for subject in subjects {
        for currency in currencies {
            wants.push(Want::of(entity(subject, currency.id)));
        }
    }
    wants
}
