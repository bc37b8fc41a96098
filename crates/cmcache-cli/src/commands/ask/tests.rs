use super::*;

fn asked(what: &str, parameters: &[&str]) -> Asked {
    let parameters = parameters.iter().map(|text| (*text).to_owned()).collect();
    Asked { what: what.to_owned(), parameters, ..Asked::default() }
}

fn typed(what: &str, parameters: &[&str]) -> String {
    target(&asked(what, parameters)).unwrap()
}

#[test]
fn friendly_names_stand_for_the_newest_version() {
    // People type symbols, not paths.
    assert_eq!(
        typed("quotes", &["BTC,ETH", "convert=EUR"]),
        "/v3/cryptocurrency/quotes/latest?symbol=BTC,ETH&convert=EUR"
    );
    assert_eq!(typed("quotes", &["1,1027"]), "/v3/cryptocurrency/quotes/latest?id=1,1027");
    assert_eq!(
        typed("convert", &["2.5", "BTC", "EUR"]),
        "/v2/tools/price-conversion?amount=2.5&symbol=BTC&convert=EUR"
    );
    assert_eq!(typed("listings", &["5"]), "/v3/cryptocurrency/listings/latest?limit=5");
    assert_eq!(typed("global", &[]), "/v1/global-metrics/quotes/latest");
}

#[test]
fn a_path_is_taken_as_it_is() {
    // What a client sends can be pasted.
    assert_eq!(typed("/v1/key/info", &[]), "/v1/key/info");
    assert_eq!(typed("/v1/x?a=1", &["b=2 3&c"]), "/v1/x?a=1&b=2%203%26c");
}

#[test]
fn options_are_parameters_too() {
    // The README promises --symbol.
    let symbol = Some("BTC".to_owned());
    let asked = Asked { symbol, limit: Some("7".to_owned()), ..asked("map", &[]) };
    assert_eq!(target(&asked).unwrap(), "/v1/cryptocurrency/map?symbol=BTC&limit=7");
}

#[test]
fn what_cannot_be_meant_is_a_mistake_of_usage() {
    // Rather than a request that the API refuses.
    for (what, parameters) in
        [("quote", vec![]), ("global", vec!["EUR", "USD"]), ("/v1/x", vec!["1"])]
    {
        assert!(target(&asked(what, &parameters)).is_err(), "{what}");
    }
}
