//! Which coin a symbol or a slug means: the free map of all coins, indexed.

use std::{collections::HashMap, ops::Range};

use bytes::Bytes;
use cmc_api::{
    CoinId, MapAsk, MapSort, bridge,
    json::{self, Elements, Members},
};
use smallvec::SmallVec;

/// All coins that upstream knows, by id, symbol and slug.
#[derive(Debug)]
pub struct Catalog {
    body: Bytes,
    rows: Vec<Row>,
    by_id: HashMap<CoinId, usize>,
    by_symbol: HashMap<Box<str>, SmallVec<[usize; 1]>>,
    by_slug: HashMap<Box<str>, usize>,
    n_active: u64,
}

#[derive(Debug)]
struct Row {
    id: CoinId,
    rank: Option<u32>,
    symbol: Box<str>,
    status: Box<str>,
    raw: Range<usize>,
}

impl Catalog {
    /// Reads the `data` of the map; `None` if it is not one.
    #[must_use]
    pub fn of(body: &Bytes) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let elements = Elements::of(text)?;
        let mut catalog = Self {
            rows: Vec::with_capacity(elements.0.len()),
            by_id: HashMap::with_capacity(elements.0.len()),
            by_symbol: HashMap::with_capacity(elements.0.len()),
            by_slug: HashMap::with_capacity(elements.0.len()),
            n_active: 0,
            body: body.clone(),
        };
        for raw in elements.0 {
            // A row that cannot be read is skipped: one bad row must not blind the gateway.
            let start = raw.as_ptr() as usize - text.as_ptr() as usize;
            catalog.add(raw, start..start + raw.len());
        }
        catalog.order_symbols();
        Some(catalog)
    }

    fn add(&mut self, raw: &str, place: Range<usize>) -> Option<()> {
        let row = Members::of(raw)?;
        let id = CoinId::new(row.get("id")?.parse().ok()?);
        let symbol: Box<str> = json::text(row.get("symbol")?)?.to_uppercase().into();
        let slug = json::text(row.get("slug")?)?;
        let rank = row.get("rank").and_then(|rank| rank.parse().ok());
        let status = row.get("status").and_then(json::text).unwrap_or_else(|| "active".to_owned());
        let index = self.rows.len();
        self.n_active += u64::from(status == "active");
        self.by_id.insert(id, index);
        self.by_symbol.entry(symbol.clone()).or_default().push(index);
        self.by_slug.insert(slug.into(), index);
        self.rows.push(Row { id, rank, symbol, status: status.into(), raw: place });
        Some(())
    }

    fn order_symbols(&mut self) {
        let rows = &self.rows;
        self.by_symbol
            .values_mut()
            .for_each(|same| same.sort_by_key(|index| by_rank(&rows[*index])));
    }

    /// Whether upstream knows this id.
    #[must_use]
    pub fn knows(&self, id: CoinId) -> bool {
        self.by_id.contains_key(&id)
    }

    /// Whether the coin takes part in the market: it has a rank, and so a price.
    #[must_use]
    pub fn is_ranked(&self, id: CoinId) -> bool {
        self.by_id.get(&id).is_some_and(|index| self.rows[*index].rank.is_some())
    }

    /// The coin's rank, if it takes part in the market.
    #[must_use]
    pub fn rank(&self, id: CoinId) -> Option<u32> {
        self.by_id.get(&id).and_then(|index| self.rows[*index].rank)
    }

    /// The coins that carry `symbol` (upper case), the highest ranked first.
    pub fn candidates(&self, symbol: &str) -> impl Iterator<Item = CoinId> + '_ {
        self.by_symbol.get(symbol).into_iter().flatten().map(|index| self.rows[*index].id)
    }

    /// The coin with this slug.
    #[must_use]
    pub fn by_slug(&self, slug: &str) -> Option<CoinId> {
        self.by_slug.get(slug).map(|index| self.rows[*index].id)
    }

    /// How many coins are active.
    #[must_use]
    pub const fn n_active(&self) -> u64 {
        self.n_active
    }

    /// How many coins there are at all.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether the map is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The symbol of a coin.
    #[must_use]
    pub fn symbol(&self, id: CoinId) -> Option<&str> {
        let index = *self.by_id.get(&id)?;
        Some(&self.rows[index].symbol)
    }

    /// The active coins, the highest ranked first, each followed by its namesakes: what fills a
    /// paid block when nothing better is known. Who asks for a coin by symbol asks for all that
    /// carry it, dead ones included.
    #[must_use]
    pub fn ranked(&self) -> Vec<CoinId> {
        let mut active: Vec<usize> =
            (0..self.rows.len()).filter(|index| self.rows[*index].rank.is_some()).collect();
        active.sort_by_key(|index| by_rank(&self.rows[*index]));
        let mut seen = vec![false; self.rows.len()];
        let mut order = Vec::with_capacity(active.len());
        for index in active {
            let symbol = &self.rows[index].symbol;
            let namesakes = self.by_symbol.get(symbol).into_iter().flatten().copied();
            for index in std::iter::once(index).chain(namesakes) {
                if !std::mem::replace(&mut seen[index], true) {
                    order.push(self.rows[index].id);
                }
            }
        }
        order
    }

    /// Answers a question to the map; `None` if it names symbols and none of them exists.
    #[must_use]
    pub fn answer(&self, ask: &MapAsk) -> Option<Bytes> {
        let rows = match &ask.symbols {
            Some(symbols) => {
                let mut rows: Vec<&Row> = symbols
                    .iter()
                    .filter_map(|symbol| self.by_symbol.get(&**symbol))
                    .flatten()
                    .map(|index| &self.rows[*index])
                    .collect();
                if rows.is_empty() {
                    return None;
                }
                rows.sort_by_key(|row| row.id);
                rows
            }
            None => self.page(ask),
        };
        let mut out = Vec::with_capacity(rows.len() * 512 + 16);
        out.push(b'[');
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            json::write_line(&mut out, 2);
            bridge::render_row(&mut out, self.text_of(row), ask.aux, 3);
        }
        if !rows.is_empty() {
            json::write_line(&mut out, 1);
        }
        out.push(b']');
        Some(out.into())
    }

    fn page(&self, ask: &MapAsk) -> Vec<&Row> {
        let listed = |row: &&Row| ask.statuses.iter().any(|status| **status == *row.status);
        let mut rows: Vec<&Row> = self.rows.iter().filter(listed).collect();
        match ask.sort {
            MapSort::Id => rows.sort_by_key(|row| row.id),
            MapSort::CmcRank => rows.sort_by_key(|row| by_rank(row)),
        }
        let skipped = usize::try_from(ask.start.saturating_sub(1)).unwrap_or(usize::MAX);
        let taken = ask.limit.map_or(usize::MAX, |n| usize::try_from(n).unwrap_or(usize::MAX));
        rows.into_iter().skip(skipped).take(taken).collect()
    }

    fn text_of(&self, row: &Row) -> &str {
        // The range was cut out of this very text.
        std::str::from_utf8(&self.body[row.raw.clone()]).unwrap_or("{}")
    }
}

/// Ranked before unranked, then by rank, then by id.
const fn by_rank(row: &Row) -> (u32, CoinId) {
    match row.rank {
        Some(rank) => (rank, row.id),
        None => (u32::MAX, row.id),
    }
}

#[cfg(test)]
mod tests;
