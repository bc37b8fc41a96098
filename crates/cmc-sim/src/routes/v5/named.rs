//! Whom a call of v5 names: coins, exchanges and assets, by id, by slug or by symbol.

use crate::market::Subject;
use crate::operations::Ask;
use crate::refusal::Refusal;
use crate::resolve::words;

/// The names of the three parameters that may name something.
pub(crate) type Names = [&'static str; 3];

/// Positions in a table, in the order of the call, each once; `None` where nothing was named.
pub(crate) fn several(
    ask: &Ask<'_>,
    names: Names,
    find: impl Fn(usize, &str) -> Vec<usize>,
) -> Result<Option<Vec<usize>>, Refusal> {
    let mut given = names.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let given = given.find_map(|(kind, name)| Some((kind, *name, ask.params.get(name)?)));
    let Some((kind, name, list)) = given else {
        return Ok(None);
    };
    let skips = ask.params.is_true("skip_invalid", false);
    let mut found: Vec<usize> = Vec::new();
    for word in words(list) {
        let here = find(kind, word);
        if here.is_empty() && !skips {
            return Err(Refusal::unresolved(name, &[word]));
        }
        for at in here {
            if !found.contains(&at) {
                found.push(at);
            }
        }
    }
    Ok(Some(found))
}

/// Coins; a symbol stands for every active one that carries it.
pub(crate) fn coins(ask: &Ask<'_>, names: Names) -> Result<Option<Vec<usize>>, Refusal> {
    several(ask, names, |kind, word| match kind {
        0 => ask.market.coin_by_id(word).into_iter().collect(),
        1 => ask.market.coin_by_slug(word).into_iter().collect(),
        _ => by_symbol(ask, word),
    })
}

fn by_symbol(ask: &Ask<'_>, symbol: &str) -> Vec<usize> {
    let subjects = ask.market.subjects_by_symbol(ask.moment, &symbol.to_uppercase());
    let coins = subjects.into_iter().filter_map(|subject| match subject {
        Subject::Coin(at) => Some(at),
        Subject::Fiat(_) => None,
    });
    coins.filter(|at| ask.moment.live[*at].rank > 0).collect()
}

/// Exchanges.
pub(crate) fn exchanges(ask: &Ask<'_>) -> Result<Option<Vec<usize>>, Refusal> {
    let all = &ask.market.exchanges;
    several(ask, ["exchange_id", "exchange_slug", ""], |kind, word| {
        let found = all.iter().position(|exchange| match kind {
            0 => word.parse() == Ok(exchange.id),
            _ => exchange.slug == word,
        });
        found.into_iter().collect()
    })
}
