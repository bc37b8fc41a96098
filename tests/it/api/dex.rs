//! Questions about decentralised exchanges: nobody has published their rules, so they are written
//! down here.

use super::valid::Parameters;

const TOKEN: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const PAIR: &str = "0x0d4a11d5eeaac28ec3f61d100daf4d40471f1852";
const WALLET: &str = "0x28c6c06298d514db089934071355e5743bf21d60";

/// The body of a valid `POST`; each turn asks a little more.
pub(super) fn body(path: &str, turn: usize) -> String {
    let size = 3 + turn;
    let body = match path.trim_start_matches("/v1/dex/") {
        "tokens/batch-query" => format!(r#"{{"platform":"ethereum","addresses":["{TOKEN}"]}}"#),
        "token/price/batch" => {
            format!(r#"{{"tokens":[{{"platform":"ethereum","address":"{TOKEN}"}}]}}"#)
        }
        "holders/list" => {
            format!(r#"{{"tokenAddress":"{TOKEN}","platform":"ethereum","pageSize":{size}}}"#)
        }
        "holders/detail" => format!(
            r#"{{"tokenAddress":"{TOKEN}","platform":"ethereum","walletAddress":"{WALLET}"}}"#
        ),
        _ if turn == 0 => "{}".to_owned(),
        _ => format!(r#"{{"nextPageIndex":1,"pageSize":{size},"interval":"24h"}}"#),
    };
    // White space means nothing to either side.
    if turn == 2 { body.replace(',', " , ") } else { body }
}

/// What a valid question passes; `None` for operations that are no such ones.
pub(super) fn parameters(path: &str, turn: usize) -> Option<Parameters> {
    let token = [("platform", "ethereum"), ("address", TOKEN)];
    let holders = [("platform", "ethereum"), ("tokenAddress", TOKEN)];
    let mut found: Vec<(&str, &str)> = match path {
        "/v4/dex/spot-pairs/latest" => vec![("network_slug", "ethereum"), ("limit", "5")],
        "/v4/dex/networks/list" | "/v4/dex/listings/quotes" => vec![("limit", "5")],
        "/v4/dex/listings/info" => vec![("id", "1")],
        _ if path.starts_with("/v4/dex/pairs/") => {
            vec![("network_slug", "ethereum"), ("contract_address", PAIR)]
        }
        "/v1/dex/platform/list" => Vec::new(),
        "/v1/dex/platform/detail" => vec![("platformName", "ethereum")],
        "/v1/dex/search" => vec![("q", "usdt"), ("limit", "5")],
        "/v1/dex/security/detail" => vec![("platformName", "ethereum"), ("address", TOKEN)],
        "/v2/dex/multiplier" => vec![("platform", "ethereum"), ("token_address", TOKEN)],
        _ if path.starts_with("/v1/k-line/") => {
            [&token[..], &[("interval", ["1h", "1d", "5min"][turn % 3]), ("limit", "5")]].concat()
        }
        _ if path.starts_with("/v1/dex/holders/") => holders.to_vec(),
        _ if path.starts_with("/v1/dex/") => token.to_vec(),
        _ => return None,
    };
    match turn {
        1 if path.starts_with("/v4/dex/") && path != "/v4/dex/listings/info" => {
            found.push(("aux", ""));
        }
        2 => found.reverse(),
        _ => {}
    }
    let owned = found.into_iter().filter(|(_, value)| !value.is_empty());
    Some(owned.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}
