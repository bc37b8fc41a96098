//! Reply → entries: everything that a call brought, asked for or not.

use std::{borrow::Cow, collections::HashSet, time::Duration};

use bytes::Bytes;
use cache_tiers::{Entry, Flags, Meta, Version};
use clock::Timestamp;
use cmc_api::{
    CacheClass, CoinId, Part, Ranking, Whose,
    json::{self, Elements, Members},
};
use credits::Credits;

use crate::{
    entity::Entity,
    limits,
    pack::{Load, LoadKind},
    policy::Freshness,
    tags::TagBook,
};

mod totals;

/// How long values live, by what they are.
#[derive(Clone, Debug)]
pub(crate) struct Lives(pub(crate) Freshness);

/// A reply that waits to be read.
pub(crate) struct Crop<'a> {
    pub(crate) load: &'a Load,
    pub(crate) data: &'a Bytes,
    pub(crate) body: &'a Bytes,
    pub(crate) started: Timestamp,
    pub(crate) version: Version,
    pub(crate) elapsed: Duration,
    pub(crate) charged: Credits,
}

pub(crate) type Entries = Vec<(Entity, Entry)>;

/// What a reply should have been, for messages.
pub(crate) const fn noun(kind: &LoadKind) -> &'static str {
    match kind {
        LoadKind::Quotes => "quotes",
        LoadKind::Blocks { .. } => "listings",
        LoadKind::Infos | LoadKind::Parts(..) => "metadata",
        LoadKind::Map => "the map",
        LoadKind::Whole => "an answer",
    }
}

/// What a reply brought.
#[derive(Debug)]
pub(crate) struct Harvest {
    pub(crate) entries: Entries,
    /// Rows that were not what they should be. While there are some, nobody knows what is absent.
    pub(crate) n_unreadable: u64,
}

/// Reads a reply; `None` if it is not what the call asked for. One odd row does not cost the
/// others their answer.
pub(crate) fn harvest(crop: &Crop<'_>, lives: &Lives, tags: &TagBook) -> Option<Harvest> {
    let text = std::str::from_utf8(crop.data).ok()?;
    let mut reader = Reader { crop, lives, tags, entries: Vec::new(), n_unreadable: 0 };
    match &crop.load.kind {
        LoadKind::Quotes => {
            for raw in rows(text)? {
                reader.coin(raw);
            }
        }
        LoadKind::Blocks { .. } => reader.blocks(&rows(text)?),
        LoadKind::Infos => {
            for raw in rows(text)? {
                reader.info(raw);
            }
        }
        LoadKind::Map => {
            Elements::of(text)?;
            reader.keep(Entity::Map, crop.data.clone(), CacheClass::Map);
        }
        LoadKind::Parts(Part::Global, currencies) => {
            let came = totals::by_currency(text, currencies)?;
            reader.n_unreadable += (currencies.len() - came.len()) as u64;
            for (currency, raw) in came {
                reader.part(Part::Global, currency, ("", &raw));
            }
        }
        LoadKind::Parts(part, currencies) => {
            let currency = *currencies.first()?;
            for (key, raw) in &Members::of(text)?.0 {
                reader.part(*part, currency, (key, raw));
            }
        }
        LoadKind::Whole => {
            let entity = crop.load.carries.first()?.clone();
            let operation = crop.load.call.operation();
            let ttl = lives.0.ttl(operation);
            reader.keep_for(entity, crop.body.clone(), operation.class, ttl);
        }
    }
    Some(Harvest { entries: reader.entries, n_unreadable: reader.n_unreadable })
}

