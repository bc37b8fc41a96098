use super::*;

fn bench(arguments: &[&str]) -> Value {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &[&["bench", "credits", "--json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn credits_of(rate: &Value, name: &str) -> f64 {
    let schemes = rate["schemes"].as_array().unwrap();
    let scheme = schemes.iter().find(|scheme| scheme["name"] == name);
    scheme.unwrap_or_else(|| panic!("no {name}"))["credits"].as_f64().unwrap()
}

#[test]
fn the_promises_of_the_bench_hold_in_small() {
    // What must hold for every demand, and the order of the schemes; docs/credits.md has more.
    let told = bench(&["--quick", "--no-rules"]);
    let rate = &told["rates"][0];
    let ours = &rate["cmcache"];
    assert!(rate["requests"].as_u64().unwrap() > 1_000);
    assert!(ours["age_ms"]["max"].as_f64().unwrap() <= 60_000.0, "{ours}");
    assert!(ours["compared"].as_u64().unwrap() > 2_000, "{ours}");
    for never in ["wrong", "failed", "stale", "refused_by_upstream", "older_than_told"] {
        assert_eq!(ours[never], 0, "{never}: {ours}");
    }
    let credits = ours["credits"].as_f64().unwrap();
    let bound = rate["bound"]["credits"].as_f64().unwrap();
    assert!(bound > 0.0 && bound <= credits, "nothing is below the bound: {rate}");
    assert!(credits <= 7.0 * bound, "{credits} and {bound}");
    assert!(5.0 * credits <= credits_of(rate, "cache by URL"), "{rate}");
    assert!(8.0 * credits <= credits_of(rate, "the guide's cache by symbol"), "{rate}");
}

#[test]
fn the_bench_replays_a_log_and_draws_what_it_found() {
    // Whoever has a log wants to know what it would have cost.
    let dir = tempfile::tempdir().unwrap();
    let line = |second: u32, path: &str| {
        format!(
            "10.0.0.1 - - [05/Oct/2026:09:{:02}:{:02} +0000] \"GET {path} HTTP/1.1\" 200 9\n",
            second / 60,
            second % 60
        )
    };
    let quote = "/v2/cryptocurrency/quotes/latest?symbol=BTC,ETH";
    let page = "/v1/cryptocurrency/listings/latest?limit=20";
    let lines = (0..150).map(|second| line(second, if second % 2 == 0 { quote } else { page }));
    let log = lines.collect::<String>() + "nonsense\n";
    std::fs::write(dir.path().join("a.log"), log).unwrap();
    let words =
        ["bench", "credits", "--log", "a.log", "--no-rules", "--svg", "bench.svg", "--json"];
    let output = run(dir.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("lines left out: 1"), "{}", err(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rate = &told["rates"][0];
    assert_eq!((rate["requests"].as_u64(), credits_of(rate, "no cache")), (Some(150), 150.0));
    // Three lives of a minute, of one question each.
    assert_eq!(credits_of(rate, "cache by URL"), 6.0);
    assert!(rate["cmcache"]["credits"].as_u64().unwrap() <= 6, "{rate}");
    let picture = std::fs::read_to_string(dir.path().join("bench.svg")).unwrap();
    assert!(picture.starts_with("<svg") && picture.contains(">cmcache<"), "{picture}");
}

#[test]
fn the_bench_refuses_what_it_cannot_play() {
    // A demand of nothing, or a log of nothing.
    let dir = tempfile::tempdir().unwrap();
    check_refused(dir.path(), &["bench", "credits", "--rate", "0"], 2, "more than 0");
    check_refused(dir.path(), &["bench", "credits", "--seeds", "x"], 2, "x");
    check_refused(dir.path(), &["bench", "credits", "--log", "nowhere"], 8, "nowhere");
}
