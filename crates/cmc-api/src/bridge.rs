//! The version bridge: one coin as upstream's newest version told it, in the wire shape of any
//! version.
//!
//! An entity is the raw text of a v3 `quotes/latest` object with every `aux` field and exactly one
//! quote. [`render`] turns it into the two pieces that an answer is spliced from: the coin up to
//! its quotes, and the quote. Numbers are copied as text; keys nobody knows are carried along.

use bytes::Bytes;

use crate::{
    aux::Aux,
    json::{self, Elements, Members},
    operation::Style,
};

mod conversion;
mod fields;
mod info;
mod map_row;
mod part;
mod simple;
mod view;

pub use conversion::render_conversion;
pub use fields::Fields;
pub use info::render_info;
pub use map_row::render_row;
pub use part::render_part;
pub use simple::{SimpleForm, render_simple};
pub use view::{Shown, render_view};

/// The shape of a coin in one version of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoinForm {
    /// v1 quotes/latest: string tags, quotes by currency.
    QuotesV1,
    /// v2 quotes/latest: tag objects, quotes by currency.
    QuotesV2,
    /// v3 quotes/latest: tag objects, a list of quotes.
    QuotesV3,
    /// v1 listings/latest: string tags, quotes by currency, no flags.
    ListingsV1,
    /// As v1 listings, with the flags.
    ListingsNew,
    /// v3 listings/latest: string tags, a list of quotes, flags always.
    ListingsV3,
}

impl CoinForm {
    /// The wire style of the stack that answers this form.
    #[must_use]
    pub const fn style(self) -> Style {
        match self {
            Self::QuotesV1 | Self::QuotesV2 | Self::ListingsV1 | Self::ListingsNew => {
                Style::Classic
            }
            Self::QuotesV3 | Self::ListingsV3 => Style::Java,
        }
    }

    const fn tag_objects(self) -> bool {
        matches!(self, Self::QuotesV2 | Self::QuotesV3)
    }
}

/// The two pieces of a coin that answers are spliced from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// `{` and every member but the quotes, up to and with the opening of the quotes.
    pub head: Bytes,
    /// The value of one quote.
    pub quote: Bytes,
}

const CLASSIC_ORDER: [&str; 20] = [
    "id",
    "name",
    "symbol",
    "slug",
    "num_market_pairs",
    "date_added",
    "tags",
    "max_supply",
    "circulating_supply",
    "total_supply",
    "market_cap_by_total_supply",
    "is_active",
    "infinite_supply",
    "minted_market_cap",
    "platform",
    "cmc_rank",
    "is_fiat",
    "self_reported_circulating_supply",
    "self_reported_market_cap",
    "tvl_ratio",
];

/// Whether a member that `aux` governs belongs into the answer. Members without a name in `aux`
/// always do: unknown keys survive.
fn wanted(form: CoinForm, aux: Aux, key: &str) -> bool {
    match (form, key) {
        (CoinForm::ListingsV1, "is_active" | "is_fiat") => false,
        (CoinForm::ListingsNew | CoinForm::ListingsV3, "is_active" | "is_fiat") => true,
        _ => Aux::key(key).is_none_or(|bit| aux.contains(bit)),
    }
}

/// Renders an entity's body; `depth` is the level of the coin's members in a pretty answer.
///
/// `None` if the body is not a coin, or lacks a source for what the form needs (tag objects in an
/// entity that came from listings): then upstream must be asked.
#[must_use]
pub fn render(body: &str, form: CoinForm, aux: Aux, depth: usize) -> Option<Rendered> {
    let coin = Members::of(body)?;
    let quotes = Elements::of(coin.get("quote")?)?;
    let quote = Members::of(quotes.0.first()?)?;
    let tags = coin.get("tags").map(|raw| tags_as(raw, form.tag_objects()));
    if aux.contains(Aux::TAGS) && matches!(tags, Some(None)) {
        return None;
    }
    let mut members = head_members(&coin, &quote, form, aux);
    for (key, value) in &mut members {
        if *key == "tags" {
            *value = tags.as_ref().and_then(|tags| tags.as_deref()).unwrap_or(value);
        }
    }
    let quote = quote_members(&quote, form, aux);
    Some(match form.style() {
        Style::Classic => Rendered {
            head: classic_head(&members, depth),
            quote: classic_object(&quote, depth + 2),
        },
        Style::Java => Rendered { head: java_head(&members), quote: java_object(&quote) },
    })
}

