//! The books, told: reports, forecast, and the ledger page by page.

use bytes::Bytes;
use cmcache::{
    Caller, Cmcache,
    cmc_api::Style,
    credits::LedgerError,
    reports::{LedgerAsk, ReportAsk, Words, cursor_text, postings_csv},
};
use http::{HeaderName, HeaderValue, StatusCode};

use crate::{
    admin,
    respond::{self, Reply, Said},
};

pub(crate) const LEDGER: &str = "/_cmcache/api/v1/ledger";
pub(crate) const REPORT: &str = "/_cmcache/api/v1/report";
pub(crate) const GUIDE: &str = "/_cmcache/api/v1/report/guide";
pub(crate) const FORECAST: &str = "/_cmcache/api/v1/forecast";

/// Where the next page of the ledger begins.
const NEXT: HeaderName = HeaderName::from_static("x-cmcache-next");

/// What the books say under `path`, if that is theirs.
pub(crate) async fn respond(
    cmcache: &Cmcache,
    (path, raw_query): (&str, &str),
    caller: Option<&Caller>,
) -> Option<Reply> {
    let words = Words::of(raw_query);
    let told = match path {
        LEDGER => match may_see(cmcache, &words, caller) {
            Ok(()) => ledger(cmcache, &words).await,
            Err(said) => Err(said),
        },
        REPORT => report(cmcache, &words).await,
        GUIDE => guide(cmcache, &words).await,
        FORECAST => forecast(cmcache).await,
        _ => return None,
    };
    Some(told.unwrap_or_else(|said| respond::error(&said, Style::Classic, cmcache.now())))
}

/// Where there is an operator, what others paid is nobody else's business.
fn may_see(cmcache: &Cmcache, words: &Words, caller: Option<&Caller>) -> Result<(), Said> {
    let own = caller.filter(|_| cmcache.config().admin.token.is_some());
    match (own, words.get("client")) {
        (Some(own), Some(asked)) if **own.client().name() != *asked => {
            Err(Said::new(403, 403, "client: with a client's token it can only be that client."))
        }
        _ => Ok(()),
    }
}

async fn report(cmcache: &Cmcache, words: &Words) -> Result<Reply, Said> {
    let ask = ReportAsk::read(words, cmcache.now()).map_err(bad)?;
    let is_csv = words.is_csv().map_err(bad)?;
    let report = cmcache.report(&ask).await.map_err(|error| away(&error))?;
    Ok(if is_csv { csv(report.csv()) } else { admin::json(&report) })
}

async fn guide(cmcache: &Cmcache, words: &Words) -> Result<Reply, Said> {
    let ask = ReportAsk::read(words, cmcache.now()).map_err(bad)?;
    let is_csv = words.is_csv().map_err(bad)?;
    let report = cmcache.guide_report(&ask).await.map_err(|error| away(&error))?;
    Ok(if is_csv { csv(report.csv()) } else { admin::json(&report) })
}

async fn forecast(cmcache: &Cmcache) -> Result<Reply, Said> {
    let foresight = cmcache.forecast().await.map_err(|error| away(&error))?;
    Ok(admin::json(&foresight))
}

async fn ledger(cmcache: &Cmcache, words: &Words) -> Result<Reply, Said> {
    let LedgerAsk { filter, page } = LedgerAsk::read(words, cmcache.now()).map_err(bad)?;
    let is_csv = words.is_csv().map_err(bad)?;
    let found = cmcache.ledger(&filter, page).await.map_err(|error| away(&error))?;
    let mut reply = match is_csv {
        true => csv(postings_csv(&found.items, page.after.is_none())),
        false => admin::json(&found.items),
    };
    if let Some(next) = found.next.map(cursor_text)
        && let Ok(next) = HeaderValue::from_str(&next)
    {
        reply.headers_mut().insert(NEXT, next);
    }
    Ok(reply)
}

fn csv(text: String) -> Reply {
    admin::typed(StatusCode::OK, "text/csv; charset=utf-8; header=present", Bytes::from(text))
}

fn bad(why: String) -> Said {
    Said::new(400, 400, why)
}

fn away(error: &LedgerError) -> Said {
    tracing::warn!(%error, "the books do not answer");
    Said::new(503, 503, "The books do not answer; try again later.")
}
