//! A connection whose bare errors are dressed in the API's envelope.
//!
//! The HTTP library refuses malformed requests, overlong targets and headers before any of our
//! code sees them, with an empty body. Clients read `status` from every error, so the empty
//! refusal is replaced on its way out. No handler of ours answers an error with an empty body, so
//! nothing else can be meant.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Writes through, but for bare refusals.
#[derive(Debug)]
pub(crate) struct Dressed<S> {
    inner: S,
    waiting: Bytes,
    dress: fn(u16) -> Bytes,
}

impl<S> Dressed<S> {
    /// `dress` makes the whole response for a status.
    pub(crate) const fn new(inner: S, dress: fn(u16) -> Bytes) -> Self {
        Self { inner, waiting: Bytes::new(), dress }
    }
}

/// The status of a bare refusal, if `head` is one.
fn bare_refusal(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(b"HTTP/1.1 4").or_else(|| head.strip_prefix(b"HTTP/1.0 4"))?;
    let text = std::str::from_utf8(head).ok()?;
    let is_bare =
        text.ends_with("\r\n\r\n") && text.to_ascii_lowercase().contains("content-length: 0\r\n");
    let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
    if is_bare { digits.parse::<u16>().ok().map(|digits| 400 + digits) } else { None }
}

impl<S: AsyncWrite + Unpin> Dressed<S> {
    fn poll_waiting(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.waiting.is_empty() {
            let n = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.waiting))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.waiting.advance(n);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> Dressed<S> {
    /// Takes `n` bytes for written, and writes the whole response instead. At once as far as
    /// possible: after a refusal the connection may be dropped without another flush.
    fn replace(&mut self, cx: &mut Context<'_>, status: u16, n: usize) -> Poll<io::Result<usize>> {
        self.waiting = (self.dress)(status);
        match self.poll_waiting(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(n)),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Dressed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Dressed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_waiting(cx))?;
        if let Some(status) = bare_refusal(buf) {
            return self.replace(cx, status, buf.len());
        }
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_waiting(cx))?;
        if let [only] = bufs
            && let Some(status) = bare_refusal(only)
        {
            return self.replace(cx, status, only.len());
        }
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_waiting(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_waiting(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
