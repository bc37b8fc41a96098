use std::io::Write;

use super::*;

fn printed(words: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", err(&output));
    out(&output).to_owned()
}

/// Whether `shell` can read `script`; where there is no such shell nobody can say.
fn check_syntax(shell: &str, script: &str) {
    let mut reader = Command::new(shell);
    let reader = reader.arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut reader) = reader else { return };
    reader.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success(), "{shell}: {}", err(&read));
}

#[test]
fn shells_can_read_their_completions() {
    // A script that fails breaks every new shell.
    for (shell, words) in [
        ("bash", "complete -F _cmcache"),
        ("zsh", "#compdef cmcache"),
        ("fish", "complete -c cmcache"),
    ] {
        let script = printed(&["completions", shell]);
        assert!(script.contains(words), "{shell}");
        for word in ["fear-greed", "percent_change_24h_min", "completions"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        check_syntax(shell, &script);
    }
}

#[test]
fn the_manual_has_a_page_per_command() {
    // Packages install it.
    let page = printed(&["man"]);
    for part in [".SH NAME", ".SH SYNOPSIS", ".SH SUBCOMMANDS", "Exit codes"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["man", "pages/man1"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    for name in ["cmcache", "cmcache-serve", "cmcache-get", "cmcache-get-quotes", "cmcache-man"] {
        let page = dir.path().join("pages/man1").join(format!("{name}.1"));
        let text = std::fs::read_to_string(&page).unwrap_or_else(|_| panic!("{name}"));
        assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{name}: {text}");
    }
    assert!(!dir.path().join("pages/man1/cmcache-__reference.1").exists());
}

#[test]
fn the_help_of_a_path_is_what_the_catalogue_says() {
    // Nobody remembers 110 operations.
    let help = printed(&["get", "/v2/tools/price-conversion", "--help"]);
    for words in ["1 credit a call", "--amount <NUMBER>", "from 1e-8 to", "(required)"] {
        assert!(help.contains(words), "{words}: {help}");
    }
    let list = printed(&["get", "--list"]);
    assert_eq!(list.lines().count(), 111);
    assert!(list.lines().any(|line| line.contains("POST") && line.contains("/v1/dex/new/list")));
}
