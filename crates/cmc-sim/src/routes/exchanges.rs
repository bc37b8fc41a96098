//! `exchange/map` and `exchange/info`.

use crate::json::Json;
use crate::market::exchanges::Exchange;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;

const MAP_AUX: &str = "first_historical_data,last_historical_data,is_active";
const INFO_AUX: &str = "urls,logo,description,date_launched,notice";

/// v1.
pub(crate) fn map<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let rows = match ask.params.get("slug") {
        Some(slugs) => by_slug(ask, slugs)?,
        None => paged(ask),
    };
    let aux: Vec<&str> = ask.params.get("aux").unwrap_or(MAP_AUX).split(',').collect();
    Ok(Prepared::new(rows.len(), move |json| {
        json.open_array();
        rows.iter().for_each(|exchange| row(json, ask, exchange, &aux));
        json.close_array();
    }))
}

/// v1: keyed by what was passed.
pub(crate) fn info<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let found = named(ask)?;
    let aux: Vec<&str> = ask.params.get("aux").unwrap_or(INFO_AUX).split(',').collect();
    Ok(Prepared::new(found.len(), move |json| {
        json.open_object();
        for (word, exchange) in found {
            json.key(word);
            portrait(json, ask, exchange, &aux);
        }
        json.close_object();
    }))
}

/// The exchanges of a request in its order, each under what it was called.
pub(crate) fn named<'a>(ask: &'a Ask<'a>) -> Result<Vec<(&'a str, &'a Exchange)>, Refusal> {
    let (parameter, list) = match ask.params.get("id") {
        Some(ids) => ("id", ids),
        None => ("slug", ask.params.get("slug").unwrap_or_default()),
    };
    let (mut found, mut unknown): (Vec<(&str, &Exchange)>, Vec<&str>) = (Vec::new(), Vec::new());
    for word in list.split(',') {
        match find(ask, parameter, word) {
            Some(exchange) if !found.iter().any(|it| it.1.id == exchange.id) => {
                found.push((word, exchange));
            }
            None if !unknown.contains(&word) => unknown.push(word),
            Some(_) | None => {}
        }
    }
    if !unknown.is_empty() {
        return Err(Refusal::unresolved(parameter, &unknown));
    }
    Ok(found)
}

/// The one exchange of an operation that takes no list.
pub(crate) fn one<'a>(ask: &'a Ask<'a>) -> Result<&'a Exchange, Refusal> {
    let parameter = if ask.params.get("id").is_some() { "id" } else { "slug" };
    match named(ask)?.as_slice() {
        [(_, exchange)] => Ok(*exchange),
        [] => Err(Refusal::unresolved::<&str>(parameter, &[])),
        [_, others @ ..] => {
            let words: Vec<&str> = others.iter().map(|it| it.0).collect();
            Err(Refusal::unresolved(parameter, &words))
        }
    }
}

fn find<'a>(ask: &Ask<'a>, parameter: &str, word: &str) -> Option<&'a Exchange> {
    let exchanges = &ask.market.exchanges;
    if parameter == "slug" {
        return exchanges.iter().find(|exchange| exchange.slug == word);
    }
    let id: u32 = word.parse().ok()?;
    let at = exchanges.binary_search_by_key(&id, |exchange| exchange.id).ok()?;
    Some(&exchanges[at])
}

fn by_slug<'a>(ask: &Ask<'a>, slugs: &str) -> Result<Vec<&'a Exchange>, Refusal> {
    let asked: Vec<&str> = slugs.split(',').collect();
    let is_asked = |exchange: &&Exchange| asked.contains(&exchange.slug.as_str());
    let rows: Vec<&Exchange> = ask.market.exchanges.iter().filter(is_asked).collect();
    if rows.is_empty() { Err(Refusal::unresolved("slug", &asked)) } else { Ok(rows) }
}

