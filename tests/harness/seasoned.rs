//! A paid API that has grown: it stands before the simulator and adds to every object of its
//! answers what no documentation knows.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::value::RawValue;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::client::{Client, Reply};
use crate::json::{Node, node};
use crate::sim::Sim;

/// Numbers that do not survive a float, letters that are escaped, and nothing at all.
const ODD: &str = r#"{"one":1.0,"large":2.1E10,"tiny":1e-12,"digits":12345678901234567890,"none":null,"text":"\u00e9 \/ é","list":[0.10,[],{}]}"#;
/// Members that tell one object from the next, in every version of its shape.
const TELLING: [&str; 6] = ["price", "open", "id", "slug", "name", "timestamp"];

/// A running upstream of that sort; it is gone when dropped.
#[derive(Debug)]
pub struct Seasoned {
    url: String,
    key: String,
    /// Dropped with the connections in it.
    _server: JoinSet<()>,
}

impl Seasoned {
    /// Stands before `sim`.
    ///
    /// # Panics
    /// When no loopback port is free.
    pub async fn before(sim: &Sim) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let mut server = JoinSet::new();
        server.spawn(accept(listener, Client::new(sim.url(), None)));
        Self { url: format!("http://{address}"), key: sim.key().to_owned(), _server: server }
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// One who asks it directly.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.url, Some(&self.key))
    }
}

async fn accept(listener: TcpListener, sim: Client) {
    let sim = Arc::new(sim);
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(connection(stream, Arc::clone(&sim)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, sim: Arc<Client>) {
    stream.set_nodelay(true).ok();
    let answer = service_fn(|request| answer(Arc::clone(&sim), request));
    // A connection ends in an error when its client leaves.
    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await);
}

async fn answer(
    sim: Arc<Client>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let reply = forward(&sim, request).await;
    let mut response = Response::new(Full::default());
    match reply {
        Ok(Reply { status, mut headers, body }) => {
            headers.remove(CONTENT_LENGTH);
            headers.remove(TRANSFER_ENCODING);
            *response.status_mut() = StatusCode::from_u16(status).expect("the simulator's own");
            *response.headers_mut() = headers;
            *response.body_mut() = Full::new(seasoned_body(&body).map_or(body, Bytes::from));
        }
        Err(_) => *response.status_mut() = StatusCode::BAD_GATEWAY,
    }
    Ok(response)
}

async fn forward(sim: &Client, request: Request<Incoming>) -> Result<Reply> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let kept = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let names = ["x-cmc_pro_api_key", "content-type"];
    let headers: Vec<(&str, &str)> =
        names.into_iter().filter_map(|name| Some((name, kept(name)?))).collect();
    sim.request(head.method, target, &headers, body).await
}

/// The body with every object of its `data` seasoned; `None` when there is no data.
fn seasoned_body(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let Node::Object(members) = node(serde_json::from_str(text).ok()?) else { return None };
    let (_, data) = members.iter().find(|(name, _)| name == "data")?;
    let start = data.get().as_ptr() as usize - text.as_ptr() as usize;
    let mut seasoned = text[..start].to_owned();
    season(data, &mut seasoned);
    seasoned.push_str(&text[start + data.get().len()..]);
    Some(seasoned)
}

/// Writes `value`. Objects that only hold others are maps from names: they are left as they are.
fn season(value: &RawValue, out: &mut String) {
    match node(value) {
        Node::Object(members) => {
            out.push('{');
            if let Some(scalar) = telling(&members) {
                out.push_str(&format!(r#""x_of":{scalar},"x_odd":{ODD},"#));
            }
            for (index, (name, value)) in members.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                out.push_str(&format!("{comma}{}:", serde_json::Value::from(name.as_str())));
                season(value, out);
            }
            out.push('}');
        }
        Node::Array(elements) => {
            out.push('[');
            for (index, element) in elements.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                season(element, out);
            }
            out.push(']');
        }
        Node::Text(_) | Node::Plain(_) => out.push_str(value.get()),
    }
}

/// The text that tells this object from others; `None` for maps.
fn telling<'a>(members: &[(String, &'a RawValue)]) -> Option<&'a str> {
    let is_scalar = |value: &RawValue| !value.get().starts_with(['{', '[']);
    members.iter().find(|(_, value)| is_scalar(value))?;
    let named =
        |wanted: &&str| members.iter().find(|(name, value)| name == *wanted && is_scalar(value));
    Some(TELLING.iter().find_map(named).map_or("0", |(_, value)| value.get()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_grow_and_maps_do_not() {
        // Breaks: a keyed answer would hold a coin called "x_of".
        let plain = r#"{"status":{"a":1},"data":{"1":{"id":1,"quote":{"USD":{"price":2.0}}}}}"#;
        let seasoned = seasoned_body(plain.as_bytes()).unwrap();
        let inner = format!(r#"{{"x_of":2.0,"x_odd":{ODD},"price":2.0}}"#);
        let coin = format!(r#"{{"x_of":1,"x_odd":{ODD},"id":1,"quote":{{"USD":{inner}}}}}"#);
        assert_eq!(seasoned, format!(r#"{{"status":{{"a":1}},"data":{{"1":{coin}}}}}"#));
        assert_eq!(seasoned_body(br#"{"status":{"a":1}}"#), None);
    }
}
