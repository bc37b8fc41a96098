use super::*;

fn asked(what: &str, words: &[&str]) -> Asked {
    let words = words.iter().map(|text| (*text).to_owned()).collect();
    Asked { what: what.to_owned(), words, ..Asked::default() }
}

fn typed(what: &str, words: &[&str]) -> String {
    Target::of(&asked(what, words)).unwrap().text()
}

#[test]
fn friendly_names_stand_for_the_newest_version() {
    // People type symbols, not paths.
    assert_eq!(
        typed("quotes", &["BTC,ETH", "convert=EUR"]),
        "/v3/cryptocurrency/quotes/latest?symbol=BTC,ETH&convert=EUR"
    );
    assert_eq!(typed("price", &["1,1027"]), "/v3/cryptocurrency/quotes/latest?id=1,1027");
    assert_eq!(
        typed("convert", &["2.5", "BTC", "EUR"]),
        "/v2/tools/price-conversion?amount=2.5&symbol=BTC&convert=EUR"
    );
    assert_eq!(typed("top", &["5"]), "/v3/cryptocurrency/listings/latest?limit=5");
    assert_eq!(typed("global", &[]), "/v1/global-metrics/quotes/latest");
}

#[test]
fn a_path_is_taken_as_it_is() {
    // What a client sends can be pasted.
    assert_eq!(typed("/v1/key/info", &[]), "/v1/key/info");
    assert_eq!(typed("/v9/x?a=1%2C2", &["b=2 3&c"]), "/v9/x?a=1,2&b=2%203%26c");
}

#[test]
fn an_unknown_parameter_is_refused_with_the_nearest_word() {
    // Before anything is asked.
    for (what, words, hint) in [
        ("quotes", "convrt=EUR", "did you mean `convert`?"),
        ("/v1/cryptocurrency/map?lmit=3", "", "did you mean `limit`?"),
        ("/v1/key/info", "zzzzzz=1", "it takes none"),
    ] {
        let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let refused = format!("{:?}", Target::of(&asked(what, &words)).unwrap_err());
        assert!(refused.contains(hint), "{what}: {refused}");
    }
}

#[test]
fn what_cannot_be_meant_is_a_mistake_of_usage() {
    // Rather than a request that the API refuses.
    for (what, words) in [("global", vec!["EUR", "USD"]), ("/v1/key/info", vec!["1"])] {
        assert!(Target::of(&asked(what, &words)).is_err(), "{what}");
    }
    assert!(Target::of(&asked("listings", &["0"])).unwrap().check().is_err());
}
