//! Plan + entities → the `data` of an answer. Pure; numbers are copied as text.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use cmc_api::{
    CoinId, QueryError, Style,
    bridge::{self, Rendered},
    fiat,
    json::{Members, write_line, write_pretty, write_text},
};

mod conversions;
mod parts;
mod views;

use crate::{
    entity::Entity,
    held::{Content, Form, Held},
    plan::{Coins, Container, Infos, Piece, Plan, Shape, Strict},
};

/// Why a plan could not be composed from what is held.
#[derive(Debug)]
pub enum NotComposed {
    /// A held entity has no source for a field of this shape: upstream must be asked for these
    /// places of the plan.
    NoSource(Vec<usize>),
    /// Upstream has nothing of what was asked: what the API says then.
    Nothing(Box<QueryError>),
}

/// Puts the entities of `plan` together; `held` stands in the order of the plan's wants.
///
/// # Errors
///
/// [`NotComposed`]
pub fn compose(plan: &Plan, held: &[Arc<Held>]) -> Result<Bytes, NotComposed> {
    match &plan.shape {
        Shape::Coins(shape) => coins(plan, shape, held),
        Shape::Infos(shape) => infos(plan, shape, held),
        Shape::Map(ask) => match &held[0].content {
            Content::Map(catalog) => catalog.answer(ask).ok_or_else(|| nothing(plan, ask)),
            _ => Err(NotComposed::NoSource(vec![0])),
        },
        Shape::Parts(shape) => parts::parts(plan, shape, held),
        Shape::Conversions(shape) => conversions::conversions(plan, shape, held),
        Shape::View(view) => views::view(plan, view, &held[0]),
        Shape::Whole => match &held[0].content {
            Content::Whole { data, .. } => Ok(data.clone()),
            _ => Err(NotComposed::NoSource(vec![0])),
        },
    }
}

fn nothing(plan: &Plan, ask: &cmc_api::MapAsk) -> NotComposed {
    unknown(plan, "symbol", ask.symbols.as_deref().unwrap_or_default())
}

/// What upstream says of names that it does not know.
fn unknown(plan: &Plan, parameter: &str, names: &[Arc<str>]) -> NotComposed {
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    let message = cmc_api::invalid_values(parameter, &names);
    NotComposed::Nothing(Box::new(QueryError::invalid(message, plan.style)))
}

/// The error of groups that upstream has nothing of, if all of them must mean something.
fn refuse_missing(
    plan: &Plan,
    strict: Option<&Strict>,
    missing: &[usize],
) -> Result<(), NotComposed> {
    match strict {
        Some(Strict { parameter, texts }) if !missing.is_empty() => {
            let texts: Vec<Arc<str>> =
                missing.iter().filter_map(|at| texts.get(*at)).map(Arc::clone).collect();
            Err(unknown(plan, parameter, &texts))
        }
        _ => Ok(()),
    }
}

/// Compact text in the spacing of the answer; it stands on level 1.
fn spaced(plan: &Plan, compact: Vec<u8>) -> Bytes {
    let text = String::from_utf8_lossy(&compact);
    if plan.style == Style::Java {
        return compact.into();
    }
    let mut out = Vec::with_capacity(compact.len() * 2);
    write_pretty(&mut out, &text, 1);
    out.into()
}

/// One coin of the answer: its place among the plan's coins.
struct Coin {
    at: usize,
}

fn coins(plan: &Plan, shape: &Coins, held: &[Arc<Held>]) -> Result<Bytes, NotComposed> {
    let (groups, missing) = present(plan, shape, held);
    let n_present: usize = groups.iter().map(|(_, coins)| coins.len()).sum();
    if shape.is_list && n_present * shape.currencies.len() < held.len() {
        // Upstream lists a coin that it does not quote: only its own answer has all of them.
        return Err(NotComposed::NoSource(Vec::new()));
    }
    refuse_missing(plan, shape.strict.as_ref(), &missing)?;
    if groups.is_empty()
        && let Some(error) = &shape.if_none
    {
        return Err(NotComposed::Nothing(error.clone()));
    }
    let mut writer = Writer {
        out: Vec::with_capacity(held.len() * 2_048 + 64),
        classic: plan.style == Style::Classic,
        shape,
        held,
        unsourced: Vec::new(),
        is_odd: false,
    };
    writer.container(&groups);
    if let Some((head, inside)) = &shape.head {
        writer.out = within(head, inside, &writer.out).ok_or(NotComposed::NoSource(Vec::new()))?;
    }
    if writer.is_odd {
        Err(NotComposed::NoSource(Vec::new()))
    } else if writer.unsourced.is_empty() {
        Ok(writer.out.into())
    } else {
        Err(NotComposed::NoSource(writer.unsourced))
    }
}

