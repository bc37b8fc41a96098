//! Does a stock client notice that it talks to the gateway?

use std::path::Path;
use std::process::{Command, Stdio};

use harness::{Gateway, Sim, setting};

/// Names a Python that has the SDK; `cargo xtask test` builds one.
const PYTHON: &str = "CMCACHE_SDK_PYTHON";
/// Set where skipping is failing.
const STRICT: &str = "CMCACHE_STRICT";

#[tokio::test(flavor = "multi_thread")]
async fn the_official_sdk_reads_the_same_from_the_gateway_and_the_api() {
    // Breaks: an unmodified client would fail, or silently get other numbers.
    let Some(python) = setting(PYTHON) else {
        assert!(setting(STRICT).is_none_or(|value| value == "0"), "{STRICT} is set, {PYTHON} not");
        println!("skipped: {PYTHON} names no Python that has the SDK");
        return;
    };
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk/compare.py");
    let mut compare = Command::new(python);
    compare.arg(script).args([gateway.client().base(), &sim.url(), "--key", sim.key()]);
    compare.stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || compare.output()).await;
    let output = output.expect("nothing panics").expect("the Python can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}\nthe gateway said:\n{}", gateway.printed());
    assert!(text.contains(" calls equal"), "the script ended early: {text}{errors}");
}
