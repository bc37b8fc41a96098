//! Questions and answers about the market and its largest coins.

use crate::json::Json;
use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::v5::{self, named};
use crate::routes::write;
use crate::time::{self, HOUR};

/// Coins that are written about.
const N_COINS: usize = 300;
const MOST_SOURCES: usize = 10;

/// The only kind of insight that is written here: an answer to a question that never changes.
const KIND: &str = "fixed_question";

/// What is asked of the market: key and words.
const OF_THE_MARKET: [(&str, &str); 4] = [
    ("trending_narratives", "What are the trending narratives?"),
    ("market_sentiment", "How does the market feel?"),
    ("upcoming_events", "Which events are coming up?"),
    ("altcoin_performance", "How do altcoins perform?"),
];
/// What is asked of a coin.
const OF_A_COIN: [(&str, &str); 4] = [
    ("latest_news", "What are the latest news?"),
    ("overview", "What is it?"),
    ("future_price", "What could move the price next?"),
    ("sentiment", "What are people saying?"),
];

/// v5: about the market as a whole.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let questions: Vec<usize> = wanted(ask, &OF_THE_MARKET);
    let page = v5::Page::of(ask, questions);
    let n_items = page.rows.len();
    let content = fingerprint(ask, 0, &page.rows);
    Ok(repeatable(ask, n_items, vec![content], move |json| {
        page.write(json, "insights", |json, at| {
            insight(json, ask, ("the market", 0), OF_THE_MARKET[at]);
        });
    }))
}

/// v5: which coins are written about.
pub(crate) fn coins_map<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let mut rows = covered(ask)?;
    if ask.params.get("sort") == Some("crypto_id") {
        rows.sort_unstable();
    }
    let page = v5::Page::of(ask, rows);
    let content = fingerprint(ask, 1, &page.rows);
    let n_items = page.rows.len();
    Ok(repeatable(ask, n_items, vec![content], move |json| {
        page.write(json, "coins", |json, at| {
            identity(json, ask, at);
            let slug = &ask.market.coins[at].slug;
            json.text("url", &format!("https://coinmarketcap.com/currencies/{slug}/"));
            json.texts("available_question_keys", OF_A_COIN.iter().map(|question| question.0));
            json.count("num_insights", OF_A_COIN.len() as u64);
            json.text("last_generated_at", &time::iso(updated(ask)));
        });
    }))
}

/// v5: what is written about coins; one credit for each that is news to the key.
pub(crate) fn coins_latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let questions = wanted(ask, &OF_A_COIN);
    let rows = if questions.is_empty() { Vec::new() } else { covered(ask)? };
    let page = v5::Page::of(ask, rows);
    let contents: Vec<u64> = page
        .rows
        .iter()
        .map(|at| fingerprint(ask, u64::from(ask.market.coins[*at].id) + 2, &questions))
        .collect();
    let is_news = |content: &&u64| !is_repeat(ask, **content);
    let n_news = contents.iter().filter(is_news).count();
    Ok(repeatable(ask, n_news, contents, move |json| {
        page.write(json, "coins", |json, at| {
            let coin = &ask.market.coins[at];
            identity(json, ask, at);
            let about = (coin.name.as_str(), u64::from(coin.id));
            write::list(json, "insights", &questions, |json, number| {
                insight(json, ask, about, OF_A_COIN[*number]);
            });
        });
    }))
}

/// Free if the key has bought all of it lately; otherwise bought now.
fn repeatable<'a>(
    ask: &'a Ask<'a>,
    n_items: usize,
    contents: Vec<u64>,
    write: impl FnOnce(&mut Json) + 'a,
) -> Prepared<'a> {
    let news: Vec<u64> = contents.into_iter().filter(|content| !is_repeat(ask, *content)).collect();
    let is_free = news.is_empty();
    let write = move |json: &mut Json| {
        ask.market.repeats.note(&ask.payer.account, &news, ask.now_ms);
        write(json);
    };
    Prepared { is_free, ..Prepared::new(n_items, write) }
}

fn is_repeat(ask: &Ask<'_>, content: u64) -> bool {
    ask.market.repeats.is_free(&ask.payer.account, content, ask.now_ms)
}

/// The questions that the filters leave.
fn wanted(ask: &Ask<'_>, questions: &[(&str, &str)]) -> Vec<usize> {
    let is = |name: &str, own: &str| {
        let asked = ask.params.get(name);
        asked.is_none_or(|list| list.split(',').any(|word| word == own))
    };
    let all = questions.iter().enumerate();
    let left = all.filter(|(_, (key, _))| is("type", KIND) && is("question_key", key));
    left.map(|it| it.0).collect()
}

/// The coins of the call that are written about, best first where none are named.
fn covered(ask: &Ask<'_>) -> Result<Vec<usize>, Refusal> {
    let named = named::coins(ask, ["crypto_id", "slug", "symbol"])?;
    let top = ask.moment.ranked.iter().take(N_COINS).map(|at| *at as usize);
    Ok(match named {
        Some(mut named) => {
            let rank = |at: usize| ask.moment.live[at].rank as usize;
            named.retain(|at| (1..=N_COINS).contains(&rank(*at)));
            named
        }
        None => top.collect(),
    })
}

/// Content changes with the hour.
const fn updated(ask: &Ask<'_>) -> i64 {
    ask.now_ms.div_euclid(HOUR) * HOUR
}

fn fingerprint(ask: &Ask<'_>, subject: u64, parts: &[usize]) -> u64 {
    let hour = u64::try_from(updated(ask)).unwrap_or(0);
    let n_sources = sources(ask) as u64;
    let start = noise::mix2(noise::mix2(subject, hour), n_sources);
    parts.iter().fold(start, |hash, part| noise::mix2(hash, *part as u64))
}

fn sources(ask: &Ask<'_>) -> usize {
    ask.params.count("sources_limit").unwrap_or(MOST_SOURCES)
}

fn identity(json: &mut Json, ask: &Ask<'_>, at: usize) {
    let coin = &ask.market.coins[at];
    json.count("crypto_id", u64::from(coin.id));
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
    json.text("slug", &coin.slug);
}

/// An answer to one question about a subject: its name and id.
fn insight(json: &mut Json, ask: &Ask<'_>, (name, id): (&str, u64), asked: (&str, &str)) {
    let (key, words) = asked;
    let stamp = updated(ask);
    let hour = u64::try_from(stamp).unwrap_or(0);
    let number = key.bytes().fold(hour, |hash, byte| noise::mix2(hash, u64::from(byte)));
    let hash = noise::mix2(noise::mix2(ask.market.seed, id), number);
    let mood = ["calm", "lively", "nervous", "cheerful"][(hash % 4) as usize];
    json.text("type", KIND);
    json.text("title", words);
    json.text("answer_id", &format!("{:08x}{hash:016x}", id & 0xffff_ffff));
    json.text("question_key", key);
    write::object(json, "answer", |json| {
        json.text("tldr", &format!("## TLDR\nTrading in {name} was {mood} within the last hour."));
        json.text(
            "body",
            &format!("## Deep Dive\nNothing is known of {name} that is not made up."),
        );
    });
    let n_all = 2 + (hash % 7) as usize;
    let n_shown = sources(ask).min(n_all);
    write::list(json, "sources", 0..n_shown, |json, number| {
        json.text("url", &format!("https://news.example/{id}/{key}/{number}"));
    });
    json.count("sources_count", n_all as u64);
    write::truth(json, "sources_truncated", n_shown < n_all);
    json.text("generated_at", &time::iso(stamp));
}