/// What was asked for by id and did not come back does not exist, for a while.
pub(crate) fn add_absent(entries: &mut Entries, asked: &[Entity], crop: &Crop<'_>) {
    let kind = &crop.load.kind;
    if !matches!(kind, LoadKind::Quotes | LoadKind::Infos | LoadKind::Parts(..)) {
        return;
    }
    let came: HashSet<Entity> = entries.iter().map(|(entity, _)| entity.clone()).collect();
    for entity in asked.iter().filter(|entity| !came.contains(entity)) {
        let mut meta = meta_of(crop);
        meta.fresh_until = crop.started.after(limits::ABSENT_TTL);
        meta.usable_until = meta.fresh_until;
        meta.flags = Flags::NEGATIVE;
        entries.push((entity.clone(), Entry { body: Bytes::new(), meta }));
    }
}

struct Reader<'a> {
    crop: &'a Crop<'a>,
    lives: &'a Lives,
    tags: &'a TagBook,
    entries: Entries,
    n_unreadable: u64,
}

impl Reader<'_> {
    fn keep(&mut self, entity: Entity, body: Bytes, class: CacheClass) {
        self.keep_for(entity, body, class, self.lives.0.longest_of(class));
    }

    fn keep_for(&mut self, entity: Entity, body: Bytes, class: CacheClass, ttl: Duration) {
        let mut meta = meta_of(self.crop);
        meta.class = class as u16;
        // A different piece for each entry of the reply.
        let seed = self.crop.version.to_bits() ^ (self.entries.len() as u64).rotate_left(32);
        let lives = self.lives.0.policy(ttl).lives(self.crop.started, 1_000, seed);
        (meta.fresh_until, meta.usable_until) = lives;
        // Kept as long as pacing may serve it: how old it may be is judged when it is asked for.
        let most = self.crop.started.after(self.lives.0.most(class, ttl));
        meta.usable_until = meta.usable_until.max(most);
        self.entries.push((entity, Entry { body, meta }));
    }

    fn info(&mut self, raw: &str) {
        match Members::of(raw).as_ref().and_then(id_of) {
            Some(coin) => self.keep(Entity::Info { coin }, copied(raw), CacheClass::Info),
            None => self.n_unreadable += 1,
        }
    }

    /// An exchange is known by its id and by its slug.
    fn part(&mut self, part: Part, currency: CoinId, (key, raw): (&str, &str)) {
        let mut names = match (part, Members::of(raw)) {
            (Part::Global, Some(_)) => vec![Whose::Market],
            (_, Some(object)) => names_of(part, &object),
            (_, None) => Vec::new(),
        };
        // A slug may be an older name of the exchange: it is answered under what was asked.
        let asked = Whose::Slug(key.into());
        let is_asked =
            |entity: &Entity| matches!(entity, Entity::Part { whose, .. } if *whose == asked);
        if !names.is_empty()
            && !names.contains(&asked)
            && self.crop.load.carries.iter().any(is_asked)
        {
            names.push(asked);
        }
        self.n_unreadable += u64::from(names.is_empty());
        let operation = self.crop.load.call.operation();
        let ttl = self.lives.0.ttl(operation);
        for whose in names {
            let entity = Entity::Part { part, whose, currency };
            self.keep_for(entity, copied(raw), operation.class, ttl);
        }
    }

    /// One coin with its quotes becomes one entry per quote.
    fn coin(&mut self, raw: &str) -> Option<CoinId> {
        let coin = self.quotes(raw);
        self.n_unreadable += u64::from(coin.is_none());
        coin
    }

    fn quotes(&mut self, raw: &str) -> Option<CoinId> {
        let members = Members::of(raw)?;
        let coin = id_of(&members)?;
        let quotes = Elements::of(members.get("quote")?).filter(|quotes| !quotes.0.is_empty())?;
        let described = self.describe(members.get("tags"));
        for quote in &quotes.0 {
            let currency = id_of(&Members::of(quote)?)?;
            let untouched = quotes.0.len() == 1 && described.is_none();
            let body = if untouched {
                copied(raw)
            } else {
                with_one_quote(&members, quote, described.as_deref())
            };
            self.keep(Entity::Quote { coin, currency }, body, CacheClass::Quotes);
        }
        Some(coin)
    }

    /// Tags as objects, where they came as strings and all of them are known.
    fn describe(&self, tags: Option<&str>) -> Option<String> {
        let tags = tags?;
        match Elements::of(tags)?.0.first() {
            Some(first) if first.starts_with('{') => {
                self.tags.learn(tags);
                None
            }
            Some(_) => self.tags.describe(tags),
            None => None,
        }
    }

    /// A listings page becomes its coins, and the order of each of its blocks.
    fn blocks(&mut self, rows: &[&str]) {
        let LoadKind::Blocks { ranking, first, n_blocks, currencies } = &self.crop.load.kind else {
            return;
        };
        // By rank the order is the same in every currency; a change in per cent is not.
        let named = if *ranking == Ranking::by_rank() { currencies.len() } else { 1 };
        let ids: Vec<CoinId> = rows.iter().filter_map(|raw| self.coin(raw)).collect();
        let places = limits::BLOCK_PLACES as usize;
        for number in 0..*n_blocks {
            let from = (number as usize * places).min(ids.len());
            let to = (from + places).min(ids.len());
            let text: Vec<String> = ids[from..to].iter().map(CoinId::to_string).collect();
            let body = Bytes::from(text.join(","));
            for currency in currencies.iter().take(named) {
                let (ranking, currency) = (ranking.clone(), *currency);
                let entity = Entity::Block { ranking, currency, block: first + number };
                self.keep(entity, body.clone(), CacheClass::Listings);
            }
        }
    }
}

