use crate::config::{KeyConfig, Plan};
use crate::core::Core;
use crate::reply::{Ending, Reply};
use crate::scenario::Scenario;
use crate::testing::{ask, frozen, get_from};

const FIATS: &str = "/v1/fiat/map?limit=1";
const QUOTE: &str = "/v3/cryptocurrency/quotes/latest?id=1";

/// A simulator that stands at the start of these steps.
fn playing(steps: &str) -> Core {
    let scenario = Scenario::parse("test", steps).unwrap();
    let key = KeyConfig { rpm: u64::MAX, ..KeyConfig::new("k", Plan::Growth) };
    Core::new(&scenario.configure(frozen(vec![key])))
}

fn at(core: &Core, seconds: u64) {
    let began = crate::time::parse_iso(crate::testing::INSTANT).unwrap();
    core.clock.set(began + i64::try_from(seconds * 1_000).unwrap());
}

fn reply(core: &Core, target: &str) -> Reply {
    ask(core, target, Some("k"))
}

fn statuses(core: &Core, n_calls: usize) -> Vec<u16> {
    (0..n_calls).map(|_| reply(core, QUOTE).status).collect()
}

#[test]
fn steps_begin_and_end_at_their_instants_and_follow_each_other() {
    // Would break: outages that begin when a test expects them.
    let core = playing(
        "[[step]]\nat = \"30s\"\nfor = \"1m\"\nfault = \"empty_503\"\n\
         [[step]]\nfor = \"1m\"\nfault = \"html_502\"",
    );
    let mut seen = Vec::new();
    for seconds in [0, 29, 30, 89, 90, 149, 150] {
        at(&core, seconds);
        seen.push(reply(&core, QUOTE).status);
    }
    assert_eq!(seen, [200, 200, 503, 503, 502, 502, 200]);
}

#[test]
fn steps_may_last_for_calls_and_be_about_one_family() {
    // Would break: "the next three calls of v3 fail, then two more in another way".
    let core = playing(
        "[[step]]\npath = \"/v3/*\"\nfor_calls = 3\nfault = \"error_500\"\n\
         [[step]]\nfor_calls = 1\n[[step]]\nfor_calls = 2\nfault = \"rate_1008\"",
    );
    assert_eq!(reply(&core, FIATS).status, 200);
    assert_eq!(statuses(&core, 7), [500, 500, 500, 200, 429, 429, 200]);
}

#[test]
fn the_same_seed_fails_the_same_calls() {
    // Would break: reproducing a run.
    let run = |seed: u64| {
        let steps = format!("seed = {seed}\n[[step]]\nshare = 0.3\nfault = \"error_500\"");
        statuses(&playing(&steps), 200)
    };
    let first = run(7);
    assert!(first == run(7) && first != run(8));
    let n_failed = first.iter().filter(|status| **status == 500).count();
    assert!((40..80).contains(&n_failed), "{n_failed}");
    let delays = |seed: u64| {
        let latency = "[[step]]\nlatency = { lognormal_ms = [50, 0.5] }";
        let core = playing(&format!("seed = {seed}\n{latency}"));
        (0..20).map(|_| reply(&core, FIATS).delay).collect::<Vec<_>>()
    };
    assert!(delays(1) == delays(1) && delays(1) != delays(2));
}

#[test]
fn the_later_of_two_steps_wins() {
    // Would break: exceptions to a rule that holds all the time.
    let core = playing(
        "[[step]]\nlatency = { constant_ms = 10 }\n\
         [[step]]\nat = \"0s\"\npath = \"/v1/*\"\nlatency = { constant_ms = 70 }",
    );
    assert_eq!(reply(&core, QUOTE).delay.as_millis(), 10);
    assert_eq!(reply(&core, FIATS).delay.as_millis(), 70);
}

#[test]
fn faults_may_bring_retry_after_and_drips_their_speed() {
    // Would break: clients that honour the header, and their time-outs.
    let core = playing(
        "[[step]]\nfor_calls = 1\nfault = \"rate_1011\"\nretry_after_s = 17\n\
         [[step]]\nfor_calls = 1\nfault = \"drip\"\nbytes_per_s = 99\n\
         [[step]]\nfor_calls = 1\nfault = \"empty_200\"\n\
         [[step]]\nfor_calls = 1\nfault = \"html_200\"\n\
         [[step]]\nfor_calls = 1\nfault = \"truncated\"\nretry_after_s = 17",
    );
    let limited = reply(&core, QUOTE);
    assert_eq!((limited.status, limited.headers), (429, vec![("retry-after", "17".to_owned())]));
    assert_eq!(reply(&core, QUOTE).ending, Ending::Dripped(99));
    let empty = reply(&core, QUOTE);
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    let html = reply(&core, QUOTE);
    assert!(html.status == 200 && html.content_type.starts_with("text/html"));
    let cut = reply(&core, QUOTE);
    assert!(cut.ending == Ending::Halved && cut.headers.is_empty());
    assert_eq!((core.meter.bill().calls, core.meter.bill().refused), (2, 3));
}

