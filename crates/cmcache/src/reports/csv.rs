//! Reports as comma-separated values, as RFC 4180 has them. The columns are a contract: new ones
//! come at the end.

use credits::Posting;

use super::{GuideReport, UsageReport, columns::COLUMNS};

const GUIDE: &str = "endpoint,total_credits,total_requests,cache_hit_rate,\
                     avg_credits_per_request,avg_response_time,efficiency_score";
const LEDGER: &str = "id,at,account,operation,n_keys,reserved,charged,assumed,elapsed_ms,outcome";

impl UsageReport {
    /// A heading, a line per line, and the sum as the last, whose key is empty.
    #[must_use]
    pub fn csv(&self) -> String {
        let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
        let cells = |line| COLUMNS.iter().map(|column| column.of(line).exact()).collect();
        let lines = self.lines.iter().chain(std::iter::once(&self.sum)).map(cells);
        table(&names.join(","), lines)
    }
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
