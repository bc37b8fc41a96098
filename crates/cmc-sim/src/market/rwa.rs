//! Assets of the old world and the tokens that stand for them.

use crate::market::noise::{self, Dice};
use crate::time::{self, Millis};

const N_ASSETS: u32 = 200;
const N_ISSUERS: u64 = 25;

/// The kinds of assets, and an average price of each.
const KINDS: [(&str, f64, &str); 6] = [
    ("stock", 180.0, "Shares"),
    ("commodity", 900.0, "Metals"),
    ("currency", 1.0, "Currency"),
    ("government_security", 104.0, "Treasury"),
    ("etf", 310.0, "Index Fund"),
    ("real_estate", 52.0, "Homes"),
];
const FIRST: [&str; 16] = [
    "Northern", "Atlas", "Harbour", "Summit", "Civic", "Meridian", "Crown", "Union", "Pioneer",
    "Sterling", "Granite", "Liberty", "Coastal", "Imperial", "Beacon", "Cedar",
];
const SECOND: [&str; 12] = [
    "Energy", "Foods", "Motors", "Steel", "Rail", "Capital", "Health", "Media", "Water", "Grain",
    "Cloud", "Optics",
];
/// Chains on which tokens of assets live: id, name, symbol, slug.
pub(crate) const CHAINS: [(u32, &str, &str, &str); 3] = [
    (1027, "Ethereum", "ETH", "ethereum"),
    (5426, "Solana", "SOL", "solana"),
    (1839, "BNB", "BNB", "bnb"),
];

/// Whoever makes tokens of assets.
#[derive(Debug)]
pub(crate) struct Issuer {
    /// 24 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) slug: String,
    pub(crate) is_active: bool,
    pub(crate) founded: String,
}

/// One token of an asset.
#[derive(Debug)]
pub(crate) struct AssetToken {
    pub(crate) crypto_id: u32,
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) issuer: usize,
    pub(crate) chain: usize,
    pub(crate) address: String,
    /// How much dearer than the asset it is.
    premium: f64,
    /// Pieces in circulation.
    supply: f64,
    lane: u64,
}

/// One asset.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) id: u32,
    pub(crate) rank: u64,
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) slug: String,
    pub(crate) kind: &'static str,
    pub(crate) listed_ms: Millis,
    pub(crate) tokens: Vec<AssetToken>,
    price: f64,
    lane: u64,
}

/// What a token is worth in a step, in USD.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worth {
    pub(crate) price: f64,
    pub(crate) cap: f64,
    pub(crate) volume: f64,
}

/// All assets, by id, and their issuers.
#[derive(Debug)]
pub(crate) struct RealWorld {
    pub(crate) assets: Vec<Asset>,
    pub(crate) issuers: Vec<Issuer>,
}

impl AssetToken {
    pub(crate) fn worth(&self, asset: &Asset, step: i64) -> Worth {
        let drift = 1.0 + self.premium * noise::quick_walk(self.lane, step);
        let price = noise::significant(asset.price_at(step) * drift, 10);
        let turnover = 0.02 * noise::quick_walk(self.lane ^ 1, step).exp();
        let cap = noise::significant(price * self.supply, 12);
        Worth { price, cap, volume: noise::significant(cap * turnover, 12) }
    }
}

impl Asset {
    /// What it costs on its own market.
    pub(crate) fn price_at(&self, step: i64) -> f64 {
        let swing = if self.kind == "currency" { 0.02 } else { 0.3 };
        noise::significant(self.price * (swing * noise::walk(self.lane, step)).exp(), 8)
    }

    /// Mean price, sum of caps and of volumes of its tokens; without tokens all are unknown.
    pub(crate) fn tokenized(&self, step: i64) -> Option<Worth> {
        let worths: Vec<Worth> = self.tokens.iter().map(|token| token.worth(self, step)).collect();
        let sum = |of: fn(&Worth) -> f64| worths.iter().map(of).sum::<f64>();
        (!worths.is_empty()).then(|| Worth {
            price: noise::significant(sum(|worth| worth.price) / worths.len() as f64, 10),
            cap: sum(|worth| worth.cap),
            volume: sum(|worth| worth.volume),
        })
    }
}