fn paged<'a>(ask: &Ask<'a>) -> Vec<&'a Exchange> {
    let wanted: Vec<&str> =
        ask.params.get("listing_status").unwrap_or("active").split(',').collect();
    let coins: Option<Vec<u32>> = ask
        .params
        .get("crypto_id")
        .map(|ids| ids.split(',').map(|id| id.parse().unwrap_or(0)).collect());
    let is_wanted = |exchange: &&Exchange| {
        wanted.contains(&exchange.word())
            && coins.as_ref().is_none_or(|coins| coins.iter().any(|coin| exchange.lists(*coin)))
    };
    let mut rows: Vec<&Exchange> = ask.market.exchanges.iter().filter(is_wanted).collect();
    if ask.params.get("sort") == Some("volume_24h") {
        let volume = |exchange: &Exchange| exchange.volume_at(ask.moment.step);
        rows.sort_by(|a, b| volume(b).total_cmp(&volume(a)));
    }
    let start = ask.params.count("start").unwrap_or(1) - 1;
    let limit = ask.params.count("limit").unwrap_or(usize::MAX);
    rows.into_iter().skip(start).take(limit).collect()
}

fn row(json: &mut Json, ask: &Ask<'_>, exchange: &Exchange, aux: &[&str]) {
    json.open_object();
    json.count("id", u64::from(exchange.id));
    json.text("name", &exchange.name);
    json.text("slug", &exchange.slug);
    if aux.contains(&"is_active") {
        json.flag("is_active", exchange.is_active);
    }
    if aux.contains(&"status") {
        json.text("status", exchange.word());
    }
    json.flag("is_listed", exchange.is_active);
    json.flag("is_redistributable", true);
    if aux.contains(&"first_historical_data") {
        json.maybe_text("first_historical_data", exchange.first_data.as_deref());
    }
    if aux.contains(&"last_historical_data") {
        let live = exchange.is_active.then_some(ask.moment.last_data.as_str());
        json.maybe_text("last_historical_data", live.or(exchange.last_data.as_deref()));
    }
    json.close_object();
}

fn portrait(json: &mut Json, ask: &Ask<'_>, exchange: &Exchange, aux: &[&str]) {
    let has = |word: &str| aux.contains(&word);
    json.open_object();
    json.count("id", u64::from(exchange.id));
    json.text("name", &exchange.name);
    json.text("slug", &exchange.slug);
    if has("description") {
        json.maybe_text("description", None);
    }
    if has("notice") {
        json.text("notice", "");
    }
    if has("logo") {
        let logo = "https://s2.coinmarketcap.com/static/img/exchanges/64x64";
        json.text("logo", &format!("{logo}/{}.png", exchange.id));
    }
    json.texts("countries", []);
    json.texts("fiats", exchange.fiats.iter().copied());
    if has("urls") {
        urls(json, exchange);
    }
    json.maybe_text("tags", None);
    json.text("type", "");
    if has("date_launched") {
        json.maybe_text("date_launched", exchange.launched.as_deref());
    }
    json.flag("is_hidden", !exchange.is_active);
    if has("status") {
        json.text("status", exchange.word());
    }
    json.flag("is_redistributable", true);
    json.maybe("maker_fee", Some(exchange.fees.0));
    json.maybe("taker_fee", Some(exchange.fees.1));
    let volume = exchange.is_active.then(|| exchange.volume_at(ask.moment.step));
    json.maybe("spot_volume_usd", volume);
    json.maybe_text("spot_volume_last_updated", volume.map(|_| ask.moment.updated.as_str()));
    json.maybe_count("weekly_visits", exchange.weekly_visits);
    json.close_object();
}

fn urls(json: &mut Json, exchange: &Exchange) {
    let website = format!("https://www.{}.example/", exchange.slug);
    json.key("urls");
    json.open_object();
    for name in ["twitter", "blog", "website", "chat", "actual", "fee"] {
        json.texts(name, (name == "website").then_some(website.as_str()));
    }
    json.close_object();
}
