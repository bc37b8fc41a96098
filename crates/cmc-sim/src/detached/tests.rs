use super::*;

use crate::config::DEFAULT_KEY;

const QUOTE: &str = "/v3/cryptocurrency/quotes/latest";

fn at(ms: i64) -> Detached {
    let sim = Detached::new(SimConfig::default()).unwrap();
    sim.set_now_ms(ms);
    sim
}

fn ask(sim: &Detached, path: &str, query: &str) -> Heard {
    sim.ask(Asked { method: "GET", path, query, key: Some(DEFAULT_KEY), body: b"" })
}

#[test]
fn the_market_follows_the_clock_that_is_put_and_nothing_else() {
    // Whoever plays twenty minutes in a second must see the prices of all twenty.
    let sim = at(1_790_000_040_000);
    let price = |sim: &Detached| {
        let body = ask(sim, QUOTE, "id=1").body;
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        json["data"][0]["quote"][0]["price"].to_string()
    };
    let first = price(&sim);
    assert_eq!(price(&sim), first, "the clock stands");
    sim.set_now_ms(1_790_000_100_000);
    assert_ne!(price(&sim), first, "a minute later");
    sim.set_now_ms(1_790_000_040_000);
    assert_eq!(price(&sim), first, "the same instant again");
}

#[test]
fn it_bills_and_refuses_as_the_one_with_a_socket() {
    // The bill is the meter of every bench.
    let sim = at(1_790_000_000_000);
    let paid = ask(&sim, QUOTE, "id=1,1027&convert=USD,EUR");
    assert_eq!((paid.status, paid.credits, paid.ending), (200, 2, Ended::Whole));
    let stranger = Asked { method: "GET", path: QUOTE, query: "id=1", key: None, body: b"" };
    assert_eq!(sim.ask(stranger).status, 401);
    let bill = sim.bill();
    assert_eq!((bill.credits, bill.calls, bill.refused), (2, 1, 1));
}

#[test]
fn a_configuration_that_makes_no_sense_is_refused() {
    // As the one with a socket does it.
    let replay = Some("no-such-file.jsonl".into());
    assert!(Detached::new(SimConfig { replay, ..SimConfig::default() }).is_err());
}
