use cmcache::{
    credits::Posting,
    reports::{LedgerAsk, Words, cursor_text, postings_csv},
};

use super::{
    report::spanned,
    source::{self, Answerer, Source},
};
use crate::{args::LedgerOf, failure::Failure, print};

const PATH: &str = "/_cmcache/api/v1/ledger";
/// Postings that are asked for at once.
const PAGE: usize = 1_000;
/// Postings that are shown unless it is said.
const SHOWN: usize = 200;

/// Prints page after page: a ledger of a year takes no more memory than a page of it.
pub(super) async fn ledger(
    source: &mut Source<'_>,
    of: &LedgerOf,
    as_json: bool,
) -> Result<(), Failure> {
    let words = spanned(&of.span)
        .with("client", of.client.as_ref())
        .with("operation", of.operation.as_ref())
        .with("outcome", of.outcome.as_ref())
        .with("assumed", of.assumed);
    let mut left = if of.all { usize::MAX } else { of.limit.unwrap_or(SHOWN) };
    let (mut after, mut is_first) = (None, true);
    loop {
        let n = left.min(PAGE);
        let page = page(source, &words.clone().with("limit", Some(n)).with("after", after)).await?;
        left = left.saturating_sub(page.items.len());
        match (of.csv, as_json) {
            (true, _) => print::text(postings_csv(&page.items, is_first).as_bytes()),
            (_, true) => lines(&page.items)?,
            _ => shown(&page.items, is_first),
        }
        is_first = false;
        match page.next {
            Some(next) if left > 0 => after = Some(next),
            _ => return Ok(()),
        }
    }
}

struct Page {
    items: Vec<Posting>,
    next: Option<String>,
}

async fn page(source: &mut Source<'_>, words: &Words) -> Result<Page, Failure> {
    match source.ask(PATH, words).await? {
        Answerer::Gateway(told) => Ok(Page { items: source::read(&told.text)?, next: told.next }),
        Answerer::Books(books) => {
            let ask = LedgerAsk::read(words, books.now()).map_err(Failure::usage)?;
            let found = books.ledger(&ask.filter, ask.page).await;
            let found = found.map_err(|error| source::away(&error))?;
            Ok(Page { items: found.items, next: found.next.map(cursor_text) })
        }
    }
}

/// One posting, one line of JSON: pages can be joined, and a long ledger can be read as it comes.
fn lines(postings: &[Posting]) -> Result<(), Failure> {
    for posting in postings {
        print::line(&serde_json::to_string(posting).map_err(anyhow::Error::from)?);
    }
    Ok(())
}

fn shown(postings: &[Posting], is_first: bool) {
    let rows = postings.iter().map(|posting| {
        vec![
            posting.at.to_string(),
            posting.operation.to_string(),
            posting.charged.get().to_string(),
            if posting.assumed { "assumed".to_owned() } else { String::new() },
            posting.n_keys.to_string(),
            posting.elapsed_ms.to_string(),
            posting.outcome.to_string(),
        ]
    });
    let heading = ["at", "operation", "credits", "", "keys", "ms", "outcome"];
    print::table(if is_first { &heading } else { &[] }, rows.collect());
}
