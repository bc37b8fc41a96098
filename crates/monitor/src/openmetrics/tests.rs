use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use std::time::Duration;

use super::*;
use crate::{Monitor, MonitorConfig, Prometheus, Traces};

const AT: Duration = Duration::from_millis(1_700_000_000_500);

/// The trace of the thread is what the test says; 0 is none.
fn traces() -> (Arc<AtomicU64>, Traces) {
    let current = Arc::new(AtomicU64::new(0));
    let read = Arc::clone(&current);
    let trace = move || Some(u128::from(read.load(Ordering::SeqCst))).filter(|id| *id != 0);
    (current, Traces::new(trace, || AT))
}

/// A page with every kind of family, exemplars and letters that must be escaped.
fn page() -> (String, String) {
    let (current, traces) = traces();
    let config = MonitorConfig { traces: Some(traces.clone()), ..MonitorConfig::default() };
    let monitor = Monitor::new(config);
    let prometheus = Prometheus::new().with_exemplars(traces, &["call_seconds"]);
    metrics::with_local_recorder(&prometheus.recorder(), || {
        metrics::describe_counter!("orders", "Orders, \"quoted\".");
        metrics::counter!("orders", "kind" => "a \"b\" \\ c").increment(2);
        metrics::gauge!("depth").set(-1.5);
        metrics::histogram!("bytes").record(3.0);
        metrics::histogram!("other_seconds").record(0.1);
        let call = metrics::histogram!("call_seconds", "op" => "a \"b\"", "how" => "ok");
        for (trace, seconds) in [(0, 0.000_02), (7, 0.3), (8, 0.4), (0, 0.45), (9, 77.0), (10, 1.0)]
        {
            current.store(trace, Ordering::SeqCst);
            call.record(seconds);
        }
    });
    for (trace, ms) in [(11, 250), (0, 90)] {
        current.store(trace, Ordering::SeqCst);
        monitor.record("quotes", "miss", Duration::from_millis(ms), AT);
    }
    prometheus.upkeep();
    let open = prometheus.render_open(&monitor, AT).unwrap();
    (prometheus.render(&monitor, AT), open)
}

/// The line that begins so.
fn line<'a>(page: &'a str, start: &str) -> &'a str {
    let found = page.lines().find(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("no {start} in\n{page}"))
}

#[test]
fn a_bucket_shows_the_latest_trace_that_fell_into_it_and_no_other() {
    // Breaks: whoever follows a slow bucket is led to a fast request, or nowhere.
    let (_, open) = page();
    let of = |le: &str| {
        let start = format!("call_seconds_bucket{{op=\"a \\\"b\\\"\",how=\"ok\",le=\"{le}\"}} ");
        line(&open, &start)[start.len()..].to_owned()
    };
    let exemplar =
        |trace: u64, value: f64| format!(" # {{trace_id=\"{trace:032x}\"}} {value} 1700000000.500");
    assert_eq!(of("0.5"), format!("4{}", exemplar(8, 0.4)));
    // On the bound is within it.
    assert_eq!(of("1.0"), format!("5{}", exemplar(10, 1.0)));
    assert_eq!(of("+Inf"), format!("6{}", exemplar(9, 77.0)));
    assert_eq!(of("5e-05"), "1", "no trace, no exemplar");
    let others: Vec<_> = open.lines().filter(|line| line.contains(" # {")).collect();
    assert_eq!(others.len(), 4, "{others:#?}");
    let seconds = "monitor_operation_seconds_total{operation=\"quotes\",outcome=\"miss\"} 0.34";
    assert_eq!(line(&open, seconds), format!("{seconds}{}", exemplar(11, 0.25)));
}

#[test]
fn what_is_rewritten_keeps_every_sample_and_obeys_the_newer_format() {
    // Breaks: a scraper that reads OpenMetrics refuses the page, and has no metrics at all.
    let (text, open) = page();
    check(&open);
    let values = |page: &str| {
        // How much memory there is differs from one look to the next.
        let is_steady = |line: &&str| !line.starts_with('#') && !line.contains("resident_bytes");
        let lines = page.lines().filter(|line| is_steady(line) && !line.is_empty());
        let bare = lines.map(|line| line.split(" # ").next().unwrap_or_default());
        let value = |line: &str| line.rsplit_once(' ').map(|(_, value)| value.to_owned());
        bare.filter_map(value).collect::<Vec<_>>()
    };
    // Rendered twice: the recorder's families come in any order.
    let (mut before, mut after) = (values(&text), values(&open));
    before.sort();
    after.sort();
    assert_eq!(before, after);
    assert_eq!(line(&open, "# TYPE orders"), "# TYPE orders counter");
    assert_eq!(line(&open, "# HELP orders"), "# HELP orders Orders, \\\"quoted\\\".");
    assert_eq!(line(&open, "orders"), "orders_total{kind=\"a \\\"b\\\" \\\\ c\"} 2");
    assert_eq!(line(&open, "bytes{quantile=\"1"), "bytes{quantile=\"1.0\"} 3");
}

#[test]
fn without_exemplars_there_is_the_older_format_only() {
    let prometheus = Prometheus::new();
    assert_eq!(prometheus.render_open(&Monitor::new(MonitorConfig::default()), AT), None);
}

#[test]
fn kinds_that_the_newer_format_does_not_know_are_unknown() {
    let text = "# TYPE a untyped\na 1\n# HELP b Help.\n# TYPE b counter\nb 2\n";
    let open = "# TYPE a unknown\na 1\n# HELP b Help.\n# TYPE b unknown\nb 2\n# EOF\n";
    assert_eq!(rewritten(text, &BTreeMap::new()), open);
}

/// The rules that our pages could break.
fn check(open: &str) {
    assert!(open.ends_with("\n# EOF\n") && open.matches("# EOF").count() == 1);
    let (mut family, mut kind, mut seen) = ("", "", BTreeSet::new());
    for line in open.trim_end_matches("# EOF\n").lines() {
        assert!(!line.is_empty(), "an empty line");
        if let Some(comment) = line.strip_prefix("# ") {
            let words: Vec<&str> = comment.splitn(3, ' ').collect();
            assert!(matches!(words[0], "HELP" | "TYPE"), "{line}");
            assert!(words[1] == family || seen.insert(words[1]), "in two places: {line}");
            if words[1] != family {
                (family, kind) = (words[1], "");
            }
            if words[0] == "TYPE" {
                kind = words[2];
            }
            continue;
        }
        let (sample, exemplar) = line.split_once(" # ").map_or((line, ""), |(a, b)| (a, b));
        let name = sample.split(['{', ' ']).next().unwrap_or_default();
        let endings: &[&str] = match kind {
            "counter" => &["_total"],
            "gauge" => &[""],
            "histogram" => &["_bucket", "_sum", "_count"],
            "summary" => &["", "_sum", "_count"],
            other => panic!("{other}: {line}"),
        };
        assert!(endings.iter().any(|end| name == format!("{family}{end}")), "{kind}: {line}");
        let may = exemplar.is_empty() || name.ends_with("_total") || name.ends_with("_bucket");
        assert!(may, "no place for an exemplar: {line}");
        let bound = sample.split_once("le=\"").and_then(|(_, rest)| rest.split('"').next());
        let is_canonical = |bound: &str| bound == "+Inf" || bound.contains(['.', 'e']);
        assert!(bound.is_none_or(is_canonical), "{line}");
    }
}
