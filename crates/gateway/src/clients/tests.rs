use http::HeaderValue;

use super::*;

fn clients() -> Clients {
    let token = |text: &str| Secret::new(text);
    Clients::new(&[("web".to_owned(), token("t-web")), ("bot".to_owned(), token("t-bot"))])
}

fn with(key: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(KEY_HEADER, HeaderValue::from_static(key));
    headers
}

#[test]
fn without_clients_any_key_or_none_is_let_in() {
    // On loopback an existing program must work without any set-up.
    let open = Clients::new(&[]);
    assert_eq!(open.check(&HeaderMap::new(), ""), Ok(None));
    assert_eq!(open.check(&with("whatever"), ""), Ok(None));
}

#[test]
fn a_missing_key_and_an_unknown_one_are_told_apart() {
    // Clients branch on 1002 and 1001.
    assert_eq!(clients().check(&HeaderMap::new(), "id=1"), Err(Refused::Missing));
    assert_eq!(clients().check(&with(""), ""), Err(Refused::Missing));
    assert_eq!(clients().check(&with("t-wex"), ""), Err(Refused::Unknown));
}

#[test]
fn a_key_is_taken_from_the_header_or_the_query_and_the_header_wins() {
    // Spreadsheets can only send the parameter.
    assert_eq!(clients().check(&with("t-bot"), ""), Ok(Some(Known(1))));
    assert_eq!(
        clients().check(&HeaderMap::new(), "id=1&CMC_PRO_API_KEY=t-web"),
        Ok(Some(Known(0)))
    );
    assert_eq!(clients().check(&with("no"), "cmc_pro_api_key=t-web"), Err(Refused::Unknown));
}

#[test]
fn tokens_are_not_shown() {
    // Debug ends in logs.
    assert!(!format!("{:?}", clients()).contains("t-web"));
}

#[test]
fn requests_are_counted_per_client_and_minute() {
    // A client must not see another's requests, nor those of a minute ago.
    let clients = clients();
    let at = |text: &str| Timestamp::parse(text).unwrap();
    let first = at("2026-10-05T09:21:59Z");
    assert_eq!(clients.count(Known(0), first), 1);
    assert_eq!(clients.count(Known(0), first), 2);
    assert_eq!(clients.count(Known(1), first), 1);
    assert_eq!(clients.count(Known(0), at("2026-10-05T09:22:00Z")), 1);
}
