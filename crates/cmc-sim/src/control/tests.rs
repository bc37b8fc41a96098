use super::*;
use crate::config::KeyConfig;
use crate::testing::{INSTANT, frozen, get_from};

fn core() -> Core {
    Core::new(&frozen(vec![KeyConfig::new("k", Plan::Startup)]))
}

fn control(core: &Core, text: &str) -> Result<(), ControlError> {
    apply(core, parse(text.as_bytes())?)
}

#[test]
fn unknown_fields_and_targets_are_refused_with_a_reason() {
    // Would break: typing errors that silently change nothing.
    let core = core();
    let check = |text: &str, reason: &str| {
        let error = control(&core, text).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    };
    check(r#"{"latency": 5}"#, "unknown field `latency`");
    check(r#"{"key": {"key": "nobody"}}"#, "there is no key \"nobody\"");
    check(r#"{"price_rule": {"path": "/v1/x", "flat": 1}}"#, "there is no operation");
    check(r#"{"price_rule": {"path": "/v1/fiat/map", "flat": 1, "per": 2}}"#, "either per");
    check(r#"{"set_time": "soon"}"#, "no ISO-8601 instant");
    check(r#"{"advance_s": -1}"#, "seconds from 0");
    check(r#"{"fail_rate": {"rate": 2}}"#, "between 0 and 1");
    check(r#"{"fail_next": {"count": 1, "kind": "fire"}}"#, "unknown variant `fire`");
    check("[", "no control document");
}

#[test]
fn a_document_with_one_mistake_changes_nothing() {
    // Would break: half-made changes.
    let core = core();
    let text = r#"{"latency_ms": 9, "advance_s": 60, "key": {"key": "nobody"}}"#;
    assert!(control(&core, text).is_err());
    assert_eq!(core.lock_settings().open("", 0, 0).delay, Duration::ZERO);
    assert_eq!(time::iso(core.clock.now_ms()), INSTANT);
}

#[test]
fn clock_key_price_and_bill_can_be_changed() {
    // Would break: scenarios of outages, plan changes and wrong charges.
    let core = core();
    let fiat = || get_from(&core, "/v1/fiat/map", Some("k"));
    control(&core, r#"{"set_time": "2026-12-01", "advance_s": 1.5}"#).unwrap();
    assert_eq!(time::iso(core.clock.now_ms()), "2026-12-01T00:00:01.500Z");
    control(&core, r#"{"price_rule": {"path": "/v1/fiat/map", "per": 10, "base": 1}}"#).unwrap();
    assert_eq!(fiat().credits(), 11);
    control(&core, r#"{"reset_bill": true, "key": {"key": "k", "plan": "basic"}}"#).unwrap();
    assert_eq!(core.meter.bill().calls, 0);
    control(&core, r#"{"key": {"key": "k", "credits": 3, "rpm": 9, "used": 3}}"#).unwrap();
    assert_eq!(fiat().code(), 1010);
    control(&core, r#"{"key": {"key": "k", "state": "disabled"}}"#).unwrap();
    assert_eq!(fiat().code(), 1007);
    let printed = serde_json::to_value(report(&core)).unwrap();
    assert_eq!(printed["keys"][0]["rpm"], 9);
    assert_eq!(printed["price_rules"]["/v1/fiat/map"]["per"], 10);
}