/// The object `head` with `coins` as its member `inside`.
fn within(head: &str, inside: &str, coins: &[u8]) -> Option<Vec<u8>> {
    let coins = std::str::from_utf8(coins).ok()?;
    let head = Members::of(head)?;
    let mut out = vec![b'{'];
    for (index, (key, value)) in head.0.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_line(&mut out, 2);
        write_text(&mut out, key);
        out.extend_from_slice(b": ");
        write_pretty(&mut out, if key == inside { coins } else { value }, 2);
    }
    write_line(&mut out, 1);
    out.push(b'}');
    Some(out)
}

type Present<'a> = Vec<(&'a Arc<str>, Vec<Coin>)>;

/// The groups with the coins that upstream has, in the order in which they are answered; and the
/// places of those of which it has none.
fn present<'a>(plan: &Plan, shape: &'a Coins, held: &[Arc<Held>]) -> (Present<'a>, Vec<usize>) {
    let n = shape.currencies.len();
    let by_cap = shape.first_of_group
        || shape.groups.iter().any(|(name, coins)| !name.is_empty() && coins.len() > 1);
    let exists = |at: &usize| held[at * n..(at + 1) * n].iter().all(|held| held.coin().is_some());
    let mut groups = Vec::with_capacity(shape.groups.len());
    let mut missing = Vec::new();
    for (at, (name, range)) in shape.groups.iter().enumerate() {
        let mut found: Vec<usize> = range.clone().filter(exists).collect();
        if by_cap && found.len() > 1 {
            found.sort_by(|a, b| rank_in_group(plan, held, a * n, b * n));
        }
        if shape.first_of_group {
            found.truncate(1);
        }
        if found.is_empty() {
            missing.push(at);
        } else {
            groups.push((name, found.into_iter().map(|at| Coin { at }).collect()));
        }
    }
    (groups, missing)
}

/// A fiat first, then by market cap, highest first, then by id.
fn rank_in_group(plan: &Plan, held: &[Arc<Held>], a: usize, b: usize) -> std::cmp::Ordering {
    let facts = |at: usize| {
        let id = match plan.wants[at].entity {
            Entity::Quote { coin, .. } => coin,
            _ => CoinId::new(0),
        };
        let cap = held[at].coin().map_or(0.0, crate::held::Coin::market_cap);
        (fiat::by_id(id).is_none(), cap, id)
    };
    let (a, b) = (facts(a), facts(b));
    a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2))
}

struct Writer<'a> {
    out: Vec<u8>,
    classic: bool,
    shape: &'a Coins,
    held: &'a [Arc<Held>],
    unsourced: Vec<usize>,
    /// A piece has no source, and no call would bring one.
    is_odd: bool,
}