#[test]
fn wrong_charges_are_told_and_the_bill_stays_right_unless_booked() {
    // Would break: ledgers tested against a source that lies.
    let core = playing(
        "[[step]]\nfor_calls = 1\ncharge = { add = 2 }\n\
         [[step]]\nfor_calls = 1\ncharge = { factor = 5.0, add = -1 }\n\
         [[step]]\nfor_calls = 1\ncharge = { missing = true }\n\
         [[step]]\nfor_calls = 1\ncharge = { factor = 0.0 }\n\
         [[step]]\nfor_calls = 1\ncharge = { add = 9, booked = true }",
    );
    let told = |()| get_from(&core, FIATS, Some("k")).json["status"]["credit_count"].as_u64();
    assert_eq!([(); 5].map(told), [Some(3), Some(4), None, Some(0), Some(10)]);
    assert_eq!(core.meter.bill().credits, 4 + 10);
}

#[test]
fn the_told_clock_is_off_and_the_true_one_is_not() {
    // Would break: freshness computed from a clock that is wrong.
    let core = playing("[[step]]\nat = \"10s\"\nskew_s = -90.5");
    at(&core, 10);
    let got = reply(&core, FIATS);
    let text = String::from_utf8(got.body).unwrap();
    assert!(text.contains("\"timestamp\": \"2026-10-05T09:13:10.707Z\""), "{text}");
    assert_eq!(got.headers, [("date", "Mon, 05 Oct 2026 09:13:10 GMT".to_owned())]);
    let refused = reply(&core, "/v1/fiat/map?x=1");
    assert!(String::from_utf8(refused.body).unwrap().contains("09:13:10.707Z"));
    assert_eq!(crate::time::iso(core.clock.now_ms()), "2026-10-05T09:14:41.207Z");
}

#[test]
fn prices_quirks_and_keys_change_for_good() {
    // Would break: price rules and subscriptions that change mid-run.
    let core = playing(
        "[[step]]\nat = \"10s\"\nprice_rule = { path = \"/v1/fiat/map\", flat = 4 }\n\
         quirks = { unknown_path = \"not_found_404\", free_when_exhausted = false }\n\
         [[step]]\nat = \"20s\"\nkey = { key = \"*\", plan = \"basic\", used = 15000 }\n\
         [[step]]\nat = \"30s\"\nkey = { key = \"k\", state = \"expired\" }",
    );
    let code = |target: &str| get_from(&core, target, Some("k")).code();
    assert_eq!(get_from(&core, FIATS, Some("k")).credits(), 1);
    at(&core, 10);
    assert_eq!(reply(&core, "/v9").status, 404);
    assert_eq!(get_from(&core, FIATS, Some("k")).credits(), 4);
    at(&core, 20);
    assert_eq!((code("/v1/content/latest"), code("/v1/key/info")), (1006, 1010));
    at(&core, 30);
    assert_eq!(code("/v1/key/info"), 1004);
}

#[test]
fn control_starts_shows_and_ends_a_scenario() {
    // Would break: tests in other languages that switch scenarios.
    let core = playing("[[step]]\nat = \"10m\"\nskew_s = 1");
    let control = |text: &str| {
        let control = crate::control::parse(text.as_bytes())?;
        crate::control::apply(&core, control)
    };
    let shown = || serde_json::to_value(crate::control::report(&core)).unwrap();
    assert_eq!(shown()["scenario"]["name"], "test");
    at(&core, 100);
    control(r#"{"scenario": "outage"}"#).unwrap();
    at(&core, 135);
    assert_eq!(reply(&core, QUOTE).status, 503);
    let scenario = shown()["scenario"].clone();
    assert_eq!(scenario.to_string(), r#"{"name":"outage","playing":[1],"since_s":35.0,"steps":3}"#);
    control("{\"scenario\": \"[quirks]\\nids_max = 1\"}").unwrap();
    assert_eq!(shown()["quirks"]["ids_max"], 1);
    control(r#"{"scenario": ""}"#).unwrap();
    assert!(shown()["scenario"].is_null());
    let error = control(r#"{"scenario": "outrage"}"#).unwrap_err().to_string();
    assert!(error.contains("did you mean \"outage\"?"), "{error}");
}
