//! What the simulator sells: its coins, read from its own free map.

use harness::Sim;
use serde::Deserialize;

/// One coin of the map.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Coin {
    pub(crate) id: u64,
    pub(crate) symbol: String,
    pub(crate) slug: String,
}

const PAGE: usize = 5_000;

/// Every coin, the best ranked first, whatever its status.
pub(crate) async fn coins(sim: &Sim) -> Vec<Coin> {
    let mut coins = active(sim).await;
    coins.extend(listed(sim, "inactive,untracked").await);
    coins
}

/// Every active coin, the best ranked first.
pub(crate) async fn active(sim: &Sim) -> Vec<Coin> {
    listed(sim, "active").await
}

async fn listed(sim: &Sim, status: &str) -> Vec<Coin> {
    let client = sim.client();
    let mut coins = Vec::new();
    loop {
        let start = coins.len() + 1;
        let target = format!(
            "/v1/cryptocurrency/map?listing_status={status}&sort=cmc_rank&start={start}&limit={PAGE}"
        );
        let page = client.get(&target).await.data().expect("the map has data");
        let page: Vec<Coin> = serde_json::from_str(&page).expect("coins have id, symbol and slug");
        let is_last = page.len() < PAGE;
        coins.extend(page);
        if is_last {
            return coins;
        }
    }
}
