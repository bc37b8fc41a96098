//! What a collector of OpenTelemetry gets, over a socket, from the program as it is run.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use opentelemetry_proto::tonic::{
    collector::{metrics::v1::ExportMetricsServiceRequest, trace::v1::ExportTraceServiceRequest},
    metrics::v1::metric::Data,
    trace::v1::{Span, span::SpanKind},
};
use prost::Message;

use super::running::Server;

/// One request to the collector: its head and its body.
type Told = (String, Vec<u8>);

/// Takes whatever is sent and answers 200.
struct Collector {
    url: String,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                thread::spawn(move || listen(&stream, &kept));
            }
        });
        Self { url, told }
    }

    fn told(&self, path: &str) -> Vec<Vec<u8>> {
        let told = self.told.lock().unwrap();
        let first = format!("POST {path} ");
        told.iter().filter(|(head, _)| head.starts_with(&first)).map(|(_, b)| b.clone()).collect()
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.told("/v1/traces").into_iter();
        let requests = requests.map(|body| ExportTraceServiceRequest::decode(&*body).unwrap());
        let resources = requests.flat_map(|request| request.resource_spans);
        resources.flat_map(|one| one.scope_spans).flat_map(|scope| scope.spans).collect()
    }

    /// The latest value of a sum, over all its series.
    fn sum(&self, name: &str) -> f64 {
        let latest = self.told("/v1/metrics").pop().unwrap();
        let request = ExportMetricsServiceRequest::decode(&*latest).unwrap();
        let scopes = request.resource_metrics.into_iter().flat_map(|one| one.scope_metrics);
        let mut metrics = scopes.flat_map(|scope| scope.metrics);
        let found = metrics.find(|metric| metric.name == name).unwrap();
        let Some(Data::Sum(sum)) = found.data else { panic!("{name} is no sum") };
        assert!(sum.is_monotonic);
        let value = |point: &opentelemetry_proto::tonic::metrics::v1::NumberDataPoint| {
            use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
            match point.value.unwrap() {
                Value::AsDouble(value) => value,
                Value::AsInt(value) => f64::from(i32::try_from(value).unwrap()),
            }
        };
        sum.data_points.iter().map(value).sum()
    }
}

fn listen(stream: &TcpStream, told: &Mutex<Vec<Told>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
            let line = head.lines().last().unwrap_or_default().to_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        told.lock().unwrap().push((head, body));
        let mut writer = stream;
        writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";
const SECRET: &str = "canary-of-the-collector";

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The children of that name.
fn children<'a>(spans: &'a [Span], parent: &Span, name: &str) -> Vec<&'a Span> {
    let is_meant = |span: &&Span| span.name == name && span.parent_span_id == parent.span_id;
    spans.iter().filter(is_meant).collect()
}

fn child<'a>(spans: &'a [Span], parent: &Span, name: &str) -> &'a Span {
    let first = children(spans, parent, name).into_iter().next();
    first.unwrap_or_else(|| panic!("no {name} below {}", parent.name))
}

/// Three ask for one coin that nobody has: what was told of it.
fn three_askers_of_one_call(collector: &Collector) {
    let dir = tempfile::tempdir().unwrap();
    let sim = Server::start(dir.path(), &["sim", "--listen", "127.0.0.1:0"]);
    let (endpoint, headers) =
        (format!("otel.endpoint={}", collector.url), format!("otel.headers=x-token={SECRET}"));
    let sim_url = sim.url();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--upstream", &sim_url];
    let key = ["--set", "upstream.key=sim-key", "--set", "tiers=memory"];
    let sent = ["--set", &endpoint, "--set", &headers, "--set", "otel.service_name=exam"];
    let gateway = Server::start(dir.path(), &[&serve[..], &key, &sent].concat());
    // With the map of all coins: who waited for that would board in any order afterwards.
    let is_ready = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(100));
        gateway.get("/readyz").starts_with("HTTP/1.1 200")
    });
    assert!(is_ready, "not ready in time");
    sim.post("/_sim/control", r#"{"latency_ms":1500}"#);
    let target = "/v3/cryptocurrency/quotes/latest?id=1";
    let traceparent = format!("traceparent: 00-{TRACE}-{CALLER}-01\r\n");
    thread::scope(|scope| {
        let first = scope.spawn(|| gateway.get_with(target, &traceparent));
        thread::sleep(Duration::from_millis(300));
        let others = [0, 1].map(|_| scope.spawn(|| gateway.get(target)));
        let answers = [first].into_iter().chain(others).map(|asker| asker.join().unwrap());
        answers.for_each(|answer| assert!(answer.starts_with("HTTP/1.1 200"), "{answer}"));
    });
    // Not worth a trace.
    assert!(gateway.get("/livez").starts_with("HTTP/1.1 200"));
    assert_eq!(gateway.terminate(), (Some(0), String::new()));
    assert!(sim.get("/_sim/bill").contains("\"credits\":1,"), "they shared one call");
}

