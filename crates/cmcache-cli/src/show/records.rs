//! JSON of any operation as records: a list of objects, each flat, under dotted names. Numbers keep
//! the text that upstream wrote.

use cmcache::cmc_api::json::{self, Elements, Members};

/// A value as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) is_number: bool,
}

/// Dotted names and values, in the order of the wire.
pub(super) type Record = Vec<(String, Cell)>;

/// Lists inside an object that has an id: each element is a record, the object only says whose.
const LISTS: [&str; 4] = ["quotes", "market_pairs", "coins", "constituents"];
/// What objects of a list, or of an object that is keyed by them, are told by.
const IDENTITIES: [&str; 3] = ["id", "symbol", "name"];

/// All records of `data`.
pub(super) fn records(data: &str) -> Vec<Record> {
    let mut out = Vec::new();
    gather(data, &Record::new(), &mut out);
    out
}

fn gather(raw: &str, above: &Record, out: &mut Vec<Record>) {
    if let Some(Elements(items)) = Elements::of(raw) {
        for item in items {
            gather(item, above, out);
        }
        return;
    }
    let Some(members) = Members::of(raw) else {
        out.push(with(above, vec![("value".to_owned(), cell(raw))]));
        return;
    };
    if is_keyed(&members) {
        members.0.iter().for_each(|(_, raw)| gather(raw, above, out));
        return;
    }
    let list = list(&members);
    let mut own = Record::new();
    for (name, raw) in members.0.iter().filter(|(name, _)| Some(&**name) != list) {
        flatten(name, raw, &mut own);
    }
    let own = with(above, own);
    match list.and_then(|name| members.get(name)) {
        Some(raw) => gather(raw, &own, out),
        None => out.push(own),
    }
}

/// What is below wins over what is above it.
fn with(above: &Record, below: Record) -> Record {
    let is_new = |(name, _): &&(String, Cell)| !below.iter().any(|(known, _)| known == name);
    above.iter().filter(is_new).cloned().collect::<Record>().into_iter().chain(below).collect()
}

/// Whether the members are objects, or lists of objects, under their names.
fn is_keyed(members: &Members<'_>) -> bool {
    let has_identity = |raw: &str| {
        Members::of(raw)
            .is_some_and(|object| IDENTITIES.iter().any(|name| object.get(name).is_some()))
    };
    !members.0.is_empty()
        && members.0.iter().all(|(_, raw)| match Elements::of(raw) {
            Some(Elements(items)) => items.iter().all(|item| has_identity(item)),
            None => has_identity(raw),
        })
        && !members.0.iter().any(|(name, _)| LISTS.contains(&&**name) || name == "quote")
}

/// The member that holds the records, if they are one level down.
fn list<'a>(members: &'a Members<'_>) -> Option<&'a str> {
    let has_id = members.get("id").is_some();
    let holds_records = |name: &str, raw: &str| {
        let is_named = LISTS.contains(&name) || (!has_id && name != "quote");
        let is_object = |item: &&str| item.starts_with('{');
        is_named
            && Elements::of(raw).is_some_and(|items| items.0.first().is_some_and(is_object))
            && !is_prices(name, raw)
    };
    let mut lists = members.0.iter().filter(|(name, raw)| holds_records(name, raw));
    lists.next().map(|(name, _)| &**name)
}

/// Whether it is a list of prices, one per currency.
fn is_prices(name: &str, raw: &str) -> bool {
    let first = Elements::of(raw).and_then(|items| Members::of(items.0.first()?));
    matches!(name, "quote" | "quotes")
        && first
            .is_some_and(|first| first.get("symbol").is_some() && first.get("timestamp").is_none())
}

fn flatten(name: &str, raw: &str, record: &mut Record) {
    if is_prices(name, raw) {
        for price in Elements::of(raw).unwrap_or_default().0 {
            let price = Members::of(price).unwrap_or_default();
            let currency = price.get("symbol").and_then(json::text).unwrap_or_default();
            let fields = price.0.iter().filter(|(name, _)| !matches!(&**name, "id" | "symbol"));
            fields.for_each(|(field, raw)| {
                flatten(&format!("quote.{currency}.{field}"), raw, record);
            });
        }
        return;
    }
    match Members::of(raw) {
        Some(Members(members)) if !members.is_empty() => {
            for (key, raw) in members {
                flatten(&format!("{name}.{key}"), raw, record);
            }
        }
        _ => record.push((name.to_owned(), cell(raw))),
    }
}

/// A plain value, or a list as it is.
fn cell(raw: &str) -> Cell {
    let is_number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let text = match raw.as_bytes().first() {
        Some(b'"') => json::text(raw).unwrap_or_default(),
        Some(b'[') => {
            let mut out = Vec::new();
            json::write_compact(&mut out, raw);
            String::from_utf8_lossy(&out).into_owned()
        }
        _ if matches!(raw, "null" | "{}") => String::new(),
        _ => raw.to_owned(),
    };
    Cell { text, is_number }
}

#[cfg(test)]
mod tests;
