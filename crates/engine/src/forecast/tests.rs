use std::time::Duration;

use super::*;

const START: Timestamp = Timestamp::from_millis(1_000_000_000);
const EUR: CoinId = CoinId::new(2_790);

fn ranks(n: u32) -> Ranks {
    Ranks::in_order((1..=n).map(CoinId::new).collect(), vec![(CoinId::new(9_999), CoinId::new(n))])
}

fn after_minutes(tally: &mut Tally, minutes: u64, ask: impl Fn(u64, &mut dyn FnMut(u32, CoinId))) {
    for second in 0..minutes * 60 {
        let now = START.after(Duration::from_secs(second));
        ask(second, &mut |coin, currency| tally.add((CoinId::new(coin), currency), 1.0, now));
    }
}

fn rate(forecast: &Forecast, currency: CoinId, coin: u32) -> f64 {
    let coins = forecast.coins(currency);
    coins.iter().find(|expected| expected.coin.get() == coin).unwrap().rate
}

#[test]
fn before_anything_is_counted_the_ranks_decide() {
    // Breaks if the first block that is paid for is filled at random.
    let forecast = Forecast::of(&Tally::new(START), &ranks(1_000), &[], START);
    let first: Vec<_> = forecast.coins(EUR).iter().map(|expected| expected.coin.get()).collect();
    assert_eq!(first[..3], [1, 2, 3]);
    assert_eq!(first.len(), 1_001);
}

#[test]
fn what_is_counted_often_is_believed_and_what_is_not_is_like_its_neighbours() {
    // Breaks if a coin that was not asked for yet is believed never to be.
    let mut tally = Tally::new(START);
    after_minutes(&mut tally, 20, |second, ask| {
        ask(1, CoinId::USD);
        // The block from 251 on: one after the other.
        ask(251 + u32::try_from(second % 240).unwrap(), CoinId::USD);
    });
    let now = START.after(Duration::from_secs(1_200));
    let forecast = Forecast::of(&tally, &ranks(1_000), &[], now);
    assert!((0.9..1.1).contains(&rate(&forecast, CoinId::USD, 1)));
    // 500 was never asked for, but its neighbours are, each every four minutes.
    let neighbour = rate(&forecast, CoinId::USD, 500);
    assert!((0.5e-3..5e-3).contains(&neighbour), "{neighbour}");
    assert!(rate(&forecast, CoinId::USD, 900) < neighbour / 10.0);
}

#[test]
fn a_currency_is_believed_to_be_like_the_others_until_it_is_counted() {
    // Breaks if each currency must learn by itself what all of them have in common.
    let mut tally = Tally::new(START);
    after_minutes(&mut tally, 10, |second, ask| {
        ask(7, CoinId::USD);
        if second % 10 == 0 {
            ask(8, EUR);
        }
    });
    let forecast = Forecast::of(&tally, &ranks(1_000), &[], START.after(Duration::from_secs(600)));
    assert_eq!(forecast.outlooks[0].currency, CoinId::USD);
    assert!(rate(&forecast, EUR, 7) > rate(&forecast, EUR, 9));
    assert!(rate(&forecast, EUR, 8) > rate(&forecast, EUR, 7));
    // A currency that nobody ever asked for: as all of them together.
    assert_eq!(forecast.coins(CoinId::new(2_791))[0].coin.get(), 7);
}

#[test]
fn a_demand_that_ebbs_is_foreseen_to_be_small() {
    // Breaks if whole markets are bought for people who have left.
    let mut tally = Tally::new(START);
    after_minutes(&mut tally, 10, |_, ask| ask(7, CoinId::USD));
    let later = START.after(Duration::from_secs(600 + 120));
    assert!(Forecast::of(&tally, &ranks(10), &[], later).outlooks[0].rate < 0.1);
}

#[test]
fn what_others_are_asked_for_counts_as_well() {
    // Breaks if instances that share a store each buy for themselves alone.
    let tally = Tally::new(START);
    let others = [((CoinId::new(7), CoinId::USD), 2.0)];
    let now = START.after(Duration::from_secs(600));
    let forecast = Forecast::of(&tally, &ranks(1_000), &others, now);
    assert_eq!(forecast.coins(CoinId::USD)[0].coin.get(), 7);
}

#[test]
fn who_asks_for_a_coin_by_symbol_asks_for_its_namesakes() {
    // Breaks if each dead coin with a living symbol costs a call of its own until it was counted.
    let namesakes = [(9_001, 1), (9_002, 2)]
        .map(|(one, first)| (CoinId::new(one), CoinId::new(first)))
        .to_vec();
    let ranks = Ranks::in_order((1..=1_000).map(CoinId::new).collect(), namesakes);
    let foreseen = |is_by_symbol: bool| {
        let mut tally = Tally::new(START);
        after_minutes(&mut tally, 20, |second, ask| {
            ask(1, CoinId::USD);
            if second % 20 == 0 {
                ask(2, CoinId::USD);
            }
            if is_by_symbol {
                ask(9_001, CoinId::USD);
            }
        });
        let now = START.after(Duration::from_secs(1_200));
        rate(&Forecast::of(&tally, &ranks, &[], now), CoinId::USD, 9_002)
    };
    assert!(foreseen(true) > 5e-4, "{}", foreseen(true));
    assert!(foreseen(false) < foreseen(true) / 2.0, "{}", foreseen(false));
}

#[test]
fn a_block_that_chance_has_left_out_is_like_the_blocks_beside_it() {
    // Breaks if the first page of a demand ends where the first askings happened to end.
    let block = |n: u64| u32::try_from(250 * n + 1).unwrap();
    let foreseen = |n_askings: u64| {
        let mut tally = Tally::new(START);
        let now = START.after(Duration::from_secs(1));
        for n in 0..n_askings {
            let coin = block(n % 3) + u32::try_from(n / 3).unwrap();
            tally.add((CoinId::new(coin), CoinId::USD), 1.0, now);
        }
        let forecast = Forecast::of(&tally, &ranks(1_000), &[], now);
        let coins = forecast.coins(CoinId::USD).iter();
        let of_last = coins.filter(|expected| expected.block == 3).map(|expected| expected.rate);
        of_last.sum::<f64>() / forecast.outlooks[0].rate
    };
    let (few, many) = (foreseen(6), foreseen(700));
    assert!((0.05..0.3).contains(&few), "{few} after two askings of each other block");
    assert!(many < 0.01, "{many} after hundreds");
}
