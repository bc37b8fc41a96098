use std::sync::LazyLock;

use super::*;
use crate::bench::oracle::Oracle;

static COINS: LazyLock<Coins> =
    LazyLock::new(|| Oracle::new(1).unwrap().coins(Timestamp::EPOCH).unwrap());

fn read(log: &str) -> Recorded {
    Recorded::read(log, &COINS).unwrap()
}

fn place(id: u32) -> u16 {
    COINS.place(id).unwrap()
}

#[test]
fn logs_of_web_servers_recordings_and_plain_lists_are_one_demand() {
    // Whoever has a log has one of these.
    let log = r#"
{"at":"2026-10-05T09:00:01.500Z","method":"GET","path":"/v3/cryptocurrency/quotes/latest","query":"id=1&convert=EUR","status":200,"body":"{}"}
10.0.0.1 - - [05/Oct/2026:09:00:00 +0000] "GET /v2/cryptocurrency/quotes/latest?symbol=BTC%2CETH HTTP/1.1" 200 512
10.0.0.1 - - [05/Oct/2026:11:00:03 +0200] "GET /v1/cryptocurrency/listings/latest?limit=20 HTTP/1.1" 200 512
2026-10-05T09:00:02Z GET /v2/cryptocurrency/info?slug=bitcoin
2026-10-05T09:00:04Z /v1/global-metrics/quotes/latest
"#;
    let recorded = read(log);
    assert_eq!(recorded.n_left_out, 0);
    let asks: Vec<_> = recorded.requests.iter().map(|it| (it.at.as_millis(), &it.ask)).collect();
    let (bitcoin, ether) = (place(1), place(1_027));
    let mut both = vec![bitcoin, ether];
    both.sort_unstable();
    assert_eq!(asks[0], (0, &Ask::Quotes(both)));
    assert_eq!(asks[1], (1_500, &Ask::Quotes(vec![bitcoin])));
    assert_eq!(asks[2], (2_000, &Ask::Info(vec![bitcoin])));
    assert_eq!(asks[3], (3_000, &Ask::Listing { start: 1, limit: 20 }));
    assert_eq!(asks[4], (4_000, &Ask::Global));
    assert_eq!(recorded.requests[1].currencies, 2);
    assert_eq!(
        recorded.requests[0].target(&COINS),
        "/v2/cryptocurrency/quotes/latest?symbol=BTC%2CETH",
        "asked again as it was"
    );
}

#[test]
fn what_came_within_one_second_of_a_coarse_log_is_spread_over_it() {
    // All at once they would share one call, which they did not.
    let line = |second: u32| {
        format!("- - - [05/Oct/2026:09:00:0{second} +0000] \"GET /v1/x HTTP/1.1\" 200 1\n")
    };
    let recorded = read(&[line(1), line(1), line(1), line(1), line(2)].concat());
    let at: Vec<_> = recorded.requests.iter().map(|it| it.at.as_millis()).collect();
    assert_eq!(at, [0, 250, 500, 750, 1_000]);
}

#[test]
fn what_cannot_be_asked_again_is_counted_and_left_out() {
    // A replay that silently lost half of the log would flatter.
    let log = "nonsense\n2026-10-05T09:00:04Z POST /v4/dex/x\n2026-10-05T09:00:04Z /v1/y\n";
    let recorded = read(log);
    assert_eq!((recorded.requests.len(), recorded.n_left_out), (1, 2));
    assert_eq!(recorded.requests[0].ask, Ask::Other);
    assert!(Recorded::read("nonsense", &COINS).is_err());
}
