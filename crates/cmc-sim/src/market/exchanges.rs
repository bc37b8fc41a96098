//! The exchanges: the well-known ones under their real ids and slugs, the others minted.

use crate::market::noise::{self, Dice};
use crate::time::{self, Millis};

const N_EXCHANGES: usize = 260;

/// One exchange.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) id: u32,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) is_active: bool,
    pub(crate) launched: Option<String>,
    pub(crate) first_data: Option<String>,
    pub(crate) last_data: Option<String>,
    pub(crate) fiats: Vec<&'static str>,
    pub(crate) fees: (f64, f64),
    pub(crate) weekly_visits: Option<u64>,
    /// Volume of an average day in USD.
    pub(crate) volume: f64,
    lane: u64,
}

impl Exchange {
    pub(crate) fn lists(&self, coin_id: u32) -> bool {
        let chance = noise::unit(noise::mix2(self.lane, u64::from(coin_id)));
        self.is_active && (coin_id < 2_000 || chance < 0.06)
    }

    /// Spot volume of the day in USD.
    pub(crate) fn volume_at(&self, step: i64) -> f64 {
        noise::significant(self.volume * noise::quick_walk(self.lane, step).exp(), 12)
    }

    /// A number of its own for each purpose.
    pub(crate) const fn draw(&self, purpose: u64) -> u64 {
        noise::mix2(self.lane ^ 0x5EED, purpose)
    }

    pub(crate) const fn word(&self) -> &'static str {
        if self.is_active { "active" } else { "inactive" }
    }
}

const KNOWN: [(u32, &str, &str, f64); 18] = [
    (24, "Kraken", "kraken", 1.4e9),
    (37, "Bitfinex", "bitfinex", 2.1e8),
    (70, "Bitstamp by Robinhood", "bitstamp", 2.6e8),
    (89, "Coinbase Exchange", "coinbase-exchange", 2.9e9),
    (102, "HTX", "htx", 3.2e9),
    (106, "bitFlyer", "bitflyer", 1.1e8),
    (125, "Upbit", "upbit", 2.2e9),
    (151, "Gemini", "gemini", 9.0e7),
    (200, "Bithumb", "bithumb", 7.1e8),
    (270, "Binance", "binance", 2.1e10),
    (294, "OKX", "okx", 3.4e9),
    (302, "Gate", "gate-io", 3.9e9),
    (311, "KuCoin", "kucoin", 2.3e9),
    (333, "LBank", "lbank", 2.0e9),
    (513, "Bitget", "bitget", 3.1e9),
    (521, "Bybit", "bybit", 3.8e9),
    (544, "MEXC", "mexc", 3.3e9),
    (1149, "Crypto.com Exchange", "crypto-com-exchange", 2.4e9),
];
const FIRST: [&str; 16] = [
    "Bit", "Coin", "Swap", "Dex", "Trade", "Block", "Zen", "Nova", "Hash", "Alpha", "Prime",
    "Delta", "Orbit", "Apex", "Luna", "Vertex",
];
const SECOND: [&str; 16] = [
    "market", "exchange", "hub", "pro", "desk", "bay", "venue", "global", "spot", "pool", "X",
    "trader", "link", "bank", "one", "garden",
];

/// All exchanges, in order of id.
pub(crate) fn all(seed: u64) -> Vec<Exchange> {
    let dice = Dice(noise::mix2(seed, 2));
    let mut exchanges: Vec<Exchange> = KNOWN
        .iter()
        .map(|&(id, name, slug, volume)| exchange(seed, id, (name.into(), slug.into()), volume))
        .collect();
    let mut id = 16;
    for lane in 0.. {
        if exchanges.len() == N_EXCHANGES {
            break;
        }
        id += 3 + u32::try_from(dice.below(lane, 40)).unwrap_or(0);
        if KNOWN.iter().any(|known| known.0 == id) {
            continue;
        }
        let own = Dice(noise::mix2(dice.0, u64::from(id)));
        let name = format!("{}{}", own.pick(1, &FIRST), own.pick(2, &SECOND));
        let slug = format!("{}-{id}", name.to_lowercase());
        exchanges.push(exchange(seed, id, (name, slug), 10f64.powf(3.0 + 5.0 * own.unit(3))));
    }
    exchanges.sort_by_key(|exchange| exchange.id);
    exchanges
}

fn exchange(seed: u64, id: u32, (name, slug): (String, String), volume: f64) -> Exchange {
    let dice = Dice(noise::mix2(seed ^ 0xE8C4, u64::from(id)));
    let is_known = KNOWN.iter().any(|known| known.0 == id);
    let is_active = is_known || dice.below(1, 12) != 0;
    let launched = launched(id, dice);
    Exchange {
        id,
        name,
        slug,
        is_active,
        launched: (is_known || dice.below(2, 5) != 0).then(|| time::iso(launched)),
        first_data: (is_known || dice.below(3, 9) != 0).then(|| time::iso(launched + time::DAY)),
        last_data: (!is_active).then(|| time::iso(launched + 500 * time::DAY)),
        fiats: if dice.below(4, 3) == 0 { vec!["EUR", "USD"] } else { Vec::new() },
        fees: (dice.pick(5, &[0.0, 0.02, 0.1, 0.2]), dice.pick(6, &[0.04, 0.1, 0.2, 0.26])),
        weekly_visits: (dice.below(7, 4) != 0).then(|| 1_000 + dice.below(8, 9_000_000)),
        volume: if is_active { volume } else { 0.0 },
        lane: dice.0,
    }
}

fn launched(id: u32, dice: Dice) -> Millis {
    let days = i64::from(id) / 3 + i64::try_from(dice.below(9, 60)).unwrap_or(0);
    time::midnight(2013, 6, 1) + days.min(4_700) * time::DAY
}
