use ratatui::{Terminal, backend::TestBackend};
use serde_json::json;

use super::*;
use crate::watch::draw::draw;

fn looked() -> Looked {
    let moment = |full: u64| {
        json!({
            "at_ms": 1, "seconds": 5.0,
            "requests": {"full": full, "partial": 0, "cold": 5, "stale": 0, "failed": 0},
            "latencies": {"hit": {"p50_ms": 0.031, "p95_ms": 0.06, "p99_ms": 0.12}, "other": null},
            "tiers": [{"name": "sqlite", "p50_ms": 0.0312, "p95_ms": 4.0, "p99_ms": 12.4}],
        })
    };
    Looked {
        status: json!({
            "version": "9.9.9", "uptime_s": 3_700, "upstream": "https://example.invalid",
            "ready_answers": 40, "hot": {"hits": 2}, "breakers": [["/v1/x", "open"]], "fetched": 5,
            "tiers": [
                {"name": "sqlite", "breaker": "half-open", "hits": 3},
                {"name": "redis", "breaker": "closed", "hits": 1},
            ],
        }),
        credits: json!({
            "month": {"used": 900, "limit": 1_000, "reset": "2026-12-01T00:00:00Z"}
        }),
        timeline: json!({"moments": [moment(45), moment(95)]}),
        health: json!({"status": "warn", "checks": {
            "credits:used": [{"status": "warn", "output": "90.0 percent, above 85"}]
        }}),
        ledger: json!([{
            "at": 3_661_000, "operation": "/v3/cryptocurrency/quotes/latest", "n_keys": 250,
            "charged": 1, "elapsed_ms": 80, "outcome": "ok"
        }]),
        slow: json!([{"operation": "quotes", "outcome": "miss", "elapsed_ms": 2_100.4,
            "cause": {"queue_ms": 12.0, "wait_ms": 1_900.2}}]),
        forecast: Some(json!({"forecast": {"used_at_reset": {"mid": 990}}})),
    }
}

fn shown(view: &View, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, view)).unwrap();
    terminal.backend().to_string()
}

#[test]
fn the_screen_shows_what_the_gateway_said() {
    // Breaks: a person watches a screen that leaves out what went wrong.
    let mut view = View::of("http://127.0.0.1:8080");
    view.saw(looked());
    view.heard(Heard {
        kind: "tier_down".to_owned(),
        told: json!({"at": "2026-11-30T10:11:12.000Z", "told": {"tier": "redis", "n": null}}),
    });
    let screen = shown(&view, 140, 40);
    for words in [
        "warn",
        "9.9.9",
        "up 1 h 1 min",
        "900 of 1000 credits, until 2026-12-01; 990 expected by then",
        "15.0/s, 93.3 % wholly cached",
        "0.12",
        "1 open",
        "half-open",
        "0.0312 / 12",
        "90.0 percent, above 85",
        "01:01:01",
        "250 keys",
        "2100 ms, wait 1900",
        "10:11:12 tier_down tier redis",
    ] {
        assert!(screen.contains(words), "{words} is not on\n{screen}");
    }
    // A small window shows the same without falling apart.
    for (width, height) in [(80, 24), (40, 12), (10, 3), (1, 1)] {
        shown(&view, width, height);
    }
}

#[test]
fn a_gateway_that_does_not_answer_leaves_the_last_picture_and_says_so() {
    // Breaks: the screen goes blank, or shows old figures as if they were new.
    let mut view = View::of("http://127.0.0.1:8080");
    assert!(shown(&view, 120, 30).contains("–"), "nothing is known yet");
    view.saw(looked());
    view.missed("refused".to_owned(), Duration::from_secs(2));
    view.missed("refused".to_owned(), Duration::from_secs(2));
    let screen = shown(&view, 120, 30);
    assert!(screen.contains("900 of 1000"), "{screen}");
    assert!(screen.contains("no answer for 4 s, trying again: refused"), "{screen}");
    view.saw(looked());
    assert!(view.lost().is_none());
}

#[test]
fn a_tier_that_was_not_asked_has_no_latency() {
    // Breaks: a tier that nobody has asked for an hour looks like the fastest.
    let mut view = View::of("x");
    view.saw(looked());
    let took: Vec<_> = view.tiers().into_iter().map(|[name, _, _, took]| (name, took)).collect();
    let expected = [("decoded", ""), ("sqlite", "0.0312 / 12"), ("redis", "–"), ("upstream", "")];
    assert_eq!(took, expected.map(|(name, took)| (name.to_owned(), took.to_owned())));
    assert_eq!([0.094_9, 0.1, 9.94, 9.96].map(fine), ["0.0949", "0.10", "9.94", "10"]);
}

#[test]
fn curves_are_rates_and_not_counts() {
    // Breaks: a longer moment looks like more requests.
    let mut view = View::of("x");
    view.saw(looked());
    assert_eq!(view.rates(), [100, 200], "tenths of a request a second");
    assert_eq!(ratio(5, 0), 0.0);
}

#[test]
fn events_are_bounded_and_the_newest_comes_first() {
    // Breaks: a terminal that is left open for a month holds the month.
    let mut view = View::of("x");
    for n in 0..2 * EVENTS_MAX {
        view.heard(Heard { kind: format!("e{n}"), told: json!({}) });
    }
    assert_eq!(view.events().len(), EVENTS_MAX);
    assert_eq!(view.events()[0], format!("e{}", 2 * EVENTS_MAX - 1));
}
