use super::*;

fn typed(words: &[&str]) -> Result<Typed> {
    parse(lexopt::Parser::from_iter(["xtask"].iter().chain(words)))
}

#[test]
fn options_may_stand_before_or_after_the_command() {
    // Breaks: `cargo xtask --quick bench http` would mean something else than the usual order.
    let expected =
        Typed { words: vec!["bench".into(), "http".into()], quick: true, ..Typed::default() };
    assert_eq!(typed(&["bench", "http", "--quick"]).unwrap(), expected);
    assert_eq!(typed(&["--quick", "bench", "http"]).unwrap(), expected);
}

#[test]
fn an_unknown_option_or_command_points_at_the_help() {
    // Breaks: a typing error in a script would pass as success.
    assert!(format!("{:#}", typed(&["test", "--fast"]).unwrap_err()).contains("help"));
    let unknown = Typed { words: vec!["tset".into()], ..Typed::default() };
    assert!(run(&unknown).unwrap_err().to_string().contains("tset"));
}

#[test]
fn the_help_names_every_command() {
    // Breaks: a command that nobody can find.
    for command in [
        "test",
        "ci",
        "tidy",
        "integration",
        "docs",
        "operating",
        "bench",
        "servers",
        "features",
        "help",
    ] {
        assert!(HELP.contains(&format!("\n  {command}")), "{command} is not in the help");
    }
}
