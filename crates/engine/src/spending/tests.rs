use cmc_api::Catalogue;

use super::*;

const QUOTES: &str = "/v3/cryptocurrency/quotes/latest";

fn tariff() -> Tariff {
    Tariff::of(&Catalogue::embedded())
}

fn call(n_coins: u32, currencies: &[u32]) -> Call {
    let coins: Vec<_> = (1..=n_coins).map(CoinId::new).collect();
    let currencies: Vec<_> = currencies.iter().copied().map(CoinId::new).collect();
    Call::quotes(&coins, &currencies).unwrap()
}

fn quote(currency: u32) -> Entity {
    Entity::Quote { coin: CoinId::new(1), currency: CoinId::new(currency) }
}

fn figures(spending: &Spending) -> Figures {
    let all = spending.read();
    all.iter().find(|(path, _)| &**path == QUOTES).map(|(_, figures)| *figures).unwrap_or_default()
}

#[test]
fn empty_places_are_counted_and_priced() {
    // Two fifths filled: three fifths of a credit for nothing.
    let spending = Spending::default();
    spending.called(&tariff(), &call(100, &[2781]), Credits::new(1), 0);
    let told = figures(&spending);
    assert_eq!((told[Figure::PaidSlots], told[Figure::FilledSlots]), (250, 100));
    assert_eq!((told[Figure::EmptyMilli], told[Figure::EarlyMilli]), (600, 0));
}

#[test]
fn what_comes_before_its_time_is_wasted_by_the_time_that_is_left() {
    // After a quarter of the cadence three of four such calls bring what is known already.
    let minute = Duration::from_secs(60);
    let ripe = |seconds| unripe(minute, Duration::from_secs(seconds));
    assert_eq!((ripe(0), ripe(15), ripe(60), ripe(600)), (1_000, 750, 0, 0));
    let spending = Spending::default();
    spending.called(&tariff(), &call(250, &[2781]), Credits::new(4), ripe(15));
    assert_eq!(figures(&spending)[Figure::EarlyMilli], 3_000);
}

#[test]
fn a_currency_that_nobody_needed_counts_when_its_quotes_are_gone() {
    // As long as they are kept somebody may still ask.
    let (spending, tariff) = (Arc::new(Spending::default()), tariff());
    let call = call(1, &[2781, 2790, 2791]);
    let entities = [quote(2781), quote(2790), quote(2791)];
    let bought = Bought::of(&spending, &tariff, (&call, Credits::new(3)), entities.iter());
    let bought = bought.unwrap();
    let shares: Vec<_> = entities.iter().filter_map(|entity| bought.share(entity)).collect();
    let (whole, place) = &shares[1];
    whole.need(*place);
    whole.need(*place);
    drop(bought);
    assert!(figures(&spending).is_zero());
    drop(shares);
    assert_eq!(figures(&spending)[Figure::IdleConverts], 2);
}

#[test]
fn a_call_in_one_currency_wastes_none() {
    // It had to be bought in some currency.
    let (spending, tariff) = (Arc::new(Spending::default()), tariff());
    let one = Bought::of(&spending, &tariff, (&call(1, &[1]), Credits::new(1)), [quote(1)].iter());
    assert!(one.is_none());
    let both = [quote(1), quote(2)];
    let two = Bought::of(&spending, &tariff, (&call(1, &[1, 2]), Credits::new(2)), both.iter());
    drop(two);
    assert_eq!(figures(&spending)[Figure::IdleConverts], 1);
}

#[test]
fn paths_that_clients_invent_do_not_fill_memory() {
    // A scanner asks for a thousand of them an hour.
    let spending = Spending::default();
    for number in 0..2 * limits::SPENDING_OPERATIONS_MAX {
        let mut figures = Figures::ZERO;
        figures.add(Figure::EarlyMilli, 1);
        spending.add(&format!("/v1/{number}").into(), &figures);
    }
    let all = spending.read();
    assert!(all.len() <= limits::SPENDING_OPERATIONS_MAX + 1, "{}", all.len());
    let sum: u64 = all.iter().map(|(_, figures)| figures[Figure::EarlyMilli]).sum();
    assert_eq!(sum, 2 * limits::SPENDING_OPERATIONS_MAX as u64);
}