/// Without a life: that is the entity's own.
fn meta_of(crop: &Crop<'_>) -> Meta {
    let n_keys = u64::try_from(crop.load.carries.len().max(1)).unwrap_or(u64::MAX);
    let cost_milli = crop.charged.get().saturating_mul(1_000) / n_keys;
    Meta {
        version: crop.version,
        data_at: Timestamp::EPOCH,
        fetched_at: crop.started,
        fresh_until: crop.started,
        usable_until: crop.started,
        load: crop.elapsed,
        cost_milli: u32::try_from(cost_milli).unwrap_or(u32::MAX),
        class: 0,
        flags: Flags::default(),
    }
}

/// A copy: a slice would keep the whole reply alive for one coin's sake.
fn copied(raw: &str) -> Bytes {
    Bytes::copy_from_slice(raw.as_bytes())
}

/// The rows of a reply: a list, or the values of a map.
fn rows(text: &str) -> Option<Vec<&str>> {
    if let Some(elements) = Elements::of(text) {
        return Some(elements.0);
    }
    Members::of(text).map(|members| members.0.into_iter().map(|(_, row)| row).collect())
}

fn names_of(part: Part, object: &Members<'_>) -> Vec<Whose> {
    let slug = || object.get("slug").and_then(json::text).map(|slug| Whose::Slug(slug.into()));
    let slug = if part.is_strict() { slug() } else { None };
    id_of(object).map(Whose::Id).into_iter().chain(slug).collect()
}

fn id_of(members: &Members<'_>) -> Option<CoinId> {
    let raw = members.get("id")?;
    let digits = if raw.starts_with('"') { Cow::from(json::text(raw)?) } else { Cow::from(raw) };
    digits.parse().ok().map(CoinId::new)
}

fn with_one_quote(members: &Members<'_>, quote: &str, tags: Option<&str>) -> Bytes {
    let mut out = Vec::with_capacity(2_048);
    out.push(b'{');
    for (key, value) in members.0.iter().filter(|(key, _)| key != "quote") {
        json::write_text(&mut out, key);
        out.push(b':');
        let value = tags.filter(|_| key == "tags").unwrap_or(value);
        out.extend_from_slice(value.as_bytes());
        out.push(b',');
    }
    out.extend_from_slice(b"\"quote\":[");
    out.extend_from_slice(quote.as_bytes());
    out.extend_from_slice(b"]}");
    out.into()
}

#[cfg(test)]
mod tests;
