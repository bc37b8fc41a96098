use super::*;

#[test]
fn the_body_follows_the_draft() {
    // Tools read status, checks, observedValue, observedUnit and output.
    let finding = Finding::by_thresholds(91.0, "percent", (85.0, 95.0));
    let check = CheckReport {
        name: "credits:used".to_owned(),
        status: finding.status,
        finding,
        age: Duration::from_secs(3),
    };
    let report = Report::new((Status::Healthy, ""), vec![check]);
    let body: Value = serde_json::from_str(&report.to_health_json("2026-01-01T00:00:00Z")).unwrap();
    assert_eq!(body["status"], "warn");
    let entry = &body["checks"]["credits:used"][0];
    assert_eq!(entry["observedValue"], 91.0);
    assert_eq!(entry["observedUnit"], "percent");
    assert_eq!(entry["output"], "91.0 percent, above 85");
}

#[test]
fn checks_of_one_name_are_listed_together() {
    // The second of two tiers must not hide the first.
    let check = |status| CheckReport {
        name: "tier:response".to_owned(),
        status,
        finding: Finding::of(status),
        age: Duration::ZERO,
    };
    let report =
        Report::new((Status::Healthy, ""), vec![check(Status::Unhealthy), check(Status::Healthy)]);
    let body: Value = serde_json::from_str(&report.to_health_json("")).unwrap();
    let words: Vec<&Value> = body["checks"]["tier:response"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["status"])
        .collect();
    assert_eq!(words, ["fail", "pass"]);
}

#[test]
fn what_was_not_measured_is_unknown() {
    // A mean over nothing is no number, and no sign of health.
    let table = [
        (85.0, Status::Healthy),
        (85.1, Status::Degraded),
        (95.0, Status::Degraded),
        (95.1, Status::Unhealthy),
        (f64::INFINITY, Status::Unhealthy),
        (f64::NAN, Status::Unknown),
    ];
    for (value, status) in table {
        let finding = Finding::by_thresholds(value, "percent", (85.0, 95.0));
        assert_eq!((finding.status, finding.observed.is_some()), (status, value.is_finite()));
    }
}
