//! Random questions over the composed operations: mostly sensible, some odd, a few wrong.

use fastrand::Rng;

use super::words::{AUX_INFO, AUX_LISTING, AUX_MAP, AUX_QUOTE, CURRENCIES, CURRENCY_IDS, SORTS};
use crate::market::Coin;

/// The same seed and market give the same questions.
#[derive(Debug)]
pub(crate) struct Queries {
    rng: Rng,
    coins: Vec<Coin>,
}

/// A query string in the making.
#[derive(Debug, Default)]
struct Parameters(Vec<String>);

impl Parameters {
    fn add(&mut self, name: &str, value: impl AsRef<str>) {
        self.0.push(format!("{name}={}", encoded(value.as_ref())));
    }

    fn target(mut self, rng: &mut Rng, path: &str) -> String {
        rng.shuffle(&mut self.0);
        format!("{path}?{}", self.0.join("&"))
    }
}

impl Queries {
    /// `coins` must be ranked: the leading ones are asked for most.
    pub(crate) fn new(seed: u64, coins: Vec<Coin>) -> Self {
        assert!(coins.len() > 1_000, "the market is too small to be interesting");
        Self { rng: Rng::with_seed(seed), coins }
    }

    /// The next question, as path and query.
    pub(crate) fn next_target(&mut self) -> String {
        match self.rng.u8(..100) {
            0..20 => self.quotes("/v1/cryptocurrency/quotes/latest"),
            20..40 => self.quotes("/v2/cryptocurrency/quotes/latest"),
            40..60 => self.quotes("/v3/cryptocurrency/quotes/latest"),
            60..66 => self.listings("/v1/cryptocurrency/listings/latest"),
            66..72 => self.listings("/v3/cryptocurrency/listings/latest"),
            72..76 => self.simple_v1(),
            76..82 => self.simple_v2(),
            82..87 => self.metadata("/v1/cryptocurrency/info"),
            87..92 => self.metadata("/v2/cryptocurrency/info"),
            _ => self.map(),
        }
    }

    fn quotes(&mut self, path: &str) -> String {
        let mut parameters = Parameters::default();
        self.identify(&mut parameters, true);
        self.convert(&mut parameters);
        self.aux(&mut parameters, AUX_QUOTE);
        self.skip_invalid(&mut parameters);
        parameters.target(&mut self.rng, path)
    }

    fn metadata(&mut self, path: &str) -> String {
        let mut parameters = Parameters::default();
        self.identify(&mut parameters, false);
        self.aux(&mut parameters, AUX_INFO);
        self.skip_invalid(&mut parameters);
        parameters.target(&mut self.rng, path)
    }

    fn simple_v1(&mut self) -> String {
        let mut parameters = Parameters::default();
        let ids = self.list(|queries| queries.id(false));
        parameters.add("ids", ids);
        let flags = ["market_cap", "volume_24h", "percent_change_24h", "last_updated"];
        self.flags(&mut parameters, &flags);
        parameters.target(&mut self.rng, "/v1/simple/price")
    }

    fn simple_v2(&mut self) -> String {
        let mut parameters = Parameters::default();
        self.identify(&mut parameters, true);
        self.convert(&mut parameters);
        self.flags(
            &mut parameters,
            &["market_cap", "24h_volume", "24h_change", "last_updated", "all"],
        );
        if self.rng.u8(..6) == 0 {
            parameters.add("precision", self.rng.u8(..9).to_string());
        }
        self.skip_invalid(&mut parameters);
        parameters.target(&mut self.rng, "/v2/simple/price")
    }

    fn listings(&mut self, path: &str) -> String {
        let mut parameters = Parameters::default();
        self.page(&mut parameters, 4);
        self.convert(&mut parameters);
        self.aux(&mut parameters, AUX_LISTING);
        if self.rng.bool() {
            let sort = SORTS[self.rng.usize(..SORTS.len())];
            parameters.add("sort", sort);
        }
        match self.rng.u8(..6) {
            0 | 1 => parameters.add("sort_dir", "asc"),
            2 => parameters.add("sort_dir", "desc"),
            _ => {}
        }
        match self.rng.u8(..8) {
            0 => parameters.add("cryptocurrency_type", "coins"),
            1 => parameters.add("cryptocurrency_type", "tokens"),
            2 => parameters.add("tag", "defi"),
            3 => parameters.add("price_min", "0.5"),
            4 => parameters.add("volume_24h_max", "1000000"),
            _ => {}
        }
        parameters.target(&mut self.rng, path)
    }

    fn map(&mut self) -> String {
        let mut parameters = Parameters::default();
        if self.rng.u8(..3) == 0 {
            let symbols = self.list(Self::symbol);
            parameters.add("symbol", symbols);
        } else {
            // Without a limit the whole map comes, which takes long to compare.
            self.page(&mut parameters, 1);
            let statuses = ["active", "inactive", "untracked", "active,inactive"];
            parameters.add("listing_status", statuses[self.rng.usize(..statuses.len())]);
            if self.rng.bool() {
                parameters.add("sort", if self.rng.bool() { "cmc_rank" } else { "id" });
            }
        }
        self.aux(&mut parameters, AUX_MAP);
        parameters.target(&mut self.rng, "/v1/cryptocurrency/map")
    }

