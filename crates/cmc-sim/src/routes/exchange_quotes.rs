//! `exchange/listings/latest`, `exchange/quotes/latest` and `exchange/assets`.

use crate::json::Json;
use crate::market::coin::Coin;
use crate::market::exchanges::Exchange;
use crate::market::noise::{self, Dice};
use crate::market::quote::{self, Currency};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::exchanges;
use crate::routes::listings::{self, DEFAULT_LIMIT};

const LISTINGS_AUX: &str =
    "num_market_pairs,traffic_score,rank,exchange_score,effective_liquidity_24h";
const QUOTES_AUX: &str = "num_market_pairs,traffic_score,rank,exchange_score,liquidity_score,\
    effective_liquidity_24h";
/// Steps back to which changes of volume are told, and how.
const CHANGES: [(&str, i64); 3] = [("24h", 1_440), ("7d", 10_080), ("30d", 43_200)];
/// What the filtered volume is of the whole.
const ADJUSTED: f64 = 0.93;

/// v1: the active ones in an order.
pub(crate) fn listings<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let mut rows = ranked(ask);
    rows.retain(|exchange| is_wanted(ask, exchange));
    match ask.params.get("sort").unwrap_or("volume_24h") {
        "name" => rows.sort_by_key(|exchange| exchange.name.to_lowercase()),
        // Nobody has a score any more: by id.
        "exchange_score" => rows.sort_by_key(|exchange| exchange.id),
        _ => {}
    }
    let is_by_name = ask.params.get("sort") == Some("name");
    if listings::is_rising(ask, is_by_name) != is_by_name {
        rows.reverse();
    }
    let page = listings::page(ask, rows, DEFAULT_LIMIT);
    let (n_items, n_converts) = (page.len(), currencies.len());
    let writer = Writer::new(ask, LISTINGS_AUX, currencies);
    let write = move |json: &mut Json| {
        json.open_array();
        page.iter().for_each(|exchange| writer.object(json, exchange));
        json.close_array();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v1: keyed by what was passed.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let found = exchanges::named(ask)?;
    let (n_items, n_converts) = (found.len(), currencies.len());
    let writer = Writer::new(ask, QUOTES_AUX, currencies);
    let write = move |json: &mut Json| {
        json.open_object();
        for (word, exchange) in found {
            json.key(word);
            writer.object(json, exchange);
        }
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// The active exchanges, the largest volume first.
fn ranked<'a>(ask: &Ask<'a>) -> Vec<&'a Exchange> {
    let all = ask.market.exchanges.iter().filter(|exchange| exchange.is_active);
    let mut rows: Vec<&Exchange> = all.collect();
    let volume = |exchange: &Exchange| exchange.volume_at(ask.moment.step);
    rows.sort_by(|a, b| volume(b).total_cmp(&volume(a)));
    rows
}

fn is_wanted(ask: &Ask<'_>, exchange: &Exchange) -> bool {
    let kind = exchange.draw(3) % 12;
    let has_fees = exchange.fees.0 > 0.0;
    let is_of_type = match ask.params.get("market_type") {
        Some("fees") => has_fees,
        Some("no_fees") => !has_fees,
        _ => true,
    };
    is_of_type
        && match ask.params.get("category") {
            Some("spot") => kind > 1,
            Some("derivatives") => kind > 7,
            Some("dex") => kind == 0,
            Some("lending") => kind == 1,
            _ => true,
        }
}

struct Writer<'a> {
    ask: &'a Ask<'a>,
    aux: Vec<&'a str>,
    currencies: Vec<Currency>,
    /// Ids, the largest volume first.
    ranks: Vec<u32>,
}

impl<'a> Writer<'a> {
    fn new(ask: &'a Ask<'a>, aux: &'a str, currencies: Vec<Currency>) -> Self {
        let ranks = ranked(ask).iter().map(|exchange| exchange.id).collect();
        Self { ask, aux: ask.params.aux(aux), currencies, ranks }
    }

    fn has(&self, word: &str) -> bool {
        self.aux.contains(&word)
    }

