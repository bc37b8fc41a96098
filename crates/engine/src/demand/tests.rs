use bytes::Bytes;
use cache_tiers::{Entry, Meta, Version};
use cmc_api::{Charge, UpstreamError, UpstreamErrorKind};

use super::*;
use crate::{error::FlightError, held::Held};

const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

fn coin(id: u32) -> CoinId {
    CoinId::new(id)
}

fn quote(id: u32) -> Entity {
    Entity::Quote { coin: coin(id), currency: CoinId::USD }
}

struct Bench {
    recent: Recent,
    hot: Hot,
    flights: Flights,
    gates: Gates,
}

impl Bench {
    /// Ranked are 10, 20, 30.
    fn new() -> Self {
        let map = r#"[{"id":20,"rank":2,"symbol":"B","slug":"b"},{"id":10,"rank":1,"symbol":"A","slug":"a"},{"id":30,"rank":3,"symbol":"C","slug":"c"}]"#;
        let recent = Recent::default();
        recent.learn_ranks(&Catalog::of(&Bytes::from_static(map.as_bytes())).unwrap());
        let flights = Flights::new(8);
        Self { recent, hot: Hot::new(), flights, gates: Gates::default() }
    }

    fn asked(self, ids: &[u32]) -> Self {
        ids.iter().for_each(|id| self.recent.asked(coin(*id), CoinId::USD));
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
        let Self { recent, hot, flights, gates } = self;
        let view = View { recent, hot, flights, gates, now: NOW };
        let taken: Vec<_> = taken.iter().map(|id| coin(*id)).collect();
        view.quotes(CoinId::USD, room, &taken).iter().map(|id| id.get()).collect()
    }
}

#[test]
fn what_was_asked_for_latest_comes_first_then_what_ranks_highest() {
    // Breaks if paid places go to coins that nobody looks at.
    let bench = Bench::new().asked(&[5, 6, 20, 5]);
    assert_eq!(bench.chosen(9, &[]), [5, 20, 6, 10, 30]);
    assert_eq!(bench.chosen(2, &[5]), [20, 6]);
    assert!(bench.chosen(0, &[]).is_empty());
}

#[test]
fn another_currency_is_another_demand() {
    // Breaks if an ask in euros fills calls in dollars.
    let bench = Bench::new();
    bench.recent.asked(coin(5), coin(2_790));
    assert_eq!(bench.chosen(9, &[]), [10, 20, 30]);
}

#[test]
fn young_values_are_left_alone() {
    // Breaks if a place is spent on what was fetched a moment ago.
    let bench = Bench::new();
    bench.hold(10, 29);
    bench.hold(20, 30);
    assert_eq!(bench.chosen(9, &[]), [20, 30]);
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
fn the_memory_of_askings_is_bounded_and_keeps_the_latest() {
    // Breaks if askings pile up, by number or by repetition.
    let recent = Recent::default();
    let max = u32::try_from(limits::RECENT_MAX).unwrap();
    for id in 0..3 * max {
        recent.asked(coin(id), CoinId::USD);
        recent.asked(coin(1), CoinId::USD);
    }
    let asked = recent.lock();
    assert_eq!(asked.latest.len(), limits::RECENT_MAX);
    assert!(asked.order.len() <= 2 * limits::RECENT_MAX);
    let latest = asked.in_currency(CoinId::USD);
    assert_eq!(latest[..3], [coin(1), coin(3 * max - 1), coin(3 * max - 2)]);
}
