//! What there is to ask for, read from the simulator itself.

use std::collections::HashMap;

use harness::Sim;
use serde_json::Value;

use crate::market::{self, Coin};

/// Coins that questions are about: enough for several batches.
const N_COINS: usize = 400;
const N_NAMES: usize = 30;

/// A list of names: what it is called, where it is found, and the member that holds the name.
const SOURCES: &[(&str, &str, &str)] = &[
    ("exchange id", "/v1/exchange/map?sort=volume_24h&limit=60", "id"),
    ("exchange slug", "/v1/exchange/map?sort=volume_24h&limit=60", "slug"),
    ("category", "/v1/cryptocurrency/categories?limit=30", "id"),
    ("airdrop", "/v1/cryptocurrency/airdrops?limit=30", "id"),
    ("post", "/v1/content/posts/latest?id=1", "post_id"),
    ("score", "/v1/content/posts/latest?id=1", "last_score"),
    ("issuer", "/v5/real-world-assets/issuers/list", "issuer_id"),
    ("rwa id", "/v5/real-world-assets/map", "rwa_id"),
    ("rwa slug", "/v5/real-world-assets/map", "rwa_slug"),
    ("rwa symbol", "/v5/real-world-assets/map", "symbol"),
    ("fcas id", "/v1/partners/flipside-crypto/fcas/listings/latest", "id"),
    ("fcas slug", "/v1/partners/flipside-crypto/fcas/listings/latest", "slug"),
    ("fcas symbol", "/v1/partners/flipside-crypto/fcas/listings/latest", "symbol"),
];

/// Names by what they name.
#[derive(Debug)]
pub(crate) struct Subjects {
    pub(crate) coins: Vec<Coin>,
    /// Milliseconds since 1970 on the simulator's clock, which stands still.
    pub(crate) now_ms: i64,
    names: HashMap<&'static str, Vec<String>>,
}

impl Subjects {
    pub(crate) async fn of(sim: &Sim) -> Self {
        let mut coins = market::active(sim).await;
        coins.truncate(N_COINS);
        coins.retain(|coin| coin.symbol.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let client = sim.client();
        let mut names = HashMap::new();
        for &(name, target, member) in SOURCES {
            let data = client.get(target).await.data().unwrap_or_default();
            let data = serde_json::from_str(&data).unwrap_or(Value::Null);
            let mut found = Vec::new();
            collect(&data, member, &mut found);
            names.insert(name, found);
        }
        Self { coins, now_ms: sim.now_ms(), names }
    }

    /// Names of that sort; none when the simulator does not sell them yet.
    pub(crate) fn names(&self, sort: &str) -> &[String] {
        self.names.get(sort).map_or(&[], Vec::as_slice)
    }

    /// An instant before now, as the API writes it.
    pub(crate) fn before(&self, hours: i64) -> String {
        let instant = jiff::Timestamp::from_millisecond(self.now_ms - hours * 3_600_000);
        instant
            .expect("a test asks for no prehistory")
            .strftime("%Y-%m-%dT%H:%M:%S.000Z")
            .to_string()
    }
}

/// The scalars called `member`, of the outermost objects that have one.
fn collect(value: &Value, member: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => match members.get(member) {
            Some(Value::String(text)) => found.push(text.clone()),
            Some(Value::Number(number)) => found.push(number.to_string()),
            _ => members.values().for_each(|inner| collect(inner, member, found)),
        },
        Value::Array(elements) => {
            for element in elements {
                if found.len() < N_NAMES {
                    collect(element, member, found);
                }
            }
        }
        _ => {}
    }
}
