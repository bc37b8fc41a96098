//! Does the page work in a real browser?

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use harness::{Gateway, Sim, setting};

/// Names a Chromium …
const CHROMIUM: &str = "CMCACHE_BROWSER";
/// … a Node.js that drives it …
const NODE: &str = "CMCACHE_BROWSER_NODE";
/// … and the folder whose `node_modules` holds the driver and the examiner.
const FOLDER: &str = "CMCACHE_BROWSER_NODE_FOLDER";
/// Where pictures of the page go.
const SCREENSHOTS: &str = "CMCACHE_BROWSER_SCREENSHOTS";
/// Set where skipping is failing.
const STRICT: &str = "CMCACHE_STRICT";

#[expect(clippy::print_stdout, reason = "whoever reads the log must know what was not tested")]
fn needed() -> Option<[String; 4]> {
    let found = [CHROMIUM, NODE, FOLDER, SCREENSHOTS].map(setting);
    if found.iter().any(Option::is_none) {
        let is_strict = setting(STRICT).is_some_and(|value| value != "0");
        assert!(!is_strict, "{STRICT} is set, but no browser was found");
        println!("skipped: there is no browser; `cargo xtask test` finds or installs one");
        return None;
    }
    Some(found.map(Option::unwrap_or_default))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_in_a_real_browser() {
    // Breaks: the page stays white, asks strangers, cannot be read by all, or shows what was.
    let Some([chromium, node, folder, screenshots]) = needed() else { return };
    std::fs::create_dir_all(&screenshots).expect("a folder for pictures");
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser/dashboard.mjs");
    let mut look = Command::new(node);
    look.arg(script).args([gateway.client().base(), &chromium, &folder, &screenshots]);
    look.stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || look.output()).await;
    let output = output.expect("nothing panics").expect("Node.js can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}\nthe gateway said:\n{}", gateway.printed());
    assert!(text.contains("8 of 8 checks passed"), "the script ended early: {text}{errors}");
}
