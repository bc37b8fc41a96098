use super::*;

fn asked(what: &str, words: &[&str]) -> Asked {
    let words = words.iter().map(|text| (*text).to_owned()).collect();
    Asked { what: what.to_owned(), words, ..Asked::default() }
}

fn of(asked: &Asked) -> Result<Target, Failure> {
    Target::of(asked, &Catalogue::embedded())
}

fn typed(what: &str, words: &[&str]) -> String {
    of(&asked(what, words)).unwrap().text()
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
        let refused = format!("{:?}", of(&asked(what, &words)).unwrap_err());
        assert!(refused.contains(hint), "{what}: {refused}");
    }
}

#[test]
fn what_cannot_be_meant_is_a_mistake_of_usage() {
    // Rather than a request that the API refuses.
    for (what, words) in [("global", vec!["EUR", "USD"]), ("/v1/key/info", vec!["1"])] {
        assert!(of(&asked(what, &words)).is_err(), "{what}");
    }
    assert!(of(&asked("listings", &["0"])).unwrap().check(&Catalogue::embedded()).is_err());
}

#[test]
fn an_operators_catalogue_decides_what_there_is() {
    // An operation that came after this program was built is typed as any other.
    let catalogue = Catalogue::embedded();
    let (path, newer) = ("/v3/fear-and-greed/latest", "/v4/fear-and-greed/latest");
    assert!(friendly::operation_of(newer, &catalogue).is_none());
    let json = include_str!("../../../../../cmc-api/data/endpoints-2026-10.json");
    let row = |path: &str, version| format!("\"path\":\"{path}\",\"version\":{version}");
    let newest = json.replace(&row(path, 3), &row(newer, 4));
    let newest = Catalogue::from_json(&newest).unwrap();
    let target = Target::of(&asked(newer, &[]), &newest).unwrap();
    assert!(target.operation.is_some());
    assert!(Target::of(&asked(newer, &["limit=1"]), &newest).is_err(), "it takes none");
}
