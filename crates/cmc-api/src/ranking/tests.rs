use bytes::Bytes;

use super::*;
use crate::{Catalogue, Method};

fn ranking(path: &str, raw: &str) -> Ranking {
    let query = Query::parse(&Catalogue::embedded(), "GET", path, raw, Bytes::new());
    Ranking::of(&query.unwrap())
}

/// What a listing in `raw` is a page of, whichever the version.
fn check(raw: &str, params: &str) {
    for version in ["v1", "v3"] {
        let path = format!("/{version}/cryptocurrency/listings/latest");
        assert_eq!(ranking(&path, raw).to_params(), params, "{path}?{raw}");
    }
}

#[test]
fn the_direction_follows_from_the_order() {
    // Names ascend and numbers descend unless asked otherwise, in every version.
    check("", "sort=market_cap&sort_dir=desc");
    check("sort=name", "sort=name&sort_dir=asc");
    check("sort=symbol&sort_dir=desc", "sort=symbol&sort_dir=desc");
    check("sort=date_added", "sort=date_added&sort_dir=desc");
    assert_eq!(ranking("/v1/cryptocurrency/listings/latest", ""), Ranking::default());
}

#[test]
fn choices_are_part_of_the_ranking() {
    // A page of all coins would be served as a page of tokens.
    check(
        "volume_24h_min=10.50&price_max=2&cryptocurrency_type=tokens&tag=defi",
        "sort=market_cap&sort_dir=desc&cryptocurrency_type=tokens&tag=defi&price_max=2\
         &volume_24h_min=10.5",
    );
    let free = ranking("/v3/cryptocurrency/listings/latest", "tag=a%26b%3Dc");
    assert_eq!(free.as_str(), "sort=market_cap&sort_dir=desc&tag=a%26b%3Dc");
    assert_eq!(Ranking::new(free.as_str()), free);
}

#[test]
fn every_filter_that_v3_takes_is_part_of_the_ranking() {
    // A filter that is left out would answer with coins that were not asked for.
    let catalogue = Catalogue::embedded();
    let listings = catalogue.find(Method::Get, "/v3/cryptocurrency/listings/latest").unwrap();
    let is_filter = |name: &str| name.ends_with("_min") || name.ends_with("_max");
    let mut names: Vec<&str> = listings.params.iter().map(|param| &*param.name).collect();
    names.retain(|name| is_filter(name));
    names.sort_unstable();
    assert_eq!(names, FILTERS);
}
