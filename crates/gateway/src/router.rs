//! Every route on one screen, and the two ways through it.

use std::sync::Arc;

use bytes::Bytes;
use cmcache::{
    Caller, Cmcache,
    clock::{Stopwatch, Timestamp},
    cmc_api::{CacheClass, QueryError, Style},
    credits::{Client, Priority},
    engine::{CacheState, Course},
    health::Group,
};
use http::{Method, Request, header::IF_NONE_MATCH};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;

use crate::{
    act, admin, ask, clients, dashboard, feed, headers, limited, limits, live,
    metrics::Outcome,
    quota,
    respond::{self, Reply, Said},
    scrape, traced,
};

/// What handlers share.
#[derive(Debug)]
pub(crate) struct Room {
    pub(crate) cmcache: Cmcache,
    pub(crate) timers: admin::Timers,
    /// Whether only this machine reaches us.
    pub(crate) is_local: bool,
    pub(crate) listeners: live::Listeners,
}

/// A request without its body.
type Head = http::request::Parts;

impl Room {
    /// The short way: the text is known, memory has everything fresh. No await, no parsing.
    pub(crate) fn at_once(&self, request: &Request<Incoming>) -> Option<Reply> {
        let target = request.uri().path_and_query()?.as_str();
        let headers = request.headers();
        if request.method() != Method::GET || !ask::is_plain(headers) {
            return None;
        }
        let clock = Stopwatch::start();
        let raw_query = request.uri().query().unwrap_or_default();
        let caller = clients::check(&self.cmcache, headers, raw_query).ok()?;
        let name = caller.as_ref().map(|caller| caller.client().name());
        let answer = self.cmcache.peek_for(target, name)?;
        if let Some(caller) = &caller
            && let Err(wait) = clients::admit(caller, answer.at)
        {
            self.timers.refused(clock.elapsed());
            return Some(told(respond::too_many(wait, answer.at), Some(caller), answer.at));
        }
        let response = told(respond::answer(&answer), caller.as_ref(), answer.at);
        self.timers.hit(answer.operation.class, clock.elapsed(), answer.at);
        traced::answered(&answer.operation, outcome(answer.cache).name(), answer.charged);
        Some(response)
    }

    /// The long way.
    pub(crate) async fn respond(self: Arc<Self>, request: Request<Incoming>) -> Reply {
        let clock = Stopwatch::start();
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        match path {
            "/livez" => admin::health(&self.cmcache, Group::Live).await,
            "/readyz" => admin::health(&self.cmcache, Group::Ready).await,
            "/healthz" => admin::healthz(&self.cmcache, head.uri.query().unwrap_or_default()).await,
            "/metrics" => scrape::metrics(&self.cmcache, &head.headers),
            act::INVALIDATE => match read(body).await {
                Ok(body) => act::invalidate(&self, &head, &body).await,
                Err(said) => respond::error(&said, Style::Classic, self.cmcache.now()),
            },
            act::PAUSE if head.method == Method::POST => match read(body).await {
                Ok(body) => act::pause(&self, &head, &body).await,
                Err(said) => respond::error(&said, Style::Classic, self.cmcache.now()),
            },
            act::WARM if head.method == Method::POST => match read(body).await {
                Ok(body) => act::warm(&self, &head, &body).await,
                Err(said) => respond::error(&said, Style::Classic, self.cmcache.now()),
            },
            _ if path == "/_cmcache" || path.starts_with("/_cmcache/") => {
                if let Some(file) = dashboard::file(path, &head.headers) {
                    return file;
                }
                let raw_query = head.uri.query().unwrap_or_default();
                match clients::check(&self.cmcache, &head.headers, raw_query) {
                    _ if act::is_operator(&self, &head.headers) => self.own(&head, None).await,
                    Ok(caller) => self.own(&head, caller.as_ref()).await,
                    Err(refused) => respond::refused(refused, self.cmcache.now()),
                }
            }
            _ => self.api(&head, body, &clock).await,
        }
    }

    /// What is below the gateway's own path.
    async fn own(&self, head: &Head, caller: Option<&Caller>) -> Reply {
        match head.uri.path() {
            live::EVENTS => live::events(self, head),
            feed::MOMENTS => feed::moments(self, head),
            feed::PRICES => feed::prices(self, head, caller),
            _ => admin::respond(self, head, caller).await,
        }
    }

    /// The CoinMarketCap API.
    async fn api(&self, head: &Head, body: Incoming, clock: &Stopwatch) -> Reply {
        let now = self.cmcache.now();
        let raw_query = head.uri.query().unwrap_or_default();
        let target_len = head.uri.path_and_query().map_or(0, |target| target.as_str().len());
        if target_len > limits::TARGET_BYTES_MAX {
            return self.refused(clock, refuse(414, "Request-URI Too Large", now));
        }
        let caller = match clients::check(&self.cmcache, &head.headers, raw_query) {
            Ok(caller) => caller,
            Err(refused) => return self.refused(clock, respond::refused(refused, now)),
        };
        let reply = match &caller {
            Some(caller) => match clients::admit(caller, now) {
                Ok(()) => self.quota(head, caller, now).await,
                Err(wait) => Some(self.refused(clock, respond::too_many(wait, now))),
            },
            None => None,
        };
        let reply = match reply {
            Some(reply) => reply,
            None => self.asked(head, body, caller.as_ref(), clock).await,
        };
        told(reply, caller.as_ref(), self.cmcache.now())
    }

