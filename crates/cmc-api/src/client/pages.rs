//! All items of a list, page by page.

use std::{marker::PhantomData, pin::Pin, vec::IntoIter};

use futures_util::stream;
use serde::de::DeserializeOwned;

use super::{ClientError, Typed, request::Request};
use crate::types::Items;

/// A stream of items. It ends after an error.
///
/// Waiting for the next item is cancel safe: a call on the way belongs to the stream, and is taken
/// up by the next wait. Dropping the stream gives it up, and what it cost.
pub type Stream<T> =
    Pin<Box<dyn futures_util::Stream<Item = Result<T, ClientError>> + Send + 'static>>;

/// What a stream does between two calls.
pub(super) trait Pager: Send + 'static {
    type Reply: Items<Item: Send> + DeserializeOwned + Send;

    /// What to ask next; `None` at the end.
    fn next(&self) -> Option<Request>;

    /// Sees an answer: which of its items to yield, and where to go on.
    fn take(&mut self, reply: Self::Reply) -> Vec<<Self::Reply as Items>::Item>;
}

struct State<P: Pager> {
    pager: P,
    items: IntoIter<<P::Reply as Items>::Item>,
}

/// The items of all answers.
pub(super) fn stream<P: Pager>(pager: P) -> Stream<<P::Reply as Items>::Item> {
    let state = State { pager, items: Vec::new().into_iter() };
    Box::pin(stream::try_unfold(state, async |mut state| {
        loop {
            if let Some(item) = state.items.next() {
                return Ok(Some((item, state)));
            }
            let Some(request) = state.pager.next() else { return Ok(None) };
            let reply: Typed<P::Reply> = request.send().await?;
            state.items = state.pager.take(reply.data).into_iter();
        }
    }))
}

/// Pages by a cursor that each answer brings for the next.
struct Scrolled<R> {
    request: Request,
    /// The parameter that takes the cursor.
    name: &'static str,
    cursor: fn(&R) -> Option<String>,
    is_ended: bool,
}

pub(super) fn scrolled<R>(
    request: Request,
    name: &'static str,
    cursor: fn(&R) -> Option<String>,
) -> Stream<R::Item>
where
    R: Items<Item: Send> + DeserializeOwned + Send + 'static,
{
    stream(Scrolled { request, name, cursor, is_ended: false })
}

impl<R> Pager for Scrolled<R>
where
    R: Items<Item: Send> + DeserializeOwned + Send + 'static,
{
    type Reply = R;

    fn next(&self) -> Option<Request> {
        (!self.is_ended).then(|| self.request.clone())
    }

    fn take(&mut self, reply: R) -> Vec<R::Item> {
        let cursor = (self.cursor)(&reply).filter(|cursor| !cursor.is_empty());
        let items = reply.into_items();
        // A cursor that stands still would be followed for ever.
        let next = cursor.filter(|cursor| self.request.get(self.name) != Some(cursor));
        match next {
            Some(cursor) if !items.is_empty() => self.request.set(self.name, cursor),
            _ => self.is_ended = true,
        }
        items
    }
}

/// Pages by `start` and `limit`.
struct Numbered<R> {
    request: Request,
    /// Place of the next item; `None` at the end.
    start: Option<u64>,
    size: u64,
    reply: PhantomData<fn() -> R>,
}

pub(super) fn pages<R>(request: Request, size: u64) -> Stream<R::Item>
where
    R: Items<Item: Send> + DeserializeOwned + Send + 'static,
{
    let start = request.get("start").and_then(|start| start.parse().ok()).unwrap_or(1);
    let (start, size) = (Some(start), size.max(1));
    stream(Numbered::<R> { request, start, size, reply: PhantomData })
}

impl<R> Pager for Numbered<R>
where
    R: Items<Item: Send> + DeserializeOwned + Send + 'static,
{
    type Reply = R;

    fn next(&self) -> Option<Request> {
        let mut request = self.request.clone();
        request.set("start", self.start?);
        request.set("limit", self.size);
        Some(request)
    }

    fn take(&mut self, reply: R) -> Vec<R::Item> {
        let items = reply.into_items();
        let is_full = items.len() as u64 >= self.size;
        self.start = self.start.filter(|_| is_full).map(|start| start.saturating_add(self.size));
        items
    }
}