impl Writer<'_> {
    fn container(&mut self, groups: &[(&Arc<str>, Vec<Coin>)]) {
        let (open, close) =
            if self.shape.container == Container::List { (b'[', b']') } else { (b'{', b'}') };
        self.out.push(open);
        let mut first = true;
        for (name, coins) in groups {
            match self.shape.container {
                Container::List => {
                    for coin in coins {
                        self.next(&mut first, 2);
                        self.coin(coin, 3);
                    }
                }
                Container::Keyed => {
                    self.next(&mut first, 2);
                    self.name(name);
                    self.coin(&coins[0], 3);
                }
                Container::KeyedLists => {
                    self.next(&mut first, 2);
                    self.name(name);
                    self.out.push(b'[');
                    let mut first = true;
                    for coin in coins {
                        self.next(&mut first, 3);
                        self.coin(coin, 4);
                    }
                    self.line(2);
                    self.out.push(b']');
                }
            }
        }
        if !first {
            self.line(1);
        }
        self.out.push(close);
    }

    fn coin(&mut self, coin: &Coin, depth: usize) {
        let n = self.shape.currencies.len();
        let depth = if self.classic { depth } else { 0 };
        let form = match self.shape.piece {
            Piece::Coin(form, aux) => Form::Coin(form, aux, depth),
            Piece::Simple(form) => Form::Simple(form, depth),
        };
        for currency in 0..n {
            let at = coin.at * n + currency;
            let rendered = self.held[at].coin().and_then(|coin| coin.render(form));
            let Some(rendered) = rendered else {
                match self.shape.piece {
                    // What came from listings may lack the descriptions of its tags.
                    Piece::Coin(..) => self.unsourced.push(at),
                    Piece::Simple(_) => self.is_odd = true,
                }
                continue;
            };
            if currency == 0 {
                self.out.extend_from_slice(&rendered.head);
            }
            self.quote(&rendered, currency, depth);
        }
        self.close_coin(depth);
    }

    fn quote(&mut self, rendered: &Rendered, currency: usize, depth: usize) {
        if self.is_flat() {
            return;
        }
        if currency > 0 {
            self.out.push(b',');
        }
        if self.classic {
            self.line(depth + 1);
            let shape = self.shape;
            self.name(&shape.currencies[currency].name);
        }
        self.out.extend_from_slice(&rendered.quote);
    }

    fn close_coin(&mut self, depth: usize) {
        if self.is_flat() {
            return;
        }
        if self.classic {
            self.line(depth);
            self.out.push(b'}');
            self.line(depth - 1);
        } else {
            self.out.push(b']');
        }
        self.out.push(b'}');
    }

    const fn is_flat(&self) -> bool {
        matches!(self.shape.piece, Piece::Simple(form) if form.flat)
    }

    fn name(&mut self, name: &str) {
        write_text(&mut self.out, name);
        self.out.extend_from_slice(if self.classic { b": " } else { b":" });
    }

    fn next(&mut self, first: &mut bool, depth: usize) {
        if !std::mem::replace(first, false) {
            self.out.push(b',');
        }
        self.line(depth);
    }

    fn line(&mut self, depth: usize) {
        if self.classic {
            write_line(&mut self.out, depth);
        }
    }
}

fn infos(plan: &Plan, shape: &Infos, held: &[Arc<Held>]) -> Result<Bytes, NotComposed> {
    let lists = shape.container == Container::KeyedLists;
    let depth = if lists { 4 } else { 3 };
    let render = |at: usize| match &held[at].content {
        Content::Info(body) => {
            bridge::render_info(std::str::from_utf8(body).ok()?, shape.aux, depth)
        }
        _ => None,
    };
    let mut out = vec![b'{'];
    let mut first = true;
    let mut missing = Vec::new();
    for (at, (name, range)) in shape.groups.iter().enumerate() {
        let coins: Vec<Bytes> = Range::clone(range).filter_map(render).collect();
        if coins.is_empty() {
            missing.push(at);
            continue;
        }
        if !std::mem::replace(&mut first, false) {
            out.push(b',');
        }
        write_line(&mut out, 2);
        write_text(&mut out, name);
        out.extend_from_slice(b": ");
        if lists {
            write_list(&mut out, &coins);
        } else {
            out.extend_from_slice(&coins[0]);
        }
    }
    refuse_missing(plan, shape.strict.as_ref(), &missing)?;
    if !first {
        write_line(&mut out, 1);
    }
    out.push(b'}');
    Ok(out.into())
}

fn write_list(out: &mut Vec<u8>, coins: &[Bytes]) {
    out.push(b'[');
    for (index, coin) in coins.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_line(out, 3);
        out.extend_from_slice(coin);
    }
    write_line(out, 2);
    out.push(b']');
}

#[cfg(test)]
mod tests;
