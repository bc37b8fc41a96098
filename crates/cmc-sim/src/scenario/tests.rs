use super::*;
use crate::latency::Latency;
use crate::testing::frozen;

#[test]
fn every_built_in_scenario_is_in_order() {
    // Would break: `--scenario calm`.
    for name in Scenario::names() {
        let scenario = Scenario::named(name).unwrap();
        assert!(!scenario.steps.is_empty() && scenario.name == name);
    }
}

#[test]
fn unknown_names_are_told_all_and_the_nearest() {
    // Would break: errors that send the reader to the manual.
    let error = Scenario::load("badday").unwrap_err().to_string();
    assert!(error.contains("calm, bad-day, rate-limited, outage, price-change, liar"), "{error}");
    assert!(error.ends_with("did you mean \"bad-day\"?"), "{error}");
}

#[test]
fn a_mistake_is_told_with_its_line_and_the_nearest_word() {
    // Would break: finding a typing error in a file of fifty steps.
    let check = |text: &str, line: usize, part: &str| {
        let error = Scenario::parse("mine.toml", text).unwrap_err().to_string();
        assert!(error.starts_with(&format!("mine.toml:{line}: ")), "{error}");
        assert!(error.contains(part), "{error}");
    };
    check("seed = 1\n[[step]]\nfalt = \"hang\"", 3, "did you mean \"fault\"?");
    check("[[step]]\n\nfault = \"hangs\"", 3, "did you mean \"hang\"?");
    check("[quirks]\nunknwon_path = \"busy_200\"", 2, "did you mean \"unknown_path\"?");
    check("[quirks]\ntariff = \"2023\"", 2, "did you mean \"2022\"?");
    check("\n[strat]\nspeed = 1", 2, "did you mean \"start\"?");
    check("[[step]]\nfault=\"hang\"\nat = \"30 sec\"", 3, "no length of time");
    check("[[step]]\nlatency = { uniform = [1, 2] }", 2, "did you mean \"uniform_ms\"?");
    check("[[step]]\nlatency = { uniform_ms = [2, 1] }", 1, "rising");
    check("[[step]]\nat = \"1s\"", 1, "does nothing");
    check("[[step]]\nfault = \"hang\"\n[[step]]\nskew_s = 1", 3, "never begins");
    check("[[step]]\nfault = \"hang\"\nshare = 2.0", 1, "between 0 and 1");
    check("[[step]]\nfault = \"hang\"\nfor = \"1s\"\nfor_calls = 2", 1, "either for or for_calls");
    check("[[step]]\nfor = \"1s\"\nquirks = { ids_max = 2 }", 1, "for good");
    check("[[step]]\nprice_rule = { path = \"/v1/x\", flat = 1 }", 1, "no operation \"/v1/x\"");
    check("[quirks]\nnull_storms = 3.0", 1, "between 0 and 1");
    check("[start]\nfrozen = true", 1, "needs a time");
    check("seed = = 1", 1, "");
}

#[test]
fn a_scenario_configures_the_start() {
    // Would break: keys, clock and quirks of a file.
    let text = "[start]\nmarket_seed = 7\ntime = \"2026-12-24T18:00:00Z\"\nfrozen = false\nspeed = 60.0\n\
        keys = [{ key = \"a\", plan = \"basic\", rpm = 5, used = 9 }]\n\
        [quirks]\nids_max = 3\n[[step]]\nlatency = { constant_ms = 5 }";
    let config = Scenario::parse("x", text).unwrap().configure(frozen(Vec::new()));
    assert_eq!((config.seed, config.speed, config.frozen_at), (7, 60.0, None));
    assert_eq!(config.starts_at.unwrap().to_string(), "2026-12-24T18:00:00Z");
    let key = &config.keys[0];
    assert_eq!((key.plan, key.rpm, key.used), (Plan::Basic, 5, 9));
    assert_eq!(key.credits_monthly, 15_000);
    assert_eq!(config.quirks.ids_max, 3);
    let steps = config.scenario.unwrap().steps;
    assert_eq!(steps[0].latency, Some(Latency::ConstantMs(5.0)));
}

#[test]
fn paths_match_with_stars() {
    // Would break: steps about one family.
    let is_about = |pattern: &str, path: &str| {
        Step { path: Some(pattern.to_owned()), ..Step::default() }.is_about(path)
    };
    assert!(is_about("/v3/*", "/v3/cryptocurrency/quotes/latest"));
    assert!(is_about("*/quotes/*", "/v3/cryptocurrency/quotes/latest"));
    assert!(is_about("/v1/fiat/map", "/v1/fiat/map"));
    assert!(!is_about("/v1/fiat/map", "/v1/fiat/map2") && !is_about("/v3/*", "/v1/x"));
}

#[test]
fn the_examples_of_the_documentation_are_in_order() {
    // Would break: copying from them.
    let guide = include_str!("../../../../docs/guide/simulator.md");
    for page in [include_str!("../../README.md"), guide] {
        let examples: Vec<&str> = page.split("```toml\n").skip(1).collect();
        assert_eq!(examples.len(), 1);
        let text = examples[0].split("```").next().unwrap();
        assert!(Scenario::parse("page", text).unwrap().steps.len() > 1);
    }
}
