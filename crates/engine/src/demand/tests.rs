use bytes::Bytes;
use cache_tiers::{Entry, Meta, Version};
use cmc_api::{Charge, UpstreamError, UpstreamErrorKind};

use super::*;
use crate::{error::FlightError, held::Held};

const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);
const EUR: CoinId = CoinId::new(2_790);

fn coin(id: u32) -> CoinId {
    CoinId::new(id)
}

fn quote(id: u32) -> Entity {
    quote_in(id, CoinId::USD)
}

fn quote_in(id: u32, currency: CoinId) -> Entity {
    Entity::Quote { coin: coin(id), currency }
}

struct Bench {
    popularity: Popularity,
    swept: Vec<Sweep>,
    hot: Hot,
    flights: Flights,
    gates: Gates,
    /// How old answers with quotes may be.
    life: Duration,
}

impl Bench {
    /// Ranked are 10, 20, 30.
    fn new() -> Self {
        let map = r#"[{"id":20,"rank":2,"symbol":"B","slug":"b"},{"id":10,"rank":1,"symbol":"A","slug":"a"},{"id":30,"rank":3,"symbol":"C","slug":"c"}]"#;
        let popularity = Popularity::new(NOW.before(Duration::from_secs(60)));
        popularity.learn_ranks(&Catalog::of(&Bytes::from_static(map.as_bytes())).unwrap());
        let (flights, gates) = (Flights::new(8), Gates::default());
        let (hot, life) = (Hot::new(), Duration::from_secs(60));
        Self { popularity, swept: Vec::new(), hot, flights, gates, life }
    }

    fn asked(self, ids: &[u32]) -> Self {
        let wants: Vec<Want> = ids.iter().map(|id| Want::of(quote(*id))).collect();
        self.popularity.asked(&wants, 1, NOW);
        self
    }

    /// Holds a quote of that age, which lives a minute.
    fn hold(&self, id: u32, age: u64) {
        let fetched_at = NOW.before(Duration::from_secs(age));
        let fresh_until = fetched_at.after(Duration::from_secs(60));
        let version = Version::at(fetched_at, 0);
        let meta = Meta { fetched_at, fresh_until, version, ..Meta::default() };
        let entry = Entry { body: Bytes::new(), meta };
        assert!(
            self.hot.put(&quote(id), Arc::new(Held::decode(&quote(id), &entry, None).unwrap()))
        );
    }

    fn chosen(&self, room: usize, taken: &[u32]) -> Vec<u32> {
        self.chosen_in(&[CoinId::USD], room, taken)
    }

    fn chosen_in(&self, currencies: &[CoinId], room: usize, taken: &[u32]) -> Vec<u32> {
        let Self { popularity, swept, hot, flights, gates, life } = self;
        let (forecast, ranks) = (popularity.forecast(NOW), popularity.ranks());
        let view = View {
            forecast: &forecast,
            ranks: &ranks,
            swept,
            hot,
            flights,
            gates,
            now: NOW,
            life: *life,
            life_of_totals: *life,
        };
        let taken: Vec<_> = taken.iter().map(|id| coin(*id)).collect();
        view.quotes(currencies, room, &taken).iter().map(|id| id.get()).collect()
    }
}

#[test]
fn what_is_asked_for_most_comes_first_then_what_ranks_highest() {
    // Breaks if paid places go to coins that nobody looks at.
    let bench = Bench::new().asked(&[5, 6, 20, 5, 20, 5]);
    assert_eq!(bench.chosen(9, &[]), [5, 20, 6, 10, 30]);
    assert_eq!(bench.chosen(2, &[5]), [20, 6]);
    assert!(bench.chosen(0, &[]).is_empty());
}

#[test]
fn what_is_asked_for_in_one_currency_is_believed_to_be_wanted_in_others() {
    // Breaks if each currency starts from nothing, or one drives the other out of its places.
    let bench = Bench::new().asked(&[5, 5, 5]);
    let wants = [Want::of(quote_in(6, EUR))];
    bench.popularity.asked(&wants, 9, NOW);
    assert_eq!(bench.chosen_in(&[EUR], 2, &[]), [6, 5]);
}

#[test]
fn young_values_are_left_alone() {
    // Breaks if a place is spent on what was fetched a moment ago.
    let bench = Bench::new();
    bench.hold(10, 29);
    bench.hold(20, 30);
    assert_eq!(bench.chosen(9, &[]), [30, 20]);
}

#[test]
fn what_other_answers_may_take_much_longer_is_no_younger_for_that() {
    // Breaks: where listings may be older than quotes, a place is never given to a quote that has
    // grown old, and whoever asks for it next pays for another call.
    let mut bench = Bench::new();
    bench.hold(10, 1);
    bench.hold(20, 6);
    bench.life = Duration::from_secs(10);
    assert_eq!(bench.chosen(9, &[]), [30, 20]);
}

#[test]
fn in_two_currencies_a_coin_is_as_old_as_its_older_quote() {
    // Breaks if a coin that is fresh in dollars is never refreshed in euros.
    let bench = Bench::new();
    bench.hold(10, 5);
    assert_eq!(bench.chosen(9, &[]), [20, 30]);
    assert_eq!(bench.chosen_in(&[CoinId::USD, EUR], 9, &[]).len(), 2);
}

#[test]
fn what_a_page_brings_needs_no_place() {
    // Breaks if paid places go to what is bought as a whole anyway.
    let mut bench = Bench::new().asked(&[5]);
    bench.swept.push(Sweep { currencies: std::iter::once(CoinId::USD).collect(), depth: 1 });
    assert_eq!(bench.chosen(9, &[]), [5]);
    assert_eq!(bench.chosen_in(&[EUR], 9, &[]).len(), 4);
}

#[test]
fn what_is_in_the_air_is_not_sent_twice() {
    // Breaks if a filler is paid for while its own flight is under way.
    let bench = Bench::new();
    let (_, ticket) = crate::flight::Ticket::issue(crate::seat::Askers::none_yet());
    assert!(bench.flights.claim(&quote(20), || ticket).is_some());
    assert_eq!(bench.chosen(9, &[]), [10, 30]);
}

#[test]
fn what_was_just_refused_spoils_no_other_call() {
    // Breaks if a bad key, asked for lately, is a filler of every call that follows.
    let bench = Bench::new().asked(&[66]);
    let refused = UpstreamError::new(UpstreamErrorKind::Refused, Charge::Nothing);
    let refused = FlightError::Upstream(Box::new(refused));
    bench.gates.remember(&"/x".into(), &[quote(66)], &refused, NOW);
    assert_eq!(bench.chosen(9, &[]), [10, 20, 30]);
}

#[test]
fn a_forecast_is_made_anew_where_the_demand_has_grown_and_not_for_every_call() {
    // Breaks if all coins are looked through for each departure while no quote is asked for, or if
    // a demand that has just begun is judged by its first moment.
    let soon = NOW.after(limits::FORECAST_SOONEST);
    let bench = Bench::new();
    bench.popularity.forecast(NOW);
    assert!(!bench.popularity.is_due(soon), "nothing was asked");
    let bench = bench.asked(&[10, 20, 30]);
    assert!(!bench.popularity.is_due(NOW), "it was thought through a moment ago");
    assert!(bench.popularity.is_due(soon));
    bench.popularity.forecast(soon);
    assert!(!bench.popularity.is_due(soon.after(limits::FORECAST_SOONEST)), "it did not grow");
    assert!(bench.popularity.is_due(soon.after(limits::FORECAST_EVERY)));
}
