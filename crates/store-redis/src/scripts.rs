//! The scripts, and how a batch of keys is given to them: at once where one server has all keys,
//! key by key and at the same time where a cluster spreads them.

use std::sync::LazyLock;

use futures_util::future::try_join_all;
use redis::{FromRedisValue, RedisResult, Script};

use crate::{limits::KEYS_PER_SCRIPT_MAX, link::Link};

pub(crate) static PUT: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/put.lua")));
pub(crate) static DROP: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/drop.lua")));
pub(crate) static TAKE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/take.lua")));
pub(crate) static RENEW: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/renew.lua")));

pub(crate) static METER: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("scripts/meter.lua")));

/// A key with what the script needs for it.
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) arguments: Vec<Vec<u8>>,
}

/// Runs the script over all items; one outcome per run, in the order of the items.
pub(crate) async fn run<T: FromRedisValue + Send>(
    link: &Link,
    script: &Script,
    shared: &[Vec<u8>],
    items: &[Item],
) -> RedisResult<Vec<T>> {
    let size = if link.is_cluster() { 1 } else { KEYS_PER_SCRIPT_MAX };
    try_join_all(items.chunks(size).map(|some| one(link, script, shared, some))).await
}

async fn one<T: FromRedisValue + Send>(
    link: &Link,
    script: &Script,
    shared: &[Vec<u8>],
    items: &[Item],
) -> RedisResult<T> {
    let mut call = script.prepare_invoke();
    for argument in shared {
        call.arg(argument.as_slice());
    }
    for item in items {
        call.key(&item.name);
        item.arguments.iter().for_each(|argument| {
            call.arg(argument.as_slice());
        });
    }
    link.with(|mut wire| Box::pin(async move { call.invoke_async::<T>(&mut wire).await })).await
}
