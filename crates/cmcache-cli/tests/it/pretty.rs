//! Who sees colours, and what does the exit code of `health` say?

use super::{running::Server, *};

const ESCAPE: char = '\u{1b}';

fn serve(dir: &Path, more: &[&str]) -> Server {
    Server::start(dir, &[&["serve", "--listen", "127.0.0.1:0"], more].concat())
}

/// What a person sees who types this into a terminal.
fn seen(dir: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let line = [&[env!("CARGO_BIN_EXE_cmcache")], arguments].concat().join(" ");
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &line, "/dev/null"]).current_dir(dir).env_clear();
    terminal.env("TERM", "xterm-256color").envs(environment.iter().copied());
    let output = terminal.stdin(Stdio::null()).output().expect("util-linux has `script`");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn people_see_colours_unless_they_do_not_want_them_and_pipes_never_do() {
    // Breaks: escapes in a log, or a wall of grey where one word is red.
    let dir = tempfile::tempdir().unwrap();
    let gateway = serve(dir.path(), &["--upstream", "sim"]);
    gateway.get("/v3/cryptocurrency/quotes/latest?id=1");
    let url = gateway.url();
    for command in [&["health"][..], &["credits", "report"], &["watch", "--once"]] {
        let command = [command, &["--url", &url]].concat();
        let piped = out(&run(dir.path(), &command)).to_owned();
        assert!(!piped.is_empty() && !piped.contains(ESCAPE), "{command:?}: {piped}");
        let pretty = seen(dir.path(), &command, &[]);
        assert!(pretty.contains(ESCAPE), "{command:?}: {pretty}");
        let plain = seen(dir.path(), &command, &[("NO_COLOR", "1")]);
        assert!(!plain.contains(ESCAPE), "{command:?}: {plain}");
    }
}

#[test]
fn the_rows_of_a_pipe_are_lines_however_long_they_are() {
    // Breaks: `grep` finds half a row.
    let dir = tempfile::tempdir().unwrap();
    let gateway = serve(dir.path(), &["--upstream", "sim"]);
    gateway.get("/v3/cryptocurrency/quotes/latest?id=1");
    let report = run(dir.path(), &["credits", "report", "--url", &gateway.url()]);
    let lines: Vec<String> = out(&report).lines().map(str::to_owned).collect();
    let n_columns = |line: &str| line.split_whitespace().count();
    assert!(lines[0].contains("hits %"), "{lines:?}");
    let of_quotes = lines.iter().find(|line| line.contains("/v3/cryptocurrency/quotes/latest"));
    assert_eq!(of_quotes.map(|line| n_columns(line)), Some(11), "{lines:?}");
}

#[test]
fn health_ends_with_0_where_the_group_passes_or_warns_and_with_1_where_it_fails() {
    // Breaks: a script restarts what works, or lets be what does not.
    let dir = tempfile::tempdir().unwrap();
    // Nothing listens there: upstream is away, and nothing is cached.
    let nowhere = ["--upstream", "http://127.0.0.1:9", "--set", "upstream.key=k"];
    let alone = ["--set", "tiers=memory", "--set", "upstream.retries=0"];
    let gateway = serve(dir.path(), &[&nowhere[..], &alone[..]].concat());
    let url = gateway.url();
    let code = |group: &str| {
        let told = run(dir.path(), &["health", "--group", group, "--url", &url]);
        let last = out(&told).lines().last().unwrap_or_default().to_owned();
        (told.status.code(), last)
    };
    assert_eq!(code("live"), (Some(0), "pass".to_owned()));
    assert_eq!(code("upstream"), (Some(1), "fail".to_owned()));
    assert_eq!(code("deep"), (Some(1), "fail".to_owned()), "nothing can be served");
    assert_eq!(code("budget").0, Some(0));
    check_refused(dir.path(), &["health", "--group", "all-of-it", "--url", &url], 2, "all-of-it");
    let json = run(dir.path(), &["health", "--group", "upstream", "--json", "--url", &url]);
    let told: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!((json.status.code(), &told["status"]), (Some(1), &"fail".into()));
    assert!(told["checks"]["upstream:response"].is_array(), "{told}");
}
