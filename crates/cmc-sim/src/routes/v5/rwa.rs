//! Real-world assets: the map, the list, their quotes and what is known about them.

use crate::json::Json;
use crate::market::quote::Currency;
use crate::market::rwa::{Asset, AssetToken, CHAINS};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::{v5, write};
use crate::time;

/// v5: id, name, rank.
pub(crate) fn map<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let mut rows = of_kind(ask, (0..ask.market.real.assets.len()).collect());
    if let Some(symbols) = ask.params.get("symbol") {
        let is_asked = |asset: &&Asset| {
            resolve::words(symbols).any(|word| word.eq_ignore_ascii_case(&asset.symbol))
        };
        rows.retain(is_asked);
    }
    match ask.params.get("sort").unwrap_or("rwa_id") {
        "name" => rows.sort_by_key(|asset| asset.name.to_lowercase()),
        "rwa_rank" => rows.sort_by_key(|asset| asset.rank),
        _ => rows.sort_by_key(|asset| asset.id),
    }
    let page = v5::Page::of(ask, rows);
    Ok(Prepared::new(page.rows.len(), move |json| page.write(json, "assets", identity)))
}

/// v5: what the tokens of each are worth together.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let named = named(ask)?;
    let all = named.unwrap_or_else(|| (0..ask.market.real.assets.len()).collect());
    let mut rows = of_kind(ask, all);
    sort(ask, &mut rows);
    let page = v5::Page::of(ask, rows);
    let (n_items, n_converts) = (page.rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        page.write(json, "assets", |json, asset| {
            identity(json, asset);
            json.count("num_tokens", asset.tokens.len() as u64);
            quotes(json, ask, asset, &currencies);
            json.text("last_updated", &ask.moment.updated);
        });
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v5: the same for named ones, token by token.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let rows = assets(ask, named(ask)?.unwrap_or_default());
    let (n_items, n_converts) = (rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        json.open_object();
        write::list(json, "assets", rows, |json, asset| {
            identity(json, asset);
            write::list(json, "tokens", &asset.tokens, |json, token| {
                token_of(json, ask, token);
                token_quotes(json, ask, (asset, token), &currencies);
            });
            write::list(json, "tradfi_markets", [()], |json, ()| tradfi(json, ask, asset));
            quotes(json, ask, asset, &currencies);
            json.text("last_updated", &ask.moment.updated);
        });
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v5: what stands about named ones.
pub(crate) fn info<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let rows = assets(ask, named(ask)?.unwrap_or_default());
    Ok(Prepared::new(rows.len(), move |json| {
        json.open_object();
        write::list(json, "assets", rows, |json, asset| {
            let website = format!("https://www.{}.example/", asset.slug);
            identity(json, asset);
            json.text("description", &format!("{}, {} on a chain.", asset.name, asset.kind));
            json.text(
                "logo",
                &format!("https://s2.coinmarketcap.com/static/img/rwa/{}.png", asset.id),
            );
            json.text("date_added", &time::iso(asset.listed_ms));
            write::object(json, "urls", |json| json.texts("website", [website.as_str()]));
            write::list(json, "tokens", &asset.tokens, |json, token| token_of(json, ask, token));
        });
        json.close_object();
    }))
}

/// Positions of what the call names.
pub(super) fn named(ask: &Ask<'_>) -> Result<Option<Vec<usize>>, Refusal> {
    let all = &ask.market.real.assets;
    v5::named::several(ask, ["rwa_id", "rwa_slug", "symbol"], |kind, word| {
        let found = all.iter().position(|asset| match kind {
            0 => word.parse() == Ok(asset.id),
            1 => asset.slug == word,
            _ => asset.symbol.eq_ignore_ascii_case(word),
        });
        found.into_iter().collect()
    })
}

/// Id, slug, names, kind, rank.
pub(super) fn identity(json: &mut Json, asset: &Asset) {
    json.count("rwa_id", u64::from(asset.id));
    json.text("rwa_slug", &asset.slug);
    json.text("name", &asset.name);
    json.text("symbol", &asset.symbol);
    json.text("asset_type", asset.kind);
    json.count("rwa_rank", asset.rank);
}

/// A token as it stands.
pub(super) fn token_of(json: &mut Json, ask: &Ask<'_>, token: &AssetToken) {
    let issuer = &ask.market.real.issuers[token.issuer];
    let (id, name, symbol, slug) = CHAINS[token.chain];
    json.count("crypto_id", u64::from(token.crypto_id));
    json.text("name", &token.name);
    json.text("symbol", &token.symbol);
    json.text("issuer_id", &issuer.id);
    json.text("issuer_name", &issuer.name);
    write::object(json, "platform", |json| {
        json.count("id", u64::from(id));
        json.text("name", name);
        json.text("symbol", symbol);
        json.text("slug", slug);
        json.text("token_address", &token.address);
    });
}

fn assets<'a>(ask: &Ask<'a>, positions: Vec<usize>) -> Vec<&'a Asset> {
    positions.into_iter().map(|at| &ask.market.real.assets[at]).collect()
}

