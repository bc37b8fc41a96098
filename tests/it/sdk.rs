//! Does a stock client notice that it talks to the gateway?

use std::path::Path;
use std::process::{Command, Stdio};

use harness::{Gateway, Sim, setting};

/// Names a Python that has the SDK; `cargo xtask test` builds one.
const PYTHON: &str = "CMCACHE_SDK_PYTHON";
/// Names a Node.js …
const NODE: &str = "CMCACHE_SDK_NODE";
/// … and the folder whose `node_modules` holds the clients.
const NODE_FOLDER: &str = "CMCACHE_SDK_NODE_FOLDER";
/// Set where skipping is failing.
const STRICT: &str = "CMCACHE_STRICT";

/// A setting that names what a client needs; `None` is a reason to skip, where that is allowed.
#[expect(clippy::print_stdout, reason = "whoever reads the log must know what was not tested")]
fn needed(name: &str) -> Option<String> {
    let found = setting(name);
    if found.is_none() {
        assert!(setting(STRICT).is_none_or(|value| value == "0"), "{STRICT} is set, {name} not");
        println!("skipped: {name} is not set; `cargo xtask test` sets it");
    }
    found
}

/// Runs a comparing script, which asks a gateway and the simulator before it.
async fn compare(interpreter: String, script: &str, rest: impl Fn(&Sim) -> Vec<String>) {
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
    let mut compare = Command::new(interpreter);
    compare.arg(script).args([gateway.client().base(), &sim.url()]).args(rest(&sim));
    compare.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || compare.output()).await;
    let output = output.expect("nothing panics").expect("the interpreter can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}\nthe gateway said:\n{}", gateway.printed());
    assert!(text.contains(" calls equal"), "the script ended early: {text}{errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_sdk_reads_the_same_from_the_gateway_and_the_api() {
    // Breaks: an unmodified client would fail, or silently get other numbers.
    let Some(python) = needed(PYTHON) else { return };
    let key = |sim: &Sim| vec!["--key".to_owned(), sim.key().to_owned()];
    compare(python, "sdk/compare.py", key).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn javascript_clients_read_the_same_from_the_gateway_and_the_api() {
    // Breaks: programs written against the older versions of the API could not move.
    let (Some(node), Some(folder)) = (needed(NODE), needed(NODE_FOLDER)) else { return };
    let rest = |sim: &Sim| vec![sim.key().to_owned(), folder.clone()];
    compare(node, "sdk/js/compare.mjs", rest).await;
}
