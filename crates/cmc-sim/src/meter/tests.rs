use serde_json::json;

use crate::config::{KeyConfig, KeyState, Plan, SimConfig};
use crate::core::Core;
use crate::meter::KeyChange;
use crate::testing::{self, Got, frozen, get, get_from};

const QUOTE: &str = "/v2/cryptocurrency/quotes/latest?id=1";
const MAP: &str = "/v1/cryptocurrency/map?limit=1";

fn core(key: KeyConfig) -> Core {
    Core::new(&frozen(vec![key]))
}

#[track_caller]
fn check(got: &Got, http: u16, code: u64) {
    assert_eq!((got.http, got.code()), (http, code), "{}", got.message());
}

#[test]
fn calls_cost_what_the_documentation_works_out() {
    // Would break: every credit anybody counts.
    let ids = |n: usize| {
        let coins = testing::SHARED.market.coins.iter().take(n);
        coins.map(|coin| coin.id.to_string()).collect::<Vec<_>>().join(",")
    };
    let cost =
        |path: &str, n: usize, rest: &str| get(&format!("{path}?id={}{rest}", ids(n))).credits();
    let v3 = "/v3/cryptocurrency/quotes/latest";
    assert_eq!((cost(v3, 250, ""), cost(v3, 251, "")), (1, 2));
    assert_eq!(cost(v3, 250, "&convert=USD,EUR,BTC"), 3);
    assert_eq!(cost("/v2/cryptocurrency/quotes/latest", 101, ""), 2);
    assert_eq!(cost("/v1/cryptocurrency/quotes/latest", 100, "&convert=USD,EUR"), 2);
    assert_eq!(get("/v3/cryptocurrency/listings/latest?limit=5000").credits(), 20);
    assert_eq!(get("/v3/cryptocurrency/listings/latest?limit=5000&convert=USD,EUR").credits(), 21);
    assert_eq!(get("/v1/cryptocurrency/listings/latest?limit=5000").credits(), 25);
    assert_eq!(cost("/v2/cryptocurrency/info", 251, ""), 2);
    assert_eq!(cost("/v1/cryptocurrency/info", 101, ""), 2);
    assert_eq!(cost("/v2/simple/price", 251, "&convert=USD,EUR"), 3);
    let four = "/v1/tools/price-conversion?amount=1&id=1&convert=USD,EUR,GBP,JPY";
    assert_eq!(get(four).credits(), 4);
    assert_eq!(get("/v1/global-metrics/quotes/latest?convert=USD,EUR").credits(), 2);
    let one = [
        "/v1/fiat/map",
        "/v1/exchange/map",
        "/v3/fear-and-greed/latest",
        "/v1/simple/price?ids=1,2",
        "/v1/exchange/info?id=270",
    ];
    assert!(one.iter().all(|target| get(target).credits() == 1));
    assert_eq!((get(MAP).credits(), get("/v1/key/info").credits()), (0, 0));
    assert_eq!(cost(v3, 1, "&convert=ZZZQQ"), 0);
}

#[test]
fn keys_are_judged_before_anything_else_about_them() {
    // Would break: 1001 to 1007.
    let core = core(KeyConfig::new("k", Plan::Startup));
    check(&get_from(&core, QUOTE, None), 401, 1002);
    check(&get_from(&core, QUOTE, Some("")), 401, 1002);
    check(&get_from(&core, QUOTE, Some("other")), 401, 1001);
    check(&get_from(&core, &format!("{QUOTE}&CMC_PRO_API_KEY=k"), None), 200, 0);
    for (state, http, code) in [
        (KeyState::Disabled, 403, 1007),
        (KeyState::Unpaid, 402, 1003),
        (KeyState::Expired, 402, 1004),
        (KeyState::Active, 200, 0),
    ] {
        core.meter.change("k", KeyChange { state: Some(state), ..KeyChange::default() }, 0);
        check(&get_from(&core, QUOTE, Some("k")), http, code);
    }
    check(&get_from(&core, "/v9/nothing?id=x", None), 200, 500);
}

#[test]
fn the_minute_limit_counts_every_request_of_a_calendar_minute() {
    // Would break: 1008, and limiters that rely on the counter of key/info.
    let core = core(KeyConfig { rpm: 4, ..KeyConfig::new("k", Plan::Startup) });
    let ask = |target: &str| get_from(&core, target, Some("k"));
    check(&ask(MAP), 200, 0);
    check(&ask("/v2/cryptocurrency/quotes/latest?id=x"), 400, 400);
    let minute = ask("/v1/key/info").data()["usage"]["current_minute"].clone();
    assert_eq!(minute, json!({"requests_made": 3, "requests_left": 1}));
    check(&ask(QUOTE), 200, 0);
    check(&ask(QUOTE), 429, 1008);
    core.clock.advance(std::time::Duration::from_secs(29));
    check(&ask(QUOTE), 200, 0);
}

#[test]
fn plans_gate_paths_and_converts() {
    // Would break: 1006, and the one convert of Basic.
    let basic = core(KeyConfig::new("k", Plan::Basic));
    let ask = |target: &str| get_from(&basic, target, Some("k"));
    check(&ask("/v1/cryptocurrency/trending/latest"), 403, 1006);
    check(&ask("/v1/exchange/listings/latest?foo=1"), 403, 1006);
    let two = ask(&format!("{QUOTE}&convert=USD,EUR"));
    check(&two, 400, 400);
    assert_eq!(two.message(), "Your plan is limited to 1 convert options");
    check(&ask(&format!("{QUOTE}&convert=EUR,eur")), 200, 0);
    let many: Vec<String> = (0..121).map(|n| format!("X{n}")).collect();
    let startup = get(&format!("{QUOTE}&convert={}", many.join(",")));
    assert_eq!(startup.message(), "Your plan is limited to 120 convert options");
    check(&get("/v1/cryptocurrency/trending/latest"), 200, 0);
}

