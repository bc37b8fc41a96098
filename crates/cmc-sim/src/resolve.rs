//! From what was written in a query to coins and currencies.

use crate::market::Subject;
use crate::market::quote::Currency;
use crate::operations::Ask;
use crate::quirks::SymbolKeys;
use crate::refusal::Refusal;

/// The currency of answers that name none.
const DEFAULT_CURRENCY: &str = "USD";
const DEFAULT_CURRENCY_ID: &str = "2781";

/// What one identifier of the request stands for.
#[derive(Debug)]
pub(crate) struct Found {
    /// The key of the result: the id, or the upper-cased symbol.
    pub(crate) key: String,
    /// Never empty; best first.
    pub(crate) subjects: Vec<Subject>,
}

/// Everything a request names, in its order, each once.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) parameter: &'static str,
    pub(crate) found: Vec<Found>,
    pub(crate) unknown: Vec<String>,
}

impl Named {
    /// What was found; the unknown are an error unless they may be skipped.
    pub(crate) fn or_refuse(self, skip_invalid: bool) -> Result<Vec<Found>, Refusal> {
        if skip_invalid || self.unknown.is_empty() {
            return Ok(self.found);
        }
        Err(Refusal::unresolved(self.parameter, &self.unknown))
    }

    /// How many identifiers were asked for, each once.
    pub(crate) const fn n_asked(&self) -> usize {
        self.found.len() + self.unknown.len()
    }

    fn note(&mut self, written: &str, key: String, subjects: Vec<Subject>) {
        if subjects.is_empty() {
            if !self.unknown.iter().any(|unknown| unknown == written) {
                self.unknown.push(written.to_owned());
            }
        } else if !self.found.iter().any(|found| found.key == key) {
            self.found.push(Found { key, subjects });
        }
    }
}

/// Whom a request names: by id, else by slug, else by symbol, else by address.
pub(crate) fn identify(ask: &Ask<'_>, allows_fiats: bool) -> Named {
    let given = |name: &str| ask.params.get(name);
    if let Some(ids) = given("id") {
        by_id(ask, "id", ids, allows_fiats)
    } else if let Some(slugs) = given("slug") {
        by_slug(ask, "slug", slugs)
    } else if let Some(symbols) = given("symbol") {
        by_symbol(ask, symbols, allows_fiats)
    } else {
        by_address(ask, "address", given("address").unwrap_or_default())
    }
}

/// Ids of coins, and of currencies where allowed.
pub(crate) fn by_id(
    ask: &Ask<'_>,
    parameter: &'static str,
    ids: &str,
    allows_fiats: bool,
) -> Named {
    let mut named = Named { parameter, found: Vec::new(), unknown: Vec::new() };
    for id in ids.split(',') {
        let subject = ask.market.subject_by_id(id);
        let subject = subject.filter(|it| allows_fiats || matches!(it, Subject::Coin(_)));
        let key = subject.map(|it| ask.market.name_of(it).0.to_string()).unwrap_or_default();
        named.note(id, key, subject.into_iter().collect());
    }
    named
}

pub(crate) fn by_slug(ask: &Ask<'_>, parameter: &'static str, slugs: &str) -> Named {
    let mut named = Named { parameter, found: Vec::new(), unknown: Vec::new() };
    for slug in slugs.split(',') {
        let subject = ask.market.coin_by_slug(slug).map(Subject::Coin);
        let key = subject.map(|it| ask.market.name_of(it).0.to_string()).unwrap_or_default();
        named.note(slug, key, subject.into_iter().collect());
    }
    named
}

pub(crate) fn by_symbol(ask: &Ask<'_>, symbols: &str, allows_fiats: bool) -> Named {
    let mut named = Named { parameter: "symbol", found: Vec::new(), unknown: Vec::new() };
    for symbol in words(symbols) {
        let upper = symbol.to_uppercase();
        let mut subjects = ask.market.subjects_by_symbol(ask.moment, &upper);
        subjects.retain(|it| allows_fiats || matches!(it, Subject::Coin(_)));
        if ask.quirks.symbol_rank_flips && ask.n_call % 2 == 1 {
            flip(&mut subjects);
        }
        let key = match ask.quirks.symbol_keys {
            SymbolKeys::Upper => upper.clone(),
            SymbolKeys::AsSent => symbol.to_owned(),
        };
        named.note(&upper, key, subjects);
    }
    named
}