    /// What the API is asked.
    async fn asked(
        &self,
        head: &Head,
        body: Incoming,
        caller: Option<&Caller>,
        clock: &Stopwatch,
    ) -> Reply {
        let body = match read(body).await {
            Ok(body) => body,
            Err(said) => {
                let reply = respond::error(&said, Style::Classic, self.cmcache.now());
                return self.refused(clock, reply);
            }
        };
        let client = caller.map(|caller| caller.client().clone());
        let reply = match self.query(head, body, client, clock).await {
            Ok(reply) => reply,
            Err(error) => self.refused(clock, respond::bad(&error, self.cmcache.now())),
        };
        if let Some(caller) = caller
            && caller.client().quota().limits_credits()
            && !headers::is_free(reply.headers())
        {
            // What it has just paid is to be in what it is told; in memory this takes no time.
            drop(caller.client().usage().await);
        }
        reply
    }

    /// Times what was told without asking the engine.
    fn refused(&self, clock: &Stopwatch, reply: Reply) -> Reply {
        self.timers.refused(clock.elapsed());
        reply
    }

    /// What is left for a client, if that is what it asks.
    async fn quota(&self, head: &Head, caller: &Caller, now: Timestamp) -> Option<Reply> {
        let path = head.uri.path();
        let path = path.strip_prefix("/public-api").unwrap_or(path);
        let is_read = matches!(head.method, Method::GET | Method::HEAD);
        if path != quota::PATH || !is_read {
            return None;
        }
        let allowance = self.cmcache.allowance_of(caller).await.ok()?;
        quota::answer(&allowance, caller.n_requests(now), now)
    }

    async fn query(
        &self,
        head: &Head,
        body: Bytes,
        client: Option<Client>,
        clock: &Stopwatch,
    ) -> Result<Reply, QueryError> {
        let raw_query = head.uri.query().unwrap_or_default();
        let path = head.uri.path();
        let path = path.strip_prefix("/public-api").unwrap_or(path);
        let method = if head.method == Method::HEAD { "GET" } else { head.method.as_str() };
        if !is_api(path) {
            let message = format!("No such path: {path}. The API's paths start with /v1 to /v5.");
            let style = Style::Classic;
            return Err(QueryError { http: 404, code: 404, message, style });
        }
        let query = self.cmcache.parse(method, path, raw_query, body)?;
        let style = query.operation.style;
        let mut directives = ask::directives(&head.headers)
            .map_err(|message| QueryError::invalid(message, style))?;
        directives.terms.is_essential =
            client.as_ref().is_some_and(|client| client.quota().priority == Priority::Essential);
        directives.terms.client = client;
        let course = Course::default();
        directives.terms.course = Some(course.clone());
        if directives.dry_run {
            let now = self.cmcache.now();
            return Ok(match self.cmcache.estimate(&query).await {
                Ok(estimate) => respond::estimate(&estimate, style, now),
                Err(error) => respond::failure(&error, style, now),
            });
        }
        let target = head.uri.path_and_query().map_or("", |target| target.as_str());
        // A text that carries a key is not remembered, and a body is not in the text.
        let is_text = head.method == Method::GET && !clients::carries_key(raw_query);
        let answered = if is_text {
            self.cmcache.answer_as(target, &query, &directives.terms).await
        } else {
            self.cmcache.answer(&query, &directives.terms).await
        };
        let now = self.cmcache.now();
        let (class, spent) = (query.operation.class, course.spent());
        Ok(match answered {
            Ok(answer) => {
                let outcome = outcome(answer.cache);
                self.timers.answered((class, outcome), clock.elapsed(), &spent, now);
                traced::answered(&answer.operation, outcome.name(), answer.charged);
                if headers::is_known(head.headers.get(IF_NONE_MATCH), &answer) {
                    respond::not_modified(&answer)
                } else {
                    respond::answer(&answer)
                }
            }
            Err(error) => {
                self.timers.answered((class, Outcome::Failed), clock.elapsed(), &spent, now);
                traced::failed(&query.operation, &error);
                respond::failure(&error, style, now)
            }
        })
    }
}

/// Says in its headers what is left for who asked.
fn told(mut reply: Reply, caller: Option<&Caller>, now: Timestamp) -> Reply {
    if let Some(caller) = caller {
        limited::tell(reply.headers_mut(), caller, now);
    }
    reply
}

/// Whether a path can be one of the API's: a version, then something.
pub(crate) fn is_api(path: &str) -> bool {
    let mut bytes = path.bytes();
    bytes.next() == Some(b'/')
        && bytes.next() == Some(b'v')
        && bytes.next().is_some_and(|digit| digit.is_ascii_digit())
}

fn refuse(http: u16, message: &str, at: Timestamp) -> Reply {
    let said = Said { http, code: i64::from(http), message: message.to_owned() };
    respond::error(&said, Style::Classic, at)
}

async fn read(body: Incoming) -> Result<Bytes, Said> {
    let read = Limited::new(body, limits::BODY_BYTES_MAX).collect().await;
    read.map(http_body_util::Collected::to_bytes).map_err(|error| {
        let (http, message) = if error.is::<LengthLimitError>() {
            (413, "The request's body is too large: at most 65536 bytes")
        } else {
            (400, "The request's body could not be read")
        };
        Said { http, code: i64::from(http), message: message.to_owned() }
    })
}

/// The outcome of an answer, as latencies are told apart by it.
const fn outcome(cache: CacheState) -> Outcome {
    match cache {
        CacheState::Full => Outcome::Hit,
        CacheState::Partial => Outcome::Partial,
        CacheState::Cold => Outcome::Miss,
        CacheState::Stale => Outcome::Stale,
    }
}

/// The name of a class of operations.
pub(crate) fn family(class: CacheClass) -> &'static str {
    class.name()
}

#[cfg(test)]
mod tests;
