use super::*;

const SIM: [&str; 2] = ["--upstream", "sim"];

fn ask(arguments: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &[arguments, &SIM].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", err(&output));
    assert_eq!(err(&output).lines().count(), usize::from(arguments[0] == "get"), "{arguments:?}");
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
fn raw_is_the_body_and_json_its_data_byte_for_byte() {
    // Both can be piped wherever an answer of the API can.
    let output = ask(&["get", "/v2/cryptocurrency/quotes/latest?id=1", "--raw"]);
    let body: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(body["status"]["error_code"], 0);
    assert_eq!(body["status"]["credit_count"], 1);
    assert_eq!(body["data"]["1"]["symbol"], "BTC");
    assert!(err(&output).contains("cold, 0 s old, 1 credit"), "{}", err(&output));
    let output = ask(&["get", "/v2/cryptocurrency/quotes/latest", "--id", "1", "--json"]);
    let data: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(data["1"]["symbol"], "BTC");
}

#[test]
fn csv_has_a_heading_and_a_line_per_object_with_all_its_fields() {
    // Spreadsheets read it.
    let output = ask(&["get", "listings", "3", "convert=USD,EUR", "--csv"]);
    let lines: Vec<&str> = out(&output).split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[0].contains("quote.USD.price") && lines[0].contains("quote.EUR.price"));
    assert!(lines[1].contains("\"[\"\"mineable\"\""), "{}", lines[1]);
    assert!(lines[1].contains(",1,Bitcoin,BTC,bitcoin,"), "{}", lines[1]);
}

#[test]
fn a_table_fits_and_shows_what_it_shortened() {
    // Lines that wrap are no table.
    for width in ["30", "60", "100"] {
        let output = ask(&["get", "listings", "20", "--width", width]);
        let lines: Vec<&str> = out(&output).lines().collect();
        assert_eq!(lines.len(), 21);
        let max: usize = width.parse().unwrap();
        assert!(lines.iter().all(|line| line.chars().count() <= max), "{width}: {lines:?}");
    }
    let wide = ask(&["get", "listings", "1"]);
    assert!(out(&wide).contains("last_updated"), "elsewhere nothing is cut: {}", out(&wide));
    assert!(!out(&wide).contains('…'));
}

#[test]
fn pages_are_read_until_there_are_none() {
    // 8,000 coins and more, 5,000 a page.
    let output = ask(&["get", "map", "--all", "--json"]);
    let all: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(all.len() > 5_000, "{}", all.len());
    let mut ids: Vec<u64> = all.iter().map(|coin| coin["id"].as_u64().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), all.len(), "no coin twice");
}

#[test]
fn a_symbol_of_several_coins_is_refused_with_candidates() {
    // The first may be a namesake of what was meant.
    let dir = tempfile::tempdir().unwrap();
    let refused = [&["get", "quotes", "BTC"], &SIM[..]].concat();
    check_refused(dir.path(), &refused, 2, "coins have the symbol BTC");
    let output = run(dir.path(), &[&refused[..], &["--json"]].concat());
    let error: Value = serde_json::from_str(err(&output).lines().last().unwrap()).unwrap();
    let first = &error["error"]["candidates"][0];
    assert_eq!((&first["id"], &first["slug"]), (&1.into(), &"bitcoin".into()), "{error}");
    let output = ask(&["get", "quotes", "BTC", "--first"]);
    assert!(out(&output).contains("Bitcoin"), "{}", out(&output));
    let unknown = [&["get", "quotes", "ETHH"], &SIM[..]].concat();
    check_refused(dir.path(), &unknown, 1, "--id 1027");
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
