//! Which coins symbols mean. Several coins may carry one symbol: then the asker must say which.

use std::cmp::Reverse;

use cmcache::cmc_api::{Catalogue, Family, fiat};
use serde::Deserialize;
use serde_json::Value;
use strsim::levenshtein;

use super::{source::Source, target::Target};
use crate::{args::Asked, failure::Failure, progress::Progress};

/// How many coins are named when a symbol is ambiguous or unknown.
const NAMED_MAX: usize = 8;
/// How many letters may be wrong in what somebody meant.
const WRONG_MAX: usize = 2;

/// A coin of the map.
#[derive(Clone, Debug, Deserialize)]
struct Coin {
    id: u64,
    rank: Option<u64>,
    name: String,
    symbol: String,
    slug: String,
}

/// `target` with ids for symbols, where a friendly name was typed.
pub(crate) async fn resolved(
    source: &Source,
    mut target: Target,
    (catalogue, progress): (&Catalogue, Progress),
) -> Result<Target, Failure> {
    let takes_coins = target.friendly.is_some_and(|friendly| friendly.takes_coins());
    let is_clear = target.get("id").is_some() || target.get("slug").is_some();
    let Some(symbols) = target.get("symbol").filter(|_| takes_coins && !is_clear) else {
        return Ok(target);
    };
    let map = Asked { what: "map".to_owned(), ..Asked::default() };
    let map = progress.wait("reading the map", source.ask(&Target::of(&map, catalogue)?)).await?;
    let coins: Vec<Coin> = serde_json::from_slice(&map.data)
        .map_err(|_| Failure::unavailable("the map of all coins cannot be read"))?;
    let takes_fiats = target.operation.as_ref().is_some_and(|operation| {
        matches!(operation.family, Family::Quotes(_) | Family::Conversion(_))
    });
    let ids = symbols.split(',').map(str::trim).filter(|symbol| !symbol.is_empty());
    let ids = ids.map(|symbol| match fiat::by_code(&symbol.to_uppercase()) {
        Some(fiat) if takes_fiats => Ok(fiat.id.to_string()),
        _ => one(&coins, symbol, target.first).map(|id| id.to_string()),
    });
    let ids = ids.collect::<Result<Vec<_>, _>>()?.join(",");
    target.pairs.retain(|(name, _)| name != "symbol");
    target.set("id", ids);
    Ok(target)
}

/// The one coin that `symbol` means.
fn one(coins: &[Coin], symbol: &str, first: bool) -> Result<u64, Failure> {
    let mut sharing: Vec<&Coin> =
        coins.iter().filter(|coin| coin.symbol.eq_ignore_ascii_case(symbol)).collect();
    sharing.sort_by_key(|coin| (coin.rank.is_none(), coin.rank, coin.id));
    match sharing[..] {
        [] => Err(unknown(coins, symbol)),
        [only] => Ok(only.id),
        [best, ..] if first => Ok(best.id),
        [best, ..] => {
            let n = sharing.len();
            let message = format!(
                "{n} coins have the symbol {}; say which with --id {}, or take the first with \
                 --first{}",
                best.symbol,
                best.id,
                lines(&sharing)
            );
            Err(Failure::ambiguous(message, sharing.iter().map(|coin| told(coin)).collect()))
        }
    }
}

/// Nobody has the symbol; somebody may have one like it, or be called so.
fn unknown(coins: &[Coin], symbol: &str) -> Failure {
    let upper = symbol.to_uppercase();
    let lower = symbol.to_lowercase();
    let allowed = WRONG_MAX.min(upper.chars().count() / 2);
    let likeness = |coin: &Coin| {
        let is_named = coin.slug == lower || coin.name.to_lowercase() == lower;
        let far = if is_named { 0 } else { levenshtein(&upper, &coin.symbol.to_uppercase()) };
        (far <= allowed).then_some((far, coin.rank.is_none(), coin.rank, Reverse(coin.id)))
    };
    let mut near: Vec<_> = coins.iter().filter_map(|coin| Some((likeness(coin)?, coin))).collect();
    near.sort_by_key(|(likeness, _)| *likeness);
    let near: Vec<&Coin> = near.into_iter().map(|(_, coin)| coin).take(NAMED_MAX).collect();
    let hint = if near.is_empty() { "" } else { "; near it:" };
    let message = format!("no coin has the symbol {upper}{hint}{}", lines(&near));
    Failure::unknown(message, near.iter().map(|coin| told(coin)).collect())
}

fn lines(coins: &[&Coin]) -> String {
    let mut out = String::new();
    for coin in coins.iter().take(NAMED_MAX) {
        let rank = coin.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
        let Coin { id, name, symbol, slug, .. } = coin;
        out.push_str(&format!("\n  --id {id:<6} rank {rank:<5} {symbol}  {name} ({slug})"));
    }
    match coins.len().saturating_sub(NAMED_MAX) {
        0 => out,
        more => format!("{out}\n  and {more} more: cmcache get map {}", coins[0].symbol),
    }
}

fn told(coin: &Coin) -> Value {
    let Coin { id, name, symbol, slug, rank } = coin;
    serde_json::json!({ "id": id, "name": name, "symbol": symbol, "rank": rank, "slug": slug })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coin(id: u64, rank: Option<u64>, symbol: &str, slug: &str) -> Coin {
        let (symbol, slug) = (symbol.to_owned(), slug.to_owned());
        Coin { id, rank, name: slug.to_uppercase(), symbol, slug }
    }

    #[test]
    fn a_symbol_of_several_coins_is_refused_with_all_of_them_unless_the_first_will_do() {
        // Somebody's money follows the answer.
        let coins =
            [coin(9, None, "CAT", "c"), coin(7, Some(5), "CAT", "a"), coin(1, None, "X", "x")];
        let refused = format!("{:?}", one(&coins, "cat", false).unwrap_err());
        assert!(refused.contains("2 coins have the symbol CAT"), "{refused}");
        assert!(refused.find("--id 7") < refused.find("--id 9"), "{refused}");
        assert_eq!(one(&coins, "cat", true).unwrap(), 7);
        assert_eq!(one(&coins, "X", false).unwrap(), 1);
    }

    #[test]
    fn an_unknown_symbol_is_told_with_what_is_near() {
        // Slips of the finger, and names instead of symbols.
        let coins = [coin(1, Some(1), "BTC", "bitcoin"), coin(2, Some(2), "ETH", "ethereum")];
        let near = |symbol| format!("{:?}", one(&coins, symbol, true).unwrap_err());
        assert!(near("BTX").contains("--id 1 "));
        assert!(near("ethereum").contains("--id 2 "));
        assert!(!near("ZZZZZ").contains("--id"));
    }
}
