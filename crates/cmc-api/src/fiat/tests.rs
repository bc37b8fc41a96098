use std::collections::HashSet;

use super::*;

#[test]
fn there_are_93_fiats_and_4_metals() {
    // A missing one would be looked up among the coins, and priced as one.
    assert_eq!(all().len(), 97);
    assert_eq!(all().iter().filter(|fiat| fiat.is_metal()).count(), 4);
    let codes: HashSet<&str> = all().iter().map(|fiat| fiat.code).collect();
    assert_eq!(codes.len(), 97);
    assert!(all().iter().all(|fiat| fiat.code.len() == 3 && !fiat.name.is_empty()));
    assert!(all().iter().all(|fiat| fiat.is_metal() == fiat.sign.is_empty()));
}

#[test]
fn ids_are_sorted() {
    // Otherwise the search by id misses some.
    assert!(all().is_sorted_by(|one, next| one.id < next.id));
    for fiat in all() {
        assert_eq!(by_id(fiat.id), Some(fiat));
        assert_eq!(by_code(fiat.code), Some(fiat));
    }
}

#[test]
fn well_known_ones_are_found() {
    // These are what everybody converts to.
    for (code, id) in [("USD", 2781), ("eur", 2790), ("Gbp", 2791), ("JPY", 2797), ("XAU", 3575)] {
        assert_eq!(by_code(code).map(|fiat| fiat.id), Some(CoinId::new(id)));
    }
    assert_eq!(by_code("BTC"), None);
    assert_eq!(by_id(CoinId::new(1)), None);
}
