//! A small market that answers calls as the API does, and tells in each price when it was read.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use clock::{Clock, ManualClock};
use cmc_api::{
    ApiError, Call, Charge, CoinId, UpstreamError, UpstreamErrorKind, fiat,
    scripted::{self, Scripted},
};

mod others;

/// Ranked coins: ids 1 to this.
pub(super) const N_RANKED: u32 = 600;
/// Two coins of one symbol, the lower ranked with the lower id, and a third that is inactive.
pub(super) const DUPLICATES: [u32; 3] = [702, 701, 703];
/// A coin with the symbol of a fiat.
pub(super) const EURO_COIN: u32 = 704;

#[derive(Clone, Debug)]
pub(super) struct Market(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: ManualClock,
    poison: Mutex<HashSet<u32>>,
    gone: Mutex<HashSet<u32>>,
}

impl Market {
    pub(super) fn new(clock: &ManualClock) -> Self {
        let (poison, gone) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { clock: clock.clone(), poison, gone }))
    }

    /// A call with this coin is refused from now on.
    pub(super) fn poison(&self, coin: u32) {
        self.0.poison.lock().unwrap_or_else(PoisonError::into_inner).insert(coin);
    }

    /// The map has this coin, quotes and metadata have not.
    pub(super) fn withdraw(&self, coin: u32) {
        self.0.gone.lock().unwrap_or_else(PoisonError::into_inner).insert(coin);
    }

    /// What the API says to `call`.
    pub(super) fn answer(&self, call: &Call) -> Scripted {
        if ids(call, "id").iter().any(|id| self.0.poison.lock().unwrap().contains(id)) {
            return Err(refusal());
        }
        let converts = ids(call, "convert_id");
        let (data, credits) = match call.path() {
            "/v3/cryptocurrency/quotes/latest" => {
                let asked = ids(call, "id");
                let coins: Vec<_> = asked.iter().filter(|id| self.has(**id)).copied().collect();
                (self.coins(&coins, &converts, objects), price(asked.len(), &converts))
            }
            "/v3/cryptocurrency/listings/latest" => {
                let start = number(call, "start");
                let limit = number(call, "limit");
                let page: Vec<u32> = (start..start + limit).filter(|id| *id <= N_RANKED).collect();
                (self.coins(&page, &converts, strings), price(page.len(), &converts))
            }
            "/v2/cryptocurrency/info" => {
                let asked = ids(call, "id");
                (self.infos(&asked), price(asked.len(), &[]))
            }
            "/v1/cryptocurrency/map" => (self.map(), 0),
            _ => match self.others(call) {
                Ok(answer) => answer,
                Err(refused) => return *refused,
            },
        };
        Ok(scripted::reply(&data, credits))
    }

    fn has(&self, id: u32) -> bool {
        let known = id <= N_RANKED || DUPLICATES.contains(&id) || id == EURO_COIN;
        known && !self.0.gone.lock().unwrap().contains(&id)
            || fiat::by_id(CoinId::new(id)).is_some()
    }

    fn coins(&self, ids: &[u32], converts: &[u32], tags: fn(u32) -> String) -> String {
        let coins: Vec<_> = ids.iter().map(|id| self.coin(*id, converts, &tags(*id))).collect();
        format!("[{}]", coins.join(","))
    }

    fn coin(&self, id: u32, converts: &[u32], tags: &str) -> String {
        let quotes: Vec<_> = converts.iter().map(|currency| self.quote(id, *currency)).collect();
        format!(
            "{{\"tags\":{tags},\"id\":{id},\"name\":\"Coin {id}\",\"symbol\":\"{}\",\
             \"slug\":\"coin-{id}\",\"is_active\":1,\"is_fiat\":0,\"cmc_rank\":{id},\
             \"platform\":null,\"max_supply\":1.0,\"brand_new\":{{\"odd\":[1E-10]}},\
             \"quote\":[{}]}}",
            symbol(id),
            quotes.join(",")
        )
    }

    /// The price is the instant of reading in milliseconds, then the currency.
    fn quote(&self, id: u32, currency: u32) -> String {
        let at = self.0.clock.now().as_millis();
        let cap = if id == DUPLICATES[0] { 9_000_000 } else { 1_000_000 - id };
        format!(
            "{{\"id\":{currency},\"symbol\":\"{}\",\"price\":{at}.{currency},\
             \"volume_24h\":12345678901234567,\"volume_7d\":1E-10,\"percent_change_24h\":-0.10,\
             \"market_cap\":{cap}.0,\"market_cap_by_total_supply\":77.70,\
             \"minted_market_cap\":1.50,\"last_updated\":\"2026-10-05T09:13:59.000Z\"}}",
            fiat::by_id(CoinId::new(currency)).map_or("", |fiat| fiat.code)
        )
    }

    fn infos(&self, ids: &[u32]) -> String {
        let known = ids.iter().filter(|id| self.has(**id));
        let rows: Vec<_> = known
            .map(|id| {
                format!(
                    "\"{id}\":{{\"id\":{id},\"name\":\"Coin {id}\",\"symbol\":\"{}\",\
                     \"slug\":\"coin-{id}\",\"logo\":\"l{id}.png\",\"description\":\"d\",\
                     \"status\":\"active\",\"read_at\":{}}}",
                    symbol(*id),
                    self.0.clock.now().as_millis()
                )
            })
            .collect();
        format!("{{{}}}", rows.join(","))
    }

    fn map(&self) -> String {
        let ranked = (1..=N_RANKED).map(|id| row(id, &id.to_string(), "active"));
        let more = [(701, "650", "active"), (702, "640", "active"), (703, "null", "inactive")];
        let more = more.into_iter().map(|(id, rank, status)| row(id, rank, status));
        let rows: Vec<_> = ranked.chain(more).chain([row(EURO_COIN, "660", "active")]).collect();
        format!("[{}]", rows.join(","))
    }
}

