//! `credits coins`: for which coins most was charged, as a running gateway counted it.

use cmcache::Config;
use serde_json::Value;

use crate::{
    args::{At, CoinsOf},
    commands::remote,
    failure::Failure,
    print,
};

const COINS: &str = "/_cmcache/api/v1/coins";

/// The books do not know of coins: only a gateway that runs can tell.
pub(super) async fn coins(at: &At, of: &CoinsOf, config: &Config) -> Result<(), Failure> {
    let url = at.url.clone().unwrap_or_else(|| remote::configured(config.listen));
    let (status, told) = remote::get(&url, COINS, config).await?;
    if status != 200 {
        return Err(Failure::unavailable(format!("{url}: HTTP {status}: {told}")));
    }
    if at.json {
        print::line(&told.to_string());
        return Ok(());
    }
    let rows = told["coins"].as_array().into_iter().flatten().take(of.limit);
    print::table(&["coin", "id", "credits", "askings a minute"], rows.map(row).collect());
    let since = told["since"].as_str().unwrap_or("the start");
    let (all, of_no_coin) = (credits(&told["charged_micro"]), credits(&told["of_no_coin_micro"]));
    print::line(&format!("{all} credits since {since}, {of_no_coin} for no coin in particular"));
    Ok(())
}

fn row(coin: &Value) -> Vec<String> {
    let id = coin["id"].to_string();
    let symbol = coin["symbol"].as_str().map_or_else(|| id.clone(), str::to_owned);
    vec![symbol, id, credits(&coin["charged_micro"]), coin["per_minute"].to_string()]
}

/// Millionths of a credit as credits, exactly: `0.25`.
fn credits(micro: &Value) -> String {
    let micro = micro.as_u64().unwrap_or_default();
    let text = format!("{}.{:06}", micro / 1_000_000, micro % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_part_of_a_credit_is_told_exactly() {
        // Breaks: the coins of a block of 250 all cost nothing, or their sum is not the bill.
        let told =
            [4_000, 333_334, 1_500_000, 0, 20_000_000, 1].map(|micro| credits(&json!(micro)));
        assert_eq!(told, ["0.004", "0.333334", "1.5", "0", "20", "0.000001"]);
        let coin = json!({"id": 9, "symbol": null, "charged_micro": 250_000, "per_minute": 1.5});
        assert_eq!(row(&coin), ["9", "9", "0.25", "1.5"]);
    }
}
