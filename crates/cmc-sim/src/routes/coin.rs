//! A coin with its quotes, in the shape of each version.

use crate::json::Json;
use crate::market::coin::{Coin, Platform};
use crate::market::fiats::Fiat;
use crate::market::moment::Moment;
use crate::market::quote::{self, Currency, Quote};
use crate::market::{Market, Subject, noise};
use crate::operations::Ask;

/// The date on which the currencies joined.
const FIAT_ADDED: &str = "2013-04-28T00:00:00.000Z";
const DEFAULT_AUX: &[&str] = &[
    "num_market_pairs",
    "cmc_rank",
    "date_added",
    "tags",
    "platform",
    "max_supply",
    "circulating_supply",
    "total_supply",
];

/// What a coin is written as.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// v3: quotes in an array, another order of keys.
    is_v3: bool,
    has_tag_objects: bool,
    /// Of a past day: few numbers.
    is_lean: bool,
    aux: Vec<String>,
}

impl Shape {
    /// `listings/new`: the coin of listings, and whether it is what it seems.
    pub(crate) fn newcomers(ask: &Ask<'_>) -> Self {
        let mut shape = Self::listings(ask);
        shape.add_flags();
        shape
    }

    /// `listings/historical`.
    pub(crate) fn past(ask: &Ask<'_>) -> Self {
        Self { is_lean: true, ..Self::listings(ask) }
    }

    pub(crate) fn quotes(ask: &Ask<'_>) -> Self {
        let mut shape = Self::new(ask, ask.version >= 2);
        if ask.params.get("aux").is_none() {
            shape.add_flags();
        }
        shape
    }

    pub(crate) fn listings(ask: &Ask<'_>) -> Self {
        let mut shape = Self::new(ask, false);
        if shape.is_v3 {
            shape.add_flags();
        }
        shape
    }

    fn new(ask: &Ask<'_>, has_tag_objects: bool) -> Self {
        let aux = match ask.params.get("aux") {
            Some(aux) => aux.split(',').map(str::to_owned).collect(),
            None => DEFAULT_AUX.iter().map(|&word| word.to_owned()).collect(),
        };
        Self { is_v3: ask.version == 3, has_tag_objects, is_lean: false, aux }
    }

    fn add_flags(&mut self) {
        self.aux.extend(["is_active".to_owned(), "is_fiat".to_owned()]);
    }

    fn has(&self, word: &str) -> bool {
        self.aux.iter().any(|aux| aux == word)
    }
}

/// Writes the coins of one answer.
#[derive(Debug)]
pub(crate) struct CoinWriter<'a> {
    market: &'a Market,
    moment: &'a Moment,
    shape: Shape,
    currencies: Vec<Currency>,
}

impl<'a> CoinWriter<'a> {
    pub(crate) const fn new(ask: &'a Ask<'a>, shape: Shape, currencies: Vec<Currency>) -> Self {
        Self { market: ask.market, moment: ask.moment, shape, currencies }
    }

    /// The market as it was.
    pub(crate) const fn over(
        market: &'a Market,
        moment: &'a Moment,
        shape: Shape,
        currencies: Vec<Currency>,
    ) -> Self {
        Self { market, moment, shape, currencies }
    }

    /// Writes these coins in their order.
    pub(crate) fn list(&self, json: &mut Json, page: &[usize]) {
        json.open_array();
        page.iter().for_each(|at| self.write(json, Subject::Coin(*at)));
        json.close_array();
    }

    pub(crate) fn write(&self, json: &mut Json, subject: Subject) {
        let facts = Facts::of(self.market, self.moment, subject);
        json.open_object();
        if self.shape.is_v3 {
            self.write_v3(json, &facts);
        } else {
            self.write_classic(json, &facts, subject);
        }
        json.key("quote");
        self.quotes(json, subject, facts.updated);
        json.close_object();
    }

    fn write_v3(&self, json: &mut Json, facts: &Facts<'_>) {
        self.tags(json, facts);
        facts.identity(json);
        self.flag(json, "is_active", facts.is_active);
        json.key("infinite_supply");
        json.boolean(facts.is_infinite());
        self.flag(json, "is_fiat", facts.coin.is_none());
        self.maybe(json, "circulating_supply", Some(facts.circulating()));
        self.maybe(json, "total_supply", Some(facts.total()));
        self.maybe(json, "max_supply", facts.coin.and_then(|coin| coin.max));
        self.date_added(json, facts);
        self.pairs_and_rank(json, facts);
        json.text("last_updated", facts.updated);
        json.maybe("tvl_ratio", facts.tvl_ratio);
        self.platform(json, facts);
        self.in_calculation(json, facts);
        facts.self_reported(json);
        json.maybe("minted_market_cap", facts.minted);
    }