#[test]
fn one_trace_leads_from_a_request_to_the_call_and_all_who_shared_it_are_linked() {
    let collector = Collector::start();
    three_askers_of_one_call(&collector);

    let spans = collector.spans();
    let requests: Vec<&Span> = spans.iter().filter(|span| span.name == "request").collect();
    assert_eq!(requests.len(), 3);
    let first = requests.iter().find(|span| hex(&span.trace_id) == TRACE).unwrap();
    assert_eq!(hex(&first.parent_span_id), CALLER, "the caller's trace goes on");
    assert_eq!(first.kind(), SpanKind::Server);
    let look = child(&spans, first, "look");
    // It may have waited for the map of all coins before, which it did not ask for.
    let is_ours = |span: &&Span| span.name == "flight" && hex(&span.trace_id) == TRACE;
    let flight = spans.iter().find(is_ours).expect("the call belongs to the trace of who asked");
    let is_boarded = |join: &&&Span| join.span_id == flight.parent_span_id;
    let join = *children(&spans, first, "join").iter().find(is_boarded).expect("joined by it");
    child(&spans, flight, "reserve");
    let fetch = child(&spans, flight, "fetch");
    assert_eq!(child(&spans, fetch, "attempt").kind(), SpanKind::Client);
    child(&spans, flight, "settle");
    child(&spans, flight, "store");
    for span in [look, join, flight, fetch] {
        assert_eq!(hex(&span.trace_id), TRACE, "{}", span.name);
    }
    let others = requests.iter().filter(|span| hex(&span.trace_id) != TRACE);
    for other in others {
        let is_linked = |from: &Span, to: &Span| {
            from.links.iter().any(|link| link.span_id == to.span_id && link.trace_id == to.trace_id)
        };
        let joins = children(&spans, other, "join");
        let knows = |join: &&Span| is_linked(join, flight) || is_linked(flight, join);
        assert!(joins.iter().any(knows), "nobody knows who shared it");
    }

    assert!(collector.sum("cmcache_engine_charged_credits_total") >= 1.0);
    assert!(collector.sum("monitor_operations_total") >= 3.0);

    let told = collector.told.lock().unwrap();
    for (head, body) in told.iter() {
        assert!(head.contains(SECRET), "the collector would have refused it: {head}");
        let text = String::from_utf8_lossy(body);
        assert!(!text.contains("sim-key") && !text.contains(SECRET), "a secret left: {head}");
        assert!(text.contains("exam"), "service.name");
    }
}

#[test]
fn the_paid_api_is_told_of_no_trace() {
    // Whose trace a call belongs to is our affair; ids that go out can be told apart there.
    let (collector, paid) = (Collector::start(), Collector::start());
    let dir = tempfile::tempdir().unwrap();
    let endpoint = format!("otel.endpoint={}", collector.url);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--upstream", &paid.url];
    let settings = ["upstream.key=sim-key", "tiers=memory", "upstream.retries=0", &endpoint];
    let settings = settings.iter().flat_map(|setting| ["--set", *setting]);
    let arguments: Vec<&str> = serve.into_iter().chain(settings).collect();
    let gateway = Server::start(dir.path(), &arguments);
    let traceparent = format!("traceparent: 00-{TRACE}-{CALLER}-01\r\n");
    let target = "/v1/global-metrics/quotes/latest";
    let answer = gateway.get_with(target, &traceparent);
    assert!(answer.starts_with("HTTP/1.1 502"), "an empty reply is no answer: {answer}");
    drop(gateway);
    let asked = paid.told.lock().unwrap();
    let mut heads = asked.iter().map(|(head, _)| head.to_lowercase());
    assert!(asked.iter().any(|(head, _)| head.contains(target)), "{asked:?}");
    assert!(heads.all(|head| !head.contains("traceparent") && !head.contains(TRACE)));
}

/// A gateway before this simulator whose traces go to a collector.
fn traced(collector: &Collector, sim: &Server, dir: &std::path::Path, further: &[&str]) -> Server {
    let (endpoint, sim_url) = (format!("otel.endpoint={}", collector.url), sim.url());
    let serve = ["serve", "--listen", "127.0.0.1:0", "--upstream", &sim_url];
    let settings = ["upstream.key=sim-key", "tiers=memory", &endpoint];
    let settings = settings.iter().chain(further).flat_map(|setting| ["--set", *setting]);
    Server::start(dir, &serve.into_iter().chain(settings).collect::<Vec<_>>())
}

#[test]
fn metrics_lead_to_a_trace_if_that_is_wished_and_can_be_read() {
    const OPEN: &str = "Accept: application/openmetrics-text;version=1.0.0\r\n";
    let (collector, dir) = (Collector::start(), tempfile::tempdir().unwrap());
    let sim = Server::start(dir.path(), &["sim", "--listen", "127.0.0.1:0"]);
    let traceparent = format!("traceparent: 00-{TRACE}-{CALLER}-01\r\n");
    for is_on in [true, false] {
        let wished = format!("otel.exemplars={is_on}");
        let gateway = traced(&collector, &sim, dir.path(), &[&wished]);
        let answer = gateway.get_with("/v1/global-metrics/quotes/latest", &traceparent);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let plain = gateway.get("/metrics");
        assert!(plain.contains("text/plain; version=0.0.4") && !plain.contains(TRACE), "{plain}");
        let open = gateway.get_with("/metrics", OPEN);
        if !is_on {
            assert!(open.contains("text/plain; version=0.0.4") && !open.contains(TRACE), "{open}");
            continue;
        }
        assert!(open.contains("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        assert!(open.ends_with("\n# EOF\n"), "{open}");
        let exemplar = format!(" # {{trace_id=\"{TRACE}\"}} ");
        let told: Vec<&str> = open.lines().filter(|line| line.contains(&exemplar)).collect();
        let leads = |start: &str, label: &str| {
            told.iter().any(|line| line.starts_with(start) && line.contains(label))
        };
        assert!(leads("cmcache_api_call_seconds_bucket{", "/v1/global-metrics/"), "{told:#?}");
        assert!(leads("cmcache_gateway_answer_seconds_bucket{", "outcome=\"miss\""), "{told:#?}");
        assert!(leads("monitor_operation_seconds_total{", "outcome=\"miss\""), "{told:#?}");
    }
}
