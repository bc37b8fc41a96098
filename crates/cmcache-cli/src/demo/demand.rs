//! A realistic demand: what a few dashboards, bots and portfolio pages ask in a minute.

/// A coin that the demand knows.
#[derive(Clone, Debug)]
pub(crate) struct Coin {
    pub(crate) id: u32,
    pub(crate) symbol: String,
    pub(crate) slug: String,
}

/// Draws requests from a seed: coins by Zipf, portfolios, listings, several API versions.
#[derive(Debug)]
pub(crate) struct Demand {
    coins: Vec<Coin>,
    cumulative: Vec<f64>,
    rng: fastrand::Rng,
}

impl Demand {
    /// `coins` in the order of their popularity.
    pub(crate) fn new(coins: Vec<Coin>, seed: u64) -> Self {
        let mut sum = 0.0;
        let cumulative = (1..=coins.len())
            .map(|rank| {
                sum += 1.0 / f64::from(u32::try_from(rank).unwrap_or(u32::MAX));
                sum
            })
            .collect();
        Self { coins, cumulative, rng: fastrand::Rng::with_seed(seed) }
    }

    /// The next request: path and query.
    pub(crate) fn next(&mut self) -> String {
        match self.rng.u32(0..100) {
            0..45 => self.quote(),
            45..72 => self.portfolio(),
            72..84 => self.listing(),
            84..89 => self.simple(),
            89..93 => format!("/v2/cryptocurrency/info?id={}", self.coin().id),
            93..96 => "/v1/global-metrics/quotes/latest".to_owned(),
            96..98 => format!("/v1/cryptocurrency/map?symbol={}", self.plain().symbol),
            _ => "/v3/fear-and-greed/latest".to_owned(),
        }
    }

    fn quote(&mut self) -> String {
        let version = self.version();
        let coin = self.coin().clone();
        let convert = self.convert();
        let named = match self.rng.u32(0..10) {
            0..4 => format!("id={}", coin.id),
            4..6 => format!("slug={}", coin.slug),
            _ => format!("symbol={}", self.plain().symbol),
        };
        format!("/{version}/cryptocurrency/quotes/latest?{named}{convert}")
    }

    fn portfolio(&mut self) -> String {
        let version = self.version();
        let ids = self.ids(2, 30);
        let convert = self.convert();
        format!("/{version}/cryptocurrency/quotes/latest?id={ids}{convert}")
    }

    fn listing(&mut self) -> String {
        let version = if self.rng.bool() { "v1" } else { "v3" };
        let limit = [10, 20, 50, 100, 100, 100, 200, 250][self.rng.usize(0..8)];
        let start = if self.rng.u32(0..4) == 0 { 1 + 100 * self.rng.u32(0..5) } else { 1 };
        let convert = self.convert();
        format!("/{version}/cryptocurrency/listings/latest?start={start}&limit={limit}{convert}")
    }

    fn simple(&mut self) -> String {
        format!("/v2/simple/price?id={}&include_24h_change=true", self.ids(1, 10))
    }

    fn ids(&mut self, min: usize, max: usize) -> String {
        let n = self.rng.usize(min..=max);
        let ids: Vec<String> = (0..n).map(|_| self.coin().id.to_string()).collect();
        ids.join(",")
    }

    /// Most old clients still speak v1 and v2.
    fn version(&mut self) -> &'static str {
        ["v1", "v2", "v2", "v2", "v3"][self.rng.usize(0..5)]
    }

    fn convert(&mut self) -> &'static str {
        ["", "", "", "", "&convert=USD", "&convert=USD", "&convert=EUR"][self.rng.usize(0..7)]
    }

    fn coin(&mut self) -> &Coin {
        let drawn = self.rng.f64() * self.cumulative.last().copied().unwrap_or(1.0);
        let rank = self.cumulative.partition_point(|sum| *sum < drawn);
        &self.coins[rank.min(self.coins.len() - 1)]
    }

    /// A coin whose symbol can be written into a query as it is.
    fn plain(&mut self) -> Coin {
        loop {
            let coin = self.coin();
            if coin.symbol.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return coin.clone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coins(n: u32) -> Vec<Coin> {
        let coin = |id| Coin { id, symbol: format!("C{id}"), slug: format!("coin-{id}") };
        (1..=n).map(coin).collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_demand() {
        // The report compares models over one demand: it must be repeatable.
        let mut one = Demand::new(coins(2_000), 7);
        let mut two = Demand::new(coins(2_000), 7);
        assert!((0..500).all(|_| one.next() == two.next()));
    }

    #[test]
    fn the_first_coins_are_asked_most() {
        // A flat demand would flatter no cache and resemble nobody's.
        let mut demand = Demand::new(coins(2_000), 1);
        let firsts = (0..10_000).filter(|_| demand.coin().id <= 20).count();
        assert!((3_500..5_500).contains(&firsts), "{firsts}");
    }
}
