//! What is asked for most, as instances tell it to each other, and as it is kept for the next
//! start. Pure.
//!
//! All instances of a store write into one entry, each its own part; parts that were not renewed
//! belong to instances that have ended. Two writers at once may lose a part until its instance
//! writes again, which costs nobody more than a few places of a block.

use clock::Timestamp;
use cmc_api::CoinId;

use crate::{limits, profile::Profile, tally::Pair};

/// What one instance is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Which instance.
    pub instance: u64,
    /// When it wrote.
    pub at: Timestamp,
    /// Askings a second, the most wanted first.
    pub rates: Vec<(Pair, f64)>,
    /// At which hours.
    pub profile: Profile,
}

/// The charts as text.
#[must_use]
pub fn write(charts: &[Chart]) -> String {
    let mut text = String::new();
    for Chart { instance, at, rates, profile } in charts {
        text.push_str(&format!("instance {instance:x} {}\n", at.as_millis()));
        text.push_str(&format!("profile {}\n", profile.write()));
        for ((coin, currency), rate) in rates.iter().take(limits::CHART_PAIRS_MAX) {
            text.push_str(&format!("{coin} {currency} {rate:.6}\n"));
        }
    }
    text
}

/// The charts that [`write()`] wrote. Lines that are something else are left out.
#[must_use]
pub fn read(text: &str) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::new();
    for line in text.lines() {
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next()) {
            (Some("instance"), Some(instance), Some(at)) => {
                let (Ok(instance), Ok(at)) = (u64::from_str_radix(instance, 16), at.parse()) else {
                    continue;
                };
                let (at, profile) = (Timestamp::from_millis(at), Profile::default());
                charts.push(Chart { instance, at, rates: Vec::new(), profile });
            }
            (Some("profile"), Some(profile), None) => {
                let profile = Profile::read(profile);
                if let (Some(chart), Some(profile)) = (charts.last_mut(), profile) {
                    chart.profile = profile;
                }
            }
            (Some(coin), Some(currency), Some(rate)) => {
                let pair = coin.parse().ok().zip(currency.parse().ok());
                let rate = rate.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate >= 0.0);
                if let (Some(chart), Some((coin, currency)), Some(rate)) =
                    (charts.last_mut(), pair, rate)
                    && chart.rates.len() < limits::CHART_PAIRS_MAX
                {
                    chart.rates.push(((CoinId::new(coin), CoinId::new(currency)), rate));
                }
            }
            _ => {}
        }
        if charts.len() > limits::CHARTS_MAX {
            charts.remove(0);
        }
    }
    charts
}

/// `own` in place of what this instance wrote before, and of the others those that are alive. Of
/// those that are not, the latest stays: it tells a start what was popular.
#[must_use]
pub fn merged(stored: Vec<Chart>, own: Chart) -> Vec<Chart> {
    let is_alive = |chart: &Chart| own.at.since(chart.at) < limits::CHART_LIFE;
    let (mut alive, ended): (Vec<Chart>, Vec<Chart>) =
        stored.into_iter().filter(|chart| chart.instance != own.instance).partition(is_alive);
    alive.sort_by_key(|chart| std::cmp::Reverse(chart.at));
    alive.truncate(limits::CHARTS_MAX - 2);
    let last = ended.into_iter().max_by_key(|chart| chart.at);
    // A young instance knows less than the one that ended before it.
    alive.extend(last.filter(|last| last.rates.len() > own.rates.len()));
    alive.push(own);
    alive
}

#[cfg(test)]
mod tests;
