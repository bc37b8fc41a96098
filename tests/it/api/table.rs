//! What came out, operation by operation.

use std::fmt::Write;

use harness::setting;

/// How one operation fared in one round.
#[derive(Debug, Default, Clone)]
pub(crate) struct Row {
    pub(crate) operation: String,
    pub(crate) n_asked: usize,
    /// One text for each question that was answered differently.
    pub(crate) differences: Vec<String>,
}

/// All operations in one round.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

/// Differences shown of one operation, unless `CMCACHE_API_SHOWN` says otherwise.
const SHOWN: usize = 4;

impl Table {
    /// The table as text: equal operations in one line each, then what differs.
    pub(crate) fn text(&self, title: &str) -> String {
        let mut text = format!("{title}\n");
        for row in &self.rows {
            let n_equal = row.n_asked - row.differences.len();
            let word = if row.differences.is_empty() { "equal" } else { "DIFFERS" };
            let Row { operation, n_asked, .. } = row;
            writeln!(text, "  {word:<7} {n_equal:>3}/{n_asked:<3} {operation}").ok();
        }
        let n_shown = setting("CMCACHE_API_SHOWN").and_then(|n| n.parse().ok()).unwrap_or(SHOWN);
        for row in self.rows.iter().filter(|row| !row.differences.is_empty()) {
            let shown = row.differences.iter().take(n_shown);
            shown.for_each(|difference| text.push_str(&format!("\n{difference}\n")));
            let n_more = row.differences.len().saturating_sub(n_shown);
            if n_more > 0 {
                writeln!(text, "… and {n_more} more of {}", row.operation).ok();
            }
        }
        let n_asked: usize = self.rows.iter().map(|row| row.n_asked).sum();
        let (n_equal, n_all) = (self.n_equal(), self.rows.len());
        writeln!(text, "\n{title}: {n_equal}/{n_all} operations equal ({n_asked} questions)").ok();
        text
    }

    pub(crate) fn n_equal(&self) -> usize {
        self.rows.iter().filter(|row| row.differences.is_empty()).count()
    }
}
