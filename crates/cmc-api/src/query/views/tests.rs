use super::*;

#[test]
fn blocks_are_only_bought_where_they_cost_no_more_than_the_page() {
    // A page that straddles two blocks would cost two credits instead of one.
    assert_eq!(aligned(1, 100, 250, 5_000), (1, 250));
    assert_eq!(aligned(101, 100, 250, 5_000), (1, 250));
    assert_eq!(aligned(201, 100, 250, 5_000), (201, 100));
    assert_eq!(aligned(1, 251, 250, 5_000), (1, 500));
    assert_eq!(aligned(251, 250, 250, 5_000), (251, 250));
    assert_eq!(aligned(1, 1_000, 300, 1_000), (1, 1_000));
}

#[test]
fn a_view_of_categories_costs_what_its_page_costs() {
    // A page of one row must not reserve what a thousand rows cost.
    let ask = |raw: &str| {
        let path = "/v1/cryptocurrency/categories";
        let catalogue = crate::Catalogue::embedded();
        Query::parse(&catalogue, "GET", path, raw, bytes::Bytes::new()).unwrap().ask()
    };
    let Ask::View(view) = ask("start=3&limit=1") else { panic!("not a view") };
    assert_eq!((view.source.get("start"), view.source.get("limit")), (Some("1"), Some("200")));
    assert_eq!((view.skip, view.take), (2, Some(1)));
    assert_eq!(ask("start=3"), Ask::Whole, "all of them");
}
