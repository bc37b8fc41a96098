//! `global-metrics/quotes/latest`: sums over the whole market.

use std::sync::Arc;

use crate::json::Json;
use crate::market::moment::{DAY_AGO, LOOKBACKS, Moment, STEP};
use crate::market::quote::{self, Currency};
use crate::market::{Market, noise};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;

/// Bitcoin and Ether by their positions among the ids.
pub(crate) const BTC: &str = "1";
pub(crate) const ETH: &str = "1027";
/// What is reported, of what is counted.
pub(crate) const REPORTED: f64 = 2.9;
pub(crate) const ALT_REPORTED: f64 = 3.1;

/// v1.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let yesterday = ask.market.at((ask.moment.step - LOOKBACKS[DAY_AGO]) * STEP);
    let n_converts = currencies.len();
    let write = move |json: &mut Json| {
        let sums = Sums::of(ask, yesterday);
        json.open_object();
        counts(json, ask);
        dominance(json, ask, &sums);
        sums.sectors(json, |dollars| dollars);
        json.key("quote");
        json.open_object();
        for currency in &currencies {
            json.key(&currency.key);
            sums.quote(json, currency, &ask.moment.updated);
        }
        json.close_object();
        json.text("last_updated", &ask.moment.updated);
        json.close_object();
    };
    Ok(Prepared::new(1, write).converted(n_converts))
}

fn counts(json: &mut Json, ask: &Ask<'_>) {
    let counts = Counts::of(ask.market);
    json.count("active_cryptocurrencies", ask.market.n_active);
    json.count("total_cryptocurrencies", ask.market.coins.len() as u64);
    json.count("active_market_pairs", counts.market_pairs);
    json.count("active_exchanges", counts.active_exchanges);
    json.count("total_exchanges", ask.market.exchanges.len() as u64);
}

/// What is counted rather than summed.
pub(crate) struct Counts {
    pub(crate) active_exchanges: u64,
    pub(crate) market_pairs: u64,
}

impl Counts {
    pub(crate) fn of(market: &Market) -> Self {
        let active = market.exchanges.iter().filter(|exchange| exchange.is_active);
        Self {
            active_exchanges: active.count() as u64,
            market_pairs: market.coins.iter().map(|coin| coin.n_pairs).sum(),
        }
    }
}

fn dominance(json: &mut Json, ask: &Ask<'_>, sums: &Sums<'_>) {
    for (name, id) in [("eth", ETH), ("btc", BTC)] {
        let share = |moment: &Moment| {
            let cap = ask.market.coin_by_id(id).map_or(0.0, |at| moment.live[at].cap);
            noise::decimals(100.0 * cap / moment.total_cap, 8)
        };
        let (now, then) = (share(ask.moment), share(&sums.yesterday));
        json.maybe(&format!("{name}_dominance"), Some(now));
        json.maybe(&format!("{name}_dominance_yesterday"), Some(then));
        let change = noise::decimals(now - then, 8);
        json.maybe(&format!("{name}_dominance_24h_percentage_change"), Some(change));
    }
}

/// One part of the market, in USD.
struct Sector {
    name: &'static str,
    volume: f64,
    cap: f64,
    change: Option<f64>,
}

struct Sums<'a> {
    moment: &'a Moment,
    yesterday: Arc<Moment>,
    sectors: [Sector; 3],
    bitcoin: (f64, f64),
}

impl<'a> Sums<'a> {
    fn of(ask: &'a Ask<'a>, yesterday: Arc<Moment>) -> Self {
        let moment = ask.moment;
        let bitcoin = ask
            .market
            .coin_by_id(BTC)
            .map_or((0.0, 0.0), |at| (moment.live[at].cap, moment.live[at].volume));
        let tagged = |name, tag| sector(ask, &yesterday, name, tag);
        let derivatives = |moment: &Moment| noise::significant(moment.total_volume * 7.4, 14);
        let sectors = [
            tagged("defi", "defi"),
            tagged("stablecoin", "stablecoin"),
            Sector {
                name: "derivatives",
                volume: derivatives(moment),
                cap: 0.0,
                change: quote::change(derivatives(moment), derivatives(&yesterday)),
            },
        ];
        Self { moment, yesterday, sectors, bitcoin }
    }

    fn sectors(&self, json: &mut Json, money: impl Fn(f64) -> f64) {
        for Sector { name, volume, cap, change } in &self.sectors {
            json.maybe(&format!("{name}_volume_24h"), Some(shown(money(*volume))));
            let reported = shown(money(volume * 1.2));
            json.maybe(&format!("{name}_volume_24h_reported"), Some(reported));
            if *cap > 0.0 {
                json.maybe(&format!("{name}_market_cap"), Some(shown(money(*cap))));
            }
            json.maybe(&format!("{name}_24h_percentage_change"), *change);
        }
    }

    fn quote(&self, json: &mut Json, currency: &Currency, updated: &str) {
        let money = |dollars: f64| shown(currency.of_usd(dollars));
        let past = |dollars: f64| shown(currency.of_usd_yesterday(dollars));
        let (cap, volume) = (self.moment.total_cap, self.moment.total_volume);
        let alt_volume = volume - self.bitcoin.1;
        json.open_object();
        json.maybe("total_market_cap", Some(money(cap)));
        json.maybe("total_volume_24h", Some(money(volume)));
        json.maybe("total_volume_24h_reported", Some(money(volume * REPORTED)));
        json.maybe("altcoin_volume_24h", Some(money(alt_volume)));
        json.maybe("altcoin_volume_24h_reported", Some(money(alt_volume * ALT_REPORTED)));
        json.maybe("altcoin_market_cap", Some(money(cap - self.bitcoin.0)));
        self.sectors(json, |dollars| currency.of_usd(dollars));
        let (old_cap, old_volume) = (self.yesterday.total_cap, self.yesterday.total_volume);
        json.maybe("total_market_cap_yesterday", Some(past(old_cap)));
        json.maybe("total_volume_24h_yesterday", Some(past(old_volume)));
        let cap_change = quote::change(money(cap), past(old_cap));
        json.maybe("total_market_cap_yesterday_percentage_change", cap_change);
        let volume_change = quote::change(money(volume), past(old_volume));
        json.maybe("total_volume_24h_yesterday_percentage_change", volume_change);
        json.text("last_updated", updated);
        json.close_object();
    }
}

fn sector(ask: &Ask<'_>, yesterday: &Moment, name: &'static str, tag: &str) -> Sector {
    let (mut volume, mut old_volume, mut cap) = (0.0, 0.0, 0.0);
    for (at, coin) in ask.market.coins.iter().enumerate() {
        if coin.tags.iter().any(|own| own.slug == tag) {
            volume += ask.moment.live[at].volume;
            old_volume += yesterday.live[at].volume;
            cap += ask.moment.live[at].cap;
        }
    }
    Sector { name, volume, cap, change: quote::change(volume, old_volume) }
}

pub(crate) fn shown(value: f64) -> f64 {
    noise::significant(value, 15)
}
