use super::*;

#[test]
fn help_names_the_commands_and_is_no_mistake() {
    // It is the first thing that people try.
    let dir = tempfile::tempdir().unwrap();
    let help = run(dir.path(), &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for command in [
        "demo",
        "serve",
        "sim",
        "get",
        "price",
        "credits",
        "health",
        "config",
        "completions",
        "man",
    ] {
        assert!(out(&help).contains(&format!("\n  {command} ")), "{command}");
    }
    assert!(!out(&help).contains("__reference"), "it is for us only");
    assert!(out(&run(dir.path(), &["--version"])).starts_with("cmcache "));
}

#[test]
fn a_mistake_of_usage_ends_with_2() {
    // Scripts tell it from a failure.
    let dir = tempfile::tempdir().unwrap();
    check_refused(dir.path(), &["get", "quotes", "--nonsense"], 2, "--nonsense");
    check_refused(dir.path(), &["get", "quote"], 2, "quote");
    let upstream = ["get", "global", "--upstream", "moon"];
    check_refused(dir.path(), &upstream, 2, "pro, keyless, sandbox, sim or a URL");
}

#[test]
fn a_configuration_that_cannot_run_ends_with_3_and_says_what_can() {
    // Before a port is bound or a credit is spent.
    let dir = tempfile::tempdir().unwrap();
    let with = |setting| ["config", "check", "--set", setting];
    check_refused(dir.path(), &with("upstream.timout=3s"), 3, "did you mean `upstream.timeout`?");
    check_refused(dir.path(), &with("listen=0.0.0.0:1"), 3, "client token is required");
    check_refused(dir.path(), &with("tiers=memory,redis"), 3, "tiers.redis.url: where is it?");
    check_refused(dir.path(), &["config", "check", "--config", "absent.toml"], 3, "absent.toml");
    check_refused(dir.path(), &["get", "global"], 3, "key is needed");
    assert_eq!(run(dir.path(), &["config", "check"]).status.code(), Some(0));
}

#[test]
fn every_value_is_shown_with_its_origin_and_no_secret() {
    // People ask where a value comes from, and paste the answer.
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("c.toml"), "[freshness]\nquotes = \"90s\"\n").unwrap();
    let mut show = cmcache(dir.path(), &["config", "show", "--json", "--set", "budget.day=7"]);
    let output = show
        .env("CMCACHE_CONFIG", "c.toml")
        .env("CMCACHE_UPSTREAM__TIMEOUT", "3s")
        .env("CMCACHE_CLIENTS", "web=canary-token")
        .env("CMC_PRO_API_KEY", "canary-key")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(!out(&output).contains("canary"));
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    for (key, value, origin) in [
        ("freshness.quotes", "90s", "file"),
        ("upstream.timeout", "3s", "environment"),
        ("clients.web", "***", "environment"),
        ("upstream.key", "***", "environment"),
        ("budget.day", "7", "flag"),
        ("upstream.retries", "2", "default"),
    ] {
        let row = rows.iter().find(|row| row["key"] == key).unwrap();
        assert_eq!((&row["value"], &row["origin"]), (&value.into(), &origin.into()), "{key}");
    }
}

#[test]
fn the_reference_is_written_from_the_code() {
    // Pages that are written by hand grow old.
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["__reference", "."]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    for (page, words) in [
        ("cli.md", "cmcache serve"),
        ("config.md", "`freshness.<class>`"),
        ("endpoints.md", "/v3/cryptocurrency/quotes/latest"),
        ("metrics.md", "cmcache_credits_used"),
    ] {
        let text = std::fs::read_to_string(dir.path().join(page)).unwrap();
        assert!(text.contains(words), "{page}");
    }
}

#[test]
#[cfg(not(feature = "otel"))]
fn a_program_that_cannot_export_says_so_and_runs() {
    // Else somebody would wait for traces that never come; a variable that is set for all programs
    // of a machine must not keep this one from running.
    let dir = tempfile::tempdir().unwrap();
    let mut check = cmcache(dir.path(), &["config", "check"]);
    let checked = check.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9").output().unwrap();
    assert_eq!(checked.status.code(), Some(0));
    assert!(err(&checked).contains("without the feature `otel`"), "{}", err(&checked));
}
