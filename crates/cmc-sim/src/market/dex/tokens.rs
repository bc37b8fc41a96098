//! Makes tokens and pools: coins on their own chains, and the largest ones bridged to the others.

use std::collections::HashSet;

use super::networks::{NETWORKS, VENUES};
use super::{Pair, Token};
use crate::market::coin::{Coin, Status};
use crate::market::noise::{self, Dice};
use crate::time::{self, Millis};

/// Tokens at home on a chain, at most.
const N_HOME: usize = 560;
/// Tokens that every chain has.
const N_BRIDGED: usize = 30;
const STABLES: [u32; 2] = [825, 3408];
/// An address that everybody knows.
const ETHER_TETHER: &str = "0x0d4a11d5eeaac28ec3f61d100daf4d40471f1852";

/// All tokens by chain, the wrapped native coin of each first, and their pools.
pub(super) fn all(seed: u64, coins: &[Coin]) -> (Vec<Token>, Vec<Pair>) {
    let by_size = by_size(coins);
    let (mut tokens, mut pairs) = (Vec::new(), Vec::new());
    for network in 0..NETWORKS.len() {
        let first = tokens.len();
        for (at, home) in members(network, coins, &by_size) {
            tokens.push(token(seed, network, (at, &coins[at]), home));
        }
        let is_stable = |token: &Token| STABLES.contains(&coins[token.coin].id);
        let mut money = vec![first];
        money.extend((first..tokens.len()).filter(|at| is_stable(&tokens[*at])));
        for base in first..tokens.len() {
            pairs.extend(pools(seed, &tokens, base, &money));
        }
    }
    (tokens, pairs)
}

/// Active coins, the largest on an average day first.
fn by_size(coins: &[Coin]) -> Vec<usize> {
    let size = |coin: &Coin| coin.circulating * coin.tempo.price;
    let mut found: Vec<usize> =
        (0..coins.len()).filter(|at| coins[*at].status == Status::Active).collect();
    found.sort_by(|a, b| size(&coins[*b]).total_cmp(&size(&coins[*a])));
    found
}

/// The coins of a chain, each once, and whether they are at home there.
fn members(network: usize, coins: &[Coin], by_size: &[usize]) -> Vec<(usize, bool)> {
    let native = NETWORKS[network].native;
    let first_of = NETWORKS.iter().position(|other| other.native == native);
    let is_home = |at: &&usize| {
        let chain = coins[**at].platform.as_ref().map(|platform| platform.id);
        first_of == Some(network) && chain == Some(native)
    };
    let own = by_size.iter().filter(|at| coins[**at].id == native);
    let stables = by_size.iter().filter(|at| STABLES.contains(&coins[**at].id));
    let home = by_size.iter().filter(is_home).take(N_HOME);
    let bridged = by_size.iter().take(N_BRIDGED);
    let mut seen = HashSet::new();
    let all = own.chain(stables).chain(home).chain(bridged).copied();
    let once: Vec<usize> = all.filter(|at| seen.insert(*at)).collect();
    once.into_iter().map(|at| (at, is_home(&&at))).collect()
}

fn token(seed: u64, network: usize, (at, coin): (usize, &Coin), is_native: bool) -> Token {
    let lane = noise::mix2(noise::mix2(seed, network as u64), u64::from(coin.id));
    let home = coin.platform.as_ref().filter(|_| is_native);
    let is_wrapped = NETWORKS[network].native == coin.id;
    let address = match home {
        Some(platform) => platform.token_address.clone(),
        None => address(network, Dice(lane)),
    };
    Token {
        network,
        coin: at,
        name: if is_wrapped { format!("Wrapped {}", coin.name) } else { coin.name.clone() },
        symbol: if is_wrapped { format!("W{}", coin.symbol) } else { coin.symbol.clone() },
        address,
        created_ms: coin.added_ms + i64::try_from(lane % 86_400_000).unwrap_or(0),
        is_native,
        is_meme: coin.tags.iter().any(|tag| tag.slug == "memes"),
        lane,
    }
}

/// One to three pools against the chain's own coin or a stablecoin.
fn pools(seed: u64, tokens: &[Token], base: usize, money: &[usize]) -> Vec<Pair> {
    let token = &tokens[base];
    let dice = Dice(noise::mix2(seed ^ 0x9001, token.lane));
    let mine: Vec<usize> = money.iter().copied().filter(|at| *at != base).collect();
    let venues: Vec<usize> =
        (0..VENUES.len()).filter(|at| VENUES[*at].network == token.network).collect();
    let n_pools = 1 + dice.below(1, 3).min(dice.below(2, 3));
    let weight = |number: u64| 1.0 / (1.0 + number as f64);
    let whole: f64 = (0..n_pools).map(weight).sum();
    (0..n_pools)
        .map(|number| {
            let lane = noise::mix2(dice.0, 0x10 + number);
            let quote = mine[usize::try_from(number).unwrap_or(0) % mine.len()];
            let is_known = token.network == 0 && number == 0 && base == money[0];
            let own =
                if is_known { ETHER_TETHER.to_owned() } else { address(token.network, Dice(lane)) };
            Pair {
                address: own,
                base,
                quote,
                venue: Dice(lane).pick(1, &venues),
                created_ms: created(token, tokens[quote].created_ms, lane),
                share: weight(number) / whole,
            }
        })
        .collect()
}

fn created(token: &Token, quote: Millis, lane: u64) -> Millis {
    let after = i64::try_from(lane % 40).unwrap_or(0) * time::DAY;
    (token.created_ms.max(quote) + after).min(time::midnight(2026, 9, 20))
}

/// An address in the style of the chain.
fn address(network: usize, dice: Dice) -> String {
    const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    match NETWORKS[network].slug {
        "solana" | "tron" | "ton" => {
            (0..40).map(|lane| char::from(dice.pick(60 + lane, BASE58))).collect()
        }
        "sui" | "aptos" => (0..4).fold("0x".to_owned(), |text, lane| {
            format!("{text}{:016x}", dice.below(60 + lane, u64::MAX))
        }),
        _ => format!(
            "0x{:016x}{:016x}{:08x}",
            dice.below(60, u64::MAX),
            dice.below(61, u64::MAX),
            dice.below(62, 1 << 32)
        ),
    }
}
