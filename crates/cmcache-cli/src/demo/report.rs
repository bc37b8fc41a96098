//! The report of the demo: short, and honest about what is modelled.

use std::fmt::Write;

use cmcache::{
    cmc_api::{
        Reply,
        json::{self, Elements, Members},
    },
    monitor::Window,
};

use super::play::Played;

/// What the report needs beside what was played.
#[derive(Debug)]
pub(crate) struct Facts {
    /// A listings answer for the table of coins.
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
    // Writing to a String cannot fail.
    drop(coins(&mut out, &facts.listing));
    drop(served(&mut out, played, facts));
    drop(credits(&mut out, played, facts));
    drop(closing(&mut out, facts));
    out
}

fn coins(out: &mut String, listing: &[u8]) -> std::fmt::Result {
    let reply = Reply::read(200, listing.to_vec().into());
    let Ok(reply) = reply else { return Ok(()) };
    let text = std::str::from_utf8(&reply.data).unwrap_or("[]");
    writeln!(
        out,
        "\n  {:<5}{:<16}{:>14}{:>10}{:>10}{:>18}",
        "rank", "coin", "price $", "24 h %", "7 d %", "market cap $"
    )?;
    for row in Elements::of(text).unwrap_or_default().0 {
        let Some(line) = coin(row) else { continue };
        writeln!(out, "  {line}")?;
    }
    Ok(())
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

fn served(out: &mut String, played: &Played, facts: &Facts) -> std::fmt::Result {
    let counts = &played.counts;
    let all = counts.served().max(1);
    let share = |n: u64| 100.0 * ratio(n, all);
    writeln!(
        out,
        "\nServed      {} requests in {:.1} s, {} failed",
        grouped(&counts.served().to_string()),
        played.elapsed.as_secs_f64(),
        counts.failed
    )?;
    writeln!(
        out,
        "Cached      {:.1} % full · {:.1} % partial · {:.1} % cold · {:.1} % stale",
        share(counts.full),
        share(counts.partial),
        share(counts.cold),
        share(counts.stale)
    )?;
    let looked: u64 = facts.tiers.iter().map(|(_, hits)| hits).sum::<u64>().max(1);
    let tiers = facts
        .tiers
        .iter()
        .map(|(name, hits)| format!("{name} {:.1} %", 100.0 * ratio(*hits, looked)));
    writeln!(out, "Found in    {}", tiers.collect::<Vec<_>>().join(" · "))?;
    for outcome in ["hit", "miss"] {
        latency(out, played, outcome)?;
    }
    Ok(())
}

fn latency(out: &mut String, played: &Played, outcome: &str) -> std::fmt::Result {
    let report = played.latencies.snapshot(played.elapsed, Window::FiveMinutes);
    let Some(row) = report.operations().into_iter().find(|row| row.outcome == outcome) else {
        return Ok(());
    };
    let label = if outcome == "hit" { "Hits" } else { "Misses" };
    writeln!(
        out,
        "{label:<12}p50 {} · p95 {} · p99 {}",
        millis(row.p50_ms),
        millis(row.p95_ms),
        millis(row.p99_ms)
    )
}

fn credits(out: &mut String, played: &Played, facts: &Facts) -> std::fmt::Result {
    let (spent, calls) = facts.bill;
    let agrees = if facts.ledger == spent { "agrees" } else { "DIFFERS" };
    writeln!(
        out,
        "\nUpstream    {calls} calls, {spent} credits by the simulator's own bill; \
         the ledger says {} and {agrees}",
        facts.ledger
    )?;
    writeln!(out, "The same demand would have cost")?;
    let times = |n: u64| format!("{:.0} ×", ratio(n, spent.max(1)));
    let (url, none) = (played.models.url_cache, played.models.no_cache);
    for (what, n) in [("with a URL cache of 60 s (model)", url), ("without a cache (model)", none)]
    {
        let n_text = grouped(&n.to_string());
        writeln!(out, "  {what:<36}{n_text:>9} credits   {:>6}", times(n))?;
    }
    Ok(())
}

fn closing(out: &mut String, facts: &Facts) -> std::fmt::Result {
    let checks: Vec<_> =
        facts.health.iter().map(|(name, status)| format!("{name} {status}")).collect();
    writeln!(out, "\nHealth      {}", checks.join(" · "))?;
    writeln!(out, "\nTry it")?;
    let url = &facts.url;
    for path in [
        "/v2/cryptocurrency/quotes/latest?symbol=BTC,ETH",
        "/v3/cryptocurrency/listings/latest?limit=5",
        "/_cmcache/api/v1/credits",
        "/healthz",
        "/metrics",
    ] {
        writeln!(out, "  curl -i '{url}{path}'")?;
    }
    Ok(())
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
