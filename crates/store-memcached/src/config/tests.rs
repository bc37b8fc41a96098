use super::*;

fn parse(text: &str) -> MemcachedConfig {
    toml::from_str(text).unwrap()
}

fn check(text: &str, expected: &str) {
    let error = parse(text).validate().unwrap_err().to_string();
    assert!(error.contains(expected), "{text}: {error}");
}

#[test]
fn the_defaults_and_a_full_file_are_valid() {
    // A configuration of one line has to work.
    assert_eq!(parse("").validate(), Ok(()));
    let text = r#"
        servers = ["cache-1.internal:11211", "memcache://[::1]:11211"]
        prefix = "prices:"
        deadline_ms = 15
        connect_timeout_ms = 100
        connections_max = 4
        max_value_bytes = 4194304
        compress_min_bytes = 0
    "#;
    assert_eq!(parse(text).validate(), Ok(()));
}

#[test]
fn what_cannot_work_is_told_with_its_name() {
    // "Invalid configuration" sends people to the source code.
    check("servers = []", "servers: name between 1 and 64, not 0");
    check("servers = ['localhost']", "`localhost` is not `host:port`");
    check("servers = ['localhost:0']", "localhost:0");
    check("servers = ['local host:11211']", "local host");
    check("servers = ['a:1', 'b:1', 'memcache://a:1']", "`a:1` is named twice");
    check("prefix = 'a b'", "prefix: at most 64");
    check("prefix = '100%'", "prefix: at most 64");
    check("deadline_ms = 0", "deadline_ms: between 1 and 10000, not 0");
    check("connections_max = 257", "connections_max: between 1 and 256, not 257");
}

#[test]
fn a_login_is_refused_and_says_why() {
    // Silently left out, the operator believes that the servers are closed to others.
    check("servers = ['memcache://me:secret@host:11211']", "logging in (SASL) and TLS are not");
}

#[test]
fn a_password_is_seen_nowhere() {
    // Errors and debug output end up in logs.
    for server in ["memcache://me:hunter2@host:11211", "me:hun@ter2@host", "hunter2@"] {
        let config = MemcachedConfig { servers: vec![server.to_owned()], ..parse("") };
        let seen = format!("{config:?} {:?}", config.validate());
        assert!(!seen.contains("hun") && !seen.contains("ter2"), "{seen}");
    }
}
