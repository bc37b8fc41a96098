//! The bench as a picture: bars for one rate, lines over several, credits on a logarithmic scale.

use super::{
    report::grouped,
    scene::{NO_CACHE, SEED, URL_CACHE},
    summary::Summary,
};

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 240.0;
const RIGHT: f64 = 110.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 52.0;
/// Colours of the schemes in the order of [`series`]; told apart without red and green.
const COLOURS: [&str; 6] = ["#8c8c8c", "#5b7fa6", "#c58b2a", "#7a68a6", "#0b6e4f", "#222222"];

/// How far apart names beside the lines are at least.
const LABEL_HEIGHT: f64 = 15.0;

/// An SVG file.
pub(crate) fn svg(summaries: &[Summary]) -> String {
    match summaries {
        [] => String::new(),
        [one] => bars(one),
        several => lines(several),
    }
}

fn open(title: &str) -> String {
    let mut out = String::with_capacity(8_192);
    put(
        &mut out,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>{title}</title>\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
             <text x=\"16\" y=\"26\" font-size=\"15\">{title}</text>"
        ),
    );
    out
}

/// One element a line.
fn put(out: &mut String, element: std::fmt::Arguments<'_>) {
    out.push_str(&element.to_string());
    out.push('\n');
}

fn text(out: &mut String, (x, y): (f64, f64), anchor: &str, words: &str) {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    put(
        out,
        format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>"),
    );
}

/// Powers of ten around all values, as exponents.
fn decades(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let low = values.clone().fold(f64::INFINITY, f64::min).max(1.0).log10().floor();
    let high = values.fold(1.0, f64::max).log10().ceil();
    (low, high.max(low + 1.0))
}

fn share((low, high): (f64, f64), value: f64) -> f64 {
    (value.max(1.0).log10() - low) / (high - low)
}

fn bars(summary: &Summary) -> String {
    let mut rows: Vec<(String, u64)> =
        summary.schemes.iter().map(|scheme| (scheme.name.clone(), scheme.credits)).collect();
    rows.push(("cmcache".to_owned(), summary.cmcache.credits));
    rows.push(("lower bound of any schedule".to_owned(), summary.bound.credits));
    let scale = decades(rows.iter().map(|(_, credits)| *credits as f64));
    let width = WIDTH - LEFT - RIGHT;
    let height = (HEIGHT - TOP - 16.0) / rows.len() as f64;
    let mut out = open(&format!("Credits of one demand at {} requests/s", summary.rate));
    for (n, (name, credits)) in rows.iter().enumerate() {
        let y = TOP + height * n as f64;
        let long = (width * share(scale, *credits as f64)).max(2.0);
        let colour = match name.as_str() {
            "cmcache" => COLOURS[4],
            "lower bound of any schedule" => COLOURS[5],
            NO_CACHE | URL_CACHE | SEED => COLOURS[0],
            _ => COLOURS[1],
        };
        text(&mut out, (LEFT - 8.0, y + height * 0.62), "end", name);
        let thick = height * 0.7;
        put(
            &mut out,
            format_args!(
                "<rect x=\"{LEFT}\" y=\"{:.1}\" width=\"{long:.1}\" height=\"{thick:.1}\" \
                 fill=\"{colour}\"/>",
                y + height * 0.1
            ),
        );
        text(&mut out, (LEFT + long + 6.0, y + height * 0.62), "start", &grouped(*credits));
    }
    out.push_str("</svg>\n");
    out
}

