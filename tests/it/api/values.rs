//! One sensible value for one parameter.

use cmc_api::{Operation, Param, ParamKind};

use super::valid::{Parameters, Writer};

const CURRENCIES: [&str; 6] = ["USD", "EUR", "BTC", "GBP", "ETH", "JPY"];
const CURRENCY_IDS: [&str; 5] = ["2781", "2790", "1", "1027", "2791"];
/// The only chains with statistics.
const CHAINS: [(&str, &str, &str); 3] =
    [("1", "bitcoin", "BTC"), ("2", "litecoin", "LTC"), ("1027", "ethereum", "ETH")];
const PAGE_MAX: usize = 20;

/// A value, or `None` where there is none to be had.
pub(super) fn value(writer: &mut Writer<'_>, operation: &Operation, name: &str) -> Option<String> {
    let param = operation.param(name)?;
    by_name(writer, &operation.path, name).unwrap_or_else(|| by_kind(writer, param))
}

/// Outer `None`: the name says nothing, its kind does.
fn by_name(writer: &mut Writer<'_>, path: &str, name: &str) -> Option<Option<String>> {
    let n_most = if takes_one(path) { 1 } else { 3 * writer.scale };
    Some(match name {
        "convert" => Some(some(writer, &CURRENCIES, writer.n_converts_max)),
        "convert_id" => Some(some(writer, &CURRENCY_IDS, writer.n_converts_max)),
        "crypto_id" if path.ends_with("/exchange/map") => subject(writer, path, name, 1),
        "id" | "ids" | "crypto_id" | "matched_id" | "slug" | "crypto_slug" | "symbol"
        | "crypto_symbol" | "matched_symbol" => subject(writer, path, name, n_most),
        "exchange_id" => named(writer, "exchange id", n_most),
        "exchange_slug" => named(writer, "exchange slug", n_most),
        "rwa_id" => named(writer, "rwa id", n_most),
        "rwa_slug" => named(writer, "rwa slug", n_most),
        "issuer_id" => named(writer, "issuer", 1),
        "post_id" => named(writer, "post", 1),
        "last_score" => named(writer, "score", 1),
        "start" => Some(writer.rng.u8(1..4).to_string()),
        "amount" => Some(["1", "2.5", "0.00001", "1000000"][writer.rng.usize(..4)].to_owned()),
        "precision" => Some(writer.rng.u8(..7).to_string()),
        "date" => Some(writer.subjects.before(24 * writer.rng.i64(1..20))[..10].to_owned()),
        "time" => Some(writer.subjects.before(writer.rng.i64(1..400))),
        // Whether an answer with another number of sources is news, nobody has said.
        "address" | "token_address" | "question_key" | "sources_limit" => None,
        _ => return None,
    })
}

/// Whether an operation is about one thing only.
fn takes_one(path: &str) -> bool {
    ["market-pairs", "/content/", "price-conversion", "/category", "/airdrop"]
        .iter()
        .any(|part| path.contains(part))
        || path.ends_with("/exchange/assets")
}

fn subject(writer: &mut Writer<'_>, path: &str, name: &str, n_most: usize) -> Option<String> {
    let kind = if name.ends_with("slug") {
        1
    } else if name.ends_with("symbol") {
        2
    } else {
        0
    };
    if path.contains("/blockchain/") {
        let chain = CHAINS[writer.rng.usize(..CHAINS.len())];
        return Some([chain.0, chain.1, chain.2][kind].to_owned());
    }
    match name {
        _ if path.contains("/fcas/") => {
            let sort = ["fcas id", "fcas slug", "fcas symbol"][kind];
            return named(writer, sort, n_most);
        }
        "id" if path.ends_with("/category") => return named(writer, "category", 1),
        "id" if path.ends_with("/airdrop") => return named(writer, "airdrop", 1),
        "id" if path.contains("/exchange/") => return named(writer, "exchange id", n_most),
        "slug" if path.contains("/exchange/") => return named(writer, "exchange slug", n_most),
        "symbol" if path.contains("/real-world-assets/") => {
            return named(writer, "rwa symbol", n_most);
        }
        _ => {}
    }
    // One id list of v1 is limited to fifty.
    let n_most = if name == "ids" { n_most.min(50) } else { n_most };
    let n_coins = writer.rng.usize(1..=n_most);
    let coins: Vec<_> = (0..n_coins).map(|_| writer.rng.choice(&writer.subjects.coins)).collect();
    let names = coins.into_iter().flatten().map(|coin| match kind {
        0 => coin.id.to_string(),
        1 => coin.slug.clone(),
        _ => coin.symbol.clone(),
    });
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| names.join(","))
}

fn named(writer: &mut Writer<'_>, sort: &str, n_most: usize) -> Option<String> {
    let names = writer.subjects.names(sort);
    (!names.is_empty()).then(|| some(writer, names, n_most))
}

/// From one to `n_most` of these, in any order.
fn some(writer: &mut Writer<'_>, among: &[impl AsRef<str>], n_most: usize) -> String {
    let mut words: Vec<&str> = among.iter().map(AsRef::as_ref).collect();
    writer.rng.shuffle(&mut words);
    words.truncate(writer.rng.usize(1..=n_most.min(words.len())));
    words.join(",")
}

fn by_kind(writer: &mut Writer<'_>, param: &Param) -> Option<String> {
    Some(match &param.kind {
        ParamKind::OneOf(words) => some(writer, words, 1),
        ParamKind::SetOf(words) | ParamKind::Aux(words) => some(writer, words, words.len()),
        ParamKind::Boolean => writer.rng.bool().to_string(),
        ParamKind::Integer(range) | ParamKind::Number(range) => {
            let name = &*param.name;
            if name.ends_with("_min") {
                return Some("0.5".to_owned());
            } else if name.ends_with("_max") {
                return Some("1000000000".to_owned());
            }
            let page = PAGE_MAX * writer.scale;
            let most =
                range.max.as_ref().map_or(page, |max| max.text.parse().unwrap_or(page).min(page));
            writer.rng.usize(1..=most).to_string()
        }
        // Its words are not published; the default is one of them.
        _ => return param.default.as_deref().map(str::to_owned),
    })
}

/// What a history covers: the last few points, or a stretch of time.
pub(super) fn window(writer: &Writer<'_>, path: &str, turn: usize) -> Parameters {
    let subjects = writer.subjects;
    let is_index = path.contains("/index/");
    let start = ("time_start", subjects.before(24 * 6));
    let end = ("time_end", subjects.before(24 * 2));
    // An index takes ten at most.
    let n_points = if is_index { 4 } else { 4 * writer.scale };
    let count = ("count", n_points.to_string());
    let daily = ("interval", "daily".to_owned());
    let chosen = match turn {
        0 => vec![count],
        1 => vec![start, end, daily],
        _ if is_index => vec![count, ("interval", "5m".to_owned())],
        _ if path.contains("/ohlcv/") => {
            vec![count, ("interval", "hourly".to_owned()), ("time_period", "hourly".to_owned())]
        }
        _ => vec![count, end, ("interval", "1h".to_owned())],
    };
    chosen.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
