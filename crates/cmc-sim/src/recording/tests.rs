use super::*;
use crate::core::Core;
use crate::quirks::Unrecorded;
use crate::testing::{ask, generous};

const QUOTE: &str = "/v3/cryptocurrency/quotes/latest";

/// What a simulator with that seed answers to `targets`, and the lines it records of it.
fn recorded(targets: &[&str]) -> (Vec<Reply>, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    let core = Core::new(&generous(1));
    core.recorder.start(file.path()).unwrap();
    let replies = targets.iter().map(|target| ask(&core, target, Some("k"))).collect();
    assert_eq!(core.recorder.report().unwrap().exchanges, targets.len() as u64);
    core.recorder.stop();
    drop(ask(&core, "/v1/fiat/map", Some("k")));
    let text = std::fs::read_to_string(file.path()).unwrap();
    (replies, text)
}

/// A simulator with another market that replays these lines.
fn replaying(lines: &str, unrecorded: Unrecorded) -> Core {
    let mut config = generous(2);
    config.quirks.unrecorded = unrecorded;
    let mut core = Core::new(&config);
    core.replay = Some(Replay::parse("tape", lines).unwrap());
    core
}

#[test]
fn a_replay_gives_the_recorded_bytes() {
    // Would break: everything that recordings are for.
    let targets = [
        "/v3/cryptocurrency/quotes/latest?id=1&convert=EUR",
        "/v1/cryptocurrency/listings/latest?limit=30",
        "/public-api/v1/cryptocurrency/map?limit=3",
        "/v1/fiat/map?limit=0",
        "/v9/nothing",
    ];
    let (replies, lines) = recorded(&targets);
    let core = replaying(&lines, Unrecorded::Refuse);
    for (target, reply) in targets.iter().zip(replies) {
        let again = ask(&core, target, None);
        assert_eq!(again, reply, "{target}");
    }
    assert_eq!(core.meter.bill().credits, 2, "the others are errors, or free");
}

#[test]
fn parameters_match_in_any_order_and_encoding_and_keys_do_not_matter() {
    // Would break: replays for clients that write queries in their own way.
    let (replies, lines) = recorded(&[&format!("{QUOTE}?id=1,1027&convert=EUR")]);
    let core = replaying(&lines, Unrecorded::Refuse);
    let target = format!("{QUOTE}?convert=EUR&CMC_PRO_API_KEY=mine&id=1%2C1027");
    assert_eq!(ask(&core, &target, None), replies[0]);
    let missing = ask(&core, &format!("{QUOTE}?id=1"), Some("k"));
    assert_eq!(missing.status, 404);
    assert!(String::from_utf8(missing.body).unwrap().contains("Not recorded"));
    let lenient = replaying(&lines, Unrecorded::Market);
    assert_eq!(ask(&lenient, &format!("{QUOTE}?id=1"), Some("k")).status, 200);
}

#[test]
fn several_recordings_of_one_request_come_in_order_and_the_last_one_stays() {
    // Would break: replays of a price that moves.
    let line = |body: &str| {
        format!("{{\"method\":\"GET\",\"path\":\"/v1/x\",\"status\":200,\"body\":\"{body}\"}}\n")
    };
    let core = replaying(&format!("{}\n{}", line("one"), line("two")), Unrecorded::Refuse);
    let body = || String::from_utf8(ask(&core, "/v1/x", None).body).unwrap();
    assert_eq!([body(), body(), body()], ["one", "two", "two"]);
}

#[test]
fn bodies_of_posts_tell_requests_apart() {
    // Would break: the operations whose parameters stand in the body.
    let post = |body: &'static [u8]| Arrival {
        method: "POST",
        path: "/v1/dex/x",
        query: "",
        key: None,
        body,
        address: "::1",
    };
    assert_eq!(hash(b"foobar"), "85944171f73967e8", "the published value of FNV-1a");
    let line = "{\"method\":\"POST\",\"path\":\"/v1/dex/x\",\"status\":429,\"body\":\"\",\
        \"body_hash\":\"85944171f73967e8\",\"headers\":{\"retry-after\":\"7\",\"x\":\"y\"},\
        \"ending\":\"reset\"}";
    let core = replaying(line, Unrecorded::Refuse);
    let reply = core.answer(post(b"foobar"));
    assert_eq!((reply.status, reply.ending), (429, Ending::Reset));
    assert_eq!(reply.headers, [("retry-after", "7".to_owned())]);
    assert_eq!(core.answer(post(b"other")).status, 404);
}

#[test]
fn a_recording_never_holds_a_key() {
    // Would break: recordings that may be shown to others.
    let arrival =
        |key, query| Arrival { method: "GET", path: QUOTE, query, key, body: b"", address: "::1" };
    let reply = Reply::json(200, Vec::new());
    let in_header = Exchange::new(&arrival(Some("secret-key"), "id=1"), 0, &reply);
    let query = "cmc_pro_api_key=secret-key&CMC_PRO_API_KEY=secret-key&id=1";
    let in_query = Exchange::new(&arrival(None, query), 0, &reply);
    assert_eq!(in_header, in_query);
    assert!(!serde_json::to_string(&in_query).unwrap().contains("secret"));
    assert!(in_query.key.is_some_and(|alias| alias.starts_with("key-")));
}

#[test]
fn a_wrong_line_is_told_with_its_number_and_the_nearest_word() {
    // Would break: recordings written by others.
    let good = "{\"method\":\"GET\",\"path\":\"/v1/x\",\"status\":200,\"body\":\"\"}";
    let check = |text: &str, wanted: &str| {
        let error = Replay::parse("tape", text).unwrap_err().to_string();
        assert!(error.starts_with("tape:2: ") && error.contains(wanted), "{error}");
    };
    check(&format!("{good}\n{}", good.replace("path", "pth")), "did you mean \"path\"?");
    check(&format!("{good}\n{{"), "EOF");
    let missing = Replay::load(std::path::Path::new("/nowhere/tape")).unwrap_err().to_string();
    assert!(missing.starts_with("/nowhere/tape: "), "{missing}");
}
