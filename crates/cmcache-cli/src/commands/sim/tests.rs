use clap::Parser;

use super::*;
use crate::args::{Args, Command};

/// What `cmcache sim` with these words starts.
fn configured(words: &[&str]) -> Result<SimConfig, Failure> {
    let args = Args::try_parse_from([&["cmcache", "sim"], words].concat()).unwrap();
    let Command::Sim(args) = args.command else { unreachable!("the second word is sim") };
    configure(&args)
}

#[test]
fn options_win_over_the_scenario_and_the_scenario_over_the_defaults() {
    // Would break: `cmcache sim --scenario outage --key mine`.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    let text =
        "[start]\nmarket_seed = 7\nspeed = 60.0\nkeys = [{ key = \"a\", plan = \"basic\" }]\n";
    std::fs::write(&file, format!("{text}[quirks]\nids_max = 3\ntariff = \"2022\"\n")).unwrap();
    let scenario = file.to_str().unwrap();
    let plain = configured(&["--scenario", scenario]).unwrap();
    assert_eq!((plain.seed, plain.speed, plain.keys[0].plan), (7, 60.0, Plan::Basic));
    let words = ["--scenario", scenario, "--quirk", "ids_max=9", "--seed", "8", "--key", "b"];
    let other = configured(&words).unwrap();
    assert_eq!((other.seed, other.quirks.ids_max), (8, 9));
    assert_eq!(other.quirks.tariff, cmc_sim::Tariff::Year2022);
    assert_eq!((other.keys[0].key.as_str(), other.keys[0].plan), ("b", Plan::Startup));
    let none = configured(&["--plan", "growth", "--rpm", "5", "--record", "tape"]).unwrap();
    assert_eq!((none.seed, none.keys[0].plan, none.keys[0].rpm), (1, Plan::Growth, 5));
    assert_eq!(none.record.as_deref(), Some(std::path::Path::new("tape")));
}

#[test]
fn mistakes_are_refused_with_the_nearest_word() {
    // Would break: a typing error that starts a simulator of another kind.
    let check = |words: &[&str], part: &str| {
        let message = format!("{:?}", configured(words).unwrap_err());
        assert!(message.contains(part), "{message}");
    };
    check(&["--scenario", "outrage"], "outage");
    check(&["--quirk", "tarif=2022"], "tariff");
    check(&["--quirk", "tariff"], "name=value");
    check(&["--plan", "huge"], "professional");
}
