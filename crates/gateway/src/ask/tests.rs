use http::HeaderValue;

use super::*;

fn read(pairs: &[(&'static str, &'static str)]) -> Result<Directives, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(*name, HeaderValue::from_static(value));
    }
    directives(&headers)
}

#[test]
fn cache_control_becomes_terms() {
    // The request directives of RFC 9111 map one to one.
    let asked = read(&[("cache-control", "max-age=5, max-stale=60, only-if-cached")]).unwrap();
    assert_eq!(asked.terms.max_age, Some(Duration::from_secs(5)));
    assert_eq!(asked.terms.max_stale, Some(Duration::from_secs(60)));
    assert!(asked.terms.only_if_cached);
    let anew = read(&[("cache-control", "no-cache")]).unwrap();
    assert_eq!(anew.terms.max_age, Some(Duration::ZERO));
}

#[test]
fn unknown_directives_are_ignored_and_bad_numbers_are_told() {
    // A typo in a number must not silently mean "anything goes".
    assert_eq!(read(&[("cache-control", "foo, no-transform")]), Ok(Directives::default()));
    let error = read(&[("cache-control", "max-age=soon")]).unwrap_err();
    assert_eq!(error, "\"Cache-Control: max-age\" must be a number of seconds");
    assert!(read(&[("x-cmcache-max-credits", "-1")]).is_err());
}

#[test]
fn the_price_directives_are_read() {
    // A client that wants to know the price must not be charged.
    let asked = read(&[("x-cmcache-max-credits", "3"), ("x-cmcache-dry-run", "true")]).unwrap();
    assert_eq!(asked.terms.max_credits, Some(Credits::new(3)));
    assert!(asked.dry_run);
}

#[test]
fn a_request_with_directives_is_not_plain() {
    // The short way knows no directives: it would ignore them.
    assert!(is_plain(&HeaderMap::new()));
    for name in ["cache-control", "if-none-match", "x-cmcache-dry-run", "content-length"] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static("1"));
        assert!(!is_plain(&headers), "{name}");
    }
}
