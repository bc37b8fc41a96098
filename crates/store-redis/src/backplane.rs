//! Notes between instances by publish and subscribe, and the server's own telling of changes.

mod ear;
mod message;

use std::sync::Arc;

use async_trait::async_trait;
use cache_tiers::{Backplane, Listener, Note, TierError};
use futures_util::future::try_join_all;

use crate::{
    error::{self, NAME},
    link::Link,
    names,
};
use ear::Ear;

/// The backplane in Redis. Clones are the same instance; another one is opened anew.
#[derive(Clone, Debug)]
pub struct RedisBackplane {
    link: Arc<Link>,
    prefix: Arc<str>,
    channel: Arc<str>,
    /// Tells one's own notes from those of others.
    origin: u64,
    is_tracking: bool,
}

impl RedisBackplane {
    pub(crate) fn new(link: Arc<Link>, prefix: Arc<str>, is_tracking: bool) -> Self {
        let channel = names::channel(&prefix).into();
        Self { link, prefix, channel, origin: fastrand::u64(..), is_tracking }
    }
}

#[async_trait]
impl Backplane for RedisBackplane {
    fn name(&self) -> &str {
        NAME
    }

    async fn tell(&self, notes: &[Note]) -> Result<(), TierError> {
        let messages = message::write(self.origin, notes);
        if self.link.is_cluster() {
            let publish = |message: Vec<u8>| {
                let mut command = redis::cmd("PUBLISH");
                command.arg(&*self.channel).arg(message);
                command
            };
            let commands: Vec<_> = messages.into_iter().map(publish).collect();
            let told = try_join_all(commands.iter().map(|command| self.link.run::<i64>(command)));
            return told.await.map(drop).map_err(error::tier);
        }
        // One connection, one question: the notes keep their order.
        let mut pipe = redis::pipe();
        for message in messages {
            pipe.cmd("PUBLISH").arg(&*self.channel).arg(message).ignore();
        }
        self.link.run_all::<()>(&pipe).await.map_err(error::tier)
    }

    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Ear::new(self.clone()))
    }
}
