//! Leases in Redis: the server's clock decides, and remembers the last token of a key.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use cache_tiers::{Key, Lease, Leases, TierError, TierErrorKind, Version, limits::TOKEN_MEMORY};
use redis::RedisResult;

use crate::{
    error::{self, NAME},
    link::Link,
    names,
    scripts::{self, Item},
};

/// What the script gives per key.
const NUMBERS_PER_KEY: usize = 4;

/// The leases in Redis.
#[derive(Clone, Debug)]
pub struct RedisLeases {
    link: Arc<Link>,
    prefix: Arc<str>,
}

impl RedisLeases {
    pub(crate) const fn new(link: Arc<Link>, prefix: Arc<str>) -> Self {
        Self { link, prefix }
    }

    fn held(&self, held: &[(Key, Version)]) -> Vec<Item> {
        let item = |(key, token): &(Key, Version)| Item {
            name: names::lease(&self.prefix, key),
            arguments: halves(*token).into(),
        };
        held.iter().map(item).collect()
    }

    async fn renew(&self, held: &[(Key, Version)], length: Duration) -> RedisResult<Vec<bool>> {
        let shared = lengths(length);
        let items = self.held(held);
        let runs: Vec<Vec<i64>> =
            scripts::run(&self.link, &scripts::RENEW, &shared, &items).await?;
        Ok(runs.into_iter().flatten().map(|number| number == 1).collect())
    }
}

#[async_trait]
impl Leases for RedisLeases {
    fn name(&self) -> &str {
        NAME
    }

    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError> {
        let item =
            |key: &Key| Item { name: names::lease(&self.prefix, key), arguments: Vec::new() };
        let items: Vec<Item> = keys.iter().map(item).collect();
        let shared: Vec<Vec<u8>> = lengths(length).into_iter().chain(halves(proposed)).collect();
        let taken = scripts::run(&self.link, &scripts::TAKE, &shared, &items).await;
        let runs: Vec<Vec<u64>> = taken.map_err(error::tier)?;
        let numbers: Vec<u64> = runs.into_iter().flatten().collect();
        if numbers.len() != keys.len() * NUMBERS_PER_KEY {
            return Err(TierError::new(NAME, TierErrorKind::Broken));
        }
        Ok(numbers.chunks(NUMBERS_PER_KEY).map(lease).collect())
    }

    async fn renew_many(
        &self,
        held: &[(Key, Version)],
        length: Duration,
    ) -> Result<Vec<bool>, TierError> {
        self.renew(held, length).await.map_err(error::tier)
    }

    async fn release_many(&self, held: &[(Key, Version)]) -> Result<(), TierError> {
        self.renew(held, Duration::ZERO).await.map(drop).map_err(error::tier)
    }
}

fn lease(numbers: &[u64]) -> Lease {
    if numbers[0] == 0 {
        return Lease::Held { left: Duration::from_millis(numbers[1]) };
    }
    let token = Version::from_bits((numbers[2] << 16) | numbers[3]);
    Lease::Taken { token, after_another: numbers[1] == 1 }
}

/// Milliseconds and counter.
fn halves(token: Version) -> [Vec<u8>; 2] {
    let bits = token.to_bits();
    [bits >> 16, bits & 0xffff].map(|half| half.to_string().into_bytes())
}

fn lengths(length: Duration) -> Vec<Vec<u8>> {
    [length, TOKEN_MEMORY].map(|length| length.as_millis().to_string().into_bytes()).into()
}
