use super::{running::Server, *};

/// What is typed, the path that it stands for, and words of the table that it prints.
const NAMES: [(&str, &str, &[&str]); 19] = [
    ("quotes 1", "/v3/cryptocurrency/quotes/latest", &["price", "Bitcoin"]),
    ("price 1 EUR", "/v3/cryptocurrency/quotes/latest", &["EUR", "Bitcoin"]),
    ("listings 5", "/v3/cryptocurrency/listings/latest", &["cmc_rank", "Ethereum"]),
    ("top 5 --sort volume_24h", "/v3/cryptocurrency/listings/latest", &["cmc_rank", "USDT"]),
    ("info 1", "/v2/cryptocurrency/info", &["date_added", "bitcoin"]),
    ("map ETH", "/v1/cryptocurrency/map", &["rank", "ethereum"]),
    ("global", "/v1/global-metrics/quotes/latest", &["field", "btc_dominance"]),
    ("convert 2.5 1 EUR", "/v2/tools/price-conversion", &["amount", "EUR"]),
    ("ohlcv 1", "/v2/cryptocurrency/ohlcv/latest", &["open", "BTC"]),
    ("candles 1 --count 3", "/v2/cryptocurrency/ohlcv/historical", &["time_open", "close"]),
    ("history 1 --count 3", "/v3/cryptocurrency/quotes/historical", &["timestamp", "price"]),
    ("trending 3", "/v1/cryptocurrency/trending/latest", &["cmc_rank", "price"]),
    ("gainers 3", "/v1/cryptocurrency/trending/gainers-losers", &["percent_change_24h"]),
    ("categories 3", "/v1/cryptocurrency/categories", &["num_tokens", "name"]),
    ("exchanges 3", "/v1/exchange/listings/latest", &["Binance", "volume_24h"]),
    ("pairs 1 --limit 3", "/v2/cryptocurrency/market-pairs/latest", &["market_pair", "price"]),
    ("fear-greed", "/v3/fear-and-greed/latest", &["value_classification"]),
    ("index", "/v3/index/cmc100-latest", &["weight", "Bitcoin"]),
    ("key", "/v1/key/info", &["plan.credit_limit_monthly"]),
];

/// Whether the simulator has the operation; that it has all is for another suite to see.
fn is_served(sim: &Server, path: &str) -> bool {
    !sim.get(path).contains("The system is busy")
}

#[test]
fn every_friendly_name_prints_a_table_of_what_people_look_for() {
    // Each is the first thing that somebody tries.
    let dir = tempfile::tempdir().unwrap();
    let sim = ["sim", "--listen", "127.0.0.1:0", "--plan", "enterprise"];
    let sim = Server::start(dir.path(), &sim);
    let url = sim.url();
    let at = ["--upstream", &url, "--set", "upstream.key=sim-key"];
    for (words, path, expected) in NAMES {
        if !is_served(&sim, path) {
            continue;
        }
        let words: Vec<&str> = ["get"].into_iter().chain(words.split(' ')).collect();
        let output = run(dir.path(), &[&words[..], &at].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
        for word in expected {
            assert!(out(&output).contains(word), "{words:?}: {word}: {}", out(&output));
        }
        assert!(out(&output).lines().count() > 1, "{words:?}");
    }
}

#[test]
fn a_running_gateway_can_be_asked_instead() {
    // It holds the books, and what others have paid for.
    let dir = tempfile::tempdir().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--upstream", "sim"];
    let gateway = Server::start(dir.path(), &serve);
    let url = gateway.url();
    let ask = |words: &[&str]| {
        let output = run(dir.path(), &[words, &["--url", &url]].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
        output
    };
    let dry = ask(&["get", "quotes", "1", "--dry-run"]);
    assert!(out(&dry).starts_with("now, with the cache:  1 credit\n"), "{}", out(&dry));
    let first = ask(&["get", "quotes", "1", "--json"]);
    assert!(err(&first).contains("cold, 0 s old, 1 credit"), "{}", err(&first));
    let again = ask(&["get", "quotes", "1", "--json"]);
    assert!(err(&again).contains("full,") && err(&again).contains(" 0 credits"), "{}", err(&again));
    assert_eq!(first.stdout, again.stdout);
    let dry = ask(&["price", "quotes", "1", "--json"]);
    let price: Value = serde_json::from_slice(&dry.stdout).unwrap();
    assert_eq!(
        (&price["credits_with_cache"], &price["credits_without_cache"]),
        (&0.into(), &1.into())
    );
    let unknown = ["get", "info", "99999999", "--url", &url];
    check_refused(dir.path(), &unknown, 6, "Invalid value");
}

#[test]
fn a_dry_run_buys_nothing() {
    // Its purpose is to ask before paying.
    let dir = tempfile::tempdir().unwrap();
    let sim = Server::start(dir.path(), &["sim", "--listen", "127.0.0.1:0"]);
    let url = sim.url();
    let at = ["--upstream", &url, "--set", "upstream.key=sim-key"];
    for words in [
        &["get", "listings", "500", "--dry-run"][..],
        &["get", "quotes", "ETH", "--first", "--dry-run"],
        &["get", "/v1/dex/new/list", "--body", "{}", "--dry-run"],
        &["price", "global"],
    ] {
        let output = run(dir.path(), &[words, &at].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
        assert!(out(&output).contains("without a cache:      "), "{words:?}: {}", out(&output));
    }
    let bill = sim.get("/_sim/bill");
    assert!(bill.contains("\"credits\":0,"), "{bill}");
}