impl RealWorld {
    pub(crate) fn new(seed: u64) -> Self {
        let seed = noise::mix2(seed, 0x0A55);
        let issuers = (0..N_ISSUERS).map(|number| issuer(seed, number)).collect();
        let mut assets: Vec<Asset> = (1..=N_ASSETS).map(|id| asset(seed, id)).collect();
        let size =
            |asset: &Asset| asset.tokens.iter().map(|it| it.supply).sum::<f64>() * asset.price;
        let mut order: Vec<usize> = (0..assets.len()).collect();
        order.sort_by(|a, b| size(&assets[*b]).total_cmp(&size(&assets[*a])));
        for (rank, at) in (1u64..).zip(order) {
            assets[at].rank = rank;
        }
        Self { assets, issuers }
    }

    pub(crate) fn issuer(&self, id: &str) -> Option<usize> {
        self.issuers.iter().position(|issuer| issuer.id == id)
    }
}

fn issuer(seed: u64, number: u64) -> Issuer {
    let dice = Dice(noise::mix2(seed, 0x1550_0000 + number));
    let name = format!("{} {} Tokens", dice.pick(1, &FIRST), dice.pick(2, &SECOND));
    let days = i64::try_from(dice.below(3, 2_000)).unwrap_or(0);
    Issuer {
        id: format!("{:016x}{:08x}", dice.below(4, u64::MAX), 0x1000 + number),
        slug: format!("{}-{number}", name.to_lowercase().replace(' ', "-")),
        name,
        is_active: number < 2 || dice.below(5, 6) != 0,
        founded: time::iso(time::midnight(2019, 1, 1) + days * time::DAY),
    }
}

fn asset(seed: u64, id: u32) -> Asset {
    let dice = Dice(noise::mix2(seed, u64::from(id)));
    let (kind, price, noun) = dice.pick(1, &KINDS);
    let name = format!("{} {} {noun}", dice.pick(2, &FIRST), dice.pick(3, &SECOND));
    let letters: String = name.split(' ').filter_map(|word| word.chars().next()).collect();
    let symbol = format!("{letters}{id}").to_uppercase();
    let n_tokens = dice.below(4, 4);
    let days = i64::try_from(dice.below(5, 900)).unwrap_or(0);
    Asset {
        id,
        rank: 0,
        slug: format!("{}-{id}", name.to_lowercase().replace(' ', "-")),
        kind,
        listed_ms: time::midnight(2023, 6, 1) + days * time::DAY,
        tokens: (0..n_tokens).map(|number| token(dice, (&name, &symbol), id, number)).collect(),
        price: noise::significant(price * (0.3 + 1.7 * dice.unit(6)), 6),
        lane: dice.0,
        name,
        symbol,
    }
}

fn token(asset: Dice, (name, symbol): (&str, &str), id: u32, number: u64) -> AssetToken {
    let dice = Dice(noise::mix2(asset.0, 0x70C0 + number));
    let suffix = dice.pick(1, &["x", "on", ".d", "T"]);
    let chain = usize::try_from(dice.below(2, CHAINS.len() as u64)).unwrap_or(0);
    AssetToken {
        crypto_id: 50_000 + id * 8 + u32::try_from(number).unwrap_or(0),
        name: format!("{name} (tokenized {})", number + 1),
        symbol: format!("{symbol}{suffix}"),
        issuer: usize::try_from(dice.below(3, N_ISSUERS)).unwrap_or(0),
        chain,
        address: format!("0x{:016x}{:016x}{:08x}", dice.0, asset.0, dice.below(4, 1 << 32)),
        premium: 0.02 * dice.unit(5),
        supply: noise::significant(10f64.powf(3.0 + 3.0 * dice.unit(6)), 6),
        lane: dice.0,
    }
}
