use super::*;
use crate::bench::{
    oracle::Oracle,
    request::{Ask, Notation, Request},
};

fn coins() -> Coins {
    Oracle::new(1).unwrap().coins(Timestamp::EPOCH).unwrap()
}

fn asked(notation: Notation, version: u8, ask: Ask) -> Request {
    Request {
        at: std::time::Duration::ZERO,
        ask,
        version,
        notation,
        currencies: 1,
        is_implicit: false,
        text: None,
    }
}

#[test]
fn the_dead_have_places_only_where_a_living_coin_has_their_symbol() {
    // A demand names living coins; what it pays for are all that bear the name.
    let coins = coins();
    assert!(coins.n_places() > coins.n_active(), "the market has dead namesakes");
    let living: Vec<_> =
        coins.all[..coins.n_active()].iter().map(|coin| coin.symbol.to_uppercase()).collect();
    for dead in &coins.all[coins.n_active()..] {
        assert!(living.contains(&dead.symbol.to_uppercase()), "{}", dead.symbol);
        assert_eq!(coins.place(dead.id), None, "no demand names it");
    }
}

#[test]
fn an_answer_by_symbol_holds_all_namesakes_from_the_second_version_on() {
    // The models have to buy what the API's own answers hold, or they are cheaper than they are.
    let coins = coins();
    let of_dead = |dead: u16| coins.namesakes(dead).find(|it| usize::from(*it) < coins.n_active());
    let dead = u16::try_from(coins.n_active()).unwrap();
    let place = of_dead(dead).unwrap();
    let quotes = || Ask::Quotes(vec![place]);
    let namesakes =
        |notation, version, ask| asked(notation, version, ask).namesakes(&coins).contains(&dead);
    assert!(namesakes(Notation::Symbol, 2, quotes()));
    assert!(namesakes(Notation::Symbol, 3, quotes()));
    assert!(namesakes(Notation::Symbol, 2, Ask::Info(vec![place])));
    assert!(!namesakes(Notation::Symbol, 1, quotes()), "the first shows one coin");
    assert!(!namesakes(Notation::Symbol, 2, Ask::Simple(vec![place])), "and so do prices alone");
    assert!(!namesakes(Notation::Id, 3, quotes()));
    assert!(!namesakes(Notation::Slug, 3, quotes()));
}
