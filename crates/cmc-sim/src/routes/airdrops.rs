//! `airdrops` and `airdrop`: one starts every few days, for ever.

use crate::json::Json;
use crate::market::Subject;
use crate::market::noise::{self, Dice};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::listings::{self, DEFAULT_LIMIT};
use crate::time::{self, DAY, Millis};

/// One starts in each so many days.
const EVERY: Millis = 3 * DAY;
/// How many are told of before and after now.
const N_PAST: i64 = 120;
const N_FUTURE: i64 = 8;

/// One airdrop, by its number since 1970.
#[derive(Debug, Clone, Copy)]
struct Airdrop {
    number: i64,
    dice: Dice,
    coin: usize,
}

impl Airdrop {
    fn of(ask: &Ask<'_>, number: i64) -> Self {
        let seed = noise::mix2(ask.market.seed, 0xA1D);
        let dice = Dice(noise::mix2(seed, number.unsigned_abs()));
        let leaders = &ask.market.totals.leaders;
        let place = dice.below(1, leaders.len() as u64);
        let coin = leaders[usize::try_from(place).unwrap_or(0)];
        Self { number, dice, coin }
    }

    fn id(self) -> String {
        format!("{:08x}{:016x}", self.number, self.dice.0)
    }

    const fn start(self) -> Millis {
        self.number * EVERY
    }

    fn end(self) -> Millis {
        self.start() + (7 + self.dice.below(2, 21).cast_signed()) * DAY
    }

    fn status(self, now: Millis) -> &'static str {
        match now {
            now if now < self.start() => "UPCOMING",
            now if now < self.end() => "ONGOING",
            _ => "ENDED",
        }
    }

    fn write(self, json: &mut Json, ask: &Ask<'_>) {
        let coin = &ask.market.coins[self.coin];
        json.open_object();
        json.text("id", &self.id());
        json.text("project_name", &coin.name);
        json.text("description", &format!("Rewards for holders of {}.", coin.symbol));
        json.text("status", self.status(ask.now_ms));
        json.key("coin");
        json.open_object();
        json.count("id", u64::from(coin.id));
        json.text("name", &coin.name);
        json.text("slug", &coin.slug);
        json.text("symbol", &coin.symbol);
        json.close_object();
        json.text("start_date", &time::iso(self.start()));
        json.text("end_date", &time::iso(self.end()));
        json.text("total_prize", &(1_000 + 500 * self.dice.below(3, 2_000)).to_string());
        json.count("winner_count", 10 + self.dice.below(4, 5_000));
        json.text("link", &format!("https://coinmarketcap.com/currencies/{}/airdrop/", coin.slug));
        json.close_object();
    }
}

/// v1: those of one status, the latest start first.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let status = ask.params.get("status").unwrap_or("ONGOING");
    let mut wanted: Option<Vec<Subject>> = None;
    if ["id", "slug", "symbol"].iter().any(|name| ask.params.get(name).is_some()) {
        let found = resolve::identify(ask, false).or_refuse(false)?;
        wanted = Some(found.into_iter().flat_map(|found| found.subjects).collect());
    }
    let now = ask.now_ms.div_euclid(EVERY);
    let is_wanted = |it: &Airdrop| {
        let subject = Subject::Coin(it.coin);
        it.status(ask.now_ms) == status
            && wanted.as_ref().is_none_or(|wanted| wanted.contains(&subject))
    };
    let numbers = (now - N_PAST..=now + N_FUTURE).rev();
    let rows: Vec<Airdrop> =
        numbers.map(|number| Airdrop::of(ask, number)).filter(is_wanted).collect();
    let page = listings::page(ask, rows, DEFAULT_LIMIT);
    Ok(Prepared::new(page.len(), move |json| {
        json.open_array();
        page.iter().for_each(|it| it.write(json, ask));
        json.close_array();
    }))
}

/// v1.
pub(crate) fn one<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let id = ask.params.get("id").unwrap_or_default();
    let number = id.get(..8).and_then(|hex| i64::from_str_radix(hex, 16).ok());
    let found = number.map(|number| Airdrop::of(ask, number)).filter(|it| it.id() == id);
    let airdrop = found.ok_or_else(|| Refusal::unresolved("id", &[id]))?;
    Ok(Prepared::new(1, move |json| airdrop.write(json, ask)))
}