/// What is drawn over several rates.
fn series(summary: &Summary) -> [(&'static str, Option<u64>); 6] {
    [
        ("no cache", summary.credits_of(NO_CACHE)),
        ("cache by URL", summary.credits_of(URL_CACHE)),
        ("the guide's cache", summary.credits_of(SEED)),
        ("best simple rule", summary.best_rule.as_ref().map(|best| best.credits)),
        ("cmcache", Some(summary.cmcache.credits)),
        ("lower bound", Some(summary.bound.credits)),
    ]
}

fn lines(summaries: &[Summary]) -> String {
    let mut out = open("Credits of one demand by its rate");
    let all: Vec<f64> = summaries
        .iter()
        .flat_map(|summary| series(summary).into_iter().filter_map(|(_, credits)| credits))
        .map(|credits| credits as f64)
        .collect();
    let tall = decades(all.iter().copied());
    let wide = decades(summaries.iter().map(|summary| summary.rate));
    let left = 80.0;
    let x = |rate: f64| left + (WIDTH - left - 150.0) * share(wide, rate);
    let y = |credits: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share(tall, credits);
    let mut power = tall.0;
    while power <= tall.1 {
        let at = y(10f64.powf(power));
        let end = x(10f64.powf(wide.1));
        put(
            &mut out,
            format_args!(
                "<line x1=\"{left}\" y1=\"{at:.1}\" x2=\"{end:.1}\" y2=\"{at:.1}\" \
                 stroke=\"#dddddd\"/>"
            ),
        );
        text(&mut out, (left - 6.0, at + 4.0), "end", &format!("{}", 10f64.powf(power)));
        power += 1.0;
    }
    for summary in summaries {
        let at = (x(summary.rate), HEIGHT - BOTTOM + 18.0);
        text(&mut out, at, "middle", &format!("{}", summary.rate));
    }
    text(
        &mut out,
        (x(10f64.powf(f64::midpoint(wide.0, wide.1))), HEIGHT - 12.0),
        "middle",
        "requests/s",
    );
    let mut ends: Vec<(usize, (f64, f64))> = Vec::new();
    for (n, colour) in COLOURS.iter().enumerate() {
        let points: Vec<(f64, f64)> = summaries
            .iter()
            .filter_map(|summary| Some((x(summary.rate), y(series(summary)[n].1? as f64))))
            .collect();
        let Some(end) = points.last().copied() else { continue };
        ends.push((n, end));
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        put(
            &mut out,
            format_args!(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
                path.join(" ")
            ),
        );
    }
    let heights = spread(&ends.iter().map(|(_, (_, y))| *y).collect::<Vec<_>>(), LABEL_HEIGHT);
    for ((n, (end_x, _)), y) in ends.into_iter().zip(heights) {
        text(&mut out, (end_x + 8.0, y + 4.0), "start", series(&summaries[0])[n].0);
    }
    out.push_str("</svg>\n");
    out
}

/// Where labels go that belong at `heights`: at least `apart` from each other, in the same order,
/// and as near to where they belong as a run of crowded ones can be.
fn spread(heights: &[f64], apart: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|one, other| heights[*one].total_cmp(&heights[*other]));
    // Runs of labels that touch: how many, and the mean of where their first one belongs.
    let mut runs: Vec<(usize, f64)> = Vec::new();
    for place in &order {
        let mut run = (1, heights[*place]);
        while let Some(before) = runs.last().copied() {
            if before.1 + before.0 as f64 * apart <= run.1 {
                break;
            }
            let (n, m) = (before.0 as f64, run.0 as f64);
            run = (before.0 + run.0, (before.1 * n + (run.1 - n * apart) * m) / (n + m));
            runs.pop();
        }
        runs.push(run);
    }
    let placed = runs.iter().flat_map(|(n, y)| (0..*n).map(move |k| y + k as f64 * apart));
    let mut spread = vec![0.0; heights.len()];
    order.iter().zip(placed).for_each(|(place, y)| spread[*place] = y);
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_lines_that_end_close_together_do_not_lie_on_each_other() {
        // Breaks if a name cannot be read, or stands beside another line than its own.
        let placed = spread(&[100.0, 300.0, 102.0, 101.0], 15.0);
        assert_eq!(placed, [86.0, 300.0, 116.0, 101.0]);
        assert_eq!(spread(&[10.0, 40.0], 15.0), [10.0, 40.0]);
        assert!(spread(&[], 15.0).is_empty());
    }

    #[test]
    fn what_costs_ten_times_as_much_is_one_decade_further() {
        // A scale that is wrong makes the picture lie where the table does not.
        let scale = decades([20.0, 900_000.0].into_iter());
        assert_eq!(scale, (1.0, 6.0));
        let step = share(scale, 1_000.0) - share(scale, 100.0);
        assert!((step - 0.2).abs() < 1e-9, "{step}");
        assert!(share(scale, 10.0).abs() < 1e-9 && (share(scale, 1e6) - 1.0).abs() < 1e-9);
    }
}
