//! How many single quotes a second one core answers.
//!
//! `cargo run --release -p cmc-sim --example flood` serves on one thread and asks, over a few
//! keep-alive connections, from another.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use cmc_sim::{DEFAULT_KEY, KeyConfig, Plan, Sim, SimConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const N_CONNECTIONS: usize = 8;
const SECONDS: u64 = 5;

fn main() -> io::Result<()> {
    let (tell, hear) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || serve(&tell));
    let addr = hear.recv().map_err(io::Error::other)?;
    let n_answers = runtime()?.block_on(flood(addr))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{} single quotes/s, served by one thread", n_answers / SECONDS)?;
    server.join().map_err(|_| io::Error::other("the server thread panicked"))?
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn serve(tell: &std::sync::mpsc::Sender<SocketAddr>) -> io::Result<()> {
    runtime()?.block_on(async {
        let key = KeyConfig {
            rpm: u64::MAX,
            credits_monthly: u64::MAX,
            ..KeyConfig::new(DEFAULT_KEY, Plan::Enterprise)
        };
        let config = SimConfig { keys: vec![key], ..SimConfig::default() };
        let sim = Sim::start(config, (Ipv4Addr::LOCALHOST, 0).into()).await?;
        tell.send(sim.addr()).map_err(io::Error::other)?;
        tokio::time::sleep(Duration::from_secs(SECONDS + 1)).await;
        sim.stop().await;
        Ok(())
    })
}

async fn flood(addr: SocketAddr) -> io::Result<u64> {
    let mut askers = tokio::task::JoinSet::new();
    for _ in 0..N_CONNECTIONS {
        askers.spawn(ask(addr));
    }
    let mut n_answers = 0;
    while let Some(asked) = askers.join_next().await {
        n_answers += asked.map_err(io::Error::other)??;
    }
    Ok(n_answers)
}

/// Asks as fast as answers come; reads one answer per request by its length.
async fn ask(addr: SocketAddr) -> io::Result<u64> {
    let request = format!(
        "GET /v2/cryptocurrency/quotes/latest?id=1 HTTP/1.1\r\nHost: sim\r\n\
         X-CMC_PRO_API_KEY: {DEFAULT_KEY}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(addr).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 64 * 1024];
    let mut n_answers = 0;
    let deadline = tokio::time::sleep(Duration::from_secs(SECONDS));
    tokio::pin!(deadline);
    loop {
        tokio::select! {
            () = &mut deadline => return Ok(n_answers),
            answered = one(&mut stream, request.as_bytes(), &mut buffer) => answered?,
        }
        n_answers += 1;
    }
}

async fn one(stream: &mut TcpStream, request: &[u8], buffer: &mut [u8]) -> io::Result<()> {
    stream.write_all(request).await?;
    let mut n_read = 0;
    loop {
        n_read += stream.read(&mut buffer[n_read..]).await?;
        let text = String::from_utf8_lossy(&buffer[..n_read]);
        if !text.starts_with("HTTP/1.1 200") {
            return Err(io::Error::other("refused"));
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        if length.and_then(|length| length.parse().ok()) == Some(body.len()) {
            return Ok(());
        }
    }
}
