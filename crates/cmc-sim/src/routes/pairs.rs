//! `market-pairs/latest` of a coin and of an exchange.

use crate::json::Json;
use crate::market::exchanges::Exchange;
use crate::market::pairs::{self, Pair};
use crate::market::quote::Currency;
use crate::market::{Subject, noise};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve::{self, words};
use crate::routes::exchanges;
use crate::routes::listings::{self, DEFAULT_LIMIT};

const AUX: &str = "num_market_pairs,category,fee_type";

/// v1 and v2: where one coin is traded.
pub(crate) fn of_coin<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let base = resolve::one_coin(ask)?;
    let venues = 0..ask.market.exchanges.len();
    let mut pairs: Vec<Pair> =
        venues.flat_map(|venue| pairs::of(ask.market, venue, base)).collect();
    pairs.retain(|pair| is_wanted(ask, pair, &[pair.quote]));
    sort(ask, &mut pairs);
    let n_pairs = pairs.len() as u64;
    let page = listings::page(ask, pairs, DEFAULT_LIMIT);
    let (n_items, n_converts) = (page.len(), currencies.len());
    let writer = Writer { ask, aux: ask.params.aux(AUX), currencies, of_exchange: None };
    let write = move |json: &mut Json| {
        let coin = &ask.market.coins[base];
        json.open_object();
        json.count("id", u64::from(coin.id));
        json.text("name", &coin.name);
        json.text("symbol", &coin.symbol);
        writer.list(json, &page, n_pairs);
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// v1: what one exchange trades.
pub(crate) fn of_exchange<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let exchange = exchanges::one(ask)?;
    let at = ask.market.exchanges.iter().position(|it| it.id == exchange.id).unwrap_or(0);
    let bases = 0..ask.market.coins.len();
    let mut pairs: Vec<Pair> = bases.flat_map(|base| pairs::of(ask.market, at, base)).collect();
    pairs.retain(|pair| is_wanted(ask, pair, &[Subject::Coin(pair.base), pair.quote]));
    sort(ask, &mut pairs);
    let n_pairs = pairs.len() as u64;
    let page = listings::page(ask, pairs, DEFAULT_LIMIT);
    let (n_items, n_converts) = (page.len(), currencies.len());
    let of_exchange = Some(exchange.volume_at(ask.moment.step));
    let writer = Writer { ask, aux: ask.params.aux(AUX), currencies, of_exchange };
    let write = move |json: &mut Json| {
        json.open_object();
        json.count("id", u64::from(exchange.id));
        json.text("name", &exchange.name);
        json.text("slug", &exchange.slug);
        json.maybe("volume_24h", of_exchange);
        writer.list(json, &page, n_pairs);
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// Whether the filters let a pair pass, one of whose `sides` must match.
fn is_wanted(ask: &Ask<'_>, pair: &Pair, sides: &[Subject]) -> bool {
    let is_any = |list: &str, is_it: &dyn Fn(&str, Subject) -> bool| {
        words(list).any(|word| sides.iter().any(|side| is_it(word, *side)))
    };
    let by_id = |word: &str, side| ask.market.subject_by_id(word) == Some(side);
    let by_symbol = |word: &str, side| ask.market.name_of(side).1.eq_ignore_ascii_case(word);
    let fee_type = ask.params.get("fee_type").unwrap_or("all");
    pair.is_of(ask.params.get("category").unwrap_or("all"))
        && (fee_type == "all" || pair.fee_type == fee_type)
        && ask.params.get("matched_id").is_none_or(|list| is_any(list, &by_id))
        && ask.params.get("matched_symbol").is_none_or(|list| is_any(list, &by_symbol))
}

fn volume(ask: &Ask<'_>, pair: &Pair) -> f64 {
    pair.volume(ask.moment.live[pair.base].volume)
}

fn sort(ask: &Ask<'_>, pairs: &mut [Pair]) {
    let key = |pair: &Pair| match ask.params.get("sort") {
        Some("cmc_rank" | "cmc_rank_advanced") => ask.market.exchanges[pair.exchange].volume,
        Some("effective_liquidity") => pair.score(1),
        Some("market_score") => pair.score(2),
        Some("market_reputation") => pair.score(3),
        _ => volume(ask, pair),
    };
    let is_rising = listings::is_rising(ask, false);
    pairs.sort_by(|a, b| {
        let order = key(a).total_cmp(&key(b));
        let order = if is_rising { order } else { order.reverse() };
        order.then(a.id.cmp(&b.id))
    });
}

struct Writer<'a> {
    ask: &'a Ask<'a>,
    aux: Vec<&'a str>,
    currencies: Vec<Currency>,
    /// The volume of the exchange, where all pairs are of one.
    of_exchange: Option<f64>,
}

impl Writer<'_> {
    fn has(&self, word: &str) -> bool {
        self.aux.contains(&word)
    }

    fn list(&self, json: &mut Json, page: &[Pair], n_pairs: u64) {
        if self.has("num_market_pairs") {
            json.count("num_market_pairs", n_pairs);
        }
        json.key("market_pairs");
        json.open_array();
        page.iter().for_each(|pair| self.pair(json, pair));
        json.close_array();
    }

    fn pair(&self, json: &mut Json, pair: &Pair) {
        let exchange = &self.ask.market.exchanges[pair.exchange];
        let (base, quote) = (Subject::Coin(pair.base), pair.quote);
        let names = [base, quote].map(|side| self.ask.market.name_of(side).1);
        json.open_object();
        if self.of_exchange.is_none() {
            self.exchange(json, exchange);
        }
        json.count("market_id", pair.id);
        json.text("market_pair", &names.join("/"));
        if self.has("category") {
            json.text("category", pair.printed_category());
        }
        if self.has("fee_type") {
            json.text("fee_type", pair.fee_type);
        }
        if self.has("market_url") {
            let url = format!("https://www.{}.example/trade/{}", exchange.slug, names.join("_"));
            json.text("market_url", &url);
        }
        json.flag("outlier_detected", false);
        json.maybe_text("exclusions", None);
        self.side(json, "market_pair_base", base);
        self.side(json, "market_pair_quote", quote);
        json.key("quote");
        json.open_object();
        self.quotes(json, pair);
        json.close_object();
        json.close_object();
    }

    fn exchange(&self, json: &mut Json, exchange: &Exchange) {
        json.key("exchange");
        json.open_object();
        json.count("id", u64::from(exchange.id));
        json.text("name", &exchange.name);
        json.text("slug", &exchange.slug);
        if self.has("notice") {
            json.maybe_text("notice", None);
        }
        json.close_object();
    }

    fn side(&self, json: &mut Json, name: &str, side: Subject) {
        let market = self.ask.market;
        let (id, symbol) = market.name_of(side);
        let (kind, full_name, slug) = match side {
            Subject::Coin(at) => {
                let coin = &market.coins[at];
                ("cryptocurrency", coin.name.as_str(), coin.slug.clone())
            }
            Subject::Fiat(at) => ("fiat", market.fiats[at].name, market.fiats[at].slug()),
        };
        json.key(name);
        json.open_object();
        json.count("currency_id", u64::from(id));
        json.text("currency_symbol", symbol);
        json.text("exchange_symbol", symbol);
        json.text("currency_type", kind);
        if self.has("currency_name") {
            json.text("currency_name", full_name);
        }
        if self.has("currency_slug") {
            json.text("currency_slug", &slug);
        }
        json.close_object();
    }

    fn quotes(&self, json: &mut Json, pair: &Pair) {
        let (market, moment) = (self.ask.market, self.ask.moment);
        let dollars = moment.live[pair.base].price * pair.tilt();
        let quote_dollars = match pair.quote {
            Subject::Coin(at) => moment.live[at].price,
            Subject::Fiat(at) => market.fiats[at].rate(market.seed, moment.step),
        };
        let volume = volume(self.ask, pair);
        json.key("exchange_reported");
        json.open_object();
        json.maybe("price", Some(noise::significant(dollars / quote_dollars, 10)));
        json.maybe("volume_24h_base", Some(noise::significant(volume / dollars, 12)));
        json.maybe("volume_24h_quote", Some(noise::significant(volume / quote_dollars, 12)));
        if let Some(whole) = self.of_exchange {
            let share = if whole > 0.0 { 100.0 * volume / whole } else { 0.0 };
            json.maybe("volume_percentage", Some(noise::decimals(share, 6)));
        }
        for (purpose, word) in
            (1..).zip(["effective_liquidity", "market_score", "market_reputation"])
        {
            if self.has(word) {
                json.maybe(word, Some(pair.score(purpose)));
            }
        }
        json.text("last_updated", &moment.updated);
        json.close_object();
        for currency in &self.currencies {
            json.key(&currency.key);
            json.open_object();
            json.maybe("price", Some(noise::significant(currency.of_usd(dollars), 10)));
            if self.has("price_quote") {
                let price = noise::significant(currency.of_usd(quote_dollars), 10);
                json.maybe("price_quote", Some(price));
            }
            let volume = noise::significant(currency.of_usd(volume), 12);
            json.maybe("volume_24h", Some(volume));
            json.text("last_updated", &moment.updated);
            json.close_object();
        }
    }
}
