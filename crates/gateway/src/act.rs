//! What the gateway does when it is told to, rather than asked.
//!
//! Reading is a client's right; acting is an operator's. A page of another site can make a browser
//! send a plain POST, so acting needs a header that no page can add without asking first.

use std::net::IpAddr;

use bytes::Bytes;
use cmcache::{
    Invalidation, WarmOrder,
    cmc_api::{CacheClass, Style},
    config::{WarmBy, WarmConfig},
};
use http::{
    HeaderMap, Method,
    header::{AUTHORIZATION, HOST},
    request::Parts,
    uri::Authority,
};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::{
    admin, clients,
    respond::{self, Reply, Said},
    router::Room,
};

/// Where to say what is to be forgotten.
pub(crate) const INVALIDATE: &str = "/_cmcache/api/v1/invalidate";
/// Where to say what is to be warmed.
pub(crate) const WARM: &str = "/_cmcache/api/v1/warm";
/// Where to pause paid calls, or let them go on.
pub(crate) const PAUSE: &str = "/_cmcache/api/v1/pause";
/// Must name the action.
const ACTION: &str = "x-cmcache-action";

/// What may be said; exactly one of them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    query: Option<String>,
    prefix: Option<String>,
    class: Option<String>,
    all: Option<bool>,
}

/// What may be said of paid calls.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedPause {
    paused: bool,
}

/// What may be said of a warming; what is not said is as configured.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AskedWarming {
    coins: Option<usize>,
    by: Option<WarmBy>,
    names: Option<Vec<String>>,
    converts: Option<Vec<String>>,
    share: Option<f64>,
}

/// Warms, and answers when that is done.
pub(crate) async fn warm(room: &Room, head: &Parts, body: &Bytes) -> Reply {
    let now = room.cmcache.now();
    if let Some(refused) = refused(room, head) {
        return refused;
    }
    let order = match allowed(room, head, "warm").and_then(|()| order(body, room)) {
        Ok(order) => order,
        Err(said) => return respond::error(&said, Style::Classic, now),
    };
    match room.cmcache.warm(&order).await {
        Ok(status) => admin::json(&status),
        Err(error) => respond::failure(&error, Style::Classic, now),
    }
}

fn order(body: &Bytes, room: &Room) -> Result<WarmOrder, Said> {
    let bad = |why: String| Said::new(400, 400, why);
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    let asked: AskedWarming = serde_json::from_slice(text).map_err(|error| {
        bad(format!("It may have `coins`, `by`, `names`, `converts` and `share`: {error}."))
    })?;
    let mut warm: WarmConfig = room.cmcache.config().warm.clone();
    if asked.coins.is_some() {
        warm.names = Vec::new();
    }
    warm.coins = asked.coins.unwrap_or(warm.coins);
    warm.by = asked.by.unwrap_or(warm.by);
    warm.names = asked.names.unwrap_or(warm.names);
    warm.converts = asked.converts.unwrap_or(warm.converts);
    warm.share = asked.share.unwrap_or(warm.share);
    warm.check().map_err(|error| bad(error.0))?;
    let choice = warm.choice().ok_or_else(|| bad("What? Say `coins` or `names`.".to_owned()))?;
    Ok(WarmOrder { choice, converts: warm.converts, share: warm.share })
}

/// Where no operator has a token, a client's will do; anybody's, where there are no clients.
fn refused(room: &Room, head: &Parts) -> Option<Reply> {
    if room.cmcache.config().admin.token.is_some() {
        return None;
    }
    let checked =
        clients::check(&room.cmcache, &head.headers, head.uri.query().unwrap_or_default());
    checked.err().map(|refused| respond::refused(refused, room.cmcache.now()))
}

/// Pauses paid calls, or lets them go on.
pub(crate) async fn pause(room: &Room, head: &Parts, body: &Bytes) -> Reply {
    let now = room.cmcache.now();
    if let Some(refused) = refused(room, head) {
        return refused;
    }
    let asked = allowed(room, head, "pause").and_then(|()| {
        let read = serde_json::from_slice::<AskedPause>(body);
        read.map_err(|error| {
            Said::new(400, 400, format!("It must be {{\"paused\": true}}: {error}."))
        })
    });
    match asked {
        Ok(asked) => admin::json(&room.cmcache.pause(asked.paused).await),
        Err(said) => respond::error(&said, Style::Classic, now),
    }
}

