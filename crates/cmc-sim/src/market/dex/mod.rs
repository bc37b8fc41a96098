//! Tokens on chains and the pools in which they are swapped; all of them are coins of the market.

pub(crate) mod networks;
pub(crate) mod swaps;
mod tokens;
pub(crate) mod value;

use std::collections::HashMap;

use crate::market::coin::Coin;
use crate::market::noise;
use crate::time::{self, Millis};
use networks::{NETWORKS, VENUES, Venue};

/// A coin on a chain.
#[derive(Debug)]
pub(crate) struct Token {
    /// A position in [`NETWORKS`].
    pub(crate) network: usize,
    /// A position in the market.
    pub(crate) coin: usize,
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) address: String,
    pub(crate) created_ms: Millis,
    /// Whether the coin is at home here.
    pub(crate) is_native: bool,
    pub(crate) is_meme: bool,
    pub(crate) lane: u64,
}

impl Token {
    /// By how much its balances were split, and since when; few tokens stand for shares.
    pub(crate) fn split(&self) -> Option<(f64, Millis)> {
        let is_share = self.is_native && self.lane.is_multiple_of(50);
        let factor = match self.lane % 4 {
            0 => 0.1,
            1 => 2.0,
            2 => 4.0,
            _ => 10.0,
        };
        is_share.then_some((factor, self.created_ms + 90 * time::DAY))
    }
}

/// A pool: two tokens of one chain.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) address: String,
    /// Positions among the tokens.
    pub(crate) base: usize,
    pub(crate) quote: usize,
    /// A position in [`VENUES`].
    pub(crate) venue: usize,
    pub(crate) created_ms: Millis,
    /// Its part of what the base token is worth in all pools.
    pub(crate) share: f64,
}

/// Everything that stands; what moves is in [`value`].
#[derive(Debug)]
pub(crate) struct Dex {
    pub(crate) tokens: Vec<Token>,
    pub(crate) pairs: Vec<Pair>,
    by_token: HashMap<(usize, String), usize>,
    by_pair: HashMap<(usize, String), usize>,
    /// Pools by base token.
    pools: Vec<Vec<usize>>,
}

impl Dex {
    pub(crate) fn new(seed: u64, coins: &[Coin]) -> Self {
        let seed = noise::mix2(seed, 0xDE7);
        let (tokens, pairs) = tokens::all(seed, coins);
        let mut pools = vec![Vec::new(); tokens.len()];
        for (at, pair) in pairs.iter().enumerate() {
            pools[pair.base].push(at);
        }
        let key = |network: usize, address: &str| (network, address.to_lowercase());
        let token_keys = tokens.iter().map(|token| key(token.network, &token.address));
        let pair_keys = pairs.iter().map(|pair| key(tokens[pair.base].network, &pair.address));
        Self {
            by_token: token_keys.zip(0..).collect(),
            by_pair: pair_keys.zip(0..).collect(),
            pools,
            tokens,
            pairs,
        }
    }

    /// The position of the chain that a word means.
    pub(crate) fn network(word: &str) -> Option<usize> {
        NETWORKS.iter().position(|network| network.is_called(word))
    }

    pub(crate) fn token(&self, network: usize, address: &str) -> Option<usize> {
        self.by_token.get(&(network, address.to_lowercase())).copied()
    }

    pub(crate) fn pair(&self, network: usize, address: &str) -> Option<usize> {
        self.by_pair.get(&(network, address.to_lowercase())).copied()
    }

    /// Pools in which a token is the base, the largest first.
    pub(crate) fn pools(&self, token: usize) -> &[usize] {
        &self.pools[token]
    }

    pub(crate) fn venue(&self, pair: usize) -> &'static Venue {
        &VENUES[self.pairs[pair].venue]
    }

    /// The position of a token's chain.
    pub(crate) fn network_of(&self, pair: usize) -> usize {
        self.tokens[self.pairs[pair].base].network
    }
}

#[cfg(test)]
mod tests;
