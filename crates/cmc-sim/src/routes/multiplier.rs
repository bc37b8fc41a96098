//! `multiplier`: how many shares one token stands for.

use crate::json::Json;
use crate::market::coin::Coin;
use crate::market::noise::Dice;
use crate::market::{Subject, noise};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::listings::{self, DEFAULT_LIMIT};
use crate::time::{self, DAY};

/// v1: of the coins asked for those that live on a chain of others.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let given = |name: &str| ask.params.get(name);
    let named = if let Some(ids) = given("crypto_id") {
        resolve::by_id(ask, "crypto_id", ids, false)
    } else if let Some(slugs) = given("crypto_slug") {
        resolve::by_slug(ask, "crypto_slug", slugs)
    } else if let Some(symbols) = given("symbol") {
        resolve::by_symbol(ask, symbols, false)
    } else {
        resolve::by_address(ask, "token_address", given("token_address").unwrap_or_default())
    };
    let skips = ask.skips(&named, false);
    let subjects = named.or_refuse(skips)?.into_iter().flat_map(|found| found.subjects);
    let rows: Vec<&Coin> = subjects
        .filter_map(|subject| match subject {
            Subject::Coin(at) => Some(&ask.market.coins[at]),
            Subject::Fiat(_) => None,
        })
        .filter(|coin| coin.platform.is_some())
        .collect();
    let n_rows = rows.len();
    let start = ask.params.count("start").unwrap_or(1) - 1;
    let page = listings::page(ask, rows, DEFAULT_LIMIT);
    Ok(Prepared::new(page.len(), move |json| {
        json.open_object();
        json.count("total_size", n_rows as u64);
        json.key("has_more");
        json.boolean(start + page.len() < n_rows);
        json.key("items");
        json.open_array();
        page.iter().for_each(|coin| item(json, coin));
        json.close_array();
        json.close_object();
    }))
}

fn item(json: &mut Json, coin: &Coin) {
    let dice = Dice(noise::mix2(coin.tempo.lane, 0x8056));
    let multiplier = if dice.below(1, 4) == 0 { 1.0 + 0.25 * dice.unit(2) } else { 1.0 };
    json.open_object();
    json.count("crypto_id", u64::from(coin.id));
    json.text("crypto_slug", &coin.slug);
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
    json.maybe("multiplier", Some(noise::decimals(multiplier, 6)));
    json.text("effective_at", &time::iso(coin.added_ms + DAY));
    if let Some(platform) = &coin.platform {
        json.text("token_address", &platform.token_address);
        json.count("platform_id", u64::from(platform.id));
    }
    json.close_object();
}
