//! Response bodies: an envelope around data that is never copied if it is long, or a stream that
//! goes on until somebody ends it.

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use hyper::body::{Body, Frame, SizeHint};

/// What goes out after the headers.
pub(crate) enum Sent {
    /// All of it is there.
    Whole(Pieces),
    /// It comes bit by bit.
    Live(BoxStream<'static, Bytes>),
}

impl Sent {
    /// One piece.
    pub(crate) fn one(piece: Bytes) -> Self {
        Self::Whole(Pieces::one(piece))
    }

    /// Three pieces.
    pub(crate) const fn three(head: Bytes, data: Bytes, tail: Bytes) -> Self {
        Self::Whole(Pieces::three(head, data, tail))
    }
}

impl Default for Sent {
    fn default() -> Self {
        Self::Whole(Pieces::default())
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(pieces) => Pin::new(pieces).poll_frame(cx),
            Self::Live(stream) => {
                stream.as_mut().poll_next(cx).map(|next| next.map(|bytes| Ok(Frame::data(bytes))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(pieces) => pieces.is_end_stream(),
            Self::Live(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(pieces) => pieces.size_hint(),
            Self::Live(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(pieces) => pieces.fmt(f),
            Self::Live(_) => f.write_str("Live"),
        }
    }
}

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
