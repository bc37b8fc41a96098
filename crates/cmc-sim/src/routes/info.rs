//! `cryptocurrency/info`: what a coin is, where it lives, what it links to.

use crate::json::Json;
use crate::market::Subject;
use crate::market::coin::{Coin, Platform, Status};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin;

const DEFAULT_AUX: &str = "urls,logo,description,tags,platform,date_added,notice";
const LINKS: [&str; 10] = [
    "website",
    "twitter",
    "message_board",
    "chat",
    "facebook",
    "explorer",
    "reddit",
    "technical_doc",
    "source_code",
    "announcement",
];

/// v1 and v2.
pub(crate) fn info<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    // Metadata has no market cap, so the order is that of the map.
    let named = resolve::identify_coins(ask);
    let is_listed = named.parameter == "symbol" && ask.version == 2;
    let mut found = named.or_refuse(ask.params.is_true("skip_invalid", false))?;
    if !is_listed {
        found.iter_mut().for_each(|found| found.subjects.truncate(1));
    }
    let n_items = found.iter().map(|found| found.subjects.len()).sum();
    let aux: Vec<&str> = ask.params.get("aux").unwrap_or(DEFAULT_AUX).split(',').collect();
    Ok(Prepared::new(n_items, move |json| {
        json.open_object();
        for found in found {
            json.key(&found.key);
            if is_listed {
                json.open_array();
            }
            for subject in found.subjects {
                if let Subject::Coin(at) = subject {
                    portrait(json, ask, at, &aux);
                }
            }
            if is_listed {
                json.close_array();
            }
        }
        json.close_object();
    }))
}

fn portrait(json: &mut Json, ask: &Ask<'_>, at: usize, aux: &[&str]) {
    let coin = &ask.market.coins[at];
    let has = |word: &str| aux.contains(&word);
    json.open_object();
    json.count("id", u64::from(coin.id));
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
    json.text("category", category(coin));
    if has("description") {
        json.text("description", &description(ask, at));
    }
    json.text("slug", &coin.slug);
    if has("logo") {
        json.text("logo", &logo(coin));
    }
    json.text("subreddit", "");
    if has("notice") {
        json.text("notice", notice(coin));
    }
    tags(json, coin, has("tags"));
    if has("urls") {
        urls(json, coin);
    }
    if has("platform") {
        json.key("platform");
        coin::platform(json, coin.platform.as_ref(), true);
    }
    if has("date_added") {
        json.text("date_added", &coin.date_added);
    }
    json.text("twitter_username", "");
    json.flag("is_hidden", coin.status == Status::Untracked);
    if has("status") {
        json.text("status", coin.status.word());
    }
    json.maybe_text("date_launched", coin.id.is_multiple_of(3).then_some(coin.date_added.as_str()));
    contracts(json, coin.platform.as_ref());
    json.maybe("self_reported_circulating_supply", coin.self_reported);
    json.maybe_text("self_reported_tags", None);
    let cap = coin::self_reported_cap(coin, ask.moment.live[at].price);
    json.maybe("self_reported_market_cap", cap);
    json.key("infinite_supply");
    json.boolean(coin.is_infinite);
    json.close_object();
}

fn category(coin: &Coin) -> &'static str {
    if coin.platform.is_some() { "token" } else { "coin" }
}

fn description(ask: &Ask<'_>, at: usize) -> String {
    let (coin, live) = (&ask.market.coins[at], ask.moment.live[at]);
    let name = &coin.name;
    if live.rank == 0 {
        return format!("{name} ({}) is a cryptocurrency that is no longer followed.", coin.symbol);
    }
    let chain = coin.platform.as_ref().map_or_else(
        || "operates on a chain of its own".to_owned(),
        |platform| format!("operates on the {} platform", platform.name),
    );
    let year = coin.date_added.get(..4).unwrap_or_default();
    format!("{name} ({}) is a cryptocurrency listed in {year}. {name} {chain}.", coin.symbol)
}

fn logo(coin: &Coin) -> String {
    format!("https://s2.coinmarketcap.com/static/img/coins/64x64/{}.png", coin.id)
}

fn notice(coin: &Coin) -> &'static str {
    match coin.status {
        Status::Active => "",
        Status::Inactive => "This project is inactive; its markets have been removed.",
        Status::Untracked => "This project is not tracked.",
    }
}

fn tags(json: &mut Json, coin: &Coin, has_tags: bool) {
    if has_tags {
        json.texts("tags", coin.tags.iter().map(|tag| tag.slug));
    }
    json.texts("tag-names", coin.tags.iter().map(|tag| tag.name));
    json.texts("tag-groups", coin.tags.iter().map(|tag| tag.category));
}

fn urls(json: &mut Json, coin: &Coin) {
    let website = format!("https://{}.example/", coin.slug);
    let explorer = coin.platform.as_ref().map(|platform| {
        format!("https://explorer.example/{}/token/{}", platform.slug, platform.token_address)
    });
    json.key("urls");
    json.open_object();
    for link in &LINKS {
        let url = match *link {
            "website" => Some(website.as_str()),
            "explorer" => explorer.as_deref(),
            _ => None,
        };
        json.texts(link, url);
    }
    json.close_object();
}

fn contracts(json: &mut Json, platform: Option<&Platform>) {
    json.key("contract_address");
    json.open_array();
    if let Some(platform) = platform {
        json.open_object();
        json.text("contract_address", &platform.token_address);
        json.key("platform");
        json.open_object();
        json.text("name", platform.name);
        json.key("coin");
        json.open_object();
        json.text("id", &platform.id.to_string());
        json.text("name", platform.name);
        json.text("symbol", platform.symbol);
        json.text("slug", platform.slug);
        json.close_object();
        json.close_object();
        json.close_object();
    }
    json.close_array();
}
