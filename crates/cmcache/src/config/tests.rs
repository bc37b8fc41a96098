use std::time::Duration;

use cmc_api::CacheClass;

use super::*;

fn load(file: &str, env: &[(&str, &str)], flags: &[&str]) -> Result<Config, ConfigError> {
    let env: Vec<_> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let flags: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    Config::load(Some((file, "cmcache.toml")), &env, &flags)
}

fn check_refused(flags: &[&str], words: &str) {
    let error = load("", &[], flags).and_then(|config| config.validate()).unwrap_err();
    assert!(error.0.contains(words), "{flags:?}: {error}");
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
fn an_unknown_key_is_told_with_the_nearest_known_one_wherever_it_comes_from() {
    // A typo must not be silently ignored.
    for (file, env, flag, unknown, nearest) in [
        ("", None, Some("upstream.timout=3s"), "upstream.timout", "upstream.timeout"),
        ("lisen = \"127.0.0.1:1\"", None, None, "lisen", "listen"),
        ("", Some(("freshness.quote", "1s")), None, "freshness.quote", "freshness.quotes"),
        ("", None, Some("tiers.memory.max=1"), "tiers.memory.max", "tiers.memory.max_bytes"),
        ("[tier.sqlite]\nretain = 1", None, None, "tiers.sqlite.retain", "tiers.sqlite.retention"),
        ("[budget]\ncaps.month = 1", None, None, "budget.caps.month", "budget.month"),
    ] {
        let error = load(file, env.as_slice(), flag.as_slice()).unwrap_err();
        assert!(error.0.starts_with(&format!("`{unknown}`")), "{error}");
        assert!(error.0.ends_with(&format!("did you mean `{nearest}`?")), "{error}");
    }
}

#[test]
fn a_mistake_keeps_its_place_and_not_its_line() {
    // People must find it; the line may hold a key.
    let error = load("preset = \"guide\"\nupstream.key = \"canary\n", &[], &[]).unwrap_err();
    assert!(error.0.starts_with("cmcache.toml, line 2: "), "{error}");
    let wrong = load("[clients]\nweb = 424242\n", &[], &[]).unwrap_err();
    assert_eq!(wrong.0, "clients.web: it must be a text in quotes");
    for text in [error.0, wrong.0] {
        assert!(!text.contains("canary") && !text.contains("424242"), "{text}");
    }
    let error = load("", &[], &["upstream.timeout=soon"]).unwrap_err();
    assert!(error.0.starts_with("upstream.timeout: `soon` is no length"), "{error}");
    assert!(error.0.ends_with("(from the flag)"), "{error}");
}

#[test]
fn a_tier_is_set_by_the_documented_key() {
    // `tiers` is a list and a section in the contract; TOML cannot have both.
    let config = load("", &[], &["tiers.memory.max_bytes=64MiB", "tiers=memory"]).unwrap();
    assert_eq!(config.tier("memory").max_bytes.unwrap().get(), 64 << 20);
    assert_eq!(config.tiers, ["memory"]);
    for file in ["[tier.memory]\nmax_bytes = 7", "[tiers.memory]\nmax_bytes = 7"] {
        let config = load(file, &[], &[]).unwrap();
        assert_eq!(config.tier("memory").max_bytes.unwrap().get(), 7, "{file}");
        assert_eq!(config.tiers, ["memory", "sqlite"]);
    }
}

#[test]
fn a_text_stays_a_text_whatever_it_looks_like() {
    // A token of digits is no number, a folder called 7 no mistake.
    let flags = ["clients.web=1234", "data_dir=7", "clients.a.b=\"x\"", "log.filter=info,x=debug"];
    let config = load("", &[], &flags).unwrap();
    assert_eq!(config.clients["web"].expose(), "1234");
    assert_eq!(config.clients["a.b"].expose(), "x");
    assert_eq!(config.data_dir.to_str(), Some("7"));
    assert_eq!(config.log.filter, "info,x=debug");
}

#[test]
fn the_guide_is_a_preset_that_single_values_override() {
    // A reader of the guide finds its figures.
    let config = load("", &[], &["preset=guide", "freshness.global=10s"]).unwrap();
    let freshness = config.freshness();
    let of = |class| freshness.by_class.iter().find(|(known, _)| *known == class).unwrap().1;
    assert_eq!(of(CacheClass::Quotes), Duration::from_secs(120));
    assert_eq!(of(CacheClass::Global), Duration::from_secs(10));
    assert_eq!(config.tier("sqlite").retention, Some(Length::from_secs(3_600)));
    let shown = config.shown();
    let quotes = shown.iter().find(|row| row.key == "freshness.quotes").unwrap();
    assert_eq!((quotes.value.as_str(), quotes.origin), ("2m", Source::Preset));
}

#[test]
fn strangers_are_not_let_in_without_a_token() {
    // An open gateway would spend for anybody.
    check_refused(&["listen=0.0.0.0:8080"], "client token is required");
    check_refused(&["clients.web="], "token is empty");
    check_refused(&["clients.web=x", "clients.bot=x"], "same token");
    let with = load("", &[], &["listen=0.0.0.0:8080", "clients.web=secret"]).unwrap();
    assert_eq!(with.validate(), Ok(Vec::new()));
}

#[test]
fn what_is_unwise_is_obeyed_with_one_warning() {
    // An age below the cadence pays for the same bytes; a bare key is read on the way.
    for (flags, words) in [
        (vec!["freshness.quotes=10s"], "cadence of 60 s"),
        (vec!["upstream.url=http://example.org", "upstream.key=k"], "clear text"),
    ] {
        let warnings = load("", &[], &flags).unwrap().validate().unwrap();
        assert_eq!(warnings.len(), 1, "{flags:?}");
        assert!(warnings[0].0.contains(words), "{:?}", warnings[0]);
    }
    for url in ["http://127.0.0.1:1", "http://localhost", "http://[::1]:9", "https://example.org"] {
        let flags = [&format!("upstream.url={url}"), "upstream.key=k"];
        assert_eq!(load("", &[], &flags).unwrap().validate(), Ok(Vec::new()), "{url}");
    }
}

#[test]
fn what_cannot_run_is_refused_with_its_reason() {
    // Better here than at the first request.
    check_refused(&["tiers=memory,foo"], "there is no tier `foo`");
    check_refused(&["tiers=memory,memory"], "named twice");
    check_refused(&["data_dir="], "needs a data_dir");
    check_refused(&["tiers.sqlite.max_bytes=1MiB"], "tiers.sqlite.retention");
    check_refused(&["upstream.url=ftp://x"], "must be https://host");
    check_refused(&["upstream.url=https://"], "must be https://host");
    check_refused(&["upstream.url=https://me:canary@host"], "without user");
    check_refused(&["upstream.timeout=0"], "upstream.timeout");
    check_refused(&["upstream.connections=0"], "upstream.connections");
    check_refused(&["upstream.retries=11"], "at most 10");
    check_refused(&["upstream.retries"], "write it as key=value");
    check_refused(&["warm.share=1.5"], "between 0 and 1");
    check_refused(&["warm.coins=5001"], "at most 5000");
    check_refused(&["warm.every=1s"], "at least 10s");
    check_refused(&["warm.converts="], "at least one currency");
}

#[test]
fn secrets_are_not_shown() {
    // `config show` ends in tickets.
    let config = load("", &[], &["upstream.key=canary-key", "clients.web=canary-token"]).unwrap();
    let text = format!("{config:?} {:?}", config.shown());
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn what_is_shown_can_be_set_again() {
    // The output of `config show` is how people learn the keys.
    let config = load("", &[], &["tiers.memory.deadline=3s", "budget.month=7"]).unwrap();
    let shown = config.shown();
    let secret = |value: &str| value == "***" || value == "cadence" || value.is_empty();
    let flags: Vec<String> = shown
        .iter()
        .filter(|row| !secret(&row.value))
        .map(|row| format!("{}={}", row.key, row.value))
        .collect();
    let again = Config::load(None, &[], &flags).unwrap();
    let values = |config: &Config| {
        config.shown().into_iter().map(|row| (row.key, row.value)).collect::<Vec<_>>()
    };
    assert_eq!(values(&again), values(&config));
}

#[test]
fn every_setting_of_the_list_is_one() {
    // The list is what the reference and the nearest name are made from.
    for setting in settings() {
        let key = setting.key.replace("<class>", "quotes").replace("<name>", "memory");
        let key = key.replace("<kind>", "test");
        let values = ["1", "guide", "text", "closed", "127.0.0.1:1", "true", "race", "off"];
        let mut values =
            values.into_iter().chain(["json", "honour", "essential", "20%", "rank", "ahead"]);
        let taken = values.any(|value| load("", &[], &[&format!("{key}={value}")]).is_ok());
        assert!(taken, "{key}");
        assert!(!setting.meaning.is_empty());
    }
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

#[test]
fn a_catalogue_that_cannot_be_used_is_refused_with_its_file_and_line() {
    // A gateway with half a catalogue would refuse good calls and misjudge prices.
    assert_eq!(load("", &[], &[]).unwrap().catalogue().unwrap().effective(), "2026-10");
    let own = tempfile::NamedTempFile::new().unwrap();
    let flag = format!("upstream.catalogue={}", own.path().display());
    let told = |json: &str| {
        std::fs::write(own.path(), json).unwrap();
        load("", &[], &[&flag]).unwrap().validate().unwrap_err().0
    };
    let start = format!("upstream.catalogue: {}: line 2, column 1: field", own.path().display());
    assert!(told("\n{}").starts_with(&start), "{}", told("\n{}"));
    std::fs::write(own.path(), "{\"effective\":\"2027-01\",\"operations\":[]}").unwrap();
    let config = load("", &[], &[&flag]).unwrap();
    assert_eq!(config.catalogue().unwrap().effective(), "2027-01");
    check_refused(&["upstream.catalogue=/nowhere/at/all.json"], "/nowhere/at/all.json");
}

#[test]
fn levels_are_percentages_the_guide_has_its_own_and_others_are_refused() {
    // A level that can never be passed would be silence for ever.
    let levels = |flags: &[&str]| load("", &[], flags).unwrap().levels().as_slice().to_vec();
    assert_eq!(levels(&[]), [50, 75, 80, 90, 95, 100]);
    assert_eq!(levels(&["preset=guide"]), [80, 90]);
    assert_eq!(levels(&["alerts.levels=90, 60%,60"]), [60, 90]);
    assert_eq!(load("alerts.levels = [5, 10]", &[], &[]).unwrap().levels().as_slice(), [5, 10]);
    for wrong in ["alerts.levels=0", "alerts.levels=101", "alerts.levels=most"] {
        let error = load("", &[], &[wrong]).unwrap_err();
        assert!(error.0.contains("1 to 100"), "{wrong}: {error}");
    }
    check_refused(&["alerts.levels="], "events.credit_warning");
}

#[test]
fn a_webhook_that_cannot_work_is_refused_and_no_part_of_it_is_shown() {
    // An alert that goes nowhere is noticed when it would have been needed.
    const URL: &str = "webhook.url=https://hooks.test/canary";
    check_refused(&["webhook.url=ftp://hooks.test/canary"], "webhook.url: the URL must be https");
    check_refused(&[URL, "webhook.secret=canary"], "at least 16 bytes");
    check_refused(&[URL, "webhook.secret=whsec_canary!"], "no base64");
    check_refused(&["webhook.secret=canary-canary-canary"], "there is no `webhook.url`");
    check_refused(&[URL, "webhook.events=credit_warnin"], "credit_warning");
    let off = [URL, "webhook.events=tier_up", "events.tier_up=false"];
    check_refused(&off, "switched off by `events.tier_up`");
    check_refused(&[URL, "webhook.timeout=0s"], "webhook.timeout");
    let warned = |flags: &[&str]| load("", &[], flags).unwrap().validate().unwrap().len();
    let quiet = warned(&[]);
    assert_eq!(warned(&[URL]), quiet + 1, "unsigned");
    assert_eq!(warned(&[URL, "webhook.secret=canary-canary-canary"]), quiet);
    assert_eq!(warned(&["webhook.url=http://hooks.test/x", "webhook.format=slack"]), quiet + 1);
    let config = load("", &[], &[URL, "webhook.secret=canary-canary-canary"]).unwrap();
    let shown = format!("{:?} {:?}", config.shown(), config);
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn how_far_pacing_goes_is_set_by_class_and_checked() {
    // A maximum age that is silently ignored is a promise broken.
    let config =
        load("[pace]\nreserve = 5\n[pace.max_age]\nquotes = \"10m\"\n", &[], &["pace.shrink=true"])
            .unwrap();
    config.validate().unwrap();
    let pace = config.freshness().pace;
    assert!(pace.is_on && pace.shrinks && pace.obeys_clients);
    assert_eq!(pace.most, [(CacheClass::Quotes, Duration::from_secs(600))]);
    let shown = config.shown();
    let value = |key: &str| shown.iter().find(|row| row.key == key).unwrap().value.clone();
    assert_eq!((value("pace.max_age.quotes"), value("pace.reserve")), ("10m".into(), "5".into()));
    check_refused(&["pace.reserve=51"], "pace.reserve: at most 50 percent");
    check_refused(&["pace.essential=51"], "pace.essential: at most 50 percent");
    assert!(
        load("", &[], &["pace.max_age.quote=1m"]).unwrap_err().0.contains("pace.max_age.quotes")
    );
    assert!(!load("", &[], &["pace.mode=off"]).unwrap().freshness().pace.is_on);
}

#[test]
fn a_collector_that_cannot_be_told_anything_is_refused_and_no_header_is_shown() {
    // Headers of a collector are its credentials; a wrong endpoint would be silence for ever.
    check_refused(&["otel.endpoint=collector:4317"], "otel.endpoint: it must be https://host");
    check_refused(&["otel.endpoint=http://user:canary@c.test"], "without user");
    check_refused(&["otel.headers=canary"], "otel.headers: it must be name=value");
    check_refused(&["otel.headers=a b=canary"], "otel.headers: it must be name=value");
    check_refused(&["otel.sample=1.5"], "between 0 and 1");
    check_refused(&["otel.metrics_interval=10ms"], "at least 1s");
    let headers = "otel.headers=Authorization=Bearer%20canary, x=2";
    let config = load("", &[], &["otel.endpoint=http://c.test", headers]).unwrap();
    assert_eq!(config.otel.header_map()["authorization"], "Bearer canary");
    assert_eq!(config.otel.header_map()["x"], "2");
    let told = config.validate().unwrap();
    assert!(told.iter().any(|warning| warning.0.contains("in clear text")), "{told:?}");
    assert!(!format!("{config:?}{:?}{told:?}", config.shown()).contains("canary"));
    let silent = load("", &[], &["otel.sample=1"]).unwrap();
    assert!(!silent.otel.is_on(), "without an endpoint nothing is sent");
}
