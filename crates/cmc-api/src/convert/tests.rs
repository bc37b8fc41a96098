use super::*;

#[test]
fn currencies_are_a_set_in_request_order() {
    // A currency named twice would be paid for twice.
    let symbols = Converts::symbols("eur,USD,EUR");
    assert_eq!(symbols, Converts::Symbols(vec!["EUR".into(), "USD".into()]));
    let ids = Converts::ids("2790,1,2790");
    assert_eq!(ids, Converts::Ids(vec![CoinId::new(2790), CoinId::new(1)]));
    assert_eq!((ids.len(), ids.is_empty(), ids.name()), (2, false, "convert_id"));
    assert_eq!((Converts::usd().len(), Converts::usd().name()), (1, "convert"));
}
