use std::{collections::BTreeMap, sync::Arc};

use cmc_api::{Catalogue, Method};
use credits::{Figure, Figures, GroupBy, LedgerError, TallyBy, Total};
use serde::{Deserialize, Serialize};

use super::{FORM, ReportAsk, UsageLine, Wasted};
use crate::wiring::Kept;

/// What was spent on what, and what was got for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsageReport {
    /// Of this form.
    pub form: u32,
    /// Its first instant, a whole hour.
    pub from: String,
    /// The first instant after it.
    pub until: String,
    /// What the lines are.
    pub by: TallyBy,
    /// By operation or client: the most expensive first. By time: the oldest first.
    pub lines: Vec<UsageLine>,
    /// All together.
    pub sum: UsageLine,
    /// Credits of the sum that bought nothing.
    pub wasted: Wasted,
}

/// Puts money and answers of the same hours side by side.
pub(crate) async fn usage(
    (account, kept): (&Arc<str>, &Kept),
    catalogue: &Catalogue,
    ask: &ReportAsk,
) -> Result<UsageReport, LedgerError> {
    let (postings, tallies) = (ask.postings(account), ask.tallies(account));
    let by_operation = kept.reports.totals(&postings, GroupBy::Operation).await?;
    let totals = match ask.by {
        TallyBy::Operation | TallyBy::Client => by_operation.clone(),
        TallyBy::Day => kept.reports.totals(&postings, GroupBy::Day).await?,
        TallyBy::Hour => kept.reports.totals(&postings, GroupBy::Hour).await?,
    };
    let counted = kept.tallies.sums(&tallies, ask.by).await?;
    let mut all = Figures::ZERO;
    counted.iter().for_each(|(_, figures)| all.absorb(figures));
    let (from, until) = ask.span();
    Ok(UsageReport {
        form: FORM,
        from: from.to_string(),
        until: until.to_string(),
        by: ask.by,
        lines: lines(ask.by, &totals, counted),
        sum: UsageLine::new("", Some(&sum_of(&by_operation)), &all, true),
        wasted: wasted(&all, &by_operation, catalogue),
    })
}

fn lines(by: TallyBy, totals: &[Total], counted: Vec<(String, Figures)>) -> Vec<UsageLine> {
    let is_time = matches!(by, TallyBy::Day | TallyBy::Hour);
    let mut both: BTreeMap<String, (Option<&Total>, Figures)> = BTreeMap::new();
    for (key, figures) in counted {
        both.entry(key).or_default().1 = figures;
    }
    if by != TallyBy::Client {
        for total in totals {
            both.entry(total.key.clone()).or_default().0 = Some(total);
        }
    }
    let line = |(key, (total, figures)): (String, (Option<&Total>, Figures))| {
        UsageLine::new(&key, total, &figures, is_time)
    };
    let mut lines: Vec<UsageLine> = both.into_iter().map(line).collect();
    if by == TallyBy::Client {
        lines.iter_mut().for_each(|line| line.credits = line.charged);
    }
    if !is_time {
        lines.sort_by(|a, b| b.credits.cmp(&a.credits).then_with(|| b.charged.cmp(&a.charged)));
    }
    lines
}

fn sum_of(totals: &[Total]) -> Total {
    totals.iter().fold(Total::default(), |sum, total| Total {
        key: String::new(),
        credits: sum.credits.saturating_add(total.credits),
        calls: sum.calls + total.calls,
        assumed: sum.assumed.saturating_add(total.assumed),
        elapsed: sum.elapsed + total.elapsed,
    })
}

fn wasted(all: &Figures, by_operation: &[Total], catalogue: &Catalogue) -> Wasted {
    let is_deprecated = |total: &&Total| {
        let known = [Method::Get, Method::Post];
        let known = known.into_iter().find_map(|method| catalogue.find(method, &total.key));
        known.is_some_and(|operation| operation.deprecated)
    };
    let deprecated = by_operation.iter().filter(is_deprecated);
    Wasted {
        unused_converts: all[Figure::IdleConverts],
        below_cadence: thousandths(all[Figure::EarlyMilli]),
        empty_slots: thousandths(all[Figure::EmptyMilli]),
        deprecated: deprecated.map(|total| total.credits.get()).sum(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "it is read by people")]
fn thousandths(milli: u64) -> f64 {
    milli as f64 / 1_000.0
}