    /// By id, slug or symbol; rarely by two at once, or by none.
    fn identify(&mut self, parameters: &mut Parameters, has_fiats: bool) {
        let choice = self.rng.u8(..100);
        if choice < 40 || choice == 97 {
            let ids = self.list(|queries| queries.id(has_fiats));
            parameters.add("id", ids);
        }
        if (40..65).contains(&choice) || choice >= 96 && choice != 99 {
            let slugs = self.list(Self::slug);
            parameters.add("slug", slugs);
        }
        if (65..96).contains(&choice) {
            let symbols = self.list(Self::symbol);
            parameters.add("symbol", symbols);
        }
    }

    /// Mostly few; sometimes with one of them twice.
    fn list(&mut self, mut one: impl FnMut(&mut Self) -> String) -> String {
        let most = [1, 1, 1, 2, 3, 5, 12, 40][self.rng.usize(..8)];
        let mut values: Vec<String> = (0..self.rng.usize(1..=most)).map(|_| one(self)).collect();
        if self.rng.u8(..6) == 0 {
            let twice = values[self.rng.usize(..values.len())].clone();
            values.push(twice);
        }
        values.join(",")
    }

    fn id(&mut self, has_fiats: bool) -> String {
        match self.rng.u8(..60) {
            0 => "99999999".to_owned(),
            1 if has_fiats => "2781".to_owned(),
            2 => format!("0{}", self.coin().id),
            _ => self.coin().id.to_string(),
        }
    }

    fn slug(&mut self) -> String {
        match self.rng.u8(..60) {
            0 => "no-such-coin".to_owned(),
            1 => self.coin().slug.to_uppercase(),
            _ => self.coin().slug.clone(),
        }
    }

    fn symbol(&mut self) -> String {
        match self.rng.u8(..60) {
            0 => "NOSUCHCOIN".to_owned(),
            1 => "EUR".to_owned(),
            2..15 => self.coin().symbol.to_lowercase(),
            15..20 => mixed_case(&self.coin().symbol),
            _ => self.coin().symbol.clone(),
        }
    }

    /// Half of the time one of the first fifty, else any, inactive ones included.
    fn coin(&mut self) -> &Coin {
        let among = if self.rng.bool() { 50 } else { self.coins.len() };
        &self.coins[self.rng.usize(..among)]
    }

    fn convert(&mut self, parameters: &mut Parameters) {
        let (name, words) = match self.rng.u8(..10) {
            0..4 => return,
            4..8 => ("convert", CURRENCIES),
            _ => ("convert_id", CURRENCY_IDS),
        };
        let n_words = [1, 1, 1, 2, 3][self.rng.usize(..5)];
        let mut chosen: Vec<_> =
            (0..n_words).map(|_| words[self.rng.usize(..words.len())]).collect();
        if self.rng.u8(..40) == 0 {
            chosen.push(if name == "convert" { "NOSUCHMONEY" } else { "99999999" });
        }
        let value = chosen.join(",");
        let is_lower = name == "convert" && self.rng.u8(..5) == 0;
        parameters.add(name, if is_lower { value.to_lowercase() } else { value });
        if self.rng.u8(..80) == 0 {
            parameters.add(if name == "convert" { "convert_id" } else { "convert" }, "2790");
        }
    }

    fn aux(&mut self, parameters: &mut Parameters, words: &[&'static str]) {
        if self.rng.bool() {
            return;
        }
        let mut chosen: Vec<_> = words.iter().copied().filter(|_| self.rng.bool()).collect();
        self.rng.shuffle(&mut chosen);
        if self.rng.u8(..40) == 0 {
            chosen.push("no_such_aux");
        }
        parameters.add("aux", chosen.join(","));
    }

    fn skip_invalid(&mut self, parameters: &mut Parameters) {
        let values = ["true", "false", "True", "False", "maybe"];
        match self.rng.usize(..12) {
            0..4 => parameters.add("skip_invalid", values[0]),
            at @ 4..8 => parameters.add("skip_invalid", values[at - 4]),
            8 if self.rng.u8(..4) == 0 => parameters.add("skip_invalid", values[4]),
            _ => {}
        }
    }

    fn flags(&mut self, parameters: &mut Parameters, names: &[&str]) {
        for name in names {
            match self.rng.u8(..6) {
                0 | 1 => parameters.add(&format!("include_{name}"), "true"),
                2 => parameters.add(&format!("include_{name}"), "False"),
                _ => {}
            }
        }
    }

    /// Mostly small pages; beyond the end and out of range now and then. In `n_open` of 20 cases
    /// without a limit.
    fn page(&mut self, parameters: &mut Parameters, n_open: u8) {
        match self.rng.u8(..10) {
            0..4 => {}
            4..8 => parameters.add("start", self.rng.usize(1..500).to_string()),
            8 => parameters.add("start", self.rng.usize(1..20_000).to_string()),
            _ => parameters.add("start", ["0", "-3", "1.0", "x"][self.rng.usize(..4)]),
        }
        match self.rng.u8(..20) {
            open if open < n_open => {}
            0..18 => parameters.add("limit", self.rng.usize(1..200).to_string()),
            18 => parameters.add("limit", self.rng.usize(200..=5_000).to_string()),
            _ => parameters.add("limit", ["0", "5001", "-1", "all", ""][self.rng.usize(..5)]),
        }
    }
}

fn mixed_case(text: &str) -> String {
    let flip = |(at, letter): (usize, char)| {
        if at % 2 == 0 { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() }
    };
    text.chars().enumerate().map(flip).collect()
}

/// Percent-encoded but for what clients commonly leave as it is, commas included.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
