mod quirks;

use crate::core::{Arrival, Core};
use crate::testing::{SHARED, frozen, get, get_from};

#[test]
fn unknown_paths_answer_200_with_an_error_inside() {
    // Would break: the trap every client must see coming.
    for path in ["/v5/anything", "/", "/v2/cryptocurrency/quotes/latest/"] {
        let got = get(path);
        assert_eq!((got.http, got.code()), (200, 500));
        assert!(got.text.starts_with("{\"status\":") && got.credits() == 0);
        assert_eq!(got.message(), "The system is busy, please try again later!");
    }
}

#[test]
fn other_methods_are_not_allowed() {
    // Would break: enveloped 405s.
    let arrival = Arrival {
        method: "POST",
        body: b"",
        path: "/v1/cryptocurrency/map",
        query: "",
        key: None,
        address: "::1",
    };
    let reply = SHARED.answer(arrival);
    let text = String::from_utf8(reply.body).unwrap();
    assert_eq!(reply.status, 405);
    assert!(text.contains("\"error_code\": 405") && text.contains("\"Method Not Allowed\""));
}

#[test]
fn long_targets_are_refused() {
    // Would break: 414 from 8,193 bytes on.
    let path = "/v3/cryptocurrency/quotes/latest?id=";
    let target = |n_bytes: usize| format!("{path}{}", "1".repeat(n_bytes - path.len()));
    assert_eq!(get(&target(8_192)).http, 200);
    let got = get(&target(8_193));
    assert_eq!((got.http, got.code(), got.message()), (414, 414, "Request-URI Too Large"));
}

#[test]
fn prices_step_with_the_minute_and_rest_within_it() {
    // Would break: caches tested against a market that never moves.
    let core = Core::new(&frozen(vec![crate::KeyConfig::new("k", crate::Plan::Startup)]));
    let price = || {
        let got = get_from(&core, "/v3/cryptocurrency/quotes/latest?id=1", Some("k"));
        got.data()[0]["quote"][0]["price"].to_string()
    };
    let first = price();
    core.clock.advance(std::time::Duration::from_secs(28));
    assert_eq!(price(), first);
    core.clock.advance(std::time::Duration::from_secs(1));
    assert_ne!(price(), first);
}
