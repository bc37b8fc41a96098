use http::HeaderValue;

use super::*;

fn with(key: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(KEY_HEADER, HeaderValue::from_static(key));
    headers
}

#[test]
fn a_key_is_taken_from_the_header_or_the_query_and_the_header_wins() {
    // Spreadsheets can only send the parameter.
    let none = HeaderMap::new();
    assert_eq!(key_of(&with("t-bot"), ""), Some(&b"t-bot"[..]));
    assert_eq!(key_of(&none, "id=1&CMC_PRO_API_KEY=t-web"), Some(&b"t-web"[..]));
    assert_eq!(key_of(&with("no"), "cmc_pro_api_key=t-web"), Some(&b"no"[..]));
    assert_eq!(key_of(&none, "id=1"), None);
    assert_eq!(key_of(&with(""), "id=1"), None);
}

#[test]
fn a_minute_ends_on_the_clock() {
    // `Retry-After: 0` would bring everybody back into the same minute.
    let at = |text: &str| Timestamp::parse(text).unwrap();
    assert_eq!(until_next_minute(at("2026-10-05T09:21:59.001Z")), Duration::from_millis(999));
    assert_eq!(until_next_minute(at("2026-10-05T09:22:00Z")), Duration::from_secs(60));
}