/// Forgets.
pub(crate) async fn invalidate(room: &Room, head: &Parts, body: &Bytes) -> Reply {
    let now = room.cmcache.now();
    if let Some(refused) = refused(room, head) {
        return refused;
    }
    let what = match allowed(room, head, "invalidate").and_then(|()| read(body)) {
        Ok(what) => what,
        Err(said) => return respond::error(&said, Style::Classic, now),
    };
    match room.cmcache.invalidate(&what).await {
        Ok(invalidated) => admin::json(&invalidated),
        Err(error) => respond::failure(&error, Style::Classic, now),
    }
}

/// Whether whoever sent this may act.
fn allowed(room: &Room, head: &Parts, to: &str) -> Result<(), Said> {
    if head.method != Method::POST {
        return Err(Said::new(405, 405, "Method Not Allowed: acting is POST"));
    }
    if head.headers.get(ACTION).is_none_or(|action| action != to) {
        let why = format!(
            "Acting needs the header `X-Cmcache-Action: {to}`, which no page of another site can \
             send."
        );
        return Err(Said::new(403, 403, why));
    }
    match &room.cmcache.config().admin.token {
        Some(token) if bearer(&head.headers, token.expose()) => Ok(()),
        Some(_) => {
            let why = "Acting needs the header `Authorization: Bearer <admin.token>`.";
            Err(Said::new(401, 401, why))
        }
        None if room.is_local && is_asked_here(head) => Ok(()),
        None if room.is_local => {
            let why = "Without admin.token, acting goes through a loopback address or `localhost`: \
                       the name that you asked may be that of another site.";
            Err(Said::new(403, 403, why))
        }
        None => {
            let why = "Acting from other machines needs a token: set admin.token, and send it as \
                       `Authorization: Bearer …`.";
            Err(Said::new(403, 403, why))
        }
    }
}

/// Whether the gateway was asked by a name that is always this machine's. Another site's name may
/// be made to lead here, and its pages may then send any header.
fn is_asked_here(head: &Parts) -> bool {
    let named = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let authority = head.uri.authority().map(Authority::as_str).or(named).unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an operator asks, who may see what a client may.
pub(crate) fn is_operator(room: &Room, headers: &HeaderMap) -> bool {
    let token = &room.cmcache.config().admin.token;
    token.as_ref().is_some_and(|token| bearer(headers, token.expose()))
}

fn bearer(headers: &HeaderMap, token: &str) -> bool {
    let sent = headers.get(AUTHORIZATION).map(|value| value.as_bytes()).unwrap_or_default();
    let sent = sent.strip_prefix(b"Bearer ").unwrap_or_default();
    // Hashes are of one length, and tell nothing of which byte differs.
    let hash = |text: &[u8]| *blake3::hash(text).as_bytes();
    bool::from(hash(sent).ct_eq(&hash(token.as_bytes())))
}

fn read(body: &Bytes) -> Result<Invalidation, Said> {
    let bad = |why: String| Said::new(400, 400, why);
    let help = "It must be one of {\"query\": \"/v2/…\"}, {\"class\": \"quotes\"}, \
                {\"prefix\": \"q:1:\"} and {\"all\": true}";
    let asked: Asked =
        serde_json::from_slice(body).map_err(|error| bad(format!("{help}: {error}.")))?;
    let named = [asked.query.is_some(), asked.prefix.is_some(), asked.class.is_some()];
    let n_named = named.into_iter().filter(|named| *named).count();
    if n_named + usize::from(asked.all == Some(true)) != 1 {
        return Err(bad(format!("{help}.")));
    }
    Ok(match (asked.query, asked.prefix, asked.class) {
        (Some(query), _, _) => Invalidation::Query(query),
        (_, Some(prefix), _) => Invalidation::Prefix(prefix),
        (_, _, Some(name)) => {
            let class = CacheClass::ALL.into_iter().find(|class| class.name() == name);
            let all: Vec<_> = CacheClass::ALL.iter().map(|class| class.name()).collect();
            let unknown = || bad(format!("No class `{name}`; there are {}.", all.join(", ")));
            Invalidation::Class(class.ok_or_else(unknown)?)
        }
        _ => Invalidation::All,
    })
}

#[cfg(test)]
mod tests;