type Pairs<'a> = Vec<(&'a str, &'a str)>;

fn head_members<'a>(
    coin: &'a Members<'a>,
    quote: &'a Members<'a>,
    form: CoinForm,
    aux: Aux,
) -> Pairs<'a> {
    let mut members: Pairs<'a> = coin
        .0
        .iter()
        .map(|(key, value)| (key.as_ref(), *value))
        .filter(|(key, _)| *key != "quote" && wanted(form, aux, key))
        .collect();
    if form.style() == Style::Classic {
        if let Some(moved) = quote.get(BY_TOTAL_SUPPLY)
            && aux.contains(Aux::MARKET_CAP_BY_TOTAL_SUPPLY)
        {
            members.push((BY_TOTAL_SUPPLY, moved));
        }
        members.sort_by_key(|(key, _)| {
            let place = CLASSIC_ORDER.iter().position(|known| known == key);
            // last_updated and unknown keys come last, in upstream's order: the sort is stable.
            place.unwrap_or(CLASSIC_ORDER.len())
        });
    }
    members
}

const BY_TOTAL_SUPPLY: &str = "market_cap_by_total_supply";

fn quote_members<'a>(quote: &'a Members<'a>, form: CoinForm, aux: Aux) -> Pairs<'a> {
    let classic = form.style() == Style::Classic;
    let of_v3 = |key: &str| matches!(key, "id" | "symbol" | "minted_market_cap" | BY_TOTAL_SUPPLY);
    quote
        .0
        .iter()
        .map(|(key, value)| (key.as_ref(), *value))
        .filter(|(key, _)| wanted(form, aux, key) && !(classic && of_v3(key)))
        .collect()
}

/// The tags as objects or as strings; `None` if objects are wanted and only strings are there.
fn tags_as(raw: &str, objects: bool) -> Option<String> {
    let Some(tags) = Elements::of(raw) else { return Some(raw.to_owned()) };
    let holds_objects = tags.0.first().is_some_and(|tag| tag.starts_with('{'));
    if tags.0.is_empty() || objects == holds_objects {
        return Some(raw.to_owned());
    }
    if objects {
        return None;
    }
    let slugs: Option<Vec<_>> = tags.0.iter().map(|tag| Members::of(tag)?.get("slug")).collect();
    Some(format!("[{}]", slugs?.join(",")))
}

fn classic_head(members: &[(&str, &str)], depth: usize) -> Bytes {
    let mut out = Vec::with_capacity(2_048);
    out.push(b'{');
    for (key, value) in members {
        json::write_line(&mut out, depth);
        write_member(&mut out, key, value, depth);
        out.push(b',');
    }
    json::write_line(&mut out, depth);
    out.extend_from_slice(b"\"quote\": {");
    out.into()
}

fn classic_object(members: &[(&str, &str)], depth: usize) -> Bytes {
    let mut out = Vec::with_capacity(1_024);
    write_classic_object(&mut out, members, depth);
    out.into()
}

/// Writes an object whose members stand on `depth`.
fn write_classic_object(out: &mut Vec<u8>, members: &[(&str, &str)], depth: usize) {
    out.push(b'{');
    for (index, (key, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        json::write_line(out, depth);
        write_member(out, key, value, depth);
    }
    if !members.is_empty() {
        json::write_line(out, depth.saturating_sub(1));
    }
    out.push(b'}');
}

fn write_member(out: &mut Vec<u8>, key: &str, value: &str, depth: usize) {
    json::write_text(out, key);
    out.extend_from_slice(b": ");
    json::write_pretty(out, value, depth);
}

fn java_head(members: &[(&str, &str)]) -> Bytes {
    let mut out = Vec::with_capacity(1_024);
    out.push(b'{');
    for (key, value) in members {
        json::write_text(&mut out, key);
        out.push(b':');
        json::write_compact(&mut out, value);
        out.push(b',');
    }
    out.extend_from_slice(b"\"quote\":[");
    out.into()
}

fn java_object(members: &[(&str, &str)]) -> Bytes {
    let mut out = Vec::with_capacity(1_024);
    out.push(b'{');
    for (index, (key, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        json::write_text(&mut out, key);
        out.push(b':');
        json::write_compact(&mut out, value);
    }
    out.push(b'}');
    out.into()
}

#[cfg(test)]
mod tests;
