use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Child,
};

use super::*;

/// A server of ours; it is killed when dropped.
pub(super) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it and reads where it listens: the first line that it prints.
    pub(super) fn start(dir: &Path, arguments: &[&str]) -> Self {
        let mut command = cmcache(dir, arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").map(|(_, address)| address.to_owned());
        Self { child, address: address.unwrap_or_else(|| panic!("it said: {line}")) }
    }

    pub(super) fn get(&self, path: &str) -> String {
        self.get_with(path, "")
    }

    /// With further lines of the head, each with its end.
    pub(super) fn get_with(&self, path: &str, lines: &str) -> String {
        self.exchange(&format!("GET {path} HTTP/1.1\r\n{lines}"), "")
    }

    /// A request with a body of JSON.
    pub(super) fn post(&self, path: &str, body: &str) -> String {
        let length = body.len();
        self.exchange(&format!("POST {path} HTTP/1.1\r\nContent-Length: {length}\r\n"), body)
    }

    fn exchange(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let rest = "Host: x\r\nConnection: close\r\nX-CMC_PRO_API_KEY: sim-key\r\n\r\n";
        write!(stream, "{head}{rest}{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// SIGTERM; how it ended and what it said meanwhile.
    pub(super) fn terminate(mut self) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (status.code(), said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended long ago, where the test got to its end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_gateway_serves_tells_and_leaves_its_books_in_order() {
    // The life of the main command, as a script sees it.
    let dir = tempfile::tempdir().unwrap();
    let sim = Server::start(dir.path(), &["sim", "--listen", "127.0.0.1:0"]);
    let sim_url = sim.url();
    let at = ["--upstream", &sim_url, "--set", "upstream.key=sim-key", "--data-dir", "books"];
    let serve = [&["serve", "--listen", "127.0.0.1:0"], &at[..]].concat();
    let gateway = Server::start(dir.path(), &serve);
    let url = gateway.url();
    let answer = gateway.get("/v3/cryptocurrency/quotes/latest?id=1");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.to_lowercase().contains("x-cmcache-cache: cold"), "{answer}");

    let told = json(&run(dir.path(), &["credits", "--json", "--url", &url]));
    assert_eq!(told["ledger"]["credits"], 1);
    assert!(told["month"]["limit"].as_u64().unwrap() > 0);
    let report = run(dir.path(), &["credits", "report", "--url", &url]);
    assert!(out(&report).contains("/v3/cryptocurrency/quotes/latest"), "{}", out(&report));
    let health = run(dir.path(), &["health", "--url", &url]);
    assert_eq!(health.status.code(), Some(0), "{}", out(&health));
    assert!(out(&health).ends_with("\npass\n"), "{}", out(&health));
    let elsewhere = ["--set", "listen=127.0.0.1:9"];
    let locked = [&["credits"], &at[..], &elsewhere].concat();
    check_refused(dir.path(), &locked, 3, "another process keeps its journal");

    assert_eq!(gateway.terminate(), (Some(0), String::new()));
    let read = json(&run(dir.path(), &[&["credits", "--json"], &at[..], &elsewhere].concat()));
    assert_eq!(read["ledger"], told["ledger"], "the books are whole");
    assert!(sim.get("/_sim/bill").contains("\"credits\":1,"));
    assert_eq!(sim.terminate().0, Some(0));
}

#[test]
fn a_taken_address_is_told_before_a_store_is_touched() {
    // Breaks: a second gateway that was started by mistake opens the books of another one first.
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let serve = ["serve", "--listen", &address, "--upstream", "sim", "--data-dir", "books"];
    let refused = run(dir.path(), &serve);
    assert_eq!((refused.status.code(), out(&refused)), (Some(4), ""), "{}", err(&refused));
    assert!(err(&refused).contains(&address), "{}", err(&refused));
    assert!(!dir.path().join("books").exists(), "nothing was opened");
}

#[test]
fn a_slow_operation_says_that_upstream_was_waited_for() {
    // Breaks: whoever looks for the cause of slowness is told nothing, or of the wrong part.
    let dir = tempfile::tempdir().unwrap();
    let sim = Server::start(dir.path(), &["sim", "--listen", "127.0.0.1:0"]);
    let sim_url = sim.url();
    let at = ["--upstream", &sim_url, "--set", "upstream.key=sim-key", "--set", "tiers=memory"];
    let serve = [&["serve", "--listen", "127.0.0.1:0"], &at[..]].concat();
    let gateway = Server::start(dir.path(), &serve);
    // An operation is slow from two seconds on.
    sim.post("/_sim/control", r#"{"latency_ms":2200}"#);
    assert!(gateway.get("/v1/global-metrics/quotes/latest").starts_with("HTTP/1.1 200"));
    let answer = gateway.get("/_cmcache/api/v1/slow");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let slow: Value = serde_json::from_str(body).unwrap();
    let slow = slow.as_array().unwrap().iter().find(|one| one["outcome"] == "miss").unwrap();
    let ms = |of: &Value| of.as_f64().unwrap_or_default();
    let (waited, took) = (ms(&slow["cause"]["wait_ms"]), ms(&slow["elapsed_ms"]));
    assert!((2_000.0..=took).contains(&waited), "{slow}");
    let cause = slow["cause"].as_object().unwrap().values().map(ms);
    assert!(cause.sum::<f64>() <= took, "the parts are no more than the whole: {slow}");
    // Not more than nothing, for certain: on loopback it is over within a tick of the clock. That a
    // slow one is told is a matter of cmc-api, whose tests make names slow.
    let connected = ms(&slow["cause"]["connect_ms"]);
    assert!(connected <= took - waited, "whoever waits is connected: {slow}");
}

#[test]
fn a_signal_right_after_the_announcement_is_a_graceful_end() {
    // Orchestrators change their minds at once.
    let dir = tempfile::tempdir().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--upstream", "sim"];
    let (code, said) = Server::start(dir.path(), &serve).terminate();
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

#[test]
fn nobody_there_ends_with_4() {
    // Neither a gateway nor books.
    let dir = tempfile::tempdir().unwrap();
    let nowhere = ["--set", "listen=127.0.0.1:9"];
    let words = "is a gateway running there?";
    check_refused(dir.path(), &[&["health"], &nowhere[..]].concat(), 4, words);
    check_refused(dir.path(), &[&["credits"], &nowhere[..]].concat(), 4, words);
    check_refused(dir.path(), &["credits", "--url", "http://127.0.0.1:9"], 4, words);
    assert!(!dir.path().join("cmcache-data").exists(), "a question makes no folders");
}
