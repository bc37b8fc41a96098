//! One who hears: a connection of its own, opened again whenever it breaks.

use std::{future::pending, time::Duration};

use async_trait::async_trait;
use cache_tiers::{Listener, Note};
use redis::{
    AsyncConnectionConfig, PushInfo, PushKind, RedisResult, Value, aio::MultiplexedConnection,
};
use tokio::sync::mpsc;

use super::{RedisBackplane, message};
use crate::{
    limits::{LISTEN_PING_EVERY, PUSHES_WAITING_MAX},
    link::{self, timed_out},
    names,
};

/// Hears what the channel carries, and what the server tells of changes if it was asked to.
#[derive(Debug)]
pub(super) struct Ear {
    plane: RedisBackplane,
    line: Option<Line>,
    n_failed: u32,
    n_attempts: usize,
    has_heard: bool,
}

/// An open connection.
struct Line {
    wire: MultiplexedConnection,
    pushes: mpsc::Receiver<PushInfo>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Line")
    }
}

/// What a push means.
enum Push {
    Notes(Vec<Note>),
    Nothing,
    Lost,
}

impl Ear {
    pub(super) const fn new(plane: RedisBackplane) -> Self {
        Self { plane, line: None, n_failed: 0, n_attempts: 0, has_heard: false }
    }

    /// Opens the line, or waits a while because that did not work.
    async fn connect(&mut self) -> bool {
        if self.n_failed > 0 {
            tokio::time::sleep(link::pause(self.n_failed)).await;
        }
        self.n_attempts += 1;
        let limit = self.plane.link.opener().patience();
        let opened = tokio::time::timeout(limit, self.open()).await;
        match opened.unwrap_or_else(|_| Err(timed_out())) {
            Ok(line) => {
                (self.line, self.n_failed) = (Some(line), 0);
                true
            }
            Err(error) => {
                tracing::debug!(%error, "the notes of other instances cannot be heard");
                self.n_failed = self.n_failed.saturating_add(1);
                false
            }
        }
    }

    async fn open(&self) -> RedisResult<Line> {
        let (sender, pushes) = mpsc::channel(PUSHES_WAITING_MAX);
        // A full queue loses the push; the receiver sees that it is full, and takes it as a gap.
        let config = AsyncConnectionConfig::new()
            .set_push_sender(move |push: PushInfo| sender.try_send(push).map_err(drop));
        let mut wire = self.plane.link.opener().open_pushed(&config, self.n_attempts).await?;
        if self.plane.is_tracking {
            let prefix = names::entries(&self.plane.prefix);
            let mut command = redis::cmd("CLIENT");
            command.arg(&["TRACKING", "ON", "BCAST", "PREFIX"]).arg(prefix);
            command.exec_async(&mut wire).await?;
        }
        wire.subscribe(&*self.plane.channel).await?;
        Ok(Line { wire, pushes })
    }

    /// The next push, or a sign that the line is dead.
    async fn next(&mut self) -> Push {
        let Some(line) = &mut self.line else { return pending().await };
        tokio::select! {
            push = line.pushes.recv() => match push {
                Some(push) if line.pushes.len() + 1 < PUSHES_WAITING_MAX => self.read(&push),
                // Some of them did not fit.
                _ => Push::Lost,
            },
            is_alive = ping(&line.wire) => if is_alive { Push::Nothing } else { Push::Lost },
        }
    }

    fn read(&self, push: &PushInfo) -> Push {
        match push.kind {
            PushKind::Disconnection => Push::Lost,
            PushKind::Message => {
                let Some(Value::BulkString(bytes)) = push.data.get(1) else { return Push::Nothing };
                let heard = message::read(bytes);
                self.plane.link.counters.unreadable.increment(heard.n_unreadable);
                if heard.origin == self.plane.origin || heard.notes.is_empty() {
                    Push::Nothing
                } else {
                    Push::Notes(heard.notes)
                }
            }
            PushKind::Invalidate => self.changed(push.data.first()),
            _ => Push::Nothing,
        }
    }

    /// Names whose entry has changed; nothing at all says that everything may have.
    fn changed(&self, names: Option<&Value>) -> Push {
        let Some(Value::Array(names)) = names else { return Push::Notes(vec![Note::Gap]) };
        let key = |name: &Value| match name {
            Value::BulkString(name) => {
                let name = std::str::from_utf8(name).ok()?;
                Some(Note::Changed(names::key_of(&self.plane.prefix, name)?))
            }
            _ => None,
        };
        let notes: Vec<Note> = names.iter().filter_map(key).collect();
        if notes.is_empty() { Push::Nothing } else { Push::Notes(notes) }
    }
}

/// After a silence, whether somebody is still there.
async fn ping(wire: &MultiplexedConnection) -> bool {
    tokio::time::sleep(LISTEN_PING_EVERY).await;
    let mut wire = wire.clone();
    let ping = redis::cmd("PING");
    let answered = tokio::time::timeout(Duration::from_secs(2), ping.exec_async(&mut wire)).await;
    answered.is_ok_and(|answered| answered.is_ok())
}

#[async_trait]
impl Listener for Ear {
    async fn hear(&mut self) -> Vec<Note> {
        loop {
            if self.line.is_none() {
                // Whoever could not connect at first has missed something, too.
                let has_missed = self.has_heard || self.n_failed > 0;
                if self.connect().await {
                    self.has_heard = true;
                    if has_missed {
                        self.plane.link.counters.gaps.increment(1);
                        return vec![Note::Gap];
                    }
                }
                continue;
            }
            match self.next().await {
                Push::Notes(notes) => return notes,
                Push::Nothing => {}
                Push::Lost => self.line = None,
            }
        }
    }
}
