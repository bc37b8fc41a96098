//! What it costs a hit that spans are exported: the same program thrice, with nobody to send to,
//! sending a hundredth of its traces, and sending all of them, in turns.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use harness::{Client, Gateway, GatewaySpec, KEY};
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::arguments::Plan;
use crate::contest::{FRESH, own};
use crate::load::{self, Turn};
use crate::report::Spread;

const HIT: &str = "/v3/cryptocurrency/quotes/latest?id=1";
/// What the collector says when the first trace has come.
const CAME: &str = "a trace came";

/// Which share of its traces a gateway sends, if any.
const SHARES: [(&str, Option<&str>); 3] =
    [("nobody to send to", None), ("a hundredth", Some("0.01")), ("all traces", Some("1"))];

/// Measures, and tells it.
pub(crate) async fn run(plan: &Plan) -> Result<String> {
    let upstream = own(&["--sim"], plan.client_core).await?;
    let collector = own(&["--collector"], plan.client_core).await?;
    let mut gateways = Vec::new();
    for (_, share) in SHARES {
        let spec = GatewaySpec::before_url(&upstream.url(), KEY);
        let mut spec = spec.set(FRESH).on_core(plan.server_core);
        if let Some(share) = share {
            spec = spec.set(&format!("otel.endpoint={}", collector.url()));
            spec = spec.set(&format!("otel.sample={share}"));
        }
        gateways.push(warmed(spec).await?);
    }
    let mut turns: [Vec<Turn>; 3] = Default::default();
    for round in 0..plan.n_rounds {
        // Each goes first, second and last equally often.
        for step in 0..gateways.len() {
            let which = (round + step) % gateways.len();
            let (gateway, turns) = (&gateways[which], &mut turns[which]);
            let url = format!("http://{}{HIT}", gateway.authority());
            turns.push(load::turn(plan, &url, gateway.pid())?);
        }
    }
    let came = collector.printed().contains(CAME);
    ensure!(came, "no trace came: the program must be built with the feature `otel`");
    Ok(table(&turns))
}

/// A gateway that answers from memory.
async fn warmed(spec: GatewaySpec) -> Result<Gateway> {
    let gateway = spec.start().await;
    let client = Client::new(format!("http://{}", gateway.authority()), Some(KEY));
    client.get(HIT).await;
    let state = client.get(HIT).await.header("x-cmcache-cache").map(str::to_owned);
    ensure!(state.as_deref() == Some("full"), "the second answer is {state:?}, not a hit");
    Ok(gateway)
}

fn table(turns: &[Vec<Turn>; 3]) -> String {
    let mut text = "CPU of a hit in microseconds, and what it is of a hit of the first; by round, \
                    median (min to max)\n\n"
        .to_owned();
    for ((name, _), own) in SHARES.iter().zip(turns) {
        // Seconds for a hundred thousand are tens of microseconds for one.
        let hit = Spread::of(own.iter().map(|turn| 10.0 * turn.cpu_seconds).collect());
        let ratio = Spread::ratio(own, &turns[0]);
        text += &format!("{name:>18}  {:<26} {}\n", hit.shown(), ratio.shown());
    }
    text
}

/// Takes whatever is sent, until killed, and says where.
pub(crate) async fn collect() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    crate::say(&format!("http://{}", listener.local_addr()?));
    let is_first = Arc::new(AtomicBool::new(true));
    loop {
        let (stream, _) = listener.accept().await.context("a collector that accepts")?;
        let is_first = Arc::clone(&is_first);
        let taken = service_fn(move |request| take(request, Arc::clone(&is_first)));
        #[expect(clippy::disallowed_methods, reason = "a stub owns nothing to drain")]
        drop(tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), taken)));
    }
}

async fn take(
    request: Request<Incoming>,
    is_first: Arc<AtomicBool>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_trace = request.uri().path().ends_with("/traces");
    // Half a message is as good as a whole one: nobody reads it.
    drop(request.into_body().collect().await);
    if is_trace && is_first.swap(false, Ordering::Relaxed) {
        crate::say(CAME);
    }
    Ok(Response::new(Full::default()))
}
