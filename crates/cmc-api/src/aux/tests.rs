use super::*;
use crate::{Catalogue, Method, ParamKind};

#[test]
fn the_sets_are_the_words_of_the_catalogue() {
    // A field that validation takes but no bit stands for would be dropped in silence.
    let words = |path: &str| {
        let catalogue = Catalogue::embedded();
        let operation = catalogue.find(Method::Get, path).unwrap();
        match &operation.param("aux").unwrap().kind {
            ParamKind::Aux(words) => words.join(","),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(words("/v3/cryptocurrency/quotes/latest"), Aux::QUOTES_ALL.to_param());
    assert_eq!(words("/v1/cryptocurrency/listings/latest"), Aux::LISTINGS_ALL.to_param());
    assert_eq!(words("/v2/cryptocurrency/info"), InfoAux::ALL.to_param());
    assert_eq!(words("/v1/cryptocurrency/map"), MapAux::ALL.to_param());
}

#[test]
fn the_defaults_are_those_of_the_catalogue() {
    // They are applied both by text and by bit.
    let default = |path: &str| {
        let catalogue = Catalogue::embedded();
        let operation = catalogue.find(Method::Get, path).unwrap();
        operation.param("aux").unwrap().default.as_deref().unwrap().to_owned()
    };
    for version in 1..=3 {
        let list = default(&format!("/v{version}/cryptocurrency/quotes/latest"));
        assert_eq!(Aux::parse(&list), Aux::QUOTES_DEFAULT);
    }
    let list = default("/v3/cryptocurrency/listings/latest");
    assert_eq!(Aux::parse(&list), Aux::LISTINGS_DEFAULT);
    assert_eq!(InfoAux::parse(&default("/v2/cryptocurrency/info")), InfoAux::DEFAULT);
    assert_eq!(MapAux::parse(&default("/v1/cryptocurrency/map")), MapAux::DEFAULT);
}

#[test]
fn a_set_is_printed_as_it_is_read() {
    // The order of the request must not show.
    let set = Aux::parse("tags,cmc_rank,unheard_of");
    assert_eq!(set, Aux::CMC_RANK.with(Aux::TAGS));
    assert_eq!(set.to_param(), "cmc_rank,tags");
    assert!(set.contains(Aux::TAGS) && set.contains(Aux::NONE));
    assert!(!set.contains(Aux::TAGS.with(Aux::PLATFORM)));
    assert_eq!(Aux::key("price"), None);
    assert_eq!(format!("{set:?}"), "Aux(cmc_rank,tags)");
}
