use std::io::ErrorKind;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::*;
use crate::waiting::{PATIENCE, eventually, stopwatch};

/// Long enough for anything that comes over loopback, short enough for a test that wants silence.
const SILENCE: Duration = Duration::from_millis(150);

/// A server that says back what it hears, on `authority`.
struct Echo {
    authority: String,
    _tasks: JoinSet<()>,
}

impl Echo {
    async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                connections.spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await.ok();
                });
            }
        });
        Self { authority, _tasks: tasks }
    }
}

async fn connected() -> (Echo, Proxy, TcpStream) {
    let echo = Echo::start().await;
    let proxy = Proxy::before(&echo.authority).await;
    let client = TcpStream::connect(proxy.authority()).await.unwrap();
    (echo, proxy, client)
}

async fn ask(client: &mut TcpStream, text: &str) -> std::io::Result<String> {
    client.write_all(text.as_bytes()).await?;
    let mut reply = vec![0; text.len()];
    client.read_exact(&mut reply).await?;
    Ok(String::from_utf8(reply).unwrap())
}

#[tokio::test]
async fn a_burst_and_its_reply_are_one_round_trip_however_long() {
    // Breaks: a hundred reads one by one would pass as one batch.
    let (_echo, proxy, mut client) = connected().await;
    ask(&mut client, &"get a key\r\n".repeat(100)).await.unwrap();
    let before = proxy.counts();
    assert_eq!(before.round_trips, 1);
    for _ in 0..3 {
        ask(&mut client, "one by one").await.unwrap();
    }
    let added = proxy.counts().since(&before);
    let expected = Counts { connections: 0, bytes_sent: 30, bytes_received: 30, round_trips: 3 };
    assert_eq!(added, expected);
}

#[tokio::test]
async fn latency_is_paid_once_each_way_and_not_per_piece() {
    // Breaks: a test with latency would measure the proxy's own queue.
    let (_echo, proxy, mut client) = connected().await;
    let latency = Duration::from_millis(60);
    proxy.set(Fault::Latency(latency)).await;
    let started = stopwatch();
    for _ in 0..10 {
        client.write_all(b"piece").await.unwrap();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    client.read_exact(&mut [0; 50]).await.unwrap();
    assert!(started.elapsed() >= latency * 2);
    assert!(started.elapsed() < latency * 10, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_cut_closes_what_lives_and_refuses_what_comes_until_it_is_healed() {
    // Breaks: an outage in a test would leave a pool's connections alive.
    let (_echo, proxy, mut client) = connected().await;
    ask(&mut client, "hello").await.unwrap();
    proxy.set(Fault::Cut).await;
    let refused = TcpStream::connect(proxy.authority()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    assert_eq!(client.read(&mut [0; 8]).await.unwrap(), 0);
    proxy.heal().await;
    let mut second = TcpStream::connect(proxy.authority()).await.unwrap();
    assert_eq!(ask(&mut second, "again").await.unwrap(), "again");
}

#[tokio::test]
async fn a_reset_is_an_error_and_no_polite_end() {
    // Breaks: a driver's path for RST would never be walked.
    let (_echo, proxy, mut client) = connected().await;
    ask(&mut client, "hello").await.unwrap();
    proxy.set(Fault::Reset).await;
    let error = client.read(&mut [0; 8]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let mut late = TcpStream::connect(proxy.authority()).await.unwrap();
    assert_eq!(late.read(&mut [0; 8]).await.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn half_open_swallows_everything_and_what_lost_bytes_stays_mute() {
    // Breaks: after healing, a late reply would answer another question.
    let (_echo, proxy, mut old) = connected().await;
    ask(&mut old, "hello").await.unwrap();
    let trips = proxy.counts().round_trips;
    proxy.set(Fault::HalfOpen).await;
    let mut new = TcpStream::connect(proxy.authority()).await.unwrap();
    assert!(timeout(SILENCE, ask(&mut old, "lost")).await.is_err());
    assert!(timeout(SILENCE, ask(&mut new, "lost")).await.is_err());
    assert_eq!(proxy.counts().round_trips, trips);
    proxy.heal().await;
    assert!(timeout(SILENCE, ask(&mut old, "mute")).await.is_err());
    let mut third = TcpStream::connect(proxy.authority()).await.unwrap();
    assert_eq!(ask(&mut third, "heard").await.unwrap(), "heard");
}

#[tokio::test]
async fn a_drip_comes_piece_by_piece_and_at_once_when_healed() {
    // Breaks: a slow reply would be a late one, which deadlines treat otherwise.
    let (_echo, proxy, mut client) = connected().await;
    let every = Duration::from_millis(20);
    proxy.set(Fault::Drip { n_bytes: 2, every }).await;
    let started = stopwatch();
    assert_eq!(ask(&mut client, "0123456789").await.unwrap(), "0123456789");
    assert!(started.elapsed() >= every * 4);
    proxy.set(Fault::Drip { n_bytes: 1, every: PATIENCE }).await;
    client.write_all(b"0123456789").await.unwrap();
    assert!(timeout(SILENCE, client.read_exact(&mut [0; 10])).await.is_err());
    proxy.heal().await;
    let asked = timeout(PATIENCE / 2, ask(&mut client, "!"));
    assert!(asked.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_server_that_is_down_closes_its_clients_and_may_come_later() {
    // Breaks: a proxy before a killed server would keep its clients waiting.
    let port = lasting_port();
    let proxy = Proxy::before(format!("127.0.0.1:{port}")).await;
    let mut early = TcpStream::connect(proxy.authority()).await.unwrap();
    assert_eq!(early.read(&mut [0; 8]).await.unwrap(), 0);
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let _client = TcpStream::connect(proxy.authority()).await.unwrap();
    let (mut accepted, _) = server.accept().await.unwrap();
    drop(proxy);
    assert_eq!(accepted.read(&mut [0; 8]).await.unwrap(), 0);
    eventually("the end of the proxy", PATIENCE, || {
        std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err().then_some(())
    })
    .await;
}
