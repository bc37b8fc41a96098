use super::*;

fn parse(text: &str) -> RedisConfig {
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
        urls = ["rediss://me:se%2Fcr@et@cache-1.internal:6380", "rediss://me:se%2Fcr@et@[::1]/0"]
        prefix = "prices:"
        deadline_ms = 15
        connect_timeout_ms = 100
        connections_max = 4
    "#;
    assert_eq!(parse(text).validate(), Ok(()));
    let place = &parse(text).places().unwrap()[0];
    assert_eq!(place.password.as_deref(), Some("se/cr@et"));
    assert_eq!(parse("urls = ['redis://host/3']").validate(), Ok(()));
    let sentinels = "urls = ['redis://a:26379', 'redis://b:26379']\nsentinel_master = 'main'";
    assert_eq!(parse(sentinels).validate(), Ok(()));
}

#[test]
fn what_cannot_work_is_told_with_its_name() {
    // "Invalid configuration" sends people to the source code.
    check("urls = []", "urls: name between 1 and 64, not 0");
    check("urls = ['localhost:6379']", "`localhost:6379` is not `redis[s]://");
    check("urls = ['redis://']", "redis://");
    check("urls = ['redis://host:0']", "redis://host:0");
    check("urls = ['redis://host:99999']", "redis://host:99999");
    check("urls = ['redis://host/one']", "redis://host/one");
    check("urls = ['redis://a', 'redis://b/1']", "no database but 0");
    check("urls = ['redis://a', 'rediss://b']", "all of them have the same scheme");
    check("sentinel_master = ' '", "sentinel_master: the name");
    check("sentinel_master = 'm'\ncluster = true", "a cluster has no sentinels");
    check("cluster = true\ninvalidation = 'tracking'", "use `notes`");
    check("ca_file = 'ca.pem'", "do not begin with `rediss://`");
    check("prefix = 'a b'", "prefix: at most 64");
    check("prefix = '{a}'", "without spaces and braces");
    check("deadline_ms = 0", "deadline_ms: between 1 and 10000, not 0");
    check("connections_max = 257", "connections_max: between 1 and 256, not 257");
}

#[test]
fn a_misspelt_setting_is_refused() {
    // Else it would be the default, silently.
    let error = toml::from_str::<RedisConfig>("deadline = 5").unwrap_err().to_string();
    assert!(error.contains("deadline_ms"), "{error}");
}

#[test]
fn a_password_is_seen_nowhere() {
    // Errors and debug output end up in logs.
    for url in ["redis://me:hunter2@host", "redis://:hun@ter2@host:x", "hunter2@", "me:hunter2@h"] {
        let config = RedisConfig { urls: vec![url.to_owned()], ..parse("") };
        let seen = format!("{config:?} {:?}", config.validate());
        assert!(!seen.contains("hun") && !seen.contains("ter2"), "{seen}");
    }
}
