use super::*;

const SIM: [&str; 2] = ["--upstream", "sim"];

fn ask(arguments: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &[arguments, &SIM].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
    assert_eq!(err(&output), "", "{arguments:?}");
    output
}

#[test]
fn quotes_are_a_table_for_people() {
    // A row per coin and currency, whichever way they are named.
    let output = ask(&["get", "quotes", "1,1027", "--convert", "USD"]);
    let lines: Vec<&str> = out(&output).lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].contains("price") && lines[1].contains("Bitcoin"), "{lines:?}");
    assert!(lines.iter().all(|line| !line.ends_with(' ')));
}

#[test]
fn json_is_the_body_as_the_api_would_have_sent_it() {
    // It can be piped wherever an answer of the API can.
    let output = ask(&["get", "/v2/cryptocurrency/quotes/latest?id=1", "--json"]);
    let body: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(body["status"]["error_code"], 0);
    assert_eq!(body["status"]["credit_count"], 1);
    assert_eq!(body["data"]["1"]["symbol"], "BTC");
}

#[test]
fn csv_has_a_heading_and_a_row_each() {
    // Spreadsheets read it.
    let output = ask(&["get", "listings", "3", "--csv"]);
    let lines: Vec<&str> = out(&output).lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[0].starts_with("cmc_rank,id,name,symbol"), "{lines:?}");
    assert!(lines[1].starts_with("1,1,Bitcoin,BTC"), "{lines:?}");
}

#[test]
fn a_price_is_told_before_anything_is_spent() {
    // 300 cold coins are two blocks of 250.
    let ids: Vec<String> = (1..=300).map(|id| id.to_string()).collect();
    let output = ask(&["price", "quotes", &ids.join(","), "skip_invalid=true", "--json"]);
    let price: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(price["credits_without_cache"], 2);
    assert!(price["credits_with_cache"].as_u64().unwrap() <= 2);
    assert!(!price["calls"].as_array().unwrap().is_empty());
}

#[test]
fn each_kind_of_failure_has_its_code() {
    // Scripts branch on them.
    let dir = tempfile::tempdir().unwrap();
    let sim = |words: &[&'static str]| [words, &SIM].concat();
    check_refused(dir.path(), &sim(&["get", "quotes"]), 2, "at least one of");
    check_refused(
        dir.path(),
        &sim(&["get", "quotes", "1", "--set", "budget.month=0"]),
        5,
        "budget",
    );
    let dead = ["get", "global", "--upstream", "http://127.0.0.1:9", "--set", "upstream.key=k"];
    check_refused(dir.path(), &[&dead[..], &["--set", "upstream.retries=0"]].concat(), 4, "");
}
