//! What the data does not say of parameters: patterns, ranges, words, and types that v3 leaves out.

use std::sync::Arc;

use super::{
    shape::is_dex,
    wire::{Kind, Parameter},
    words,
};
use crate::param::{Bound, ParamKind, Range, Subject};

const ZERO: Bound = Bound { value: 0.0, text: "0" };
const ONE: Bound = Bound { value: 1.0, text: "1" };
const MONEY_MAX: Bound = Bound { value: 1e17, text: "100000000000000000" };
const CHANGE_MIN: Bound = Bound { value: -100.0, text: "-100" };
const AMOUNT_MIN: Bound = Bound { value: 1e-8, text: "1e-8" };
const AMOUNT_MAX: Bound = Bound { value: 1e12, text: "1000000000000" };

const fn bound(value: u32, text: &'static str) -> Bound {
    Bound { value: value as f64, text }
}

/// Whether only upstream judges the parameters: their rules are not published.
pub(super) fn is_lenient(path: &str) -> bool {
    is_dex(path)
}

/// What a parameter may hold.
pub(super) fn kind(path: &str, raw: &Parameter) -> ParamKind {
    if is_lenient(path) {
        return ParamKind::Text;
    }
    if path.starts_with("/v5/") {
        return by_name_v5(raw);
    }
    let name = raw.name.as_str();
    if let Some(words) = words::one_of(path, name) {
        return ParamKind::OneOf(words);
    }
    if let Some(words) = words::set_of(path, name) {
        return ParamKind::SetOf(words);
    }
    by_name(path, name).unwrap_or_else(|| by_type(raw.kind))
}

fn by_name(path: &str, name: &str) -> Option<ParamKind> {
    let subject = if path.contains("/exchange/") { Subject::Exchange } else { Subject::Coin };
    Some(match name {
        "id" if is_opaque(path) => ParamKind::Text,
        "id" => ParamKind::Ids(subject),
        "ids" => ParamKind::FewIds,
        "slug" => ParamKind::Slugs(subject),
        "crypto_slug" => ParamKind::Slugs(Subject::Coin),
        "convert_id" | "matched_id" | "crypto_id" => ParamKind::Ids(Subject::Coin),
        "symbol" | "convert" | "matched_symbol" => ParamKind::Symbols,
        "start" => ParamKind::Integer(Range::from(ONE)),
        "limit" => ParamKind::Integer(Range::within(ONE, limit_max(path))),
        "count" if path.starts_with("/v3/index/") => {
            ParamKind::Integer(Range::within(ONE, bound(10, "10")))
        }
        "count" => ParamKind::Integer(Range::within(ONE, bound(10_000, "10000"))),
        "precision" => ParamKind::Integer(Range::from(ZERO)),
        "amount" => ParamKind::Number(Range::within(AMOUNT_MIN, AMOUNT_MAX)),
        "percent_change_24h_min" | "percent_change_24h_max" => {
            ParamKind::Number(Range::from(CHANGE_MIN))
        }
        name if name.ends_with("_min") || name.ends_with("_max") => {
            ParamKind::Number(Range::within(ZERO, MONEY_MAX))
        }
        "aux" => words::aux(path).map_or(ParamKind::Text, ParamKind::Aux),
        "skip_invalid" => ParamKind::Boolean,
        _ => return None,
    })
}

/// The v5 stack names subjects in its own way, and its words are in dispute: upstream judges them.
fn by_name_v5(raw: &Parameter) -> ParamKind {
    match raw.name.as_str() {
        "convert" => ParamKind::Symbols,
        "convert_id" => ParamKind::Ids(Subject::Coin),
        "start" => ParamKind::Integer(Range::from(ONE)),
        "limit" => ParamKind::Integer(Range::within(ONE, bound(5_000, "5000"))),
        "crypto_id" | "exchange_id" => ParamKind::Text,
        _ => by_type(raw.kind),
    }
}

const fn by_type(kind: Kind) -> ParamKind {
    match kind {
        Kind::Integer => ParamKind::Integer(Range::ANY),
        Kind::Number => ParamKind::Number(Range::ANY),
        Kind::Boolean => ParamKind::Boolean,
        Kind::String | Kind::Enum => ParamKind::Text,
    }
}

/// Whether `id` names neither a coin nor an exchange but one category or airdrop, in hexadecimal.
fn is_opaque(path: &str) -> bool {
    path.ends_with("/category") || path.ends_with("/airdrop")
}

fn limit_max(path: &str) -> Bound {
    if path.contains("/community/") {
        bound(5, "5")
    } else if path.contains("/content/") {
        bound(200, "200")
    } else if path.contains("/fear-and-greed/") {
        bound(500, "500")
    } else if path.ends_with("/category") || path.contains("/cryptocurrency/trending/") {
        bound(1_000, "1000")
    } else {
        bound(5_000, "5000")
    }
}

/// What a parameter holds when absent.
pub(super) fn default<'a>(path: &str, raw: &'a Parameter) -> Option<&'a str> {
    let of_v3_quotes = path == "/v3/cryptocurrency/quotes/latest";
    match raw.name.as_str() {
        // In US dollars; and of both ways to name currencies one default is enough.
        "convert" => Some("USD"),
        "convert_id" => None,
        "aux" if of_v3_quotes => Some(words::QUOTES_AUX_DEFAULT),
        "skip_invalid" if of_v3_quotes => Some("true"),
        // The natural direction follows from `sort`.
        "sort_dir" if path == "/v3/cryptocurrency/listings/latest" => None,
        _ => raw.default.as_deref(),
    }
}

/// Names of which at most one may be given. Where upstream has a default for both `convert` and
/// `convert_id`, clients send both.
pub(super) fn exclusive(path: &str, params: &[Parameter]) -> Vec<Arc<str>> {
    let names = ["convert", "convert_id"];
    let takes = |name: &str| params.iter().any(|param| param.name == name);
    let both = params.iter().any(|param| param.name == "convert_id" && param.default.is_some());
    if is_lenient(path) || both || !names.into_iter().all(takes) {
        return Vec::new();
    }
    names.map(Arc::from).to_vec()
}
