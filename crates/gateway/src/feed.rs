//! Streams of figures: the moments of the gateway, and the prices that somebody wants to follow.

use std::sync::Arc;

use bytes::Bytes;
use cmcache::{
    Caller,
    cmc_api::{Query, QueryError, Style},
    engine::Terms,
    stream::{Listener, News, Told},
};
use futures_util::stream;
use http::request::Parts;

use crate::{
    live,
    respond::{self, Reply, Said},
    router::Room,
};

/// A moment every few seconds: what happened in it.
pub(crate) const MOMENTS: &str = "/_cmcache/api/v1/live";
/// Prices, told anew whenever they are refreshed.
pub(crate) const PRICES: &str = "/_cmcache/stream";

/// What is followed, in its newest shape.
const QUOTES: &str = "/v3/cryptocurrency/quotes/latest";
/// What may be said of it.
const PARAMETERS: [&str; 5] = ["id", "symbol", "slug", "convert", "convert_id"];

/// The stream of moments.
pub(crate) fn moments(room: &Room, head: &Parts) -> Reply {
    if head.method != http::Method::GET {
        return refuse(room, 405, "Method Not Allowed");
    }
    let Some(seat) = room.listeners.seat() else { return refuse(room, 503, live::CROWDED) };
    let news = room.cmcache.moments();
    live::streamed(stream::unfold((seat, news), |(seat, mut news)| async move {
        let comes = async {
            news.changed().await.ok()?;
            let moment = news.borrow_and_update().clone()?;
            let text = serde_json::to_string(&*moment).ok()?;
            Some(Bytes::from(format!("event: moment\ndata: {text}\n\n")))
        };
        let text = seat.next(comes).await?;
        Some((text, (seat, news)))
    }))
}

/// The stream of prices: `?symbol=BTC,ETH&convert=USD`. One refresh feeds all who follow the same,
/// and costs them no more than if they had asked.
pub(crate) fn prices(room: &Room, head: &Parts, caller: Option<&Caller>) -> Reply {
    if head.method != http::Method::GET {
        return refuse(room, 405, "Method Not Allowed");
    }
    let (query, asked) = match followed(room, head.uri.query().unwrap_or_default()) {
        Ok(followed) => followed,
        Err(error) => return respond::bad(&error, room.cmcache.now()),
    };
    let client = caller.map(|caller| caller.client().clone());
    // Clients pay for themselves, so that their topics are apart; what one of them refreshed is
    // found by the others.
    let name = match &client {
        Some(client) => format!("{}?{asked}", client.name()),
        None => format!("?{asked}"),
    };
    let Some(seat) = room.listeners.seat() else { return refuse(room, 503, live::CROWDED) };
    let terms = Terms { client, ..Terms::default() };
    let Some(listener) = room.cmcache.listen(&name, &query, &terms) else {
        return refuse(room, 503, "Too many different prices are followed already");
    };
    live::streamed(stream::unfold((seat, listener), |(seat, mut listener)| async move {
        let text = seat.next(next(&mut listener)).await?;
        Some((text, (seat, listener)))
    }))
}

async fn next(listener: &mut Listener) -> Option<Bytes> {
    Some(match listener.next().await? {
        // The same bytes for all who listen.
        News::Answer(told) => told.frame.or_made(|| quotes(&told).into()),
        News::Trouble(error) => trouble(&respond::said(&error)).into(),
    })
}

/// The query, and its text in one fixed order: who asks the same in other words follows the same.
fn followed(room: &Room, raw_query: &str) -> Result<(Arc<Query>, String), QueryError> {
    let mut asked = Vec::new();
    for pair in raw_query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap_or_default();
        if name.eq_ignore_ascii_case("cmc_pro_api_key") {
            continue;
        }
        if !PARAMETERS.contains(&name) {
            let message = format!("\"{name}\" is not allowed; there are {}", PARAMETERS.join(", "));
            return Err(QueryError::invalid(message, Style::Classic));
        }
        asked.push(pair);
    }
    asked.sort_unstable();
    let asked = asked.join("&");
    Ok((room.cmcache.parse("GET", QUOTES, &asked, Bytes::new())?, asked))
}

/// One refresh as the wire has it. The data are the API's own text: numbers keep every digit.
fn quotes(told: &Told) -> Vec<u8> {
    let Told { at, age, is_stale, etag, .. } = told;
    let age = age.as_secs();
    let head = format!(
        "id: {etag:x}\nevent: quotes\n\
         data: {{\"at\":\"{at}\",\"age_s\":{age},\"stale\":{is_stale},\"data\":"
    );
    let mut text = head.into_bytes();
    // A line break would end the field; in JSON it can only stand where a space can.
    text.extend(
        told.data.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }),
    );
    text.extend_from_slice(b"}\n\n");
    text
}

fn trouble(said: &Said) -> Vec<u8> {
    let told = serde_json::json!({ "error_code": said.code, "error_message": said.message });
    format!("event: trouble\ndata: {told}\n\n").into_bytes()
}

fn refuse(room: &Room, http: u16, why: &str) -> Reply {
    respond::error(&Said::new(http, i64::from(http), why), Style::Classic, room.cmcache.now())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cmcache::{clock::Timestamp, stream::Frame};

    use super::*;

    #[test]
    fn a_refresh_is_one_line_and_keeps_every_digit() {
        // Breaks: a listener reads half an event, or another price.
        let told = Told {
            data: Bytes::from_static(b"[{\"price\":1.0,\n\"n\":\"a\\nb\"}]"),
            at: Timestamp::EPOCH,
            age: Duration::from_secs(7),
            is_stale: true,
            etag: 0xab,
            frame: Frame::default(),
        };
        let text = String::from_utf8(quotes(&told)).unwrap();
        assert_eq!(
            text,
            "id: ab\nevent: quotes\ndata: {\"at\":\"1970-01-01T00:00:00.000Z\",\"age_s\":7,\
             \"stale\":true,\"data\":[{\"price\":1.0, \"n\":\"a\\nb\"}]}\n\n"
        );
    }

    #[test]
    fn trouble_is_told_in_the_words_of_the_api() {
        // Breaks: a listener that gets nothing does not know why.
        let text = String::from_utf8(trouble(&Said::new(429, 1010, "used up"))).unwrap();
        assert_eq!(
            text,
            "event: trouble\ndata: {\"error_code\":1010,\"error_message\":\"used up\"}\n\n"
        );
    }
}