#[test]
fn used_up_credits_stop_charged_calls_until_the_month_turns() {
    // Would break: 1010, the call that crosses the limit, and the reset of Basic.
    let core = core(KeyConfig { credits_monthly: 2, used: 1, ..KeyConfig::new("k", Plan::Basic) });
    let ask = |target: &str| get_from(&core, target, Some("k"));
    assert_eq!(ask("/v3/cryptocurrency/listings/latest?limit=501").credits(), 3);
    check(&ask(QUOTE), 429, 1010);
    check(&ask(MAP), 200, 0);
    let account = ask("/v1/key/info");
    let plan = &account.data()["plan"];
    assert_eq!(plan["credit_limit_monthly_reset_timestamp"], "2026-11-01T00:00:00.000Z");
    assert_eq!(plan["credit_limit_monthly_reset"], "In 26 days, 14 hours, 45 minutes");
    assert_eq!(plan.get("credit_limit_daily"), None);
    let month = &account.data()["usage"]["current_month"];
    assert_eq!(*month, json!({"credits_used": 4, "credits_left": 0}));
    core.clock.set(crate::time::parse_iso("2026-11-01T00:00:00Z").unwrap());
    check(&ask(QUOTE), 200, 0);
    core.clock.set(crate::time::parse_iso("2026-10-05T00:00:00Z").unwrap());
    let back = ask("/v1/key/info");
    assert_eq!(back.data()["usage"]["current_month"]["credits_used"], 1);
}

#[test]
fn a_daily_limit_is_kept_where_there_is_one() {
    // Would break: 1009, and the daily fields of key/info.
    let key = KeyConfig { credits_daily: Some(2), ..KeyConfig::new("k", Plan::Basic) };
    let core = core(key);
    let ask = |target: &str| get_from(&core, target, Some("k"));
    check(&ask(QUOTE), 200, 0);
    check(&ask(QUOTE), 200, 0);
    check(&ask(QUOTE), 429, 1009);
    let account = ask("/v1/key/info");
    assert_eq!(account.data()["plan"]["credit_limit_daily"], 2);
    let day = &account.data()["usage"]["current_day"];
    assert_eq!(*day, json!({"credits_used": 2, "credits_left": 0}));
    core.clock.advance(std::time::Duration::from_hours(15));
    check(&ask(QUOTE), 200, 0);
}

#[test]
fn paid_keys_turn_their_month_at_their_own_instant() {
    // Would break: budgets anchored to the subscription.
    let anchor = "2026-05-20T18:55:51Z".parse().unwrap();
    let core =
        core(KeyConfig { billing_anchor: Some(anchor), ..KeyConfig::new("k", Plan::Growth) });
    let account = get_from(&core, "/v1/key/info", Some("k"));
    let reset = &account.data()["plan"]["credit_limit_monthly_reset_timestamp"];
    assert_eq!(reset, "2026-10-20T18:55:51.000Z");
    assert_eq!(account.data()["plan"]["credit_limit_monthly"], 2_000_000);
}

#[test]
fn without_a_key_a_part_of_the_api_answers_each_address_a_little() {
    // Would break: the keyless environment.
    let core = Core::new(&SimConfig { keyless_rpm: 3, ..frozen(vec![]) });
    let ask = |target: &str| get_from(&core, &format!("/public-api{target}"), None);
    check(&ask("/v3/cryptocurrency/quotes/latest?id=1"), 200, 0);
    check(&ask("/v3/cryptocurrency/quotes/latest?id=1&convert=USD,EUR"), 400, 400);
    check(&ask(QUOTE), 403, 1005);
    check(&ask("/v1/key/info"), 403, 1005);
    check(&ask("/v1/cryptocurrency/map?limit=1"), 200, 0);
    check(&ask("/v1/cryptocurrency/map?limit=1"), 429, 1022);
    check(&ask("/v3/nothing"), 200, 500);
    let bill = core.meter.bill();
    assert_eq!((bill.credits, bill.keys["ip:127.0.0.1"].calls), (1, 2));
}

#[test]
fn the_bill_adds_up_in_every_direction() {
    // Would break: the examiner's own arithmetic, against which ledgers are held.
    let core = core(KeyConfig { rpm: 40, ..KeyConfig::new("k", Plan::Startup) });
    for n in 0..45 {
        let target = [
            "/v3/cryptocurrency/listings/latest?limit=600",
            QUOTE,
            MAP,
            "/v7/x",
            "/v1/fiat/map?x=1",
        ][n % 5];
        let key = if n % 9 == 0 { "unknown" } else { "k" };
        get_from(&core, target, Some(key));
    }
    let bill = core.meter.bill();
    for lines in [&bill.operations, &bill.keys] {
        let sum = |pick: fn(&crate::Line) -> u64| lines.values().map(pick).sum::<u64>();
        assert_eq!(sum(|line| line.credits), bill.credits);
        assert_eq!(sum(|line| line.calls), bill.calls);
        assert_eq!(sum(|line| line.refused), bill.refused);
    }
    assert_eq!(bill.calls + bill.refused, 45);
    let account = get_from(&core, "/v1/key/info", Some("k"));
    assert_eq!(account.data()["usage"]["current_month"]["credits_used"], bill.credits);
    assert!(bill.operations["unknown"].refused == 9 && bill.keys["none"].refused > 0);
}
