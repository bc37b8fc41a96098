//! `multiplier`: how many shares one token stands for.

use crate::json::Json;
use crate::market::Subject;
use crate::market::dex::Token;
use crate::market::dex::networks::NETWORKS;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::listings::{self, DEFAULT_LIMIT};
use crate::time;

/// v1: of the coins asked for those that stand for shares.
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
    let found = named.or_refuse(skips)?;
    let subjects: Vec<Subject> = found.into_iter().flat_map(|found| found.subjects).collect();
    let tokens = ask.market.dex.tokens.iter();
    let is_wanted =
        |token: &&Token| token.split().is_some() && subjects.contains(&Subject::Coin(token.coin));
    let rows: Vec<&Token> = tokens.filter(is_wanted).collect();
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
        page.iter().for_each(|token| item(json, ask, token));
        json.close_array();
        json.close_object();
    }))
}

fn item(json: &mut Json, ask: &Ask<'_>, token: &Token) {
    let coin = &ask.market.coins[token.coin];
    json.open_object();
    json.count("crypto_id", u64::from(coin.id));
    json.text("crypto_slug", &coin.slug);
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
    if let Some((factor, since)) = token.split() {
        json.maybe("multiplier", Some(factor));
        json.text("effective_at", &time::iso(since));
    }
    json.text("token_address", &token.address);
    json.count("platform_id", u64::from(NETWORKS[token.network].id));
    json.close_object();
}
