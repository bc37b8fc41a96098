use super::*;

fn window(limit: Option<u64>, used: u64) -> WindowStatus {
    WindowStatus {
        limit,
        used,
        available: limit.map(|limit| limit - used),
        reset: "2026-11-01T00:00:00.000Z".to_owned(),
    }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn a_client_sees_what_is_left_in_the_apis_own_shape() {
    // Programs call key/info in every constructor and read these very names.
    let allowance = Allowance {
        month: window(Some(15_000), 2_044),
        day: window(None, 112),
        rate_limit_minute: Some(50),
    };
    let document = document(&allowance, 3, at("2026-10-05T09:21:00Z")).unwrap();
    assert_eq!(
        document,
        serde_json::json!({
            "plan": {
                "credit_limit_monthly": 15_000,
                "credit_limit_monthly_reset": "In 26 days, 14 hours, 39 minutes",
                "credit_limit_monthly_reset_timestamp": "2026-11-01T00:00:00.000Z",
                "rate_limit_minute": 50,
            },
            "usage": {
                "current_minute": { "requests_made": 3, "requests_left": 47 },
                "current_day": { "credits_used": 112 },
                "current_month": { "credits_used": 2_044, "credits_left": 12_956 },
            },
        })
    );
}

#[test]
fn without_any_limit_the_shape_has_nothing_to_say() {
    // An invented limit would be believed.
    let open = Allowance { month: window(None, 5), day: window(None, 5), rate_limit_minute: None };
    assert!(document(&open, 1, at("2026-10-05T09:21:00Z")).is_none());
}

#[test]
fn lengths_are_told_as_upstream_tells_them() {
    // Some dashboards show this very text.
    let end = at("2026-11-01T00:00:00Z");
    assert_eq!(until(at("2026-10-31T22:59:00Z"), end), "In 1 hour, 1 minute");
    assert_eq!(until(at("2026-10-31T23:59:59Z"), end), "In 0 minutes");
}
