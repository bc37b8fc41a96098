use bytes::Bytes;

use super::*;

fn ids(list: &[u32]) -> Vec<CoinId> {
    list.iter().map(|id| CoinId::new(*id)).collect()
}

#[test]
fn ranked_coins_have_places_and_their_namesakes_none() {
    // Breaks if a dead coin shifts the places of the living: sweeps would miss their coins.
    let map = r#"[{"id":20,"rank":2,"symbol":"A","slug":"b"},{"id":10,"rank":1,"symbol":"A","slug":"a"},
        {"id":30,"rank":7,"symbol":"C","slug":"c"},{"id":40,"rank":null,"symbol":"A","slug":"d"}]"#;
    let ranks = Ranks::of(&Catalog::of(&Bytes::from_static(map.as_bytes())).unwrap());
    assert_eq!(ranks.order(), ids(&[10, 20, 30]));
    assert_eq!((ranks.place(CoinId::new(30)), ranks.place(CoinId::new(40))), (Some(2), None));
    assert_eq!(ranks.namesakes(), [(CoinId::new(40), CoinId::new(20))]);
    assert_eq!(ranks.n_blocks(), 1);
}

#[test]
fn a_listing_renews_the_places_that_it_tells_and_keeps_the_rest() {
    // Breaks if ranks move and nobody notices until the next map.
    let ranks = Ranks::in_order(ids(&[1, 2, 3, 4]), Vec::new());
    let renewed = ranks.renewed(&ids(&[3, 1]));
    assert_eq!(renewed.order(), ids(&[3, 1, 2, 4]));
    assert_eq!(renewed.place(CoinId::new(2)), Some(2));
}

#[test]
fn the_top_is_cut_at_blocks() {
    // Breaks if a sweep believes to hold what it does not buy.
    let ranks = Ranks::in_order(ids(&(1..=600).collect::<Vec<_>>()), Vec::new());
    let lengths: Vec<_> = (0..4).map(|n| ranks.top(n).len()).collect();
    assert_eq!((lengths, ranks.n_blocks()), (vec![0, 250, 500, 600], 3));
    assert_eq!(ranks.block(CoinId::new(251)), Some(1));
}
