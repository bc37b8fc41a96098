//! The view on the screen.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Color, Modifier, Style, Stylize},
    text::Line,
    widgets::{Block, Gauge, List, Paragraph, Row, Sparkline, Table},
};

use super::View;

/// Below this many lines only what matters most is shown.
const TALL: u16 = 24;
/// Below this many columns nothing stands side by side.
const WIDE: u16 = 100;

/// Draws the whole screen anew.
pub(crate) fn draw(frame: &mut Frame<'_>, view: &View) {
    let [head, gauge, curve, middle, foot] = Layout::vertical([
        Constraint::Length(2),
        Constraint::Length(3),
        Constraint::Length(5),
        Constraint::Min(6),
        Constraint::Length(1),
    ])
    .areas(frame.area());
    self::head(frame, head, view);
    let credits = view.credits();
    let bar = Gauge::default().block(Block::bordered().title("credits this month"));
    let style = Style::new().fg(shade(credits.ratio));
    frame.render_widget(bar.gauge_style(style).ratio(credits.ratio).label(credits.words), gauge);
    self::curve(frame, curve, view);
    if middle.width >= WIDE {
        let [left, right] =
            Layout::horizontal([Constraint::Fill(3), Constraint::Fill(2)]).areas(middle);
        columns(frame, left, right, view);
    } else {
        let [upper, lower] =
            Layout::vertical([Constraint::Fill(1), Constraint::Fill(1)]).areas(middle);
        columns(frame, upper, lower, view);
    }
    let keys = if view.is_paused { "paused · p goes on · q ends" } else { "p pauses · q ends" };
    frame.render_widget(Paragraph::new(keys).dim(), foot);
}

fn head(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let health = view.health();
    let word = Style::new().fg(colour(&health)).add_modifier(Modifier::BOLD);
    let first = Line::from(vec![
        "cmcache ".bold(),
        ratatui::text::Span::styled(health, word),
        format!("  {}", view.title()).into(),
    ]);
    let second = view.lost().map_or_else(Line::default, |lost| Line::from(lost).red());
    frame.render_widget(Paragraph::new(vec![first, second]), area);
}

fn curve(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let [left, right] =
        Layout::horizontal([Constraint::Fill(1), Constraint::Length(40)]).areas(area);
    let rates = view.rates();
    let width = usize::from(left.width.saturating_sub(2));
    let shown = &rates[rates.len().saturating_sub(width)..];
    let title = format!("requests: {}", view.rate());
    let line = Sparkline::default().block(Block::bordered().title(title)).data(shown);
    frame.render_widget(line.style(Style::new().fg(Color::Cyan)), left);
    let title = Row::new(["last minute, ms", "50 %", "95 %", "99 %"]).dim();
    let rows = view.latencies().into_iter().map(Row::new);
    let widths =
        [Constraint::Fill(1), Constraint::Length(8), Constraint::Length(8), Constraint::Length(8)];
    let table = Table::new(rows, widths).header(title).block(Block::bordered().title("latency"));
    frame.render_widget(table, right);
}

fn columns(frame: &mut Frame<'_>, first: Rect, second: Rect, view: &View) {
    let is_tall = frame.area().height >= TALL;
    let share = if is_tall { Constraint::Fill(1) } else { Constraint::Length(0) };
    let [calls, events] = Layout::vertical([Constraint::Fill(1), share]).areas(first);
    let widths = [
        Constraint::Length(8),
        Constraint::Fill(1),
        Constraint::Length(9),
        Constraint::Length(6),
        Constraint::Length(16),
    ];
    let rows = view.calls().into_iter().map(Row::new);
    let block = Block::bordered().title("calls to the paid API");
    frame.render_widget(Table::new(rows, widths).block(block), calls);
    let list = List::new(view.events()).block(Block::bordered().title("events"));
    frame.render_widget(list, events);

    let [checks, tiers, slow] =
        Layout::vertical([Constraint::Fill(1), Constraint::Fill(1), share]).areas(second);
    let rows = view.checks().into_iter().map(|[name, word, output]| {
        let style = Style::new().fg(colour(&word));
        Row::new([name, word, output]).style(style)
    });
    let widths = [Constraint::Length(24), Constraint::Length(5), Constraint::Fill(1)];
    let block = Block::bordered().title("health");
    frame.render_widget(Table::new(rows, widths).block(block), checks);
    self::tiers(frame, tiers, view);
    let widths = [Constraint::Fill(1), Constraint::Length(8), Constraint::Length(20)];
    let rows = view.slow().into_iter().map(Row::new);
    frame.render_widget(Table::new(rows, widths).block(Block::bordered().title("slow")), slow);
}

fn tiers(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let rows = view.tiers().into_iter().map(|row| {
        let style = Style::new().fg(colour(&row[1]));
        Row::new(row).style(style)
    });
    let widths = [
        Constraint::Fill(1),
        Constraint::Length(9),
        Constraint::Length(10),
        Constraint::Length(15),
    ];
    let block = Block::bordered().title("found where (asked in ms: 50 % / 99 %)");
    frame.render_widget(Table::new(rows, widths).block(block), area);
}

fn colour(word: &str) -> Color {
    match word {
        "pass" | "closed" => Color::Green,
        "warn" | "half-open" => Color::Yellow,
        "–" => Color::Reset,
        _ => Color::Red,
    }
}

/// How much of the budget is gone.
fn shade(ratio: f64) -> Color {
    match ratio {
        ratio if ratio > 0.95 => Color::Red,
        ratio if ratio > 0.85 => Color::Yellow,
        _ => Color::Green,
    }
}