fn row(id: u32, rank: &str, status: &str) -> String {
    let active = u8::from(status == "active");
    format!(
        "{{\"id\":{id},\"rank\":{rank},\"name\":\"Coin {id}\",\"symbol\":\"{}\",\
         \"slug\":\"coin-{id}\",\"is_active\":{active},\"status\":\"{status}\",\
         \"first_historical_data\":\"2013-04-28T18:47:21.000Z\",\"platform\":null}}",
        symbol(id)
    )
}

fn symbol(id: u32) -> String {
    match id {
        1 => "BTC".to_owned(),
        EURO_COIN => "EUR".to_owned(),
        id if DUPLICATES.contains(&id) => "Dup".to_owned(),
        id => format!("C{id}"),
    }
}

/// Every third coin has tags.
fn objects(id: u32) -> String {
    match id % 3 {
        1 => "[{\"slug\":\"pow\",\"name\":\"PoW\",\"category\":\"ALGORITHM\"}]".to_owned(),
        _ => "[]".to_owned(),
    }
}

fn strings(id: u32) -> String {
    if id % 3 == 1 { "[\"pow\"]".to_owned() } else { "[]".to_owned() }
}

fn price(n_items: usize, converts: &[u32]) -> u64 {
    (n_items.div_ceil(250).max(1) + converts.len().saturating_sub(1)) as u64
}

/// The refusal of a call with a bad id.
pub(super) fn refusal() -> UpstreamError {
    let message = "\"id\" is bad".to_owned();
    UpstreamError::new(UpstreamErrorKind::Refused, Charge::Nothing).with_answer(ApiError {
        http_status: 400,
        code: 400,
        message,
    })
}

/// The numbers of a list parameter.
pub(super) fn ids(call: &Call, name: &str) -> Vec<u32> {
    let list = parameter(call, name).unwrap_or_default();
    list.split(',').filter_map(|id| id.parse().ok()).collect()
}

fn number(call: &Call, name: &str) -> u32 {
    parameter(call, name).and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn parameter(call: &Call, name: &str) -> Option<String> {
    let mut pairs = call.query().split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}
