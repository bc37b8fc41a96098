use super::*;

fn load(file: &str, env: &[(&str, &str)], flags: &[&str]) -> Result<Config, ConfigError> {
    let env: Vec<_> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    Config::load(Some((file, "cmcache.toml")), &env, &flags)
}

#[test]
fn flags_win_over_the_environment_which_wins_over_the_file() {
    // Precedence is a contract: scripts override files.
    let file = "[freshness]\nquotes = \"60s\"\ninfo = \"1h\"\nmap = 30\n";
    let config = load(
        file,
        &[("freshness.quotes", "90s"), ("freshness.info", "2h")],
        &["freshness.quotes=120s"],
    )
    .unwrap();
    let set = |class: &str| config.freshness[class].get().as_secs();
    assert_eq!((set("quotes"), set("info"), set("map")), (120, 7_200, 30));
    assert_eq!(config.origins["freshness.quotes"], Source::Flag);
    assert_eq!(config.origins["freshness.info"], Source::Environment);
    assert_eq!(config.origins["freshness.map"], Source::File);
}

#[test]
fn an_unknown_key_is_told_with_the_nearest_known_one() {
    // A typo must not be silently ignored.
    let error = load("", &[], &["upstream.timout=3s"]).unwrap_err();
    assert_eq!(error.0, "`upstream.timout` is no setting; did you mean `timeout`?");
    let error = load("lisen = \"127.0.0.1:1\"", &[], &[]).unwrap_err();
    assert_eq!(error.0, "`lisen` is no setting; did you mean `listen`?");
}

#[test]
fn a_syntax_error_keeps_its_line() {
    // People must find it.
    let error = load("listen = \n", &[], &[]).unwrap_err();
    assert!(error.0.starts_with("cmcache.toml: TOML parse error at line 1"), "{error}");
}

#[test]
fn a_tier_is_set_by_the_documented_key() {
    // `tiers` is a list and a section in the contract; TOML cannot have both.
    let config = load("", &[], &["tiers.memory.max_bytes=64MiB", "tiers=memory"]).unwrap();
    assert_eq!(config.tier("memory").max_bytes.unwrap().get(), 64 << 20);
    assert_eq!(config.tiers, ["memory"]);
}

#[test]
fn the_guide_is_a_preset_that_single_values_override() {
    // A reader of the guide finds its figures.
    let config = load("", &[], &["preset=guide", "freshness.global=10s"]).unwrap();
    let freshness = config.freshness();
    let of = |class| freshness.by_class.iter().find(|(known, _)| *known == class).unwrap().1;
    assert_eq!(of(CacheClass::Quotes), Duration::from_secs(120));
    assert_eq!(of(CacheClass::Global), Duration::from_secs(10));
}

#[test]
fn strangers_are_not_let_in_without_a_token() {
    // An open gateway would spend for anybody.
    let error = load("", &[], &["listen=0.0.0.0:8080"]).unwrap().validate().unwrap_err();
    assert!(error.0.contains("client token is required"), "{error}");
    let with = load("", &[], &["listen=0.0.0.0:8080", "clients.web=secret"]).unwrap();
    assert_eq!(with.validate(), Ok(Vec::new()));
}

#[test]
fn an_age_below_the_cadence_is_obeyed_with_a_warning() {
    // It pays for the same bytes.
    let config = load("", &[], &["freshness.quotes=10s"]).unwrap();
    let warnings = config.validate().unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].0.contains("cadence of 60 s"), "{:?}", warnings[0]);
}

#[test]
fn tiers_that_come_later_say_so() {
    // Nobody should search for a mistake of his own.
    let error = load("", &[], &["tiers=memory,redis"]).unwrap().validate().unwrap_err();
    assert!(error.0.contains("`redis` is not there yet"), "{error}");
    assert!(load("", &[], &["tiers=memory,foo"]).unwrap().validate().is_err());
}

#[test]
fn secrets_are_not_shown() {
    // `config show` ends in tickets.
    let config = load("", &[], &["upstream.key=canary-key", "clients.web=canary-token"]).unwrap();
    let text = format!("{config:?} {:?}", config.shown());
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn lengths_and_sizes_are_read_and_printed_alike() {
    // What `config show` prints must be accepted back.
    for text in ["500ms", "60s", "15m", "24h", "7d"] {
        let length: Length = text.parse().unwrap();
        assert_eq!(length.to_string().parse::<Length>(), Ok(length), "{text}");
    }
    assert_eq!("2GiB".parse::<Bytes>().map(|bytes| bytes.get()), Ok(2 << 30));
    assert!("soon".parse::<Length>().unwrap_err().contains("60s"));
}
