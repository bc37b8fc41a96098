//! `blockchain/statistics/latest`: three chains that tell of themselves.

use crate::json::Json;
use crate::market::{Subject, noise};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::time::{self, Millis};

/// One chain; blocks come every so many milliseconds.
struct Chain {
    id: u32,
    reward: f64,
    consensus: &'static str,
    difficulty: f64,
    hashrate: f64,
    reduction: &'static str,
    block_ms: Millis,
    tps: f64,
    first_block: (i16, i8, i8),
}

const CHAINS: [Chain; 3] = [
    Chain {
        id: 1,
        reward: 3.125,
        consensus: "proof-of-work",
        difficulty: 1.32e14,
        hashrate: 9.1e20,
        reduction: "50%",
        block_ms: 600_000,
        tps: 5.1,
        first_block: (2009, 1, 9),
    },
    Chain {
        id: 2,
        reward: 6.25,
        consensus: "proof-of-work",
        difficulty: 9.1e7,
        hashrate: 2.6e15,
        reduction: "50%",
        block_ms: 150_000,
        tps: 2.3,
        first_block: (2011, 10, 7),
    },
    Chain {
        id: 1027,
        reward: 2.0,
        consensus: "proof-of-stake",
        difficulty: 0.0,
        hashrate: 0.0,
        reduction: "",
        block_ms: 12_000,
        tps: 14.7,
        first_block: (2015, 7, 30),
    },
];

/// v1: keyed as v1 quotes.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let named = resolve::identify(ask, false);
    let parameter = named.parameter;
    let mut rows: Vec<(String, &Chain)> = Vec::new();
    let mut unknown: Vec<String> = Vec::new();
    for found in named.or_refuse(false)? {
        let chain = found.subjects.iter().find_map(|subject| chain_of(ask, *subject));
        match chain {
            Some(chain) => rows.push((found.key, chain)),
            None => unknown.push(written(ask, parameter, found.key, found.subjects[0])),
        }
    }
    if !unknown.is_empty() {
        return Err(Refusal::unresolved(parameter, &unknown));
    }
    Ok(Prepared::new(rows.len(), move |json| {
        json.open_object();
        for (key, chain) in rows {
            json.key(&key);
            object(json, ask, chain);
        }
        json.close_object();
    }))
}

/// How a coin was named; results of slugs are keyed by id.
pub(crate) fn written(ask: &Ask<'_>, parameter: &str, key: String, subject: Subject) -> String {
    match subject {
        Subject::Coin(at) if parameter == "slug" => ask.market.coins[at].slug.clone(),
        Subject::Coin(_) | Subject::Fiat(_) => key,
    }
}

fn chain_of(ask: &Ask<'_>, subject: Subject) -> Option<&'static Chain> {
    let id = ask.market.name_of(subject).0;
    CHAINS.iter().find(|chain| chain.id == id)
}

/// Large numbers are texts.
fn object(json: &mut Json, ask: &Ask<'_>, chain: &Chain) {
    let at = ask.market.coin_by_id(&chain.id.to_string());
    let (year, month, day) = chain.first_block;
    let first = time::midnight(year, month, day);
    let age = (ask.now_ms - first).max(0);
    let swing = 1.0 + 0.1 * noise::quick_walk(u64::from(chain.id), ask.moment.step);
    let whole = |value: f64| format!("{:.0}", value * swing);
    let blocks = age / chain.block_ms;
    // The average of all years is half of what it is now.
    let n_transactions = age as f64 / 1_000.0 * chain.tps / 2.0;
    json.open_object();
    json.count("id", u64::from(chain.id));
    if let Some(at) = at {
        json.text("slug", &ask.market.coins[at].slug);
        json.text("symbol", &ask.market.coins[at].symbol);
    }
    json.maybe("block_reward_static", Some(chain.reward));
    json.text("consensus_mechanism", chain.consensus);
    json.text("difficulty", &format!("{:.0}", chain.difficulty));
    json.text("hashrate_24h", &whole(chain.hashrate));
    json.text("pending_transactions", &whole(9_000.0));
    json.text("reduction_rate", chain.reduction);
    json.text("total_blocks", &blocks.to_string());
    json.text("total_transactions", &format!("{n_transactions:.0}"));
    json.maybe("tps_24h", Some(noise::decimals(chain.tps * swing, 8)));
    json.text("first_block_timestamp", &time::iso(first));
    json.close_object();
}
