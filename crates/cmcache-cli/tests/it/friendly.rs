use super::{running::Server, *};

/// What is typed, and words of the table that it prints.
const NAMES: [(&str, &[&str]); 20] = [
    ("quotes 1", &["price", "Bitcoin"]),
    ("price 1 EUR", &["EUR", "Bitcoin"]),
    ("listings 5", &["cmc_rank", "Ethereum"]),
    ("top 5 --sort volume_24h", &["cmc_rank", "USDT"]),
    ("info 1", &["date_added", "bitcoin"]),
    ("map ETH", &["rank", "ethereum"]),
    ("global", &["field", "btc_dominance"]),
    ("convert 2.5 1 EUR", &["amount", "EUR"]),
    ("ohlcv 1", &["open", "BTC"]),
    ("candles 1 --count 3", &["time_open", "close"]),
    ("history 1 --count 3", &["timestamp", "price"]),
    ("trending 3", &["cmc_rank", "price"]),
    ("gainers 3", &["percent_change_24h"]),
    ("categories 3", &["num_tokens", "name"]),
    ("exchanges 3", &["Binance", "volume_24h"]),
    ("pairs 1 --limit 3", &["market_pair", "price"]),
    ("fear-greed", &["value_classification"]),
    ("index", &["weight", "Bitcoin"]),
    ("cmc20", &["weight", "Bitcoin"]),
    ("key", &["plan.credit_limit_monthly"]),
];

#[test]
fn every_friendly_name_prints_a_table_of_what_people_look_for() {
    // Each is the first thing that somebody tries.
    let dir = tempfile::tempdir().unwrap();
    let sim = ["sim", "--listen", "127.0.0.1:0", "--plan", "enterprise"];
    let sim = Server::start(dir.path(), &sim);
    let url = sim.url();
    let at = ["--upstream", &url, "--set", "upstream.key=sim-key"];
    for (words, expected) in NAMES {
        let words: Vec<&str> = ["get"].into_iter().chain(words.split(' ')).collect();
        let output = run(dir.path(), &[&words[..], &at].concat());
        assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
        for word in expected {
            assert!(out(&output).contains(word), "{words:?}: {word}: {}", out(&output));
        }
        assert!(out(&output).lines().count() > 1, "{words:?}");
    }
    let groups = run(dir.path(), &[&["get", "categories", "1", "--json"], &at[..]].concat());
    let groups: Vec<Value> = serde_json::from_slice(&groups.stdout).unwrap();
    let id = groups[0]["id"].as_str().unwrap();
    let group = run(dir.path(), &[&["get", "category", id], &at[..]].concat());
    assert!(out(&group).contains("cmc_rank"), "{}{}", out(&group), err(&group));
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