    fn object(&self, json: &mut Json, exchange: &Exchange) {
        json.open_object();
        json.count("id", u64::from(exchange.id));
        json.text("name", &exchange.name);
        json.text("slug", &exchange.slug);
        if self.has("num_market_pairs") {
            let market = self.ask.market;
            let at = market.exchanges.iter().position(|it| it.id == exchange.id).unwrap_or(0);
            json.count("num_market_pairs", market.pair_counts()[at]);
        }
        if self.has("fiats") {
            json.texts("fiats", exchange.fiats.iter().copied());
        }
        if self.has("traffic_score") {
            let score = noise::decimals(1_000.0 * noise::unit(exchange.draw(5)), 4);
            json.maybe("traffic_score", exchange.weekly_visits.map(|_| score));
        }
        if self.has("rank") {
            let rank = (1..).zip(&self.ranks).find(|(_, id)| **id == exchange.id).map(|it| it.0);
            json.maybe_count("rank", rank);
        }
        if self.has("exchange_score") {
            json.maybe("exchange_score", None);
        }
        if self.has("liquidity_score") {
            let score = 1_000.0 * noise::unit(exchange.draw(6));
            json.maybe("liquidity_score", Some(noise::decimals(score, 4)));
        }
        if self.has("date_launched") {
            json.maybe_text("date_launched", exchange.launched.as_deref());
        }
        json.text("last_updated", &self.ask.moment.updated);
        json.key("quote");
        json.open_object();
        for currency in &self.currencies {
            json.key(&currency.key);
            self.quote(json, exchange, currency);
        }
        json.close_object();
        json.close_object();
    }

    fn quote(&self, json: &mut Json, exchange: &Exchange, currency: &Currency) {
        let step = self.ask.moment.step;
        let volume = exchange.volume_at(step);
        let money = |dollars: f64| Some(noise::significant(currency.of_usd(dollars), 12));
        json.open_object();
        json.maybe("volume_24h", money(volume));
        json.maybe("volume_24h_adjusted", money(volume * ADJUSTED));
        json.maybe("volume_7d", money(volume * 6.9));
        json.maybe("volume_30d", money(volume * 28.7));
        for (span, back) in CHANGES {
            let change = quote::change(volume, exchange.volume_at(step - back));
            json.maybe(&format!("percent_change_volume_{span}"), change);
        }
        if self.has("effective_liquidity_24h") {
            let part = 0.02 * noise::unit(exchange.draw(7));
            json.maybe("effective_liquidity_24h", money(volume * part));
        }
        json.maybe("spot_volume", money(volume));
        json.maybe("spot_volume_usd", Some(volume));
        json.text("last_updated", &self.ask.moment.updated);
        json.close_object();
    }
}

/// v1: the wallets of one exchange.
pub(crate) fn assets<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let exchange = exchanges::one(ask)?;
    Ok(Prepared::new(1, move |json| {
        let n_wallets = if exchange.is_active { 4 + exchange.draw(8) % 40 } else { 0 };
        json.open_array();
        (0..n_wallets).for_each(|number| wallet(json, ask, exchange, number));
        json.close_array();
    }))
}

fn wallet(json: &mut Json, ask: &Ask<'_>, exchange: &Exchange, number: u64) {
    let dice = Dice(noise::mix2(exchange.draw(9), number));
    let leaders = &ask.market.totals.leaders;
    // The largest coins are held most.
    let place = dice.below(1, 1 + dice.below(2, leaders.len() as u64));
    let at = leaders[usize::try_from(place).unwrap_or(0)];
    let coin = &ask.market.coins[at];
    // In dollars of an average day, far enough from the 100,000 below which nothing is told.
    let worth = 5.0e5 * 10f64.powf(3.0 * dice.unit(3));
    json.open_object();
    json.text(
        "wallet_address",
        &format!("0x{:016x}{:016x}{:08x}", dice.0, noise::mix(dice.0), number),
    );
    json.maybe("balance", Some(noise::significant(worth / coin.tempo.price, 12)));
    json.key("platform");
    json.open_object();
    chain(json, coin);
    json.close_object();
    json.key("currency");
    json.open_object();
    json.count("crypto_id", u64::from(coin.id));
    json.maybe("price_usd", Some(ask.moment.live[at].price));
    json.text("symbol", &coin.symbol);
    json.text("name", &coin.name);
    json.close_object();
    json.close_object();
}

/// The chain on which a coin lives: its own, if no other.
fn chain(json: &mut Json, coin: &Coin) {
    let own = (coin.id, coin.symbol.as_str(), coin.name.as_str());
    let (id, symbol, name) =
        coin.platform.as_ref().map_or(own, |chain| (chain.id, chain.symbol, chain.name));
    json.count("crypto_id", u64::from(id));
    json.text("symbol", symbol);
    json.text("name", name);
}
