//! A response body of known length: an envelope around data that is never copied if it is long.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// Up to three pieces, sent in order.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pieces: [Bytes; 3],
    next: usize,
}

impl Pieces {
    /// One piece.
    pub(crate) fn one(piece: Bytes) -> Self {
        Self { pieces: [piece, Bytes::new(), Bytes::new()], next: 0 }
    }

    /// Three pieces.
    pub(crate) const fn three(head: Bytes, data: Bytes, tail: Bytes) -> Self {
        Self { pieces: [head, data, tail], next: 0 }
    }

    fn left(&self) -> usize {
        self.pieces[self.next.min(3)..].iter().map(Bytes::len).sum()
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        while self.next < 3 {
            let at = self.next;
            self.next += 1;
            let piece = std::mem::take(&mut self.pieces[at]);
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.left()).unwrap_or(u64::MAX))
    }
}
