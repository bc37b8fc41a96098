use super::{running::Server, *};

/// Against a simulator of its own.
struct Bench {
    dir: tempfile::TempDir,
    sim: Server,
}

impl Bench {
    fn start(sim: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let sim = Server::start(dir.path(), &[&["sim", "--listen", "127.0.0.1:0"], sim].concat());
        Self { dir, sim }
    }

    fn check(&self, key: &str, words: &[&str], code: i32, said: &str) {
        let (url, key) = (self.sim.url(), format!("upstream.key={key}"));
        let at = ["--upstream", &url, "--set", &key, "--set", "upstream.retries=0"];
        check_refused(self.dir.path(), &[words, &at].concat(), code, said);
    }
}

#[test]
fn a_query_that_the_api_would_not_take_ends_with_2() {
    // It is known without asking.
    let dir = tempfile::tempdir().unwrap();
    let refused = |words: &[&str], said: &str| {
        check_refused(dir.path(), &[words, &["--upstream", "sim"]].concat(), 2, said);
    };
    refused(&["get", "quotes"], "at least one of");
    refused(&["get", "listings", "limit=0"], "larger than or equal to 1");
    refused(&["get", "listings", "lmit=5"], "did you mean `limit`?");
    refused(&["get", "listings", "--lmit", "5"], "--lmit");
    refused(&["get"], "cmcache get --help");
    refused(&["get", "global", "--all"], "has no pages");
    refused(&["get", "/v1/dex/new/list", "--body", "{"], "no JSON");
}

#[test]
fn an_upstream_that_is_gone_ends_with_4() {
    // Nothing is wrong with the question.
    let dir = tempfile::tempdir().unwrap();
    let dead = ["get", "global", "--upstream", "http://127.0.0.1:9", "--set", "upstream.key=k"];
    let dead = [&dead[..], &["--set", "upstream.retries=0"]].concat();
    check_refused(dir.path(), &dead, 4, "cannot be reached");
    check_refused(dir.path(), &["get", "global", "--url", "http://127.0.0.1:9"], 4, "gateway");
}

#[test]
fn a_budget_or_a_limit_of_the_plan_ends_with_5() {
    // Both are over until later.
    let bench = Bench::start(&["--credits", "0"]);
    let own = ["get", "quotes", "1", "--set", "budget.month=0"];
    bench.check("sim-key", &own, 5, "budget");
    bench.check("sim-key", &["get", "quotes", "1"], 5, "");
}

#[test]
fn what_the_api_refuses_ends_with_6() {
    // Only the API knows its identifiers.
    Bench::start(&[]).check("sim-key", &["get", "info", "99999999"], 6, "Invalid value");
}

#[test]
fn a_key_or_a_plan_that_will_not_do_ends_with_7() {
    // Asking again does not help; paying does.
    let bench = Bench::start(&["--plan", "basic"]);
    bench.check("sim-key", &["get", "/v1/exchange/listings/latest"], 7, "1006");
    bench.check("other", &["get", "quotes", "1"], 7, "1001");
}

#[test]
fn a_file_that_is_not_there_ends_with_8() {
    // The body of a POST, or the folder of the manual.
    let dir = tempfile::tempdir().unwrap();
    let body = ["get", "/v1/dex/new/list", "--body", "@absent", "--upstream", "sim"];
    check_refused(dir.path(), &body, 8, "absent");
    std::fs::write(dir.path().join("taken"), "").unwrap();
    let man = run(dir.path(), &["man", "taken"]);
    assert_eq!(man.status.code(), Some(8), "{}", err(&man));
}
