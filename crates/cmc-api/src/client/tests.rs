use std::collections::BTreeSet;

use bytes::Bytes;

use super::*;
use crate::{
    client::table::Row, error::Charge, operation::Method, reply::Reply, scripted::ScriptedUpstream,
};

const TABLES: &[&[Row]] = &[
    ai::ROWS,
    assets::ROWS,
    categories::ROWS,
    coins::ROWS,
    content::ROWS,
    derivatives::ROWS,
    dex::ROWS,
    exchanges::ROWS,
    legacy::ROWS,
    listings::ROWS,
    markets::ROWS,
    pairs::ROWS,
    rankings::ROWS,
    sentiment::ROWS,
    series::ROWS,
    tokens::ROWS,
    tools::ROWS,
];

#[test]
fn every_operation_has_one_builder_that_knows_all_its_parameters() {
    // Breaks: an operation of the catalogue could not be called from Rust, or by halves.
    let rows: Vec<&Row> = TABLES.iter().copied().flatten().collect();
    let catalogue = Catalogue::embedded();
    assert_eq!(rows.len(), catalogue.operations().len());
    for operation in catalogue.operations() {
        let found: Vec<_> = rows
            .iter()
            .filter(|row| row.method == operation.method && row.path == &*operation.path)
            .collect();
        let [row] = found[..] else { panic!("{}: {} builders", operation.path, found.len()) };
        let known: BTreeSet<&str> = row.params.iter().copied().collect();
        let listed: BTreeSet<&str> = operation.params.iter().map(|param| &*param.name).collect();
        assert_eq!(known, listed, "{}", operation.path);
        assert_eq!(known.len(), row.params.len(), "{}: a setter twice", operation.path);
    }
}

#[tokio::test]
async fn a_refused_question_is_not_sent() {
    // Breaks: a mistake that is known here would cost a request.
    let upstream = ScriptedUpstream::new();
    let client = Client::new(upstream.clone());
    let refused = client.quotes_latest().send().await;
    let Err(ClientError::Query(error)) = refused else { panic!("{refused:?}") };
    assert!(error.message.contains("at least one of"), "{error}");
    assert_eq!(upstream.n_calls(), 0);
}

#[tokio::test]
async fn parameters_reach_the_wire_in_the_apis_own_form() {
    let upstream = ScriptedUpstream::new();
    let client = Client::new(upstream.clone());
    let asked = client
        .simple_price()
        .ids([1, 1027])
        .converts(["USD", "EUR"])
        .include_all(true)
        .precision(2)
        .param("precision", 4);
    assert!(asked.clone().send().await.is_err(), "the script refuses");
    let sent = upstream.calls()[0].query().to_owned();
    for pair in ["id=1%2C1027", "convert=USD%2CEUR", "include_all=true", "precision=4"] {
        assert!(sent.contains(pair) || sent.contains(&pair.replace("%2C", ",")), "{sent}");
    }
    let posted = client.dex_tokens().body(&serde_json::json!({"platform": "ethereum"}));
    assert!(posted.send().await.is_err(), "the script refuses");
    let call = &upstream.calls()[1];
    assert_eq!(
        (call.method(), &call.body()[..]),
        (Method::Post, &br#"{"platform":"ethereum"}"#[..])
    );
}

#[test]
fn no_key_is_ever_shown() {
    // Breaks: a key would land in a log.
    let client = Client::at("http://127.0.0.1:9", "secret-key").unwrap();
    let builder = client.key_info().param("CMC_PRO_API_KEY", "secret-key");
    for shown in [format!("{client:?}"), format!("{builder:?}")] {
        assert!(!shown.contains("secret"), "{shown}");
    }
}

fn answering(body: &'static str) -> Client {
    Client::new(ScriptedUpstream::answering(move |_| {
        Reply::read(200, Bytes::from_static(body.as_bytes()))
    }))
}

#[tokio::test]
async fn what_no_type_knows_is_in_the_raw_answer() {
    // Breaks: a key that upstream adds tomorrow could not be read before the next release.
    let client = answering(
        r#"{"data":[{"id":1,"novel":1.50,"quote":[{"symbol":"USD","price":0.10}]}],
            "status":{"timestamp":"2026-10-05T09:14:31.207Z","error_code":"0","credit_count":1}}"#,
    );
    let coins = client.quotes_latest().ids([1]).send().await.unwrap();
    assert_eq!(coins.data[0].quote.get("USD").unwrap().price.as_ref().unwrap(), &"0.10");
    assert!(std::str::from_utf8(&coins.raw).unwrap().contains(r#""novel":1.50"#));
    assert_eq!(coins.charge, Charge::Exactly(credits::Credits::new(1)));
}

#[tokio::test]
async fn an_odd_answer_is_told_with_its_place() {
    // Breaks: nobody could tell which of five thousand coins is odd.
    let client = answering(
        r#"{"data":[{"id":1},{"id":2,"quote":{"USD":{"price":[]}}}],
            "status":{"timestamp":"2026-10-05T09:14:31.207Z","error_code":0,"credit_count":1}}"#,
    );
    let odd = client.quotes_latest().ids([1]).send().await.unwrap_err();
    let ClientError::Shape { path, problem } = odd else { panic!("{odd:?}") };
    assert!(path.starts_with("[1].quote"), "{path}");
    assert!(problem.contains("expected a number"), "{problem}");
}
