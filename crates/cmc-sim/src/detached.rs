//! A simulator without a socket: asked by a call, on a clock that stands until it is put.

use std::io;
use std::time::Duration;

use crate::bill::Bill;
use crate::config::SimConfig;
use crate::control::{self, Control, ControlError};
use crate::core::{Arrival, Core};
use crate::recording::Ended;
use crate::server;

/// A request to a [`Detached`] simulator.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// In capitals.
    pub method: &'a str,
    /// As sent, with its prefix.
    pub path: &'a str,
    /// Without the question mark.
    pub query: &'a str,
    /// What `X-CMC_PRO_API_KEY` would say.
    pub key: Option<&'a str>,
    /// Of a POST.
    pub body: &'a [u8],
}

/// What would go back over the wire. It was charged already; whoever plays the wire waits
/// `delay` before handing it on, and breaks it off as `ending` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Of HTTP.
    pub status: u16,
    /// All of it, also where `ending` lets only a part through.
    pub body: Vec<u8>,
    /// Beside type and length.
    pub headers: Vec<(&'static str, String)>,
    /// How long the answer takes.
    pub delay: Duration,
    /// How it ends.
    pub ending: Ended,
    /// What was charged for it.
    pub credits: u64,
}

/// The whole simulator but its socket, for programs that keep time themselves: no task, no
/// thread, no waiting. Months can be played in seconds.
#[derive(Debug)]
pub struct Detached {
    core: Core,
}

impl Detached {
    /// Builds the market; its clock stands at `frozen_at`, else at `starts_at`, else at 1970.
    ///
    /// # Errors
    /// When the configuration makes no sense.
    pub fn new(mut config: SimConfig) -> io::Result<Self> {
        config.check().map_err(io::Error::other)?;
        config.frozen_at =
            config.frozen_at.or(config.starts_at).or(Some(jiff::Timestamp::UNIX_EPOCH));
        let core = server::furnished(&config).map_err(io::Error::other)?;
        Ok(Self { core })
    }

    /// Answers one request at the instant at which the clock stands.
    pub fn ask(&self, asked: Asked<'_>) -> Heard {
        let Asked { method, path, query, key, body } = asked;
        let address = "127.0.0.1";
        let reply = self.core.answer(Arrival { method, path, query, key, body, address });
        Heard {
            status: reply.status,
            ending: Ended::of(reply.ending),
            body: reply.body,
            headers: reply.headers,
            delay: reply.delay,
            credits: reply.credits,
        }
    }

    /// Puts the clock, in milliseconds since 1970.
    pub fn set_now_ms(&self, now_ms: i64) {
        self.core.clock.set(now_ms);
    }

    /// What it has charged so far.
    pub fn bill(&self) -> Bill {
        self.core.meter.bill()
    }

    /// Changes its behaviour, as `POST /_sim/control` does.
    ///
    /// # Errors
    /// When something in `control` does not exist or makes no sense; then nothing is changed.
    pub fn control(&self, control: Control) -> Result<(), ControlError> {
        control::apply(&self.core, control)
    }
}

#[cfg(test)]
mod tests;
