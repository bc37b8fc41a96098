//! Decentralised exchanges: what a call names, and the ways in which their answers are written.

pub(crate) mod body;
pub(crate) mod candles;
pub(crate) mod holders;
pub(crate) mod listings;
pub(crate) mod lists;
pub(crate) mod pairs;
pub(crate) mod platforms;
pub(crate) mod rows;
pub(crate) mod series;
pub(crate) mod spot;
pub(crate) mod tapes;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;

use crate::market::dex::{Dex, Token};
use crate::operations::Ask;
use crate::refusal::Refusal;

/// Nothing like that: the words are the judge's.
pub(crate) fn nothing(what: &str) -> Refusal {
    Refusal::invalid(format!("no such {what}"))
}

/// A missing parameter or member.
pub(crate) fn missing(name: &str) -> Refusal {
    Refusal::invalid(format!("\"{name}\" is required"))
}

/// The chain that a parameter means.
pub(crate) fn network(ask: &Ask<'_>, name: &str) -> Result<usize, Refusal> {
    let word = ask.params.get(name).ok_or_else(|| missing(name))?;
    Dex::network(word).ok_or_else(|| nothing("chain"))
}

/// The token that two parameters mean.
pub(crate) fn token<'a>(
    ask: &Ask<'a>,
    platform: &str,
    address: &str,
) -> Result<(usize, &'a Token), Refusal> {
    let network = network(ask, platform)?;
    let address = ask.params.get(address).ok_or_else(|| missing(address))?;
    let dex = &ask.market.dex;
    let at = dex.token(network, address).ok_or_else(|| nothing("token"))?;
    Ok((at, &dex.tokens[at]))
}
