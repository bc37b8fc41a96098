use clap::CommandFactory;

use super::*;

fn read(words: &str) -> Result<Args, ExitCode> {
    let typed: Vec<OsString> = words.split(' ').map(OsString::from).collect();
    Args::read(&typed)
}

#[test]
fn the_command_line_has_no_contradictions() {
    // clap finds them at run time only.
    Args::command().debug_assert();
}

#[test]
fn scripts_find_the_commands_of_the_contract() {
    // They depend on it.
    for words in [
        "cmcache demo --seconds 5",
        "cmcache serve --config f --listen 127.0.0.1:0 --upstream sim --data-dir d --set a=b",
        "cmcache sim --seed 7 --plan basic --key a --key b --credits 9 --rpm 3 --latency 5",
        "cmcache sim --speed 60 --frozen",
        "cmcache get /v1/key/info --json",
        "cmcache get quotes --symbol BTC,ETH --csv",
        "cmcache get /v3/cryptocurrency/quotes/latest --id 1 --convert EUR",
        "cmcache get --json listings limit=5 --convert-id 2781",
        "cmcache get --list",
        "cmcache get listings --all --dry-run --url http://127.0.0.1:1",
        "cmcache get convert 2.5 BTC EUR --upstream sim",
        "cmcache price quotes 1,1027 --json",
        "cmcache credits",
        "cmcache credits status --url http://127.0.0.1:1",
        "cmcache credits report --json",
        "cmcache credits report --since 7d --until 1h --by day --csv --url http://127.0.0.1:1",
        "cmcache credits report --guide",
        "cmcache credits ledger --since 2026-10-05T09:00:00Z --operation /v1/x --limit 5",
        "cmcache credits ledger --all --assumed true --json",
        "cmcache credits forecast --json",
        "cmcache credits coins --limit 5 --json --url http://127.0.0.1:1",
        "cmcache credits what-if --plan Startup --ttl 120 --since 7d --json",
        "cmcache health --json",
        "cmcache bench credits --quick --json",
        "cmcache bench credits --rate 2,350 --minutes 20 --seeds 1-5 --zipf 0.8 --max-age 60s",
        "cmcache bench credits --shift --prior none --plan basic --burst --svg f --installed 30",
        "cmcache bench credits --log f --no-rules --set a=b",
        "cmcache warm BTC,ETH --convert EUR",
        "cmcache warm --coins 500 --by rank --share 0.2 --dry-run --json",
        "cmcache popularity --json",
        "cmcache config check",
        "cmcache config show --json",
        "cmcache completions bash",
        "cmcache man",
    ] {
        assert!(read(words).is_ok(), "{words}");
    }
}

#[test]
fn commands_of_later_versions_are_absent() {
    // A command that does nothing is worse than none.
    assert!(Args::try_parse_from(["cmcache", "replay"]).is_err());
}

#[test]
fn whoever_asks_for_json_gets_errors_as_json() {
    // One machine-readable error object.
    assert!(read("cmcache price quotes --json").unwrap().json());
    assert!(read("cmcache config show --json").unwrap().json());
    assert!(read("cmcache get /v1/key/info --json").unwrap().json());
    assert!(read("cmcache get --json quotes 1").unwrap().json());
    assert!(read("cmcache credits report --json").unwrap().json());
    assert!(!read("cmcache get quotes").unwrap().json());
}

#[test]
fn the_options_of_a_path_are_its_parameters_in_the_catalogue() {
    // All 110, not those that somebody thought of.
    for operation in cmcache::cmc_api::Catalogue::embedded().operations() {
        let mut words = vec!["cmcache".to_owned(), "get".to_owned(), operation.path.to_string()];
        for param in &operation.params {
            let value = match &param.kind {
                cmcache::cmc_api::ParamKind::OneOf(of) => &*of[0],
                _ => "1",
            };
            words.extend([format!("--{}", param.name), value.to_owned()]);
        }
        if operation.method == cmcache::cmc_api::Method::Post {
            words.extend(["--body".to_owned(), "{}".to_owned()]);
        }
        let typed: Vec<OsString> = words.iter().map(OsString::from).collect();
        let Ok(Args { command: Command::Get(get) }) = Args::read(&typed) else {
            panic!("{words:?}");
        };
        assert_eq!(get.asked.unwrap().options.len(), operation.params.len(), "{words:?}");
    }
}

#[test]
fn an_option_that_the_operation_does_not_take_is_refused() {
    // Before anything is asked.
    assert!(read("cmcache get /v1/cryptocurrency/map --convert EUR").is_err());
    assert!(read("cmcache get listings --sort prize").is_err());
    assert!(read("cmcache get /v1/dex/new/list").is_err(), "a POST needs its body");
}
