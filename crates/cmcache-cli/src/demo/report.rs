//! The report of the demo: short, and honest about what is modelled.

use cmcache::{
    cmc_api::json::{self, Elements, Members},
    monitor::Window,
};

use super::play::Played;

/// What the report needs beside what was played.
#[derive(Debug)]
pub(crate) struct Facts {
    /// The data of a listings answer, for the table of coins.
    pub(crate) listing: Vec<u8>,
    /// Hits per tier: name and count, nearest first.
    pub(crate) tiers: Vec<(String, u64)>,
    /// What the simulator charged, and how many calls it answered.
    pub(crate) bill: (u64, u64),
    /// What the ledger says was charged.
    pub(crate) ledger: u64,
    /// Health checks: name and status.
    pub(crate) health: Vec<(String, String)>,
    /// Where the gateway listens.
    pub(crate) url: String,
}

/// Writes the report.
pub(crate) fn report(played: &Played, facts: &Facts) -> String {
    let mut out = String::with_capacity(2_048);
    coins(&mut out, &facts.listing);
    served(&mut out, played, facts);
    credits(&mut out, played, facts);
    closing(&mut out, facts);
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn coins(out: &mut String, listing: &[u8]) {
    let text = std::str::from_utf8(listing).unwrap_or("[]");
    line(
        out,
        &format!(
            "\n  {:<5}{:<16}{:>14}{:>10}{:>10}{:>18}",
            "rank", "coin", "price $", "24 h %", "7 d %", "market cap $"
        ),
    );
    for row in Elements::of(text).unwrap_or_default().0 {
        let Some(text) = coin(row) else { continue };
        line(out, &format!("  {text}"));
    }
}

fn coin(row: &str) -> Option<String> {
    let coin = Members::of(row)?;
    let quotes = Elements::of(coin.get("quote")?)?;
    let quote = Members::of(quotes.0.first()?)?;
    let number = |key: &str| quote.get(key)?.parse::<f64>().ok();
    Some(format!(
        "{:<5}{:<16}{:>14}{:>10.2}{:>10.2}{:>18}",
        coin.get("cmc_rank")?,
        json::text(coin.get("name")?)?.chars().take(15).collect::<String>(),
        price(number("price")?),
        number("percent_change_24h")?,
        number("percent_change_7d")?,
        grouped(&format!("{:.0}", number("market_cap")?)),
    ))
}

/// Enough digits to tell cheap coins apart.
fn price(price: f64) -> String {
    if price >= 1.0 { grouped(&format!("{price:.2}")) } else { format!("{price:.6}") }
}

fn served(out: &mut String, played: &Played, facts: &Facts) {
    let counts = &played.counts;
    let all = counts.served().max(1);
    let share = |n: u64| 100.0 * ratio(n, all);
    line(
        out,
        &format!(
            "\nServed      {} requests in {:.1} s, {} failed",
            grouped(&counts.served().to_string()),
            played.elapsed.as_secs_f64(),
            counts.failed
        ),
    );
    line(
        out,
        &format!(
            "Cached      {:.1} % full · {:.1} % partial · {:.1} % cold · {:.1} % stale",
            share(counts.full),
            share(counts.partial),
            share(counts.cold),
            share(counts.stale)
        ),
    );
    let looked: u64 = facts.tiers.iter().map(|(_, hits)| hits).sum::<u64>().max(1);
    let tiers = facts
        .tiers
        .iter()
        .map(|(name, hits)| format!("{name} {:.1} %", 100.0 * ratio(*hits, looked)));
    line(out, &format!("Found in    {}", tiers.collect::<Vec<_>>().join(" · ")));
    for outcome in ["hit", "miss"] {
        latency(out, played, outcome);
    }
}

fn latency(out: &mut String, played: &Played, outcome: &str) {
    let report = played.latencies.snapshot(played.elapsed, Window::FiveMinutes);
    let Some(row) = report.operations().into_iter().find(|row| row.outcome == outcome) else {
        return;
    };
    let label = if outcome == "hit" { "Hits" } else { "Misses" };
    line(
        out,
        &format!(
            "{label:<12}p50 {} · p95 {} · p99 {}",
            millis(row.p50_ms),
            millis(row.p95_ms),
            millis(row.p99_ms)
        ),
    );
}

fn credits(out: &mut String, played: &Played, facts: &Facts) {
    let (spent, calls) = facts.bill;
    let agrees = if facts.ledger == spent { "agrees" } else { "DIFFERS" };
    line(
        out,
        &format!(
            "\nUpstream    {calls} calls, {spent} credits by the simulator's own bill; \
         the ledger says {} and {agrees}",
            facts.ledger
        ),
    );
    line(out, "The same demand would have cost");
    let times = |n: u64| format!("{:.0} ×", ratio(n, spent.max(1)));
    let (url, none) = (played.models.url_cache, played.models.no_cache);
    for (what, n) in [("with a URL cache of 60 s (model)", url), ("without a cache (model)", none)]
    {
        let n_text = grouped(&n.to_string());
        line(out, &format!("  {what:<36}{n_text:>9} credits   {:>6}", times(n)));
    }
}

fn closing(out: &mut String, facts: &Facts) {
    let checks: Vec<_> =
        facts.health.iter().map(|(name, status)| format!("{name} {status}")).collect();
    line(out, &format!("\nHealth      {}", checks.join(" · ")));
    line(out, "\nTry it");
    let url = &facts.url;
    for path in [
        "/v2/cryptocurrency/quotes/latest?symbol=BTC,ETH",
        "/v3/cryptocurrency/listings/latest?limit=5",
        "/_cmcache/api/v1/credits",
        "/healthz",
        "/metrics",
    ] {
        line(out, &format!("  curl -i '{url}{path}'"));
    }
}

fn ratio(n: u64, of: u64) -> f64 {
    let float = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    float(n) / float(of)
}

fn millis(value: f64) -> String {
    if value < 10.0 { format!("{value:.2} ms") } else { format!("{value:.0} ms") }
}

/// Digits in groups of three.
fn grouped(number: &str) -> String {
    let (whole, rest) = number.split_once('.').map_or((number, None), |(w, r)| (w, Some(r)));
    let digits = whole.len();
    let mut out = String::with_capacity(digits + digits / 3 + 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0
            && (digits - index).is_multiple_of(3)
            && digit.is_ascii_digit()
            && !out.ends_with('-')
        {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(rest) = rest {
        out.push('.');
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        // People read the report.
        assert_eq!(grouped("1234567.89"), "1,234,567.89");
        assert_eq!(grouped("-123456"), "-123,456");
        assert_eq!(grouped("12"), "12");
    }
}
