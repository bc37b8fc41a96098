//! Families beyond quotes: parts, lists of coins, and views of longer answers.

use std::sync::{Arc, OnceLock};

use super::Query;
use crate::{
    ask::{Ask, CoinListAsk, ConversionAsk, PartsAsk, RowFilter, View},
    bridge::{CoinForm, Fields},
    limits::PAGE_ITEMS_MAX,
    operation::{Family, PriceRule, V},
    param::ParamKind,
    part::Part,
    selector::{Selector, once},
};

/// Rows of a table that are fetched at once; longer tables are read page by page.
const TABLE_ROWS: u32 = 1_000;
/// What upstream gives at most of fear and greed, for the price of one day.
const FEAR_AND_GREED_ROWS: u32 = 500;

/// Where a page lies in its source.
struct Page {
    source: Arc<Query>,
    skip: usize,
    take: usize,
}

impl Query {
    /// The families that [`Query::ask`] does not know itself.
    pub(super) fn others(&self) -> Option<Ask> {
        match self.operation.family {
            Family::OhlcvLatest(v) => self.parts(Part::OhlcvLatest, v),
            Family::Performance(v) => self.parts(Part::Performance, v),
            Family::ExchangeInfo => self.parts(Part::ExchangeInfo, V::V1),
            Family::ExchangeQuotes => self.parts(Part::ExchangeQuotes, V::V1),
            Family::Global => self.parts(Part::Global, V::V1),
            Family::Trending => self.coin_list(None, CoinForm::ListingsV1, 1_000),
            Family::ListingsNew => self.coin_list(None, CoinForm::ListingsNew, 5_000),
            Family::Category => self.coin_list(Some("coins"), CoinForm::ListingsV1, 1_000),
            Family::Conversion(v) => self.conversion(v),
            Family::MarketPairs(_) | Family::ExchangePairs => self.pairs(),
            Family::ExchangeListings => self.exchanges(),
            Family::ExchangeMap => self.exchange_map(),
            Family::Categories => self.categories(),
            Family::FiatMap => self.table(TABLE_ROWS),
            Family::FearAndGreedHistory => self.table(FEAR_AND_GREED_ROWS),
            _ => None,
        }
    }

    fn parts(&self, part: Part, version: V) -> Option<Ask> {
        let selector = self.selector();
        if selector.is_none() && part != Part::Global {
            return None;
        }
        let periods = self.get("time_period").unwrap_or_default().split(',');
        let periods = periods.filter(|period| !period.is_empty()).map(Arc::from);
        Some(Ask::Parts(PartsAsk {
            version,
            part,
            selector,
            converts: self.converts(),
            fields: self.fields(),
            periods: once(periods, Arc::clone),
            skip_invalid: !part.is_strict() && self.flag("skip_invalid"),
        }))
    }

    fn coin_list(
        &self,
        inside: Option<&'static str>,
        form: CoinForm,
        limit_max: u32,
    ) -> Option<Ask> {
        let page = self.page(&[("convert", None), ("convert_id", None)], limit_max)?;
        let Page { source, skip, take } = page;
        let converts = self.converts();
        Some(Ask::CoinList(CoinListAsk { source, inside, skip, take, form, converts }))
    }

    /// Of anything but one, only upstream knows how it multiplies.
    fn conversion(&self, version: V) -> Option<Ask> {
        let amount: f64 = self.get("amount")?.parse().ok()?;
        let is_one = amount.to_bits() == 1.0_f64.to_bits();
        let selector = self.selector().filter(|selector| selector.len() == 1)?;
        // Which of two subjects upstream takes, and what it says to lists, it knows best itself.
        let is_named_twice = self.given("id").is_some() && self.given("symbol").is_some();
        if !is_one || is_named_twice || self.given("time").is_some() {
            return None;
        }
        Some(Ask::Conversion(ConversionAsk { version, selector, converts: self.converts() }))
    }

    fn pairs(&self) -> Option<Ask> {
        let by_symbol = matches!(self.selector()?, Selector::Symbols(_));
        if by_symbol || self.selector()?.len() > 1 {
            return None;
        }
        let all = self.every_aux();
        let page = self.page(&[("aux", Some(&all))], 5_000)?;
        Some(page.view(Some("market_pairs"), self.fields()))
    }

    fn exchanges(&self) -> Option<Ask> {
        let all = self.every_aux();
        let page = self.page(&[("aux", Some(&all))], 5_000)?;
        Some(page.view(None, self.fields()))
    }

