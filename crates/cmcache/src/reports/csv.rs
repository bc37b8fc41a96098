//! Reports as comma-separated values, as RFC 4180 has them. The columns are a contract: new ones
//! come at the end.

use credits::Posting;

use super::{GuideReport, UsageLine, UsageReport};

const USAGE: &str = "key,credits,calls,assumed,call_ms,answers,full,partial,cold,stale,failed,\
                     hit_rate,answer_ms,age_s,charged,worth,saved,credits_per_1000,paid_slots,\
                     filled_slots,unused_slots";
const GUIDE: &str = "endpoint,total_credits,total_requests,cache_hit_rate,\
                     avg_credits_per_request,avg_response_time,efficiency_score";
const LEDGER: &str = "id,at,account,operation,n_keys,reserved,charged,assumed,elapsed_ms,outcome";

impl UsageReport {
    /// A heading, a line per line, and the sum as the last, whose key is empty.
    #[must_use]
    pub fn csv(&self) -> String {
        let lines = self.lines.iter().chain(std::iter::once(&self.sum)).map(cells);
        table(USAGE, lines)
    }
}

fn cells(line: &UsageLine) -> Vec<String> {
    let whole = |number: u64| number.to_string();
    vec![
        line.key.clone(),
        whole(line.credits),
        whole(line.calls),
        whole(line.assumed),
        rate(line.call_ms),
        whole(line.answers),
        whole(line.full),
        whole(line.partial),
        whole(line.cold),
        whole(line.stale),
        whole(line.failed),
        rate(line.hit_rate),
        rate(line.answer_ms),
        rate(line.age_s),
        whole(line.charged),
        whole(line.worth),
        line.saved.to_string(),
        rate(line.credits_per_1000),
        whole(line.paid_slots),
        whole(line.filled_slots),
        rate(line.unused_slots),
    ]
}

impl GuideReport {
    /// The efficiency report, a line per endpoint.
    #[must_use]
    pub fn csv(&self) -> String {
        let rows = self.efficiency.iter().map(|row| {
            vec![
                row.endpoint.clone(),
                row.total_credits.to_string(),
                row.total_requests.to_string(),
                row.cache_hit_rate.to_string(),
                row.avg_credits_per_request.to_string(),
                row.avg_response_time.to_string(),
                row.efficiency_score.to_string(),
            ]
        });
        table(GUIDE, rows)
    }
}

/// Postings, a line each; the heading only where `is_first`, so that pages can be joined.
#[must_use]
pub fn postings_csv(postings: &[Posting], is_first: bool) -> String {
    let rows = postings.iter().map(|posting| {
        vec![
            posting.id.to_string(),
            posting.at.to_string(),
            posting.account.to_string(),
            posting.operation.to_string(),
            posting.n_keys.to_string(),
            posting.reserved.get().to_string(),
            posting.charged.get().to_string(),
            posting.assumed.to_string(),
            posting.elapsed_ms.to_string(),
            posting.outcome.to_string(),
        ]
    });
    let all = table(LEDGER, rows);
    match all.split_once("\r\n") {
        Some((_, rest)) if !is_first => rest.to_owned(),
        _ => all,
    }
}

fn rate(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.6}"))
}

fn table(heading: &str, rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = format!("{heading}\r\n");
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(quoted).collect();
        out += &cells.join(",");
        out += "\r\n";
    }
    out
}

/// In quotes, where it would end its cell. What a spreadsheet would run as a formula is not
/// expected here: keys are paths, times and names of clients.
fn quoted(cell: String) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}
