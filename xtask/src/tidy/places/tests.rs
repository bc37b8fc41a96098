use super::*;

#[track_caller]
fn check(path: &str, code: &str, laws: &[&str]) {
    let text = format!("fn a() {{\n    {code};\n}}\n");
    let found = walls(&Source::new(path, text));
    assert_eq!(found.iter().map(|finding| finding.law).collect::<Vec<_>>(), laws, "{path}");
    assert!(found.iter().all(|finding| finding.line == 2), "{found:?}");
}

#[test]
fn tasks_are_born_in_few_files() {
    // Breaks: work nobody waits for at shutdown.
    for code in ["tokio::spawn(x)", "tracker.spawn(x)", "std::thread::spawn(x)"] {
        check("crates/engine/src/warm.rs", code, &["spawn-site"]);
        check("crates/engine/src/flight.rs", code, &[]);
        check("crates/engine/src/warm/tests.rs", code, &[]);
        check("crates/store-moka/benches/get.rs", code, &[]);
        check("crates/cache-tiers/src/conformance/tier.rs", code, &[]);
    }
    check("crates/store-sql/src/tier.rs", "tokio::task::spawn_blocking(x)", &["spawn-site"]);
}

#[test]
fn upstream_is_called_from_fetch_alone() {
    // Breaks: credits spent without a reservation.
    check("crates/engine/src/warm.rs", "self.upstream.call(&call)", &["upstream-caller"]);
    check("crates/engine/src/warm.rs", ".call(&call)", &["upstream-caller"]);
    check("crates/cmcache/src/probes.rs", "Upstream::call(u, c)", &["upstream-caller"]);
    check("crates/engine/src/fetch.rs", "self.upstream.call(&call)", &[]);
    check("crates/cmc-api/src/layers/retry.rs", "self.inner.call(&call)", &[]);
}

#[test]
fn the_time_is_told_by_the_clock_alone() {
    // Breaks: behaviour that no test can repeat.
    check("crates/engine/src/plan.rs", "std::time::Instant::now()", &["system-clock"]);
    check("crates/engine/src/plan.rs", "jiff::Timestamp::now()", &["system-clock"]);
    check("crates/clock/src/system.rs", "SystemTime::now()", &[]);
    check("crates/cmc-sim/src/clock.rs", "SystemTime::now()", &[]);
}

#[test]
fn only_the_binary_talks_to_its_surroundings() {
    // Breaks: a library that an embedder cannot configure or keep quiet.
    check("crates/cmcache/src/config.rs", "std::env::var(\"X\")", &["environment"]);
    check("crates/monitor/src/slow.rs", "println!(\"x\")", &["print"]);
    check("crates/gateway/src/serve.rs", "std::process::exit(1)", &["exit"]);
    check("crates/cmcache-cli/src/main.rs", "println!(\"x\"); std::env::args()", &[]);
}

#[test]
fn prose_and_longer_names_break_no_law() {
    // Breaks: false alarms, which teach people to ignore true ones.
    check("crates/engine/src/plan.rs", "my_println!(x)", &[]);
    check("crates/engine/src/plan.rs", "let a = \"tokio::spawn\" // Instant::now", &[]);
}
