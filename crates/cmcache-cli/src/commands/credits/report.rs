use cmcache::reports::{COLUMNS, Foresight, GuideReport, ReportAsk, UsageLine, UsageReport, Words};

use super::source::{self, Answerer, Source};
use crate::{
    args::{ReportOf, Span},
    failure::Failure,
    print,
};

const REPORT: &str = "/_cmcache/api/v1/report";
const GUIDE: &str = "/_cmcache/api/v1/report/guide";
const FORECAST: &str = "/_cmcache/api/v1/forecast";

pub(super) async fn report(
    source: &mut Source<'_>,
    of: &ReportOf,
    as_json: bool,
) -> Result<(), Failure> {
    let words = spanned(&of.span).with("by", of.by.map(|by| by.name()));
    if of.guide {
        return guide(source, &words, (of.csv, as_json)).await;
    }
    let report: UsageReport = match source.ask(REPORT, &words).await? {
        Answerer::Gateway(told) => source::read(&told.text)?,
        Answerer::Books(books) => {
            let ask = ReportAsk::read(&words, books.now()).map_err(Failure::usage)?;
            books.report(&ask).await.map_err(|error| source::away(&error))?
        }
    };
    match (of.csv, as_json) {
        (true, _) => print::text(report.csv().as_bytes()),
        (_, true) => print::text(source::json(&report)?.as_bytes()),
        _ => shown(&report),
    }
    Ok(())
}

async fn guide(
    source: &mut Source<'_>,
    words: &Words,
    (as_csv, as_json): (bool, bool),
) -> Result<(), Failure> {
    let report: GuideReport = match source.ask(GUIDE, words).await? {
        Answerer::Gateway(told) => source::read(&told.text)?,
        Answerer::Books(books) => {
            let ask = ReportAsk::read(words, books.now()).map_err(Failure::usage)?;
            books.guide_report(&ask).await.map_err(|error| source::away(&error))?
        }
    };
    match (as_csv, as_json) {
        (true, _) => print::text(report.csv().as_bytes()),
        (_, true) => print::text(source::json(&report)?.as_bytes()),
        _ => shown_guide(&report),
    }
    Ok(())
}

pub(super) async fn forecast(source: &mut Source<'_>, as_json: bool) -> Result<(), Failure> {
    let foresight: Foresight = match source.ask(FORECAST, &Words::default()).await? {
        Answerer::Gateway(told) => source::read(&told.text)?,
        Answerer::Books(books) => books.forecast().await.map_err(|error| source::away(&error))?,
    };
    if as_json {
        print::text(source::json(&foresight)?.as_bytes());
    } else {
        shown_forecast(&foresight);
    }
    Ok(())
}

/// The words of a span.
pub(super) fn spanned(span: &Span) -> Words {
    Words::default().with("since", span.since.as_ref()).with("until", span.until.as_ref())
}

fn shown(report: &UsageReport) {
    let titles: Vec<&str> = COLUMNS.iter().filter_map(|column| column.title).collect();
    let mut rows: Vec<Vec<String>> = report.lines.iter().map(|line| row(&line.key, line)).collect();
    rows.push(row("all", &report.sum));
    print::table(&titles, rows);
    let wasted = &report.wasted;
    print::line(&format!(
        "\nwasted: {} on unused currencies, {:.1} below the cadence, {:.1} on empty places, \
         {} on deprecated operations",
        wasted.unused_converts, wasted.below_cadence, wasted.empty_slots, wasted.deprecated
    ));
    print::line(&format!("from {} to {}", report.from, report.until));
}

fn row(name: &str, line: &UsageLine) -> Vec<String> {
    let shown = COLUMNS.iter().filter(|column| column.title.is_some());
    let mut row: Vec<String> = shown.map(|column| column.of(line).rounded()).collect();
    // The first one is the name, which the sum of all has none of.
    if let Some(first) = row.first_mut() {
        *first = if name.is_empty() { "-".to_owned() } else { name.to_owned() };
    }
    row
}

fn shown_guide(report: &GuideReport) {
    let rows = report.efficiency.iter().map(|row| {
        vec![
            row.endpoint.clone(),
            row.total_credits.to_string(),
            row.total_requests.to_string(),
            row.cache_hit_rate.to_string(),
            row.avg_credits_per_request.to_string(),
            row.avg_response_time.to_string(),
            format!("{:.2}", row.efficiency_score),
        ]
    });
    let heading = ["endpoint", "credits", "requests", "hits %", "credits each", "ms", "score"];
    print::table(&heading, rows.collect());
    print::line(&format!("\nfrom {} to {}", report.from, report.until));
}

fn shown_forecast(told: &Foresight) {
    let limit = told.limit.map_or_else(|| "no limit known".to_owned(), |limit| limit.to_string());
    print::line(&format!("used {} of {limit}; resets {}", told.used, told.reset));
    let Some(forecast) = &told.forecast else {
        print::line("less than two days of history: too early to say");
        return;
    };
    let used = &forecast.used_at_reset;
    let whole = |credits: u64| credits.to_string();
    let mut rows = vec![vec![
        "used at the reset".to_owned(),
        whole(used.low),
        whole(used.mid),
        whole(used.high),
    ]];
    if let Some(left) = &forecast.days_left {
        let days = |days: Option<f64>| days.map_or("> 92".to_owned(), |days| format!("{days:.1}"));
        let cells = [left.low, left.mid, left.high].map(days);
        rows.push([vec!["days left".to_owned()], cells.to_vec()].concat());
    }
    print::table(&["", "low", "middle", "high"], rows);
    print::line(&format!(
        "\nchance of running out before the reset: {:.0} %, from {} hours of history",
        forecast.chance_of_running_out * 100.0,
        forecast.hours
    ));
}
