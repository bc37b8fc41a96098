use super::*;

fn coin(id: u32) -> Option<CoinId> {
    Some(CoinId::new(id))
}

/// The parts of what is told are the whole, however much of it is asked for.
fn check(charges: &CoinCharges, credits: u64) {
    for n in [0, 1, 7, usize::MAX] {
        let told = charges.top(n);
        let parts: u64 = told.coins.iter().map(|(_, charged)| charged).sum();
        assert_eq!(told.total, credits * MICROS);
        assert_eq!(parts + told.of_no_coin + told.of_others, told.total, "{n}: {told:?}");
    }
}

#[test]
fn the_shares_of_a_call_sum_up_to_what_it_was_charged() {
    // Breaks: the page tells of credits that nobody paid, or loses some that were.
    let charges = CoinCharges::default();
    charges.book(Credits::new(1), &[coin(1), coin(2), coin(3)]);
    let told = charges.top(9).coins;
    let ids = told.iter().map(|(coin, charged)| (coin.get(), *charged));
    assert_eq!(ids.collect::<Vec<_>>(), [(1, 333_334), (2, 333_333), (3, 333_333)]);
    charges.book(Credits::new(2), &[None, coin(3)]);
    charges.book(Credits::new(5), &[]);
    assert_eq!(charges.top(1).of_no_coin, 6 * MICROS);
    assert_eq!(charges.top(1).coins, [(CoinId::new(3), 1_333_333)]);
    check(&charges, 8);
}

#[test]
fn whatever_is_bought_no_millionth_is_lost() {
    // Breaks: rounding takes or gives a little with each call, and the sums drift.
    let mut rng = fastrand::Rng::with_seed(7);
    let charges = CoinCharges::default();
    let mut credits = 0;
    for _ in 0..2_000 {
        let charged = rng.u64(1..40);
        let n_payers = rng.usize(0..300);
        let payers: Vec<_> =
            (0..n_payers).map(|_| rng.bool().then(|| CoinId::new(rng.u32(1..30_000)))).collect();
        charges.book(Credits::new(charged), &payers);
        credits += charged;
    }
    check(&charges, credits);
    assert!(charges.top(usize::MAX).coins.len() <= limits::CHARGED_COINS_MAX);
}

#[test]
fn where_there_are_too_many_coins_the_cheapest_go() {
    // Breaks: the table grows for as long as somebody asks for one coin after another, or forgets
    // the coin for which most was paid.
    let charges = CoinCharges::default();
    charges.book(Credits::new(1_000), &[coin(1)]);
    let n_coins = u32::try_from(2 * limits::CHARGED_COINS_MAX).unwrap();
    (2..=n_coins).for_each(|id| charges.book(Credits::new(1), &[coin(id)]));
    let told = charges.top(usize::MAX);
    assert!(told.coins.len() <= limits::CHARGED_COINS_MAX);
    assert_eq!(told.coins[0], (CoinId::new(1), 1_000 * MICROS));
    assert!(told.of_others > 0);
    check(&charges, 1_000 + u64::from(n_coins) - 1);
}
