//! `community/trending`: five topics and five coins, others every hour.

use crate::json::Json;
use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::time::HOUR;

const MOST: usize = 5;
const TOPICS: [&str; 12] = [
    "Bitcoin ETF",
    "Layer 2 fees",
    "Airdrop season",
    "Staking yields",
    "Stablecoin rules",
    "Halving",
    "AI agents",
    "Real World Assets",
    "Memecoin mania",
    "Exchange listings",
    "Self custody",
    "Gas prices",
];

/// v1.
pub(crate) fn topics<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let limit = ask.params.count("limit").unwrap_or(MOST);
    let first = draw(ask, TOPICS.len());
    Ok(Prepared::new(limit, move |json: &mut Json| {
        json.open_array();
        for place in 0..limit {
            json.open_object();
            json.count("rank", place as u64 + 1);
            // 5 and 12 have no common factor: no topic comes twice.
            json.text("topic", TOPICS[(first + 5 * place) % TOPICS.len()]);
            json.close_object();
        }
        json.close_array();
    }))
}

/// v1.
pub(crate) fn tokens<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let limit = ask.params.count("limit").unwrap_or(MOST);
    let leaders = &ask.market.totals.leaders;
    let first = draw(ask, leaders.len());
    Ok(Prepared::new(limit, move |json: &mut Json| {
        json.open_array();
        for place in 0..limit {
            let at = leaders[(first + 7 * place) % leaders.len()];
            let coin = &ask.market.coins[at];
            json.open_object();
            json.count("id", u64::from(coin.id));
            json.text("name", &coin.name);
            json.text("symbol", &coin.symbol);
            json.text("slug", &coin.slug);
            json.count("cmc_rank", u64::from(ask.moment.live[at].rank));
            json.count("rank", place as u64 + 1);
            json.close_object();
        }
        json.close_array();
    }))
}

/// A number below `n` that changes every hour.
fn draw(ask: &Ask<'_>, n: usize) -> usize {
    let hour = ask.now_ms.div_euclid(HOUR).unsigned_abs();
    let number = noise::mix2(noise::mix2(ask.market.seed, 0x70C), hour) % n as u64;
    usize::try_from(number).unwrap_or(0)
}
