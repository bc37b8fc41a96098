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
        "cmcache get convert 2.5 BTC EUR --upstream sim",
        "cmcache price quotes 1,1027 --json",
        "cmcache credits",
        "cmcache credits status --url http://127.0.0.1:1",
        "cmcache credits report --json",
        "cmcache health --json",
        "cmcache config check",
        "cmcache config show --json",
    ] {
        assert!(read(words).is_ok(), "{words}");
    }
}

#[test]
fn commands_of_later_versions_are_absent() {
    // A command that does nothing is worse than none.
    for command in ["warm", "watch", "bench", "replay", "client", "completions", "man"] {
        assert!(Args::try_parse_from(["cmcache", command]).is_err(), "{command}");
    }
}

#[test]
fn whoever_asks_for_json_gets_errors_as_json() {
    // One machine-readable error object.
    assert!(read("cmcache price quotes --json").unwrap().json());
    assert!(read("cmcache config show --json").unwrap().json());
    assert!(!read("cmcache get quotes").unwrap().json());
}