/// The two largest coins change places; a currency before them stays.
fn flip(subjects: &mut [Subject]) {
    let coins = subjects.iter().position(|it| matches!(it, Subject::Coin(_))).unwrap_or(0);
    if let [first, second, ..] = &mut subjects[coins..] {
        std::mem::swap(first, second);
    }
}

pub(crate) fn by_address(ask: &Ask<'_>, parameter: &'static str, address: &str) -> Named {
    let mut named = Named { parameter, found: Vec::new(), unknown: Vec::new() };
    let subject = ask.market.coin_by_address(address).map(Subject::Coin);
    let key = subject.map(|it| ask.market.name_of(it).0.to_string()).unwrap_or_default();
    named.note(address, key, subject.into_iter().collect());
    named
}

/// Coins only, each symbol's in the order of the map: by rank, the unranked last by id.
pub(crate) fn identify_coins(ask: &Ask<'_>) -> Named {
    let mut named = identify(ask, false);
    let by_rank = |subject: &Subject| match subject {
        Subject::Coin(at) => (ask.moment.live[*at].rank.wrapping_sub(1), ask.market.coins[*at].id),
        Subject::Fiat(_) => (0, 0),
    };
    named.found.iter_mut().for_each(|found| found.subjects.sort_by_key(by_rank));
    named
}

/// The one coin of an operation that takes no list: the second and later ones are unresolved.
pub(crate) fn one_coin(ask: &Ask<'_>) -> Result<usize, Refusal> {
    let named = identify(ask, false);
    let mut asked: Vec<String> = Vec::new();
    for word in words(ask.params.get(named.parameter).unwrap_or_default()) {
        let is_symbol = named.parameter == "symbol";
        let word = if is_symbol { word.to_uppercase() } else { word.to_owned() };
        if !asked.contains(&word) {
            asked.push(word);
        }
    }
    let parameter = named.parameter;
    match named.or_refuse(false)?.first().map(|found| found.subjects[0]) {
        Some(Subject::Coin(at)) if asked.len() < 2 => Ok(at),
        _ => Err(Refusal::unresolved(parameter, asked.get(1..).unwrap_or(&asked))),
    }
}

/// The elements of a list; empty ones do not count.
pub(crate) fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|word| !word.is_empty())
}

/// The currencies to convert into, within what the plan allows.
pub(crate) fn currencies(ask: &Ask<'_>) -> Result<Vec<Currency>, Refusal> {
    currencies_within(ask, usize::MAX)
}

/// The same where an operation allows no more than `most`.
pub(crate) fn currencies_within(ask: &Ask<'_>, most: usize) -> Result<Vec<Currency>, Refusal> {
    let (parameter, list) = wanted_currencies(ask);
    let mut keys: Vec<String> = Vec::new();
    for word in words(list) {
        let key = if parameter == "convert" { word.to_uppercase() } else { word.to_owned() };
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let most = most.min(ask.payer.plan.converts()).min(ask.quirks.paid_converts);
    if keys.len() > most {
        return Err(Refusal::invalid(format!("Your plan is limited to {most} convert options")));
    }
    let (known, unknown): (Vec<_>, Vec<_>) =
        keys.iter().map(|key| (key, currency(ask, parameter, key))).partition(|it| it.1.is_some());
    if !unknown.is_empty() {
        let unknown: Vec<&String> = unknown.into_iter().map(|it| it.0).collect();
        return Err(Refusal::unresolved(parameter, &unknown));
    }
    Ok(known.into_iter().filter_map(|it| it.1).collect())
}

/// The parameter that counts. Where both may be sent, `convert_id` does unless it is the default.
fn wanted_currencies<'a>(ask: &'a Ask<'_>) -> (&'static str, &'a str) {
    match (ask.params.get("convert"), ask.params.get("convert_id")) {
        (None, None) => ("convert", DEFAULT_CURRENCY),
        (None, Some(ids)) => ("convert_id", ids),
        (Some(_), Some(ids)) if ids != DEFAULT_CURRENCY_ID => ("convert_id", ids),
        (Some(symbols), _) => ("convert", symbols),
    }
}

fn currency(ask: &Ask<'_>, parameter: &str, key: &str) -> Option<Currency> {
    let subject = if parameter == "convert" {
        let fiat = ask.market.fiat_by_symbol(key).map(Subject::Fiat);
        fiat.or_else(|| ask.market.subjects_by_symbol(ask.moment, key).first().copied())
    } else {
        ask.market.subject_by_id(key)
    };
    Currency::of(ask.market, ask.moment, key, subject?)
}