    fn write_classic(&self, json: &mut Json, facts: &Facts<'_>, subject: Subject) {
        facts.identity(json);
        self.pairs(json, facts);
        self.date_added(json, facts);
        self.tags(json, facts);
        self.maybe(json, "max_supply", facts.coin.and_then(|coin| coin.max));
        self.maybe(json, "circulating_supply", Some(facts.circulating()));
        self.maybe(json, "total_supply", Some(facts.total()));
        self.flag(json, "is_active", facts.is_active);
        json.key("infinite_supply");
        json.boolean(facts.is_infinite());
        json.maybe("minted_market_cap", facts.minted);
        self.in_calculation(json, facts);
        if self.shape.has("market_cap_by_total_supply") {
            let first = &self.currencies[0];
            let quote = Quote::of(self.market, self.moment, subject, first);
            json.maybe("market_cap_by_total_supply", quote.by_total_supply);
        }
        self.platform(json, facts);
        self.rank(json, facts);
        self.flag(json, "is_fiat", facts.coin.is_none());
        facts.self_reported(json);
        json.maybe("tvl_ratio", facts.tvl_ratio);
        json.text("last_updated", facts.updated);
    }

    fn quotes(&self, json: &mut Json, subject: Subject, updated: &str) {
        if self.shape.is_v3 {
            json.open_array()
        } else {
            json.open_object()
        }
        for currency in &self.currencies {
            let quote = Quote::of(self.market, self.moment, subject, currency);
            if !self.shape.is_v3 {
                json.key(&currency.key);
            }
            if self.shape.is_lean {
                lean_quote(json, &quote, updated);
            } else {
                self.quote(json, &quote, currency, updated);
            }
        }
        if self.shape.is_v3 { json.close_array() } else { json.close_object() }
    }

    fn quote(&self, json: &mut Json, quote: &Quote, currency: &Currency, updated: &str) {
        json.open_object();
        if self.shape.is_v3 {
            json.count("id", u64::from(currency.id));
            json.text("symbol", &currency.symbol);
        }
        json.maybe("price", quote.price);
        self.volumes(json, quote);
        let spans = ["1h", "24h", "7d", "30d", "60d", "90d"];
        for (span, change) in spans.iter().zip(quote.changes) {
            json.maybe(&format!("percent_change_{span}"), change);
        }
        json.maybe("market_cap", quote.market_cap);
        json.maybe("market_cap_dominance", quote.dominance);
        json.maybe("fully_diluted_market_cap", quote.fully_diluted);
        if self.shape.is_v3 {
            json.maybe("minted_market_cap", quote.minted);
            self.maybe(json, "market_cap_by_total_supply", quote.by_total_supply);
        }
        json.maybe("tvl", quote.locked);
        json.text("last_updated", updated);
        json.close_object();
    }

    fn volumes(&self, json: &mut Json, quote: &Quote) {
        json.maybe("volume_24h", Some(quote.volume_24h));
        json.maybe("volume_change_24h", quote.volume_change_24h);
        json.maybe("cex_volume_24h", Some(quote.cex_volume_24h));
        json.maybe("dex_volume_24h", Some(quote.dex_volume_24h));
        self.maybe(json, "volume_24h_reported", Some(quote.volume_24h_reported));
        self.maybe(json, "volume_7d", Some(quote.volume_7d));
        self.maybe(json, "volume_7d_reported", Some(quote.volume_7d_reported));
        self.maybe(json, "volume_30d", Some(quote.volume_30d));
        self.maybe(json, "volume_30d_reported", Some(quote.volume_30d_reported));
    }

    fn maybe(&self, json: &mut Json, name: &str, value: Option<f64>) {
        if self.shape.has(name) {
            json.maybe(name, value);
        }
    }

    fn flag(&self, json: &mut Json, name: &str, value: bool) {
        if self.shape.has(name) {
            json.flag(name, value);
        }
    }

    fn pairs_and_rank(&self, json: &mut Json, facts: &Facts<'_>) {
        self.pairs(json, facts);
        self.rank(json, facts);
    }

    fn pairs(&self, json: &mut Json, facts: &Facts<'_>) {
        if self.shape.has("num_market_pairs") {
            json.count("num_market_pairs", facts.coin.map_or(0, |coin| coin.n_pairs));
        }
    }

    fn rank(&self, json: &mut Json, facts: &Facts<'_>) {
        if self.shape.has("cmc_rank") {
            json.maybe_count("cmc_rank", facts.rank);
        }
    }

    fn date_added(&self, json: &mut Json, facts: &Facts<'_>) {
        if self.shape.has("date_added") {
            json.text("date_added", facts.coin.map_or(FIAT_ADDED, |coin| &coin.date_added));
        }
    }

    fn in_calculation(&self, json: &mut Json, facts: &Facts<'_>) {
        self.flag(json, "is_market_cap_included_in_calc", facts.circulating() > 0.0);
    }

    fn platform(&self, json: &mut Json, facts: &Facts<'_>) {
        if self.shape.has("platform") {
            json.key("platform");
            platform(json, facts.coin.and_then(|coin| coin.platform.as_ref()), false);
        }
    }

