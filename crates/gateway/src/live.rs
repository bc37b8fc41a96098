//! Server-sent events: what happens, to whoever stays and listens.

use std::sync::Arc;

use bytes::Bytes;
use cmcache::{
    cmc_api::Style,
    events::{Events, Heard, Kind, Subscription},
};
use futures_util::{Stream, StreamExt, stream};
use http::{
    HeaderValue, Method, Response,
    header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName},
    request::Parts,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::{
    body::Sent,
    limits,
    respond::{self, Reply, Said},
    router::Room,
};

/// Where to listen.
pub(crate) const EVENTS: &str = "/_cmcache/api/v1/events";
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Tells nginx not to collect what should arrive at once.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What is said where nobody may listen any more.
pub(crate) const CROWDED: &str = "Too many are listening already";

/// Those who listen: how many may, and until when.
#[derive(Debug)]
pub(crate) struct Listeners {
    places: Arc<Semaphore>,
    stop: CancellationToken,
}

impl Default for Listeners {
    fn default() -> Self {
        let places = Arc::new(Semaphore::new(limits::LISTENERS_MAX));
        Self { places, stop: CancellationToken::new() }
    }
}

impl Listeners {
    /// A place, if there is one left.
    pub(crate) fn seat(&self) -> Option<Seat> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Seat { stop: self.stop.clone(), _place: place })
    }

    /// Ends every stream.
    pub(crate) fn dismiss(&self) {
        self.stop.cancel();
    }
}

/// A place among those who listen, until they leave or are dismissed.
pub(crate) struct Seat {
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
}

impl Seat {
    /// The next piece of text: what comes, or a sign of life where nothing does for long; `None`
    /// at the end. What is dropped half-way must lose nothing.
    pub(crate) async fn next(&self, comes: impl Future<Output = Option<Bytes>>) -> Option<Bytes> {
        tokio::select! {
            heard = tokio::time::timeout(limits::HEARTBEAT_EVERY, comes) => {
                heard.unwrap_or(Some(Bytes::from_static(b": still here\n\n")))
            }
            () = self.stop.cancelled() => None,
        }
    }
}

/// What a listener wants to hear.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish {
    kinds: Option<Vec<Kind>>,
    replay: bool,
}

/// One who listens.
struct Ear {
    heard: Subscription,
    events: Events,
    seat: Seat,
}

/// The stream of events.
pub(crate) fn events(room: &Room, head: &Parts) -> Reply {
    let refuse = |http: u16, why: String| {
        let said = Said::new(http, i64::from(http), why);
        respond::error(&said, Style::Classic, room.cmcache.now())
    };
    if head.method != Method::GET && head.method != Method::HEAD {
        return refuse(405, "Method Not Allowed".to_owned());
    }
    let wish = match wish(head.uri.query().unwrap_or_default()) {
        Ok(wish) => wish,
        Err(why) => return refuse(400, why),
    };
    let Some(seat) = room.listeners.seat() else {
        return refuse(503, CROWDED.to_owned());
    };
    let events = room.cmcache.events().clone();
    let last = head.headers.get(LAST_EVENT_ID).and_then(|last| last.to_str().ok());
    let heard = match last {
        Some(token) => events.replay_after(token),
        None if wish.replay => events.replay(),
        None => events.subscribe(),
    };
    let heard = match wish.kinds {
        Some(kinds) => heard.only(kinds),
        None => heard,
    };
    let ear = Ear { heard, events, seat };
    streamed(stream::unfold(ear, |mut ear| async move { Some((ear.next().await?, ear)) }))
}

/// A response that goes on as long as `told` does.
pub(crate) fn streamed(told: impl Stream<Item = Bytes> + Send + 'static) -> Reply {
    // At once, so that whoever connects knows that it has.
    let hello = format!("retry: {}\n\n", limits::LISTENER_RETRY.as_millis());
    let hello = stream::once(async move { Bytes::from(hello) });
    let mut response = Response::new(Sent::Live(hello.chain(told).boxed()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(BUFFERING, HeaderValue::from_static("no"));
    response
}

impl Ear {
    async fn next(&mut self) -> Option<Bytes> {
        let Self { heard, events, seat } = self;
        seat.next(async { Some(written(&heard.next().await?, events).into()) }).await
    }
}

/// One event as the wire has it. JSON holds no line break of its own.
fn written(heard: &Heard, events: &Events) -> String {
    match heard {
        Heard::Event(event) => {
            let (id, kind) = (events.token(event), event.what.kind());
            format!("id: {id}\nevent: {kind}\ndata: {}\n\n", event.json())
        }
        Heard::Lost(n) => {
            let n = n.map_or_else(|| "null".to_owned(), |n| n.to_string());
            format!("event: lost\ndata: {{\"lost\":{n}}}\n\n")
        }
    }
}

fn wish(raw_query: &str) -> Result<Wish, String> {
    let mut wish = Wish::default();
    for (name, value) in raw_query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "kind" => {
                let value = value.replace("%2C", ",").replace("%2c", ",");
                let kinds = value.split(',').filter(|name| !name.is_empty()).map(kind);
                wish.kinds = Some(kinds.collect::<Result<_, _>>()?);
            }
            "replay" => wish.replay = matches!(value, "true" | "1"),
            _ => {}
        }
    }
    Ok(wish)
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::parse(name).ok_or_else(|| {
        let all: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        format!("No such kind of event; there are {}", all.join(", "))
    })
}

#[cfg(test)]
mod tests;