    fn exchange_map(&self) -> Option<Ask> {
        let all = self.every_aux();
        let everything = [
            ("listing_status", Some("active,inactive,untracked")),
            ("aux", Some(all.as_str())),
            ("slug", None),
            ("start", None),
            ("limit", None),
        ];
        let words = |name: &str| {
            let words = self.get(name)?.split(',').filter(|word| !word.is_empty());
            Some(once(words.map(Arc::from), |word: &Arc<str>| Arc::clone(word)))
        };
        let fields = self.fields();
        let inside = None;
        if let Some(slugs) = words("slug") {
            let source = self.reworded(&everything, &["sort", "crypto_id"]);
            let filter = RowFilter::Slugs(slugs);
            return Some(Ask::View(View { source, inside, filter, skip: 0, take: None, fields }));
        }
        Some(Ask::View(View {
            source: self.reworded(&everything, &[]),
            inside,
            filter: RowFilter::Statuses(words("listing_status")?),
            skip: self.count("start").unwrap_or(1).saturating_sub(1) as usize,
            take: self.count("limit").map(|limit| limit as usize),
            fields,
        }))
    }

    /// Without a limit all of them are meant: that is upstream's own answer.
    fn categories(&self) -> Option<Ask> {
        self.get("limit")?;
        Some(self.page(&[], 5_000)?.view(None, self.fields()))
    }

    /// A page of a table that is fetched whole if it is short enough.
    fn table(&self, rows: u32) -> Option<Ask> {
        let start = self.count("start").unwrap_or(1);
        let limit = self.count("limit")?;
        if start.saturating_add(limit) > rows.saturating_add(1) {
            return None;
        }
        let all = rows.to_string();
        let source = self.reworded(&[("limit", Some(&all)), ("start", None)], &[]);
        let page = Page { source, skip: start.saturating_sub(1) as usize, take: limit as usize };
        Some(page.view(None, self.fields()))
    }

    /// The page, cut out of whole blocks of what one credit buys where that costs nothing more.
    fn page(&self, changes: &[(&str, Option<&str>)], limit_max: u32) -> Option<Page> {
        let start = self.count("start").unwrap_or(1).max(1);
        let limit = self.count("limit").unwrap_or(100).max(1);
        let PriceRule::Batch { per, .. } = self.operation.price else { return None };
        let (from, n_rows) = aligned(start, limit, per.get(), limit_max);
        let (first, length) = (from.to_string(), n_rows.to_string());
        let mut all: Vec<_> = vec![("start", Some(first.as_str())), ("limit", Some(&length))];
        all.extend_from_slice(changes);
        let source = self.reworded(&all, &[]);
        Some(Page { source, skip: (start - from) as usize, take: limit as usize })
    }

    /// The optional members that the catalogue names, and those of them that are asked for.
    fn fields(&self) -> Fields {
        Fields::new(self.aux_words(), self.get("aux").unwrap_or_default())
    }

    fn every_aux(&self) -> String {
        let words = self.aux_words();
        words.iter().map(|word| &**word).collect::<Vec<_>>().join(",")
    }

    fn aux_words(&self) -> Arc<[Arc<str>]> {
        match self.operation.param("aux").map(|param| &param.kind) {
            Some(ParamKind::Aux(words)) => Arc::clone(words),
            _ => Arc::from([]),
        }
    }

    /// The same question with other parameters; `None` leaves one out.
    fn reworded(&self, changes: &[(&str, Option<&str>)], without: &[&str]) -> Arc<Self> {
        let mut given = self.given.clone();
        given.retain(|(name, _)| {
            !without.contains(&&**name) && !changes.iter().any(|(changed, _)| *changed == &**name)
        });
        for (name, value) in changes {
            if let (Some(value), Some(param)) = (value, self.operation.param(name)) {
                given.push((Arc::clone(&param.name), (*value).into()));
            }
        }
        Arc::new(Self {
            operation: Arc::clone(&self.operation),
            given,
            body: self.body.clone(),
            sorted_body: self.sorted_body.clone(),
            canonical: OnceLock::new(),
        })
    }
}

impl Page {
    fn view(self, inside: Option<&'static str>, fields: Fields) -> Ask {
        let Self { source, skip, take } = self;
        let filter = RowFilter::All;
        Ask::View(View { source, inside, filter, skip, take: Some(take), fields })
    }
}

/// The first row and the number of rows of the blocks around a page, unless they cost more than
/// the page itself.
const fn aligned(start: u32, limit: u32, block: u32, limit_max: u32) -> (u32, u32) {
    let first = (start - 1) / block;
    let last = (start - 1).saturating_add(limit - 1) / block;
    let n_blocks = last - first + 1;
    let rows = n_blocks.saturating_mul(block);
    if n_blocks <= limit.div_ceil(block) && rows <= limit_max && rows as u64 <= PAGE_ITEMS_MAX {
        (first * block + 1, rows)
    } else {
        (start, limit)
    }
}

#[cfg(test)]
mod tests;