    fn tags(&self, json: &mut Json, facts: &Facts<'_>) {
        if !self.shape.has("tags") {
            return;
        }
        let tags = facts.coin.map_or(&[][..], |coin| &coin.tags);
        if !self.shape.has_tag_objects {
            return json.texts("tags", tags.iter().map(|tag| tag.slug));
        }
        json.key("tags");
        json.open_array();
        for tag in tags {
            json.open_object();
            json.text("slug", tag.slug);
            json.text("name", tag.name);
            json.text("category", tag.category);
            json.close_object();
        }
        json.close_array();
    }
}

/// The quote of a past day.
fn lean_quote(json: &mut Json, quote: &Quote, updated: &str) {
    json.open_object();
    json.maybe("price", quote.price);
    json.maybe("volume_24h", Some(quote.volume_24h));
    json.maybe("market_cap", quote.market_cap);
    for (span, change) in ["1h", "24h", "7d"].iter().zip(quote.changes) {
        json.maybe(&format!("percent_change_{span}"), change);
    }
    json.text("last_updated", updated);
    json.close_object();
}

/// The chain of a token, or null; `info` writes its id as text.
pub(crate) fn platform(json: &mut Json, platform: Option<&Platform>, has_text_id: bool) {
    let Some(platform) = platform else {
        return json.null();
    };
    json.open_object();
    if has_text_id {
        json.text("id", &platform.id.to_string());
    } else {
        json.count("id", u64::from(platform.id));
    }
    json.text("name", platform.name);
    json.text("symbol", platform.symbol);
    json.text("slug", platform.slug);
    json.text("token_address", &platform.token_address);
    json.close_object();
}

/// The market cap of the supply a project reports itself, in USD.
pub(crate) fn self_reported_cap(coin: &Coin, price: f64) -> Option<f64> {
    coin.self_reported.map(|supply| noise::significant(supply * price, 14))
}

/// What is written about a subject whatever the currency.
struct Facts<'a> {
    coin: Option<&'a Coin>,
    fiat: Option<&'a Fiat>,
    is_active: bool,
    rank: Option<u64>,
    updated: &'a str,
    tvl_ratio: Option<f64>,
    minted: Option<f64>,
    self_reported_cap: Option<f64>,
}

impl<'a> Facts<'a> {
    fn of(market: &'a Market, moment: &'a Moment, subject: Subject) -> Self {
        match subject {
            Subject::Coin(at) => Self::of_coin(market, moment, at),
            Subject::Fiat(at) => Self {
                coin: None,
                fiat: Some(&market.fiats[at]),
                is_active: true,
                rank: None,
                updated: &moment.updated,
                tvl_ratio: None,
                minted: None,
                self_reported_cap: None,
            },
        }
    }

    fn of_coin(market: &'a Market, moment: &'a Moment, at: usize) -> Self {
        let (coin, live) = (&market.coins[at], moment.live[at]);
        let locked = quote::locked_usd(coin, moment.step).filter(|locked| *locked > 0.0);
        let is_active = live.rank > 0;
        Self {
            coin: Some(coin),
            fiat: None,
            is_active,
            rank: is_active.then_some(u64::from(live.rank)),
            updated: last_updated(moment, coin, is_active),
            tvl_ratio: locked.map(|locked| noise::significant(live.cap / locked, 6)),
            minted: is_active.then(|| noise::significant(coin.total * live.price, 14)),
            self_reported_cap: self_reported_cap(coin, live.price),
        }
    }

    fn identity(&self, json: &mut Json) {
        if let Some(coin) = self.coin {
            json.count("id", u64::from(coin.id));
            json.text("name", &coin.name);
            json.text("symbol", &coin.symbol);
            json.text("slug", &coin.slug);
        } else if let Some(fiat) = self.fiat {
            json.count("id", u64::from(fiat.id));
            json.text("name", fiat.name);
            json.text("symbol", fiat.symbol);
            json.text("slug", &fiat.slug());
        }
    }

    fn self_reported(&self, json: &mut Json) {
        let supply = self.coin.and_then(|coin| coin.self_reported);
        json.maybe("self_reported_circulating_supply", supply);
        json.maybe("self_reported_market_cap", self.self_reported_cap);
    }

    fn circulating(&self) -> f64 {
        self.coin.map_or(0.0, |coin| coin.circulating)
    }

    fn total(&self) -> f64 {
        self.coin.map_or(0.0, |coin| coin.total)
    }

    fn is_infinite(&self) -> bool {
        self.coin.is_some_and(|coin| coin.is_infinite)
    }
}

/// The step for what lives, the end of the record for what does not.
pub(crate) fn last_updated<'a>(moment: &'a Moment, coin: &'a Coin, is_active: bool) -> &'a str {
    if is_active {
        return &moment.updated;
    }
    coin.last_data.as_ref().unwrap_or(&coin.date_added)
}