fn of_kind<'a>(ask: &Ask<'a>, positions: Vec<usize>) -> Vec<&'a Asset> {
    let kind = ask.params.get("asset_type");
    let mut rows = assets(ask, positions);
    rows.retain(|asset| kind.is_none_or(|kind| kind == asset.kind));
    rows
}

fn sort(ask: &Ask<'_>, rows: &mut [&Asset]) {
    let by = ask.params.get("sort").unwrap_or("rwa_rank");
    let is_down = v5::is_descending(ask, false);
    rows.sort_by_key(|asset| asset.rank);
    let worth = |asset: &&Asset| asset.tokenized(ask.moment.step);
    match by {
        "symbol" => {
            rows.sort_by(
                |a, b| {
                    if is_down { b.symbol.cmp(&a.symbol) } else { a.symbol.cmp(&b.symbol) }
                },
            )
        }
        "average_tokenized_price" => {
            v5::sort_by_number(rows, is_down, |it| worth(it).map_or(0.0, |worth| worth.price));
        }
        "tokenized_market_cap" => {
            v5::sort_by_number(rows, is_down, |it| worth(it).map_or(0.0, |worth| worth.cap));
        }
        "tokenized_volume_24h" => {
            v5::sort_by_number(rows, is_down, |it| worth(it).map_or(0.0, |worth| worth.volume));
        }
        _ if is_down => rows.reverse(),
        _ => {}
    }
}

fn quotes(json: &mut Json, ask: &Ask<'_>, asset: &Asset, currencies: &[Currency]) {
    let worth = asset.tokenized(ask.moment.step);
    write::list(json, "quotes", currencies, |json, currency| {
        let money = |dollars: f64| v5::money(currency, dollars);
        let price = worth.map(|worth| v5::price(currency, worth.price));
        v5::in_currency(json, currency);
        json.maybe("average_tokenized_price", price);
        json.maybe("tokenized_market_cap", worth.map(|worth| money(worth.cap)));
        json.maybe("tokenized_volume_24h", worth.map(|worth| money(worth.volume)));
        json.text("last_updated", &ask.moment.updated);
    });
}

fn token_quotes(
    json: &mut Json,
    ask: &Ask<'_>,
    (asset, token): (&Asset, &AssetToken),
    currencies: &[Currency],
) {
    let worth = token.worth(asset, ask.moment.step);
    write::list(json, "quotes", currencies, |json, currency| {
        v5::in_currency(json, currency);
        json.maybe("price", Some(v5::price(currency, worth.price)));
        json.maybe("market_cap", Some(v5::money(currency, worth.cap)));
        json.maybe("volume_24h", Some(v5::money(currency, worth.volume)));
        json.text("last_updated", &ask.moment.updated);
    });
}

fn tradfi(json: &mut Json, ask: &Ask<'_>, asset: &Asset) {
    json.text("market", if asset.id.is_multiple_of(2) { "NYSE" } else { "XETRA" });
    json.text("symbol", &asset.symbol);
    json.text("currency", "USD");
    json.maybe("price", Some(asset.price_at(ask.moment.step)));
    json.text("last_updated", &ask.moment.updated);
}
