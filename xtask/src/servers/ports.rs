//! Free ports on loopback.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::TcpListener;
use std::sync::Mutex;

use anyhow::{Result, bail};

/// Below the range from which the kernel serves clients: no connection takes a port meanwhile.
const FIRST: u16 = 10_240;
const N_PORTS: u16 = 9_000;
/// The nodes of a Redis Cluster speak with each other on their port plus this.
const BUS: u16 = 10_000;
const ATTEMPTS: usize = 200;

/// Those that this process gave away already.
static GIVEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// A port that nobody listens on and that is given to nobody else here.
pub(super) fn free() -> Result<u16> {
    for _ in 0..ATTEMPTS {
        let port = FIRST + random(N_PORTS);
        let mut given = GIVEN.lock().expect("nobody panics with the ports");
        if is_free(port)
            && is_free(port + BUS)
            && given.get_or_insert_with(HashSet::new).insert(port)
        {
            return Ok(port);
        }
    }
    bail!("no free port from {FIRST} to {}", FIRST + N_PORTS)
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Chance without a crate: two runs at once start looking at different places.
fn random(below: u16) -> u16 {
    let chance = RandomState::new().build_hasher().finish() % u64::from(below);
    u16::try_from(chance).expect("less than a u16")
}
