use cache_tiers::Meta;

use super::*;

fn decode(entity: &Entity, body: &str, tier: Option<usize>) -> Option<Held> {
    let entry = Entry { body: Bytes::copy_from_slice(body.as_bytes()), meta: Meta::default() };
    Held::decode(entity, &entry, tier)
}

fn block() -> Entity {
    Entity::Block { ranking: cmc_api::Ranking::by_rank(), currency: CoinId::USD, block: 0 }
}

#[test]
fn what_a_tier_holds_under_the_wrong_name_is_nothing() {
    // Breaks if foreign bytes reach an answer.
    let quote = Entity::Quote { coin: CoinId::new(1), currency: CoinId::USD };
    let whole = Entity::Whole { canonical: "/x".into() };
    let info = Entity::Info { coin: CoinId::new(1) };
    for entity in [quote, whole, info, Entity::Map, block()] {
        for body in ["x", "[1,", "{", "\u{0}", "1,x"] {
            assert!(decode(&entity, body, Some(0)).is_none(), "{entity}: {body}");
        }
    }
}

#[test]
fn a_block_is_its_ids_in_order() {
    // Breaks if an empty block, which says that the ranking has ended, looks broken.
    for (body, expected) in [("", vec![]), ("7", vec![7]), ("7,1,30", vec![7, 1, 30])] {
        let held = decode(&block(), body, Some(0)).unwrap();
        let Content::Block(ids) = held.content else { panic!("{body}") };
        assert_eq!(ids.iter().map(|id| id.get()).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_shape_is_rendered_once_and_the_number_of_shapes_is_bounded() {
    // Breaks if the hit path renders again, or odd aux combinations fill the memory.
    let quote = Entity::Quote { coin: CoinId::new(1), currency: CoinId::USD };
    let body = r#"{"id":1,"quote":[{"price":1.0}]}"#;
    let held = decode(&quote, body, None).unwrap();
    let coin = held.coin().unwrap();
    let form = |depth| Form::Coin(CoinForm::QuotesV1, Aux::NONE, depth);
    let first = coin.render(form(3)).unwrap();
    assert!(Arc::ptr_eq(&first, &coin.render(form(3)).unwrap()));
    for depth in 0..50 {
        coin.render(form(depth)).unwrap();
    }
    assert!(coin.renders.lock().unwrap().len() <= limits::RENDERS_PER_COIN_MAX);
}

#[test]
fn a_market_cap_that_is_not_a_number_counts_as_none() {
    // Breaks if a null makes a coin the largest, or an order unstable.
    let quote = Entity::Quote { coin: CoinId::new(1), currency: CoinId::USD };
    for (cap, expected) in [("1E3", 1_000.0), ("null", 0.0), ("\"x\"", 0.0)] {
        let body = format!(r#"{{"id":1,"quote":[{{"market_cap":{cap}}}]}}"#);
        let held = decode(&quote, &body, None).unwrap();
        assert!((held.coin().unwrap().market_cap() - expected).abs() < f64::EPSILON, "{cap}");
    }
}
