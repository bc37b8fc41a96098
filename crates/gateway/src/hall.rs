//! Where every request arrives: before the cache is there, and after.
//!
//! The gateway listens before its stores are open, so that health can be asked from the first
//! moment. Until its door is opened only health is answered, and everything else is told to come
//! back. The door is opened once, and looked at by every request: a connection that came before
//! stays, and its next request goes through.

use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use cmcache::{Cmcache, Opening, cmc_api::Style, health::Group};
use http::Request;
use hyper::{body::Incoming, service::Service};

use crate::{
    admin::{self, Timers},
    live::Listeners,
    respond::{self, Reply, Said},
    router::Room,
    traced,
};

/// When to come back to a gateway that starts.
const AGAIN: Duration = Duration::from_secs(1);

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Hall {
    opening: Opening,
    room: OnceLock<Arc<Room>>,
    /// Whether only this machine reaches us.
    is_local: bool,
}

/// The way in to a cache, for when there is one. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Door(Arc<Hall>);

impl Hall {
    pub(crate) const fn new(opening: Opening, is_local: bool) -> Self {
        Self { opening, room: OnceLock::new(), is_local }
    }

    /// Ends what would go on for ever.
    pub(crate) fn dismiss(&self) {
        if let Some(room) = self.room.get() {
            room.listeners.dismiss();
        }
    }
}

impl Door {
    pub(crate) const fn of(hall: Arc<Hall>) -> Self {
        Self(hall)
    }

    /// Lets requests through to `cmcache` from now on.
    ///
    /// # Errors
    ///
    /// It would let strangers spend, or is open already.
    pub fn open(&self, cmcache: Cmcache) -> io::Result<()> {
        let Hall { room, is_local, .. } = &*self.0;
        // Strangers would spend.
        if cmcache.is_open() && !is_local {
            let why = "off loopback, at least one client token is required (cmcache client add, \
                       clients, or CMCACHE_CLIENTS=name=token)";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let timers = Timers::new(cmcache.monitor());
        let listeners = Listeners::default();
        let inside = Room { cmcache, timers, is_local: *is_local, listeners };
        let opened = room.set(Arc::new(inside));
        opened.map_err(|_| io::Error::new(io::ErrorKind::AlreadyExists, "it is open already"))
    }
}

/// What is said while there is no cache.
async fn before_opening(opening: Opening, path: String, raw_query: String) -> Reply {
    let group = match path.as_str() {
        "/livez" => Ok(Group::Live),
        "/readyz" => Ok(Group::Ready),
        "/healthz" => admin::group(&raw_query),
        _ => {
            let said = Said::new(503, 503, "The gateway is starting. Please try again in a second");
            let reply = respond::error(&said, Style::Classic, opening.now());
            return respond::later(reply, Some(AGAIN));
        }
    };
    match group {
        Ok(group) => admin::reported(opening.health_json(group).await),
        Err(said) => respond::error(&said, Style::Classic, opening.now()),
    }
}

/// Each request's ways: at once, or through the engine; or no further, yet.
#[derive(Clone, Debug)]
pub(crate) struct Ways(pub(crate) Arc<Hall>);

impl Service<Request<Incoming>> for Ways {
    type Response = Reply;
    type Error = Infallible;
    type Future = Way;

    fn call(&self, request: Request<Incoming>) -> Way {
        let Some(room) = self.0.room.get() else {
            let (path, query) = (request.uri().path(), request.uri().query().unwrap_or_default());
            let (path, query) = (path.to_owned(), query.to_owned());
            return Way::Long(Box::pin(before_opening(self.0.opening.clone(), path, query)));
        };
        let span = traced::span(&request);
        match span.in_scope(|| room.at_once(&request)) {
            Some(reply) => {
                traced::replied(&span, &reply);
                Way::Short(Some(reply))
            }
            None => {
                let reply = Arc::clone(room).respond(request);
                Way::Long(Box::pin(traced::until_replied(span, reply)))
            }
        }
    }
}

/// A reply that is there, or one that is being made.
pub(crate) enum Way {
    Short(Option<Reply>),
    Long(Pin<Box<dyn Future<Output = Reply> + Send>>),
}

impl Future for Way {
    type Output = Result<Reply, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Short(reply) => match reply.take() {
                Some(reply) => Poll::Ready(Ok(reply)),
                None => Poll::Pending,
            },
            Self::Long(reply) => reply.as_mut().poll(cx).map(Ok),
        }
    }
}

#[cfg(test)]
mod tests;
